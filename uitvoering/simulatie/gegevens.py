"""Invented applicants and projects: pure, reproducible from a seed. No existing company or person."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from aanvragen.enums import Provincie
from regeling.schema import Regelingspec, Tijdvakspec

_BEGIN = (
    "Noorder",
    "Zuider",
    "Ooster",
    "Wester",
    "Duin",
    "Polder",
    "Linde",
    "Eiken",
    "Beuken",
    "Zilver",
    "Berg",
    "Rivier",
)
_EIND = (
    "werk",
    "techniek",
    "zorg",
    "bouw",
    "logistiek",
    "advies",
    "metaal",
    "druk",
    "groen",
    "data",
    "kunststof",
    "hout",
)
_SECTOR = {
    "techniek": "2562",
    "metaal": "2561",
    "druk": "1812",
    "kunststof": "2229",
    "hout": "1623",
    "zorg": "8790",
    "bouw": "4120",
    "logistiek": "4941",
    "advies": "7022",
    "data": "6201",
    "groen": "4622",
    "werk": "7820",
}
_TITELS = (
    "Roosters die het team zelf maakt",
    "Sneller van order naar levering",
    "Taken rouleren in de productie",
    "Kennis delen tussen ploegen",
    "Zelf verbeteren in kleine teams",
    "Langer gezond aan het werk",
    "Werken met vaste aanspreekpunten",
    "Minder wachten tussen afdelingen",
)
#: First KvK numbers of invented organisations; numbers that begin with 00 were never issued. Applicants of a scheme for
#: some provinces have numbers of their own, and so have the members of a group.
EERSTE_KVK, EERSTE_KVK_PROVINCIES, EERSTE_KVK_LEDEN = 500_000, 700_000, 600_000
#: Numbers per group of members.
LEDEN_PER_GROEP = 40


@dataclass(frozen=True)
class Aanvrager:
    """An invented organisation."""

    kvk_nummer: str
    naam: str
    sbi_code: str
    werkzame_personen: int
    omzet: Decimal
    provincie: str
    rechtsvorm: str


def aanvrager(nummer: int, zaad: int, provincies: Mapping[str, int] | None = None) -> Aanvrager:
    """Organisation ``nummer`` (0, 1, ...). Sizes are skewed to small, as among enterprises that apply.

    ``provincies``: province → weight, where a scheme is for some of them.
    """
    toeval = random.Random(f"aanvrager-{zaad}-{nummer}")
    eind = toeval.choice(_EIND)
    personen = min(240, max(2, round(toeval.lognormvariate(3.0, 1.0))))
    return Aanvrager(
        kvk_nummer=f"00{(EERSTE_KVK_PROVINCIES if provincies else EERSTE_KVK) + nummer:06d}",
        naam=f"{toeval.choice(_BEGIN)}{eind} {nummer + 1} bv",
        sbi_code=_SECTOR[eind],
        werkzame_personen=personen,
        omzet=Decimal(personen * toeval.randint(60, 180) * 1000),
        provincie=toeval.choices(list(provincies), list(provincies.values()))[0]
        if provincies
        else toeval.choice(Provincie.values),
        rechtsvorm="bv",
    )


def provincies(spec: Regelingspec, ronde: Tijdvakspec) -> dict[str, int]:
    """The provinces that a scheme is for, with the room of their sub-ceiling as weight; empty where it is for all."""
    ruimte = {p: int(pot.bedrag) for pot in ronde.subplafonds if pot.soort == "provincie" for p in pot.waarden}
    return {provincie: ruimte.get(provincie, 1) for provincie in spec.aanvrager.provincies}


def elders(spec: Regelingspec) -> str:
    """A province that the scheme is not for."""
    return next(provincie for provincie in Provincie.values if provincie not in spec.aanvrager.provincies)


def titel(toeval: random.Random) -> str:
    return toeval.choice(_TITELS)


def themas(spec: Regelingspec, toeval: random.Random) -> list[str]:
    """As many themes as the scheme asks for at least, one or two more where it lets."""
    if not spec.themas:
        return []
    maximum = min(spec.themakeuze.maximum or len(spec.themas), len(spec.themas))
    minimum = max(1, spec.themakeuze.minimum)
    return toeval.sample([thema.code for thema in spec.themas], toeval.randint(min(minimum, maximum), maximum))


def kosten(spec: Regelingspec, toeval: random.Random) -> Decimal:
    """Project costs in whole euros. A voucher is asked in full, as nearly all were in 2011."""
    regel = spec.subsidie
    vol = regel.vast_bedrag or Decimal(0)
    if regel.maximum is not None:
        vol = regel.maximum * 100 / (regel.percentage or Decimal(100))
    vol = vol.to_integral_value(rounding="ROUND_CEILING") or regel.kosten_maximum or Decimal(20_000)
    if regel.vorm == "voucher":
        return max(vol, (regel.eigen_bijdrage_minimum or Decimal(0)) + (regel.maximum or Decimal(0)))
    laagst = regel.kosten_minimum or vol / 3
    return Decimal(toeval.randint(int(laagst / 500) + 1, int(max(vol, laagst) / 500))) * 500


def kosten_voor(subsidie: Decimal, percentage: Decimal | None) -> Decimal:
    """Costs, up to a cent, of which the subsidy is this amount."""
    if percentage is None:
        return subsidie
    return (subsidie * 100 / percentage).quantize(Decimal("0.01"), rounding="ROUND_UP")


def cijfers(zaad: int, lengte: int) -> str:
    """Digits that stand for the notary's dice in a simulation."""
    toeval = random.Random(f"dobbelstenen-{zaad}")
    return "".join(str(toeval.randint(0, 9)) for _ in range(lengte))
