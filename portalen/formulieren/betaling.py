"""What the bulk acts on payments ask."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portalen.formulieren.medewerker import Medewerkerformulier, tekstvak


class Weigerformulier(Medewerkerformulier):
    """Why the bank returned a payment."""

    reden = forms.CharField(
        label=_("Reden van de bank"),
        help_text=_("Neem over wat er op het bericht van de bank staat."),
        widget=tekstvak(3),
        max_length=300,
    )
