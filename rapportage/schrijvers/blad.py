"""Sheets as rows of styled cells: the same layout for every workbook format, nothing about files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil

from rapportage import canoniek
from rapportage.canoniek import Getypeerd
from rapportage.codeboek import KOPPEN as CODEBOEKKOPPEN
from rapportage.schrijvers import Pakket
from rapportage.tabellen.model import GROEPKOPPEN, LEGENDA, Cel, Kolom, Rondegegevens, Soort, Tabel, Telling

GETALSTIJLEN = {
    Soort.AANTAL: "aantal",
    Soort.EURO: "euro",
    Soort.FACTOR: "factor",
    Soort.PERCENTAGE: "percentage",
    Soort.PP: "pp",
    Soort.P: "p",
    Soort.INTERVAL: "bi",
    Soort.INTERVAL_PP: "bipp",
}
"""Styles of numbers; in the base row with the suffix ``_basis``, an interval with ``_laag`` and ``_hoog``."""
ONDERDRUKT, NIHIL = ".", "-"
_BREEDTES = {Soort.TEKST: 17.0, Soort.EURO: 13.0, Soort.AANTAL: 11.5, Soort.FACTOR: 11.0}


@dataclass(frozen=True, slots=True)
class Vak:
    waarde: Getypeerd
    stijl: str = "tekst"
    breed: int = 1


@dataclass(frozen=True, slots=True)
class Regel:
    """A row; ``hoogte`` in points, ``None`` = the default height."""

    vakken: tuple[Vak, ...] = ()
    hoogte: float | None = None


@dataclass(frozen=True, slots=True)
class Lijn:
    """A series of a chart: name, values, and distances to the lower and upper bound (empty without error bars)."""

    naam: str
    waarden: tuple[float | None, ...]
    min_: tuple[float | None, ...] = ()
    plus: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagram:
    """A clustered bar chart. ``rij``: where it is put; ``gegevens``: first row of its data block on the sheet."""

    titel: str
    as_categorie: str
    as_waarde: str
    beschrijving: str
    categorieen: tuple[str, ...]
    lijnen: tuple[Lijn, ...]
    rij: int = 0
    rijen: int = 0
    gegevens: int = 0


@dataclass(frozen=True, slots=True)
class Blad:
    """A sheet. ``vast``: rows and columns that stay in view; ``kolommen``: number of columns that are printed."""

    naam: str
    regels: Iterable[Regel]
    breedtes: tuple[float, ...]
    vast: tuple[int, int] = (0, 0)
    herhaal: tuple[int, int] | None = None
    filter: tuple[int, int] | None = None
    diagram: Diagram | None = None
    tekstkolommen: tuple[int, ...] = field(default=())
    staand: bool = False


def bladen(pakket: Pakket, *, met_diagram: bool) -> Iterator[Blad]:
    """The sheets of an export in order: leesmij, codeboek, data, then the tables."""
    yield leesmij_blad(pakket)
    yield codeboek_blad(pakket)
    yield data_blad(pakket)
    for tabel in pakket.tabellen:
        yield tabel_blad(tabel, pakket.ronde, met_diagram=met_diagram)


def leesmij_blad(pakket: Pakket) -> Blad:
    regels: list[Regel] = []
    for kop, tekst in pakket.leesmij:
        stijl = "titel" if not regels else "kop_links" if kop and not tekst else "lees"
        hoogte = 24.0 if stijl == "titel" else _hoogte(tekst, 108)
        regels.append(Regel((Vak(kop, stijl), Vak(tekst, "noot")), hoogte))
    return Blad("leesmij", regels, (30.0, 100.0), staand=True)


def codeboek_blad(pakket: Pakket) -> Blad:
    breedtes = (26, 40, 44, 12, 26, 10, 12, 40, 30, 16, 14, 14, 36, 11, 13, 9, 18, 9)
    kop = Regel(tuple(Vak(naam, "datakop") for naam in CODEBOEKKOPPEN), 30.0)
    rijen = [Regel(tuple(Vak(cel, "noot") for cel in regel.cellen())) for regel in pakket.codeboek]
    regels = [
        kop,
        *(
            Regel(
                regel.vakken,
                max(_hoogte(str(vak.waarde), breed) for vak, breed in zip(regel.vakken, breedtes, strict=True)),
            )
            for regel in rijen
        ),
    ]
    filter_ = (len(rijen), len(CODEBOEKKOPPEN) - 1) if rijen else None
    return Blad("codeboek", regels, tuple(map(float, breedtes)), vast=(1, 1), herhaal=(0, 0), filter=filter_)


def data_blad(pakket: Pakket) -> Blad:
    if pakket.data is None:
        return Blad(
            "data", [Regel((Vak(pakket.geen_data, "noot"),), _hoogte(pakket.geen_data, 100))], (100.0,), staand=True
        )
    df = pakket.data
    soorten = canoniek.typen(df)

    def regels() -> Iterator[Regel]:
        yield Regel(tuple(Vak(naam, "datakop") for naam in soorten), 30.0)
        for blok in canoniek.blokken(df):
            kolommen = [blok[naam].tolist() for naam in df.columns]
            for rij in zip(*kolommen, strict=True):
                waarden = map(canoniek.getypeerd, rij, soorten.values())
                yield Regel(tuple(Vak(waarde, "data") for waarde in waarden))

    breedtes = tuple(_databreedte(df[naam].head(200).tolist(), str(naam)) for naam in df.columns)
    tekst = tuple(nummer for nummer, soort in enumerate(soorten.values()) if soort == "tekst")
    filter_ = (len(df), len(soorten) - 1) if len(df) and soorten else None
    return Blad("data", regels(), breedtes, vast=(1, 1), herhaal=(0, 0), filter=filter_, tekstkolommen=tekst)


def _databreedte(waarden: list[object], kop: str) -> float:
    langste = max((len(str(waarde)) for waarde in waarden), default=0)
    return float(max(10, min(40, langste + 2), min(36, len(kop) * 1.05 + 3)))


def tabel_blad(tabel: Tabel, ronde: Rondegegevens, *, met_diagram: bool) -> Blad:
    """A table with its title, base, headings, rows, notes and, where asked, a chart with its data block."""
    breedtes = [breed for kolom in tabel.kolommen for breed in _kolombreedtes(kolom, tabel)]
    breedtes[0] = 33.0 if tabel.telling is not Telling.KERNCIJFERS else min(40.0, max(17.0, len(ronde.naam) * 0.95))
    totaal = len(breedtes)
    ruimte = sum(breedtes)
    basis = "; ".join(
        f"{_blokkop(tabel, blok).lower()} n = {ONDERDRUKT if n is None else f'{n:,}'.replace(',', '.')}"
        for blok, n in tabel.basis.items()
        if n is None or n > 0
    )
    onder = f"Peildatum: {datum(tabel.peildatum)}. Basis: {basis or 'geen aanvragen'}. Bron: {tabel.bron}."
    regels = [
        Regel((Vak(f"Tabel {tabel.code[1:]}  {tabel.titel}", "titel", totaal),), 22.0),
        Regel((Vak(f"{ronde.naam} ({ronde.regeling})", "onder", totaal),)),
        Regel((Vak(onder, "onder", totaal),), _hoogte(onder, ruimte)),
        Regel(),
    ]
    if tabel.telling is not Telling.KERNCIJFERS:
        regels.append(Regel(tuple(_banden(tabel)), 28.0))
    regels.append(Regel(tuple(_koppen(tabel)), 31.0))
    vast = len(regels)
    regels += [Regel(tuple(_tabelrij(tabel, nummer)), 16.0) for nummer in range(len(tabel.rijen))]
    regels.append(Regel())
    for noot in (*tabel.noten, *tabel.noten_detail, LEGENDA):
        regels.append(Regel((Vak(noot, "noot", totaal),), _hoogte(noot, ruimte)))
    diagram = _diagram(tabel) if met_diagram else None
    if diagram is not None:
        diagram = _geplaatst(diagram, len(regels) + 1)
        regels += [Regel() for _ in range(diagram.gegevens - len(regels))]
        regels += _gegevensblok(diagram)
    return Blad(
        f"tabel_{tabel.code}",
        regels,
        tuple(breedtes),
        vast=(vast, 1),
        diagram=diagram,
    )


def datum(dag: object) -> str:
    return f"{dag.day}-{dag.month}-{dag.year}"  # type: ignore[attr-defined]


def _hoogte(tekst: str, ruimte: float) -> float:
    """Height in points for text that wraps in ``ruimte`` characters."""
    regels = sum(max(1, ceil(len(deel) * 0.86 / max(ruimte, 1.0))) for deel in tekst.split("\n"))
    return 13.5 * regels + 2


def _kolombreedtes(kolom: Kolom, tabel: Tabel) -> tuple[float, ...]:
    if kolom.soort in (Soort.INTERVAL, Soort.INTERVAL_PP):
        return (7.5, 7.5)
    return (_BREEDTES.get(kolom.soort, 11.0 if tabel.telling is Telling.KERNCIJFERS else 9.0),)


def _breed(kolom: Kolom) -> int:
    return 2 if kolom.soort in (Soort.INTERVAL, Soort.INTERVAL_PP) else 1


def _blokkop(tabel: Tabel, blok: str) -> str:
    return tabel.koppen.get(blok) or GROEPKOPPEN.get(blok, blok)


def _banden(tabel: Tabel) -> Iterator[Vak]:
    """The row above the headings: one cell per block, with its base."""
    runs: list[tuple[str, int]] = []
    for kolom in tabel.kolommen:
        if runs and runs[-1][0] == kolom.groep:
            runs[-1] = (kolom.groep, runs[-1][1] + _breed(kolom))
        else:
            runs.append((kolom.groep, _breed(kolom)))
    gezien: set[str] = {""}
    for blok, breed in runs:
        if blok in gezien:
            yield Vak("", "band", breed)
            continue
        gezien.add(blok)
        n = tabel.basis.get(blok, 0)
        basis = "" if blok not in tabel.basis else f"\n(n = {ONDERDRUKT if n is None else n})"
        yield Vak(_blokkop(tabel, blok) + basis if breed > 1 else "", "band", breed)


def _koppen(tabel: Tabel) -> Iterator[Vak]:
    for kolom in tabel.kolommen:
        breed = _breed(kolom)
        stijl = "kop_links" if kolom.soort is Soort.TEKST else "kop_midden" if breed > 1 else "kop"
        yield Vak(kolom.kop, stijl, breed)


def _tabelrij(tabel: Tabel, nummer: int) -> Iterator[Vak]:
    rij = tabel.rijen[nummer]
    achter = "_basis" if rij.is_basis else ""
    for kolom, cel in zip(tabel.kolommen, rij.cellen, strict=True):
        yield from _celvakken(kolom, cel, achter, onder=bool(rij.onder))


def _celvakken(kolom: Kolom, cel: Cel, achter: str, *, onder: bool) -> Iterator[Vak]:
    breed, waarde = _breed(kolom), cel.waarde
    if kolom.soort is Soort.TEKST:
        stijl = "basis_label" if achter else "label_onder" if onder else "label"
        yield Vak(str(waarde), stijl)
    elif cel.onderdrukt or waarde is None or isinstance(waarde, str):
        teken = ONDERDRUKT if cel.onderdrukt else NIHIL if waarde is None else str(waarde)
        yield Vak(teken, f"teken{'_midden' if breed > 1 else ''}{achter}", breed)
    elif isinstance(waarde, tuple):
        stijl = GETALSTIJLEN[kolom.soort]
        yield Vak(waarde[0], f"{stijl}_laag{achter}")
        yield Vak(waarde[1], f"{stijl}_hoog{achter}")
    else:
        yield Vak(_getal(waarde), f"{GETALSTIJLEN[kolom.soort]}{achter}")


def _getal(waarde: int | float | Decimal) -> int | float:
    if isinstance(waarde, Decimal):
        return int(waarde) if waarde == waarde.to_integral_value() else float(waarde)
    return waarde


def _diagram(tabel: Tabel) -> Diagram | None:
    """The chart of a table: rows without suppressed cells; ``None`` when fewer than two rows are left."""
    if tabel.grafiek is None:
        return None
    grafiek = tabel.grafiek
    nummers = [tabel.kolomnummer(reeks.kolom) for reeks in grafiek.reeksen]
    rijen = [
        rij for rij in tabel.rijen if not rij.is_basis and not any(rij.cellen[nummer].onderdrukt for nummer in nummers)
    ]
    if len(rijen) < 2:
        return None
    lijnen = []
    for reeks, nummer in zip(grafiek.reeksen, nummers, strict=True):
        waarden = tuple(_als_float(rij.cellen[nummer]) for rij in rijen)
        afstanden: list[tuple[float | None, float | None]] = []
        if reeks.interval:
            plaats = tabel.kolomnummer(reeks.interval)
            afstanden = [_afstand(waarde, rij.cellen[plaats]) for waarde, rij in zip(waarden, rijen, strict=True)]
        lijnen.append(
            Lijn(reeks.naam, waarden, tuple(min_ for min_, _ in afstanden), tuple(plus for _, plus in afstanden))
        )
    weg = len([rij for rij in tabel.rijen if not rij.is_basis]) - len(rijen)
    return Diagram(
        titel=grafiek.titel + (" (zonder onderdrukte rijen)" if weg else ""),
        as_categorie=grafiek.as_categorie,
        as_waarde=grafiek.as_waarde,
        beschrijving=grafiek.beschrijving,
        categorieen=tuple(rij.label for rij in rijen),
        lijnen=tuple(lijnen),
    )


def _als_float(cel: Cel) -> float | None:
    return float(cel.waarde) if isinstance(cel.waarde, int | float) else None


def _afstand(waarde: float | None, interval: Cel) -> tuple[float | None, float | None]:
    if waarde is None or not isinstance(interval.waarde, tuple):
        return None, None
    return max(0.0, waarde - interval.waarde[0]), max(0.0, interval.waarde[1] - waarde)


def _geplaatst(diagram: Diagram, rij: int) -> Diagram:
    """Put the chart at ``rij``; its data block starts below it. One row is 20 pixels high."""
    hoogte = 130 + len(diagram.categorieen) * (8 + 15 * len(diagram.lijnen))
    rijen = ceil(hoogte / 20)
    return Diagram(
        diagram.titel,
        diagram.as_categorie,
        diagram.as_waarde,
        diagram.beschrijving,
        diagram.categorieen,
        diagram.lijnen,
        rij=rij,
        rijen=rijen,
        gegevens=rij + rijen + 1,
    )


def _gegevensblok(diagram: Diagram) -> list[Regel]:
    """The figures behind the chart, so that the chart refers to cells and a screen reader finds them."""
    kop = [Vak("Gegevens bij het diagram", "hulp")]
    for lijn in diagram.lijnen:
        kop.append(Vak(lijn.naam, "hulp"))
        if lijn.min_:
            kop += [Vak("tot ondergrens", "hulp"), Vak("tot bovengrens", "hulp")]
    regels = [Regel(tuple(kop), 27.0)]
    for nummer, categorie in enumerate(diagram.categorieen):
        rij = [Vak(categorie, "hulp")]
        for lijn in diagram.lijnen:
            rij.append(Vak(lijn.waarden[nummer], "hulp"))
            if lijn.min_:
                rij += [Vak(lijn.min_[nummer], "hulp"), Vak(lijn.plus[nummer], "hulp")]
        regels.append(Regel(tuple(rij)))
    return regels
