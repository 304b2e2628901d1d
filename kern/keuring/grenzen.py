"""What a file may be at most, and why it can be refused. Sizes in bytes unless named otherwise."""

from __future__ import annotations

MB = 1024 * 1024

#: Zip (docx, xlsx, odt, ods), read from the central directory before anything is unpacked (H1).
ZIP_ONDERDELEN = 200
ZIP_UITGEPAKT = 50 * MB
ZIP_VERHOUDING = 100
#: A small part may be squeezed more: a sheet of 200 kB with the same value everywhere is no bomb.
ZIP_KLEIN = 1 * MB
#: Spreadsheets (H2).
RIJEN = 50_000
KOLOMMEN = 200
PDF_BLADZIJDEN = 250
#: Depth of nested dictionaries in a PDF object.
PDF_DIEPTE = 60
#: Pixels of an image, and of its longest side.
BEELDPUNTEN = 60_000_000
BEELDZIJDE = 20_000
#: Preview of a PDF: width of the image in pixels, the highest page, and how many pages are shown.
VOORBEELD_BREED = 900
VOORBEELD_HOOG = 1800
VOORBEELD_BLADZIJDEN = 50
#: The child process (F11).
KIND_GEHEUGEN = 600 * MB
KIND_CPU_SECONDEN = 5
KIND_WACHT_SECONDEN = 20

#: The test string of virus scanners, in two parts so that this file is not taken for a virus itself.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Geweigerd(Exception):
    """The file is refused; ``oorzaak`` is a key of `kern.weigering.TEKSTEN`."""

    def __init__(self, oorzaak: str, detail: str = "") -> None:
        super().__init__(f"{oorzaak} {detail}".strip())
        self.oorzaak = oorzaak
        self.detail = detail
