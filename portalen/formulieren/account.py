"""The name that an account needs besides e-mail and password: ``ACCOUNT_SIGNUP_FORM_CLASS``.

In a module of its own: allauth builds its sign-up form on this class, so this module may not import allauth's forms.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class Registratievelden(forms.Form):
    """Adds ``naam`` to the sign-up form and stores it on the new user."""

    field_order = ["naam", "email", "password1"]

    naam = forms.CharField(
        label=_("Uw voornaam en achternaam"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def signup(self, request: HttpRequest, user: Any) -> None:
        user.naam = self.cleaned_data["naam"]
        user.save(update_fields=["naam"])
