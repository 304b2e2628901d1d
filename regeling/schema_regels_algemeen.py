"""Rules between keys: scheme, applicant and subsidy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from kern.geld import euro
from regeling.schema import Regelingspec
from regeling.schema_motor import Bevinding, Ontbreekt, Regelboek, aanwezig
from regeling.schema_velden import SBI_SECTIES, gewoon

REGELS = Regelboek()
regel = REGELS.regel

HONDERD = Decimal(100)
#: Lists of the file with the key that must be unique in them.
UNIEK = {
    "kostensoorten": "code",
    "themas": "code",
    "verklaringen": "code",
    "bijlagen": "code",
    "vragen": "code",
    "nulmeting": "code",
    "criteria": "code",
    "meetmomenten": "code",
    "termijnen": "code",
    "brieven": "soort",
    "tijdvakken": "sleutel",
}


def _lijsten(spec: Regelingspec) -> Iterator[tuple[str, Any, str]]:
    """Every list of tables: path, elements, the key that must be unique. Lists that could not be read are left out."""
    paden: list[tuple[str, Any, str]] = [
        (naam, lambda s=spec, n=naam: getattr(s, n), sleutel) for naam, sleutel in UNIEK.items()
    ]
    paden += [
        ("definitie.kernwaarden", lambda: spec.definitie.kernwaarden if spec.definitie else (), "code"),
        (
            "aanvrager.consortium.rollen",
            lambda: spec.aanvrager.consortium.rollen if spec.aanvrager.consortium else (),
            "code",
        ),
        ("leergang.tarieven", lambda: spec.leergang.tarieven if spec.leergang else (), "code"),
    ]
    for pad, lees, sleutel in paden:
        try:
            yield pad, lees(), sleutel
        except Ontbreekt:
            continue


@regel("dubbele-code", "Een code of sleutel komt in een lijst één keer voor.")
def _dubbele_code(spec: Regelingspec) -> Iterator[Bevinding]:
    lijsten = list(_lijsten(spec))
    rondes = next((delen for pad, delen, _ in lijsten if pad == "tijdvakken"), ())
    lijsten += [(f"tijdvakken[{nr}].subplafonds", delen, "code") for nr, delen in aanwezig(rondes, "subplafonds")]
    for pad, delen, sleutel in lijsten:
        eerste: dict[str, int] = {}
        for nummer, waarde in aanwezig(delen, sleutel):
            if eerste.setdefault(waarde, nummer) != nummer:
                melding = f"'{waarde}' staat ook al in {pad}[{eerste[waarde]}]. Geef elk onderdeel een eigen {sleutel}."
                yield f"{pad}[{nummer}].{sleutel}", melding


@regel("dubbele-naam", "Elk thema heeft een eigen naam.")
def _dubbele_naam(spec: Regelingspec) -> Iterator[Bevinding]:
    eerste: dict[str, int] = {}
    for nummer, naam in aanwezig(spec.themas, "naam"):
        if eerste.setdefault(naam.casefold(), nummer) != nummer:
            yield f"themas[{nummer}].naam", f"De naam '{naam}' staat er al. Rapporten tellen per naam: kies een andere."


def _minimaal(spec: Regelingspec) -> Iterator[tuple[str, Any]]:
    """Lists that need at least one element, as (path, list)."""
    for pad, lees in (
        ("regeling.grondslag", lambda: [("", spec.regeling.grondslag)]),
        ("definitie.kernwaarden", lambda: [("", spec.definitie.kernwaarden)] if spec.definitie else []),
        ("bijlagen", lambda: [(f"[{nr}].soorten", d) for nr, d in aanwezig(spec.bijlagen, "soorten")]),
        ("brieven", lambda: [(f"[{nr}].alineas", d) for nr, d in aanwezig(spec.brieven, "alineas")]),
    ):
        try:
            yield from ((f"{pad}{rest}", lijst) for rest, lijst in lees())
        except Ontbreekt:
            continue


@regel("minstens-een", "Een lijst die nodig is, is niet leeg.")
def _minstens_een(spec: Regelingspec) -> Iterator[Bevinding]:
    for pad, lijst in _minimaal(spec):
        if not lijst:
            yield pad, "De lijst is leeg. Vul er minstens één in."


@regel("looptijd", "De regeling vervalt en wordt geëvalueerd na de dag waarop zij begint te gelden.")
def _looptijd(spec: Regelingspec) -> Iterator[Bevinding]:
    for sleutel, waarde in (
        ("vervaldatum", spec.regeling.vervaldatum),
        ("evaluatiedatum", spec.regeling.evaluatiedatum),
    ):
        if waarde is not None and waarde <= spec.regeling.geldig_vanaf:
            start = spec.regeling.geldig_vanaf
            yield f"regeling.{sleutel}", f"{waarde} ligt niet na geldig_vanaf ({start}). Kies een latere datum."


@regel("mkb", "Mkb-klassen staan er alleen als de aanvrager mkb moet zijn.")
def _mkb(spec: Regelingspec) -> Iterator[Bevinding]:
    if spec.aanvrager.mkb_klassen and not spec.aanvrager.mkb:
        yield (
            "aanvrager.mkb_klassen",
            "Er staan mkb-klassen, maar mkb is niet true. Zet mkb = true of haal de klassen weg.",
        )


@regel("sectoren", "SBI-codes bestaan in de genoemde versie en staan niet in beide lijsten.")
def _sectoren(spec: Regelingspec) -> Iterator[Bevinding]:
    sectoren = spec.aanvrager.sectoren
    if sectoren is None:
        return
    secties = SBI_SECTIES[sectoren.versie]
    afdelingen = frozenset().union(*secties.values())
    for lijst in ("toegestaan", "uitgesloten"):
        for nummer, code in enumerate(getattr(sectoren, lijst)):
            if code not in secties and code[:2] not in afdelingen:
                yield (
                    f"aanvrager.sectoren.{lijst}[{nummer}]",
                    f"De code '{code}' bestaat niet in {sectoren.versie}. Controleer de code of de versie.",
                )
    dubbel = sorted(set(sectoren.toegestaan) & set(sectoren.uitgesloten))
    if dubbel:
        yield (
            "aanvrager.sectoren.uitgesloten",
            f"Toegestaan én uitgesloten: {', '.join(dubbel)}. Haal ze uit één lijst.",
        )
    if not sectoren.toegestaan and not sectoren.uitgesloten:
        yield "aanvrager.sectoren", "Er staan geen codes in. Vul toegestaan of uitgesloten, of haal de tabel weg."


@regel("consortium", "De eisen aan een samenwerkingsverband horen bij soort 'consortium' en passen bij elkaar.")
def _consortium(spec: Regelingspec) -> Iterator[Bevinding]:
    eisen = spec.aanvrager.consortium
    if (spec.aanvrager.soort == "consortium") != (eisen is not None):
        hulp = "Voeg [aanvrager.consortium] toe" if eisen is None else "Haal [aanvrager.consortium] weg"
        yield "aanvrager.consortium", f"De soort aanvrager is '{spec.aanvrager.soort}'. {hulp} of pas de soort aan."
    if eisen is None or eisen.max is None:
        return
    if eisen.max < eisen.min:
        yield (
            "aanvrager.consortium.max",
            f"Het maximum ({eisen.max}) is kleiner dan het minimum ({eisen.min}). Draai ze om.",
        )
    nodig = sum(rol.minimum for rol in eisen.rollen)
    if nodig > eisen.max:
        yield (
            "aanvrager.consortium.rollen",
            f"De rollen vragen samen {nodig} deelnemers, meer dan het maximum {eisen.max}.",
        )


@regel("per-deelnemer", "Bedragen per deelnemer zijn er alleen bij een samenwerkingsverband.")
def _per_deelnemer(spec: Regelingspec) -> Iterator[Bevinding]:
    if spec.subsidie.per == "deelnemer" and spec.aanvrager.soort != "consortium":
        yield "subsidie.per", "De aanvrager is geen consortium. Kies per = 'aanvraag'."


@regel("declaratie-per-deelnemer", "Wie per deelnemer declareert, heeft ook een bedrag per deelnemer, in euro's.")
def _declaratie_per_deelnemer(spec: Regelingspec) -> Iterator[Bevinding]:
    eisen = spec.aanvrager.consortium
    if eisen is None or not eisen.declaratie_per_deelnemer:
        return
    plek = "aanvrager.consortium.declaratie_per_deelnemer"
    if not eisen.bedrag_per_deelnemer:
        yield plek, "De deelnemers hebben geen eigen bedrag. Zet bedrag_per_deelnemer op true."
    if spec.subsidie.vorm != "subsidie":
        yield plek, f"De vorm is '{spec.subsidie.vorm}'. Declareren per deelnemer kan alleen bij vorm 'subsidie'."


@regel("eenheid", "De eenheid van het plafond past bij wat de aanvrager krijgt.")
def _eenheid(spec: Regelingspec) -> Iterator[Bevinding]:
    vorm, eenheid = spec.subsidie.vorm, spec.subsidie.eenheid
    if vorm == "subsidie" and eenheid == "stuks":
        yield "subsidie.eenheid", "Een subsidie telt in euro's. Kies eenheid = 'euro', of vorm = 'voucher' of 'plaats'."
    if vorm == "plaats" and eenheid == "euro":
        yield "subsidie.eenheid", "Plaatsen tellen in stuks. Kies eenheid = 'stuks'."
    if vorm == "voucher" and eenheid == "stuks" and spec.subsidie.vast_bedrag is None:
        yield "subsidie.vast_bedrag", "Vouchers die in stuks tellen, hebben een vaste waarde. Vul vast_bedrag in."


@regel("plaatsen", "Plaatsen, werknemers en een leergang horen bij elkaar.")
def _plaatsen(spec: Regelingspec) -> Iterator[Bevinding]:
    plaats = spec.subsidie.vorm == "plaats"
    if plaats != (spec.aanvrager.soort == "werknemers"):
        yield "aanvrager.soort", "Soort 'werknemers' en vorm 'plaats' horen bij elkaar. Pas een van beide aan."
    if spec.leergang is not None and not plaats:
        yield "leergang", "Een leergang hoort bij vorm 'plaats'. Haal [leergang] weg of pas de vorm aan."


@regel("certificaat", "Het minimum voor een certificaat hoort bij een certificaat en past in het aantal bijeenkomsten.")
def _certificaat(spec: Regelingspec) -> Iterator[Bevinding]:
    leergang = spec.leergang
    if leergang is None or leergang.certificaat_minimum is None:
        return
    if not leergang.certificaat:
        yield "leergang.certificaat_minimum", "Er is geen certificaat. Haal de sleutel weg of zet certificaat op true."
    elif leergang.certificaat_minimum > leergang.bijeenkomsten:
        yield (
            "leergang.certificaat_minimum",
            f"Er zijn maar {leergang.bijeenkomsten} bijeenkomsten. Kies hoogstens dat aantal.",
        )


@regel("bedrag", "Het bedrag is bepaald door een percentage met een maximum, of door een vast bedrag (Awb 4:31).")
def _bedrag(spec: Regelingspec) -> Iterator[Bevinding]:
    """R34."""
    subsidie = spec.subsidie
    if subsidie.percentage is not None and subsidie.vast_bedrag is not None:
        yield "subsidie.vast_bedrag", "Er staan een percentage en een vast bedrag. Kies één van beide."
    elif subsidie.percentage is None and subsidie.vast_bedrag is None and subsidie.vorm != "plaats":
        yield (
            "subsidie.percentage",
            "Het bedrag is niet bepaald. Vul een percentage met een maximum in, of een vast_bedrag.",
        )
    elif subsidie.percentage is not None and subsidie.maximum is None:
        yield "subsidie.maximum", "Bij een percentage hoort een hoogste bedrag (Awb 4:31). Vul maximum in."
    if subsidie.vast_bedrag is not None and (subsidie.minimum is not None or subsidie.maximum is not None):
        yield "subsidie.vast_bedrag", "Bij een vast bedrag horen geen minimum en maximum. Haal die weg."


@regel("minimum-maximum", "Een minimum is niet hoger dan het maximum dat erbij hoort.")
def _minimum_maximum(spec: Regelingspec) -> Iterator[Bevinding]:
    paren: list[tuple[str, str, str, Callable[[Any], str]]] = [
        ("subsidie", "minimum", "maximum", euro),
        ("subsidie", "kosten_minimum", "kosten_maximum", euro),
        ("subsidie", "kosten_minimum_vaststelling", "kosten_maximum", euro),
        ("subsidie", "eigen_bijdrage_minimum", "kosten_maximum", euro),
        ("themakeuze", "minimum", "maximum", str),
        ("doelen", "minimum", "maximum", str),
        ("project", "duur_minimum_maanden", "duur_maximum_maanden", str),
        ("leergang", "groep_minimum", "groep_maximum", str),
        ("leergang", "groep_maximum", "bijeenkomst_maximum", str),
        ("leergang", "voorstellen_minimum", "voorstellen_maximum", str),
    ]
    for tabel, laag, hoog, vorm in paren:
        try:
            deel = getattr(spec, tabel)
            onder, boven = (None, None) if deel is None else (getattr(deel, laag), getattr(deel, hoog))
        except Ontbreekt:
            continue
        if onder is not None and boven is not None and onder > boven:
            tekst = f"{laag} ({vorm(onder)}) is hoger dan {hoog} ({vorm(boven)}). Verlaag {laag} of verhoog {hoog}."
            yield f"{tabel}.{laag}", tekst


@regel("haalbaar", "Bij de hoogste kosten is de laagste subsidie haalbaar.")
def _haalbaar(spec: Regelingspec) -> Iterator[Bevinding]:
    subsidie = spec.subsidie
    if subsidie.percentage is None or subsidie.kosten_maximum is None or subsidie.minimum is None:
        return
    hoogste = subsidie.kosten_maximum * subsidie.percentage / HONDERD
    if hoogste < subsidie.minimum:
        yield (
            "subsidie.minimum",
            f"Met de hoogste kosten en {gewoon(subsidie.percentage)} % is de subsidie hoogstens {euro(hoogste)}. "
            "Geen aanvraag haalt dan het minimum. Verlaag het minimum.",
        )


@regel("voucher", "Sleutels over vouchers staan er alleen bij vorm 'voucher'.")
def _voucher(spec: Regelingspec) -> Iterator[Bevinding]:
    subsidie = spec.subsidie
    if subsidie.vorm != "voucher":
        for sleutel in ("voucher_geldig_maanden", "verzilverbaar_bij", "aangewezen_instellingen"):
            if getattr(subsidie, sleutel):
                yield f"subsidie.{sleutel}", f"De vorm is '{subsidie.vorm}', geen voucher. Haal deze sleutel weg."
    elif subsidie.aangewezen_instellingen and not subsidie.verzilverbaar_bij:
        yield "subsidie.verzilverbaar_bij", "Er staat een lijst van instellingen. Vul ook in welke soort dat is."


@regel("staatssteun", "Bij de-minimissteun staat het maximum, en één subsidie past daarin.")
def _staatssteun(spec: Regelingspec) -> Iterator[Bevinding]:
    """R62, R68."""
    subsidie, grens = spec.subsidie, spec.subsidie.de_minimis_maximum
    if subsidie.staatssteun == "geen":
        if grens is not None:
            yield "subsidie.de_minimis_maximum", "De staatssteun is 'geen'. Haal dit maximum weg of kies 'de-minimis'."
    elif grens is None:
        yield "subsidie.de_minimis_maximum", "Vul het hoogste bedrag in drie jaar in, bijvoorbeeld 300000."
    else:
        bedrag = subsidie.vast_bedrag or subsidie.maximum
        if bedrag is not None and bedrag > grens:
            yield (
                "subsidie.de_minimis_maximum",
                f"Eén subsidie ({euro(bedrag)}) is hoger dan dit maximum ({euro(grens)}).",
            )


@regel("realisatie", "Een ondergrens bij de vaststelling heeft een gevolg, en een gevolg een ondergrens.")
def _realisatie(spec: Regelingspec) -> Iterator[Bevinding]:
    """R74."""
    subsidie = spec.subsidie
    gevolg, lager = subsidie.realisatie_gevolg, subsidie.realisatie_percentage
    if (subsidie.realisatie_ondergrens is None) != (gevolg is None):
        yield (
            "subsidie.realisatie_gevolg",
            "Vul realisatie_ondergrens en realisatie_gevolg allebei in, of geen van beide.",
        )
    if (gevolg == "lager-percentage") != (lager is not None):
        yield "subsidie.realisatie_percentage", "Een lager percentage hoort bij realisatie_gevolg = 'lager-percentage'."
    elif lager is not None and (subsidie.percentage is None or lager >= subsidie.percentage):
        yield "subsidie.realisatie_percentage", "Dit percentage moet lager zijn dan subsidie.percentage."


@regel("kosten-aandeel", "De aandelen van alle kostensoorten samen kunnen 100 % zijn.")
def _kosten_aandeel(spec: Regelingspec) -> Iterator[Bevinding]:
    aandelen = [soort.aandeel_maximum for soort in spec.kostensoorten]
    bekend = [aandeel for aandeel in aandelen if aandeel is not None]
    if aandelen and len(bekend) == len(aandelen) and sum(bekend) < HONDERD:
        yield (
            "kostensoorten",
            f"De aandelen zijn samen hoogstens {gewoon(sum(bekend, Decimal(0)))} %. Verhoog een aandeel_maximum.",
        )
