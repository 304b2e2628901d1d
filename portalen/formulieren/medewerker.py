"""Base of the forms of staff: a domain error lands at its field, with what to do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kern.fouten import DomeinFout


class Medewerkerformulier(forms.Form):
    """A form whose service may still refuse."""

    def neem_fout_over(self, fout: DomeinFout) -> None:
        """Shows the refusal at the field it is about, else above the form."""
        self.add_error(fout.veld if fout.veld in self.fields else None, str(fout))


def tekstvak(regels: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": regels})


class Leegformulier(Medewerkerformulier):
    """A step that needs nothing but a confirmation."""


class Redenformulier(Medewerkerformulier):
    """A step that needs a reason."""

    reden = forms.CharField(label=_("Reden"), widget=tekstvak(), max_length=2000)

    def __init__(self, *args: Any, hulp: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reden"].help_text = hulp
