"""Filters and tags: amounts, dates, gauge, error lines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from portalen.formulieren.weergave import Weergave
from portalen.templatetags import stimulans as tags


@pytest.fixture(autouse=True)
def _nederlands():
    with translation.override("nl"):
        yield


def toon(sjabloon: str, **context: object) -> str:
    return Template("{% load stimulans %}" + sjabloon).render(Context(context))


@pytest.mark.parametrize(
    ("waarde", "tekst"),
    [
        (Decimal("18000"), "€ 18.000"),
        (Decimal("18000.00"), "€ 18.000"),
        (Decimal("18000.5"), "€ 18.000,50"),
        (Decimal("0"), "€ 0"),
        (Decimal("0.005"), "€ 0,01"),
        (Decimal("0.995"), "€ 1"),
        (Decimal("-500"), "-€ 500"),
        (Decimal("-0.001"), "€ 0"),
        (Decimal("25200000"), "€ 25.200.000"),
        (1234, "€ 1.234"),
        ("18000.50", "€ 18.000,50"),
        (None, ""),
        ("", ""),
        ("geen getal", ""),
        (Decimal("NaN"), ""),
    ],
)
def test_euro(waarde, tekst):
    assert tags.euro(waarde) == tekst


def test_amounts_follow_the_language():
    with translation.override("en"):
        assert tags.euro(Decimal("18000.50")) == "€ 18,000.50"
        assert tags.datum(date(2026, 11, 21)) == "21 November 2026"
    with translation.override(None):
        assert tags.euro(Decimal("18000.50")) == "€ 18.000,50"


@pytest.mark.parametrize(
    ("waarde", "decimalen", "tekst"), [(4526, 0, "4.526"), (Decimal("3.14159"), 2, "3,14"), ("", 0, ""), (0, 0, "0")]
)
def test_getal(waarde, decimalen, tekst):
    assert tags.getal(waarde, decimalen) == tekst


@pytest.mark.parametrize(
    ("waarde", "decimalen", "tekst"), [(Decimal("0.753"), 0, "75%"), (0.753, 1, "75,3%"), (None, 0, "")]
)
def test_procent(waarde, decimalen, tekst):
    assert tags.procent(waarde, decimalen) == tekst


def test_datum():
    assert tags.datum(date(2026, 11, 21)) == "21 november 2026"
    assert tags.datum(date(2026, 3, 1), "kort") == "1 mrt 2026"
    assert tags.datum("2026-11-21") == ""
    assert tags.datum(None) == ""


def test_moments_are_shown_in_amsterdam():
    winter = datetime(2026, 11, 21, 16, 0, 3, tzinfo=UTC)
    zomer = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)
    assert tags.datumtijd(winter) == "21 november 2026 om 17:00 uur"
    assert tags.datumtijd(winter, "s") == "21 november 2026 om 17:00:03 uur"
    assert tags.datumtijd(winter, "kort") == "21 nov 2026, 17:00"
    assert tags.datumtijd(zomer) == "1 augustus 2026 om 00:30 uur"
    assert tags.datum(zomer) == "1 augustus 2026"
    assert tags.datumtijd(date(2026, 11, 21)) == "21 november 2026"


@pytest.mark.parametrize(
    ("waarde", "tekst"),
    [("00123456", "00123456"), ("0012 3456", "00123456"), (123456, "00123456"), ("geen", "geen"), (None, "")],
)
def test_kvk(waarde, tekst):
    assert tags.kvk(waarde) == tekst


def test_iban_verborgen():
    assert tags.iban_verborgen("NL91 ABNA 0417 1643 00") == "NL91 … 4300"
    assert tags.iban_verborgen("NL91") == ""
    assert tags.iban_verborgen(None) == ""


def test_pictogram_is_hidden_and_without_style():
    uit = toon("{% pictogram 'vink' %}")
    assert uit == (
        '<svg class="stimulans-pictogram" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" '
        'focusable="false"><path d="M4 12.5 9.5 18 20 6.5"/></svg>'
    )


@pytest.mark.parametrize(
    ("soort", "klasse"),
    [
        ("success", "ok"),
        ("ok", "ok"),
        ("error", "error"),
        ("debug", "info"),
        ("let-op", "warning"),
        ("", "info"),
        ("onbekend", "info"),
        ("extra success", "ok"),
    ],
)
def test_meldingsoort(soort, klasse):
    assert tags.meldingsoort(soort)["klasse"] == klasse


def test_melding_block_escapes_the_title_and_keeps_the_content():
    uit = toon('{% melding "warning" titel=t %}<p>{{ t }}</p>{% eindmelding %}', t="<b>x</b>")
    assert '<p class="utrecht-alert__title">&lt;b&gt;x&lt;/b&gt;</p><p>&lt;b&gt;x&lt;/b&gt;</p>' in uit
    assert '<div class="utrecht-alert utrecht-alert--warning">' in uit


def test_tabelkader_can_be_reached_by_keyboard_and_escapes_its_label():
    assert toon("{% tabelkader label=l %}<table></table>{% eindtabelkader %}", l='a"b') == (
        '<div class="utrecht-table-container" role="region" aria-label="a&quot;b" tabindex="0"><table></table></div>'
    )


def test_paginalink_keeps_the_filters():
    context = Context({"request": RequestFactory().get("/", {"status": ["a", "b"], "pagina": "2"})})
    assert Template("{% load stimulans %}{% paginalink 3 %}").render(context) == "?status=a&amp;status=b&amp;pagina=3"
    assert toon("{% paginalink 3 'p' %}") == "?p=3"


@pytest.mark.parametrize(
    ("nummer", "verwacht"),
    [(1, [1, 2, None, 12]), (5, [1, None, 4, 5, 6, None, 12]), (12, [1, None, 11, 12])],
)
def test_paginabereik(nummer, verwacht):
    assert tags.paginabereik(Paginator(range(230), 20).page(nummer)) == verwacht


DELEN = [
    {"naam": "Betaald", "bedrag": Decimal("25"), "soort": "betaald"},
    {"naam": "Verleend", "bedrag": Decimal("50"), "soort": "verleend"},
]


def test_meterdelen_adds_what_is_left():
    meter = tags.meterdelen(DELEN, Decimal("200"))
    assert [(d["x"], d["breedte"], d["aandeel"]) for d in meter["delen"]] == [
        ("0.000", "12.500", Decimal("0.125")),
        ("12.500", "25.000", Decimal("0.25")),
        ("37.500", "62.500", Decimal("0.625")),
    ]
    assert (meter["vrij"], meter["over"], meter["grens"]) == (Decimal("125"), Decimal("0"), "")


def test_meterdelen_above_the_ceiling_marks_the_ceiling():
    meter = tags.meterdelen(DELEN, Decimal("60"))
    assert [d["breedte"] for d in meter["delen"]] == ["33.333", "66.667", "0.000"]
    assert (meter["vrij"], meter["over"], meter["grens"]) == (Decimal("0"), Decimal("15"), "80.000")


def test_meterdelen_without_money():
    meter = tags.meterdelen([], Decimal("0"))
    assert [(d["naam"], d["breedte"]) for d in meter["delen"]] == [("Nog beschikbaar", "0.000")]


class Regelformulier(forms.Form):
    bedrag = forms.IntegerField(label="Bedrag", min_value=1)
    keuze = forms.ChoiceField(label="Keuze", choices=[("a", "A")], widget=forms.RadioSelect)
    geheim = forms.CharField(label="Geheim", widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("De regels samen kloppen niet.")


def test_foutregels_of_a_form():
    formulier = Regelformulier({"bedrag": "x"}, renderer=Weergave())
    assert tags.foutregels(formulier, "") == [
        {"tekst": "De regels samen kloppen niet.", "anker": ""},
        {"tekst": "Bedrag: Voer een geheel getal in.", "anker": "id_bedrag"},
        {"tekst": "Maak een keuze bij “Keuze”.", "anker": "id_keuze_0"},
        {"tekst": "Vul “Geheim” in.", "anker": ""},
    ]


def test_foutregels_of_formset_texts_and_nothing():
    Regels = forms.formset_factory(forms.Form, min_num=3, validate_min=True, extra=0)
    formset = Regels({"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"})
    assert [regel["anker"] for regel in tags.foutregels(formset)] == [""]
    assert tags.foutregels("Los bericht", None, ["Nog een"]) == [
        {"tekst": "Los bericht", "anker": ""},
        {"tekst": "Nog een", "anker": ""},
    ]
    assert tags.foutregels(Regels(), "") == []
