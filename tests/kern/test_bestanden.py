"""Storing files: kind by content, random path, digest, a name that does no harm."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from PIL import Image

from kern.fouten import InvoerFout
from kern.models import Bestand
from kern.services.bestanden import bestand_opslaan, document_opslaan, soort_bepalen

OP = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
MB = 1024 * 1024


def pdf(**opties: Any) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(buffer, **opties)
    return buffer.getvalue()


def plaatje(soort: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (3, 2), "white").save(buffer, soort)
    return buffer.getvalue()


PDF, PNG, JPG = pdf(), plaatje("PNG"), plaatje("JPEG")
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 400
ALLES = ("pdf", "png", "jpg")


@pytest.mark.parametrize(
    ("inhoud", "naam", "soort"),
    [
        (PDF, "plan.pdf", "pdf"),
        (PDF, "PLAN.PDF", "pdf"),
        (PNG, "foto.png", "png"),
        (JPG, "foto.jpg", "jpg"),
        (JPG, "foto.jpeg", "jpg"),
    ],
)
def test_soort_volgt_uit_de_inhoud(inhoud: bytes, naam: str, soort: str) -> None:
    assert soort_bepalen(inhoud, naam, ALLES) == soort


@pytest.mark.parametrize(
    ("inhoud", "naam", "toegestaan", "code"),
    [
        (EXE, "plan.pdf", ALLES, "verkeerde-bestandssoort"),
        (b"zomaar tekst", "plan.pdf", ALLES, "verkeerde-bestandssoort"),
        (PNG, "foto.png", ("pdf",), "verkeerde-bestandssoort"),
        (b"<svg onload='x'/>", "foto.png", ALLES, "verkeerde-bestandssoort"),
        (PNG, "foto.pdf", ALLES, "verkeerde-bestandsnaam"),
        (PDF, "plan.pdf.exe", ALLES, "verkeerde-bestandsnaam"),
        (PDF, "plan", ALLES, "verkeerde-bestandsnaam"),
        (PDF, ".pdf.", ALLES, "verkeerde-bestandsnaam"),
        (PDF[:40], "plan.pdf", ALLES, "bestand-beschadigd"),
        (PNG[:40], "foto.png", ALLES, "bestand-beschadigd"),
        (JPG[:20], "foto.jpg", ALLES, "bestand-beschadigd"),
        (pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "plan.pdf", ALLES, "bestand-beveiligd"),
        (
            pdf(encryption=pikepdf.Encryption(owner="a", user="")),
            "plan.pdf",
            ALLES,
            "bestand-beveiligd",
        ),  # opens, locked
    ],
)
def test_wat_niet_klopt_wordt_geweigerd(inhoud: bytes, naam: str, toegestaan: tuple[str, ...], code: str) -> None:
    with pytest.raises(InvoerFout) as fout:
        soort_bepalen(inhoud, naam, toegestaan)
    assert (fout.value.code, bool(fout.value.actie)) == (code, True)


def op_schijf() -> set[Path]:
    return {pad for pad in Path(settings.MEDIA_ROOT).rglob("*") if pad.is_file()}


def bewaar(inhoud: bytes, naam: str, **opties: Any) -> Bestand:
    return bestand_opslaan(inhoud=inhoud, naam=naam, actor=None, op=OP, **opties)


@pytest.mark.django_db
def test_een_bestand_wordt_bewaard_met_zijn_controlegetal() -> None:
    bestand = bewaar(PDF, "Mijn plan.pdf")
    assert (bestand.naam, bestand.mime, bestand.grootte) == ("Mijn plan.pdf", "application/pdf", len(PDF))
    assert (bestand.sha256, bestand.aangemaakt_op) == (hashlib.sha256(PDF).hexdigest(), OP)
    assert bestand.scan == "niet_gescand"
    with bestand.inhoud.open() as inhoud:
        assert inhoud.read() == PDF
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}", bestand.inhoud.name)  # nothing of the name reaches the disk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("naam", "bewaard"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        (r"C:\Users\iemand\plan.pdf", "plan.pdf"),
        ("pl\x00an\r\n.pdf", "plan.pdf"),
        ("plan\u202efdp.pdf", "planfdp.pdf"),  # a mark that turns the reading direction
        ("  plan.pdf  ", "plan.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_een_naam_kan_geen_kwaad(naam: str, bewaard: str) -> None:
    bestand = bewaar(PDF, naam)
    assert bestand.naam == bewaard
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}", bestand.inhoud.name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("inhoud", "naam", "melding"),
    [
        (b"", "leeg.pdf", "“leeg.pdf” is leeg. Kies een ander bestand."),
        (
            PDF + b" " * (MB * 3 // 2),
            "groot.v2.pdf",
            "“groot.v2.pdf” is te groot: 1,5 MB. Een bestand mag hoogstens 1 MB zijn. Maak het kleiner of splits het.",
        ),
        (
            EXE,
            "map/plan.pdf",
            "“plan.pdf” is geen bestand van de soort PDF, PNG, JPG. "
            "Kies een bestand van de soort PDF, PNG, JPG, of sla het op als PDF.",
        ),
        (
            PNG,
            "foto.jpg",
            "De naam “foto.jpg” past niet bij de inhoud: dit is een PNG-bestand. "
            "Geef het bestand een naam die eindigt op .png.",
        ),
    ],
)
def test_een_weigering_zegt_wat_te_doen_en_bewaart_niets(inhoud: bytes, naam: str, melding: str) -> None:
    voor = op_schijf()
    with pytest.raises(InvoerFout) as fout:
        bewaar(inhoud, naam, maximum_mb=1)
    assert str(fout.value) == melding
    assert (Bestand.objects.count(), op_schijf()) == (0, voor)


@pytest.mark.django_db
def test_precies_de_grootste_maat_mag() -> None:
    vol = PDF + b" " * (MB - len(PDF))
    assert bewaar(vol, "vol.pdf", maximum_mb=1).grootte == MB
    with pytest.raises(InvoerFout, match="te groot"):
        bewaar(vol + b" ", "vol.pdf", maximum_mb=1)


@pytest.mark.django_db
def test_dezelfde_inhoud_twee_keer_zijn_twee_bestanden() -> None:
    een, twee = bewaar(PDF, "plan.pdf"), bewaar(PDF, "plan.pdf")
    assert (een.sha256, een.inhoud.name != twee.inhoud.name) == (twee.sha256, True)


@pytest.mark.django_db
def test_een_eigen_document_wordt_niet_gekeurd() -> None:
    """Letters and packages are made by us: any kind, only the digest is kept."""
    bestand = document_opslaan(inhoud=b"a;b\n", naam="lijst.csv", mime="text/csv", op=OP)
    assert (bestand.mime, bestand.sha256) == ("text/csv", hashlib.sha256(b"a;b\n").hexdigest())
