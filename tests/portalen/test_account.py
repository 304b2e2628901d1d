"""Sign-up fields, password advice and the texts of the account forms."""

from __future__ import annotations

import re

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.module_loading import import_string

from kern.models import Gebruiker
from portalen.formulieren.account import Registratievelden
from portalen.formulieren.accountadapter import FOUTMELDINGEN
from portalen.formulieren.accountformulieren import ACCOUNT_FORMS, HerstelSleutelFormulier
from portalen.formulieren.wachtwoord import Minimumlengte

GOED = "paarse-olifant-fietst-zacht"


@pytest.fixture(autouse=True)
def _nederlands():
    with translation.override("nl"):
        yield


@pytest.mark.django_db
def test_signup_stores_the_name():
    gebruiker = Gebruiker.objects.create_user("aanvrager@voorbeeld.example", GOED)
    formulier = Registratievelden({"naam": "  Voornaam Achternaam "})
    assert formulier.is_valid()
    formulier.signup(None, gebruiker)
    gebruiker.refresh_from_db()
    assert gebruiker.naam == "Voornaam Achternaam"


def test_signup_asks_a_name():
    formulier = Registratievelden({"naam": " "})
    assert formulier.is_valid() is False
    assert list(formulier.errors) == ["naam"]


def test_two_different_passwords():
    formulier = HerstelSleutelFormulier(
        {"password1": GOED, "password2": GOED + "!"}, user=Gebruiker(email="a@b.example")
    )
    assert formulier.errors["password2"] == [
        "De twee wachtwoorden zijn niet gelijk. Vul twee keer hetzelfde wachtwoord in."
    ]
    assert list(formulier.errors) == ["password2"]
    assert HerstelSleutelFormulier(
        {"password1": GOED, "password2": GOED}, user=Gebruiker(email="a@b.example")
    ).is_valid()


def test_missing_second_password_keeps_its_own_message():
    formulier = HerstelSleutelFormulier({"password1": GOED, "password2": ""}, user=Gebruiker(email="a@b.example"))
    assert list(formulier.errors) == ["password2"]
    assert len(formulier.errors["password2"]) == 1
    assert "niet gelijk" not in formulier.errors["password2"][0]


def test_short_password_gets_dutch_advice():
    regel = Minimumlengte(min_length=12)
    with pytest.raises(ValidationError) as opgevangen:
        regel.validate("kort")
    assert opgevangen.value.messages == ["Kies een wachtwoord van ten minste 12 tekens."]
    regel.validate("x" * 12)
    assert regel.get_help_text().startswith("Gebruik ten minste 12 tekens.")


def test_every_form_of_the_setting_exists():
    assert [import_string(pad).__name__ for pad in ACCOUNT_FORMS.values()] == [
        pad.rsplit(".", 1)[1] for pad in ACCOUNT_FORMS.values()
    ]


def test_error_texts_replace_known_ones_and_say_u():
    assert set(FOUTMELDINGEN) - set(DefaultAccountAdapter.error_messages) == set()
    teksten = " ".join(str(tekst) for tekst in FOUTMELDINGEN.values())
    assert re.findall(r"\b(?:je|jij|jouw)\b", teksten) == []
