"""Vouchers: issued with the grant, ordered in time, and not from one's own adviser."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from kern.fouten import InvoerFout, OvergangFout
from kern.models import LogRegel
from regeling.enums import Boekingsoort
from regeling.models import Boeking
from tests.factories.ronde import (
    BESLUIT,
    eis_grootboek_klopt,
    geloot,
    maak_adviseur,
    maak_staf,
    tabel,
    verleen,
    vers,
)
from uitvoering.models import Voucher
from uitvoering.services.voucher import voucher_opdragen, voucher_uitgeven
from uitvoering.vouchercode import normaliseer

pytestmark = pytest.mark.django_db


def verleende(**opties: Any) -> Aanvraag:
    staf = maak_staf()
    _, zaken = geloot(1, staf, **opties)
    return verleen(zaken[0], staf)


def test_met_de_verlening_komt_de_voucher() -> None:
    aanvraag = verleende()
    voucher = aanvraag.voucher
    assert (voucher.status, voucher.bedrag, voucher.uitgegeven_op) == ("uitgegeven", 1000, BESLUIT)
    assert normaliseer(voucher.code) == voucher.code
    assert voucher.geldig_tot == date(2027, 4, 6)  # twelve months after 6 April 2026
    uitgifte = Boeking.objects.get(soort=Boekingsoort.UITGIFTE)
    assert (uitgifte.bedrag, uitgifte.onderwerp, uitgifte.plafond.uitgegeven) == (1000, aanvraag.pk, 1000)
    assert [regel.handeling for regel in LogRegel.objects.filter(keten=f"voucher:{voucher.pk}")] == ["uitgeven"]
    eis_grootboek_klopt(aanvraag.tijdvak)


@pytest.mark.parametrize(("maanden", "tot"), [(10, date(2027, 2, 6)), (None, date(2027, 4, 6))])
def test_de_geldigheid_staat_in_de_regeling(maanden: int | None, tot: date) -> None:
    velden = {} if maanden is None else {"voucher_geldig_maanden": maanden}
    subsidie = {naam: w for naam, w in tabel("subsidie")["subsidie"].items() if naam != "voucher_geldig_maanden"}
    assert verleende(tabellen={"subsidie": {**subsidie, **velden}}).voucher.geldig_tot == tot


def test_een_gewone_subsidie_heeft_geen_voucher() -> None:
    subsidie = {naam: w for naam, w in tabel("subsidie")["subsidie"].items() if naam != "voucher_geldig_maanden"}
    aanvraag = verleende(tabellen={"subsidie": {**subsidie, "vorm": "subsidie"}})
    assert (Voucher.objects.count(), Boeking.objects.filter(soort=Boekingsoort.UITGIFTE).count()) == (0, 0)
    assert aanvraag.status == Status.VERLEEND


def test_een_aanvraag_heeft_een_voucher() -> None:
    aanvraag = verleende()
    with pytest.raises(IntegrityError), transaction.atomic():
        voucher_uitgeven(aanvraag=aanvraag, bedrag=aanvraag.voucher.bedrag, actor=None, op=BESLUIT)
    assert Voucher.objects.get() == vers(aanvraag).voucher


def test_opdragen_begint_het_project() -> None:
    aanvraag, adviseur = verleende(), maak_adviseur()
    voucher = voucher_opdragen(voucher=aanvraag.voucher, adviseur=adviseur, actor=None, op=BESLUIT)
    assert (voucher.status, voucher.adviseur, voucher.opgedragen_op) == ("opgedragen", adviseur, BESLUIT)
    assert vers(aanvraag).status == Status.IN_UITVOERING
    regel = LogRegel.objects.get(keten=f"voucher:{voucher.pk}", handeling="opdragen")
    assert regel.gegevens == {"adviseur": str(adviseur.pk)}


def test_opdragen_gaat_een_keer() -> None:
    aanvraag, eerste = verleende(), maak_adviseur()
    voucher_opdragen(voucher=aanvraag.voucher, adviseur=eerste, actor=None, op=BESLUIT)
    with pytest.raises(OvergangFout):
        voucher_opdragen(voucher=aanvraag.voucher, adviseur=maak_adviseur(), actor=None, op=BESLUIT)
    assert vers(aanvraag.voucher).adviseur == eerste


#: The last moment of 6 April 2027 in the Netherlands (summer time).
LAATSTE = datetime(2027, 4, 6, 21, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(("moment", "mag"), [(LAATSTE, True), (LAATSTE + timedelta(seconds=1), False)])
def test_na_de_laatste_dag_is_een_voucher_verlopen(moment: datetime, mag: bool) -> None:
    aanvraag = verleende()
    opties: dict[str, Any] = {"voucher": aanvraag.voucher, "adviseur": maak_adviseur(), "actor": None, "op": moment}
    if mag:
        assert voucher_opdragen(**opties).status == "opgedragen"
        return
    with pytest.raises(OvergangFout) as fout:
        voucher_opdragen(**opties)
    assert fout.value.code == "voucher-verlopen"
    assert (vers(aanvraag.voucher).status, vers(aanvraag).status) == ("uitgegeven", Status.VERLEEND)


@pytest.mark.parametrize("onafhankelijk", [True, False])
def test_een_adviseur_van_de_eigen_organisatie(onafhankelijk: bool) -> None:
    aanvraag = verleende(tabellen={"adviseur": {"nodig": True, "onafhankelijk": onafhankelijk}})
    eigen = maak_adviseur(kvk_nummer=aanvraag.organisatie.kvk_nummer)
    opties: dict[str, Any] = {"voucher": aanvraag.voucher, "adviseur": eigen, "actor": None, "op": BESLUIT}
    if not onafhankelijk:
        assert voucher_opdragen(**opties).adviseur == eigen
        return
    with pytest.raises(InvoerFout, match="De adviseur werkt bij uw eigen organisatie."):
        voucher_opdragen(**opties)
    assert vers(aanvraag.voucher).status == "uitgegeven"


def test_een_opdracht_zonder_adviseur_houdt_de_database_tegen() -> None:
    voucher = verleende().voucher
    voucher_opdragen(voucher=voucher, adviseur=maak_adviseur(), actor=None, op=BESLUIT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Voucher.objects.filter(pk=voucher.pk).update(adviseur=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Voucher.objects.filter(pk=voucher.pk).update(bedrag=0)
