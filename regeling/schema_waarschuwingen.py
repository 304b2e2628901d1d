"""What a scheme file may say but what deserves a look before publication. Never a reason to refuse the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from kern.geld import euro
from regeling.schema import Regelingspec, Tijdvakspec, Verdeling
from regeling.schema_motor import Bevinding, Regelboek, elk, elke_verdeling, verdeling_van

WAARSCHUWINGEN = Regelboek()
regel = WAARSCHUWINGEN.regel

LICHTSTE_VERANTWOORDING = Decimal(25_000)


def _plus_jaren(dag: date, jaren: int) -> date:
    try:
        return dag.replace(year=dag.year + jaren)
    except ValueError:  # 29 February
        return dag.replace(year=dag.year + jaren, day=28)


@regel("horizon", "Een regeling vervalt na hoogstens vijf jaar.")
def _horizon(spec: Regelingspec) -> Iterator[Bevinding]:
    """R43."""
    grens = _plus_jaren(spec.regeling.geldig_vanaf, 5)
    if spec.regeling.vervaldatum is None:
        yield (
            "regeling.vervaldatum",
            f"Er is geen vervaldatum. Een regeling vervalt na hoogstens vijf jaar: uiterlijk {grens}.",
        )
    elif spec.regeling.vervaldatum > grens:
        yield (
            "regeling.vervaldatum",
            f"De regeling duurt langer dan vijf jaar. Kies uiterlijk {grens}, of leg uit waarom niet.",
        )


@regel("evaluatie", "Er is binnen vijf jaar een verslag over de effecten (Awb 4:24).")
def _evaluatie(spec: Regelingspec) -> Iterator[Bevinding]:
    """R43."""
    datum, grens = spec.regeling.evaluatiedatum, _plus_jaren(spec.regeling.geldig_vanaf, 5)
    if datum is None:
        yield (
            "regeling.evaluatiedatum",
            f"Er is geen evaluatiedatum. Het verslag hoort er uiterlijk op {grens} te zijn.",
        )
    elif datum > grens:
        yield "regeling.evaluatiedatum", f"Het verslag komt later dan vijf jaar na het begin. Kies uiterlijk {grens}."
    elif spec.regeling.vervaldatum is not None and datum > spec.regeling.vervaldatum:
        yield "regeling.evaluatiedatum", "Het verslag komt na de vervaldatum: te laat om over verlenging te beslissen."


@regel(
    "seconden",
    "Wie het eerst komt, is geen eerlijke maat op de seconde (ECLI:NL:RVS:2018:2310).",
    over=elke_verdeling,
    eenmalig=True,
)
def _seconden(spec: Regelingspec, verdeling: Verdeling) -> Iterator[Bevinding]:
    if verdeling.gelijke_rang == "moment":
        yield "gelijke_rang", "Het moment van indienen beslist bij gelijke rang. Loten geeft gelijke kansen."


@regel("een-bron", "Een loting met twee bronnen is niet door één partij te sturen.", over=elke_verdeling, eenmalig=True)
def _een_bron(spec: Regelingspec, verdeling: Verdeling) -> Iterator[Bevinding]:
    if len(verdeling.bronnen) == 1:
        yield (
            "bronnen",
            f"Het toeval komt alleen van '{verdeling.bronnen[0]}'. Met notaris en drand is de loting sterker.",
        )


@regel("meer-loten", "Wie vaker aanvraagt, heeft geen grotere kans.", over=elke_verdeling, eenmalig=True)
def _meer_loten(spec: Regelingspec, verdeling: Verdeling) -> Iterator[Bevinding]:
    if (
        verdeling.methode == "loting"
        and verdeling.eenheid_loting == "aanvraag"
        and spec.aanvrager.aanvragen_per_aanvrager != 1
    ):
        yield (
            "eenheid_loting",
            "Er wordt per aanvraag geloot en één aanvrager mag vaker aanvragen: dat vergroot de kans.",
        )


@regel("overslaan", "STOP geeft kansen die niet van het bedrag afhangen.", over=elke_verdeling, eenmalig=True)
def _overslaan(spec: Regelingspec, verdeling: Verdeling) -> Iterator[Bevinding]:
    if verdeling.regel == "SKIP" and spec.subsidie.vast_bedrag is None:
        yield "regel", "SKIP bevoordeelt kleine aanvragen. Het advies is STOP."


@regel("verantwoording", "Een voucher blijft onder € 25.000, in de lichtste verantwoording.")
def _verantwoording(spec: Regelingspec) -> Iterator[Bevinding]:
    """R54, R58."""
    bedrag = spec.subsidie.vast_bedrag or spec.subsidie.maximum
    if spec.subsidie.vorm == "voucher" and bedrag is not None and bedrag >= LICHTSTE_VERANTWOORDING:
        yield "subsidie.maximum", f"De voucher is {euro(bedrag)}. Onder € 25.000 is geen verantwoording achteraf nodig."


@regel("onbereikbaar", "Het hoogste bedrag is te halen binnen de hoogste kosten.")
def _onbereikbaar(spec: Regelingspec) -> Iterator[Bevinding]:
    subsidie = spec.subsidie
    if subsidie.percentage is None or subsidie.maximum is None or subsidie.kosten_maximum is None:
        return
    hoogste = subsidie.kosten_maximum * subsidie.percentage / 100
    if hoogste < subsidie.maximum:
        yield (
            "subsidie.maximum",
            f"Met de hoogste kosten is de subsidie hoogstens {euro(hoogste)}; het maximum wordt nooit gehaald.",
        )


@regel("nulmeting", "Zonder meting bij de aanvraag is een effect moeilijk te bewijzen.")
def _nulmeting(spec: Regelingspec) -> Iterator[Bevinding]:
    if not any(moment.na == "aanvraag" and moment.maanden == 0 for moment in spec.meetmomenten):
        yield "meetmomenten", "Er is geen nulmeting. Voeg een meetmoment toe met na = 'aanvraag' en maanden = 0."


@regel("restant", "Bij deelplafonds blijft zonder restronde vaak geld over.", over=elk("tijdvakken"))
def _restant(spec: Regelingspec, tijdvak: Tijdvakspec) -> Iterator[Bevinding]:
    restronde = verdeling_van(spec, tijdvak).restronde
    if tijdvak.subplafonds and not restronde:
        yield (
            "subplafonds",
            "Er zijn deelplafonds zonder restronde. Wat in een deelplafond overblijft, wordt niet verdeeld.",
        )
    if restronde and not tijdvak.subplafonds:
        yield "subplafonds", "Er is een restronde, maar er zijn geen deelplafonds. De restronde doet niets."


@regel("overlap", "Tijdvakken van één regeling overlappen elkaar niet.")
def _overlap(spec: Regelingspec) -> Iterator[Bevinding]:
    vensters = sorted((tijdvak.open_op, tijdvak.sluit_op, nummer) for nummer, tijdvak in enumerate(spec.tijdvakken))
    for (_, sluit, eerder), (open_op, _, later) in zip(vensters, vensters[1:], strict=False):
        if open_op < sluit:
            yield f"tijdvakken[{later}].open_op", f"Dit tijdvak gaat open terwijl tijdvakken[{eerder}] nog open is."
