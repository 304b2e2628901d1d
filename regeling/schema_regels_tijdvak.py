"""Rules between keys: the distribution (design 05, R31-R33) and the rounds (R28, R29)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import get_args

from regeling.schema import Regelingspec, Tijdvakspec, Verdeling
from regeling.schema_motor import (
    Bevinding,
    Regelboek,
    aanwezig,
    elk,
    elke_verdeling,
    hoeveel,
    verdeling_van,
)
from regeling.schema_velden import AANVRAGERSTYPEN, Provincie, gewoon

REGELS = Regelboek()
regel = REGELS.regel

MET_COMMISSIE = {"rangschikking", "loting-in-grijze-zone"}


@regel("criteria-nodig", "Wie op kwaliteit rangschikt, heeft criteria.", over=elke_verdeling, eenmalig=True)
def _criteria_nodig(spec: Regelingspec, verdeling: Verdeling) -> Iterator[Bevinding]:
    if verdeling.methode in MET_COMMISSIE and not spec.criteria:
        yield "methode", f"De methode '{verdeling.methode}' heeft criteria nodig. Voeg [[criteria]] toe."


@regel(
    "drempel", "Een grijze zone heeft een drempel, en een drempel heeft criteria.", over=elke_verdeling, eenmalig=True
)
def _drempel(spec: Regelingspec, verdeling: Verdeling) -> Iterator[Bevinding]:
    if verdeling.methode == "loting-in-grijze-zone" and verdeling.drempel is None:
        yield "drempel", "Bij 'loting-in-grijze-zone' hoort een drempel. Vul een score in van 0 tot en met 100."
    if verdeling.drempel is not None and not spec.criteria:
        yield "drempel", "Er is een drempel, maar er zijn geen criteria om te scoren. Voeg [[criteria]] toe."


@regel(
    "zone",
    "De grenzen van de grijze zone staan er alleen bij die methode en op volgorde.",
    over=elke_verdeling,
    eenmalig=True,
)
def _zone(spec: Regelingspec, verdeling: Verdeling) -> Iterator[Bevinding]:
    onder, boven = verdeling.zone_onder, verdeling.zone_boven
    if (onder is None) != (boven is None):
        yield "zone_onder", "Vul zone_onder en zone_boven allebei in, of geen van beide."
    elif onder is not None and boven is not None and onder >= boven:
        yield (
            "zone_onder",
            f"zone_onder ({gewoon(onder)}) is niet lager dan zone_boven ({gewoon(boven)}). Verlaag zone_onder.",
        )
    if onder is not None and verdeling.methode != "loting-in-grijze-zone":
        yield (
            "zone_onder",
            f"De methode is '{verdeling.methode}': er is geen grijze zone. Haal zone_onder en zone_boven weg.",
        )


@regel("wanneer", "Wie op kwaliteit rangschikt, toetst eerst.", over=elke_verdeling, eenmalig=True)
def _wanneer(spec: Regelingspec, verdeling: Verdeling) -> Iterator[Bevinding]:
    if verdeling.methode in MET_COMMISSIE and verdeling.wanneer != "na_toets":
        yield "wanneer", f"Bij '{verdeling.methode}' beoordelen we eerst. Kies wanneer = 'na_toets'."


@regel("gelijke-rang", "Het moment beslist alleen bij volgorde van binnenkomst.", over=elke_verdeling, eenmalig=True)
def _gelijke_rang(spec: Regelingspec, verdeling: Verdeling) -> Iterator[Bevinding]:
    if verdeling.gelijke_rang == "moment" and verdeling.methode != "volgorde":
        yield "gelijke_rang", f"Bij '{verdeling.methode}' beslist de loting. Kies gelijke_rang = 'loting'."


@regel("reservelijst", "Een lengte en een einddatum horen bij een reservelijst.", over=elke_verdeling, eenmalig=True)
def _reservelijst(spec: Regelingspec, verdeling: Verdeling) -> Iterator[Bevinding]:
    if verdeling.reservelijst_maximum is not None and not verdeling.reservelijst:
        yield "reservelijst_maximum", "Er is geen reservelijst. Haal het maximum weg of zet reservelijst = true."


@regel("deel", "Een deel toekennen kan alleen in euro's zonder vast bedrag.", over=elke_verdeling, eenmalig=True)
def _deel(spec: Regelingspec, verdeling: Verdeling) -> Iterator[Bevinding]:
    if verdeling.regel == "DEEL" and (spec.subsidie.eenheid == "stuks" or spec.subsidie.vast_bedrag is not None):
        yield "regel", "Stuks en vaste bedragen zijn niet te delen. Kies regel = 'STOP' of 'SKIP'."


@regel("stappen", "Twee stappen zijn er alleen als een commissie beoordeelt.", over=elke_verdeling, eenmalig=True)
def _stappen(spec: Regelingspec, verdeling: Verdeling) -> Iterator[Bevinding]:
    if verdeling.stappen > 1 and verdeling.methode not in MET_COMMISSIE:
        yield "stappen", f"De methode is '{verdeling.methode}'. Kies stappen = 1 of een methode met een commissie."


@regel("eenheid-loting", "Wie per aanvrager loot, kent per aanvrager één keer toe.", over=elke_verdeling, eenmalig=True)
def _eenheid_loting(spec: Regelingspec, verdeling: Verdeling) -> Iterator[Bevinding]:
    if verdeling.eenheid_loting == "aanvrager" and (verdeling.toekenningen_per_aanvrager or 1) > 1:
        yield "toekenningen_per_aanvrager", "Per aanvrager is er één lot. Kies 1, of eenheid_loting = 'aanvraag'."


@regel("bronnen", "Een loting heeft minstens één bron van toeval.", over=elke_verdeling, eenmalig=True)
def _bronnen(spec: Regelingspec, verdeling: Verdeling) -> Iterator[Bevinding]:
    if not verdeling.bronnen:
        yield "bronnen", "De lijst is leeg. Noem minstens één bron, bijvoorbeeld 'notaris'."


@regel("open-sluit", "Een tijdvak sluit nadat het is opengegaan.", over=elk("tijdvakken"))
def _open_sluit(spec: Regelingspec, tijdvak: Tijdvakspec) -> Iterator[Bevinding]:
    if tijdvak.sluit_op <= tijdvak.open_op:
        yield (
            "sluit_op",
            f"Het tijdvak sluit ({tijdvak.sluit_op:%d-%m-%Y %H:%M}) niet na de opening. Kies een later moment.",
        )


@regel("tijdvak-in-looptijd", "Een tijdvak ligt binnen de looptijd van de regeling.", over=elk("tijdvakken"))
def _tijdvak_in_looptijd(spec: Regelingspec, tijdvak: Tijdvakspec) -> Iterator[Bevinding]:
    if tijdvak.open_op.date() < spec.regeling.geldig_vanaf:
        yield (
            "open_op",
            f"De regeling geldt pas vanaf {spec.regeling.geldig_vanaf}. Open later of pas geldig_vanaf aan.",
        )
    verval = spec.regeling.vervaldatum
    if verval is not None and tijdvak.sluit_op.date() >= verval:
        yield "sluit_op", f"De regeling vervalt met ingang van {verval}. Sluit eerder of pas de vervaldatum aan."


@regel("hele-stuks", "Een plafond in stuks is een heel getal.", over=elk("tijdvakken"))
def _hele_stuks(spec: Regelingspec, tijdvak: Tijdvakspec) -> Iterator[Bevinding]:
    if spec.subsidie.eenheid != "stuks":
        return
    bedragen = [("plafond", tijdvak.plafond)]
    bedragen += [(f"subplafonds[{nr}].bedrag", bedrag) for nr, bedrag in aanwezig(tijdvak.subplafonds, "bedrag")]
    for sleutel, bedrag in bedragen:
        if bedrag % 1:
            yield sleutel, f"Het plafond telt in stuks, maar er staat {gewoon(bedrag)}. Vul een heel getal in."


@regel("plafond", "Binnen het plafond past minstens één toekenning.", over=elk("tijdvakken"))
def _plafond(spec: Regelingspec, tijdvak: Tijdvakspec) -> Iterator[Bevinding]:
    if spec.subsidie.eenheid != "euro":
        return
    laagste = spec.subsidie.vast_bedrag or spec.subsidie.minimum
    if laagste is not None and tijdvak.plafond < laagste:
        yield (
            "plafond",
            f"Het plafond ({hoeveel(tijdvak.plafond, 'euro')}) is lager dan de laagste subsidie "
            f"({hoeveel(laagste, 'euro')}). Verhoog het plafond.",
        )


@regel("subplafond", "Een deelplafond is niet hoger dan het plafond.", over=elk("tijdvakken"))
def _subplafond(spec: Regelingspec, tijdvak: Tijdvakspec) -> Iterator[Bevinding]:
    eenheid = spec.subsidie.eenheid
    for nummer, bedrag in aanwezig(tijdvak.subplafonds, "bedrag"):
        if bedrag > tijdvak.plafond:
            plafond = hoeveel(tijdvak.plafond, eenheid)
            tekst = f"{hoeveel(bedrag, eenheid)} is hoger dan het plafond van {plafond}. Verlaag het."
            yield f"subplafonds[{nummer}].bedrag", tekst


@regel(
    "subplafond-waarden",
    "Een deelplafond noemt bestaande thema's, provincies of soorten aanvragers.",
    over=elk("tijdvakken"),
)
def _subplafond_waarden(spec: Regelingspec, tijdvak: Tijdvakspec) -> Iterator[Bevinding]:
    for nummer, (soort, waarden) in enumerate([(pot.soort, pot.waarden) for pot in tijdvak.subplafonds]):
        plek = f"subplafonds[{nummer}].waarden"
        if not waarden:
            yield plek, "De lijst is leeg. Noem waarvoor het deelplafond geldt."
        if soort == "thema":
            bekend, wat = tuple(thema.code for thema in spec.themas), "code van een thema"
        elif soort == "provincie":
            bekend, wat = spec.aanvrager.provincies or get_args(Provincie), "provincie waaruit men mag aanvragen"
        else:
            bekend, wat = AANVRAGERSTYPEN, "soort aanvrager"
        for plaats, waarde in enumerate(waarden):
            if waarde not in bekend:
                yield f"{plek}[{plaats}]", f"'{waarde}' is geen {wat}. Kies uit: {', '.join(bekend) or 'niets'}."


@regel("reservelijst-tot", "De reservelijst eindigt na de sluiting en alleen als die er is.", over=elk("tijdvakken"))
def _reservelijst_tot(spec: Regelingspec, tijdvak: Tijdvakspec) -> Iterator[Bevinding]:
    if tijdvak.reservelijst_tot is None:
        return
    if tijdvak.reservelijst_tot <= tijdvak.sluit_op.date():
        yield "reservelijst_tot", "Deze datum ligt niet na de sluiting van het tijdvak. Kies een latere datum."
    if not verdeling_van(spec, tijdvak).reservelijst:
        yield "reservelijst_tot", "Er is geen reservelijst. Haal de datum weg of zet reservelijst = true."


@regel("vervolg", "Bij twee stappen heeft het tijdvak een tweede venster, na het eerste.", over=elk("tijdvakken"))
def _vervolg(spec: Regelingspec, tijdvak: Tijdvakspec) -> Iterator[Bevinding]:
    stap, stappen = tijdvak.vervolg, verdeling_van(spec, tijdvak).stappen
    if stappen > 1 and stap is None:
        yield "vervolg", "Er wordt in twee stappen beoordeeld. Voeg [tijdvakken.vervolg] toe met het tweede venster."
    if stappen == 1 and stap is not None:
        yield "vervolg", "Er is maar één stap. Haal het tweede venster weg of zet stappen = 2."
    if stap is not None and stap.open_op <= tijdvak.sluit_op:
        yield "vervolg.open_op", "De tweede stap gaat open voordat de eerste gesloten is. Kies een later moment."
    if stap is not None and stap.sluit_op <= stap.open_op:
        yield "vervolg.sluit_op", "De tweede stap sluit niet na de opening. Kies een later moment."


@regel(
    "oude-loting", "Een loting uit het verleden hoort bij methode 'loting' met regel 'STOP'.", over=elk("tijdvakken")
)
def _oude_loting(spec: Regelingspec, tijdvak: Tijdvakspec) -> Iterator[Bevinding]:
    if tijdvak.loting_historisch is None:
        return
    verdeling = verdeling_van(spec, tijdvak)
    if verdeling.methode != "loting":
        yield "loting_historisch", f"De methode is '{verdeling.methode}', geen loting. Haal deze tabel weg."
    if verdeling.regel != "STOP":
        yield "loting_historisch", "De oude loting stopt bij de eerste aanvraag die niet past. Kies regel = 'STOP'."


@regel("historie", "Bekende cijfers spreken elkaar niet tegen.", over=elk("tijdvakken"))
def _historie(spec: Regelingspec, tijdvak: Tijdvakspec) -> Iterator[Bevinding]:
    cijfers = tijdvak.historie
    if cijfers is None:
        return
    hoogste = max(tijdvak.plafond, cijfers.plafond_verhoogd_tot or tijdvak.plafond)
    paren: list[tuple[str, Decimal | int | None, str, Decimal | int | None]] = [
        ("aanvragers", cijfers.aanvragers, "aanvragen", cijfers.aanvragen),
        ("toegekend", cijfers.toegekend, "aanvragen", cijfers.aanvragen),
        ("toegekend_bedrag", cijfers.toegekend_bedrag, "gevraagd", cijfers.gevraagd),
        ("plafond", tijdvak.plafond, "plafond_verhoogd_tot", cijfers.plafond_verhoogd_tot),
    ]
    if spec.subsidie.eenheid == "euro":
        paren.append(("toegekend_bedrag", cijfers.toegekend_bedrag, "het plafond", hoogste))
    for laag, klein, hoog, groot in paren:
        if klein is not None and groot is not None and klein > groot:
            tekst = f"{laag} ({gewoon(Decimal(klein))}) is hoger dan {hoog} ({gewoon(Decimal(groot))})."
            yield "historie", f"{tekst} Controleer de cijfers."
