"""Forms to propose a decision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.selectors import vervolg_van
from beoordeling.models import Eindscore
from beoordeling.selectors_commissie import criteria_van
from beoordeling.services.eindscore import drempels_niet_gehaald, eindscores
from portalen.formulieren.medewerker import Medewerkerformulier, tekstvak
from portalen.templatetags.stimulans import getal
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
    niet_gekozen = aanvraag.status in {Status.NIET_GESELECTEERD, Status.RESERVE}
    if niet_gekozen and (score := getattr(aanvraag, "eindscore", None)) is not None:
        return _na_score(aanvraag, score, rang)
    if vervolg_van(aanvraag) is not None:
        tekst = _t("U was uitgenodigd voor een volledig voorstel, maar wij ontvingen het niet op tijd.")
        return {"grond": Afwijzingsgrond.VOORWAARDEN, "motivering": tekst}
    if niet_gekozen:
        begin = _plaats(aanvraag, rang) if rang else ""
        tekst = _t("Er waren meer aanvragen dan er geld is. Het plafond was bereikt voordat u aan de beurt kwam.")
        return {"grond": Afwijzingsgrond.PLAFOND, "motivering": f"{begin}{tekst}"}
    return {}


def _plaats(aanvraag: Aanvraag, rang: int) -> str:
    if aanvraag.tijdvak.verdeling.methode == "volgorde":
        return _t("Op volgorde van ontvangst kreeg uw aanvraag nummer %(rang)d. ") % {"rang": rang}
    return _t("Uw aanvraag kreeg bij de loting nummer %(rang)d. ") % {"rang": rang}


def _na_score(aanvraag: Aanvraag, score: Eindscore, rang: int | None) -> dict[str, str]:
    """The reasons after an assessment: the scores, and whether a threshold or the room was in the way."""
    tijdvak = aanvraag.tijdvak
    namen = {criterium.code: criterium.naam for criterium in criteria_van(tijdvak)}
    delen = "; ".join(f"{naam}: {getal(Decimal(score.criteria[code]), 2)}" for code, naam in namen.items())
    zinnen = [
        _t("De commissie gaf uw aanvraag een score van %(totaal)s (van 0 tot en met 100).")
        % {"totaal": getal(score.totaal, 2)},
        _t("Per onderdeel, van 1 tot en met 5: %(delen)s.") % {"delen": delen},
    ]
    onder = drempels_niet_gehaald(tijdvak, eindscores(tijdvak, alleen=aanvraag)[aanvraag.pk])
    if onder:
        gemist = ", ".join(namen.get(code, _t("de score in totaal")) for code in onder)
        zinnen.append(_t("Daarmee haalt uw aanvraag de drempel niet voor: %(gemist)s.") % {"gemist": gemist})
        return {"grond": Afwijzingsgrond.SCORE, "motivering": " ".join(zinnen)}
    if rang:
        zinnen.append(_t("Uw aanvraag staat daarmee op nummer %(rang)d.") % {"rang": rang})
    if tijdvak.verdeling.stappen > tijdvak.stap:
        zinnen.append(_t("Alle plaatsen in de tweede stap gingen naar aanvragen met een hogere plaats."))
    else:
        zinnen.append(_t("Het plafond was bereikt voordat u aan de beurt kwam."))
    return {"grond": Afwijzingsgrond.PLAFOND, "motivering": " ".join(zinnen)}
