"""What the database of ``test_uitval.py`` holds after twenty kills, as one JSON line."""

from __future__ import annotations

import json
from typing import Any

import django


def main() -> None:
    django.setup()
    from aanvragen.models import Aanvraag, Kladveld, Postbusbericht
    from kern.models import Bericht, LogRegel
    from kern.services.spoor import spoor_controleren

    klad: dict[str, dict[str, str]] = {}
    for rij in Kladveld.objects.exclude(veld="__pagina"):
        klad.setdefault(str(rij.aanvraag_id), {})[rij.veld] = rij.waarde[0]
    zaken: dict[str, dict[str, Any]] = {}
    volgnummer = 0
    for aanvraag in Aanvraag.objects.exclude(kenmerk="").select_related("tijdvak", "ontvangstbewijs"):
        bevestigingen = Postbusbericht.objects.filter(aanvraag=aanvraag, sjabloon="ontvangst")
        volgnummer = aanvraag.tijdvak.volgnummer
        zaken[str(aanvraag.pk)] = {
            "kenmerk": aanvraag.kenmerk,
            "indienen": LogRegel.objects.filter(keten=f"aanvraag:{aanvraag.pk}", handeling="indienen").count(),
            "bevestigingen": bevestigingen.count(),
            "mails": Bericht.objects.filter(sleutel__in=[f"notificatie-{b.pk}" for b in bevestigingen]).count(),
            "bewijs": _bewijs(aanvraag),
        }
    print(json.dumps({"klad": klad, "zaken": zaken, "volgnummer": volgnummer, "spoor": list(spoor_controleren())}))


def _bewijs(aanvraag: Any) -> bool:
    """One whole receipt: made by whoever sent it, or by the first reader when the server died in between."""
    from aanvragen.services.indienen import ontvangstbewijs

    with ontvangstbewijs(aanvraag=aanvraag).inhoud.open("rb") as bestand:
        inhoud = bestand.read()
    return bool(inhoud.startswith(b"%PDF-") and inhoud.rstrip().endswith(b"%%EOF"))


if __name__ == "__main__":
    main()
