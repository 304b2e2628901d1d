"""PDF: opens, is not locked, and holds nothing that runs, starts or hides something."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from kern.keuring.grenzen import PDF_BLADZIJDEN, PDF_DIEPTE, Geweigerd

#: Keys that carry a script.
_SCRIPT = {"/JS", "/JavaScript"}
#: Kinds of action that do more than go to a page or open a web address on a click.
_ACTIES = {
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/SubmitForm",
    "/GoToE",
    "/Rendition",
    "/RichMediaExecute",
    "/GoTo3DView",
}
_INGESLOTEN = {"/EmbeddedFile", "/EmbeddedFiles", "/FileAttachment", "/RichMedia"}


def keuren(inhoud: bytes) -> None:
    """Raises :class:`Geweigerd`."""
    import pikepdf  # here: the child loads only the parser it needs

    _eis_een_bestand(inhoud)
    try:
        with pikepdf.open(io.BytesIO(inhoud)) as pdf:
            if pdf.is_encrypted:
                raise Geweigerd("beveiligd")
            _eis_begin(pdf.Root)
            for obj in pdf.objects:
                _loop_na(obj, 0)
            bladzijden = len(pdf.pages)
    except pikepdf.PasswordError as fout:
        raise Geweigerd("beveiligd") from fout
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as fout:
        raise Geweigerd("beschadigd") from fout
    if bladzijden < 1:
        raise Geweigerd("beschadigd")
    if bladzijden > PDF_BLADZIJDEN:
        raise Geweigerd("bladzijden")


def _eis_een_bestand(inhoud: bytes) -> None:
    """It ends where a PDF ends: no zip, page or program behind it (H3)."""
    einde = inhoud.rfind(b"%%EOF")
    if einde < 0:
        raise Geweigerd("beschadigd")
    if zipfile.is_zipfile(io.BytesIO(inhoud)) or inhoud[einde + 5 :].strip(b"\x00\r\n\t\f "):
        raise Geweigerd("dubbel")


def _eis_begin(wortel: Any) -> None:
    """An action at opening may only go to a page."""
    import pikepdf

    actie = wortel.get("/OpenAction")
    if isinstance(actie, pikepdf.Dictionary) and actie.get("/S") != "/GoTo":
        raise Geweigerd("script")


def _loop_na(obj: Any, diepte: int) -> None:
    """All keys and kinds of one object; objects that it points to are visited by themselves."""
    import pikepdf

    if diepte > PDF_DIEPTE:
        raise Geweigerd("beschadigd")
    if isinstance(obj, pikepdf.Stream):
        obj = obj.stream_dict
    if isinstance(obj, pikepdf.Array):
        kinderen = list(obj)
    elif isinstance(obj, pikepdf.Dictionary):
        sleutels = set(obj.keys())
        soorten = {
            str(obj[sleutel]) for sleutel in ("/S", "/Type", "/Subtype") if isinstance(obj.get(sleutel), pikepdf.Name)
        }
        if sleutels & _SCRIPT or str(obj.get("/S", "")) in _ACTIES:
            raise Geweigerd("script")
        if (sleutels | soorten) & _INGESLOTEN:
            raise Geweigerd("ingesloten")
        kinderen = [waarde for _, waarde in obj.items()]
    else:
        return
    for kind in kinderen:
        if isinstance(kind, pikepdf.Object) and not kind.is_indirect:
            _loop_na(kind, diepte + 1)


def bladzijden(inhoud: bytes) -> int:
    """How many pages there are."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(inhoud)
    try:
        return len(pdf)
    finally:
        pdf.close()


def afbeelding(inhoud: bytes, nummer: int, breed: int, hoog: int) -> bytes:
    """Page ``nummer`` (from 1) as PNG, at most ``breed`` by ``hoog`` pixels."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(inhoud)
    try:
        bladzijde = pdf[nummer - 1]
        b, h = bladzijde.get_size()
        schaal = min(breed / max(b, 1), hoog / max(h, 1), 4)
        beeld = bladzijde.render(scale=schaal, may_draw_forms=False).to_pil()
        uit = io.BytesIO()
        beeld.convert("RGB").quantize(32).save(uit, "PNG", optimize=True)  # text and lines: a tenth of the bytes
        return uit.getvalue()
    finally:
        pdf.close()
