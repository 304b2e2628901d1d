"""The evidence of a draw: its stored bytes, the package, the deed, and the check in a process of its own."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.formats import date_format

from beoordeling.loting import Mutatie as Mutatieregel
from beoordeling.loting import bereken, maak_bewijspakket, schrijf_mutaties
from beoordeling.models import Loting, Lotingbestand, Rangschikking
from kern.fouten import OvergangFout
from kern.models import Gebruiker
from kern.taal import in_het_nederlands
from regeling.ruimte import in_delen, in_woorden, uit_delen


def lotingbestand(loting: Loting, naam: str) -> bytes:
    """The bytes of one file of a draw; :class:`OvergangFout` when they are not the bytes that were written."""
    return _ongewijzigd(loting, loting.bestanden.get(naam=naam))


def lotingbestanden(loting: Loting) -> dict[str, bytes]:
    """All files of a draw, name → bytes, checked like :func:`lotingbestand`."""
    return {bestand.naam: _ongewijzigd(loting, bestand) for bestand in loting.bestanden.all()}


def _ongewijzigd(loting: Loting, bestand: Lotingbestand) -> bytes:
    """List and protocol must also be the ones whose hashes stand in the draw: those were published."""
    inhoud = bytes(bestand.inhoud)
    vastgelegd = {"protocol.json": loting.protocol_sha256, "deelnemers.csv": loting.deelnemers_sha256}
    if {hashlib.sha256(inhoud).hexdigest()} != {bestand.sha256, vastgelegd.get(bestand.naam, bestand.sha256)}:
        raise OvergangFout(
            f"Het bestand {bestand.naam} van loting {loting.kenmerk} is niet meer wat is vastgelegd.",
            actie="Ga niet verder met deze loting en waarschuw de notaris en de beheerder.",
            code="bestand-gewijzigd",
        )
    return inhoud


def bestand_bewaren(loting: Loting, naam: str, inhoud: bytes, op: datetime) -> None:
    """Writes a file of a draw, once."""
    Lotingbestand.objects.create(
        loting=loting, naam=naam, inhoud=inhoud, sha256=hashlib.sha256(inhoud).hexdigest(), op=op
    )


@in_het_nederlands
def bewijspakket(loting: Loting) -> dict[str, bytes]:
    """The evidence package: file name → bytes. Holds the mutation log when there is one."""
    if loting.getrokken_op is None:
        raise OvergangFout("Deze loting is nog niet getrokken.", actie="Het bewijs bestaat pas na de trekking.")
    bestanden = lotingbestanden(loting)
    rangschikking = getattr(loting, "rangschikking", None)
    if rangschikking is not None and rangschikking.mutaties.exists():
        bestanden["mutaties.csv"] = mutaties_csv(rangschikking)
    return maak_bewijspakket(bestanden, akte=aktetekst(loting), titel=f"Loting {loting.kenmerk}")


def mutaties_csv(rangschikking: Rangschikking) -> bytes:
    """The mutation log of a ranking in the published format."""
    return schrijf_mutaties(
        [
            Mutatieregel(nr=m.nr, soort=m.soort, kenmerk=m.kenmerk, bedrag=in_delen(m.bedrag, rangschikking.tijdvak))
            for m in rangschikking.mutaties.order_by("nr")
        ]
    )


def controleer_in_eigen_proces(pakket: dict[str, bytes]) -> None:
    """Runs the shipped script on the package in a process of its own; raises unless it says KLOPT."""
    with tempfile.TemporaryDirectory() as map_:
        for naam, inhoud in pakket.items():
            Path(map_, naam).write_bytes(inhoud)
        uitkomst = subprocess.run(
            [sys.executable, "-I", str(Path(map_, "verifieer_loting.py"))],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    if uitkomst.returncode != 0 or uitkomst.stdout.strip() != "KLOPT":
        raise OvergangFout(
            f"Het controleprogramma geeft een andere uitslag: {uitkomst.stdout.strip()} {uitkomst.stderr.strip()}",
            actie="Stel de loting niet vast en waarschuw de notaris.",
            code="bewijs-klopt-niet",
        )


def moment_tekst(op: datetime) -> str:
    """'1 maart 2026 om 10:00:00 uur', Dutch time."""
    lokaal = timezone.localtime(op)
    return f"{date_format(lokaal, 'j F Y')} om {lokaal:%H:%M:%S} uur"


def _uitkomst(loting: Loting) -> list[str]:
    """Ceiling, rule, values of the sources and what came out, from the stored files."""
    if loting.getrokken_op is None:
        return []
    uitslag = bereken(lotingbestanden(loting))
    telling = Counter("toegewezen" if isinstance(u, int) else u.lower() for u in uitslag.stand.uitkomst)
    protocol = uitslag.protocol
    return [
        f"Te verdelen: {in_woorden(uit_delen(protocol.plafond_cent, loting.tijdvak), loting.tijdvak)}",
        f"Regel als een aanvraag niet past: {protocol.regel}",
        *[f"Waarde van de bron {bron}: {waarde}" for bron, waarde in uitslag.bronwaarden.waarden.items()],
        "Uitkomst: " + ", ".join(f"{aantal} {woord}" for woord, aantal in sorted(telling.items())),
        f"SHA-256 van uitkomst.csv: {loting.bestanden.get(naam='uitkomst.csv').sha256}",
    ]


def aktetekst(loting: Loting) -> str:
    """The deed in plain words: who fixed what, when."""

    def wie(persoon: Gebruiker | None) -> str:
        return str(persoon) if persoon else "het systeem"

    regels = [
        f"Akte van de loting {loting.kenmerk}",
        "",
        f"Tijdvak: {loting.tijdvak.naam} ({loting.tijdvak.sleutel})",
        f"Regeling: {loting.tijdvak.spec.regeling.naam}, versie {loting.tijdvak.regelingversie.versie}",
        f"Aantal aanvragen op de lijst: {loting.aantal}",
        f"SHA-256 van de lijst: {loting.deelnemers_sha256}",
        f"SHA-256 van het protocol (H_P): {loting.protocol_sha256}",
        *_uitkomst(loting),
        "",
        "Alle tijden zijn Nederlandse tijd.",
    ]
    stappen = [
        ("Lijst voorbereid", loting.voorbereid_op, loting.voorbereid_door),
        ("Lijst bevroren", loting.bevroren_op, loting.bevroren_door),
        (f"H_P gepubliceerd ({loting.gepubliceerd_waar})", loting.gepubliceerd_op, loting.gepubliceerd_door),
        ("Bronnen vastgelegd", loting.bronnen_op, loting.bronnen_door),
        ("Getrokken", loting.getrokken_op, loting.getrokken_door),
        ("Vastgesteld", loting.vastgesteld_op, loting.vastgesteld_door),
    ]
    regels += [f"{wat}: {moment_tekst(op)}, door {wie(door)}" for wat, op, door in stappen if op is not None]
    return "\n".join(regels) + "\n"
