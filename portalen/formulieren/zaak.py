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


class Aanvullingformulier(Medewerkerformulier):
    """A request to complete: what is missing, one item per line, and the term."""

    onderdelen = forms.CharField(
        label=_("Wat ontbreekt er?"),
        help_text=_(
            "Eén onderdeel per regel. Deze tekst krijgt de aanvrager; schrijf in gewone taal wat hij moet doen."
        ),
        widget=tekstvak(5),
        max_length=4000,
    )
    termijn_dagen = forms.IntegerField(
        label=_("Termijn in dagen"),
        help_text=_("De aanvrager kan aanvullen tot en met de laatste dag. Zolang staat de beslistermijn stil."),
        min_value=1,
        max_value=90,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "stimulans-breedte-4"}),
        error_messages={"min_value": _("Geef minstens 1 dag."), "max_value": _("Geef hoogstens 90 dagen.")},
    )

    def clean_onderdelen(self) -> list[str]:
        regels = [regel.strip().lstrip("-•* ").strip() for regel in self.cleaned_data["onderdelen"].splitlines()]
        onderdelen = [regel for regel in regels if regel]
        if not onderdelen:
            raise forms.ValidationError(_("Noem minstens één onderdeel dat ontbreekt."))
        return onderdelen


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
