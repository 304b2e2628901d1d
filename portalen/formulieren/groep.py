"""One partner or linked enterprise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aanvragen.enums import Relatie
from aanvragen.models import Verbonden
from aanvragen.services.groep import Verbondengegevens
from portalen.formulieren.concept import Aantalveld
from portalen.formulieren.organisatie import GROOTSTE_BEDRAG
from portalen.formulieren.procent import Procentveld
from portalen.formulieren.velden import BedragVeld, KvkVeld

VELDEN = (
    "naam",
    "kvk_nummer",
    "relatie",
    "percentage",
    "werkzame_personen",
    "omzet",
    "balanstotaal",
    "jaar",
)


class Verbondenformulier(forms.Form):
    """``anderen``: enterprises that this one can hang on; the empty choice is the organisation itself."""

    def __init__(self, *args: Any, eigen: str, anderen: Sequence[Verbonden], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["naam"] = forms.CharField(label=_("Naam van de onderneming"), max_length=200)
        self.fields["kvk_nummer"] = KvkVeld(
            label=_("KvK-nummer"), help_text=_("8 cijfers. Laat leeg bij een buitenlandse onderneming."), required=False
        )
        if anderen:
            self.fields["via"] = forms.TypedChoiceField(
                label=_("Met wie heeft deze onderneming de band?"),
                choices=[("", eigen), *((str(rij.pk), rij.naam) for rij in anderen)],
                coerce=int,
                empty_value=None,
                required=False,
            )
        self.fields["relatie"] = forms.ChoiceField(
            label=_("Wat is de band?"),
            choices=Relatie.choices,
            widget=forms.RadioSelect,
            help_text=_(
                "Verbonden is ook: de een bepaalt wat de ander doet, door een afspraak, de statuten of dezelfde "
                "eigenaar, ook als het aandeel kleiner is."
            ),
        )
        self.fields["percentage"] = Procentveld(
            label=_("Hoe groot is het aandeel?"),
            help_text=_("In procenten van het kapitaal of de stemmen. Kies het hoogste van de twee."),
        )
        self.fields["werkzame_personen"] = Aantalveld(label=_("Hoeveel mensen werken er?"), required=False)
        self.fields["omzet"] = BedragVeld(label=_("Jaaromzet"), maximum=GROOTSTE_BEDRAG, required=False)
        self.fields["balanstotaal"] = BedragVeld(label=_("Balanstotaal"), maximum=GROOTSTE_BEDRAG, required=False)
        self.fields["jaar"] = Aantalveld(
            label=_("Over welk jaar gaan deze cijfers?"),
            min_value=1990,
            max_value=2200,
            required=False,
            help_text=_("Meestal het laatste boekjaar, bijvoorbeeld %(jaar)s.")
            % {"jaar": timezone.localdate().year - 1},
        )

    def clean_naam(self) -> str:
        return " ".join(self.cleaned_data["naam"].split())

    def gegevens(self) -> Verbondengegevens:
        return Verbondengegevens(**{naam: self.cleaned_data[naam] for naam in VELDEN}, via=self.cleaned_data.get("via"))


def uit_verbonden(rij: Verbonden) -> dict[str, Any]:
    return {**{naam: getattr(rij, naam) for naam in VELDEN}, "via": rij.via_id or ""}
