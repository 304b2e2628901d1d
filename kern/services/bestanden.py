"""Storing files: type by content, size bound, random path, digest."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from datetime import datetime

import filetype
import pikepdf
from django.core.files.base import ContentFile
from PIL import Image

from kern.fouten import InvoerFout
from kern.models import Bestand, Gebruiker

MIME = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}
_EXTENSIES = {"pdf": ("pdf",), "png": ("png",), "jpg": ("jpg", "jpeg")}


def soort_bepalen(inhoud: bytes, naam: str, toegestaan: Sequence[str]) -> str:
    """Kind of a file ('pdf', 'png', 'jpg') by magic, structure and extension; all three must agree.

    Raises :class:`InvoerFout` with what to do.
    """
    leesbaar = ", ".join(soort.upper() for soort in toegestaan)
    gevonden = filetype.guess(inhoud)
    soort = gevonden.extension if gevonden else ""
    extensie = naam.rsplit(".", 1)[-1].lower() if "." in naam else ""
    if soort not in toegestaan:
        raise InvoerFout(
            f"“{naam}” is geen bestand van de soort {leesbaar}.",
            actie=f"Kies een bestand van de soort {leesbaar}, of sla het op als PDF.",
            code="verkeerde-bestandssoort",
        )
    if extensie not in _EXTENSIES[soort]:
        raise InvoerFout(
            f"De naam “{naam}” past niet bij de inhoud: dit is een {soort.upper()}-bestand.",
            actie=f"Geef het bestand een naam die eindigt op .{_EXTENSIES[soort][0]}.",
            code="verkeerde-bestandsnaam",
        )
    _open(inhoud, naam, soort)
    return soort


def _open(inhoud: bytes, naam: str, soort: str) -> None:
    try:
        if soort == "pdf":
            with pikepdf.open(io.BytesIO(inhoud)) as pdf:
                len(pdf.pages)
        else:
            with Image.open(io.BytesIO(inhoud)) as plaatje:
                plaatje.verify()
    except pikepdf.PasswordError as fout:
        raise InvoerFout(
            f"“{naam}” is beveiligd met een wachtwoord.",
            actie="Haal het wachtwoord eraf en stuur het opnieuw.",
            code="bestand-beveiligd",
        ) from fout
    except Exception as fout:  # the parsers raise many kinds; whatever they refuse is a broken file to us
        raise InvoerFout(
            f"“{naam}” is beschadigd en kan niet worden geopend.",
            actie="Maak het bestand opnieuw en stuur het nog eens.",
            code="bestand-beschadigd",
        ) from fout


def bestand_opslaan(
    *,
    inhoud: bytes,
    naam: str,
    actor: Gebruiker | None,
    op: datetime,
    soorten: Sequence[str] = ("pdf", "png", "jpg"),
    maximum_mb: int = 10,
) -> Bestand:
    """Checks and stores an upload. Raises :class:`InvoerFout`; nothing is stored then."""
    naam = _nette_naam(naam)
    if not inhoud:
        raise InvoerFout(f"“{naam}” is leeg.", actie="Kies een ander bestand.", code="bestand-leeg")
    if len(inhoud) > maximum_mb * 1024 * 1024:
        megabytes = f"{len(inhoud) / 1024 / 1024:.1f}".replace(".", ",")
        raise InvoerFout(
            f"“{naam}” is te groot: {megabytes} MB.",
            actie=f"Een bestand mag hoogstens {maximum_mb} MB zijn. Maak het kleiner of splits het.",
            code="bestand-te-groot",
        )
    soort = soort_bepalen(inhoud, naam, soorten)
    return _bewaar(inhoud, naam, MIME[soort], actor, op)


def document_opslaan(*, inhoud: bytes, naam: str, mime: str, op: datetime, actor: Gebruiker | None = None) -> Bestand:
    """Stores a file that the system made itself (letter, receipt, package)."""
    return _bewaar(inhoud, naam, mime, actor, op)


def _bewaar(inhoud: bytes, naam: str, mime: str, actor: Gebruiker | None, op: datetime) -> Bestand:
    bestand = Bestand(
        naam=naam,
        mime=mime,
        grootte=len(inhoud),
        sha256=hashlib.sha256(inhoud).hexdigest(),
        aangemaakt_op=op,
        aangemaakt_door=actor,
    )
    bestand.inhoud.save(naam, ContentFile(inhoud), save=False)
    bestand.save(force_insert=True)
    return bestand


def _nette_naam(naam: str) -> str:
    kaal = naam.replace("\\", "/").rsplit("/", 1)[-1]
    zichtbaar = "".join(teken for teken in kaal if teken.isprintable()).strip() or "bestand"
    return zichtbaar if len(zichtbaar) <= 150 else zichtbaar[-150:]
