"""What an analyst chooses for an evaluation export."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portalen.formulieren.medewerker import Medewerkerformulier
from rapportage.profielen import ONDERZOEKER, OPENBAAR


class Exportformulier(Medewerkerformulier):
    """Round, format, profile, and for whom."""

    tijdvak = forms.ChoiceField(label=_("Tijdvak"))
    profiel = forms.ChoiceField(
        label=_("Voor wie"),
        choices=[
            (OPENBAAR, _("Openbaar: alleen tabellen, kleine aantallen zijn weggelaten")),
            (ONDERZOEKER, _("Onderzoeker: gegevens per aanvraag met een pseudoniem, alleen onder overeenkomst")),
        ],
        widget=forms.RadioSelect,
        initial=OPENBAAR,
    )
    formaat = forms.ChoiceField(
        label=_("Formaat"),
        choices=[
            ("xlsx", _("Excel (xlsx)")),
            ("ods", _("LibreOffice (ods)")),
            ("csv", _("Map met csv-bestanden (zip)")),
        ],
        widget=forms.RadioSelect,
        initial="xlsx",
    )
    voor_wie = forms.CharField(
        label=_("Naam van de ontvanger"), help_text=_("Dit komt in het bestand en in het spoor."), max_length=200
    )
    doel = forms.CharField(label=_("Waarvoor"), help_text=_("Bijvoorbeeld: evaluatie van de regeling."), max_length=300)

    def __init__(self, *args: Any, tijdvakken: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tijdvak"].choices = [("", _("Kies een tijdvak")), *tijdvakken]  # type: ignore[attr-defined]
