"""A scheme of two stages, and its proposals after the ranking of the first."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from aanvragen.models import Aanvraag
from beoordeling.services.eindscore import Eindscore, eindscore_vastleggen
from regeling.lezen import regeling_uit_dict
from regeling.models import Tijdvak
from regeling.services.catalogus import ronde_uit_spec
from regeling.services.tijdvak import tijdvak_bijwerken, tijdvak_publiceren
from tests.factories.ronde import (
    BESLUIT,
    NA,
    OPEN,
    SLUIT,
    VOOR,
    Staf,
    loting_tot,
    maak_compleet,
    regeling_dict,
    vers,
)

ANKERS = ["een", "twee", "drie", "vier", "vijf"]
OPEN_2, SLUIT_2 = BESLUIT + timedelta(days=30), BESLUIT + timedelta(days=60)


def twee_rondes(*, reservelijst: bool = False) -> tuple[Tijdvak, Tijdvak]:
    """Two places in the second stage; one criterion in the first, two in the second."""
    inhoud = regeling_dict("tweestaps", plafond=3000)
    inhoud["verdeling"] |= {
        "methode": "rangschikking",
        "eenheid_loting": "aanvraag",
        "drempel": 50,
        "stappen": 2,
        "beoordelaars": 1,
        "reservelijst": reservelijst,
    }
    inhoud["subsidie"] |= {"vorm": "subsidie"}
    del inhoud["subsidie"]["voucher_geldig_maanden"]
    inhoud["criteria"] = [
        {"code": "idee", "naam": "Idee", "gewicht": 100, "stap": 1, "ankers": ANKERS},
        {"code": "aanpak", "naam": "Aanpak", "gewicht": 60, "stap": 2, "ankers": ANKERS},
        {"code": "gebruik", "naam": "Gebruik", "gewicht": 40, "stap": 2, "ankers": ANKERS},
    ]
    inhoud["tijdvakken"][0]["vervolg"] = {"naam": "volledig", "open_op": OPEN_2, "sluit_op": SLUIT_2, "plaatsen": 2}
    spec = regeling_uit_dict(inhoud, "proef.toml")
    eerste = ronde_uit_spec(spec=spec, bestand="proef", sleutel="tweestaps-1", actor=None, op=VOOR)
    eerste = tijdvak_publiceren(tijdvak=eerste, actor=None, op=VOOR)
    eerste = tijdvak_bijwerken(tijdvak=eerste, op=OPEN)
    return eerste, Tijdvak.objects.get(vorige_stap=eerste)


def na_stap_1(rondes: tuple[Tijdvak, Tijdvak], staf: Staf, *totalen: int) -> list[Aanvraag]:
    """Complete proposals with these totals, drawn; in the order given."""
    eerste, _ = rondes
    zaken = [maak_compleet(eerste, staf.behandelaar) for _ in totalen]
    for zaak, totaal in zip(zaken, totalen, strict=True):
        score = Eindscore(totaal=Decimal(totaal), criteria={"idee": Decimal(totaal) / 25 + 1}, bron="commissie")
        eindscore_vastleggen(aanvraag=zaak, score=score, actor=None, op=NA)
    tijdvak_bijwerken(tijdvak=vers(eerste), op=SLUIT)
    loting_tot(vers(eerste), staf)
    return [vers(zaak) for zaak in zaken]
