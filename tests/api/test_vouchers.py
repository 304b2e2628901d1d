"""Checking a voucher: the standing and nothing about the holder."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from aanvragen.models import Adviseur
from kern.services.overgang import overgang_toepassen
from tests.api.conftest import Wereld
from tests.factories.api import maak_voucher
from tests.factories.ronde import NA
from uitvoering.vouchercode import maak

pytestmark = pytest.mark.django_db
PAD = "/api/v1/vouchers/_controleer"


def controleer(client: Client, wereld: Wereld, code: object) -> Any:
    antwoord = client.post(PAD, {"code": code}, content_type="application/json", headers=wereld.kop)
    assert antwoord.status_code == 200, antwoord.content
    return antwoord.json()


def test_geldige_voucher_hoe_iemand_de_code_ook_typt(client: Client, wereld: Wereld) -> None:
    vandaag = timezone.localdate()
    voucher = maak_voucher(wereld.vreemd, geldig_tot=vandaag)  # also of a case that the partner may not see
    verwacht = {"status": "geldig", "waarde": "18000.00", "geldigTot": vandaag.isoformat()}
    for vorm in (voucher.code, voucher.code.lower(), voucher.code.replace("-", ""), f" {voucher.code} "):
        assert controleer(client, wereld, vorm) == verwacht
    tekst = client.post(PAD, {"code": voucher.code}, content_type="application/json", headers=wereld.kop).content
    for geheim in (wereld.vreemd.kenmerk, wereld.vreemd.organisatie.naam, str(wereld.vreemd.pk), str(voucher.pk)):
        assert geheim.encode() not in tekst


def test_verlopen_op_de_dag_na_de_laatste_dag(client: Client, wereld: Wereld) -> None:
    gisteren = timezone.localdate() - timedelta(days=1)
    voucher = maak_voucher(wereld.eigen, geldig_tot=gisteren)
    verwacht = {"status": "verlopen", "waarde": "18000.00", "geldigTot": gisteren.isoformat()}
    assert controleer(client, wereld, voucher.code) == verwacht


@pytest.mark.parametrize(
    ("stappen", "stand"),
    [
        ([], "geldig"),
        (["opdragen"], "gebruikt"),
        (["opdragen", "declareren"], "gebruikt"),
        (["opdragen", "declareren", "verzilveren"], "gebruikt"),
        (["verlopen"], "verlopen"),
        (["intrekken"], "verlopen"),
        (["opdragen", "intrekken"], "verlopen"),
    ],
)
def test_stand_volgt_de_voucher(client: Client, wereld: Wereld, stappen: list[str], stand: str) -> None:
    voucher = maak_voucher(wereld.eigen, geldig_tot=timezone.localdate() + timedelta(days=30))
    for stap in stappen:
        extra = {"adviseur": Adviseur.objects.create(naam="Adviseur")} if stap == "opdragen" else {}
        voucher = overgang_toepassen(voucher, stap, actor=None, op=NA, **extra)
    assert controleer(client, wereld, voucher.code)["status"] == stand


def test_onbekend_en_tikfout_zijn_hetzelfde_en_kosten_hetzelfde(
    client: Client, wereld: Wereld, django_assert_num_queries: Any
) -> None:
    voucher = maak_voucher(wereld.eigen, geldig_tot=timezone.localdate())
    fout = ("B" if voucher.code[0] == "A" else "A") + voucher.code[1:]
    for code in (maak(), fout, "kort", "-", "' OR 1=1 --", "ÅÄÖ" * 5):
        with django_assert_num_queries(3):  # token, partner, voucher
            assert controleer(client, wereld, code) == {"status": "onbekend", "waarde": None, "geldigTot": None}
    with django_assert_num_queries(3):
        assert controleer(client, wereld, voucher.code)["status"] == "geldig"


@pytest.mark.parametrize(
    "body", [{}, {"code": ""}, {"code": None}, {"code": 1}, {"code": "A" * 41}, {"code": "A", "x": 1}]
)
def test_foute_invoer_400(client: Client, wereld: Wereld, body: dict[str, object]) -> None:
    antwoord = client.post(PAD, body, content_type="application/json", headers=wereld.kop)
    assert antwoord.status_code == 400
    assert [fout["name"] for fout in antwoord.json()["invalidParams"]] == ["x" if "x" in body else "code"]
