"""The OpenDocument workbook: the same sheets as the Excel one, without charts. Streamed with the standard library."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from rapportage.schrijvers import Pakket, atomisch, veilig_xml
from rapportage.schrijvers.blad import Blad, Regel, Vak, bladen

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_DATUM = (1980, 1, 1, 0, 0, 0)  # fixed: the same content gives the same bytes
_NS = " ".join(
    f'xmlns:{naam}="urn:oasis:names:tc:opendocument:xmlns:{pad}:1.0"'
    for naam, pad in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "number": "datastyle",
        "meta": "meta",
        "config": "config",
    }.items()
)
_NS += ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
_NS += ' xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'
_KOP = '<?xml version="1.0" encoding="UTF-8"?>\n'

# Number styles: (condition, before, decimals, after) per case; the last case has no condition.
# decimals None = text only. A case that covers negative values writes its own minus sign.
_Geval = tuple[str, str, int | None, str]
_GETALLEN: dict[str, tuple[_Geval, ...]] = {
    "aantal": ((">0", "", 0, ""), ("<0", "-", 0, ""), ("", "-", None, "")),
    "euro": ((">0", "€ ", 0, ""), ("<0", "€ -", 0, ""), ("", "-", None, "")),
    "factor": ((">0", "", 2, ""), ("<0", "-", 2, ""), ("", "-", None, "")),
    "percentage": ((">0", "", 1, ""), ("<0", "-", 1, ""), ("", "-", None, "")),
    "pp": ((">0", "+", 1, ""), ("<0", "-", 1, ""), ("", "", 1, "")),
    "p": (("<0.001", "< 0,001", None, ""), ("", "", 3, "")),
    "bi_laag": ((">=0", "[", 1, ";"), ("", "[-", 1, ";")),
    "bi_hoog": ((">=0", "", 1, "]"), ("", "-", 1, "]")),
    "bipp_laag": ((">=0", "[", 1, ";"), ("", "[-", 1, ";")),
    "bipp_hoog": ((">=0", "", 1, "]"), ("", "-", 1, "]")),
    "hulp": ((">=0", "", 1, ""), ("", "-", 1, "")),
}
_VORMEN = {"staand": ("portrait", "21cm", "29.7cm"), "liggend": ("landscape", "29.7cm", "21cm")}
_DUIZENDTALLEN = frozenset({"aantal", "euro"})
_WIT = 'fo:wrap-option="wrap"'
_ONDERLIJN, _BOVENLIJN = 'fo:border-bottom="0.75pt solid #1f4e79"', 'fo:border-top="0.75pt solid #bfbfbf"'
# style -> (cell properties, paragraph alignment, text properties)
_OPMAAK: dict[str, tuple[str, str, str]] = {
    "titel": ("", "start", 'fo:font-weight="bold" fo:font-size="13pt" fo:color="#1f4e79"'),
    "onder": (_WIT, "start", 'fo:color="#404040"'),
    "band": (f'{_WIT} fo:border-bottom="0.75pt solid #bfbfbf"', "center", 'fo:font-weight="bold" fo:color="#1f4e79"'),
    "kop": (f'{_WIT} fo:background-color="#e7edf3" {_ONDERLIJN}', "end", 'fo:font-weight="bold"'),
    "kop_midden": (f'{_WIT} fo:background-color="#e7edf3" {_ONDERLIJN}', "center", 'fo:font-weight="bold"'),
    "kop_links": (f'{_WIT} fo:background-color="#e7edf3" {_ONDERLIJN}', "start", 'fo:font-weight="bold"'),
    "datakop": (f'{_WIT} fo:background-color="#e7edf3" {_ONDERLIJN}', "start", 'fo:font-weight="bold"'),
    "label": ("", "start", ""),
    "lees": ("", "start", ""),
    "label_onder": ("", "start", 'fo:color="#404040"'),
    "basis_label": (_BOVENLIJN, "start", 'fo:font-weight="bold"'),
    "tekst": ("", "start", ""),
    "noot": (_WIT, "start", 'fo:color="#404040"'),
    "data": ("", "", ""),
    "hulp": ("", "", 'fo:font-size="8pt"'),
    "teken": ("", "end", ""),
    "teken_midden": ("", "center", ""),
    **{naam: ("", "start" if naam.endswith("hoog") else "end", "") for naam in _GETALLEN if naam != "hulp"},
}


def schrijf(pakket: Pakket, pad: Path) -> None:
    """Write the workbook to ``pad`` (:class:`SchrijfFout` when it cannot be written)."""
    lijst: list[Blad] = []
    with atomisch(pad) as tijdelijk, zipfile.ZipFile(tijdelijk, "w", zipfile.ZIP_DEFLATED) as zip_:
        zip_.writestr(_lid("mimetype", zipfile.ZIP_STORED), MIMETYPE)
        with zip_.open(_lid("content.xml"), "w", force_zip64=True) as uit:
            for deel in _inhoud(pakket, lijst):
                uit.write(deel.encode("utf-8"))
        zip_.writestr(_lid("styles.xml"), _paginas())
        zip_.writestr(_lid("settings.xml"), _instellingen(lijst))
        zip_.writestr(_lid("meta.xml"), _meta(pakket))
        zip_.writestr(_lid("META-INF/manifest.xml"), _zipmanifest())


def _lid(naam: str, soort: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    lid = zipfile.ZipInfo(naam, _DATUM)
    lid.compress_type = soort
    return lid


def _inhoud(pakket: Pakket, lijst: list[Blad]) -> Iterator[str]:
    """content.xml in pieces. Column widths are styles, and styles come first, so all sheets are laid out before; only
    the rows of the data sheet are made while writing."""
    lijst += bladen(pakket, met_diagram=False)
    breedtes = sorted({breed for blad in lijst for breed in blad.breedtes})
    hoogtes: dict[float, str] = {}
    for blad in lijst:
        if isinstance(blad.regels, list):
            for regel in blad.regels:
                if regel.hoogte is not None:
                    hoogtes.setdefault(regel.hoogte, f"r{len(hoogtes)}")
    hoogtes.setdefault(30.0, f"r{len(hoogtes)}")
    yield f"{_KOP}<office:document-content {_NS}><office:automatic-styles>"
    yield from _stijlen(breedtes, hoogtes)
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    for blad in lijst:
        vorm = "staand" if blad.staand else "liggend"
        yield f'<table:table table:name={quoteattr(blad.naam)} table:style-name="t_{vorm}">'
        yield "".join(f'<table:table-column table:style-name="k{breedtes.index(breed)}"/>' for breed in blad.breedtes)
        kopregels = 1 if blad.herhaal == (0, 0) else 0
        for nummer, regel in enumerate(blad.regels):
            rij = _rij(regel, hoogtes)
            yield f"<table:table-header-rows>{rij}</table:table-header-rows>" if nummer < kopregels else rij
        yield "</table:table>"
    ranges = "".join(
        f"<table:database-range table:name={quoteattr('filter_' + blad.naam)} "
        f"table:target-range-address={quoteattr(_bereik(blad.naam, *blad.filter))} "
        'table:display-filter-buttons="true"/>'
        for blad in lijst
        if blad.filter is not None
    )
    yield f"<table:database-ranges>{ranges}</table:database-ranges>" if ranges else ""
    yield "</office:spreadsheet></office:body></office:document-content>"


def _bereik(naam: str, rij: int, kolom: int) -> str:
    letters, over = "", kolom + 1
    while over:
        over, rest = divmod(over - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{naam}.A1:{naam}.{letters}{rij + 1}"


def _rij(regel: Regel, hoogtes: dict[float, str]) -> str:
    stijl = f' table:style-name="{hoogtes[regel.hoogte]}"' if regel.hoogte in hoogtes else ""
    cellen = "".join(map(_cel, regel.vakken)) or "<table:table-cell/>"
    return f"<table:table-row{stijl}>{cellen}</table:table-row>"


def _cel(vak: Vak) -> str:
    waarde, stijl = vak.waarde, "" if vak.stijl == "data" else f' table:style-name="{vak.stijl}"'
    span = f' table:number-columns-spanned="{vak.breed}" table:number-rows-spanned="1"' if vak.breed > 1 else ""
    bedekt = "<table:covered-table-cell/>" * (vak.breed - 1)
    if waarde is None or waarde == "":
        return f"<table:table-cell{stijl}{span}/>{bedekt}"
    if isinstance(waarde, int | float):
        soort, tekst = f'float" office:value="{waarde!r}', repr(waarde)
    elif isinstance(waarde, datetime) and waarde.tzinfo is not None:
        soort, tekst = "string", waarde.isoformat()
    elif isinstance(waarde, date):
        soort, tekst = f'date" office:date-value="{waarde.isoformat()}', waarde.isoformat()
        stijl = ' table:style-name="moment"' if isinstance(waarde, datetime) else ' table:style-name="datum"'
    else:
        soort, tekst = "string", waarde
    return f'<table:table-cell{stijl}{span} office:value-type="{soort}">{_alineas(tekst)}</table:table-cell>{bedekt}'


def _alineas(tekst: str) -> str:
    """Text as paragraphs. OpenDocument folds white space, so runs of spaces, tabs and line ends are marked."""
    regels = veilig_xml(tekst).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "".join(f"<text:p>{_WITRUIMTE.sub(_wit, escape(regel))}</text:p>" for regel in regels)


_WITRUIMTE = re.compile(r"^ +| +$|  +|\t")


def _wit(gevonden: re.Match[str]) -> str:
    wit = gevonden.group()
    return "<text:tab/>" if wit == "\t" else f'<text:s text:c="{len(wit)}"/>'


def _stijlen(breedtes: list[float], hoogtes: dict[float, str]) -> Iterator[str]:
    for vorm in _VORMEN:
        yield (
            f'<style:style style:name="t_{vorm}" style:family="table" style:master-page-name="{vorm}">'
            '<style:table-properties table:display="true"/></style:style>'
        )
    for nummer, breed in enumerate(breedtes):
        yield (
            f'<style:style style:name="k{nummer}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{breed * 0.198:.3f}cm"/></style:style>'
        )
    for hoogte, naam in hoogtes.items():
        yield (
            f'<style:style style:name="{naam}" style:family="table-row"><style:table-row-properties '
            f'style:row-height="{hoogte:.1f}pt" style:use-optimal-row-height="false"/></style:style>'
        )
    for naam, gevallen in _GETALLEN.items():
        yield _getalstijl(naam, gevallen)
    yield (
        '<number:date-style style:name="n_datum"><number:year number:style="long"/><number:text>-</number:text>'
        '<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/>'
        "</number:date-style>"
    )
    yield (
        '<number:date-style style:name="n_moment"><number:year number:style="long"/><number:text>-</number:text>'
        '<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/>'
        '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>'
        '<number:minutes number:style="long"/><number:text>:</number:text><number:seconds number:style="long"/>'
        "</number:date-style>"
    )
    for naam, (cel, uitlijning, letter) in _OPMAAK.items():
        yield _celstijl(naam, naam, cel, uitlijning, letter)
        yield _celstijl(f"{naam}_basis", naam, f"{cel} {_BOVENLIJN}", uitlijning, f'{letter} fo:font-weight="bold"')
    yield _celstijl("datum", "datum", "", "", "")
    yield _celstijl("moment", "moment", "", "", "")


def _getalstijl(naam: str, gevallen: tuple[_Geval, ...]) -> str:
    uit, kaarten = "", ""
    for nummer, (voorwaarde, voor, decimalen, na) in enumerate(gevallen):
        getal = ""
        if decimalen is not None:
            groep = ' number:grouping="true"' if naam in _DUIZENDTALLEN else ""
            getal = f'<number:number number:decimal-places="{decimalen}" number:min-integer-digits="1"{groep}/>'
        eigen = f"n_{naam}p{nummer}" if voorwaarde else f"n_{naam}"
        voor, na = (f"<number:text>{escape(deel)}</number:text>" if deel else "" for deel in (voor, na))
        tekst = voor + getal + na
        if voorwaarde:
            kaarten += (
                f'<style:map style:condition="{escape(f"value(){voorwaarde}")}" style:apply-style-name="{eigen}"/>'
            )
        vluchtig = ' style:volatile="true"' if voorwaarde else ""
        uit += f'<number:number-style style:name="{eigen}"{vluchtig}>{tekst}{"" if voorwaarde else kaarten}'
        uit += "</number:number-style>"
    return uit


def _celstijl(naam: str, getal: str, cel: str, uitlijning: str, letter: str) -> str:
    bron = f' style:data-style-name="n_{getal}"' if getal in _GETALLEN or getal in ("datum", "moment") else ""
    alinea = f'<style:paragraph-properties fo:text-align="{uitlijning}"/>' if uitlijning else ""
    if naam.startswith("label_onder"):
        alinea = '<style:paragraph-properties fo:text-align="start" fo:margin-left="0.3cm"/>'
    vast = ' style:text-align-source="fix"' if uitlijning else ""
    grootte = "" if "fo:font-size" in letter else ' fo:font-size="10pt"'
    if letter.count("fo:font-weight") > 1:
        letter = letter.replace(' fo:font-weight="bold"', "", 1)
    if cel.count("fo:border-top") > 1:
        cel = cel.replace(_BOVENLIJN, "", 1)
    return (
        f'<style:style style:name="{naam}" style:family="table-cell"{bron}>'
        f'<style:table-cell-properties style:vertical-align="top"{vast} {cel}/>{alinea}'
        f'<style:text-properties fo:font-family="Arial"{grootte} {letter}/></style:style>'
    )


def _paginas() -> str:
    """styles.xml: A4, one page wide, upright or on its side."""
    vormen, meesters = "", ""
    for vorm, (stand, breed, hoog) in _VORMEN.items():
        vormen += (
            f'<style:page-layout style:name="p_{vorm}"><style:page-layout-properties style:print-orientation="{stand}" '
            f'fo:page-width="{breed}" fo:page-height="{hoog}" fo:margin="1.3cm" style:scale-to-X="1" '
            'style:scale-to-Y="0"/></style:page-layout>'
        )
        meesters += f'<style:master-page style:name="{vorm}" style:page-layout-name="p_{vorm}"/>'
    return (
        f"{_KOP}<office:document-styles {_NS}><office:automatic-styles>{vormen}</office:automatic-styles>"
        f"<office:master-styles>{meesters}</office:master-styles></office:document-styles>"
    )


def _instellingen(lijst: list[Blad]) -> str:
    """View settings: the rows and columns that stay in view."""

    def veld(naam: str, soort: str, waarde: int) -> str:
        return f'<config:config-item config:name="{naam}" config:type="{soort}">{waarde}</config:config-item>'

    bladen_ = ""
    for blad in lijst:
        rijen, kolommen = blad.vast
        velden = ""
        if rijen or kolommen:
            velden = veld("HorizontalSplitMode", "short", 2 if kolommen else 0)
            velden += veld("VerticalSplitMode", "short", 2 if rijen else 0)
            velden += veld("HorizontalSplitPosition", "int", kolommen) + veld("VerticalSplitPosition", "int", rijen)
            velden += veld("ActiveSplitRange", "short", 3)
            velden += veld("PositionRight", "int", kolommen) + veld("PositionBottom", "int", rijen)
        bladen_ += (
            f"<config:config-item-map-entry config:name={quoteattr(blad.naam)}>{velden}</config:config-item-map-entry>"
        )
    return (
        f"{_KOP}<office:document-settings {_NS}><office:settings>"
        '<config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        '<config:config-item config:name="ViewId" config:type="string">view1</config:config-item>'
        f'<config:config-item-map-named config:name="Tables">{bladen_}</config:config-item-map-named>'
        "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set>"
        "</office:settings></office:document-settings>"
    )


def _meta(pakket: Pakket) -> str:
    titel = escape(veilig_xml(f"Evaluatie {pakket.ronde.naam}"))
    return (
        f"{_KOP}<office:document-meta {_NS}><office:meta><dc:title>{titel}</dc:title>"
        f"<dc:subject>{escape(veilig_xml(pakket.ronde.regeling))}</dc:subject>"
        f"<dc:date>{escape(pakket.manifest['gemaakt']['moment'])}</dc:date>"
        f"<meta:generator>Stimulans</meta:generator></office:meta></office:document-meta>"
    )


def _zipmanifest() -> str:
    leden = "".join(
        f'<manifest:file-entry manifest:full-path="{naam}" manifest:media-type="text/xml"/>'
        for naam in ("content.xml", "styles.xml", "settings.xml", "meta.xml")
    )
    return (
        f'{_KOP}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" '
        f'manifest:media-type="{MIMETYPE}"/>{leden}</manifest:manifest>'
    )
