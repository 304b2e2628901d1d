"""A simulated round of a proposed version: asked in the browser, played in a process and a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.models import Proefronde, Regelingvoorstel
from regeling.selectors_voorstel import spec_van_voorstel

#: Applications of a simulated round; more would keep the queue too long.
HOOGSTENS = 100
#: Seconds that a round may take. Shorter than what the worker calls a lost task.
TIJD = 480
INSTELLINGEN = "config.settings.proef"
_LANG_GELEDEN = timedelta(minutes=15)


def proefronde_aanvragen(
    *, voorstel: Regelingvoorstel, tijdvak: str, aantal: int, verwacht: int, actor: Gebruiker, op: datetime
) -> Proefronde:
    """Puts a simulated round in the queue. ``aantal`` applications are played, with the ceilings of round ``tijdvak``
    made smaller as ``aantal`` is to ``verwacht``. Raises :class:`BestandFout` when the text cannot be read."""
    eis_rol(actor, Rol.BEHEERDER)
    if not 1 <= aantal <= HOOGSTENS:
        raise InvoerFout(f"Kies 1 tot en met {HOOGSTENS} aanvragen voor de proefronde.", veld="aantal")
    with transaction.atomic():
        voorstel = vergrendel(voorstel)
        spec_van_voorstel(voorstel).tijdvak(tijdvak)
        if voorstel.proefrondes.filter(klaar_op=None, gevraagd_op__gt=op - _LANG_GELEDEN).exists():
            raise OvergangFout(
                "Er loopt al een proefronde van dit voorstel.",
                actie="Wacht tot die klaar is. Ververs de pagina na een minuut.",
                code="proefronde-loopt",
            )
        proef = Proefronde.objects.create(
            voorstel=voorstel,
            nummer=voorstel.nummer,
            tijdvak=tijdvak,
            aantal=aantal,
            verwacht=max(aantal, verwacht),
            gevraagd_op=op,
            gevraagd_door=actor,
        )
        log_schrijven(
            Logpost(
                keten=keten_van(voorstel),
                handeling="proefronde_aanvragen",
                op=op,
                actor=actor,
                gegevens={"nummer": voorstel.nummer, "tijdvak": tijdvak, "aantal": aantal},
            )
        )
        nummer = proef.pk
        transaction.on_commit(lambda: proefronde_taak.enqueue(nummer))
    return proef


@task()
def proefronde_taak(nummer: int) -> str:
    """Background work: plays one round; a round that is done is not played again."""
    return proefronde_spelen(proef=Proefronde.objects.get(pk=nummer), op=timezone.now()).melding


def proefronde_spelen(*, proef: Proefronde, op: datetime) -> Proefronde:
    """Plays the round of ``proef`` outside this database and keeps its figures, or why there are none."""
    if proef.klaar_op is not None:
        return proef
    bewerking = proef.voorstel.bewerkingen.get(nummer=proef.nummer)
    uitkomst, melding = _speel(bewerking.tekst, proef)
    with transaction.atomic():
        proef = Proefronde.objects.select_for_update().get(pk=proef.pk)
        if proef.klaar_op is None:
            proef.klaar_op, proef.uitkomst, proef.melding = max(op, timezone.now()), uitkomst, melding
            proef.save(update_fields=["klaar_op", "uitkomst", "melding"])
    return proef


def _speel(tekst: str, proef: Proefronde) -> tuple[dict[str, Any] | None, str]:
    """(figures, '') or (None, why not)."""
    with tempfile.TemporaryDirectory(prefix="stimulans-proef-") as map_:
        bestand = Path(map_, "voorstel.toml")
        bestand.write_text(tekst, encoding="utf-8")
        opdracht = [sys.executable, str(Path(settings.BASE_DIR, "manage.py")), "proefronde", str(bestand)]
        opdracht += ["--ronde", proef.tijdvak, "--aantal", str(proef.aantal), "--verwacht", str(proef.verwacht)]
        omgeving = {
            naam: waarde
            for naam, waarde in os.environ.items()
            if naam not in {"DATABASE_URL", "REDIS_URL"} and not naam.startswith("STIMULANS_")
        } | {
            "DJANGO_SETTINGS_MODULE": INSTELLINGEN,
            "STIMULANS_SECRET_KEY": "proefronde",
            "STIMULANS_BESTANDEN": map_,
            "STIMULANS_VOORBEELDEN": map_,
        }
        try:
            uit = subprocess.run(
                opdracht, env=omgeving, cwd=map_, capture_output=True, text=True, timeout=TIJD, check=False
            )
        except subprocess.TimeoutExpired:
            return None, f"De proefronde duurde langer dan {TIJD // 60} minuten. Kies minder aanvragen."
    if uit.returncode != 0:
        regels = [regel for regel in uit.stderr.splitlines() if regel.strip()]
        return None, (regels[-1] if regels else "De proefronde is gestopt.").removeprefix("CommandError: ")[:1000]
    cijfers: dict[str, Any] = json.loads(uit.stdout.strip().splitlines()[-1])
    return cijfers, ""
