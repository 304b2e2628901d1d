"""Forms of a round: extension after an outage, a higher ceiling, and moments in general."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portalen.formulieren.medewerker import Medewerkerformulier, tekstvak
from portalen.formulieren.velden import BedragVeld, DatumVeld
from portalen.templatetags.stimulans import TIJDZONE
from regeling.models import Plafond


class TijdVeld(forms.TimeField):
    """A time of day: ``9:00``, ``09.00`` or ``09:00:30``."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("Vul een tijd in met uren en minuten, bijvoorbeeld 17:00.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "stimulans-breedte-4", "autocomplete": "off"}))
        super().__init__(input_formats=["%H:%M", "%H.%M", "%H:%M:%S"], **kwargs)


def moment(dag: date, tijd: time) -> datetime:
    """Date and time in Amsterdam as an aware moment."""
    return datetime.combine(dag, tijd, tzinfo=TIJDZONE)


class Verlengformulier(Medewerkerformulier):
    """An outage of our own, and how much longer the round stays open."""

    van_dag = DatumVeld(label=_("Begin van de storing"))
    van_tijd = TijdVeld(label=_("Tijd waarop de storing begon"))
    tot_dag = DatumVeld(label=_("Einde van de storing"))
    tot_tijd = TijdVeld(label=_("Tijd waarop de storing voorbij was"))
    uren = forms.IntegerField(
        label=_("Hoeveel uur blijft het tijdvak langer open?"),
        min_value=1,
        max_value=14 * 24,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "stimulans-breedte-4"}),
        error_messages={
            "min_value": _("Verleng met minstens 1 uur."),
            "max_value": _("Verleng met hoogstens 336 uur (14 dagen)."),
        },
    )
    reden = forms.CharField(
        label=_("Reden"), help_text=_("Wat er mis was en waar dat is vastgelegd."), widget=tekstvak(3)
    )

    def clean(self) -> dict[str, Any]:
        gegevens: dict[str, Any] = super().clean() or self.cleaned_data
        if {"van_dag", "van_tijd", "tot_dag", "tot_tijd"} <= gegevens.keys():
            gegevens["van"] = moment(gegevens["van_dag"], gegevens["van_tijd"])
            gegevens["tot"] = moment(gegevens["tot_dag"], gegevens["tot_tijd"])
            if gegevens["tot"] <= gegevens["van"]:
                self.add_error("tot_dag", _("De storing eindigt na het begin. Controleer de datum en de tijd."))
        if "uren" in gegevens:
            gegevens["verlenging"] = timedelta(hours=gegevens["uren"])
        return gegevens


class Ophoogformulier(Medewerkerformulier):
    """A higher ceiling; lower does not exist."""

    code = forms.ChoiceField(label=_("Plafond"))
    bedrag = BedragVeld(label=_("Verhogen met"), help_text=_("Een plafond kan alleen omhoog (Awb 4:27)."), minimum=None)
    reden = forms.CharField(
        label=_("Reden"), help_text=_("Noem het besluit en waar het is gepubliceerd."), widget=tekstvak(3)
    )

    #: The ceilings as the person saw them: sending twice, or after a colleague, raises nothing.
    gezien = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, plafonds: list[Plafond], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gezien"].initial = ";".join(f"{plafond.code}={plafond.bedrag}" for plafond in plafonds)
        self.fields["code"].choices = [(plafond.code, plafond.naam) for plafond in plafonds]  # type: ignore[attr-defined]

    def gegevens(self) -> dict[str, Any]:
        """For the service; ``gezien``: the amount of the chosen ceiling on the page that was sent."""
        uit = dict(self.cleaned_data)
        gezien = dict(deel.split("=", 1) for deel in uit["gezien"].split(";") if "=" in deel)
        return {**uit, "gezien": gezien.get(uit["code"], "")}
