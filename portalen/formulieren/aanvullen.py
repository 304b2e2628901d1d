"""Forms of a supplement: an answer in words, a file, and "I do not have this"."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _

from portalen.formulieren.bijlagen import uploadveld
from portalen.formulieren.concept import Tekstveld
from regeling.schema_delen import Bijlagespec


class Antwoordformulier(forms.Form):
    """Something else that was asked, answered in words."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self.fields["antwoord"] = Tekstveld(
            label=_("Uw antwoord"), maximum=5000, help_text=_("Hoogstens 5.000 tekens.")
        )


class Bestandformulier(forms.Form):
    """A file for an attachment that was asked for."""

    def __init__(self, spec: Bijlagespec, *args: object, vervangt: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        veld = uploadveld(spec, vervangt=vervangt, ruimte=1)
        veld.required = not vervangt  # a file that was kept before stays
        veld.error_messages["required"] = _("Kies een bestand.")
        self.fields["bestand"] = veld


class Nietformulier(forms.Form):
    """The applicant cannot give it, and says why."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self.fields["reden"] = Tekstveld(
            label=_("Waarom kunt u dit niet geven?"),
            maximum=2000,
            help_text=_("Wij beslissen dan met wat er is. Dat kan betekenen dat wij de aanvraag niet behandelen."),
        )
