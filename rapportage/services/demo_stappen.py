"""The demonstration of a scheme in two stages: the first is decided, the second is open for who was invited."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from aanvragen.models import Aanvraag, Organisatie
from beoordeling.services.eindscore import Eindscore, eindscore_vastleggen
from rapportage.services.demo_hulp import Mensen, besluit_nemen, demoregeling, nakijken, om, ronde_openen, staf_van
from regeling.models import Tijdvak
from regeling.services.tijdvak import tijdvak_bijwerken, tijdvak_publiceren
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.simulatie.aanvragers import een_aanvraag, indienen
from uitvoering.simulatie.plan import Aanvraagplan
from uitvoering.simulatie.verdelen import loten

SLEUTEL = "demo-stappen"
#: Scores of the committee in the first stage, in total and per criterion: one above and one below the threshold of 60.
_SCORES = (
    (Decimal("82.50"), {"kwaliteit": Decimal("4.50"), "vraag": Decimal("4.10")}),
    (Decimal("45.00"), {"kwaliteit": Decimal("2.60"), "vraag": Decimal("3.00")}),
)


def stappen_maken(*, mensen: Mensen, organisatie: Organisatie, op: datetime) -> tuple[Aanvraag, Aanvraag]:
    """(invited, refused): the first proposal is of this organisation, which has not begun its full proposal yet."""
    eerste = _tijdvak(op)
    tweede = Tijdvak.objects.get(vorige_stap=eerste)
    toeval, begin = random.Random(SLEUTEL), eerste.open_op + timedelta(days=10)
    door = indienen(eerste, organisatie, toeval, begin, Aanvraagplan())
    niet_door = een_aanvraag(eerste, 400, toeval, begin + timedelta(days=2))
    na = eerste.sluit_op + timedelta(days=1)
    eerste = tijdvak_bijwerken(tijdvak=eerste, op=na)
    for zaak, (totaal, criteria) in zip((door, niet_door), _SCORES, strict=True):
        zaak = nakijken(zaak, mensen["behandelaar"], na)
        score = Eindscore(totaal=totaal, criteria=criteria, bron="commissie")
        eindscore_vastleggen(aanvraag=zaak, score=score, actor=None, op=na + timedelta(days=10))
    loten(eerste, staf_van(mensen), 1, na + timedelta(days=11))
    niet_door = besluit_nemen(
        Aanvraag.objects.get(pk=niet_door.pk),
        Besluitsoort.AFWIJZING,
        grond=Afwijzingsgrond.SCORE,
        motivering="De commissie gaf uw voorstel een score van 45,00 (van 0 tot en met 100). Dat is minder dan de "
        "60,00 die nodig is voor een uitnodiging voor de tweede stap.",
        mensen=mensen,
        op=na + timedelta(days=20),
    )
    tweede = tijdvak_publiceren(tijdvak=tweede, actor=None, op=tweede.open_op - timedelta(days=14))
    tijdvak_bijwerken(tijdvak=tweede, op=op)
    return Aanvraag.objects.get(pk=door.pk), niet_door


def _tijdvak(op: datetime) -> Tijdvak:
    spec = demoregeling(
        "smart-mix",
        op=op,
        regeling={"sleutel": SLEUTEL, "naam": "Onderzoek op vraag van gebruikers (demonstratie)"},
        tijdvakken=[
            {
                "sleutel": SLEUTEL,
                "naam": "Onderzoek op vraag, eerste ronde",
                "open_op": om(op, -120, 9),
                "sluit_op": om(op, -75, 17),
                "plafond": 30_000_000,
                "vervolg": {
                    "naam": "volledig voorstel",
                    "open_op": om(op, -10, 9),
                    "sluit_op": om(op, 40, 17),
                    "plaatsen": 2,
                },
            }
        ],
    )
    return ronde_openen(spec, SLEUTEL, op)
