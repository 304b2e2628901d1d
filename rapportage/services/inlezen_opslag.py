"""Writing a checked round: organisations, applications, order, ledger and all that was observed, in bulk."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from aanvragen.enums import Provincie, Status
from aanvragen.models import Aanvraag, Aanvraagthema, Adviseur, Organisatie
from beoordeling.enums import Uitkomst
from beoordeling.models import Plaats, Rangschikking
from kern.models import Gebruiker
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_beginnen, log_schrijven
from rapportage.codeboek import zoek
from rapportage.inlezen.koppelen import BEOORDELINGEN, Koppeling
from rapportage.inlezen.rangorde import Rangorde
from rapportage.inlezen.ronde import EINDE, OP_INHOUD, Regel, Ronde
from rapportage.inlezen.tabel import Bronbestand
from rapportage.inlezen.waarden import als_reeks
from rapportage.models import Inlezing, Waarneming
from regeling.enums import Boekingsoort
from regeling.models import Thema, Tijdvak
from regeling.services.grootboek import Opdracht, boeken

_BLOK = 500
SBI_VERSIE = "SBI 2008"
B = Waarneming.Bron
_VOORVOEGSELS = (("enquete_", B.ENQUETE), ("register_", B.REGISTER), ("nulmeting_", B.NULMETING))
#: Source in the codebook -> source of an observation. What is made from the application is kept with it.
_BRONNEN = {
    "aanvraag": B.AANVRAAG,
    "KvK": B.AANVRAAG,
    "afgeleid": B.AANVRAAG,
    "regeling": B.AANVRAAG,
    "loting": B.LOTING,
    "enquete": B.ENQUETE,
    "register": B.REGISTER,
    "onderzoek": B.ONDERZOEK,
    "synthetisch": B.ONDERZOEK,
}


@dataclass(frozen=True)
class Bronnen:
    """The files of an import, as they were offered."""

    ronde: Bronbestand
    gekoppeld: tuple[Bronbestand, ...] = ()


def ronde_opslaan(
    *,
    tijdvak: Tijdvak,
    ronde: Ronde,
    rangorde: Rangorde | None,
    koppelingen: Sequence[Koppeling],
    bronnen: Bronnen,
    actor: Gebruiker | None,
    op: datetime,
) -> None:
    """Writes a round without errors into ``tijdvak`` (a draft without applications) and closes it."""
    with transaction.atomic():
        tijdvak = vergrendel(tijdvak)
        aanvragen = _aanvragen(tijdvak, ronde, actor=actor, op=op)
        if rangorde is not None:
            _rangschikking(tijdvak, rangorde, aanvragen, actor=actor, op=op)
        _waarnemingen(ronde, koppelingen, aanvragen, op=op)
        _inlezingen(tijdvak, ronde, koppelingen, bronnen, actor=actor, op=op)
        boeken(tijdvak=tijdvak, opdrachten=_opdrachten(ronde, aanvragen), actor=actor, op=op)
        tijdvak.volgnummer = len(aanvragen)
        overgang_toepassen(
            tijdvak,
            "historisch_vastleggen",
            actor=actor,
            op=op,
            vergrendeld=True,
            gegevens={
                "bestand": bronnen.ronde.naam,
                "sha256": bronnen.ronde.sha256,
                "gekoppeld": {een.naam: een.sha256 for een in bronnen.gekoppeld},
                "aanvragen": len(aanvragen),
                "toegekend": sum(regel.is_toegekend for regel in ronde.regels),
                "toegekend_bedrag": str(ronde.toegekend_bedrag),
            },
        )


def _aanvragen(tijdvak: Tijdvak, ronde: Ronde, *, actor: Gebruiker | None, op: datetime) -> dict[str, Aanvraag]:
    """Kenmerk -> application, in the order of the file."""
    organisaties = _organisaties(ronde, tijdvak, actor=actor, op=op)
    adviseurs = _adviseurs(ronde, actor=actor, op=op)
    rijen = {thema.code: thema for thema in Thema.objects.filter(regeling=tijdvak.regelingversie.regeling)}
    themas = {deel.naam: rijen[deel.code] for deel in tijdvak.spec.themas}
    aanvragen = {}
    for regel in ronde.regels:
        aanvraag = Aanvraag(
            tijdvak=tijdvak,
            organisatie=organisaties[regel.kvk_nummer],
            kenmerk=regel.kenmerk,
            gevraagd_bedrag=regel.gevraagd,
            toegekend_bedrag=regel.toegekend if regel.is_toegekend else None,
            vastgesteld_bedrag=regel.vastgesteld if regel.is_toegekend else None,
            potten=list(regel.potten),
            adviseur=adviseurs.get(regel.adviseur),
            organisatie_toen=_organisatie_toen(regel, organisaties[regel.kvk_nummer]),
            aangemaakt_op=op,
            aangemaakt_door=actor,
            gewijzigd_op=op,
        )
        aanvraag.historisch_vastleggen(op=op, actor=actor, einde=EINDE[regel.status or ""])
        _momenten(aanvraag, regel, tijdvak)
        aanvragen[regel.kenmerk] = aanvraag
    Aanvraag.objects.bulk_create(aanvragen.values(), batch_size=_BLOK)
    Aanvraagthema.objects.bulk_create(
        (
            Aanvraagthema(aanvraag=aanvragen[regel.kenmerk], thema=themas[naam])
            for regel in ronde.regels
            for naam in regel.themas
        ),
        batch_size=_BLOK,
    )
    log_beginnen(
        Logpost(
            keten=keten_van(aanvraag),
            handeling="historisch_vastleggen",
            op=op,
            actor=actor,
            van=Status.CONCEPT,
            naar=aanvraag.status,
            gegevens={"tijdvak": tijdvak.sleutel, "kenmerk": kenmerk},
        )
        for kenmerk, aanvraag in aanvragen.items()
    )
    return aanvragen


def _momenten(aanvraag: Aanvraag, regel: Regel, tijdvak: Tijdvak) -> None:
    """Moments that the file knows take the place of those of the round."""
    if regel.binnenkomst is not None:
        aanvraag.ingediend_op = aanvraag.volledig_op = tijdvak.open_op + timedelta(seconds=float(regel.binnenkomst))
    if "ingediend_op" in regel.momenten:
        aanvraag.ingediend_op = aanvraag.volledig_op = regel.momenten["ingediend_op"]
    aanvraag.volledig_op = regel.momenten.get("volledig_op", aanvraag.volledig_op)
    if aanvraag.besloten_op is not None:
        aanvraag.besloten_op = regel.momenten.get("besloten_op", aanvraag.besloten_op)


def _organisatie_toen(regel: Regel, organisatie: Organisatie) -> dict[str, Any]:
    """The applicant as the file has it, with the keys of a submission in this system."""
    return {
        "kvk_nummer": regel.kvk_nummer,
        "naam": regel.naam or organisatie.naam,
        "rechtsvorm": "",
        "sbi_code": regel.sbi_code,
        "sbi_versie": SBI_VERSIE if regel.sbi_code else "",
        "sector": regel.sector,
        "werkzame_personen": regel.werkzame_personen,
        "grootteklasse": regel.grootteklasse,
        "provincie": regel.provincie,
        "publiek_privaat": regel.publiek_privaat,
    }


def _organisaties(ronde: Ronde, tijdvak: Tijdvak, *, actor: Gebruiker | None, op: datetime) -> dict[str, Organisatie]:
    """By number; an organisation that is known already stays as it is: the file is about the past."""
    eerste: dict[str, Regel] = {}
    for regel in ronde.regels:
        eerste.setdefault(regel.kvk_nummer, regel)
    bekend: dict[str, Organisatie] = {}
    for deel in _delen(eerste):
        bekend |= {een.kvk_nummer: een for een in Organisatie.objects.filter(kvk_nummer__in=deel)}
    nieuw = [
        Organisatie(
            naam=regel.naam or f"Organisatie {kvk}",
            kvk_nummer=kvk,
            sbi_code=regel.sbi_code,
            sbi_versie=SBI_VERSIE if regel.sbi_code else "",
            sector=regel.sector,
            werkzame_personen=regel.werkzame_personen,
            omvang_jaar=timezone.localtime(tijdvak.open_op).year if regel.werkzame_personen is not None else None,
            publiek=regel.publiek_privaat == "publiek",
            provincie=regel.provincie if regel.provincie in Provincie.values else "",
            aangemaakt_op=op,
        )
        for kvk, regel in eerste.items()
        if kvk not in bekend
    ]
    Organisatie.objects.bulk_create(nieuw, batch_size=_BLOK)
    _begin_ketens(nieuw, "organisatie_inlezen", tijdvak.sleutel, actor=actor, op=op)
    return bekend | {een.kvk_nummer: een for een in nieuw}


def _adviseurs(ronde: Ronde, *, actor: Gebruiker | None, op: datetime) -> dict[str, Adviseur]:
    nummers = list(dict.fromkeys(regel.adviseur for regel in ronde.regels if regel.adviseur))
    bekend: dict[str, Adviseur] = {}
    for deel in _delen(nummers):
        bekend |= {een.extern_nummer: een for een in Adviseur.objects.filter(extern_nummer__in=deel)}
    nieuw = [Adviseur(naam=f"Adviseur {nr}", extern_nummer=nr) for nr in nummers if nr not in bekend]
    Adviseur.objects.bulk_create(nieuw, batch_size=_BLOK)
    _begin_ketens(nieuw, "adviseur_inlezen", "", actor=actor, op=op)
    return bekend | {een.extern_nummer: een for een in nieuw}


def _begin_ketens(
    objecten: Iterable[Organisatie | Adviseur],
    handeling: str,
    tijdvak: str,
    *,
    actor: Gebruiker | None,
    op: datetime,
) -> None:
    gegevens = {"tijdvak": tijdvak} if tijdvak else {}
    log_beginnen(
        Logpost(keten=keten_van(obj), handeling=handeling, op=op, actor=actor, gegevens=gegevens) for obj in objecten
    )


def _delen(waarden: Iterable[str]) -> Iterator[list[str]]:
    lijst = list(waarden)
    for begin in range(0, len(lijst), _BLOK):
        yield lijst[begin : begin + _BLOK]


def _rangschikking(
    tijdvak: Tijdvak, rangorde: Rangorde, aanvragen: dict[str, Aanvraag], *, actor: Gebruiker | None, op: datetime
) -> None:
    rangschikking = Rangschikking.objects.create(
        tijdvak=tijdvak, methode=tijdvak.methode, herkomst=rangorde.herkomst, gemaakt_op=op, gemaakt_door=actor
    )
    Plaats.objects.bulk_create(
        (
            _plaats(rangschikking, aanvragen[regel.kenmerk], rang, regel)
            for rang, regel in enumerate(rangorde.volgorde, 1)
        ),
        batch_size=_BLOK,
    )
    log_schrijven(
        Logpost(
            keten=keten_van(rangschikking),
            handeling="rangschikking_inlezen",
            op=op,
            actor=actor,
            gegevens={**rangorde.herkomst, "plaatsen": len(rangorde.volgorde)},
        )
    )


def _plaats(rangschikking: Rangschikking, aanvraag: Aanvraag, rang: int, regel: Regel) -> Plaats:
    """``eerste_uitkomst`` is what the order gave; ``uitkomst`` what became of it."""
    if regel.is_toegekend or regel.ingeloot:
        eerste = Uitkomst.TOEGEWEZEN
        uitkomst = eerste if regel.status in {"toegekend", "vastgesteld"} else Uitkomst.VERVALLEN
    else:
        eerste = uitkomst = Uitkomst.UIT if regel.status == OP_INHOUD else Uitkomst.AFGEWEZEN
    return Plaats(
        rangschikking=rangschikking,
        aanvraag=aanvraag,
        rang=rang,
        eerste_uitkomst=eerste,
        uitkomst=uitkomst,
        bedrag=regel.toegekend if regel.is_toegekend else None,
        reden=regel.status or "",
    )


def _opdrachten(ronde: Ronde, aanvragen: dict[str, Aanvraag]) -> list[Opdracht]:
    """Grants, settlements, and what came free: all of an unused grant, the rest after a settlement."""
    opdrachten: list[Opdracht] = []

    def boek(soort: Boekingsoort, bedrag: Decimal, regel: Regel, onderwerp: uuid.UUID) -> None:
        if bedrag > 0:
            sleutel = f"inlezen-{soort}-{regel.kenmerk}"
            opdrachten.append(
                Opdracht(soort=soort, bedrag=bedrag, onderwerp=onderwerp, sleutel=sleutel, potten=regel.potten)
            )

    for regel in ronde.regels:
        if not regel.is_toegekend or regel.toegekend is None:
            continue
        onderwerp = aanvragen[regel.kenmerk].pk
        boek(Boekingsoort.VERLENING, regel.toegekend, regel, onderwerp)
        if regel.status == "niet gebruikt":
            boek(Boekingsoort.VRIJVAL, regel.toegekend, regel, onderwerp)
        elif regel.status == "vastgesteld" and regel.vastgesteld is not None:
            boek(Boekingsoort.VASTSTELLING, regel.vastgesteld, regel, onderwerp)
            boek(Boekingsoort.VRIJVAL, regel.toegekend - regel.vastgesteld, regel, onderwerp)
    return opdrachten


def bron_van(kolom: str) -> Waarneming.Bron:
    """Where a column comes from: by its prefix, else by the codebook; unknown columns count as administration."""
    for voorvoegsel, bron in _VOORVOEGSELS:
        if re.match(voorvoegsel, kolom):
            return bron
    feiten = zoek(kolom)
    if feiten is None:
        return B.ADMINISTRATIE
    if feiten.bron == "afgeleid" and feiten.meetmoment == "loting":
        return B.LOTING
    return _BRONNEN.get(feiten.bron, B.ADMINISTRATIE)


def _waarnemingen(
    ronde: Ronde, koppelingen: Sequence[Koppeling], aanvragen: dict[str, Aanvraag], *, op: datetime
) -> None:
    """Every column of the file, by source, so that the data frame can be rebuilt exactly.

    Those of ``aanvraag`` go first, one for each application in the order of the file: that order is read back.
    """
    kolommen = ronde.tabel.kolommen
    reeksen = {naam: als_reeks(naam, [regel.rij.velden[naam] for regel in ronde.regels]) for naam in kolommen}
    rijen = []
    for bron in B:
        eigen = [naam for naam in kolommen if bron_van(naam) == bron]
        for nummer, regel in enumerate(ronde.regels):
            waarden = {naam: reeksen[naam][nummer] for naam in eigen}
            if any(waarde is not None for waarde in waarden.values()):
                rijen.append(
                    Waarneming(aanvraag=aanvragen[regel.kenmerk], bron=bron, waarden=waarden, vastgelegd_op=op)
                )
    for koppeling in koppelingen:
        bron = B.ADMINISTRATIE if koppeling.soort == BEOORDELINGEN else B.ENQUETE
        for kenmerk, gekoppeld in koppeling.rijen.items():
            rijen.append(
                Waarneming(
                    aanvraag=aanvragen[kenmerk],
                    bron=bron,
                    meetmoment=koppeling.soort or "",
                    waarden={"rijen": gekoppeld},
                    vastgelegd_op=op,
                )
            )
    Waarneming.objects.bulk_create(rijen, batch_size=_BLOK)


def _inlezingen(
    tijdvak: Tijdvak,
    ronde: Ronde,
    koppelingen: Sequence[Koppeling],
    bronnen: Bronnen,
    *,
    actor: Gebruiker | None,
    op: datetime,
) -> None:
    """One line per file; the round itself first, which is how it is found back."""
    tabellen = [ronde.tabel, *(koppeling.tabel for koppeling in koppelingen)]
    for bestand, tabel in zip((bronnen.ronde, *bronnen.gekoppeld), tabellen, strict=True):
        Inlezing.objects.create(
            tijdvak=tijdvak,
            naam=bestand.naam[:200],
            sha256=bestand.sha256,
            regels=len(tabel.rijen),
            kolommen=tabel.kolommen,
            op=op,
            door=actor,
        )
