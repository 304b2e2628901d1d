"""A scheme as data: the frozen form of one scheme file (design 02). Nothing here reads a clock, chance or database.

Read a file with ``regeling.lezen``: that also applies the rules between keys. The names of keys in the file and of
attributes here are the same. Amounts are ``Decimal`` in euros (or pieces), moments are aware (Europe/Amsterdam).
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Annotated, Literal

from kern.fouten import InvoerFout
from regeling.schema_delen import (
    Aanvrager,
    Adviseur,
    Bijlagespec,
    Briefspec,
    Criteriumspec,
    Definitie,
    Doelkeuze,
    Kostensoort,
    Leergang,
    Meetmomentspec,
    Nulmetingvraag,
    Project,
    Regelinggegevens,
    Subsidie,
    Termijnspec,
    Themakeuze,
    Themaspec,
    Verklaringspec,
    Vraagspec,
)
from regeling.schema_velden import (
    Bedrag,
    BedragBovenNul,
    Datum,
    Deel,
    Geheel,
    GeheelBovenNul,
    JaNee,
    Kans,
    Moment,
    Potcode,
    Regel,
    Score,
    Tijdvaksleutel,
    Uniek,
    geheel_tussen,
    veld,
)

Methode = Literal["volgorde", "loting", "rangschikking", "loting-in-grijze-zone"]
Eenheidloting = Literal["aanvrager", "aanvraag"]
Restregel = Literal["STOP", "SKIP", "DEEL"]
GelijkeRang = Literal["loting", "moment"]
Wanneer = Literal["na_toets", "behandelvolgorde"]
Bron = Literal["notaris", "drand"]
Scorebasis = Literal["ruw", "gekalibreerd"]
Bedenktijd = Annotated[int, geheel_tussen(24, 24 * 90)]
Stappen = Annotated[int, geheel_tussen(1, 2)]
Beoordelaars = Annotated[int, geheel_tussen(1, 9)]
Bronnen = Annotated[tuple[Bron, ...], Uniek]

#: Keys that only mean something with one method: a round with another method does not inherit them.
METHODE_GEBONDEN = ("drempel", "zone_onder", "zone_boven", "stappen", "gelijke_rang")


#: Places in the second stage where the file names no number.
ONBEPERKT = 1_000_000


class Verdeling(Deel):
    """How the money is handed out (R31-R33, design 05). `regel` and `eenheid_loting` have no default on purpose."""

    methode: Methode = veld("hoe het geld wordt verdeeld")
    eenheid_loting: Eenheidloting = veld("of per aanvrager of per aanvraag wordt geloot")
    regel: Restregel = veld("wat er gebeurt als een aanvraag niet meer past: STOP, SKIP of DEEL")
    restronde: JaNee = veld("of er een tweede ronde is zonder deelplafonds", False)
    gelijke_rang: GelijkeRang = veld("wat beslist bij een gelijke rang", "loting")
    reservelijst: JaNee = veld("of er een reservelijst is", True)
    reservelijst_maximum: GeheelBovenNul | None = veld("hoe lang de reservelijst hoogstens is", None)
    wanneer: Wanneer = veld("of we eerst toetsen en dan loten, of andersom", "na_toets")
    bronnen: Bronnen = veld("waar het toeval van een loting vandaan komt", ("notaris", "drand"))
    bedenktijd_uren: Bedenktijd = veld("hoeveel uur er minstens zit tussen publicatie van de lijst en de loting", 120)
    drempel: Score | None = veld("de score (0 tot en met 100) die een aanvraag minstens haalt", None)
    stappen: Stappen = veld("in hoeveel stappen wordt beoordeeld", 1)
    zone_onder: Kans | None = veld("onder deze kans op een plek valt een aanvraag af zonder loting", None)
    zone_boven: Kans | None = veld("boven deze kans op een plek is een aanvraag zeker toegewezen", None)
    scorebasis: Scorebasis = veld("welke score beslist: de ruwe of de gekalibreerde", "ruw")
    beoordelaars: Beoordelaars = veld("hoeveel beoordelaars elke aanvraag scoren", 2)
    spreiding_maximum: Score | None = veld("bij een groter verschil tussen scores volgt overleg", None)
    toekenningen_per_aanvrager: GeheelBovenNul | None = veld(
        "hoeveel toekenningen één aanvrager hoogstens krijgt", None
    )


class Verdelingsaanpassing(Deel):
    """What one round does otherwise than ``[verdeling]``: the same keys, all optional."""

    methode: Methode | None = veld("zie [verdeling]", None)
    eenheid_loting: Eenheidloting | None = veld("zie [verdeling]", None)
    regel: Restregel | None = veld("zie [verdeling]", None)
    restronde: JaNee | None = veld("zie [verdeling]", None)
    gelijke_rang: GelijkeRang | None = veld("zie [verdeling]", None)
    reservelijst: JaNee | None = veld("zie [verdeling]", None)
    reservelijst_maximum: GeheelBovenNul | None = veld("zie [verdeling]", None)
    wanneer: Wanneer | None = veld("zie [verdeling]", None)
    bronnen: Bronnen | None = veld("zie [verdeling]", None)
    bedenktijd_uren: Bedenktijd | None = veld("zie [verdeling]", None)
    drempel: Score | None = veld("zie [verdeling]", None)
    stappen: Stappen | None = veld("zie [verdeling]", None)
    zone_onder: Kans | None = veld("zie [verdeling]", None)
    zone_boven: Kans | None = veld("zie [verdeling]", None)
    scorebasis: Scorebasis | None = veld("zie [verdeling]", None)
    beoordelaars: Beoordelaars | None = veld("zie [verdeling]", None)
    spreiding_maximum: Score | None = veld("zie [verdeling]", None)
    toekenningen_per_aanvrager: GeheelBovenNul | None = veld("zie [verdeling]", None)


class Subplafondspec(Deel):
    """A pot inside the ceiling (sub-ceiling of a theme, region or kind of applicant)."""

    code: Potcode = veld("de code van het deelplafond, in hoofdletters en cijfers")
    naam: Regel = veld("de naam van het deelplafond")
    bedrag: BedragBovenNul = veld("het deelplafond, in dezelfde eenheid als het plafond")
    soort: Literal["thema", "provincie", "aanvragerstype"] = veld("waarop het deelplafond let")
    waarden: Annotated[tuple[Regel, ...], Uniek] = veld(
        "voor welke thema's, provincies of soorten aanvragers het geldt"
    )


class LotingHistorisch(Deel):
    """The draw of a round of the past, so that it can be replayed."""

    algoritme: Literal["sha256-1"] = veld("de rekenwijze van de oude loting")
    zaad: Regel = veld("het zaad van de oude loting")


class Historie(Deel):
    """Published figures of a round of the past: for comparison, never used in a decision."""

    aanvragen: Geheel | None = veld("hoeveel aanvragen er waren", None)
    aanvragers: Geheel | None = veld("hoeveel aanvragers er waren", None)
    toegekend: Geheel | None = veld("hoeveel aanvragen zijn toegekend", None)
    afgewezen: Geheel | None = veld("hoeveel aanvragen zijn afgewezen omdat zij niet voldeden", None)
    in_behandeling: Geheel | None = veld("over hoeveel aanvragen toen nog niet was besloten", None)
    dagen: GeheelBovenNul | None = veld("binnen hoeveel dagen na de opening de aanvragen binnenkwamen", None)
    gevraagd: Bedrag | None = veld("hoeveel er is gevraagd", None)
    toegekend_bedrag: Bedrag | None = veld("hoeveel er is toegekend", None)
    plafond_verhoogd_tot: BedragBovenNul | None = veld("het plafond na een latere verhoging", None)


class Vervolgstap(Deel):
    """The window of the second stage (full proposals after pre-proposals)."""

    naam: Regel = veld("de naam van de stap, bijvoorbeeld 'volledig voorstel'")
    open_op: Moment = veld("wanneer de tweede stap opengaat")
    sluit_op: Moment = veld("wanneer de tweede stap sluit")
    plaatsen: GeheelBovenNul | None = veld("hoeveel aanvragen hoogstens door mogen naar deze stap", None)


class Tijdvakspec(Deel):
    """A window (tijdvak) with its own ceiling (R28)."""

    sleutel: Tijdvaksleutel = veld("de vaste, korte naam van het tijdvak; uniek in alle bestanden")
    naam: Regel = veld("de naam van het tijdvak zoals de aanvrager die ziet")
    open_op: Moment = veld("het moment waarop het tijdvak opengaat")
    sluit_op: Moment = veld("het moment waarop het tijdvak sluit")
    plafond: BedragBovenNul = veld("het subsidieplafond van het tijdvak")
    subplafonds: tuple[Subplafondspec, ...] = veld("deelplafonds binnen het plafond", ())
    verdeling: Verdelingsaanpassing | None = veld("wat in dit tijdvak anders is dan in [verdeling]", None)
    reservelijst_tot: Datum | None = veld("de laatste dag waarop de reservelijst geldt", None)
    vervolg: Vervolgstap | None = veld("het venster van de tweede stap", None)
    loting_historisch: LotingHistorisch | None = veld("hoe in het verleden is geloot", None)
    historie: Historie | None = veld("bekende cijfers van een tijdvak uit het verleden", None)

    def in_stap(self, stap: int) -> Tijdvakspec:
        """The window of one stage. In the first of two stages the ceiling is the number of places in the second."""
        if self.vervolg is None:
            return self
        if stap == 1:
            return self.model_copy(update={"plafond": Decimal(self.vervolg.plaatsen or ONBEPERKT), "subplafonds": ()})
        return self.model_copy(
            update={
                "sleutel": f"{self.sleutel}-stap-2",
                "naam": f"{self.naam}: {self.vervolg.naam}",
                "open_op": self.vervolg.open_op,
                "sluit_op": self.vervolg.sluit_op,
            }
        )


def samengevoegd(basis: Verdeling, aanpassing: Verdelingsaanpassing | None) -> Verdeling:
    """``[verdeling]`` with what the round changes. Another method drops the keys in ``METHODE_GEBONDEN``."""
    if aanpassing is None:
        return basis
    anders = {naam: getattr(aanpassing, naam) for naam in Verdelingsaanpassing.model_fields}
    anders = {naam: waarde for naam, waarde in anders.items() if waarde is not None}
    if anders.get("methode", basis.methode) != basis.methode:
        vrij = {naam: Verdeling.model_fields[naam].default for naam in METHODE_GEBONDEN}
        anders = {**vrij, **anders}
    return basis.model_copy(update=anders)


class Regelingspec(Deel):
    """One scheme file. Lists are tuples, so the whole can be shared and hashed."""

    formaat: Literal[1] = veld("de versie van dit bestandsformaat; nu altijd 1")
    regeling: Regelinggegevens = veld("wat de regeling is")
    aanvrager: Aanvrager = veld("wie mag aanvragen")
    verdeling: Verdeling = veld("hoe het geld wordt verdeeld")
    subsidie: Subsidie = veld("wat de aanvrager krijgt en onder welke voorwaarden")
    definitie: Definitie | None = veld("de gesloten definitie waaraan projecten worden getoetst", None)
    kostensoorten: tuple[Kostensoort, ...] = veld("welke kosten tellen; leeg is alle kosten", ())
    themas: tuple[Themaspec, ...] = veld("de thema's van de regeling", ())
    themakeuze: Themakeuze = veld("hoeveel thema's de aanvrager kiest", Themakeuze())
    doelen: Doelkeuze = veld("hoeveel van de zes doelen de aanvrager kiest", Doelkeuze())
    adviseur: Adviseur = veld("eisen aan de adviseur", Adviseur())
    project: Project = veld("eisen aan het project", Project())
    leergang: Leergang | None = veld("bij plaatsen: hoe de leergang eruitziet", None)
    verklaringen: tuple[Verklaringspec, ...] = veld("wat de aanvrager verklaart", ())
    bijlagen: tuple[Bijlagespec, ...] = veld("welke bijlagen we vragen", ())
    vragen: tuple[Vraagspec, ...] = veld("extra vragen op het formulier", ())
    nulmeting: tuple[Nulmetingvraag, ...] = veld("vragen over hoe het nu gaat, per doel; nooit verplicht", ())
    criteria: tuple[Criteriumspec, ...] = veld("waarop de commissie beoordeelt", ())
    meetmomenten: tuple[Meetmomentspec, ...] = veld("wanneer we vragenlijsten sturen", ())
    termijnen: tuple[Termijnspec, ...] = veld("de termijnen; 'beslissing' en 'aanvulling' zijn verplicht")
    brieven: tuple[Briefspec, ...] = veld("teksten van de brieven", ())
    tijdvakken: tuple[Tijdvakspec, ...] = veld("de tijdvakken waarin men kan aanvragen", ())

    def tijdvak(self, sleutel: str) -> Tijdvakspec:
        """The round with this key. Raises InvoerFout when the file has no such round."""
        for tijdvak in self.tijdvakken:
            if tijdvak.sleutel == sleutel:
                return tijdvak
        bekend = ", ".join(tijdvak.sleutel for tijdvak in self.tijdvakken) or "geen"
        raise InvoerFout(
            f"De regeling {self.regeling.sleutel} heeft geen tijdvak '{sleutel}'.",
            actie=f"Kies een van deze tijdvakken: {bekend}.",
            code="tijdvak-onbekend",
        )

    def verdeling_voor(self, sleutel: str) -> Verdeling:
        """The distribution that applies to this round: ``[verdeling]`` with what the round changes."""
        return samengevoegd(self.verdeling, self.tijdvak(sleutel).verdeling)

    def eenheid_in(self, sleutel: str, stap: int) -> str:
        """What the ceiling of a stage counts: in the first of two stages the places in the second."""
        return "stuks" if stap == 1 and self.tijdvak(sleutel).vervolg is not None else self.subsidie.eenheid

    def termijn(self, code: str) -> Termijnspec | None:
        return next((termijn for termijn in self.termijnen if termijn.code == code), None)

    def thema(self, code: str) -> Themaspec | None:
        return next((thema for thema in self.themas if thema.code == code), None)

    def nulmeting_voor(self, doelen: Collection[str]) -> tuple[Nulmetingvraag, ...]:
        """The baseline questions of these objectives."""
        return tuple(vraag for vraag in self.nulmeting if vraag.doel in doelen)

    def brief(self, soort: str) -> Briefspec | None:
        return next((brief for brief in self.brieven if brief.soort == soort), None)

    def criteria_in(self, stap: int) -> tuple[Criteriumspec, ...]:
        """The criteria that count in a stage (1 or 2)."""
        return tuple(criterium for criterium in self.criteria if criterium.stap in {None, stap})

    def artikelen_voor(self, besluit: str) -> tuple[str, ...]:
        """The articles that a decision of this kind names (R16)."""
        return tuple(grond.artikel for grond in self.regeling.grondslag if besluit in grond.voor)
