"""What a referee fills in: the code, and the questions of `beoordeling.referentie.vragen`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beoordeling.referentie.vragen import TEVREDEN, VRAGEN
from kern.fouten import DomeinFout

JA_NEE = (("ja", _("Ja")), ("nee", _("Nee")))


class Referentformulier(forms.Form):
    """A form whose service may still refuse."""

    def neem_fout_over(self, fout: DomeinFout) -> None:
        self.add_error(fout.veld if fout.veld in self.fields else None, str(fout))


class Codeformulier(Referentformulier):
    code = forms.CharField(
        label=_("Code van 6 cijfers"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "stimulans-breedte-7"}
        ),
    )


class Antwoordformulier(Referentformulier):
    """The answer of a referee who confirms."""

    project = forms.CharField(label=VRAGEN["project"], max_length=200)
    periode = forms.CharField(
        label=VRAGEN["periode"], max_length=100, help_text=_("Ongeveer is goed, bijvoorbeeld: voorjaar 2024.")
    )
    werk = forms.CharField(
        label=VRAGEN["werk"],
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Een paar zinnen is genoeg."),
    )
    tevreden = forms.ChoiceField(label=VRAGEN["tevreden"], choices=tuple(TEVREDEN.items()), widget=forms.RadioSelect)
    opnieuw = forms.ChoiceField(label=VRAGEN["opnieuw"], choices=JA_NEE, widget=forms.RadioSelect)
    relatie = forms.ChoiceField(
        label=VRAGEN["relatie"],
        choices=JA_NEE,
        widget=forms.RadioSelect,
        help_text=_("Bijvoorbeeld familie, vrienden, of samen een bedrijf. Eerder werk van de adviseur telt niet mee."),
    )
    relatie_uitleg = forms.CharField(
        label=VRAGEN["relatie_uitleg"], max_length=300, required=False, help_text=_("Alleen als u “Ja” koos.")
    )

    def clean(self) -> dict[str, Any]:
        gegevens: dict[str, Any] = super().clean() or self.cleaned_data
        if gegevens.get("relatie") == "ja" and not gegevens.get("relatie_uitleg", "").strip():
            self.add_error("relatie_uitleg", _("Schrijf kort op welke band dat is."))
        return gegevens


class Ontkenformulier(Referentformulier):
    """This is not right."""

    toelichting = forms.CharField(
        label=VRAGEN["toelichting"],
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Bijvoorbeeld: ik ken deze adviseur niet, of dit project was er niet."),
    )
