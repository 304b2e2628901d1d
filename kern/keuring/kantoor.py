"""Office documents (docx, xlsx, odt, ods): which one it is, and nothing in it that runs, hides or fetches."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from kern.keuring.bladen import Bladteller
from kern.keuring.grenzen import Geweigerd
from kern.keuring.zipregels import eis_onschuldig, lees, openen

_OOXML = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
_ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Parts that hold macros or programs, by name.
_MACRO = re.compile(
    r"(?:^|/)(?:vbaproject|vbadata)[^/]*$|^xl/macrosheets/|/activex/|^customui/"
    r"|^scripts/|^basic/(?!.*(?:script|dialog)-l[bc]\.xml$)",  # LibreOffice writes lists of libraries without macros
    re.I,
)
_INGESLOTEN = re.compile(r"(?:^|/)embeddings/", re.I)
_KOPPELING = re.compile(r"^xl/externallinks/", re.I)
_DDE = re.compile(r"\bDDE(?:AUTO)?\b", re.I)
#: A formula that calls another program: =cmd|'/c ...'!A0
_FORMULE_DDE = re.compile(r"^\s*[A-Za-z0-9_.]+\|")
_ODF_KOPPELING = {
    "dde-connection-decl",
    "dde-link",
    "dde-source",
    "table-source",
    "cell-range-source",
    "section-source",
}


def soort_van(inhoud: bytes) -> str:
    """'docx', 'xlsx', 'odt', 'ods', or 'zip' for any other zip without harm. Raises :class:`Geweigerd`."""
    with openen(inhoud) as zip_:
        delen = {deel.filename: lees(zip_, deel) for deel in zip_.infolist() if not deel.is_dir()}
    for naam, deel in delen.items():
        if _MACRO.search(naam):
            raise Geweigerd("macro")
        if _INGESLOTEN.search(naam) or deel.startswith(_OLE):
            raise Geweigerd("ingesloten")
        if _KOPPELING.search(naam):
            raise Geweigerd("koppeling")
        eis_onschuldig(deel)
    soort = _soort(delen)
    for naam, deel in delen.items():
        if deel and naam.endswith((".xml", ".rels", ".vml", ".rdf")):  # OpenOffice writes some of them empty
            _lees_xml(naam, deel, soort)
    return soort


def _soort(delen: dict[str, bytes]) -> str:
    if "[Content_Types].xml" in delen:
        typen = _inhoudstypen(delen["[Content_Types].xml"])
        if any("macroenabled" in type_.lower() or "vba" in type_.lower() for type_ in typen):
            raise Geweigerd("macro")
        soorten = {_OOXML[type_] for type_ in typen if type_ in _OOXML}
        if len(soorten) == 1 and "_rels/.rels" in delen:
            return soorten.pop()
    elif "mimetype" in delen and "content.xml" in delen:
        return _ODF.get(delen["mimetype"].strip(), "zip")
    return "zip"


Begin = Callable[[str, dict[str, str]], None]


def _ontleed(
    inhoud: bytes,
    *begin: Begin,
    tekst: Callable[[str], None] | None = None,
    einde: Callable[[str], None] | None = None,
) -> None:
    """Reads XML and calls ``begin`` at each element; a document type or an entity of its own is refused (H6)."""

    def weiger(*_: Any) -> int:
        raise Geweigerd("xml")

    def element(naam: str, velden: dict[str, str]) -> None:
        for functie in begin:
            functie(naam, velden)

    lezer = expat.ParserCreate(namespace_separator=" ")
    lezer.buffer_text = True
    lezer.StartDoctypeDeclHandler = lezer.EntityDeclHandler = lezer.ExternalEntityRefHandler = weiger
    lezer.StartElementHandler = (begin[0] if len(begin) == 1 else element) if begin else None
    lezer.CharacterDataHandler, lezer.EndElementHandler = tekst, einde
    try:
        lezer.Parse(inhoud, True)
    except expat.ExpatError as fout:
        raise Geweigerd("beschadigd") from fout


def _inhoudstypen(inhoud: bytes) -> set[str]:
    typen: set[str] = set()
    _ontleed(inhoud, lambda naam, velden: typen.add(velden.get("ContentType", "")))
    return typen


def _lees_xml(naam: str, inhoud: bytes, soort: str) -> None:
    if naam.endswith(".rels"):
        _ontleed(inhoud, _relatie)
    elif soort == "xlsx" and naam.startswith("xl/worksheets/"):
        teller = Bladteller()
        formule = _Tekst("f")
        _ontleed(inhoud, teller.xlsx, formule.begin, tekst=formule.tekst, einde=formule.einde)
        if any(_FORMULE_DDE.search(tekst) for tekst in formule.gelezen):
            raise Geweigerd("koppeling")
    elif soort == "docx" and naam.startswith("word/"):
        veld = _Tekst("instrText", "instr")
        _ontleed(inhoud, veld.begin, tekst=veld.tekst, einde=veld.einde)
        # Word may cut a field in pieces: look at them one by one and glued together.
        if any(_DDE.search(tekst) for tekst in [*veld.gelezen, "".join(veld.gelezen)]):
            raise Geweigerd("koppeling")
    elif soort in {"odt", "ods"}:
        teller = Bladteller()
        _ontleed(inhoud, _odf, teller.ods)
    else:
        _ontleed(inhoud)


class _Tekst:
    """Collects the text of the elements with this local name, and an attribute with this local name of any."""

    def __init__(self, element: str, veld: str = "") -> None:
        self.element, self.veld = element, veld
        self.gelezen: list[str] = []
        self._binnen = False

    def begin(self, naam: str, velden: dict[str, str]) -> None:
        self._binnen = _lokaal(naam) == self.element
        if self._binnen:
            self.gelezen.append("")
        self.gelezen += [waarde for sleutel, waarde in velden.items() if self.veld and _lokaal(sleutel) == self.veld]

    def tekst(self, tekst: str) -> None:
        if self._binnen:
            self.gelezen[-1] += tekst

    def einde(self, naam: str) -> None:
        self._binnen = False


def _lokaal(naam: str) -> str:
    return naam.rsplit(" ", 1)[-1]


def _relatie(naam: str, velden: dict[str, str]) -> None:
    """A link to another place that is fetched or run by itself; a link that a reader clicks is allowed."""
    soort = velden.get("Type", "").rsplit("/", 1)[-1].lower()
    if soort in {"vbaproject", "wordvbadata", "control", "activexcontrolbinary", "xlmacrosheet"}:
        raise Geweigerd("macro")
    if velden.get("TargetMode", "").lower() == "external" and soort != "hyperlink":
        raise Geweigerd("koppeling")
    if soort in {"oleobject", "package", "attachedtoolbars"}:
        raise Geweigerd("ingesloten")


def _odf(naam: str, velden: dict[str, str]) -> None:
    lokaal = _lokaal(naam)
    if lokaal in _ODF_KOPPELING:
        raise Geweigerd("koppeling")
    if lokaal == "encryption-data":
        raise Geweigerd("beveiligd")
    if lokaal in {"event-listener", "applet", "plugin"}:
        raise Geweigerd("macro")
    if lokaal in {"object-ole", "floating-frame"}:
        raise Geweigerd("ingesloten")
    if lokaal in {"object", "image"}:
        adres = next((waarde for sleutel, waarde in velden.items() if _lokaal(sleutel) == "href"), "")
        if "://" in adres or adres.startswith(("/", "\\", "..")):
            raise Geweigerd("koppeling")
