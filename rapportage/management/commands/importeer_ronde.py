"""``importeer_ronde SLEUTEL CSV``: import a round of the past (contract)."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from tqdm import tqdm

from kern.commando import Commando
from kern.fouten import InvoerFout
from rapportage.inlezen.tabel import MAXIMUM_BYTES, Bronbestand
from rapportage.services.inlezen import Inleesverslag, Rondeopties, ronde_inlezen
from regeling.enums import Methode
from regeling.schema_motor import euro

_STAPPEN = 3


class Command(Commando):
    help = (
        "Leest een ronde uit het verleden in: de aanvragen, de uitkomst van de loting of de beoordeling, en de "
        "antwoorden op vragenlijsten. Is er één fout, dan wordt er niets ingelezen en ziet u alle fouten met regel en "
        "kolom. Bestaat SLEUTEL nog niet, dan wordt het tijdvak gemaakt uit de catalogus of anders uit het bestand."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sleutel", metavar="SLEUTEL", help="de sleutel van het tijdvak, bijvoorbeeld esf-e-2008")
        parser.add_argument("csv", metavar="CSV", type=Path, help="het bestand van de ronde: een rij per aanvraag")
        parser.add_argument(
            "--koppelen",
            metavar="CSV",
            type=Path,
            nargs="+",
            action="extend",
            default=[],
            help="bestanden die bij de aanvragen horen: beoordelingen of medewerkers",
        )
        parser.add_argument("--methode", choices=Methode.values, help="hoe het geld is verdeeld (nieuw tijdvak)")
        parser.add_argument("--plafond", metavar="EURO", type=_bedrag, help="het subsidieplafond (nieuw tijdvak)")
        parser.add_argument("--drempel", metavar="SCORE", type=_score, help="de laagste score voor toekenning")
        parser.add_argument("--zaad", metavar="TEKST", help="het zaad van de loting; de rangen worden nagerekend")
        parser.add_argument("--regeling", metavar="SLEUTEL", help="de regeling waar een nieuw tijdvak bij hoort")
        parser.add_argument("--jaar", type=int, metavar="JAAR", help="het jaar, als het bestand geen kolom ronde heeft")

    def uitvoeren(self, **opties: Any) -> None:
        balk = tqdm(total=_STAPPEN, file=sys.stderr, disable=not sys.stderr.isatty())

        def stap(tekst: str) -> None:
            if balk.disable:
                self.stderr.write(tekst)
            else:
                balk.set_description(tekst)
                balk.update()

        with balk:
            verslag = ronde_inlezen(
                sleutel=opties["sleutel"],
                bestand=_lees(opties["csv"]),
                koppelen=[_lees(pad) for pad in opties["koppelen"]],
                opties=Rondeopties(
                    **{naam: opties[naam] for naam in ("methode", "plafond", "drempel", "zaad", "regeling", "jaar")}
                ),
                actor=None,
                op=timezone.now(),
                stap=stap,
            )
        for melding in verslag.meldingen:
            self.stderr.write(f"Let op: {melding}")
        self.stdout.write(als_tekst(verslag))


def als_tekst(verslag: Inleesverslag) -> str:
    regels = [
        f"{_aantal(verslag.aanvragen)} aanvragen, {_aantal(verslag.toegekend)} toegekend, "
        f"{euro(verslag.toegekend_bedrag)} van {euro(verslag.plafond)}",
        "Per status: " + ", ".join(f"{woord} {_aantal(n)}" for woord, n in sorted(verslag.per_status.items())),
    ]
    if verslag.vrijgevallen:
        regels.append(f"Vrijgevallen na toekenning: {euro(verslag.vrijgevallen)}")
    regels.append(f"Rangschikking: {verslag.rangschikking}")
    regels += [
        f"Gekoppeld: {soort}, {_aantal(rijen)} regels bij {_aantal(aanvragen)} aanvragen"
        for soort, (rijen, aanvragen) in verslag.gekoppeld.items()
    ]
    return "\n".join(regels)


def _aantal(waarde: int) -> str:
    return f"{waarde:,}".replace(",", ".")


def _lees(pad: Path) -> Bronbestand:
    try:
        if pad.stat().st_size > MAXIMUM_BYTES:
            raise InvoerFout(f"{pad.name} is groter dan 100 megabyte.", actie="Splits het bestand per ronde.")
        return Bronbestand(pad.name, pad.read_bytes())
    except OSError as fout:
        raise InvoerFout(
            f"{pad} is niet te lezen ({type(fout).__name__}).", actie="Geef het pad van een CSV-bestand."
        ) from fout


def _bedrag(tekst: str) -> Decimal:
    try:
        waarde = Decimal(tekst)
    except InvalidOperation:
        raise ArgumentTypeError(f"'{tekst}' is geen bedrag. Schrijf bijvoorbeeld 7000000.")
    if not waarde.is_finite() or not 0 < waarde < 10**11 or waarde != round(waarde, 2):
        raise ArgumentTypeError(f"'{tekst}' is geen bedrag boven nul in hele centen.")
    return waarde


def _score(tekst: str) -> Decimal:
    try:
        waarde = Decimal(tekst)
    except InvalidOperation:
        raise ArgumentTypeError(f"'{tekst}' is geen score. Schrijf bijvoorbeeld 60.")
    if not waarde.is_finite() or not 0 <= waarde <= 100:
        raise ArgumentTypeError(f"'{tekst}' is geen score van 0 tot en met 100.")
    return waarde
