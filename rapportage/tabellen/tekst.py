"""A table as plain text for a terminal: Dutch notation, one decimal for percentages."""

from __future__ import annotations

from rapportage.tabellen.model import Cel, Kolom, Soort, Tabel

_LINKS = {Soort.TEKST}


def celtekst(cel: Cel, kolom: Kolom) -> str:
    """The cell as it is printed; '.' suppressed, '-' nothing or not defined."""
    waarde = cel.waarde
    if cel.onderdrukt:
        return "."
    if waarde is None:
        return "-"
    if isinstance(waarde, str):
        return waarde
    if isinstance(waarde, tuple):
        return f"[{_getal(waarde[0], 1)}; {_getal(waarde[1], 1)}]"
    if kolom.soort == Soort.P and float(waarde) < 0.0005:
        return "< 0,001"
    decimalen = {Soort.AANTAL: 0, Soort.EURO: 0, Soort.FACTOR: 2, Soort.P: 3}.get(kolom.soort, 1)
    return _getal(float(waarde), decimalen)


def _getal(waarde: float, decimalen: int) -> str:
    tekst = f"{waarde:,.{decimalen}f}".replace(",", "_").replace(".", ",").replace("_", ".")
    return tekst.removeprefix("-") if float(f"{waarde:.{decimalen}f}") == 0 else tekst


def als_tekst(tabel: Tabel) -> str:
    """Title, headings, rows and notes, in aligned columns."""
    kolommen = tabel.kolommen
    koppen = [kolom.kop for kolom in kolommen]
    rijen = [[celtekst(cel, kolom) for cel, kolom in zip(rij.cellen, kolommen, strict=True)] for rij in tabel.rijen]
    breedtes = [max(len(rij[nr]) for rij in [koppen, *rijen]) for nr in range(len(kolommen))]

    def regel(cellen: list[str]) -> str:
        return "  ".join(
            cel.ljust(breedte) if kolom.soort in _LINKS else cel.rjust(breedte)
            for cel, breedte, kolom in zip(cellen, breedtes, kolommen, strict=True)
        ).rstrip()

    lijn = "  ".join("-" * breedte for breedte in breedtes)
    groepen = [f"{blok}: n = {n if n is not None else '.'}" for blok, n in tabel.basis.items()]
    return "\n".join(
        [f"{tabel.code} {tabel.titel}", "; ".join(groepen), regel(koppen), lijn, *map(regel, rijen), *tabel.noten, ""]
    )
