"""All questions of an application, taken from the forms themselves: to read before one begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from portalen.formulieren.aanvraagstappen import (
    OrganisatieStap,
    PlaatsenStap,
    ProjectStap,
    ThemaStap,
    VerklaringenStap,
    VragenStap,
)
from portalen.formulieren.adviseur import AdviseurStap
from portalen.formulieren.begroting import Regelformulier
from portalen.formulieren.concept import Stapformulier, Urenveld
from portalen.formulieren.deelnemers import DeelnemersStap
from portalen.formulieren.nulmeting import DefinitieStap, NulmetingStap
from portalen.formulieren.steun import Steunregel, Steunvraag
from portalen.formulieren.velden import BedragVeld, DatumVeld
from portalen.presentatie.regelingtekst import bijlage_eisen, kosten
from portalen.presentatie.stappen import Stap, stappen_van
from regeling.schema import Regelingspec

FORMULIEREN: dict[str, type[Stapformulier]] = {
    "organisatie": OrganisatieStap,
    "definitie": DefinitieStap,
    "project": ProjectStap,
    "themas": ThemaStap,
    "nulmeting": NulmetingStap,
    "vragen": VragenStap,
    "adviseur": AdviseurStap,
    "deelnemers": DeelnemersStap,
    "plaatsen": PlaatsenStap,
    "verklaringen": VerklaringenStap,
}


@dataclass(frozen=True)
class Vraag:
    """One question; ``antwoord`` says what kind of answer it takes."""

    tekst: str
    uitleg: str
    keuzes: tuple[str, ...]
    nodig: bool
    antwoord: str = ""


@dataclass(frozen=True)
class Vraagdeel:
    stap: Stap
    inleiding: str
    vragen: tuple[Vraag, ...]


def vragenlijst(spec: Regelingspec) -> list[Vraagdeel]:
    """The questions per part of the form."""
    return [Vraagdeel(stap, *_inhoud(spec, stap.sleutel)) for stap in stappen_van(spec)]


def _inhoud(spec: Regelingspec, sleutel: str) -> tuple[str, tuple[Vraag, ...]]:
    if sleutel == "begroting":
        inleiding = _("U vult per soort kosten een of meer regels in.") + " " + " ".join(kosten(spec))
        return inleiding, _vragen(Regelformulier(spec))
    if sleutel == "steun":
        inleiding = _("U noemt elke keer dat uw onderneming de-minimissteun kreeg. Wij tellen het voor u op.")
        return inleiding, (*_vragen(Steunvraag(spec)), *_vragen(Steunregel(spec)))
    if sleutel == "bijlagen":
        document = _("Een document")
        return _("U stuurt deze documenten mee."), tuple(
            Vraag(b.naam, f"{' '.join((b.uitleg or '').split())} {bijlage_eisen(b)}".strip(), (), b.verplicht, document)
            for b in spec.bijlagen
            if b.bij == "aanvraag"
        )
    formulier = FORMULIEREN[sleutel](spec)
    if sleutel == "definitie":
        return _("U leest waar een project aan moet voldoen. U vult hier niets in."), ()
    if sleutel == "nulmeting":
        return _("U ziet alleen de vragen bij de doelen die u kiest. U mag vragen overslaan."), _vragen(formulier)
    if sleutel == "verklaringen":
        verplicht = {v.code for v in spec.verklaringen if v.verplicht}
        return _("U verklaart het volgende."), tuple(
            Vraag(str(veld.label), str(veld.help_text), (), naam in verplicht, _("Een vinkje"))
            for naam, veld in formulier.fields.items()
        )
    if sleutel == "adviseur" and spec.adviseur.referenties:
        inleiding = _("U vult %(n)d keer de gegevens van een referentie in: een eerdere opdrachtgever.") % {
            "n": spec.adviseur.referenties
        }
        dubbel = {naam for naam in formulier.fields if naam.startswith("ref") and not naam.startswith("ref1_")}
        return inleiding, _vragen(formulier, dubbel)
    return "", _vragen(formulier)


def _vragen(formulier: Stapformulier, zonder: set[str] | None = None) -> tuple[Vraag, ...]:
    return tuple(
        Vraag(str(veld.label), str(veld.help_text), _keuzes(veld), naam in formulier.nodig, _antwoord(veld))
        for naam, veld in formulier.fields.items()
        if naam not in (zonder or set())
    )


def _keuzes(veld: forms.Field) -> tuple[str, ...]:
    keuzes: Any = getattr(veld, "choices", ())
    return tuple(strip_tags(str(naam).replace("<span", ": <span")) for code, naam in keuzes if code != "")


def _antwoord(veld: forms.Field) -> str:
    """What kind of answer a field takes, in words."""
    if isinstance(veld, forms.MultipleChoiceField):
        return _("U mag meer dan één antwoord kiezen")
    if isinstance(veld, forms.ChoiceField | forms.TypedChoiceField):
        return _("U kiest één antwoord")
    soorten: list[tuple[type[forms.Field], str]] = [
        (forms.BooleanField, _("Een vinkje")),
        (Urenveld, _("Een aantal uren")),
        (BedragVeld, _("Een bedrag in euro’s")),
        (DatumVeld, _("Een datum")),
        (forms.IntegerField, _("Een getal")),
        (forms.FileField, _("Een document")),
        (forms.EmailField, _("Een e-mailadres")),
    ]
    return next((naam for soort, naam in soorten if isinstance(veld, soort)), _("Tekst"))
