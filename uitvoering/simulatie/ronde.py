"""The director of a simulated round: makes it, lets applicants apply, officers check, a draw decide, and so on.

Everything goes through the services that people use; the only thing special is the clock, which jumps along the window
of the scheme. Staff of the simulation are users without a password.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from aanvragen.enums import Status, Toetsuitkomst
from aanvragen.models import Aanvraag
from aanvragen.selectors import tijdvak_cijfers
from aanvragen.services.behandeling import in_behandeling_nemen, openstaande_oordelen
from aanvragen.services.toetsing import toets_beoordelen
from beoordeling.selectors_behandelvolgorde import loot_vooraf
from beoordeling.services.behandelvolgorde import toets_afronden
from beoordeling.services.lotingslijst import MET_SCORE
from beoordeling.services.volgorde import telt_dagen
from kern.enums import Rol
from kern.fouten import InvoerFout
from kern.models import Gebruiker
from kern.services.gebruikers import gebruiker_aanmaken, rol_toekennen
from regeling.enums import Herkomst, Methode
from regeling.models import Regeling, Tijdvak
from regeling.schema import Tijdvakspec
from regeling.services.tijdvak import tijdvak_bijwerken, tijdvak_naspelen, tijdvak_publiceren
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.services.besluit import besluit_ondertekenen, besluit_verzenden, besluit_voorstellen
from uitvoering.simulatie.aanvragers import een_aanvraag, indienen
from uitvoering.simulatie.plan import Aanvraagplan, rondeplan
from uitvoering.simulatie.referenties import referenties_naspelen
from uitvoering.simulatie.uitvoeren import zaak_uitvoeren
from uitvoering.simulatie.verdelen import dagen_bijwerken, loten, scoren, volgorde_afronden

FASEN = ("indienen", "verdelen", "besluiten", "vaststellen")
_MOTIVERING = {
    Methode.LOTING: "Uw aanvraag voldoet aan de voorwaarden en is ingeloot.",
    Methode.VOLGORDE: "Uw aanvraag voldoet aan de voorwaarden en was compleet toen er nog geld was.",
    Methode.RANGSCHIKKING: "Uw aanvraag voldoet aan de voorwaarden en haalde een score die hoog genoeg was.",
    Methode.GRIJZE_ZONE: "Uw aanvraag voldoet aan de voorwaarden en is geselecteerd op score of door loting.",
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
    afgewezen: int = 0
    in_behandeling: int = 0

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
        ronde: str = "",
    ) -> None:
        """``tijdvak``: a published round to play; without it one is made after round ``ronde`` of the scheme (default:
        the first)."""
        if not 1 <= aanvragers <= aantal:
            raise InvoerFout("Er is minstens één aanvrager en niet meer aanvragers dan aanvragen.")
        self.regeling, self.aantal, self.aanvragers, self.zaad = regeling, aantal, aanvragers, zaad
        self.voortgang, self.tijdvak = voortgang, tijdvak
        self.toeval = random.Random(f"ronde-{zaad}")
        self.open: set[UUID] = set()  # applications that history left undecided
        versie = regeling.versies.order_by("-geladen_op", "-pk").first()
        if versie is None:
            raise InvoerFout("Deze regeling is niet geladen.", actie="Voer eerst laad_regelingen uit.")
        self.versie = versie
        self.bron = versie.spec.tijdvak(ronde) if ronde else next(iter(versie.spec.tijdvakken), None)
        self.staf = {
            rol: _medewerker(rol)
            for rol in (Rol.BEHEERDER, Rol.BEHANDELAAR, Rol.BESLISSER, Rol.NOTARIS, Rol.FINANCIEEL)
        }
        self.financieel_2 = _medewerker(Rol.FINANCIEEL, "2")

    def speel(self, tot: str = "besluiten") -> Tijdvak:
        """Plays up to and including phase ``tot`` and returns the round (of two stages the second, if it got there).

        What history left undecided stays undecided.
        """
        fase = FASEN.index(tot)
        tijdvak = self._maken()
        self._indienen(tijdvak, verwerken=fase >= 1)
        if fase >= 1:
            self._behandelen_en_verdelen(tijdvak)
        if fase >= 1 and tijdvak.verdeling.stappen > tijdvak.stap:
            tijdvak = self._tweede_stap(tijdvak)
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

    def _momenten(self, tijdvak: Tijdvak, dagen: int | None) -> list[datetime]:
        einde = tijdvak.sluit_op if dagen is None else min(tijdvak.open_op + timedelta(days=dagen), tijdvak.sluit_op)
        if dagen is not None:  # whole days in the Netherlands: the last one ends at midnight
            einde = timezone.localtime(einde).replace(hour=0, minute=0)
        duur = (einde - tijdvak.open_op).total_seconds()
        return sorted(tijdvak.open_op + timedelta(seconds=self.toeval.uniform(1, duur - 1)) for _ in range(self.aantal))

    def _indienen(self, tijdvak: Tijdvak, *, verwerken: bool) -> None:
        """Everybody applies; with order of receipt and ``verwerken`` each day is handled when it is over."""
        tijdvak_bijwerken(tijdvak=tijdvak, op=tijdvak.open_op)
        tijdvak = Tijdvak.objects.get(pk=tijdvak.pk)
        nummers = [
            *range(self.aanvragers),
            *(self.toeval.randrange(self.aanvragers) for _ in range(self.aantal - self.aanvragers)),
        ]
        plan = rondeplan(tijdvak.spec, tijdvak.tijdvakspec, self.aantal)
        per_dag = verwerken and telt_dagen(tijdvak)
        vorige: datetime | None = None
        regels = list(zip(nummers, self._momenten(tijdvak, plan.dagen), plan.aanvragen, strict=True))
        for nummer, op, een in self.voortgang(regels, totaal=self.aantal, wat="Indienen"):
            if per_dag and vorige is not None and timezone.localdate(op) != timezone.localdate(vorige):
                self._dag(tijdvak, vorige)
            vorige = op
            aanvraag = een_aanvraag(tijdvak, nummer, self.toeval, op, een)
            if een.open:
                self.open.add(aanvraag.pk)
        if per_dag and vorige is not None:
            self._dag(tijdvak, vorige)

    def _dag(self, tijdvak: Tijdvak, vandaag: datetime) -> None:
        """The morning after a day of receipt: officers check, and what fits is reserved."""
        morgen = timezone.localtime(vandaag + timedelta(days=1)).replace(hour=7, minute=0)
        self._nakijken(tijdvak, morgen)
        dagen_bijwerken(tijdvak, self.staf, self.zaad, morgen)

    def _behandelen_en_verdelen(self, tijdvak: Tijdvak) -> None:
        """Assess and divide; or divide, and assess in the drawn order."""
        if loot_vooraf(tijdvak):
            self._verdelen(tijdvak_bijwerken(tijdvak=tijdvak, op=tijdvak.sluit_op + timedelta(seconds=1)))
            verdeeld_op = Tijdvak.objects.get(pk=tijdvak.pk).verdeeld_op or tijdvak.sluit_op
            self._nakijken(tijdvak, verdeeld_op + timedelta(days=1))
        else:
            self._behandelen(tijdvak)
            self._verdelen(tijdvak)

    def _behandelen(self, tijdvak: Tijdvak) -> None:
        tijdvak = tijdvak_bijwerken(tijdvak=tijdvak, op=tijdvak.sluit_op + timedelta(seconds=1))
        self._nakijken(tijdvak, tijdvak.sluit_op + timedelta(days=1))

    def _nakijken(self, tijdvak: Tijdvak, op: datetime) -> None:
        behandelaar = self.staf[Rol.BEHANDELAAR]
        ingediend = list(
            Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.INGEDIEND)
            .exclude(pk__in=self.open)
            .select_related("tijdvak", "organisatie")
            .order_by("plaats__rang", "ingediend_op")
        )
        for aanvraag in self.voortgang(ingediend, totaal=len(ingediend), wat="Behandelen"):
            with transaction.atomic():
                referenties_naspelen(aanvraag, behandelaar)
                aanvraag = in_behandeling_nemen(aanvraag=aanvraag, actor=behandelaar, op=op)
                if openstaande_oordelen(aanvraag):
                    self._beoordelen(aanvraag, op)
                aanvraag = toets_afronden(aanvraag=aanvraag, actor=behandelaar, op=op)
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

    def _verdelen(self, tijdvak: Tijdvak) -> None:
        op = tijdvak.sluit_op + timedelta(days=3)
        if tijdvak.methode in MET_SCORE:
            scoren(tijdvak, self.toeval, op)
        if not telt_dagen(tijdvak):
            loten(tijdvak, self.staf, self.zaad, op)
        elif not self.open:  # else the round is not ended yet: the days that could be handled are
            volgorde_afronden(tijdvak, self.staf, self.zaad, op)

    def _tweede_stap(self, eerste: Tijdvak) -> Tijdvak:
        """Who passed the first stage sends a full proposal."""
        op = eerste.open_op - timedelta(days=1)
        with transaction.atomic():
            tijdvak = tijdvak_naspelen(versie=self.versie, specsleutel=eerste.specsleutel, op=op, vorige=eerste)
            tijdvak = tijdvak_publiceren(tijdvak=tijdvak, actor=self.staf[Rol.BEHEERDER], op=op)
        tijdvak = tijdvak_bijwerken(tijdvak=tijdvak, op=tijdvak.open_op)
        door = list(
            Aanvraag.objects.filter(tijdvak=eerste, status=Status.GESELECTEERD)
            .select_related("organisatie")
            .order_by("plaats__rang")
        )
        for nr, eerder in enumerate(self.voortgang(door, totaal=len(door), wat="Indienen, tweede stap"), 1):
            indienen(tijdvak, eerder.organisatie, self.toeval, tijdvak.open_op + timedelta(hours=nr), Aanvraagplan())
        self._behandelen(tijdvak)
        self._verdelen(tijdvak)
        return tijdvak

    def besluiten(self, tijdvak: Tijdvak, hoogstens: int | None = None) -> int:
        """Grants what is selected, in rank order; returns how many. Can be repeated after a raise."""
        op = (tijdvak.verdeeld_op or tijdvak.sluit_op) + timedelta(days=14)
        gekozen = list(
            Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.GESELECTEERD)
            .select_related("tijdvak__regelingversie", "organisatie")
            .order_by("plaats__rang", "dagplaats__volgordedag__dag", "dagplaats__nummer", "kenmerk")[:hoogstens]
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
        """The figures of the round as they stand. Of two stages: who applied for the first, the money of the second."""
        cijfers, eerst = tijdvak_cijfers(tijdvak), tijdvak.vorige_stap or tijdvak
        vraag = cijfers if eerst == tijdvak else tijdvak_cijfers(eerst)
        aanvragers = (
            Aanvraag.objects.filter(tijdvak=eerst)
            .exclude(kenmerk="")
            .order_by()
            .values("organisatie")
            .distinct()
            .count()
        )
        return Trechter(
            tijdvak=tijdvak.sleutel,
            ingediend=vraag.aanvragen,
            aanvragers=aanvragers,
            gevraagd=int(cijfers.gevraagd_bedrag),
            toegekend=cijfers.toegekend,
            toegekend_bedrag=int(cijfers.toegekend_bedrag),
            reserve=cijfers.reserve,
            plafond=int(cijfers.plafond),
            afgewezen=cijfers.per_status.get(Status.AFGEWEZEN, 0),
            in_behandeling=cijfers.per_status.get(Status.INGEDIEND, 0),
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


def regeling_van(sleutel: str) -> Regeling:
    """The scheme by key, or a clear error."""
    regeling = Regeling.objects.filter(sleutel=sleutel).first()
    if regeling is None:
        bekend = ", ".join(Regeling.objects.values_list("sleutel", flat=True)) or "geen"
        raise InvoerFout(
            f"De regeling “{sleutel}” bestaat niet.", actie=f"Kies uit: {bekend}. Of voer laad_regelingen uit."
        )
    return regeling


def ronde_van(regeling: Regeling, sleutel: str = "") -> Tijdvakspec | None:
    """The round of the newest version of a scheme by key, or its first; ``None`` when there is none."""
    versie = regeling.versies.order_by("-geladen_op", "-pk").first()
    if versie is None:
        return None
    return versie.spec.tijdvak(sleutel) if sleutel else next(iter(versie.spec.tijdvakken), None)
