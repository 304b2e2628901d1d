"""The pages of the self-scan: per page some statements to agree or disagree with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aanvragen.zelfscan import HOOGSTE, LAAGSTE, WEET_NIET, Onderdeel, Stelling, Tekst, onderdelen


def in_taal(tekst: Tekst) -> str:
    """The text in the language of the page; Dutch when there is no translation."""
    return tekst.get((get_language() or "nl")[:2], tekst["nl"])


def schaal() -> list[tuple[str, str]]:
    """The answers one chooses from."""
    return [
        ("1", _("1: helemaal niet waar")),
        ("2", _("2: bijna niet waar")),
        ("3", _("3: een beetje waar")),
        ("4", _("4: bijna helemaal waar")),
        ("5", _("5: helemaal waar")),
        (str(WEET_NIET), _("Weet ik niet")),
    ]


class Scanformulier(forms.Form):
    """The statements of one or more parts. Read from the address."""

    def __init__(self, stellingen: Iterable[Stelling], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for stelling in stellingen:
            self.fields[stelling.code] = forms.ChoiceField(
                label=in_taal(stelling.tekst),
                choices=schaal(),
                widget=forms.RadioSelect(attrs={"class": "stimulans-schaal"}),
                error_messages={"required": _("Kies een antwoord, of “Weet ik niet”.")},
            )


def gegeven_antwoorden(gegevens: Mapping[str, Any]) -> dict[str, int]:
    """The valid answers in the address by code; anything else is dropped."""
    geldig = {str(getal) for getal in (WEET_NIET, *range(LAAGSTE, HOOGSTE + 1))}
    return {
        stelling.code: int(gegevens[stelling.code])
        for onderdeel in onderdelen()
        for stelling in onderdeel.stellingen
        if gegevens.get(stelling.code) in geldig
    }


def stellingen_van(delen: Iterable[Onderdeel]) -> list[Stelling]:
    return [stelling for deel in delen for stelling in deel.stellingen]
