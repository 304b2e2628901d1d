"""Storing files: judged by content in a child process, scanned for viruses, under a random path with a digest.

Judging takes a second and needs no database, so it comes before the transaction: `bestand_keuren`, then
`bestand_bewaren`. `bestand_opslaan` does both.
"""

from __future__ import annotations

import errno
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import filetype
from django.core.files.base import ContentFile
from django.db import transaction

from kern.enums import Scanuitslag
from kern.fouten import InvoerFout, OpslagFout
from kern.keuring.grenzen import Geweigerd
from kern.models import Bestand, Gebruiker
from kern.services.berichten import bericht_klaarzetten
from kern.services.keuring import keuren
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.services.virusscan import scannen
from kern.taal import in_het_nederlands
from kern.weigering import weigering

logger = logging.getLogger(__name__)
MIME = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
#: Kinds that are a zip inside.
KANTOOR = frozenset({"docx", "xlsx", "odt", "ods"})
_EXTENSIES = {soort: (soort,) for soort in MIME} | {"jpg": ("jpg", "jpeg")}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_VERSLEUTELD = "EncryptedPackage".encode("utf-16-le")
_VOL = {errno.ENOSPC, errno.EDQUOT}
#: Files that wait for the scanner, looked at per run.
_PER_RONDE = 20


def soort_bepalen(inhoud: bytes, naam: str, toegestaan: Sequence[str]) -> str:
    """Kind of a file (a key of ``MIME``) by its first bytes, what is inside and its name; all three must agree.

    Raises :class:`InvoerFout` with the cause and what to do.
    """
    gevonden = filetype.guess(inhoud)
    magie = "zip" if inhoud.startswith(b"PK\x03\x04") else gevonden.extension if gevonden else ""
    if inhoud.startswith(_OLE) and _VERSLEUTELD in inhoud and KANTOOR & set(toegestaan):
        raise weigering("beveiligd", naam)  # a docx or xlsx with a password is wrapped in the old format
    soort, oorzaak = _gekeurd(inhoud, magie)
    mag = magie in toegestaan or (magie == "zip" and bool(KANTOOR & set(toegestaan)))
    if oorzaak and (mag or oorzaak == "virus"):
        raise weigering(oorzaak, naam)
    if soort not in toegestaan:
        raise _verkeerde_soort(naam, toegestaan)
    extensie = naam.rsplit(".", 1)[-1].lower() if "." in naam else ""
    if extensie not in _EXTENSIES[soort]:
        raise InvoerFout(
            f"De naam “{naam}” past niet bij de inhoud: dit is een {soort.upper()}-bestand.",
            actie=f"Geef het bestand een naam die eindigt op .{_EXTENSIES[soort][0]}.",
            code="verkeerde-bestandsnaam",
        )
    return soort


def _gekeurd(inhoud: bytes, magie: str) -> tuple[str, str]:
    """(kind, cause of refusal)."""
    try:
        return keuren(inhoud, magie), ""
    except Geweigerd as fout:
        return "", fout.oorzaak


def _verkeerde_soort(naam: str, toegestaan: Sequence[str]) -> InvoerFout:
    leesbaar = ", ".join(soort.upper() for soort in toegestaan)
    return InvoerFout(
        f"“{naam}” is geen bestand van de soort {leesbaar}.",
        actie=f"Kies een bestand van de soort {leesbaar}, of sla het op als PDF.",
        code="verkeerde-bestandssoort",
    )


@dataclass(frozen=True)
class Gekeurd:
    """An upload that may be kept: clean name, bytes, media type, outcome of the virus scan (never BESMET)."""

    naam: str
    inhoud: bytes
    mime: str
    scan: Scanuitslag


def bestand_keuren(
    *, inhoud: bytes, naam: str, soorten: Sequence[str] = ("pdf", "png", "jpg"), maximum_mb: int = 10
) -> Gekeurd:
    """Judges an upload; raises :class:`InvoerFout` with the cause. Touches no database; takes up to some seconds."""
    naam = _nette_naam(naam)
    if not inhoud:
        raise weigering("leeg", naam)
    if len(inhoud) > maximum_mb * 1024 * 1024:
        megabytes = f"{len(inhoud) / 1024 / 1024:.1f}".replace(".", ",")
        raise InvoerFout(
            f"“{naam}” is te groot: {megabytes} MB.",
            actie=f"Een bestand mag hoogstens {maximum_mb} MB zijn. Maak het kleiner of splits het.",
            code="bestand-te-groot",
        )
    try:
        soort = soort_bepalen(inhoud, naam, soorten)
        scan, virus = scannen(inhoud)
        if scan == Scanuitslag.BESMET:
            logger.warning("virus in een upload: %r, sha256 %s", virus, hashlib.sha256(inhoud).hexdigest())
            raise weigering("virus", naam)
    except InvoerFout as fout:
        logger.warning("upload geweigerd: %s, %s bytes", fout.code, len(inhoud))
        raise
    return Gekeurd(naam, inhoud, MIME[soort], scan)


def bestand_bewaren(*, gekeurd: Gekeurd, actor: Gebruiker | None, op: datetime) -> Bestand:
    """Stores a judged upload. Raises :class:`OpslagFout` when it cannot be written; nothing is left behind then."""
    try:
        return _bewaar(gekeurd.inhoud, gekeurd.naam, gekeurd.mime, actor, op, gekeurd.scan)
    except OSError as fout:
        logger.exception("bestand niet bewaard: %s bytes", len(gekeurd.inhoud))
        raise OpslagFout(vol=fout.errno in _VOL, naam=gekeurd.naam) from fout


def bestand_opslaan(
    *,
    inhoud: bytes,
    naam: str,
    actor: Gebruiker | None,
    op: datetime,
    soorten: Sequence[str] = ("pdf", "png", "jpg"),
    maximum_mb: int = 10,
) -> Bestand:
    """Judges and stores an upload. Raises :class:`InvoerFout` or :class:`OpslagFout`; nothing is stored then."""
    gekeurd = bestand_keuren(inhoud=inhoud, naam=naam, soorten=soorten, maximum_mb=maximum_mb)
    return bestand_bewaren(gekeurd=gekeurd, actor=actor, op=op)


def document_opslaan(*, inhoud: bytes, naam: str, mime: str, op: datetime, actor: Gebruiker | None = None) -> Bestand:
    """Stores a file that the system made itself (letter, receipt, package)."""
    return _bewaar(inhoud, naam, mime, actor, op, Scanuitslag.NIET_GESCAND)


def _bewaar(inhoud: bytes, naam: str, mime: str, actor: Gebruiker | None, op: datetime, scan: Scanuitslag) -> Bestand:
    bestand = Bestand(
        naam=naam,
        mime=mime,
        grootte=len(inhoud),
        sha256=hashlib.sha256(inhoud).hexdigest(),
        scan=scan,
        aangemaakt_op=op,
        aangemaakt_door=actor,
    )
    bestand.inhoud.save(naam, ContentFile(inhoud), save=False)
    try:
        bestand.save(force_insert=True)
    except Exception:
        bestand.inhoud.storage.delete(str(bestand.inhoud.name))
        raise
    return bestand


def bestanden_nascannen(*, op: datetime) -> int:
    """Scans what came in while the scanner was silent; releases it, or locks it and tells who sent it.

    Run by the worker. Returns how many got an outcome.
    """
    klaar = 0
    for pk in list(
        Bestand.objects.filter(scan=Scanuitslag.WACHT)
        .order_by("aangemaakt_op", "pk")[:_PER_RONDE]
        .values_list("pk", flat=True)
    ):
        bestand = Bestand.objects.get(pk=pk)
        with bestand.inhoud.open("rb") as stroom:
            uitslag, virus = scannen(stroom.read())
        if uitslag == Scanuitslag.WACHT:
            return klaar  # still silent: the next run goes on here
        klaar += _uitslag_vastleggen(bestand, uitslag, virus, op)
    return klaar


@in_het_nederlands
def _uitslag_vastleggen(bestand: Bestand, uitslag: Scanuitslag, virus: str, op: datetime) -> int:
    with transaction.atomic():
        if not Bestand.objects.filter(pk=bestand.pk, scan=Scanuitslag.WACHT).update(scan=uitslag):
            return 0
        log_schrijven(
            Logpost(
                keten=keten_van(bestand),
                handeling="bestand_nascannen",
                op=op,
                van=Scanuitslag.WACHT,
                naar=uitslag,
                gegevens={"sha256": bestand.sha256, **({"virus": virus} if virus else {})},
            )
        )
        afzender = bestand.aangemaakt_door
        if uitslag == Scanuitslag.BESMET and afzender is not None:
            bericht_klaarzetten(
                sleutel=f"virus-{bestand.pk}",
                aan=afzender.email,
                op=op,
                onderwerp="In een bestand dat u stuurde, zit een virus",
                tekst=(
                    f"U stuurde op {bestand.aangemaakt_op:%d-%m-%Y} het bestand “{bestand.naam}”.\n"
                    "Onze virusscanner heeft er een virus in gevonden. Niemand kan het bestand openen.\n\n"
                    "Controleer uw computer op virussen. Log daarna in en stuur een schoon bestand.\n"
                ),
            )
    return 1


def _nette_naam(naam: str) -> str:
    kaal = naam.replace("\\", "/").rsplit("/", 1)[-1]
    zichtbaar = "".join(teken for teken in kaal if teken.isprintable()).strip() or "bestand"
    return zichtbaar if len(zichtbaar) <= 150 else zichtbaar[-150:]
