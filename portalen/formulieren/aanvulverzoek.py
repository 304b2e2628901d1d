"""The officer's forms about completing: what is asked for, more time, and handing a case over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from aanvragen.enums import Onderdeelsoort, Toetssoort, Toetsuitkomst
from aanvragen.models import Toets
from aanvragen.services.behandeling import LANGSTE_TERMIJN, Gevraagd
from aanvragen.services.indienen import stap_van_toets
from kern.enums import Rol
from kern.models import Gebruiker
from portalen.formulieren.medewerker import Medewerkerformulier, tekstvak
from portalen.formulieren.velden import DatumVeld
from portalen.presentatie.stappen import stappen_van
from regeling.schema import Regelingspec


def mogelijke_onderdelen(spec: Regelingspec) -> list[Gevraagd]:
    """Everything in the form that can be asked for: its steps, then its attachments; without explanation.

    Not the definition: there is nothing to fill in.
    """
    stappen = [
        Gevraagd(Onderdeelsoort.STAP, stap.naam, "", stap.sleutel)
        for stap in stappen_van(spec)
        if stap.sleutel not in {"bijlagen", "definitie"}
    ]
    bijlagen = [Gevraagd(Onderdeelsoort.BIJLAGE, b.naam, "", b.code) for b in spec.bijlagen if b.bij == "aanvraag"]
    return [*stappen, *bijlagen]


def voorgestelde_uitleg(spec: Regelingspec, toetsen: Sequence[Toets]) -> dict[tuple[str, str], str]:
    """(kind, code) → explanation, from the checks on completeness that fail or wait for a judgement."""
    uit: dict[tuple[str, str], list[str]] = {}
    for toets in toetsen:
        if toets.soort != Toetssoort.VOLLEDIGHEID or toets.geldend == Toetsuitkomst.VOLDOET:
            continue
        uitleg = toets.oordeel_reden or toets.uitleg
        if toets.code == "bijlagen" and toets.invoer.get("ontbreekt"):
            for bijlage in spec.bijlagen:
                if bijlage.naam in toets.invoer["ontbreekt"]:
                    uit.setdefault((Onderdeelsoort.BIJLAGE, bijlage.code), []).append(_g("Deze bijlage ontbreekt."))
        else:
            uit.setdefault((Onderdeelsoort.STAP, stap_van_toets(toets.code)), []).append(f"{toets.naam}: {uitleg}")
    return {sleutel: " ".join(regels) for sleutel, regels in uit.items()}


class Aanvullingformulier(Medewerkerformulier):
    """Per part of the form whether it is asked for and why, other things in words, and the term in days."""

    toon_niet_verplicht = False

    onderdelen = forms.CharField(
        label=_("Iets anders dat ontbreekt"),
        help_text=_("Eén onderdeel per regel. De aanvrager antwoordt hierop in woorden."),
        widget=tekstvak(3),
        max_length=4000,
        required=False,
    )
    termijn_dagen = forms.IntegerField(
        label=_("Termijn in dagen"),
        help_text=_("De aanvrager kan aanvullen tot en met de laatste dag. Zolang staat de beslistermijn stil."),
        min_value=1,
        max_value=LANGSTE_TERMIJN,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "stimulans-breedte-4"}),
        error_messages={"min_value": _("Geef minstens 1 dag."), "max_value": _("Geef hoogstens 90 dagen.")},
    )

    def __init__(self, *args: Any, spec: Regelingspec, voorstel: dict[tuple[str, str], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mogelijk = mogelijke_onderdelen(spec)
        for deel in self.mogelijk:
            uitleg = voorstel.get((deel.soort, deel.code), "")
            self.fields[f"kies_{deel.soort}_{deel.code}"] = forms.BooleanField(
                label=deel.titel, required=False, initial=bool(uitleg)
            )
            self.fields[f"uitleg_{deel.soort}_{deel.code}"] = forms.CharField(
                label=_("Wat moet de aanvrager doen bij “%(deel)s”?") % {"deel": deel.titel},
                required=False,
                initial=uitleg,
                max_length=2000,
                widget=tekstvak(2),
            )

    @property
    def groepen(self) -> list[tuple[str, list[tuple[Any, Any]]]]:
        """(heading, [(tick box, explanation)]) for the page."""
        namen = {Onderdeelsoort.STAP: _g("Delen van het formulier"), Onderdeelsoort.BIJLAGE: _g("Bijlagen")}
        return [
            (
                naam,
                [
                    (self[f"kies_{d.soort}_{d.code}"], self[f"uitleg_{d.soort}_{d.code}"])
                    for d in self.mogelijk
                    if d.soort == soort
                ],
            )
            for soort, naam in namen.items()
            if any(deel.soort == soort for deel in self.mogelijk)
        ]

    def clean(self) -> dict[str, Any]:
        gegevens: dict[str, Any] = super().clean() or self.cleaned_data
        gevraagd = []
        for deel in self.mogelijk:
            veld = f"uitleg_{deel.soort}_{deel.code}"
            uitleg = gegevens.get(veld, "").strip()
            if not gegevens.get(f"kies_{deel.soort}_{deel.code}"):
                if uitleg and veld in self.changed_data:
                    self.add_error(veld, _("Vink “%(deel)s” aan, of maak de uitleg weer leeg.") % {"deel": deel.titel})
                continue
            if not uitleg:
                self.add_error(
                    f"uitleg_{deel.soort}_{deel.code}",
                    _("Schrijf op wat de aanvrager bij “%(deel)s” moet doen.") % {"deel": deel.titel},
                )
            gevraagd.append(Gevraagd(deel.soort, deel.titel, uitleg, deel.code))
        for regel in gegevens.get("onderdelen", "").splitlines():
            tekst = " ".join(regel.strip().lstrip("-•* ").split())
            if tekst:
                gevraagd.append(Gevraagd(Onderdeelsoort.OVERIG, tekst[:200], tekst))
        if not gevraagd and "onderdelen" not in self.errors:
            self.add_error("onderdelen", _("Kies of noem minstens één onderdeel dat ontbreekt."))
        gegevens["gevraagd"] = gevraagd
        return gegevens


class Verlengformulier(Medewerkerformulier):
    """More time to complete."""

    termijn_tot = DatumVeld(label=_("Nieuwe laatste dag"))
    reden = forms.CharField(
        label=_("Reden"),
        help_text=_("Deze tekst krijgt de aanvrager. Schrijf in gewone taal, met “u”."),
        widget=tekstvak(3),
        max_length=1000,
    )


def behandelaars() -> QuerySet[Gebruiker]:
    """Officers who can have a case in hand."""
    return (
        Gebruiker.objects.filter(
            is_active=True, roltoekenningen__rol=Rol.BEHANDELAAR, roltoekenningen__ingetrokken_op=None
        )
        .distinct()
        .order_by("naam", "email")
    )


class Overdraagformulier(Medewerkerformulier):
    """To whom a case goes, and why."""

    naar = forms.ModelChoiceField(
        label=_("Aan wie?"), queryset=Gebruiker.objects.none(), empty_label=_("Kies een collega")
    )
    reden = forms.CharField(label=_("Reden"), widget=tekstvak(3), max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["naar"].queryset = behandelaars()  # type: ignore[attr-defined]


class Afwezigformulier(Overdraagformulier):
    """Everything of one colleague to another."""

    van = forms.ModelChoiceField(
        label=_("Van wie?"), queryset=Gebruiker.objects.none(), empty_label=_("Kies een collega")
    )
    field_order = ("van", "naar", "reden")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Also somebody who has left: that is when it is needed most.
        self.fields["van"].queryset = Gebruiker.objects.filter(in_behandeling__isnull=False).distinct().order_by("naam")  # type: ignore[attr-defined]
