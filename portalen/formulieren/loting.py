"""Forms of the draw: the planned moment, where the hash is published, and the values of the sources."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from beoordeling.loting.bronnen import drand_waarde
from beoordeling.loting.vormen import Bron, Protocol
from beoordeling.services.bronnen import GROEP
from kern.fouten import DomeinFout
from portalen.formulieren.medewerker import Medewerkerformulier
from portalen.formulieren.tijdvak import TijdVeld, moment
from portalen.formulieren.velden import DatumVeld


class Voorbereidformulier(Medewerkerformulier):
    """When the draw is planned; the reflection time of the scheme lies between publication and this moment."""

    dag = DatumVeld(label=_("Dag van de trekking"))
    tijd = TijdVeld(label=_("Tijd van de trekking"), help_text=_("Nederlandse tijd, bijvoorbeeld 10:00."))

    @property
    def trekking_gepland_op(self) -> datetime:
        return moment(self.cleaned_data["dag"], self.cleaned_data["tijd"])


class Publiceerformulier(Medewerkerformulier):
    """Where H_P was made public."""

    waar = forms.CharField(
        label=_("Waar is de hash gepubliceerd?"),
        help_text=_("Bijvoorbeeld: Staatscourant 2026, nummer 12345."),
        max_length=300,
    )


class Ongeldigformulier(Medewerkerformulier):
    """Why a draw cannot go on."""

    reden = forms.CharField(label=_("Wat is er mis?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class CijfersWidget(forms.MultiWidget):
    """Digits in groups of eight, one box per group, as a deed writes them."""

    template_name = "portalen/medewerker/cijfers.html"

    def __init__(self, lengte: int) -> None:
        self.groepen = _groepen(lengte)
        super().__init__(
            [
                forms.TextInput(
                    attrs={
                        "inputmode": "numeric",
                        "autocomplete": "off",
                        "spellcheck": "false",
                        "aria-label": _t("Groep %(nr)d van %(totaal)d") % {"nr": nr, "totaal": len(self.groepen)},
                    }
                )
                for nr in range(1, len(self.groepen) + 1)
            ]
        )

    def decompress(self, value: Any) -> list[str]:
        return list(value or [""] * len(self.groepen))


def _groepen(lengte: int) -> list[int]:
    """Sizes of the groups: 32 → [8, 8, 8, 8]; a shorter last group where it does not divide."""
    return [min(GROEP, lengte - begin) for begin in range(0, lengte, GROEP)]


class CijfersVeld(forms.Field):
    """The digits of the dice, as a list of groups. All digits pasted in the first box are understood."""

    def __init__(self, *, lengte: int, **kwargs: Any) -> None:
        self.lengte = lengte
        super().__init__(widget=CijfersWidget(lengte), **kwargs)

    def to_python(self, value: Any) -> list[str]:
        delen = ["".join(str(deel or "").split()) for deel in value or []]
        if delen and len(delen[0]) == self.lengte and not any(delen[1:]):
            delen = [delen[0][begin : begin + GROEP] for begin in range(0, self.lengte, GROEP)]
        return delen

    def validate(self, value: list[str]) -> None:
        if not any(value):
            raise forms.ValidationError(_t("Vul alle %(n)d cijfers in.") % {"n": self.lengte})
        fouten = []
        for nr, (deel, nodig) in enumerate(zip(value, _groepen(self.lengte), strict=True), 1):
            if deel and not re.fullmatch("[0-9]+", deel):
                fouten.append(_t("Groep %(nr)d: gebruik alleen de cijfers 0 tot en met 9.") % {"nr": nr})
            elif len(deel) != nodig:
                regel = _t("Groep %(nr)d heeft %(n)d cijfers; dat moeten er %(nodig)d zijn.")
                fouten.append(regel % {"nr": nr, "n": len(deel), "nodig": nodig})
        if fouten:
            raise forms.ValidationError(fouten)


class Dobbelsteenformulier(Medewerkerformulier):
    """One entry of the dice: a field per source. ``poging`` and ``keer`` say which entry the page asked for, so that
    the same button pressed twice is not taken for the second one."""

    poging = forms.IntegerField(widget=forms.HiddenInput)
    keer = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, protocol: Protocol, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bronnen = [bron for bron in protocol.bronnen if bron.soort == "cijfers"]
        for bron in self.bronnen:
            self.fields[bron.id] = CijfersVeld(
                lengte=bron.lengte,
                label=_t("De %(n)d cijfers van de dobbelstenen") % {"n": bron.lengte},
                help_text=_("In de volgorde van de dobbelstenen, in groepen van 8."),
            )

    @property
    def waarden(self) -> dict[str, str]:
        """Source → digits."""
        return {bron.id: "".join(self.cleaned_data[bron.id]) for bron in self.bronnen}


class Bakenformulier(Medewerkerformulier):
    """The public beacon: both signature and value are asked, so that a slip shows. Whether the signature is the one of
    the round is checked by the service."""

    def __init__(self, *args: Any, protocol: Protocol, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bronnen = [bron for bron in protocol.bronnen if bron.soort == "drand"]
        tekst = {"autocomplete": "off", "spellcheck": "false"}
        for bron in self.bronnen:
            self.fields[f"{bron.id}_handtekening"] = forms.CharField(
                label=_("Handtekening van de ronde (signature)"),
                help_text=_("96 tekens, 0 tot en met 9 en a tot en met f."),
                widget=forms.Textarea(attrs={**tekst, "rows": 3}),
                max_length=400,
            )
            self.fields[f"{bron.id}_waarde"] = forms.CharField(
                label=_("Waarde van de ronde (randomness)"),
                help_text=_("64 tekens. Wij rekenen na of deze waarde bij de handtekening hoort."),
                widget=forms.Textarea(attrs={**tekst, "rows": 2}),
                max_length=200,
            )

    def clean(self) -> dict[str, Any]:
        gegevens: dict[str, Any] = super().clean() or self.cleaned_data
        for bron in self.bronnen:
            self._controleer(bron)
        return gegevens

    def _controleer(self, bron: Bron) -> None:
        handtekening = _kaal(self.cleaned_data.get(f"{bron.id}_handtekening", ""))
        waarde = _kaal(self.cleaned_data.get(f"{bron.id}_waarde", ""))
        if not handtekening or not waarde:
            return
        try:
            if drand_waarde(handtekening) != waarde:
                melding = _t("Deze waarde hoort niet bij de handtekening. Neem beide opnieuw over, van dezelfde ronde.")
                self.add_error(f"{bron.id}_waarde", melding)
        except DomeinFout as fout:
            self.add_error(f"{bron.id}_handtekening", str(fout))

    @property
    def handtekeningen(self) -> dict[str, str]:
        """Source → signature in lower-case hex."""
        return {bron.id: _kaal(self.cleaned_data[f"{bron.id}_handtekening"]) for bron in self.bronnen}


def _kaal(tekst: str) -> str:
    return "".join(tekst.split()).lower()
