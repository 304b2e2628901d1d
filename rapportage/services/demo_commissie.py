"""The committee round of the demonstration: a ranking that is being scored, with something to do for every role."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from aanvragen.models import Aanvraag
from aanvragen.services.behandeling import in_behandeling_nemen
from beoordeling.enums_commissie import Commissierol, Kennis, Toewijzingstatus
from beoordeling.models import Commissie, Commissielid, Toewijzing
from beoordeling.selectors_commissie import maatstaf_van
from beoordeling.services.behandelvolgorde import toets_afronden
from beoordeling.services.commissie import Lidgegevens, commissie_instellen, deskundigheid_bewaren, lid_benoemen
from beoordeling.services.scoren import beoordeling_indienen
from beoordeling.services.toewijzen import beoordelaars_toewijzen
from beoordeling.services.toewijzing_antwoord import toewijzing_aanvaarden
from kern.models import Gebruiker
from rapportage.services.demo_hulp import Mensen, demoregeling, om, ronde_openen
from regeling.models import Tijdvak
from regeling.services.tijdvak import tijdvak_bijwerken
from uitvoering.simulatie.aanvragers import een_aanvraag

SLEUTEL = "demo-commissie"
AANTAL = 6
#: What the demonstration's people are in the committee.
_LEDEN = {
    "beoordelaar": Commissierol.LID,
    "beoordelaar2": Commissierol.LID,
    "beoordelaar3": Commissierol.LID,
    "voorzitter": Commissierol.VOORZITTER,
    "secretaris": Commissierol.SECRETARIS,
}
#: Scores of the applications that both assessors have handed in: the first agree, the second differ.
_GESCOORD = (((4, 4, 4, 4), (4, 4, 4, 3)), ((5, 5, 4, 5), (3, 2, 3, 2)))
_REDENEN = {
    5: "Overtuigend en goed uitgewerkt.",
    4: "Duidelijk en haalbaar.",
    3: "Voldoende, maar weinig concreet.",
    2: "Er ontbreekt veel.",
}


def commissieronde_maken(*, mensen: Mensen, op: datetime) -> Commissie:
    """A closed round with complete applications; two are scored, the others wait for an answer."""
    tijdvak = _tijdvak(op)
    toeval = random.Random(SLEUTEL)
    zaken = [
        een_aanvraag(tijdvak, 200 + nr, toeval, tijdvak.open_op + timedelta(days=nr, hours=nr)) for nr in range(AANTAL)
    ]
    tijdvak = tijdvak_bijwerken(tijdvak=tijdvak, op=op)
    for zaak in zaken:
        zaak = in_behandeling_nemen(aanvraag=zaak, actor=mensen["behandelaar"], op=op)
        toets_afronden(aanvraag=zaak, actor=mensen["behandelaar"], op=op)
    commissie = commissie_instellen(
        tijdvak=tijdvak,
        naam="Commissie sociale innovatie (demonstratie)",
        scoren_tot=om(op, 21, 23),
        actor=None,
        op=op,
    )
    leden = [_lid(commissie, mensen[naam], rol, op) for naam, rol in _LEDEN.items()]
    themas = tijdvak.regelingversie.regeling.themas.order_by("volgorde")
    for lid, thema in zip(leden, themas, strict=False):
        deskundigheid_bewaren(lid=lid, niveaus={thema: Kennis.DESKUNDIG}, actor=None, op=op)
    beoordelaars_toewijzen(commissie=commissie, actor=None, op=op)
    for zaak, rijen in zip(zaken, _GESCOORD, strict=False):
        _scoor(zaak, rijen, op)
    return commissie


def _tijdvak(op: datetime) -> Tijdvak:
    """The ranking scheme of 2009 with one round around today."""
    spec = demoregeling(
        "esf-e-2009",
        op=op,
        regeling={"sleutel": SLEUTEL, "naam": "Sociale innovatie met commissie (demonstratie)"},
        tijdvakken=[
            {
                "sleutel": SLEUTEL,
                "naam": "Sociale innovatie: tijdvak met commissie",
                "open_op": om(op, -45, 9),
                "sluit_op": om(op, -10, 17),
                "plafond": 300_000,
            }
        ],
    )
    return ronde_openen(spec, SLEUTEL, op)


def _lid(commissie: Commissie, gebruiker: Gebruiker, rol: Commissierol, op: datetime) -> Commissielid:
    gegevens = Lidgegevens(rol=rol, van=timezone.localtime(op).date() - timedelta(days=60))
    return lid_benoemen(commissie=commissie, gebruiker=gebruiker, gegevens=gegevens, actor=None, op=op)


def _scoor(zaak: Aanvraag, rijen: Sequence[Sequence[int]], op: datetime) -> None:
    codes = maatstaf_van(zaak.tijdvak).codes
    toewijzingen = Toewijzing.objects.filter(aanvraag=zaak, status=Toewijzingstatus.VOORGESTELD).order_by("pk")
    for toewijzing, rij in zip(toewijzingen, rijen, strict=True):
        wie = toewijzing.lid.gebruiker
        toewijzing = toewijzing_aanvaarden(toewijzing=toewijzing, verklaring=True, actor=wie, op=op)
        ingevuld = {code: (score, _REDENEN[score]) for code, score in zip(codes, rij, strict=True)}
        beoordeling_indienen(toewijzing=toewijzing, ingevuld=ingevuld, actor=wie, op=op)
