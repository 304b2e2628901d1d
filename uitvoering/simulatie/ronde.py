"""The director of a simulated round: makes it, lets applicants apply, officers check, a draw decide, and so on.

Everything goes through the services that people use; the only thing special is the clock, which jumps along the window
of the scheme. Staff of the simulation are users without a password.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from aanvragen.enums import Bron, Status, Toetsuitkomst
from aanvragen.models import Aanvraag, Organisatie
from aanvragen.register.gegevens import Navraag
from aanvragen.selectors import tijdvak_cijfers
from aanvragen.services.behandeling import compleet_verklaren, in_behandeling_nemen, openstaande_oordelen
from aanvragen.services.concept import aanvraag_beginnen
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.organisatie import organisatie_registreren
from aanvragen.services.toetsing import toets_beoordelen
from beoordeling.services.loting import (
    bronnen_vastleggen,
    lijst_bevriezen,
    loting_publiceren,
    loting_trekken,
    loting_voorbereiden,
)
from beoordeling.services.lotingslijst import CIJFERS
from beoordeling.services.rangschikking import loting_vaststellen
from kern.enums import Rol
from kern.fouten import InvoerFout
from kern.models import Gebruiker
from kern.services.gebruikers import gebruiker_aanmaken, rol_toekennen
from regeling.enums import Herkomst, Methode
from regeling.models import Regeling, Tijdvak
from regeling.services.tijdvak import tijdvak_bijwerken, tijdvak_naspelen, tijdvak_publiceren
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.services.besluit import besluit_ondertekenen, besluit_verzenden, besluit_voorstellen
from uitvoering.simulatie import gegevens
from uitvoering.simulatie.invullen import aanvraag_invullen
from uitvoering.simulatie.referenties import referenties_naspelen
from uitvoering.simulatie.uitvoeren import zaak_uitvoeren

FASEN = ("indienen", "verdelen", "besluiten", "vaststellen")
_MOTIVERING = {
    Methode.LOTING: "Uw aanvraag voldoet aan de voorwaarden en is ingeloot.",
    Methode.VOLGORDE: "Uw aanvraag voldoet aan de voorwaarden en was compleet toen er nog geld was.",
}
Voortgang = Callable[..., Iterator[Any]]


@dataclass(frozen=True)
class Trechter:
    """What came of a round. Amounts in whole units of the ceiling: euros, or pieces."""

    tijdvak: str
    ingediend: int
    aanvragers: int
    gevraagd: int
    toegekend: int
    toegekend_bedrag: int
    reserve: int
    plafond: int

    def als_dict(self) -> dict[str, Any]:
        return asdict(self)


def _zonder_voortgang(rij: Iterable[Any], *, totaal: int | None = None, wat: str = "") -> Iterator[Any]:
    yield from rij


class Simulatie:
    """One simulated round. ``aantal`` applications by ``aanvragers`` applicants; ``zaad`` makes it reproducible."""

    def __init__(
        self,
        *,
        regeling: Regeling,
        aantal: int,
        aanvragers: int,
        zaad: int = 1,
        voortgang: Voortgang = _zonder_voortgang,
        tijdvak: Tijdvak | None = None,
    ) -> None:
        """``tijdvak``: a published round to play; without it one is made after the scheme's first playable round."""
        if not 1 <= aanvragers <= aantal:
            raise InvoerFout("Er is minstens één aanvrager en niet meer aanvragers dan aanvragen.")
        self.regeling, self.aantal, self.aanvragers, self.zaad = regeling, aantal, aanvragers, zaad
        self.voortgang, self.tijdvak = voortgang, tijdvak
        self.toeval = random.Random(f"ronde-{zaad}")
        versie = regeling.versies.order_by("-geladen_op", "-pk").first()
        if versie is None:
            raise InvoerFout("Deze regeling is niet geladen.", actie="Voer eerst laad_regelingen uit.")
        self.versie = versie
        self.bron = next(iter(versie.spec.tijdvakken), None)
        self.staf = {
            rol: _medewerker(rol)
            for rol in (Rol.BEHEERDER, Rol.BEHANDELAAR, Rol.BESLISSER, Rol.NOTARIS, Rol.FINANCIEEL)
        }
        self.financieel_2 = _medewerker(Rol.FINANCIEEL, "2")

    def speel(self, tot: str = "besluiten") -> Tijdvak:
        """Plays up to and including phase ``tot`` and returns the round."""
        fase = FASEN.index(tot)
        tijdvak = self._maken()
        self._indienen(tijdvak)
        if fase >= 1:
            self._behandelen(tijdvak)
            self._loten(tijdvak)
        if fase >= 2:
            self.besluiten(tijdvak)
        if fase >= 3:
            self._uitvoeren(tijdvak)
        return Tijdvak.objects.get(pk=tijdvak.pk)

    def vervolg(self, sleutel: str) -> Tijdvak:
        """Goes on with a simulated round, for instance after its ceiling was raised: decides on what is selected."""
        tijdvak = Tijdvak.objects.filter(sleutel=sleutel, herkomst=Herkomst.SIMULATIE).first()
        if tijdvak is None:
            raise InvoerFout(
                f"“{sleutel}” is geen gesimuleerd tijdvak.", actie="Geef de sleutel die simuleer_ronde gaf."
            )
        self.besluiten(tijdvak)
        return Tijdvak.objects.get(pk=tijdvak.pk)

    def _maken(self) -> Tijdvak:
        if self.tijdvak is not None:
            return self.tijdvak
        if self.bron is None:
            raise InvoerFout(
                "Deze regeling heeft geen tijdvak om na te spelen.", actie="Voeg een tijdvak toe aan het bestand."
            )
        versie, bron = self.versie, self.bron
        with transaction.atomic():
            tijdvak = tijdvak_naspelen(versie=versie, specsleutel=bron.sleutel, op=timezone.now())
            return tijdvak_publiceren(
                tijdvak=tijdvak, actor=self.staf[Rol.BEHEERDER], op=tijdvak.open_op - timedelta(days=30)
            )

    def _momenten(self, tijdvak: Tijdvak) -> list[datetime]:
        duur = (tijdvak.sluit_op - tijdvak.open_op).total_seconds()
        return sorted(tijdvak.open_op + timedelta(seconds=self.toeval.uniform(1, duur - 1)) for _ in range(self.aantal))

    def _indienen(self, tijdvak: Tijdvak) -> None:
        tijdvak_bijwerken(tijdvak=tijdvak, op=tijdvak.open_op)
        tijdvak = Tijdvak.objects.get(pk=tijdvak.pk)
        nummers = [
            *range(self.aanvragers),
            *(self.toeval.randrange(self.aanvragers) for _ in range(self.aantal - self.aanvragers)),
        ]
        for nummer, op in self.voortgang(
            list(zip(nummers, self._momenten(tijdvak), strict=True)), totaal=self.aantal, wat="Indienen"
        ):
            een_aanvraag(tijdvak, nummer, self.toeval, op)

    def _behandelen(self, tijdvak: Tijdvak) -> None:
        tijdvak = tijdvak_bijwerken(tijdvak=tijdvak, op=tijdvak.sluit_op + timedelta(seconds=1))
        op, behandelaar = tijdvak.sluit_op + timedelta(days=1), self.staf[Rol.BEHANDELAAR]
        ingediend = list(
            Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.INGEDIEND)
            .select_related("tijdvak", "organisatie")
            .order_by("ingediend_op")
        )
        for aanvraag in self.voortgang(ingediend, totaal=len(ingediend), wat="Behandelen"):
            with transaction.atomic():
                referenties_naspelen(aanvraag, behandelaar)
                aanvraag = in_behandeling_nemen(aanvraag=aanvraag, actor=behandelaar, op=op)
                if openstaande_oordelen(aanvraag):
                    self._beoordelen(aanvraag, op)
                aanvraag = compleet_verklaren(aanvraag=aanvraag, actor=behandelaar, op=op)
                fout = [t for t in aanvraag.toetsen.all() if t.geldend == Toetsuitkomst.VOLDOET_NIET]
                if fout:
                    dubbel = any(t.code == "een_per_aanvrager" for t in fout)
                    self._besluit(
                        aanvraag,
                        Besluitsoort.AFWIJZING,
                        op,
                        grond=Afwijzingsgrond.EEN_PER_AANVRAGER if dubbel else Afwijzingsgrond.VOORWAARDEN,
                        motivering=" ".join(t.uitleg for t in fout),
                    )

    def _beoordelen(self, aanvraag: Aanvraag, op: datetime) -> None:
        for toets in aanvraag.toetsen.filter(uitkomst=Toetsuitkomst.HANDMATIG, oordeel=""):
            toets_beoordelen(
                toets=toets,
                oordeel=Toetsuitkomst.VOLDOET,
                reden="Nagekeken in de simulatie.",
                actor=self.staf[Rol.BEHANDELAAR],
                op=op,
            )

    def _loten(self, tijdvak: Tijdvak) -> None:
        op = tijdvak.sluit_op + timedelta(days=3)
        trekking = op + timedelta(hours=tijdvak.verdeling.bedenktijd_uren + 1)
        staf = self.staf
        loting = loting_voorbereiden(tijdvak=tijdvak, trekking_gepland_op=trekking, actor=staf[Rol.BEHANDELAAR], op=op)
        loting = lijst_bevriezen(loting=loting, actor=staf[Rol.BESLISSER], op=op)
        loting = loting_publiceren(loting=loting, waar="simulatie", actor=staf[Rol.BEHANDELAAR], op=op)
        loting = bronnen_vastleggen(
            loting=loting,
            waarden={"notaris": gegevens.cijfers(self.zaad, CIJFERS)},
            actor=staf[Rol.NOTARIS],
            op=trekking,
        )
        loting = loting_trekken(loting=loting, actor=staf[Rol.NOTARIS], op=trekking + timedelta(minutes=1))
        loting_vaststellen(loting=loting, actor=staf[Rol.BESLISSER], op=trekking + timedelta(minutes=10))

    def besluiten(self, tijdvak: Tijdvak, hoogstens: int | None = None) -> int:
        """Grants what is selected, in rank order; returns how many. Can be repeated after a raise."""
        op = (tijdvak.verdeeld_op or tijdvak.sluit_op) + timedelta(days=14)
        gekozen = list(
            Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.GESELECTEERD)
            .select_related("tijdvak__regelingversie", "organisatie")
            .order_by("plaats__rang")[:hoogstens]
        )
        for aanvraag in self.voortgang(gekozen, totaal=len(gekozen), wat="Besluiten"):
            with transaction.atomic():
                self._besluit(
                    aanvraag,
                    Besluitsoort.VERLENING,
                    op,
                    motivering=_MOTIVERING[Methode(tijdvak.methode)],
                )
        return len(gekozen)

    def _besluit(
        self,
        aanvraag: Aanvraag,
        soort: Besluitsoort,
        op: datetime,
        *,
        motivering: str,
        grond: Afwijzingsgrond | None = None,
    ) -> None:
        besluit = besluit_voorstellen(
            aanvraag=aanvraag, soort=soort, motivering=motivering, grond=grond, actor=self.staf[Rol.BEHANDELAAR], op=op
        )
        besluit = besluit_ondertekenen(besluit=besluit, actor=self.staf[Rol.BESLISSER], op=op + timedelta(hours=1))
        besluit_verzenden(besluit=besluit, actor=self.staf[Rol.BESLISSER], op=op + timedelta(hours=2))

    def _uitvoeren(self, tijdvak: Tijdvak) -> None:
        verleend = list(
            Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.VERLEEND)
            .order_by("plaats__rang")
            .select_related("tijdvak__regelingversie", "organisatie", "adviseur")
        )
        for aanvraag in self.voortgang(verleend, totaal=len(verleend), wat="Uitvoeren en vaststellen"):
            with transaction.atomic():
                zaak_uitvoeren(aanvraag, self.staf, self.financieel_2, self.toeval)

    @staticmethod
    def trechter(tijdvak: Tijdvak) -> Trechter:
        """The figures of the round as they stand."""
        cijfers = tijdvak_cijfers(tijdvak)
        aanvragers = (
            Aanvraag.objects.filter(tijdvak=tijdvak)
            .exclude(kenmerk="")
            .order_by()
            .values("organisatie")
            .distinct()
            .count()
        )
        return Trechter(
            tijdvak=tijdvak.sleutel,
            ingediend=cijfers.aanvragen,
            aanvragers=aanvragers,
            gevraagd=int(cijfers.gevraagd_bedrag),
            toegekend=cijfers.toegekend,
            toegekend_bedrag=int(cijfers.toegekend_bedrag),
            reserve=cijfers.reserve,
            plafond=int(cijfers.plafond),
        )


def _medewerker(rol: Rol, extra: str = "") -> Gebruiker:
    email = f"{rol}{extra}@simulatie.example"
    gebruiker = Gebruiker.objects.filter(email=email).first()
    if gebruiker is None:
        nu = timezone.now()
        gebruiker = gebruiker_aanmaken(
            email=email, naam=f"Simulatie {rol.label.lower()} {extra}".strip(), wachtwoord=None, op=nu
        )
        rol_toekennen(gebruiker=gebruiker, rol=rol, op=nu, actor=None)
    return gebruiker


def een_aanvraag(tijdvak: Tijdvak, nummer: int, toeval: random.Random, op: datetime) -> Aanvraag:
    """Invented applicant ``nummer`` fills in the form and sends it."""
    with transaction.atomic():
        organisatie = _organisatie(gegevens.aanvrager(nummer, 1), op)
        aanvraag = aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=None, op=op, bron=Bron.SIMULATIE)
        return aanvraag_indienen(aanvraag=aanvraag_invullen(aanvraag, toeval, op), actor=None, op=op)


def _organisatie(bedacht: gegevens.Aanvrager, op: datetime) -> Organisatie:
    bestaand = Organisatie.objects.filter(kvk_nummer=bedacht.kvk_nummer).first()
    return bestaand or organisatie_registreren(
        kvk_nummer=bedacht.kvk_nummer,
        actor=None,
        op=op,
        register=Navraag.aangenomen("simulatie"),
        gegevens={
            "naam": bedacht.naam,
            "rechtsvorm": bedacht.rechtsvorm,
            "sbi_code": bedacht.sbi_code,
            "sbi_versie": "SBI 2008",
            "werkzame_personen": bedacht.werkzame_personen,
            "omzet": bedacht.omzet,
            "balanstotaal": Decimal(bedacht.omzet / 2),
            "omvang_jaar": op.year - 1,
            "provincie": bedacht.provincie,
            "straat": "Voorbeeldstraat 1",
            "postcode": "1234 AB",
            "plaats": "Voorbeeldstad",
        },
    )


def regeling_van(sleutel: str) -> Regeling:
    """The scheme by key, or a clear error."""
    regeling = Regeling.objects.filter(sleutel=sleutel).first()
    if regeling is None:
        bekend = ", ".join(Regeling.objects.values_list("sleutel", flat=True)) or "geen"
        raise InvoerFout(
            f"De regeling “{sleutel}” bestaat niet.", actie=f"Kies uit: {bekend}. Of voer laad_regelingen uit."
        )
    return regeling
