"""The conditions of a scheme in plain sentences, from its data. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from aanvragen.inhoud import euro
from regeling.schema import Regelingspec

_WIE = {
    "onderneming": "een onderneming",
    "arbeidsorganisatie": "een organisatie met medewerkers",
    "consortium": "een samenwerkingsverband",
    "werknemers": "een groep werknemers",
}
_KLASSE = {"micro": "micro-ondernemingen", "klein": "kleine ondernemingen", "middelgroot": "middelgrote ondernemingen"}
_VORM = {"subsidie": "een subsidie", "voucher": "een voucher", "plaats": "een plaats in een leergang"}


def voorwaarden(spec: Regelingspec) -> list[str]:
    """Who may apply, what one gets and what is asked; only what the scheme says."""
    return [*_aanvrager(spec), *_subsidie(spec), *_project(spec)]


def _samen(delen: list[str]) -> str:
    return delen[0] if len(delen) == 1 else f"{', '.join(delen[:-1])} en {delen[-1]}"


def _procent(getal: Decimal) -> str:
    return f"{getal.normalize():f}".replace(".", ",") + "%"


def _aanvrager(spec: Regelingspec) -> Iterator[str]:
    wie = spec.aanvrager
    yield f"De aanvrager is {_WIE[wie.soort]}."
    if wie.mkb:
        yield "De aanvrager is een mkb-onderneming volgens de definitie van de EU."
    if wie.mkb_klassen:
        yield f"Alleen voor {_samen([_KLASSE[klasse] for klasse in wie.mkb_klassen])}."
    if wie.rechtsvormen:
        yield f"De rechtsvorm van de aanvrager staat op deze lijst: {', '.join(wie.rechtsvormen)}."
    if wie.provincies:
        yield f"De aanvrager is gevestigd in {_samen(list(wie.provincies))}."
    if wie.sectoren and wie.sectoren.toegestaan:
        yield f"Alleen voor deze sectoren ({wie.sectoren.versie}): {', '.join(wie.sectoren.toegestaan)}."
    if wie.sectoren and wie.sectoren.uitgesloten:
        yield f"Niet voor deze sectoren ({wie.sectoren.versie}): {', '.join(wie.sectoren.uitgesloten)}."
    if wie.werkzame_personen_min:
        yield f"Bij de aanvrager werken minstens {wie.werkzame_personen_min} personen."
    if wie.aanvragen_per_aanvrager == 1:
        yield "Per aanvrager doet één aanvraag mee in een tijdvak."
    elif wie.aanvragen_per_aanvrager:
        yield f"Per aanvrager doen hoogstens {wie.aanvragen_per_aanvrager} aanvragen mee in een tijdvak."
    if wie.consortium:
        hoogstens = f" en hoogstens {wie.consortium.max}" if wie.consortium.max else ""
        yield f"Het samenwerkingsverband heeft minstens {wie.consortium.min}{hoogstens} deelnemers."


def _subsidie(spec: Regelingspec) -> Iterator[str]:
    geld = spec.subsidie
    per = " per deelnemer" if geld.per == "deelnemer" else ""
    yield f"U krijgt {_VORM[geld.vorm]}."
    if geld.vast_bedrag:
        yield f"Het bedrag is {euro(geld.vast_bedrag)}{per}."
    if geld.percentage:
        yield f"Wij vergoeden {_procent(geld.percentage)} van de kosten die meetellen."
    if geld.maximum:
        yield f"Het hoogste bedrag is {euro(geld.maximum)}{per}."
    if geld.minimum:
        yield f"Het laagste bedrag is {euro(geld.minimum)}{per}."
    if geld.kosten_minimum:
        yield f"De kosten zijn minstens {euro(geld.kosten_minimum)}."
    if geld.kosten_maximum:
        yield f"De kosten zijn hoogstens {euro(geld.kosten_maximum)}."
    if geld.eigen_bijdrage_minimum:
        yield f"De aanvrager betaalt zelf minstens {euro(geld.eigen_bijdrage_minimum)}."
    if geld.voucher_geldig_maanden:
        yield f"Een voucher is {geld.voucher_geldig_maanden} maanden geldig."
    if geld.staatssteun == "de-minimis":
        yield "De subsidie is de-minimissteun: alle steun samen blijft onder het maximum van de EU."


def _project(spec: Regelingspec) -> Iterator[str]:
    project, adviseur = spec.project, spec.adviseur
    if adviseur.nodig:
        yield "Het project heeft een externe adviseur."
    if adviseur.nodig and adviseur.onafhankelijk:
        yield "De adviseur is onafhankelijk van de aanvrager."
    if adviseur.referenties:
        yield f"De adviseur heeft minstens {adviseur.referenties} referenties."
    if project.duur_minimum_maanden:
        yield f"Het project duurt minstens {project.duur_minimum_maanden} maanden."
    if project.duur_maximum_maanden:
        yield f"Het project duurt hoogstens {project.duur_maximum_maanden} maanden."
    if project.start_na_besluit:
        yield "Het project begint pas na het besluit."
    if project.start_uiterlijk_weken:
        yield f"Het project begint binnen {project.start_uiterlijk_weken} weken na het besluit."
    if not project.andere_eu_middelen:
        yield "In het project zit geen ander geld van de EU."
    if project.eindproduct:
        yield f"Het project levert op: {project.eindproduct}"
