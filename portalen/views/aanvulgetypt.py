"""What somebody typed for a supplement and could not send, because the request was answered another way meanwhile."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from aanvragen.enums import Onderdeelsoort
from aanvragen.models import Aanvraag, Aanvulonderdeel
from aanvragen.services.aanvulklad import WOORDEN, bestand_van, klad_van
from portalen.views.aanvulonderdeel import BEGROTING, als_querydict, stapformulier

#: Fields of a form that no person types.
_NIET_GETYPT = {"csrfmiddlewaretoken", "actie", "beeld", "verwijder", "regels"}
Regel = tuple[str, str]


def getypt(request: HttpRequest) -> list[Regel]:
    """The fields of this very request, by name, that hold text."""
    return [
        (naam.replace("_", " ").capitalize(), waarde)
        for naam in request.POST
        if naam not in _NIET_GETYPT and len(naam) <= 100
        for waarde in request.POST.getlist(naam)
        if waarde.strip()
    ]


def onverstuurd(rij: Aanvraag, item: Aanvulonderdeel) -> list[Regel]:
    """(label, value) of what the applicant kept for an item and did not send."""
    klad = klad_van(item)
    if not klad:
        return []
    if WOORDEN in klad:
        return [(_("Uw antwoord"), klad[WOORDEN][0])]
    if item.soort == Onderdeelsoort.BIJLAGE:
        bestand = bestand_van(item)
        return [(_("Bestand"), bestand.naam)] if bestand else []
    formulier = stapformulier(rij, item, als_querydict(klad))
    groepen: list[Any] = list(formulier) if item.code == BEGROTING else [formulier]
    regels = [(str(veld.label), _waarde(veld)) for groep in groepen for veld in groep if not veld.is_hidden]
    return [(label, waarde) for label, waarde in regels if waarde]


def _waarde(veld: forms.BoundField) -> str:
    """The value as a person reads it: choices by their name."""
    ruw = veld.value()
    namen = {str(code): str(naam) for code, naam in getattr(veld.field, "choices", None) or ()}
    delen = ruw if isinstance(ruw, list | tuple) else [ruw]
    return " ".join(namen.get(str(deel), str(deel)) for deel in delen if deel not in (None, ""))
