"""Breadcrumbs."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from aanvragen.enums import Bron, Status
from aanvragen.models import Aanvraag, Deelnemer

Kruimel = dict[str, str]


def kruimels(*paren: tuple[str, str]) -> list[Kruimel]:
    """(name, address) pairs as the breadcrumb wants them; the last one is the page itself."""
    return [{"naam": naam, "url": url} for naam, url in paren]


def kruimels_aanvraag(aanvraag: Aanvraag, *verder: str) -> list[Kruimel]:
    """Mijn aanvragen / this application / ``verder``; for an officer who types from paper: Papier / ..."""
    if aanvraag.bron == Bron.PAPIER and aanvraag.status == Status.CONCEPT:
        return kruimels(
            (_("Aanvragen op papier"), reverse("portalen:papier")),
            (aanvraag.organisatie.naam, reverse("portalen:papier_zaak", args=[aanvraag.pk])),
            (_("Formulier"), reverse("portalen:aanvraag", args=[aanvraag.pk])),
            *((stap, "") for stap in verder),
        )
    naam = aanvraag.kenmerk or _("Aanvraag voor %(tijdvak)s") % {"tijdvak": aanvraag.tijdvak.naam}
    return kruimels(
        (_("Mijn aanvragen"), reverse("portalen:mijn_aanvragen")),
        (naam, reverse("portalen:aanvraag", args=[aanvraag.pk])),
        *((stap, "") for stap in verder),
    )


def kruimels_deelname(deelnemer: Deelnemer, *, penvoerder: bool) -> list[Kruimel]:
    """Mijn aanvragen / the member's part in the group; for the coordinator by way of the application."""
    if not penvoerder:
        return kruimels((_("Mijn aanvragen"), reverse("portalen:mijn_aanvragen")), (deelnemer.naam, ""))
    return kruimels(
        (_("Mijn aanvragen"), reverse("portalen:mijn_aanvragen")),
        (deelnemer.aanvraag.kenmerk, reverse("portalen:aanvraag", args=[deelnemer.aanvraag_id])),
        (_("Deelnemers"), reverse("portalen:aanvraag_deelnemers", args=[deelnemer.aanvraag_id])),
        (deelnemer.naam, ""),
    )


def kruimels_papieraanvulling(aanvraag: Aanvraag, *verder: str) -> list[Kruimel]:
    """For an officer who types an answer on paper: the case / Aanvulling op papier / Antwoorden / ``verder``."""
    return kruimels(
        (_("Werklijst"), reverse("portalen:werklijst")),
        (aanvraag.kenmerk, reverse("portalen:zaak", args=[aanvraag.pk])),
        (_("Aanvulling op papier"), reverse("portalen:zaak_papieraanvulling", args=[aanvraag.pk])),
        (_("Antwoorden"), reverse("portalen:aanvraag_aanvulling", args=[aanvraag.pk])),
        *((stap, "") for stap in verder),
    )
