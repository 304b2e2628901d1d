"""The draw of the demonstration that waits for the dice: the list is frozen, its fingerprint was published, and the
notary can begin now."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from beoordeling.models import Loting
from beoordeling.services.loting import lijst_bevriezen, loting_publiceren, loting_voorbereiden
from rapportage.services.demo_hulp import Mensen, nakijken
from regeling.models import Tijdvak
from regeling.services.tijdvak import tijdvak_bijwerken
from uitvoering.simulatie.aanvragers import een_aanvraag
from uitvoering.simulatie.referenties import referenties_naspelen

SLEUTEL = "demo-loting"
AANTAL = 8


def loting_klaarzetten(*, mensen: Mensen, op: datetime) -> Loting:
    """Fills the closed round with complete applications and publishes the list; the dice are due since this hour."""
    tijdvak = Tijdvak.objects.get(sleutel=SLEUTEL)
    toeval, behandelaar, beslisser = random.Random(SLEUTEL), mensen["behandelaar"], mensen["beslisser"]
    zaken = [
        een_aanvraag(tijdvak, 300 + nr, toeval, tijdvak.open_op + timedelta(days=nr, hours=nr)) for nr in range(AANTAL)
    ]
    na = tijdvak.sluit_op + timedelta(days=1)
    tijdvak = tijdvak_bijwerken(tijdvak=tijdvak, op=na)
    for zaak in zaken:
        referenties_naspelen(zaak, behandelaar)
        nakijken(zaak, behandelaar, na)
    trekking = op.replace(minute=0, second=0, microsecond=0)
    loting = loting_voorbereiden(
        tijdvak=tijdvak, trekking_gepland_op=trekking, actor=behandelaar, op=trekking - timedelta(days=4)
    )
    loting = lijst_bevriezen(loting=loting, actor=beslisser, op=trekking - timedelta(days=3))
    return loting_publiceren(
        loting=loting,
        waar="Staatscourant (voor de demonstratie verzonnen)",
        actor=beslisser,
        op=trekking - timedelta(days=2),
    )
