"""Values of fields: checked numbers and dates for what we use, typed values for what we only keep."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from rapportage.codeboek import GETALLEN, zoek

Waarde = str | int | float | None
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
CENT = Decimal("0.01")
#: Fits the amount columns of the database (14 digits, 2 of them cents).
MAXIMUM_BEDRAG = Decimal("999999999999.99")
_GETAL = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,2})?", re.ASCII)
_GEWOON = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
#: Without leading zeros: 007 is a code, not a number.
_GEHEEL = re.compile(r"0|-?[1-9]\d{0,17}", re.ASCII)
_DECIMAAL = re.compile(r"-?(0|[1-9]\d*|(?=\.))(\.\d*)?([eE][-+]?\d{1,2})?", re.ASCII)


class Ongeldig(Exception):
    """A field that cannot be used; the text is the Dutch message with what to do."""


def bedrag(tekst: str) -> Decimal:
    """An amount in euros, at least 0, at most two decimals."""
    if not _GEWOON.fullmatch(tekst):
        raise Ongeldig(
            f"Hier hoort een bedrag, maar er staat '{_kort(tekst)}'. Schrijf alleen cijfers, met een punt voor de "
            "centen: 24999 of 24999.50."
        )
    waarde = Decimal(tekst)
    if waarde < 0:
        raise Ongeldig(f"Het bedrag is negatief ({_kort(tekst)}). Vul 0 of een hoger bedrag in.")
    if waarde > MAXIMUM_BEDRAG:
        raise Ongeldig("Het bedrag is te groot. Controleer het aantal cijfers.")
    if waarde != waarde.quantize(CENT):
        raise Ongeldig(f"Het bedrag {_kort(tekst)} heeft delen van een cent. Rond het af op twee cijfers na de punt.")
    return waarde.quantize(CENT)


def getal(tekst: str) -> Decimal:
    """A number with a point for the decimals."""
    if not _GETAL.fullmatch(tekst) or len(tekst) > 40:
        raise Ongeldig(
            f"Hier hoort een getal, maar er staat '{_kort(tekst)}'. Schrijf een getal met een punt voor de decimalen, "
            "of laat het veld leeg als de waarde ontbreekt."
        )
    return Decimal(tekst)


def geheel(tekst: str, *, minimum: int = 0, maximum: int = 2_147_483_647) -> int:
    """A whole number; ``12.0`` counts as 12."""
    waarde = getal(tekst)
    if abs(waarde) > maximum or waarde != int(waarde):
        raise Ongeldig(f"Hier hoort een heel getal, maar er staat '{_kort(tekst)}'.")
    if waarde < minimum:
        raise Ongeldig(f"Het getal is {_kort(tekst)}. Vul {minimum} of een hoger getal in.")
    return int(waarde)


def ja_nee(tekst: str) -> bool:
    """1 or 0 (also 1.0 and 0.0)."""
    if tekst not in {"0", "1", "0.0", "1.0"}:
        raise Ongeldig(f"Hier hoort 1 (ja) of 0 (nee), maar er staat '{_kort(tekst)}'.")
    return tekst.startswith("1")


def moment(tekst: str) -> datetime:
    """An ISO date or moment; without a zone it is Dutch time, a date is its first second."""
    try:
        if len(tekst) == 10:
            return datetime.combine(date.fromisoformat(tekst), time(), tzinfo=AMSTERDAM)
        waarde = datetime.fromisoformat(tekst)
    except ValueError:
        raise Ongeldig(
            f"'{_kort(tekst)}' is geen datum of moment. Schrijf jaar-maand-dag, met of zonder tijd: "
            "2011-10-21 of 2011-10-21T17:00:00."
        )
    return waarde if waarde.tzinfo else waarde.replace(tzinfo=AMSTERDAM)


def als_reeks(kolom: str, velden: Sequence[str]) -> list[Waarde]:
    """The fields of one column as values for JSON, without loss: whole numbers, numbers or text; empty is ``None``.

    A column is numeric when every value is, and none would change by it: 007 and numbers with more digits than a
    float holds remain text, unless the codebook says that the variable is a number. Text is kept as it stands.
    """
    kaal = [veld.strip() for veld in velden]
    gevuld = [veld for veld in kaal if veld]
    feiten = zoek(kolom)
    if gevuld and (feiten is None or feiten.type in GETALLEN):
        if all(_GEHEEL.fullmatch(veld) for veld in gevuld):
            return [int(veld) if veld else None for veld in kaal]
        if all(_is_decimaal(veld, bekend=feiten is not None) for veld in gevuld):
            return [float(veld) if veld else None for veld in kaal]
    return [veld if veld != "" else None for veld in velden]


def _is_decimaal(veld: str, *, bekend: bool) -> bool:
    if bekend:
        return bool(_GETAL.fullmatch(veld))
    return (
        bool(_DECIMAAL.fullmatch(veld))
        and any(teken.isdigit() for teken in veld)
        and Decimal(repr(float(veld))) == Decimal(veld)
    )


def _kort(tekst: str) -> str:
    tekst = " ".join(tekst.split())
    return tekst if len(tekst) <= 40 else f"{tekst[:37]}..."
