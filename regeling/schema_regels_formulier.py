"""Rules between keys: what the form asks, how it is scored, terms and letters."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from regeling.schema import Regelingspec
from regeling.schema_brieven import onjuiste_plaatshouders
from regeling.schema_motor import Bevinding, Regelboek, elk, elke_verdeling
from regeling.schema_velden import gewoon

REGELS = Regelboek()
regel = REGELS.regel


@regel("themakeuze", "Het aantal te kiezen thema's past bij de lijst met thema's.")
def _themakeuze(spec: Regelingspec) -> Iterator[Bevinding]:
    keuze, aantal = spec.themakeuze, len(spec.themas)
    if aantal and keuze.maximum == 0:
        yield "themakeuze.maximum", "Er zijn thema's, maar de aanvrager mag er geen kiezen. Vul [themakeuze] in."
    if keuze.maximum > aantal:
        yield (
            "themakeuze.maximum",
            f"Het maximum is {keuze.maximum}, maar er zijn {aantal} thema's. Verlaag het maximum.",
        )
    if keuze.hoofdthema and keuze.minimum == 0:
        yield "themakeuze.hoofdthema", "Wie geen thema kiest, heeft geen hoofdthema. Zet minimum op 1 of hoger."


@regel("definitie", "De definitie heeft hoogstens drie kernwaarden.")
def _definitie(spec: Regelingspec) -> Iterator[Bevinding]:
    if spec.definitie is not None and len(spec.definitie.kernwaarden) > 3:
        aantal = len(spec.definitie.kernwaarden)
        yield (
            "definitie.kernwaarden",
            f"Er staan {aantal} kernwaarden. Aanvragers begrijpen er hoogstens drie: voeg ze samen.",
        )


@regel("adviseur", "Eisen aan de adviseur staan er alleen als een adviseur nodig is, en passen bij elkaar.")
def _adviseur(spec: Regelingspec) -> Iterator[Bevinding]:
    eis = spec.adviseur
    if not eis.nodig and (eis.referenties or eis.natuurlijk_persoon or eis.onafhankelijk):
        yield (
            "adviseur.nodig",
            "Er staan eisen aan de adviseur, maar nodig is niet true. Zet nodig = true of haal de eisen weg.",
        )
    if eis.verschillende_opdrachtgevers and eis.referenties < 2:
        yield "adviseur.verschillende_opdrachtgevers", "Verschillende opdrachtgevers vragen minstens twee referenties."
    if eis.alternatieven and not eis.referenties:
        yield (
            "adviseur.alternatieven",
            "Er zijn geen referenties gevraagd, dus ook geen alternatief. Haal de alternatieven weg.",
        )


@regel("vraag", "Keuzes horen bij een keuzevraag en een lengte bij een tekstvraag.", over=elk("vragen"))
def _vraag(spec: Regelingspec, vraag: Any) -> Iterator[Bevinding]:
    if vraag.soort == "keuze" and len(vraag.keuzes) < 2:
        yield "keuzes", "Een keuzevraag heeft minstens twee antwoorden. Vul de keuzes aan."
    if vraag.soort != "keuze" and vraag.keuzes:
        yield "keuzes", f"De soort is '{vraag.soort}'. Kies soort = 'keuze' of haal de keuzes weg."
    if vraag.soort != "tekst" and vraag.maximum_tekens is not None:
        yield "maximum_tekens", f"De soort is '{vraag.soort}'. Een lengte hoort bij soort = 'tekst'."


@regel(
    "nulmetingvraag",
    "Een nulmeting hoort bij een doel dat gekozen kan worden; een eenheid bij een getal, laag en hoog bij een schaal.",
    over=elk("nulmeting"),
)
def _nulmeting(spec: Regelingspec, vraag: Any) -> Iterator[Bevinding]:
    if vraag.soort != "getal" and vraag.eenheid:
        yield "eenheid", f"De soort is '{vraag.soort}'. Een eenheid hoort bij soort = 'getal'."
    kleinste, grootste = vraag.grenzen
    if vraag.soort != "getal" and (vraag.minimum or vraag.maximum is not None):
        yield "minimum", f"De soort is '{vraag.soort}'. Een minimum of maximum hoort bij soort = 'getal'."
    elif grootste is not None and grootste <= kleinste:
        yield "maximum", "Het maximum is niet groter dan het minimum. Verander een van beide."
    for sleutel in ("laag", "hoog"):
        if vraag.soort != "schaal" and getattr(vraag, sleutel):
            yield sleutel, f"De soort is '{vraag.soort}'. Dit hoort bij soort = 'schaal'."
    if not spec.doelen.maximum:
        yield "doel", "De aanvrager kiest geen doelen. Verhoog doelen.maximum of haal de vraag weg."


@regel("ankers", "Een criterium heeft vijf ankers: één voor elke score van 1 tot en met 5.", over=elk("criteria"))
def _ankers(spec: Regelingspec, criterium: Any) -> Iterator[Bevinding]:
    if len(criterium.ankers) != 5:
        yield "ankers", f"Er staan {len(criterium.ankers)} ankers. Schrijf er precies vijf, van score 1 tot en met 5."


@regel("gewichten", "De gewichten van de criteria zijn in elke stap samen 100.")
def _gewichten(spec: Regelingspec) -> Iterator[Bevinding]:
    if not spec.criteria:
        return
    stappen = max(verdeling.stappen for _, verdeling in elke_verdeling(spec))
    for nummer, criterium in enumerate(spec.criteria):
        if criterium.stap is not None and criterium.stap > stappen:
            yield f"criteria[{nummer}].stap", "De aanvragen worden in één stap beoordeeld. Haal de sleutel stap weg."
    for stap in range(1, stappen + 1):
        som = sum((criterium.gewicht for criterium in spec.criteria if criterium.stap in {None, stap}), Decimal(0))
        if som != 100:
            waar = f" in stap {stap}" if stappen > 1 else ""
            yield "criteria", f"De gewichten zijn{waar} samen {gewoon(som)}, niet 100. Pas de gewichten aan."


@regel("termijnen", "Er is tijd om te beslissen en om aan te vullen; bezwaar kan zes weken lang.")
def _termijnen(spec: Regelingspec) -> Iterator[Bevinding]:
    """R5 (a term to complete must be named), R9, R20."""
    codes = {termijn.code for termijn in spec.termijnen}
    for code, waarom in (("beslissing", "op een aanvraag te beslissen"), ("aanvulling", "een aanvraag aan te vullen")):
        if code not in codes:
            yield "termijnen", f"De termijn '{code}' ontbreekt: hoeveel tijd er is om {waarom}. Voeg hem toe."
    for nummer, termijn in enumerate(spec.termijnen):
        if termijn.code == "bezwaar" and (termijn.duur, termijn.niveau) != ("6w", "wet"):
            yield (
                f"termijnen[{nummer}].duur",
                "De bezwaartermijn is zes weken volgens de wet (Awb 6:7). Schrijf duur = '6w' en niveau = 'wet'.",
            )


@regel(
    "plaatshouder",
    "Een brief gebruikt alleen bekende plaatshouders die bij dat besluit een waarde hebben.",
    over=elk("brieven"),
)
def _plaatshouder(spec: Regelingspec, brief: Any) -> Iterator[Bevinding]:
    teksten = [("onderwerp", brief.onderwerp)] + [(f"alineas[{nr}]", alinea) for nr, alinea in enumerate(brief.alineas)]
    for sleutel, tekst in teksten:
        for melding in onjuiste_plaatshouders(tekst, brief.soort):
            yield sleutel, melding
