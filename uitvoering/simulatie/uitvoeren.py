"""A granted project in a simulation: order, claim, check, settlement, payment."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from aanvragen.models import Aanvraag, Deelnemer
from kern.enums import Rol
from kern.models import Gebruiker
from uitvoering.models import Besluit, Betaling, Declaratie, Voucher
from uitvoering.selectors import per_deelnemer, toegekende_deelnemers
from uitvoering.services.besluit import besluit_ondertekenen
from uitvoering.services.betaling import betaling_accorderen
from uitvoering.services.declaratie import (
    Kostengegevens,
    declaratie_beginnen,
    declaratie_beoordelen,
    declaratie_in_controle,
    declaratie_indienen,
    kostenregel_beoordelen,
    kostenregel_toevoegen,
)
from uitvoering.services.vaststelling import vaststelling_verzenden, vaststelling_voorstellen
from uitvoering.services.voucher import voucher_opdragen
from uitvoering.simulatie.invullen import IBAN, voorbeeld_pdf

#: Share of projects that cost less than planned, and by how much at most.
GOEDKOPER, HOOGSTENS = 0.2, 30


def zaak_uitvoeren(
    aanvraag: Aanvraag, staf: dict[Rol, Gebruiker], tweede_financieel: Gebruiker, toeval: random.Random
) -> None:
    """From the order to an approved payment."""
    behandelaar, beslisser = staf[Rol.BEHANDELAAR], staf[Rol.BESLISSER]
    op = (aanvraag.verzonden_op or timezone.now()) + timedelta(days=14)
    voucher = Voucher.objects.filter(aanvraag=aanvraag).first()
    if voucher is not None and aanvraag.adviseur is not None:
        voucher_opdragen(voucher=voucher, adviseur=aanvraag.adviseur, actor=None, op=op)
    op += timedelta(days=180)
    for lid in toegekende_deelnemers(aanvraag) if per_deelnemer(aanvraag.tijdvak.spec) else [None]:
        declaratie = declaratie_insturen(aanvraag, lid, toeval, op)
        besluit = declaratie_afhandelen(declaratie, behandelaar, op + timedelta(days=10))
        dag = op + timedelta(days=11)
        besluit = besluit_ondertekenen(besluit=besluit, actor=beslisser, op=dag)
        vaststelling_verzenden(besluit=besluit, actor=beslisser, op=dag + timedelta(days=1))
        aanvraag = Aanvraag.objects.get(pk=aanvraag.pk)
    for betaling in Betaling.objects.filter(aanvraag=aanvraag):
        betaling_accorderen(betaling=betaling, actor=tweede_financieel, op=op + timedelta(days=13))


def _posten(aanvraag: Aanvraag, lid: Deelnemer | None) -> list[tuple[str, str, Decimal, Decimal | None]]:
    """(kind, description, costs, hours) of what was planned: the budget, or the costs of one member."""
    if lid is None:
        return [(p.kostensoort, p.omschrijving, p.bedrag, p.aantal) for p in aanvraag.begroting.all()]
    return [(aanvraag.tijdvak.spec.kostensoorten[0].code, "Eigen plan", lid.kosten or Decimal(0), None)]


def declaratie_insturen(aanvraag: Aanvraag, lid: Deelnemer | None, toeval: random.Random, op: datetime) -> Declaratie:
    """A claim with an invoice for everything that was planned, handed in."""
    declaratie = declaratie_beginnen(aanvraag=aanvraag, actor=None, op=op, deelnemer=lid)
    korting = toeval.randint(5, HOOGSTENS) if toeval.random() < GOEDKOPER else 0
    for nummer, (soort, omschrijving, kosten, aantal) in enumerate(_posten(aanvraag, lid), 1):
        bedrag = (kosten * (100 - korting) / 100).quantize(Decimal("0.01"))
        kostenregel_toevoegen(
            declaratie=declaratie,
            factuur=voorbeeld_pdf(),
            factuurnaam=f"factuur-{nummer}.pdf",
            actor=None,
            op=op,
            gegevens=Kostengegevens(
                kostensoort=soort,
                omschrijving=omschrijving,
                factuurnummer=f"F{nummer:03d}",
                factuurdatum=timezone.localtime(op).date() - timedelta(days=10),
                bedrag=bedrag,
                aantal=aantal,
            ),
        )
    return declaratie_indienen(
        declaratie=declaratie, toelichting="Het project is afgerond.", iban=IBAN, actor=None, op=op
    )


def declaratie_afhandelen(declaratie: Declaratie, behandelaar: Gebruiker, op: datetime) -> Besluit:
    """The check of a claim in which nothing is wrong, up to the proposal of its settlement."""
    declaratie = declaratie_in_controle(declaratie=declaratie, actor=behandelaar, op=op)
    for regel in declaratie.regels.all():
        kostenregel_beoordelen(regel=regel, goedgekeurd=regel.bedrag, oordeel="", actor=behandelaar, op=op)
    declaratie = declaratie_beoordelen(declaratie=declaratie, actor=behandelaar, op=op)
    return vaststelling_voorstellen(
        aanvraag=declaratie.aanvraag, motivering="", actor=behandelaar, op=op, deelnemer=declaratie.deelnemer
    )
