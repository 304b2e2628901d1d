"""What is typed is kept as typed, in the order in which it was typed, until the page is saved or the case is sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aanvragen.klad import AANWEZIG, alle_klad, anderen_aanwezig, klad_van
from aanvragen.models import Aanvraag, Aanwezigheid, Kladveld
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.klad import (
    LANGSTE_VELD,
    aanwezigheid_melden,
    klad_afsluiten,
    klad_bewaren,
)
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker, LogRegel
from tests.factories.ronde import TIJDENS, maak_concept, maak_gebruiker, open_tijdvak

pytestmark = pytest.mark.django_db


@pytest.fixture
def aanvraag() -> Aanvraag:
    return maak_concept(open_tijdvak())


@pytest.fixture
def anna() -> Gebruiker:
    return maak_gebruiker()


def typ(aanvraag: Aanvraag, wie: Gebruiker, tekst: str, *, veld: str = "titel", pagina: str = "p", nr: int = 1) -> bool:
    return klad_bewaren(
        aanvraag=aanvraag,
        stap="project",
        velden={veld: [tekst]},
        basis={veld: "oud"},
        actor=wie,
        op=TIJDENS,
        pagina=pagina,
        nr=nr,
    )


@pytest.mark.parametrize("tekst", ["Halve", "", "nl00 FOUT", "x" * LANGSTE_VELD, "😀 \u202e é", "regel 1\r\nregel 2"])
def test_als_getypt_bewaard(aanvraag: Aanvraag, anna: Gebruiker, tekst: str) -> None:
    assert typ(aanvraag, anna, tekst)
    klad = klad_van(aanvraag, "project", anna)
    assert (klad.velden, klad.basis, klad.op) == ({"titel": [tekst]}, {"titel": "oud"}, TIJDENS)
    assert Aanvraag.objects.get(pk=aanvraag.pk).titel == "Project"
    assert not LogRegel.objects.filter(handeling__contains="klad").exists()


def test_een_nul_teken_kan_geen_database_bewaren(aanvraag: Aanvraag, anna: Gebruiker) -> None:
    typ(aanvraag, anna, "a\x00b")
    assert klad_van(aanvraag, "project", anna).velden == {"titel": ["ab"]}


def test_te_veel_tekst_wordt_geweigerd_en_de_vorige_blijft(aanvraag: Aanvraag, anna: Gebruiker) -> None:
    typ(aanvraag, anna, "goed")
    with pytest.raises(InvoerFout, match=r"hoogstens 250\.000 tekens"):
        typ(aanvraag, anna, "x" * (LANGSTE_VELD + 1), nr=2)
    assert klad_van(aanvraag, "project", anna).velden == {"titel": ["goed"]}


def test_een_verzoek_dat_te_laat_komt_verandert_niets(aanvraag: Aanvraag, anna: Gebruiker) -> None:
    assert typ(aanvraag, anna, "nieuw", nr=5)
    assert not typ(aanvraag, anna, "oud", nr=4)
    assert typ(aanvraag, anna, "ander apparaat", pagina="q", nr=1)
    assert klad_van(aanvraag, "project", anna).velden == {"titel": ["ander apparaat"]}


def test_na_het_bewaren_van_de_pagina_komt_er_van_die_pagina_niets_meer(aanvraag: Aanvraag, anna: Gebruiker) -> None:
    typ(aanvraag, anna, "getypt")
    klad_afsluiten(
        aanvraag=aanvraag, stap="project", blijft={"iban": ["fout"]}, basis={}, actor=anna, op=TIJDENS, pagina="p"
    )
    assert klad_van(aanvraag, "project", anna).velden == {"iban": ["fout"]}
    assert not typ(aanvraag, anna, "nog onderweg", nr=99)
    assert klad_van(aanvraag, "project", anna).velden == {"iban": ["fout"]}
    assert typ(aanvraag, anna, "opnieuw geopend", pagina="q")


def test_twee_mensen_in_hetzelfde_veld_houden_allebei_hun_tekst(aanvraag: Aanvraag, anna: Gebruiker) -> None:
    bert = maak_gebruiker()
    typ(aanvraag, anna, "van Anna")
    typ(aanvraag, bert, "van Bert")
    assert {(k.door, k.velden["titel"][0]) for k in alle_klad(aanvraag)} == {(anna, "van Anna"), (bert, "van Bert")}


def test_versturen_sluit_het_klad(aanvraag: Aanvraag, anna: Gebruiker) -> None:
    typ(aanvraag, anna, "niet bewaard")
    aanwezigheid_melden(aanvraag=aanvraag, stap="project", actor=anna, op=TIJDENS)
    aanvraag_indienen(aanvraag=aanvraag, actor=None, op=TIJDENS)
    assert (Kladveld.objects.count(), Aanwezigheid.objects.count()) == (0, 0)
    with pytest.raises(OvergangFout) as fout:
        typ(aanvraag, anna, "te laat", nr=2)
    assert fout.value.code == "aanvraag-verstuurd"


def test_aanwezig_is_twee_minuten(aanvraag: Aanvraag, anna: Gebruiker) -> None:
    bert = maak_gebruiker()
    for stap in ("project", "vragen"):
        aanwezigheid_melden(aanvraag=aanvraag, stap=stap, actor=anna, op=TIJDENS)
    assert [(w.gebruiker, w.stap) for w in anderen_aanwezig(aanvraag, bert, TIJDENS)] == [(anna, "vragen")]
    assert anderen_aanwezig(aanvraag, anna, TIJDENS) == []
    assert anderen_aanwezig(aanvraag, bert, TIJDENS + AANWEZIG - timedelta(seconds=1)) != []
    assert anderen_aanwezig(aanvraag, bert, TIJDENS + AANWEZIG) == []
