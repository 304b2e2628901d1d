"""Images: really that kind, whole, not too large to unfold, and nothing else glued to them."""

from __future__ import annotations

import io
import re
import zipfile

from kern.keuring.grenzen import BEELDPUNTEN, BEELDZIJDE, Geweigerd

_PILLOW = {"png": "PNG", "jpg": "JPEG"}
#: What a browser or a shell would run when it took the image for a page.
_BLADZIJDE = re.compile(rb"<\s*(?:script|html|svg|iframe)\b|<\?php", re.I)


def keuren(inhoud: bytes, soort: str) -> None:
    """``soort``: 'png' or 'jpg'. Raises :class:`Geweigerd`."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # our own bound comes first, and is an error instead of a warning
    try:
        with Image.open(io.BytesIO(inhoud), formats=[_PILLOW[soort]]) as beeld:
            if max(beeld.size) > BEELDZIJDE or beeld.width * beeld.height > BEELDPUNTEN:
                raise Geweigerd("beeldpunten")
            beeld.verify()
        with Image.open(io.BytesIO(inhoud), formats=[_PILLOW[soort]]) as beeld:
            beeld.draft(None, (64, 64))  # a JPEG is read through, not unfolded in full
            beeld.load()
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError) as fout:
        raise Geweigerd("beschadigd") from fout
    rest = _na_png(inhoud) if soort == "png" else _na_jpeg(inhoud)
    if zipfile.is_zipfile(io.BytesIO(inhoud)) or _BLADZIJDE.search(inhoud) or not _mag_erachter(rest, soort):
        raise Geweigerd("dubbel")


def _mag_erachter(rest: bytes, soort: str) -> bool:
    """Phones put a second picture or a block of their own behind a JPEG; a PNG ends where it ends."""
    leeg = not rest.strip(b"\x00\r\n\t ")
    return leeg or (soort == "jpg" and (rest.startswith(b"\xff\xd8\xff") or rest.endswith(b"SEFT")))


def _na_png(inhoud: bytes) -> bytes:
    plek = 8
    while plek + 12 <= len(inhoud):
        lengte, naam = int.from_bytes(inhoud[plek : plek + 4], "big"), inhoud[plek + 4 : plek + 8]
        plek += 12 + lengte
        if naam == b"IEND":
            return inhoud[plek:]
    raise Geweigerd("beschadigd")


def _na_jpeg(inhoud: bytes) -> bytes:
    """What stands behind the end marker. Segments carry their length; after a scan the next marker is looked for."""
    plek = 2
    while plek + 4 <= len(inhoud):
        if inhoud[plek] != 0xFF:
            raise Geweigerd("beschadigd")
        merk = inhoud[plek + 1]
        if merk == 0xFF:  # filling
            plek += 1
            continue
        plek += 2 + int.from_bytes(inhoud[plek + 2 : plek + 4], "big")
        if merk == 0xDA:
            gevonden = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]").search(inhoud, plek)
            if gevonden is None:
                raise Geweigerd("beschadigd")
            plek = gevonden.start()
            if inhoud[plek + 1] == 0xD9:
                return inhoud[plek + 2 :]
    raise Geweigerd("beschadigd")
