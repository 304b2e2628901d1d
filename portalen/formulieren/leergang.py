"""Forms of a course: groups, meetings, presence, participants and proposals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portalen.formulieren.medewerker import Medewerkerformulier, tekstvak
from portalen.formulieren.tijdvak import TijdVeld, moment
from portalen.formulieren.velden import DatumVeld
from uitvoering.models import Cursist


class Cohortformulier(Medewerkerformulier):
    """A new group."""

    naam = forms.CharField(label=_("Naam van de groep"), max_length=100)


class Bijeenkomstformulier(Medewerkerformulier):
    """The next meeting of a group."""

    dag = DatumVeld(label=_("Datum van de bijeenkomst"))
    tijd = TijdVeld(label=_("Begintijd"), help_text=_("Bijvoorbeeld 19:00."))
    plaats = forms.CharField(label=_("Plaats"), max_length=200)

    def gegevens(self) -> dict[str, Any]:
        waarden = self.cleaned_data
        return {"begint_op": moment(waarden["dag"], waarden["tijd"]), "plaats": waarden["plaats"]}


class Presentieformulier(Medewerkerformulier):
    """Who was there."""

    toon_niet_verplicht = False

    def __init__(self, cursisten: Sequence[Cursist], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["aanwezig"] = forms.TypedMultipleChoiceField(
            label=_("Wie waren er?"),
            choices=[(str(c.pk), f"{c.naam} ({c.aanvraag.organisatie.naam})") for c in cursisten],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class Cursistformulier(Medewerkerformulier):
    """A participant that the organisation names."""

    naam = forms.CharField(label=_("Naam van de deelnemer"), max_length=200)
    email = forms.EmailField(
        label=_("E-mailadres van de deelnemer"),
        help_text=_("Met een account op dit adres ziet de deelnemer zelf de bijeenkomsten."),
    )


class Voorstelformulier(Medewerkerformulier):
    """A proposal of a participant."""

    titel = forms.CharField(label=_("Titel van het voorstel"), max_length=200)
    omschrijving = forms.CharField(
        label=_("Wat wilt u gaan doen?"),
        widget=tekstvak(8),
        max_length=4000,
        help_text=_("Schrijf op wat het probleem is, wat u wilt veranderen en wie meedoen. Hoogstens 4.000 tekens."),
    )
