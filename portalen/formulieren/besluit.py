"""Forms to propose a decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from portalen.formulieren.medewerker import Medewerkerformulier, tekstvak
from uitvoering.enums import Afwijzingsgrond, Besluitsoort


class Besluitformulier(Medewerkerformulier):
    """Grounds of a proposed decision; the ground is asked for a refusal only."""

    grond = forms.ChoiceField(label=_("Grond"), choices=[("", _("Kies een grond")), *Afwijzingsgrond.choices])
    motivering = forms.CharField(
        label=_("Motivering"),
        help_text=_("Dit komt in de brief. Schrijf aan de aanvrager: in gewone taal, met “u”."),
        widget=tekstvak(6),
        max_length=4000,
    )
    artikel = forms.CharField(
        label=_("Artikel"),
        help_text=_("Laat dit leeg: dan nemen wij de artikelen uit de regeling. Vul iets in om ze te vervangen."),
        required=False,
        max_length=300,
    )

    def __init__(self, *args: Any, soort: Besluitsoort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if soort != Besluitsoort.AFWIJZING:
            del self.fields["grond"]


class Vaststellingformulier(Medewerkerformulier):
    """The grounds of a settlement; empty takes the standard text."""

    motivering = forms.CharField(
        label=_("Motivering"),
        help_text=_(
            "Laat dit leeg: dan schrijven wij zelf of het bedrag gelijk is aan de verlening, en zo niet waarom."
        ),
        required=False,
        widget=tekstvak(4),
        max_length=4000,
    )


def beginwaarden(aanvraag: Aanvraag, soort: Besluitsoort, rang: int | None) -> dict[str, str]:
    """A first text for the decision, from the state of the case. ``rang``: place in the draw, where there is one."""
    if soort == Besluitsoort.VERLENING:
        tekst = _t("Uw aanvraag voldoet aan de voorwaarden van de regeling. Er is ruimte onder het subsidieplafond.")
        return {"motivering": tekst}
    if soort == Besluitsoort.BUITEN_BEHANDELING:
        return {"motivering": _t("Uw aanvraag was niet compleet en u hebt haar niet op tijd aangevuld.")}
    if aanvraag.status in {Status.NIET_GESELECTEERD, Status.RESERVE}:
        begin = _t("Uw aanvraag kreeg bij de loting nummer %(rang)d. ") % {"rang": rang} if rang else ""
        tekst = _t("Er waren meer aanvragen dan er geld is. Het plafond was bereikt voordat u aan de beurt kwam.")
        return {"grond": Afwijzingsgrond.PLAFOND, "motivering": f"{begin}{tekst}"}
    return {}
