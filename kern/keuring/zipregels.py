"""Zip files by their table of contents: bombs, hidden parts and odd names are refused before anything is unpacked."""

from __future__ import annotations

import io
import struct
import zipfile

from kern.keuring.grenzen import EICAR, ZIP_KLEIN, ZIP_ONDERDELEN, ZIP_UITGEPAKT, ZIP_VERHOUDING, Geweigerd

_KOP = struct.Struct("<4s5H3L2H")  # a local file header
#: What begins an archive; an archive in an archive hides what it holds.
_ARCHIEVEN = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\x00",
)
_PROGRAMMAS = (b"MZ", b"\x7fELF")
_STUK = 64 * 1024


def openen(inhoud: bytes) -> zipfile.ZipFile:
    """The zip, when its table of contents is honest and within bounds. Raises :class:`Geweigerd`."""
    try:
        zip_ = zipfile.ZipFile(io.BytesIO(inhoud))
    except (zipfile.BadZipFile, ValueError, RuntimeError, struct.error) as fout:
        raise Geweigerd("beschadigd") from fout
    delen = zip_.infolist()
    if len(delen) > ZIP_ONDERDELEN:
        raise Geweigerd("archief", "onderdelen")
    if sum(deel.file_size for deel in delen) > ZIP_UITGEPAKT:
        raise Geweigerd("archief", "uitgepakt")
    for deel in delen:
        _eis_deel(deel)
    if len({deel.filename for deel in delen}) != len(delen):
        raise Geweigerd("archief", "dubbele naam")
    _eis_aansluitend(inhoud, delen, zip_.comment, zip_.start_dir)
    return zip_


def _eis_deel(deel: zipfile.ZipInfo) -> None:
    naam = deel.orig_filename
    stukken = naam.replace("\\", "/").split("/")
    if naam.startswith(("/", "\\")) or ".." in stukken or ":" in stukken[0] or not naam.isprintable():
        raise Geweigerd("archief", "naam")
    if deel.flag_bits & 0x1:
        raise Geweigerd("beveiligd")
    if deel.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Geweigerd("archief", "manier van inpakken")
    if deel.file_size > ZIP_KLEIN and deel.file_size > ZIP_VERHOUDING * max(deel.compress_size, 1):
        raise Geweigerd("archief", "verhouding")


def _eis_aansluitend(inhoud: bytes, delen: list[zipfile.ZipInfo], commentaar: bytes, begin_lijst: int) -> None:
    """The parts follow each other from the first byte on, and nothing comes after: no two parts share bytes (a bomb),
    and there is no second file before or behind the zip."""
    if commentaar or inhoud.rfind(b"PK\x05\x06") != len(inhoud) - 22:
        raise Geweigerd("dubbel")
    plek = 0
    for deel in sorted(delen, key=lambda deel: deel.header_offset):
        if deel.header_offset < plek:
            raise Geweigerd("archief", "overlap")
        if deel.header_offset > plek + 64:  # room for a data descriptor, not for a second file
            raise Geweigerd("dubbel")
        kop = inhoud[deel.header_offset : deel.header_offset + _KOP.size]
        if len(kop) < _KOP.size or kop[:4] != b"PK\x03\x04":
            raise Geweigerd("beschadigd")
        *_, lengte_naam, lengte_extra = _KOP.unpack(kop)
        plek = deel.header_offset + _KOP.size + lengte_naam + lengte_extra + deel.compress_size
    if not plek <= begin_lijst <= plek + 64:
        raise Geweigerd("dubbel")


def lees(zip_: zipfile.ZipFile, deel: zipfile.ZipInfo) -> bytes:
    """One part, never more than the table of contents says. Raises :class:`Geweigerd`."""
    gelezen = bytearray()
    try:
        with zip_.open(deel) as stroom:
            while stuk := stroom.read(_STUK):
                gelezen += stuk
                if len(gelezen) > deel.file_size:
                    raise Geweigerd("archief", "uitgepakt")
    except (zipfile.BadZipFile, EOFError, ValueError, RuntimeError) as fout:
        raise Geweigerd("beschadigd") from fout
    except Exception as fout:
        if type(fout).__module__ == "zlib":
            raise Geweigerd("beschadigd") from fout
        raise
    return bytes(gelezen)


def eis_onschuldig(inhoud: bytes) -> None:
    """No archive, program or test virus among the parts."""
    if EICAR in inhoud:
        raise Geweigerd("virus")
    if inhoud.startswith(_ARCHIEVEN):
        raise Geweigerd("archief", "archief in archief")
    if inhoud.startswith(_PROGRAMMAS):
        raise Geweigerd("programma")
