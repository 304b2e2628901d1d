"""Forms of the administrator: try a scheme file, find people, give a role."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kern.enums import Rol
from portalen.formulieren.medewerker import Medewerkerformulier
from regeling.lezen import MAXIMUM_BYTES


class Regelingbestandformulier(Medewerkerformulier):
    """A scheme file to be read and thrown away."""

    bestand = forms.FileField(
        label=_("Regelingsbestand"), help_text=_("Een bestand op .toml, hoogstens 1 MB. Er wordt niets opgeslagen.")
    )

    def clean_bestand(self) -> bytes:
        bestand = self.cleaned_data["bestand"]
        if bestand.size > MAXIMUM_BYTES:
            raise forms.ValidationError(_("Het bestand is groter dan 1 megabyte. Maak het kleiner."))
        inhoud: bytes = bestand.read()
        return inhoud


class Rolformulier(Medewerkerformulier):
    """A role for somebody who has an account."""

    email = forms.EmailField(label=_("E-mailadres"), help_text=_("Van iemand met een account in Stimulans."))
    rol = forms.ChoiceField(label=_("Rol"), choices=[("", _("Kies een rol")), *Rol.choices])
