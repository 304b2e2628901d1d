"""Acts of which each has its own small form on one page: the list to show, and what happens when one is sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from kern.fouten import DomeinFout
from portalen.formulieren.medewerker import Medewerkerformulier


class Soort(NamedTuple):
    """A kind of act: how its form is made, the name of its button, and what it does."""

    maak: Callable[..., Medewerkerformulier]
    naam: str
    uitleg: str


@dataclass(frozen=True)
class Handeling:
    """An act on a page, ready to be shown."""

    sleutel: str
    naam: str
    uitleg: str
    formulier: Medewerkerformulier
    url: str
    open: bool


@dataclass(frozen=True)
class Gekozen:
    """The act that was sent and came back with an error."""

    sleutel: str
    formulier: Medewerkerformulier


def handelingen(
    mogelijk: Iterable[str],
    soorten: Mapping[str, Soort],
    *,
    url: Callable[[str], str],
    gekozen: Gekozen | None = None,
    uitgeklapt: Collection[str] = (),
    begin: Mapping[str, dict[str, Any]] | None = None,
) -> list[Handeling]:
    """The possible acts in the given order; the one that came back keeps what was typed and is open."""
    uit = []
    for sleutel in mogelijk:
        soort, terug = soorten[sleutel], gekozen is not None and gekozen.sleutel == sleutel
        formulier = (
            gekozen.formulier
            if gekozen is not None and terug
            else soort.maak(auto_id=_auto_id(sleutel), initial=(begin or {}).get(sleutel))
        )
        uit.append(
            Handeling(sleutel, soort.naam, soort.uitleg, formulier, url(sleutel), terug or sleutel in uitgeklapt)
        )
    return uit


def verricht(
    request: HttpRequest, soorten: Mapping[str, Soort], sleutel: str, doe: Callable[[Any], object]
) -> Gekozen | None:
    """Does the act with its valid form and says so; None then. Else the form with what was wrong.

    Raises:
        Http404: this act does not exist here.
    """
    if sleutel not in soorten:
        raise Http404
    formulier = soorten[sleutel].maak(request.POST, auto_id=_auto_id(sleutel))
    if formulier.is_valid():
        try:
            doe(formulier)
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("Vastgelegd: %(wat)s.") % {"wat": soorten[sleutel].naam})
            return None
    return Gekozen(sleutel, formulier)


def meld_fouten(request: HttpRequest, gekozen: Gekozen) -> None:
    """For a page that no longer shows the form: what was wrong as a message."""
    fouten = gekozen.formulier.errors.values()
    messages.error(request, " ".join(str(fout) for lijst in fouten for fout in lijst))


def _auto_id(sleutel: str) -> str:
    return f"id_{sleutel}_%s"
