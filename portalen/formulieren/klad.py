"""What was typed and not saved yet, on the page again: between input names of a browser and fields of a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from portalen.formulieren.concept import leesbaar, zonder_nul
from portalen.formulieren.samen import vinger


def invoernamen(formulier: forms.BaseForm) -> dict[str, str]:
    """Input name → field; a date has three inputs."""
    uit: dict[str, str] = {}
    for naam, veld in formulier.fields.items():
        html = formulier.add_prefix(naam)
        if isinstance(veld.widget, forms.MultiWidget):
            uit |= {f"{html}{deel}": naam for deel in _delen(veld.widget)}
        else:
            uit[html] = naam
    return uit


def _delen(widget: forms.MultiWidget) -> list[str]:
    """Endings of the input names: ``_dag``, ``_maand``, ``_jaar``."""
    return list(widget.widgets_names)  # type: ignore[attr-defined]  # missing in the stubs


def als_invoer(formulier: forms.BaseForm, waarden: Mapping[str, Any]) -> dict[str, list[str]]:
    """Stored values as a browser would send them back, by input name."""
    uit: dict[str, list[str]] = {}
    for naam, veld in formulier.fields.items():
        html, widget = formulier.add_prefix(naam), veld.widget
        waarde = veld.prepare_value(waarden.get(naam))
        if isinstance(widget, forms.MultiWidget):
            delen = waarde if isinstance(waarde, list | tuple) else widget.decompress(waarde) or []
            uit |= {
                f"{html}{achter}": ["" if deel is None else str(deel)]
                for achter, deel in zip(_delen(widget), delen, strict=False)
            }
        elif isinstance(widget, forms.CheckboxInput):
            uit[html] = ["on"] if waarde else []
        elif isinstance(waarde, list | tuple):
            uit[html] = [str(deel) for deel in waarde]
        else:
            uit[html] = [] if waarde is None else [str(waarde)]
    return uit


def getypt(formulier: forms.BaseForm, klad: Mapping[str, list[str]]) -> dict[str, Any]:
    """Fields of which something was typed → the raw value, as the field shows it again."""
    data = MultiValueDict({**als_invoer(formulier, formulier.initial), **klad})
    velden = {naam for html, naam in invoernamen(formulier).items() if html in klad}
    return {
        naam: veld.widget.value_from_datadict(data, MultiValueDict(), formulier.add_prefix(naam))
        for naam, veld in formulier.fields.items()
        if naam in velden
    }


def niet_bewaard(formulier: forms.BaseForm, klad: Mapping[str, list[str]]) -> dict[str, Any]:
    """The same, without the fields where what was typed is what is stored."""
    uit = {}
    for naam, ruw in getypt(formulier, klad).items():
        veld = formulier.fields[naam]
        try:
            zelfde = vinger(veld.clean(ruw)) == vinger(formulier.initial.get(naam))
        except ValidationError:
            zelfde = False
        if not zelfde:
            uit[naam] = ruw
    return uit


def kladtekst(veld: forms.Field, ruw: Any) -> str:
    """A raw value for a reader."""
    if isinstance(ruw, list | tuple) and isinstance(veld.widget, forms.MultiWidget):
        return " ".join(str(deel) for deel in ruw if deel)
    return leesbaar(veld, ruw)


def als_klad(data: Any, namen: Mapping[str, str], velden: set[str]) -> dict[str, list[str]]:
    """The posted inputs of these fields, to be kept as typed."""
    schoon, _nul = zonder_nul(data)
    return {html: list(schoon.getlist(html)) for html, naam in namen.items() if naam in velden}
