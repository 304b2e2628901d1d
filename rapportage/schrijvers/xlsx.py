"""The Excel workbook. Text is always written as text: nothing that an applicant typed can become a formula."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.utility import xl_rowcol_to_cell

from rapportage.schrijvers import Pakket, SchrijfFout, atomisch, veilig_xml
from rapportage.schrijvers.blad import Blad, Diagram, Vak, bladen

LETTER = "Arial"
KLEUREN = ("#5B8DB8", "#C77700", "#7A7A7A")  # at least 3:1 on white, and error bars stay visible
EERSTE_JAAR = 1900
MAX_RIJEN, MAX_KOLOMMEN, MAX_TEKST = 1_048_576, 16_384, 32_767
RIJHOOGTE = 15.0  # points; 20 pixels

_LIJN = "#BFBFBF"
_KOP = {
    "bold": True,
    "bg_color": "#E7EDF3",
    "text_wrap": True,
    "valign": "vcenter",
    "bottom": 1,
    "bottom_color": "#1F4E79",
}
OPMAAK: dict[str, dict[str, Any]] = {
    "titel": {"bold": True, "font_size": 13, "font_color": "#1F4E79", "valign": "vcenter"},
    "onder": {"font_color": "#404040", "text_wrap": True, "valign": "top"},
    "band": {
        "bold": True,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        "bottom": 1,
        "bottom_color": _LIJN,
        "font_color": "#1F4E79",
    },
    "kop": _KOP | {"align": "right"},
    "kop_midden": _KOP | {"align": "center"},
    "kop_links": _KOP | {"align": "left"},
    "lees": {"valign": "top"},
    "label": {"valign": "vcenter"},
    "label_onder": {"indent": 1, "valign": "vcenter", "font_color": "#404040"},
    "basis_label": {"valign": "vcenter", "bold": True, "top": 1, "top_color": _LIJN},
    "tekst": {},
    "noot": {"align": "left", "text_wrap": True, "valign": "top", "font_color": "#404040"},
    "datakop": _KOP,
    "data": {},
    "hulp": {"font_color": "#7A7A7A", "font_size": 8, "num_format": "0.0", "text_wrap": True, "valign": "top"},
    "aantal": {"num_format": '#,##0;-#,##0;"-"'},
    "euro": {"num_format": '"€ "#,##0;"€ "-#,##0;"-"'},
    "factor": {"num_format": '0.00;-0.00;"-"'},
    "percentage": {"num_format": '0.0;-0.0;"-"'},
    "pp": {"num_format": "+0.0;-0.0;0.0"},
    "p": {"num_format": '[<0.001]"< 0,001";0.000'},
    "bi_laag": {"num_format": '"["0.0";"'},
    "bi_hoog": {"num_format": '0.0"]"', "align": "left"},
    "bipp_laag": {"num_format": '"["0.0";";"["-0.0";";"["0.0";"'},
    "bipp_hoog": {"num_format": '0.0"]";-0.0"]";0.0"]"', "align": "left"},
    "teken": {"align": "right"},
    "teken_midden": {"align": "center"},
}
_RECHTS = frozenset(["aantal", "euro", "factor", "percentage", "pp", "p", "bi_laag", "bipp_laag"])


def schrijf(pakket: Pakket, pad: Path) -> None:
    """Write the workbook to ``pad`` (:class:`SchrijfFout` when it does not fit or cannot be written)."""
    # Rows wait in temporary files: in a directory of our own, so that nothing stays behind after a failure.
    with tempfile.TemporaryDirectory(prefix="export-") as werkmap, atomisch(pad) as tijdelijk:
        opties = {
            "tmpdir": werkmap,
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        boek = xlsxwriter.Workbook(str(tijdelijk), opties)
        try:
            _vul(boek, pakket)
            boek.close()
        except XlsxWriterException as fout:
            raise SchrijfFout(
                f"De werkmap {pad} kon niet worden gemaakt: {fout}.",
                actie="Controleer de vrije schijfruimte en de rechten, en probeer het opnieuw.",
            ) from fout
        finally:
            _laat_los(boek)


def _laat_los(boek: xlsxwriter.Workbook) -> None:
    """After a failure: no second attempt to write when the object is collected, and no open row files."""
    boek.fileclosed = True
    for werkblad in boek.worksheets():
        if werkblad.row_data_fh is not None:
            with suppress(OSError):  # closing flushes, and on a full disk that fails again
                werkblad.row_data_fh.close()


def _vul(boek: xlsxwriter.Workbook, pakket: Pakket) -> None:
    moment = datetime.fromisoformat(pakket.manifest["gemaakt"]["moment"])
    boek.set_properties(
        {
            "title": f"Evaluatie {pakket.ronde.naam}",
            "subject": pakket.ronde.regeling,
            "author": "Stimulans",
            "comments": f"Profiel {pakket.profiel}; momentopname {pakket.manifest['momentopname']}",
            "created": moment.astimezone(UTC).replace(tzinfo=None),
        }
    )
    boek.formats[0].set_font_name(LETTER)
    boek.formats[0].set_font_size(10)
    stijlen = {}
    for naam, opmaak in OPMAAK.items():
        basis = {"font_name": LETTER, "font_size": 10} | ({"align": "right"} if naam in _RECHTS else {})
        if "num_format" in opmaak or naam.startswith("teken"):
            basis["valign"] = "vcenter"
        basis |= opmaak
        stijlen[naam] = boek.add_format(basis)
        stijlen[f"{naam}_basis"] = boek.add_format(basis | {"bold": True, "top": 1, "top_color": _LIJN})
    stijlen["datum"] = boek.add_format({"font_name": LETTER, "font_size": 10, "num_format": "yyyy-mm-dd"})
    stijlen["moment"] = boek.add_format({"font_name": LETTER, "font_size": 10, "num_format": "yyyy-mm-dd hh:mm:ss"})
    for blad in bladen(pakket, met_diagram=True):
        _schrijf_blad(boek, blad, stijlen, pakket)


def _schrijf_blad(boek: xlsxwriter.Workbook, blad: Blad, stijlen: dict[str, Any], pakket: Pakket) -> None:
    if len(blad.breedtes) > MAX_KOLOMMEN:
        raise _past_niet(blad.naam)
    werkblad = boek.add_worksheet(blad.naam)
    for nummer, breed in enumerate(blad.breedtes):
        werkblad.set_column(nummer, nummer, breed)
    werkblad.hide_gridlines(2 if blad.naam != "data" else 1)
    if blad.vast != (0, 0):
        werkblad.freeze_panes(*blad.vast)
    _druk_af(werkblad, blad, pakket)
    for nummer, regel in enumerate(blad.regels):
        if nummer >= MAX_RIJEN:
            raise _past_niet(blad.naam)
        if regel.hoogte is not None:
            werkblad.set_row(nummer, regel.hoogte)
        kolom = 0
        for vak in regel.vakken:
            if vak.breed > 1:
                werkblad.merge_range(nummer, kolom, nummer, kolom + vak.breed - 1, "", stijlen[vak.stijl])
            _schrijf_vak(werkblad, nummer, kolom, vak, stijlen)
            kolom += vak.breed
    if blad.filter is not None:
        werkblad.autofilter(0, 0, *blad.filter)
        if blad.tekstkolommen:  # text that looks like a number is meant as text
            bereik = " ".join(
                f"{xl_rowcol_to_cell(1, kolom)}:{xl_rowcol_to_cell(blad.filter[0], kolom)}"
                for kolom in blad.tekstkolommen
            )
            werkblad.ignore_errors({"number_stored_as_text": bereik})
    if blad.diagram is not None:
        _schrijf_diagram(boek, werkblad, blad.naam, blad.diagram)


def _schrijf_vak(werkblad: Any, rij: int, kolom: int, vak: Vak, stijlen: dict[str, Any]) -> None:
    waarde, stijl = vak.waarde, stijlen[vak.stijl]
    if isinstance(waarde, str) and waarde:
        tekst = veilig_xml(waarde)
        if len(tekst) > MAX_TEKST:
            raise SchrijfFout(
                f"Een tekst is langer dan {MAX_TEKST} tekens; dat past niet in een Excel-cel.",
                actie="Kies het formaat ods of csv.",
            )
        werkblad.write_string(rij, kolom, tekst, stijl)
    elif isinstance(waarde, int | float):
        werkblad.write_number(rij, kolom, waarde, stijl)
    elif isinstance(waarde, datetime):
        if waarde.tzinfo is None and waarde.year >= EERSTE_JAAR:
            werkblad.write_datetime(rij, kolom, waarde, stijlen["moment"])
        else:  # Excel has no time zones and starts in 1900: keep the whole moment as text
            werkblad.write_string(rij, kolom, waarde.isoformat(), stijl)
    elif isinstance(waarde, date) and waarde.year < EERSTE_JAAR:
        werkblad.write_string(rij, kolom, waarde.isoformat(), stijl)
    elif isinstance(waarde, date):
        werkblad.write_datetime(rij, kolom, waarde, stijlen["datum"])
    elif vak.stijl != "data":
        werkblad.write_blank(rij, kolom, None, stijl)


def _past_niet(naam: str) -> SchrijfFout:
    return SchrijfFout(f"Het blad {naam} heeft meer rijen of kolommen dan Excel aankan.", actie="Kies het formaat csv.")


def _druk_af(werkblad: Any, blad: Blad, pakket: Pakket) -> None:
    werkblad.set_paper(8 if blad.naam in ("codeboek", "data") and not blad.staand else 9)  # A3 for wide sheets
    if blad.staand:
        werkblad.set_portrait()
    else:
        werkblad.set_landscape()
    werkblad.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    if blad.herhaal is not None:
        werkblad.repeat_rows(*blad.herhaal)
    hoog = 0
    if blad.diagram is not None:
        hoog = blad.diagram.rij + blad.diagram.rijen
        werkblad.print_area(0, 0, hoog, len(blad.breedtes) - 1)
        if hoog * 20 > 0.87 * sum(blad.breedtes) * 7:  # table and chart do not fit on one page at a readable size
            werkblad.set_h_pagebreaks([blad.diagram.rij])
            hoog = 0
    werkblad.fit_to_pages(1, 1 if hoog else 0)
    naam = f"{pakket.ronde.naam}, {blad.naam}".replace("&", "&&")
    werkblad.set_footer(f'&L&"{LETTER}"&8{naam}&R&"{LETTER}"&8Pagina &P van &N')


def _schrijf_diagram(boek: xlsxwriter.Workbook, werkblad: Any, naam: str, diagram: Diagram) -> None:
    """A native clustered bar chart that refers to its data block. With constant memory XlsxWriter cannot read the
    cells back, so the cached values are handed over."""
    grafiek = boek.add_chart({"type": "bar"})
    eerste, laatste = diagram.gegevens + 1, diagram.gegevens + len(diagram.categorieen)
    kolom = 1
    for nummer, lijn in enumerate(diagram.lijnen):
        kleur = KLEUREN[nummer % len(KLEUREN)]
        reeks: dict[str, Any] = {
            "name": [naam, diagram.gegevens, kolom],
            "categories": [naam, eerste, 0, laatste, 0],
            "values": [naam, eerste, kolom, laatste, kolom],
            "name_data": [lijn.naam],
            "categories_data": list(diagram.categorieen),
            "values_data": list(lijn.waarden),
            "fill": {"color": kleur},
            "border": {"none": True},
            "gap": 55,
            "overlap": -5 if len(diagram.lijnen) > 1 else 0,
        }
        if lijn.min_:
            reeks["y_error_bars"] = {
                "type": "custom",
                "minus_values": _bereik(naam, eerste, laatste, kolom + 1),
                "plus_values": _bereik(naam, eerste, laatste, kolom + 2),
                "minus_data": list(lijn.min_),
                "plus_data": list(lijn.plus),
                "line": {"color": "#262626", "width": 1},
            }
        else:
            reeks["data_labels"] = {"value": True, "num_format": "0.0", "font": {"name": LETTER, "size": 8}}
        grafiek.add_series(reeks)
        kolom += 3 if lijn.min_ else 1
    letter = {"name": LETTER, "size": 9, "bold": False}
    grafiek.set_title(
        {"name": diagram.titel, "name_font": {"name": LETTER, "size": 11, "bold": True}, "overlay": False}
    )
    # In a bar chart of XlsxWriter x is the horizontal axis (the values) and y the vertical one (the categories).
    grafiek.set_y_axis(
        {
            "name": diagram.as_categorie,
            "name_font": letter,
            "num_font": letter,
            "reverse": True,
            "line": {"color": "#7A7A7A"},
            "major_gridlines": {"visible": False},
        }
    )
    grafiek.set_x_axis(
        {
            "name": diagram.as_waarde,
            "name_font": letter,
            "num_font": letter,
            "num_format": "0",
            "min": 0,
            "label_position": "high",
            "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9", "width": 0.75}},
            "line": {"none": True},
        }
    )
    grafiek.set_legend({"position": "bottom", "font": letter} if len(diagram.lijnen) > 1 else {"none": True})
    grafiek.set_chartarea({"border": {"color": "#D9D9D9"}})
    grafiek.set_size({"width": 760, "height": diagram.rijen * 20 - 8})
    plek = {"description": diagram.beschrijving, "object_position": 2, "x_offset": 2, "y_offset": 2}
    werkblad.insert_chart(diagram.rij, 0, grafiek, plek)


def _bereik(naam: str, eerste: int, laatste: int, kolom: int) -> str:
    begin, eind = (xl_rowcol_to_cell(rij, kolom, row_abs=True, col_abs=True) for rij in (eerste, laatste))
    return f"='{naam}'!{begin}:{eind}"
