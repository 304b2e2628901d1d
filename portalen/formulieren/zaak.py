"""Forms on the page of a case."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aanvragen.enums import Toetsuitkomst
from portalen.formulieren.medewerker import Medewerkerformulier, tekstvak
from portalen.formulieren.velden import BedragVeld
from uitvoering.models import Kostenregel


class Toetsformulier(Medewerkerformulier):
    """An officer's judgement over one check."""

    oordeel = forms.ChoiceField(
        label=_("Uw oordeel"),
        choices=[
            (Toetsuitkomst.VOLDOET, Toetsuitkomst.VOLDOET.label),
            (Toetsuitkomst.VOLDOET_NIET, Toetsuitkomst.VOLDOET_NIET.label),
        ],
        widget=forms.RadioSelect,
    )
    reden = forms.CharField(
        label=_("Reden"),
        help_text=_("Schrijf op wat u hebt gezien en waarom u dit vindt. De reden blijft bij de zaak staan."),
        widget=tekstvak(3),
        max_length=2000,
    )


class Regelformulier(Medewerkerformulier):
    """The judgement over one cost line of a claim."""

    goedgekeurd = BedragVeld(label=_("Goedgekeurd bedrag"))
    oordeel = forms.CharField(
        label=_("Uitleg"),
        help_text=_("Nodig als u minder goedkeurt dan gevraagd."),
        required=False,
        max_length=300,
    )

    def __init__(self, *args: Any, regel: Kostenregel, **kwargs: Any) -> None:
        self.regel = regel
        bedrag: Decimal = regel.bedrag if regel.goedgekeurd is None else regel.goedgekeurd
        kwargs.setdefault("initial", {"goedgekeurd": bedrag, "oordeel": regel.oordeel})
        kwargs["prefix"] = f"regel-{regel.pk}"
        super().__init__(*args, **kwargs)
        self.fields["goedgekeurd"].maximum = regel.bedrag  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        gegevens: dict[str, Any] = super().clean() or self.cleaned_data
        bedrag = gegevens.get("goedgekeurd")
        if bedrag is not None and bedrag < self.regel.bedrag and not gegevens.get("oordeel", "").strip():
            self.add_error("oordeel", _("Schrijf op waarom u minder goedkeurt."))
        return gegevens
