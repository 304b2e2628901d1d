"""Files that mean harm, made by code, with the error that each must get; and plain files that must pass.

Nothing here is a real virus: EICAR is the harmless string that every scanner takes for one.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import openpyxl
import pikepdf
from odf.opendocument import OpenDocumentSpreadsheet, OpenDocumentText
from odf.text import P as Alinea
from PIL import Image

from kern.keuring.grenzen import EICAR

MB = 1024 * 1024
SOORTEN = ("pdf", "png", "jpg", "docx", "xlsx", "odt", "ods")
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 400
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006/relationships"
_T = "application/vnd.openxmlformats-officedocument"


# --- Building blocks ----------------------------------------------------------------------------------------------


def zip_van(delen: dict[str, bytes | str], inpakken: bool = True) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if inpakken else zipfile.ZIP_STORED) as zip_:
        for naam, deel in delen.items():
            zip_.writestr(naam, deel)
    return buffer.getvalue()


def relaties(*regels: str) -> str:
    return f'<?xml version="1.0"?><Relationships xmlns="{_P}">{"".join(regels)}</Relationships>'


def relatie(soort: str, doel: str, extern: bool = False) -> str:
    hoe = ' TargetMode="External"' if extern else ""
    return f'<Relationship Id="r1" Type="{_R}/{soort}" Target="{doel}"{hoe}/>'


def docx(*, type_: str = f"{_T}.wordprocessingml.document.main+xml", inhoud: str = "", **delen: Any) -> bytes:
    """A small Word document; ``delen`` adds parts, ``inhoud`` stands in its first paragraph."""
    basis: dict[str, bytes | str] = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/word/document.xml" ContentType="{type_}"/></Types>',
        "_rels/.rels": relaties(relatie("officeDocument", "word/document.xml")),
        "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="{_W}"><w:body><w:p><w:r><w:t>Plan</w:t></w:r>'
        f"{inhoud}</w:p></w:body></w:document>",
    }
    return zip_van({**basis, **delen.pop("extra", {})})


def xlsx(
    *, blad: str = "", type_: str = f"{_T}.spreadsheetml.sheet.main+xml", inpakken: bool = True, **delen: Any
) -> bytes:
    """A small workbook; ``blad`` is the XML inside the worksheet."""
    basis: dict[str, bytes | str] = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/xl/workbook.xml" ContentType="{type_}"/></Types>',
        "_rels/.rels": relaties(relatie("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{_S}"/>',
        "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?><worksheet xmlns="{_S}">{blad}</worksheet>',
    }
    return zip_van({**basis, **delen.pop("extra", {})}, inpakken)


def odf(soort: str = "text", inhoud: str = "", **delen: Any) -> bytes:
    """A small OpenDocument file; ``inhoud`` is XML in its content."""
    ns = "urn:oasis:names:tc:opendocument:xmlns"
    basis: dict[str, bytes | str] = {
        "mimetype": f"application/vnd.oasis.opendocument.{soort}",
        "content.xml": f'<?xml version="1.0"?><office:document-content xmlns:office="{ns}:office:1.0" '
        f'xmlns:table="{ns}:table:1.0" xmlns:text="{ns}:text:1.0" xmlns:script="{ns}:script:1.0" '
        f'xmlns:manifest="{ns}:manifest:1.0" xmlns:draw="{ns}:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"{inhoud}</office:document-content>",
    }
    return zip_van({**basis, **delen.pop("extra", {})})


def pdf(wijzig: Callable[[pikepdf.Pdf], None] | None = None, bladzijden: int = 1, **opties: Any) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(bladzijden):
            document.add_blank_page()
        if wijzig:
            wijzig(document)
        document.save(buffer, **opties)
    return buffer.getvalue()


def plaatje(soort: str = "PNG", maat: tuple[int, int] = (30, 20)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", maat, "white").save(buffer, soort)
    return buffer.getvalue()


def png_bom() -> bytes:
    """1 kB that unfolds to 10,000 megapixels."""

    def stuk(naam: bytes, inhoud: bytes) -> bytes:
        return struct.pack(">I", len(inhoud)) + naam + inhoud + struct.pack(">I", zlib.crc32(naam + inhoud))

    kop = struct.pack(">IIBBBBB", 100_000, 100_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + stuk(b"IHDR", kop) + stuk(b"IDAT", zlib.compress(b"\0" * MB)) + stuk(b"IEND", b"")


@cache
def pdf_bom() -> bytes:
    """1.5 kB whose objects unfold to 755 MB: squeezed twice."""
    pers = zlib.compressobj(9)
    eens = b"".join(pers.compress(b" " * (16 * MB)) for _ in range(45)) + pers.flush()
    pakket = zlib.compress(eens, 9)
    kop = b"%PDF-1.5\n"
    objecten = b"1 0 obj\n<</Type/ObjStm/N 1/First 6/Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s" % (
        len(pakket),
        pakket + b"\nendstream\nendobj\n",
    )
    lijst = len(kop) + len(objecten)
    rijen = (
        bytes(4)
        + b"\x01"
        + len(kop).to_bytes(2, "big")
        + bytes([0, 2, 0, 1, 0])
        + b"\x01"
        + lijst.to_bytes(2, "big")
        + b"\0"
    )
    xref = b"3 0 obj\n<</Type/XRef/Size 4/W[1 2 1]/Root 2 0 R/Length %d>>stream\n%s\nendstream\nendobj\n" % (
        len(rijen),
        rijen,
    )
    return kop + objecten + xref + b"startxref\n%d\n%%%%EOF\n" % lijst


# --- PDF ----------------------------------------------------------------------------------------------------------


def _javascript(document: pikepdf.Pdf) -> None:
    actie = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=[pikepdf.String("a"), actie]))


def _openactie(soort: str) -> Callable[[pikepdf.Pdf], None]:
    def wijzig(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name(f"/{soort}"), F=pikepdf.String("calc.exe"))

    return wijzig


def _startknop(document: pikepdf.Pdf) -> None:
    """A link on the page that starts a program; hidden in a compressed object stream when saved so."""
    actie = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    knop = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=actie)
    document.pages[0].Annots = document.make_indirect(pikepdf.Array([document.make_indirect(knop)]))


def _ingesloten(document: pikepdf.Pdf) -> None:
    document.attachments["calc.exe"] = EXE


def _ga_naar(document: pikepdf.Pdf) -> None:
    """What text processors write: open on page one. Harmless."""
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=[document.pages[0].obj, pikepdf.Name.Fit])


# --- Zip ----------------------------------------------------------------------------------------------------------


def _zip_overlap() -> bytes:
    """Two names for the same bytes, as the best zip bombs do."""
    heel = bytearray(docx(extra={"word/media/a.bin": b"x" * 5000, "word/media/b.bin": b"x" * 5000}))
    lijst = heel.find(b"PK\x01\x02")
    plekken = []
    while lijst >= 0:
        plekken.append(lijst)
        lijst = heel.find(b"PK\x01\x02", lijst + 4)
    a, b = plekken[-2:]
    heel[b + 42 : b + 46] = heel[a + 42 : a + 46]  # the second points to the first
    return bytes(heel)


def _versleutelde_zip() -> bytes:
    heel = bytearray(docx())
    plek = heel.find(b"PK\x01\x02")
    while plek >= 0:
        heel[plek + 8] |= 1
        plek = heel.find(b"PK\x01\x02", plek + 4)
    return bytes(heel)


def _xml_bom() -> str:
    regels = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE lol [{regels}]><w:document xmlns:w="{_W}">&a9;</w:document>'


_XXE = (
    f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><workbook xmlns="{_S}">&x;</workbook>'
)


@dataclass(frozen=True)
class Kwaad:
    """A hostile file: what it tries, its name, its bytes, and the code of the error it must get."""

    wat: str
    naam: str
    maak: Callable[[], bytes]
    code: str


_VEEL = {f"word/media/{n}.txt": "x" for n in range(10_000)}
_MACROTYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
_BOM = {"word/media/nul.bin": b"\0" * (40 * MB)}
_BOMMEN = {f"word/media/{n}.bin": b"\0" * (20 * MB) for n in range(3)}

ALLES = [
    Kwaad("zipbom, verhouding", "plan.docx", lambda: docx(extra=_BOM), "bestand-archief"),
    Kwaad("zipbom, uitgepakt", "plan.docx", lambda: docx(extra=_BOMMEN), "bestand-archief"),
    Kwaad("zip in zip", "plan.docx", lambda: docx(extra={"word/media/x.dat": docx()}), "bestand-archief"),
    Kwaad("10.000 onderdelen", "plan.docx", lambda: docx(extra=_VEEL), "bestand-archief"),
    Kwaad("onderdelen over elkaar", "plan.docx", _zip_overlap, "bestand-archief"),
    Kwaad("naam omhoog", "plan.docx", lambda: docx(extra={"../../etc/cron.d/x": "x"}), "bestand-archief"),
    Kwaad("vaste naam", "plan.docx", lambda: docx(extra={"/etc/cron.d/x": "x"}), "bestand-archief"),
    Kwaad("schijfletter", "plan.docx", lambda: docx(extra={"C:/Windows/x": "x"}), "bestand-archief"),
    Kwaad("wachtwoord op de zip", "plan.docx", _versleutelde_zip, "bestand-beveiligd"),
    Kwaad(
        "wachtwoord in Office", "plan.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "bestand-beveiligd"
    ),
    Kwaad("oude doc", "plan.doc", lambda: OLE, "verkeerde-bestandssoort"),
    Kwaad("macro in docx", "plan.docx", lambda: docx(extra={"word/vbaProject.bin": OLE}), "bestand-macro"),
    Kwaad("docm hernoemd", "plan.docx", lambda: docx(type_=_MACROTYPE), "bestand-macro"),
    Kwaad(
        "xlsm hernoemd",
        "cijfers.xlsx",
        lambda: xlsx(type_="application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        "bestand-macro",
    ),
    Kwaad("macroblad", "cijfers.xlsx", lambda: xlsx(extra={"xl/macrosheets/sheet1.xml": "<x/>"}), "bestand-macro"),
    Kwaad("ActiveX", "plan.docx", lambda: docx(extra={"word/activeX/activeX1.xml": "<x/>"}), "bestand-macro"),
    Kwaad("macro in odt", "plan.odt", lambda: odf(extra={"Basic/Standard/Module1.xml": "<x/>"}), "bestand-macro"),
    Kwaad("script in odt", "plan.odt", lambda: odf(extra={"Scripts/python/x.py": "x"}), "bestand-macro"),
    Kwaad("gebeurtenis in odt", "plan.odt", lambda: odf(inhoud="<script:event-listener/>"), "bestand-macro"),
    Kwaad("OLE-object", "plan.docx", lambda: docx(extra={"word/x.dat": OLE}), "bestand-in-bestand"),
    Kwaad("ingesloten bestand", "plan.docx", lambda: docx(extra={"word/embeddings/a.xlsx": "x"}), "bestand-in-bestand"),
    Kwaad("programma in docx", "plan.docx", lambda: docx(extra={"word/media/a.png": EXE}), "bestand-programma"),
    Kwaad(
        "sjabloon van elders",
        "plan.docx",
        lambda: docx(
            extra={"word/_rels/settings.xml.rels": relaties(relatie("attachedTemplate", "http://x.example/t", True))}
        ),
        "bestand-koppeling",
    ),
    Kwaad(
        "koppeling in xlsx",
        "cijfers.xlsx",
        lambda: xlsx(extra={"xl/externalLinks/externalLink1.xml": "<x/>"}),
        "bestand-koppeling",
    ),
    Kwaad(
        "DDE in docx",
        "plan.docx",
        lambda: docx(inhoud='<w:fldSimple w:instr="DDEAUTO c:\\\\cmd.exe"/>'),
        "bestand-koppeling",
    ),
    Kwaad(
        "DDE in stukken",
        "plan.docx",
        lambda: docx(
            inhoud="<w:r><w:instrText>DD</w:instrText></w:r><w:r><w:instrText>EAUTO c:\\cmd</w:instrText></w:r>"
        ),
        "bestand-koppeling",
    ),
    Kwaad(
        "DDE in xlsx",
        "cijfers.xlsx",
        lambda: xlsx(blad="<sheetData><row r='1'><c r='A1'><f>cmd|'/c calc'!A0</f></c></row></sheetData>"),
        "bestand-koppeling",
    ),
    Kwaad("DDE in ods", "cijfers.ods", lambda: odf("spreadsheet", "<table:dde-link/>"), "bestand-koppeling"),
    Kwaad(
        "afmetingenbom", "cijfers.xlsx", lambda: xlsx(blad='<dimension ref="A1:XFD1048576"/>'), "bestand-te-veel-cellen"
    ),
    Kwaad(
        "cel ver weg",
        "cijfers.xlsx",
        lambda: xlsx(blad='<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
        "bestand-te-veel-cellen",
    ),
    Kwaad(
        "herhaalde rijen",
        "cijfers.ods",
        lambda: odf(
            "spreadsheet",
            '<table:table><table:table-row table:number-rows-repeated="1048576">'
            '<table:table-cell office:value-type="float"/></table:table-row></table:table>',
        ),
        "bestand-te-veel-cellen",
    ),
    Kwaad("XXE", "cijfers.xlsx", lambda: xlsx(extra={"xl/workbook.xml": _XXE}), "bestand-onveilig"),
    Kwaad(
        "XXE in UTF-16",
        "cijfers.xlsx",
        lambda: xlsx(extra={"xl/workbook.xml": _XXE.encode("utf-16")}),
        "bestand-onveilig",
    ),
    Kwaad(
        "miljard keer lachen", "plan.docx", lambda: docx(extra={"word/document.xml": _xml_bom()}), "bestand-onveilig"
    ),
    Kwaad("javascript in pdf", "plan.pdf", lambda: pdf(_javascript), "bestand-script"),
    Kwaad("startactie", "plan.pdf", lambda: pdf(_openactie("Launch")), "bestand-script"),
    Kwaad("openactie naar web", "plan.pdf", lambda: pdf(_openactie("URI")), "bestand-script"),
    Kwaad(
        "startknop, ingepakt",
        "plan.pdf",
        lambda: pdf(_startknop, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "bestand-script",
    ),
    Kwaad("bestand in pdf", "plan.pdf", lambda: pdf(_ingesloten), "bestand-in-bestand"),
    Kwaad(
        "wachtwoord op pdf",
        "plan.pdf",
        lambda: pdf(encryption=pikepdf.Encryption(owner="a", user="b")),
        "bestand-beveiligd",
    ),
    Kwaad("te veel bladzijden", "plan.pdf", lambda: pdf(bladzijden=251), "bestand-te-veel-bladzijden"),
    Kwaad("pdf-bom", "plan.pdf", pdf_bom, "bestand-beschadigd"),
    Kwaad("pdf met zip", "plan.pdf", lambda: pdf() + zip_van({"a.html": "x"}), "bestand-dubbel"),
    Kwaad("pdf met staart", "plan.pdf", lambda: pdf() + b"<script>alert(1)</script>", "bestand-dubbel"),
    Kwaad("afgekapte pdf", "plan.pdf", lambda: pdf()[:200], "bestand-beschadigd"),
    Kwaad("docx met staart", "plan.docx", lambda: docx() + b"<html>", "bestand-dubbel"),
    Kwaad("png met zip", "foto.png", lambda: plaatje() + zip_van({"a": "x"}), "bestand-dubbel"),
    Kwaad("png met html", "foto.png", lambda: plaatje() + b"<html><script>alert(1)</script>", "bestand-dubbel"),
    Kwaad("jpg met php", "foto.jpg", lambda: plaatje("JPEG") + b"<?php system('id');", "bestand-dubbel"),
    Kwaad("jpg met staart", "foto.jpg", lambda: plaatje("JPEG") + b"iets anders", "bestand-dubbel"),
    Kwaad("gif met html", "foto.png", lambda: b"GIF89a" + b"<script>alert(1)</script>" * 9, "verkeerde-bestandssoort"),
    Kwaad("png-bom", "foto.png", png_bom, "afbeelding-te-groot"),
    Kwaad("halve png", "foto.png", lambda: plaatje()[:60], "bestand-beschadigd"),
    Kwaad("svg", "foto.png", lambda: b"<svg onload='alert(1)'/>", "verkeerde-bestandssoort"),
    Kwaad("html", "plan.pdf", lambda: b"<html><script>alert(1)</script></html>", "verkeerde-bestandssoort"),
    Kwaad("exe hernoemd", "plan.pdf", lambda: EXE, "verkeerde-bestandssoort"),
    Kwaad("dubbele extensie", "plan.pdf.exe", pdf, "verkeerde-bestandsnaam"),
    Kwaad("leesrichting omgedraaid", "plan\u202efdp.exe", pdf, "verkeerde-bestandsnaam"),
    Kwaad("EICAR", "plan.pdf", lambda: EICAR, "bestand-virus"),
    Kwaad("EICAR in pdf", "plan.pdf", lambda: pdf() + b"\n" + EICAR, "bestand-virus"),
    Kwaad("EICAR in zip", "plan.docx", lambda: docx(extra={"word/media/x.txt": EICAR}), "bestand-virus"),
    Kwaad("EICAR in losse zip", "stukken.zip", lambda: zip_van({"eicar.com": EICAR}), "bestand-virus"),
    Kwaad("losse zip", "stukken.zip", lambda: zip_van({"a.txt": "x"}), "verkeerde-bestandssoort"),
    Kwaad("0 bytes", "plan.pdf", lambda: b"", "bestand-leeg"),
]


# --- What must pass -----------------------------------------------------------------------------------------------


def _werkblad() -> bytes:
    boek = openpyxl.Workbook()
    blad = boek.active
    assert blad is not None
    for nummer in range(1, 200):
        blad.append([nummer, f"Regel {nummer}", nummer * 1.5, f"=A{nummer}*2"])
    blad["A1"].hyperlink = "https://voorbeeld.example/"
    buffer = io.BytesIO()
    boek.save(buffer)
    return buffer.getvalue()


def _opendocument(klasse: Any) -> bytes:
    document = klasse()
    if klasse is OpenDocumentText:
        document.text.addElement(Alinea(text="Ons plan"))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _leeg_herhaald() -> bytes:
    """A sheet as LibreOffice fills it up: a million empty rows."""
    return odf(
        "spreadsheet",
        '<table:table><table:table-row><table:table-cell office:value-type="float"/>'
        '<table:table-cell table:number-columns-repeated="16383"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row></table:table>',
    )


@cache
def goede_bestanden() -> list[tuple[str, bytes, str]]:
    """(name, bytes, kind) of harmless files."""
    return [
        ("plan.pdf", pdf(), "pdf"),
        ("plan.pdf", pdf(_ga_naar), "pdf"),
        ("plan.pdf", pdf(bladzijden=250), "pdf"),
        ("foto.png", plaatje(), "png"),
        ("foto.jpg", plaatje("JPEG"), "jpg"),
        ("foto.jpeg", plaatje("JPEG") + plaatje("JPEG"), "jpg"),  # phones add a second, smaller picture
        ("plan.docx", docx(), "docx"),
        (
            "plan.docx",
            docx(extra={"word/_rels/document.xml.rels": relaties(relatie("hyperlink", "https://x.example", True))}),
            "docx",
        ),
        ("cijfers.xlsx", xlsx(), "xlsx"),
        ("cijfers.xlsx", _werkblad(), "xlsx"),
        ("plan.odt", odf(), "odt"),
        ("plan.odt", odf(extra={"Configurations2/accelerator/current.xml": b""}), "odt"),  # OpenOffice writes this
        ("plan.odt", _opendocument(OpenDocumentText), "odt"),
        ("cijfers.ods", _opendocument(OpenDocumentSpreadsheet), "ods"),
        ("cijfers.ods", _leeg_herhaald(), "ods"),
    ]
