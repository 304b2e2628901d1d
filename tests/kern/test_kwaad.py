"""Hostile files: each is refused with its own message, in a child, and nothing of it is kept (P8, H1-H6, H12)."""

from __future__ import annotations

import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from kern.fouten import InvoerFout
from kern.keuring.grenzen import Geweigerd
from kern.models import Bestand
from kern.services import keuring
from kern.services.bestanden import bestand_opslaan, soort_bepalen
from kern.weigering import TEKSTEN
from tests.kern import kwaad

OP = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


def op_schijf() -> set[Path]:
    return {pad for pad in Path(settings.MEDIA_ROOT).rglob("*") if pad.is_file()}


@pytest.mark.django_db
@pytest.mark.parametrize("geval", kwaad.ALLES, ids=lambda geval: geval.wat)
def test_een_kwaad_bestand_wordt_geweigerd(geval: kwaad.Kwaad) -> None:
    voor = op_schijf()
    with pytest.raises(InvoerFout) as fout:
        bestand_opslaan(inhoud=geval.maak(), naam=geval.naam, actor=None, op=OP, soorten=kwaad.SOORTEN, maximum_mb=50)
    assert (fout.value.code, bool(fout.value.actie), fout.value.http_status) == (geval.code, True, 400)
    assert (Bestand.objects.count(), op_schijf()) == (0, voor)


@pytest.mark.parametrize(
    ("naam", "inhoud", "soort"),
    kwaad.goede_bestanden(),
    ids=[f"{nr}-{naam}" for nr, (naam, _, _) in enumerate(kwaad.goede_bestanden())],
)
def test_een_gewoon_bestand_mag(naam: str, inhoud: bytes, soort: str) -> None:
    assert soort_bepalen(inhoud, naam, kwaad.SOORTEN) == soort


def test_elke_oorzaak_heeft_een_geval() -> None:
    """Every text can be reached; 'te-zwaar' is the child that dies, tested below."""
    codes = {geval.code for geval in kwaad.ALLES}
    assert {code for code, _, _ in TEKSTEN.values()} - codes == {"bestand-te-ingewikkeld"}
    for _, melding, actie in TEKSTEN.values():
        assert "{naam}" in melding
        assert actie.endswith(".")


def test_een_kantoorbestand_mag_alleen_waar_de_regeling_het_zegt() -> None:
    with pytest.raises(InvoerFout) as fout:
        soort_bepalen(kwaad.docx(), "plan.docx", ("pdf",))
    assert fout.value.code == "verkeerde-bestandssoort"
    with pytest.raises(InvoerFout) as fout:  # not refused for its macro: it would not be taken without one either
        soort_bepalen(kwaad.docx(extra={"word/vbaProject.bin": b"x"}), "plan.docx", ("pdf",))
    assert fout.value.code == "verkeerde-bestandssoort"
    with pytest.raises(InvoerFout) as fout:
        soort_bepalen(kwaad.docx(), "plan.xlsx", kwaad.SOORTEN)
    assert (fout.value.code, "DOCX" in fout.value.melding) == ("verkeerde-bestandsnaam", True)


@pytest.mark.traag
def test_een_kind_dat_sterft_is_een_weigering(caplog: pytest.LogCaptureFixture) -> None:
    """A sheet within all bounds that takes more than five seconds: the child dies, this process goes on."""
    cel = "".join(f"<c><v>{n * 7919 % 10_007}</v></c>" for n in range(190))
    rijen = "".join(f'<row r="{n}" ht="{n * 104_729 % 999_983}">{cel}</row>' for n in range(1, 12_000))
    with pytest.raises(Geweigerd) as fout:
        keuring.keuren(kwaad.xlsx(blad=f"<sheetData>{rijen}</sheetData>", inpakken=False), "zip")
    assert fout.value.oorzaak == "te-zwaar"
    assert "kind stopte met" in caplog.text
    assert keuring.keuren(kwaad.pdf(), "pdf") == "pdf"


@pytest.mark.django_db
def test_de_server_zelf_blijft_klein() -> None:
    """The parent never unfolds what strangers send (P8): its peak hardly grows over the whole corpus."""
    bestanden = [(geval.maak(), geval.naam) for geval in kwaad.ALLES if "bom" in geval.wat]
    voor = _piek()
    for inhoud, naam in bestanden:
        with pytest.raises(InvoerFout):
            bestand_opslaan(inhoud=inhoud, naam=naam, actor=None, op=OP, soorten=kwaad.SOORTEN, maximum_mb=50)
    assert _piek() - voor < 200 * 1024 * 1024


def _piek() -> int:
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@pytest.mark.parametrize("naam", ["../../etc/passwd", "a\x00b", "a\r\nSet-Cookie: x", "..", "/", "\u202e\u202d"])
def test_een_naam_wordt_nooit_een_pad(naam: str) -> None:
    from django.core.files.storage import default_storage

    from kern.models import _opslagpad
    from kern.services.bestanden import _nette_naam

    net = _nette_naam(naam)
    assert net.isprintable()
    assert "/" not in net
    assert _opslagpad(Bestand(), naam).replace("/", "").isalnum()
    with pytest.raises(ValueError, match="openbaar adres"):
        default_storage.url("x")


def test_de_bommen_zijn_echt_bommen() -> None:
    """Small to send, large to open; else the tests above would prove nothing."""
    assert len(kwaad.png_bom()) < 2_000
    assert len(kwaad.pdf_bom()) < 2_000
    assert len(next(geval for geval in kwaad.ALLES if geval.wat == "afmetingenbom").maak()) < 5_000
