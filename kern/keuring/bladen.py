"""How large a spreadsheet is when a reader lays it out: 5 kB can name a billion cells (H2)."""

from __future__ import annotations

import re

from kern.keuring.grenzen import KOLOMMEN, RIJEN, Geweigerd

_CEL = re.compile(r"^\$?([A-Za-z]{1,3})\$?([0-9]{1,7})$")


def _kolom(letters: str) -> int:
    nummer = 0
    for letter in letters.upper():
        nummer = nummer * 26 + ord(letter) - 64
    return nummer


def _getal(waarde: str | None) -> int:
    return int(waarde) if waarde and waarde.isdecimal() and len(waarde) < 12 else 1


class Bladteller:
    """Counts rows and columns of one sheet while its XML goes by; raises :class:`Geweigerd` past the bound."""

    def __init__(self) -> None:
        self._rijen = self._kolommen = 0
        self._herhaald = 1
        self._gevuld = False

    def xlsx(self, naam: str, velden: dict[str, str]) -> None:
        lokaal = naam.rsplit(" ", 1)[-1]
        if lokaal == "dimension":
            for hoek in velden.get("ref", "").split(":"):
                self._cel(hoek)
        elif lokaal == "row":
            self._rijen += 1
            self._kolommen = 0
            self._eis(max(self._rijen, _getal(velden.get("r", "1"))), 0)
        elif lokaal == "c":
            self._kolommen += 1
            self._eis(0, self._kolommen)
            self._cel(velden.get("r", ""))

    def ods(self, naam: str, velden: dict[str, str]) -> None:
        """LibreOffice fills a sheet up with empty repeated rows and cells; only those with a value count."""
        lokaal = naam.rsplit(" ", 1)[-1]
        eigen = {sleutel.rsplit(" ", 1)[-1]: waarde for sleutel, waarde in velden.items()}
        if lokaal == "table":
            self._rijen = 0
        elif lokaal == "table-row":
            self._herhaald, self._kolommen, self._gevuld = _getal(eigen.get("number-rows-repeated")), 0, False
        elif lokaal == "table-cell":
            aantal = _getal(eigen.get("number-columns-repeated"))
            if "value-type" in eigen or "formula" in eigen:
                if not self._gevuld:
                    self._rijen, self._gevuld = self._rijen + self._herhaald, True
                self._kolommen += aantal
                self._eis(self._rijen, self._kolommen)

    def _cel(self, adres: str) -> None:
        gevonden = _CEL.match(adres)
        if gevonden:
            self._eis(int(gevonden[2]), _kolom(gevonden[1]))

    def _eis(self, rijen: int, kolommen: int) -> None:
        if rijen > RIJEN or kolommen > KOLOMMEN:
            raise Geweigerd("cellen")
