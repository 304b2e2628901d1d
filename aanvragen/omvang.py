"""Size of an enterprise (Recommendation 2003/361/EC, Annex; R70-R72): pure functions.

Rules, with their place in the Annex:

* art. 2: fewer than 250 persons, and turnover at most 50 or balance at most 43 million euro (50/10 small, 10/2 micro);
* art. 3(1)-(3) and R71: less than 25 % is autonomous, 25 up to and including 50 % is partner, more than 50 % or control
  on another ground is linked; links run on through other enterprises;
* art. 6(2): linked enterprises count for 100 %, partners directly above or below the applicant *or one of its linked
  enterprises* pro rata;
* art. 6(3): what is linked to a partner counts with that partner, by the partner's share. A partner of a partner does
  not count, nor does anything behind it;
* art. 3(4): 25 % or more held by public bodies is no SME. The exceptions of art. 3(2) (universities, regional funds,
  small municipalities) are for an officer to see; so is a stake through another enterprise;
* art. 4(2): a class is only gained or lost after two consecutive years.

Persons are annual working units and may become a fraction by pro rata; amounts are euros. Nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from aanvragen.enums import Grootteklasse, Relatie
from kern.geld import euro

_MILJOEN = Decimal(1_000_000)
#: (class, fewer persons than, turnover at most, balance at most) in euros.
_GRENZEN = [
    ("micro", 10, 2 * _MILJOEN, 2 * _MILJOEN),
    ("klein", 50, 10 * _MILJOEN, 10 * _MILJOEN),
    ("middelgroot", 250, 50 * _MILJOEN, 43 * _MILJOEN),
]
PARTNER_VANAF, VERBONDEN_BOVEN, PUBLIEK_VANAF = Decimal(25), Decimal(50), Decimal(25)
HONDERD = Decimal(100)


def mkb_klasse(personen: int | Decimal, omzet: Decimal | None, balans: Decimal | None) -> str | None:
    """'micro', 'klein', 'middelgroot' or 'groot'; ``None`` when turnover and balance are unknown and matter."""
    for klasse, grens, omzet_max, balans_max in _GRENZEN:
        if personen >= grens:
            continue
        if omzet is None and balans is None:
            return None
        if (omzet is not None and omzet <= omzet_max) or (balans is not None and balans <= balans_max):
            return klasse
    onbekend = omzet is None or balans is None
    return None if personen < _GRENZEN[-1][1] and onbekend else "groot"  # the other figure may still fit


@dataclass(frozen=True)
class Onderneming:
    """The applicant or an enterprise around it. ``via``: key of the enterprise it hangs on; ``None`` the applicant."""

    sleutel: int
    naam: str
    relatie: str
    percentage: Decimal
    personen: int | None
    omzet: Decimal | None
    balans: Decimal | None
    via: int | None = None
    kvk_nummer: str = ""


def aanvrager(
    naam: str, kvk_nummer: str, personen: int | None, omzet: Decimal | None, balans: Decimal | None
) -> Onderneming:
    """The applicant itself, to begin a computation with."""
    return Onderneming(0, naam, "", HONDERD, personen, omzet, balans, kvk_nummer=kvk_nummer)


@dataclass(frozen=True)
class Groepsregel:
    """One enterprise in the computation. ``factor``: share that counts (0-1); figures are those that count."""

    naam: str
    factor: Decimal
    personen: Decimal | None
    omzet: Decimal | None
    balans: Decimal | None
    uitleg: str


@dataclass(frozen=True)
class Groep:
    """Totals of the enterprise with its partner and linked enterprises; ``None`` when a figure is missing."""

    regels: tuple[Groepsregel, ...]
    personen: Decimal | None
    omzet: Decimal | None
    balans: Decimal | None
    klasse: str | None


def soort_band(onderneming: Onderneming) -> str:
    """'verbonden', 'partner' or 'los': control counts whatever the share, and above 50 % there is always control."""
    if onderneming.relatie == Relatie.VERBONDEN or onderneming.percentage > VERBONDEN_BOVEN:
        return "verbonden"
    return "partner" if onderneming.percentage >= PARTNER_VANAF else "los"


def _procent(getal: Decimal) -> str:
    return f"{getal.normalize():f}".replace(".", ",") + " %"


@dataclass(frozen=True)
class _Plek:
    """What hangs on an enterprise: its share that counts, and whether it belongs to the applicant's own circle."""

    factor: Decimal
    eigen: bool
    naam: str


def groep(eigen: Onderneming, rond: Sequence[Onderneming]) -> Groep:
    """Adds up the applicant and the enterprises around it, line by line.

    An enterprise that is named twice (same KvK number) counts once, for the largest share. An enterprise that hangs on
    itself through others is left out: such a chain does not exist.
    """
    plekken, uitleg = _plekken(eigen.naam, rond)
    hoogste: dict[str, int] = {}
    for deel in rond:
        beste = hoogste.get(deel.kvk_nummer)
        if deel.kvk_nummer and (beste is None or plekken[deel.sleutel].factor > plekken[beste].factor):
            hoogste[deel.kvk_nummer] = deel.sleutel
    regels = [_regel(eigen, Decimal(1), "De aanvrager zelf: telt voor 100 %.")]
    for deel in rond:
        factor, tekst = plekken[deel.sleutel].factor, uitleg[deel.sleutel]
        if factor and deel.kvk_nummer and hoogste[deel.kvk_nummer] != deel.sleutel:
            factor, tekst = Decimal(0), "Telt al mee: dezelfde onderneming staat er nog een keer."
        elif factor and deel.kvk_nummer and deel.kvk_nummer == eigen.kvk_nummer:
            factor, tekst = Decimal(0), "Dit is de aanvrager zelf en telt al mee."
        regels.append(_regel(deel, factor, tekst))
    mee = [regel for regel in regels if regel.factor]
    personen, omzet, balans = (_som([getattr(r, veld) for r in mee]) for veld in ("personen", "omzet", "balans"))
    return Groep(tuple(regels), personen, omzet, balans, _klasse(mee, personen, omzet, balans))


def een_onderneming(rond: Sequence[Onderneming]) -> list[Onderneming]:
    """What forms one undertaking with the applicant: linked, also through others; partners do not (R67)."""
    plekken, _ = _plekken("", rond)
    return [deel for deel in rond if plekken[deel.sleutel].eigen and plekken[deel.sleutel].factor]


def _plekken(naam: str, rond: Sequence[Onderneming]) -> tuple[dict[int | None, _Plek], dict[int, str]]:
    """Place and explanation by key; walks outward from the applicant (key ``None``)."""
    plekken: dict[int | None, _Plek] = {None: _Plek(Decimal(1), True, naam)}
    uitleg: dict[int, str] = {}
    wacht = list(rond)
    while klaar := [deel for deel in wacht if deel.via in plekken]:
        for deel in klaar:
            plekken[deel.sleutel], uitleg[deel.sleutel] = _plaats(deel, plekken[deel.via])
        wacht = [deel for deel in wacht if deel not in klaar]
    for deel in wacht:
        plekken[deel.sleutel], uitleg[deel.sleutel] = _Plek(Decimal(0), False, deel.naam), "Hangt nergens aan vast."
    return plekken, uitleg


def _plaats(deel: Onderneming, boven: _Plek) -> tuple[_Plek, str]:
    band = soort_band(deel)
    niets = _Plek(Decimal(0), False, deel.naam)
    if not boven.factor:
        return niets, f"Telt niet mee, want {boven.naam} telt ook niet mee."
    if band == "los":
        return niets, f"Zelfstandig: {_procent(deel.percentage)} is minder dan 25 %. Telt niet mee."
    if band == "verbonden":
        tekst = (
            f"Verbonden met {boven.naam}: telt voor 100 %."
            if boven.eigen
            else f"Verbonden met partner {boven.naam}: telt mee voor {_procent(boven.factor * HONDERD)}."
        )
        return _Plek(boven.factor, boven.eigen, deel.naam), tekst
    if not boven.eigen:
        return niets, f"Partner van partner {boven.naam}: telt niet mee."
    tekst = f"Partner van {boven.naam}: telt mee voor {_procent(deel.percentage)}."
    return _Plek(deel.percentage / HONDERD, False, deel.naam), tekst


def _regel(deel: Onderneming, factor: Decimal, uitleg: str) -> Groepsregel:
    def telt(getal: int | Decimal | None) -> Decimal | None:
        return None if getal is None else Decimal(getal) * factor

    return Groepsregel(deel.naam, factor, telt(deel.personen), telt(deel.omzet), telt(deel.balans), uitleg)


def _som(getallen: Sequence[Decimal | None]) -> Decimal | None:
    bekend = [getal for getal in getallen if getal is not None]
    return sum(bekend, Decimal(0)) if len(bekend) == len(getallen) else None


def _klasse(
    regels: Sequence[Groepsregel], personen: Decimal | None, omzet: Decimal | None, balans: Decimal | None
) -> str | None:
    if personen is None:  # what is known may be enough to be large
        bekend = sum((regel.personen for regel in regels if regel.personen is not None), Decimal(0))
        return "groot" if bekend >= _GRENZEN[-1][1] else None
    return mkb_klasse(personen, omzet, balans)


def groep_in_woorden(uitkomst: Groep) -> list[str]:
    """The computation as sentences, one line per enterprise and one for the total."""
    regels = [f"{regel.naam}. {regel.uitleg}{_cijfers(regel)}" for regel in uitkomst.regels]
    totaal = ", ".join(
        [
            f"{_getal(uitkomst.personen)} mensen" if uitkomst.personen is not None else "aantal mensen niet bekend",
            f"omzet {euro(uitkomst.omzet)}" if uitkomst.omzet is not None else "omzet niet bekend",
            f"balanstotaal {euro(uitkomst.balans)}" if uitkomst.balans is not None else "balanstotaal niet bekend",
        ]
    )
    return [*regels, f"Samen: {totaal}."]


def _cijfers(regel: Groepsregel) -> str:
    if not regel.factor:
        return ""
    personen = "aantal mensen niet bekend" if regel.personen is None else f"{_getal(regel.personen)} mensen"
    bedragen = [
        f"{naam} {'niet bekend' if bedrag is None else euro(bedrag)}"
        for naam, bedrag in (("omzet", regel.omzet), ("balanstotaal", regel.balans))
    ]
    return f" Dat is: {', '.join([personen, *bedragen])}."


def _getal(getal: Decimal | None) -> str:
    return "" if getal is None else f"{getal.normalize():f}".replace(".", ",")


#: The classes that are an SME.
MKB = ("micro", "klein", "middelgroot")


@dataclass(frozen=True)
class Mkbuitslag:
    """``past``: whether the enterprise is in one of the classes asked for; ``None`` when the system cannot tell."""

    past: bool | None
    uitleg: str


def mkb_uitslag(
    uitkomst: Groep,
    *,
    toegestaan: Sequence[str] = MKB,
    vorig: str = "",
    publiek: bool = False,
    publiek_aandeel: Decimal | None = None,
) -> Mkbuitslag:
    """Whether the enterprise is in the classes asked for. ``vorig``: class one year earlier, empty when unknown.

    Unknown last year: an enterprise that fits by its newest figures is taken as fitting, as a firm in its first years
    would be (art. 4(3)); one that does not fit may still have its old class, so then an officer looks.
    """
    if publiek_aandeel is not None and publiek_aandeel >= PUBLIEK_VANAF:
        return Mkbuitslag(
            False,
            f"De overheid heeft {_procent(publiek_aandeel)} van het kapitaal of de stemmen. Bij 25 % of meer is een "
            "onderneming geen mkb.",
        )
    if publiek and publiek_aandeel is None:
        return Mkbuitslag(None, "Dit is een publieke organisatie. Het aandeel van de overheid is niet bekend.")
    nu = uitkomst.klasse
    if nu is None:
        if uitkomst.personen is None:
            return Mkbuitslag(None, "Het aantal werkzame personen is niet bekend.")
        return Mkbuitslag(None, "De jaaromzet en het balanstotaal zijn niet bekend.")
    past = nu in toegestaan
    if vorig and (vorig in toegestaan) != past:
        return Mkbuitslag(
            None,
            f"Het laatste jaar was de onderneming “{nu}”, het jaar ervoor “{vorig}”. De klasse verandert pas na twee "
            "jaren achter elkaar: kijk welke klasse daarvoor gold.",
        )
    if not past and not vorig:
        return Mkbuitslag(
            None,
            f"Met de laatste cijfers is de onderneming “{nu}”; dat past niet bij de regeling. De klasse verandert pas "
            "na twee jaren achter elkaar, en het jaar ervoor is niet bekend.",
        )
    niet = "" if past else " Dat past niet bij de regeling."
    return Mkbuitslag(past, f"De onderneming valt in de klasse “{nu}”.{niet}")


def grootteklasse(personen: int) -> Grootteklasse:
    """Publication class by working persons; 0 and 1 count in the lowest class."""
    for klasse, grens in ((Grootteklasse.MICRO, 10), (Grootteklasse.KLEIN, 50), (Grootteklasse.MIDDEN, 250)):
        if personen < grens:
            return klasse
    return Grootteklasse.GROOT


#: SBI 2008 division (two digits) → publication sector of the evaluation tables.
_SECTOREN = [
    ((10, 33), "Industrie"),
    ((41, 43), "Bouw"),
    ((45, 47), "Handel"),
    ((49, 53), "Vervoer en opslag"),
    ((62, 82), "Zakelijke dienstverlening"),
    ((84, 84), "Openbaar bestuur"),
    ((85, 85), "Onderwijs"),
    ((86, 88), "Zorg"),
]


def sector_van_sbi(code: str) -> str:
    """Publication sector of an SBI code (any number of digits); 'Overig' where none fits."""
    if not code[:2].isdigit():
        return "Overig"
    afdeling = int(code[:2])
    return next((naam for (van, tot), naam in _SECTOREN if van <= afdeling <= tot), "Overig")
