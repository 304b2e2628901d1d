"""The evaluation export of a round: data from the database, tables and files from the pure modules, on record."""

from __future__ import annotations

import io
import secrets
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kern.enums import Rol
from kern.fouten import InvoerFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.bestanden import document_opslaan
from kern.services.spoor import Logpost, keten_van, log_schrijven
from rapportage.manifest import Exportcontext, bestandshash
from rapportage.models import Export
from rapportage.selectors import rondegegevens
from rapportage.tabellen.model import Lotinggegevens, Rondegegevens
from rapportage.werkmap import FORMATEN, Exportuitslag, maak_export
from regeling.enums import HOOFDPOT
from regeling.models import Tijdvak

PROFIELEN = ("onderzoeker", "openbaar")
_MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "application/zip",
}


@dataclass(frozen=True)
class Geexporteerd:
    """The record of an export and what was made."""

    export: Export
    uitslag: Exportuitslag


def productversie() -> str:
    """Version of this software, with the commit when the deployment names it."""
    try:
        nummer = version("stimulans")
    except PackageNotFoundError:
        nummer = settings.VERSIE
    return f"{nummer}+{settings.COMMIT}" if settings.COMMIT else nummer


def facten_van(tijdvak: Tijdvak, op: datetime) -> Rondegegevens:
    """What the tables need to know of a round besides its rows."""
    rangschikking = getattr(tijdvak, "rangschikking", None)
    loting = None
    if rangschikking is not None and rangschikking.loting is not None:
        trekking = rangschikking.loting
        loting = Lotinggegevens(
            algoritme="LOTING-HKDF-SHA256-1",
            zaad=trekking.protocol_sha256,
            budgetregel=tijdvak.verdeling.regel,
            lijst_hash=trekking.deelnemers_sha256,
            gepubliceerd_op=trekking.gepubliceerd_op,
            getrokken_op=trekking.getrokken_op,
            deelnemers=trekking.aantal,
        )
    elif rangschikking is not None and rangschikking.herkomst.get("algoritme"):
        loting = Lotinggegevens(
            algoritme=rangschikking.herkomst["algoritme"],
            zaad=rangschikking.herkomst.get("zaad"),
            budgetregel="STOP",
            deelnemers=rangschikking.plaatsen.count(),
        )
    return Rondegegevens(
        tijdvak=tijdvak.sleutel,
        naam=tijdvak.naam,
        regeling=tijdvak.spec.regeling.naam,
        methode=tijdvak.methode,
        plafond=tijdvak.plafonds.get(code=HOOFDPOT).bedrag,
        peildatum=timezone.localtime(op).date(),
        productversie=productversie(),
        maximum=tijdvak.spec.subsidie.maximum,
        loting=loting,
    )


def evaluatie_exporteren(
    *,
    tijdvak: Tijdvak,
    formaat: str,
    profiel: str,
    actor: Gebruiker | None,
    op: datetime,
    uit: Path | None = None,
    resultaten: Path | None = None,
    voor_wie: str = "",
    doel: str = "",
) -> Geexporteerd:
    """Makes an export. With ``uit`` it is written there (a folder for csv); without, it is kept in the file store.

    Raises :class:`InvoerFout` for a round without data. The trail says who exported what for whom.
    """
    eis_rol(actor, Rol.ANALIST)
    if profiel not in PROFIELEN:
        raise InvoerFout(f"Onbekend profiel: {profiel}.", actie=f"Kies uit: {', '.join(PROFIELEN)}.")
    if formaat not in FORMATEN:
        raise InvoerFout(f"Onbekend formaat: {formaat}.", actie=f"Kies uit: {', '.join(FORMATEN)}.")
    gegevens = rondegegevens(tijdvak)
    if gegevens.empty:
        raise InvoerFout(
            f"Het tijdvak “{tijdvak.sleutel}” heeft geen aanvragen om te exporteren.",
            actie="Lees eerst een ronde in met importeer_ronde, of wacht tot er aanvragen zijn.",
            code="geen-gegevens",
        )
    context = Exportcontext(
        moment=op,
        wie=str(actor or "beheer (opdrachtregel)"),
        voor_wie=voor_wie,
        doel=doel,
        sleutel=secrets.token_bytes(32),
        constraints_sha256=bestandshash(settings.BASE_DIR / "constraints.txt"),
    )
    feiten = facten_van(tijdvak, op)
    with tempfile.TemporaryDirectory() as map_:
        pad = uit or Path(map_, f"evaluatie-{tijdvak.sleutel}" + ("" if formaat == "csv" else f".{formaat}"))
        uitslag = maak_export(
            gegevens, feiten, profiel=profiel, formaat=formaat, uit=pad, resultaten=resultaten, context=context
        )
        with transaction.atomic():
            export = Export(
                tijdvak=tijdvak,
                momentopname=uitslag.momentopname,
                formaat=formaat,
                profiel=profiel,
                manifest=uitslag.manifest,
                op=op,
                door=actor,
            )
            if uit is None:
                export.bestand = document_opslaan(
                    inhoud=_inhoud(pad),
                    naam=pad.name + (".zip" if pad.is_dir() else ""),
                    mime=_MIME[formaat],
                    op=op,
                    actor=actor,
                )
            export.save(force_insert=True)
            log_schrijven(
                Logpost(
                    keten=keten_van(tijdvak),
                    handeling="exporteren",
                    op=op,
                    actor=actor,
                    gegevens={
                        "formaat": formaat,
                        "profiel": profiel,
                        "momentopname": uitslag.momentopname,
                        "voor": voor_wie,
                    },
                )
            )
    return Geexporteerd(export, uitslag)


def _inhoud(pad: Path) -> bytes:
    if pad.is_file():
        return pad.read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archief:
        for bestand in sorted(pad.iterdir()):
            archief.write(bestand, bestand.name)
    return buffer.getvalue()
