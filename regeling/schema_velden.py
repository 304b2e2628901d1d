"""Building blocks of the scheme file: closed lists and value types. Messages are the Dutch text that the author reads.

A value is brought into one form while it is read (amounts with two decimals, percentages without trailing zeros,
moments in Europe/Amsterdam), so that two files that say the same have the same digest.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Annotated, Any, Literal, NoReturn, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TDag = TypeVar("TDag", bound=date)

Provincie = Literal[
    "Drenthe",
    "Flevoland",
    "Fryslân",
    "Gelderland",
    "Groningen",
    "Limburg",
    "Noord-Brabant",
    "Noord-Holland",
    "Overijssel",
    "Utrecht",
    "Zeeland",
    "Zuid-Holland",
]
Rechtsvorm = Literal[
    "eenmanszaak",
    "maatschap",
    "vof",
    "cv",
    "bv",
    "nv",
    "cooperatie",
    "onderlinge-waarborgmaatschappij",
    "stichting",
    "vereniging",
    "kerkgenootschap",
    "publiekrechtelijk",
    "buitenlands",
]
MkbKlasse = Literal["micro", "klein", "middelgroot"]
SbiVersie = Literal["SBI 2008", "SBI 2025"]
#: What a sub-ceiling of the kind 'aanvragerstype' can select on.
AANVRAGERSTYPEN: tuple[str, ...] = (
    "micro",
    "klein",
    "middelgroot",
    "groot",
    "publiek",
    "privaat",
    "eerder-ontvanger",
    "nieuwe-aanvrager",
)
#: Largest amount in euros: thirteen digits in cents, as the participants file of the lottery allows.
MAXIMUM_BEDRAG = Decimal("99999999999.99")
CENT = Decimal("0.01")

#: Divisions (first two digits) per section: of SBI 2008 (NACE 2) and SBI 2025 (NACE 2.1).
_SBI_2008 = (
    "A:1-3 B:5-9 C:10-33 D:35-35 E:36-39 F:41-43 G:45-47 H:49-53 I:55-56 J:58-63 K:64-66 L:68-68 M:69-75 N:77-82 "
    "O:84-84 P:85-85 Q:86-88 R:90-93 S:94-96 T:97-98 U:99-99"
)
_SBI_2025 = (
    "A:1-3 B:5-9 C:10-33 D:35-35 E:36-39 F:41-43 G:46-47 H:49-53 I:55-56 J:58-60 K:61-63 L:64-66 M:68-68 N:69-75 "
    "O:77-82 P:84-84 Q:85-85 R:86-88 S:90-93 T:94-96 U:97-98 V:99-99"
)


def _afdelingen(tabel: str) -> dict[str, frozenset[str]]:
    secties: dict[str, frozenset[str]] = {}
    for deel in tabel.split():
        letter, _, bereik = deel.partition(":")
        van, _, tot = bereik.partition("-")
        secties[letter] = frozenset(f"{nummer:02d}" for nummer in range(int(van), int(tot) + 1))
    return secties


#: SBI version -> section letter -> divisions.
SBI_SECTIES: dict[str, dict[str, frozenset[str]]] = {
    "SBI 2008": _afdelingen(_SBI_2008),
    "SBI 2025": _afdelingen(_SBI_2025),
}


def weiger(regel: str, melding: str) -> NoReturn:
    """Refuse a value: ``regel`` is the id of the rule, ``melding`` the full Dutch text."""
    raise PydanticCustomError(regel, "{melding}", {"melding": melding})


def toon(waarde: object) -> str:
    """A value as it is shown in a message: short, on one line, as TOML writes it."""
    if isinstance(waarde, bool):
        return "true" if waarde else "false"
    if isinstance(waarde, list | tuple):
        return "een lijst"
    if isinstance(waarde, dict):
        return "een tabel"
    if isinstance(waarde, int) and waarde.bit_length() > 200:  # str() refuses integers of thousands of digits
        return "een zeer groot getal"
    tekst = " ".join(str(waarde).split())
    return tekst if len(tekst) <= 60 else f"{tekst[:57]}..."


def gewoon(getal: Decimal) -> str:
    """A number without exponent and without trailing zeros: 75, 37.5."""
    tekst = format(getal, "f")
    return tekst.rstrip("0").rstrip(".") if "." in tekst else tekst


def _uit_json(info: ValidationInfo) -> bool:
    """Stored JSON has no decimals and dates of its own: there, and only there, text stands for them."""
    return bool(info.context and info.context.get("json"))


def _getal(waarde: Any, info: ValidationInfo) -> Decimal:
    if isinstance(waarde, str):
        if not _uit_json(info):
            weiger(
                "type",
                f"Hier hoort een getal, maar er staat tekst: '{toon(waarde)}'. "
                "Schrijf het getal zonder aanhalingstekens.",
            )
        try:
            waarde = Decimal(waarde)
        except InvalidOperation:
            weiger("type", f"Hier hoort een getal, maar er staat '{toon(waarde)}'.")
    if isinstance(waarde, bool) or not isinstance(waarde, int | float | Decimal):
        weiger("type", f"Hier hoort een getal, maar er staat {toon(waarde)}. Schrijf bijvoorbeeld 75 of 62.5.")
    getal = Decimal(str(waarde)) if isinstance(waarde, float) else Decimal(waarde)
    if not getal.is_finite():
        weiger("type", "Dit is geen gewoon getal. Vul een getal in zoals 75 of 62.5.")
    return getal


def _bedrag(waarde: Any, info: ValidationInfo) -> Decimal:
    getal = _getal(waarde, info)
    if getal < 0:
        weiger("bereik", f"Het bedrag is {toon(getal)}. Een bedrag mag niet negatief zijn: vul 0 of meer in.")
    if getal > MAXIMUM_BEDRAG:
        weiger("bereik", f"Het bedrag is te groot. Vul hoogstens {MAXIMUM_BEDRAG} in.")
    afgerond = getal.quantize(CENT, rounding=ROUND_HALF_EVEN)
    if afgerond != getal:
        weiger(
            "geldbedrag",
            f"Het bedrag {toon(getal)} heeft meer dan twee cijfers achter de punt. "
            "Schrijf € 24.999 als 24999 en € 24,50 als 24.50.",
        )
    return afgerond + 0  # no minus zero


def _positief(waarde: Decimal) -> Decimal:
    if waarde == 0:
        weiger("bereik", "De waarde is 0. Vul een getal in dat groter is dan 0, of laat de sleutel weg.")
    return waarde


def _tussen(laag: str, hoog: str, wat: str) -> BeforeValidator:
    onder, boven = Decimal(laag), Decimal(hoog)

    def controleer(waarde: Any, info: ValidationInfo) -> Decimal:
        getal = _getal(waarde, info)
        if not onder <= getal <= boven:
            weiger("bereik", f"{wat} is {toon(getal)}. Vul een getal in van {laag} tot en met {hoog}.")
        afgerond = getal.quantize(Decimal("0.0001"))
        if afgerond != getal:
            weiger("bereik", f"{wat} {toon(getal)} heeft meer dan vier cijfers achter de punt. Rond het af.")
        return Decimal(gewoon(afgerond + 0))

    return BeforeValidator(controleer)


def _datum(waarde: Any, info: ValidationInfo) -> date:
    if isinstance(waarde, str) and _uit_json(info):
        try:
            return date.fromisoformat(waarde)
        except ValueError:
            weiger("datum", f"'{toon(waarde)}' is geen datum. Schrijf jaar-maand-dag, bijvoorbeeld 2026-11-02.")
    if isinstance(waarde, datetime) or not isinstance(waarde, date):
        weiger(
            "datum",
            f"Hier hoort een datum, maar er staat {toon(waarde)}. "
            "Schrijf jaar-maand-dag zonder aanhalingstekens en zonder kloktijd, bijvoorbeeld 2026-11-02.",
        )
    return _jaar(waarde)


def _jaar(waarde: TDag) -> TDag:
    """Years that a subsidy can have; also keeps conversion between zones inside what the clock knows."""
    if not 1990 <= waarde.year <= 2200:
        weiger("bereik", f"Het jaar is {waarde.year}. Gebruik een jaar van 1990 tot en met 2200.")
    return waarde


def _moment(waarde: Any, info: ValidationInfo) -> datetime:
    if isinstance(waarde, str) and _uit_json(info):
        try:
            waarde = datetime.fromisoformat(waarde)
        except ValueError:
            weiger("tijd", f"'{toon(waarde)}' is geen datum met kloktijd. Schrijf bijvoorbeeld 2026-11-02T09:00:00.")
    if not isinstance(waarde, datetime):
        weiger(
            "tijd",
            f"Hier hoort een datum met kloktijd, maar er staat {toon(waarde)}. "
            "Schrijf bijvoorbeeld 2026-11-02T09:00:00, zonder aanhalingstekens.",
        )
    _jaar(waarde)
    if waarde.microsecond:
        weiger("tijd", "De kloktijd heeft delen van een seconde. Schrijf hele seconden.")
    lokaal = waarde.replace(tzinfo=AMSTERDAM) if waarde.tzinfo is None else waarde.astimezone(AMSTERDAM)
    if lokaal.astimezone(UTC).astimezone(AMSTERDAM).replace(tzinfo=None) != lokaal.replace(tzinfo=None):
        weiger("tijd", f"De tijd {toon(waarde)} bestaat niet: de klok gaat dan een uur vooruit. Kies een andere tijd.")
    if lokaal.replace(fold=0).utcoffset() != lokaal.replace(fold=1).utcoffset():
        weiger("tijd", f"De tijd {toon(waarde)} komt twee keer voor: de klok gaat een uur terug. Kies een andere tijd.")
    return lokaal


def _tekst(maximum: int, *, regels: bool, leeg: bool = False) -> BeforeValidator:
    def controleer(waarde: Any) -> str:
        if not isinstance(waarde, str):
            weiger("type", f"Hier hoort tekst, maar er staat {toon(waarde)}. Zet de waarde tussen aanhalingstekens.")
        tekst = waarde.strip()
        if not tekst and not leeg:
            weiger("leeg", "De tekst is leeg. Vul tekst in of laat de sleutel weg als hij niet verplicht is.")
        if len(tekst) > maximum:
            weiger("lengte", f"De tekst heeft {len(tekst)} tekens. Gebruik er hoogstens {maximum}.")
        toegestaan = "\n\t" if regels else ""
        if any((ord(teken) < 32 and teken not in toegestaan) or 0xD800 <= ord(teken) <= 0xDFFF for teken in tekst):
            hulp = (
                "Verwijder dat teken."
                if regels
                else "Zet de tekst op één regel, zonder tab of ander onzichtbaar teken."
            )
            weiger("tekst", f"De tekst bevat een teken dat hier niet mag. {hulp}")
        return tekst

    return BeforeValidator(controleer)


def _patroon(patroon: str, uitleg: str) -> AfterValidator:
    vorm = re.compile(patroon)

    def controleer(waarde: str) -> str:
        if not vorm.fullmatch(waarde):
            weiger("patroon", f"'{toon(waarde)}' heeft niet de juiste vorm. {uitleg}")
        return waarde

    return AfterValidator(controleer)


def _uniek(waarden: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    dubbel = sorted({toon(waarde) for waarde in waarden if waarden.count(waarde) > 1})
    if dubbel:
        weiger("dubbel", f"Deze waarde staat er meer dan één keer: {', '.join(dubbel)}. Laat één ervan staan.")
    return waarden


def _geheel(laag: int, hoog: int) -> BeforeValidator:
    def controleer(waarde: Any) -> int:
        if isinstance(waarde, bool) or not isinstance(waarde, int):
            weiger(
                "type", f"Hier hoort een heel getal, maar er staat {toon(waarde)}. Schrijf bijvoorbeeld {max(laag, 1)}."
            )
        if not laag <= waarde <= hoog:
            weiger("bereik", f"Het getal is {toon(waarde)}. Vul een heel getal in van {laag} tot en met {hoog}.")
        return waarde

    return BeforeValidator(controleer)


def _ja_nee(waarde: Any) -> bool:
    if not isinstance(waarde, bool):
        weiger("type", f"Hier hoort true (ja) of false (nee), maar er staat {toon(waarde)}.")
    return waarde


_SLEUTELVORM = "[a-z0-9]+(-[a-z0-9]+)*"
_SLEUTELUITLEG = "Gebruik kleine letters en cijfers, met losse streepjes ertussen, bijvoorbeeld ser-mkb-2026."

Bedrag = Annotated[Decimal, BeforeValidator(_bedrag)]
BedragBovenNul = Annotated[Decimal, AfterValidator(_positief), BeforeValidator(_bedrag)]
Percentage = Annotated[Decimal, _tussen("0", "100", "Het percentage")]
PercentageBovenNul = Annotated[Decimal, AfterValidator(_positief), _tussen("0", "100", "Het percentage")]
Score = Annotated[Decimal, _tussen("0", "100", "De score")]
Getal = Annotated[Decimal, _tussen("-1000000000", "1000000000", "Het getal")]
Ankerscore = Annotated[Decimal, _tussen("1", "5", "De score per criterium")]
Kans = Annotated[Decimal, _tussen("0", "1", "De kans")]
Geheel = Annotated[int, _geheel(0, 1_000_000)]
GeheelBovenNul = Annotated[int, _geheel(1, 1_000_000)]
Maanden = Annotated[int, _geheel(1, 240)]
JaNee = Annotated[bool, BeforeValidator(_ja_nee)]
Datum = Annotated[date, BeforeValidator(_datum)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Kort = Annotated[str, _tekst(40, regels=False)]
Regel = Annotated[str, _tekst(200, regels=False)]
Tekst = Annotated[str, _tekst(10_000, regels=True)]
#: Texts that may be left out: empty, never None, so that a page can show them as they are.
Uitleg = Annotated[str, _tekst(10_000, regels=True, leeg=True)]
Artikel = Annotated[str, _tekst(200, regels=False, leeg=True)]
Sleutel = Annotated[str, _patroon(_SLEUTELVORM, _SLEUTELUITLEG), _tekst(60, regels=False)]
Tijdvaksleutel = Annotated[str, _patroon(_SLEUTELVORM, _SLEUTELUITLEG), _tekst(80, regels=False)]
Potcode = Annotated[
    str, _patroon("[A-Z0-9]{1,20}", "Gebruik hoogstens 20 hoofdletters en cijfers."), _tekst(40, regels=False)
]
Sbicode = Annotated[
    str,
    _patroon(
        "[A-V]|[0-9]{2,5}", "Schrijf een letter (A tot en met V) of 2 tot 5 cijfers zonder punt, bijvoorbeeld 6201."
    ),
    _tekst(40, regels=False),
]
Duur = Annotated[
    str,
    _patroon("[1-9][0-9]{0,2}[dwm]", "Schrijf een getal met d (dagen), w (weken) of m (maanden), bijvoorbeeld 13w."),
    _tekst(40, regels=False),
]
Uniek = AfterValidator(_uniek)


def geheel_tussen(laag: int, hoog: int) -> Any:
    """Annotation for a whole number within bounds (inclusive)."""
    return _geheel(laag, hoog)


def veld(uitleg: str, standaard: Any = ...) -> Any:
    """A key of the file. ``uitleg`` is Dutch: it stands in the error when the key is missing. No default: required."""
    return Field(default=standaard, description=uitleg)


class Deel(BaseModel):
    """A table of the scheme file: cannot be changed, knows no other keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")
