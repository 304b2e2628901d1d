"""Forms of the committee: scores per criterion, answers of members, members, meetings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from beoordeling.enums_commissie import Commissierol, Kennis
from beoordeling.models import Commissielid
from beoordeling.services.commissie import Lidgegevens
from beoordeling.services.toewijzing_antwoord import VERKLARING
from kern.models import Gebruiker
from portalen.formulieren.medewerker import Medewerkerformulier, tekstvak
from portalen.formulieren.tijdvak import TijdVeld, moment
from portalen.formulieren.velden import DatumVeld, KvkVeld
from regeling.models import Thema
from regeling.schema_delen import Criteriumspec


class Stemformulier(Medewerkerformulier):
    """A score of 1 to 5 per criterion, with the anchor of every value in view."""

    toon_niet_verplicht = False  # the service says what is missing

    def __init__(self, *args: Any, criteria: Iterable[Criteriumspec], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = []
        for criterium in criteria:
            self.codes.append(criterium.code)
            self.fields[f"score_{criterium.code}"] = forms.ChoiceField(
                label=f"{criterium.naam} ({criterium.gewicht:f} %)",
                choices=[(str(nr), f"{nr}: {anker}") for nr, anker in enumerate(criterium.ankers, 1)],
                widget=forms.RadioSelect,
                required=False,  # half a form is kept; the service says what is missing
                error_messages={"invalid_choice": _("Kies een score van 1 tot en met 5.")},
            )
            self._erbij(criterium)

    def _erbij(self, criterium: Criteriumspec) -> None:
        """What comes with each criterion."""

    def stem(self) -> dict[str, object]:
        return {code: self.cleaned_data.get(f"score_{code}", "") for code in self.codes}


class Scoreformulier(Stemformulier):
    """Score and reason per criterion."""

    def _erbij(self, criterium: Criteriumspec) -> None:
        self.fields[f"reden_{criterium.code}"] = forms.CharField(
            label=_t("Uw reden bij “%(criterium)s”") % {"criterium": criterium.naam},
            widget=tekstvak(3),
            max_length=5000,
            required=False,
        )

    def ingevuld(self) -> dict[str, tuple[object, str]]:
        gegevens = self.cleaned_data
        return {code: (gegevens.get(f"score_{code}", ""), gegevens.get(f"reden_{code}", "")) for code in self.codes}

    @staticmethod
    def begin(concept: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """What is kept, as initial values."""
        uit: dict[str, Any] = {}
        for code, rij in concept.items():
            uit |= {f"score_{code}": str(rij["score"] or ""), f"reden_{code}": rij["reden"]}
        return uit


class Aanvaardformulier(Medewerkerformulier):
    toon_niet_verplicht = False  # the service says what is missing

    verklaring = forms.BooleanField(label=VERKLARING, required=False)


class Motiveringsformulier(Medewerkerformulier):
    """A reason that the service asks for, in its own words."""

    toon_niet_verplicht = False  # the service says what is missing

    reden = forms.CharField(label=_("Reden"), widget=tekstvak(3), max_length=2000, required=False)


class Belangformulier(Medewerkerformulier):
    toon_niet_verplicht = False  # the service says what is missing

    reden = forms.CharField(
        label=_("Wat is uw belang?"),
        help_text=_("Bijvoorbeeld: mijn zus werkt daar. U ziet deze aanvraag daarna niet meer."),
        widget=tekstvak(3),
        max_length=2000,
        required=False,
    )


class Consensusformulier(Stemformulier):
    """Common scores after discussion, with what was said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["toelichting"] = forms.CharField(
            label=_("Waarom zijn dit uw gezamenlijke scores?"), widget=tekstvak(3), max_length=4000, required=False
        )


class Derdeformulier(Medewerkerformulier):
    """Another assessor, and until when."""

    lid = forms.ModelChoiceField(label=_("Lid"), queryset=Commissielid.objects.none(), empty_label=_("Kies een lid"))
    dag = DatumVeld(label=_("Beoordelen tot en met"), required=False, help_text=_("Leeg is de termijn van de ronde."))

    def __init__(self, *args: Any, leden: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lid"].queryset = leden  # type: ignore[attr-defined]

    @property
    def scoren_tot(self) -> datetime | None:
        dag = self.cleaned_data.get("dag")
        return eind_van(dag) if dag else None


def eind_van(dag: Any) -> datetime:
    """The last second of a day, Dutch time."""
    return moment(dag, datetime.max.time().replace(microsecond=0))


class Lidkeuze(Motiveringsformulier):
    """A member and a reason: an interest, or leaving the room."""

    lid = forms.ModelChoiceField(label=_("Lid"), queryset=Commissielid.objects.none(), empty_label=_("Kies een lid"))
    field_order = ("lid", "reden")

    def __init__(self, *args: Any, leden: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lid"].queryset = leden  # type: ignore[attr-defined]


class Instelformulier(Medewerkerformulier):
    naam = forms.CharField(label=_("Naam van de commissie"), max_length=200, required=False)
    dag = DatumVeld(label=_("Beoordelen tot en met"))

    @property
    def scoren_tot(self) -> datetime:
        return eind_van(self.cleaned_data["dag"])


class Termijnformulier(Motiveringsformulier):
    dag = DatumVeld(label=_("Nieuwe laatste dag"))
    field_order = ("dag", "reden")


class Lidformulier(Medewerkerformulier):
    """A member: who, in which role, for how long, and what is needed to find interests."""

    gebruiker = forms.ModelChoiceField(
        label=_("Wie"), queryset=Gebruiker.objects.none(), empty_label=_("Kies een persoon")
    )
    rol = forms.ChoiceField(label=_("Rol"), choices=Commissierol.choices, widget=forms.RadioSelect)
    van = DatumVeld(label=_("Eerste dag"))
    tot = DatumVeld(label=_("Laatste dag"), required=False)
    organisatie = forms.CharField(label=_("Werkt bij"), max_length=200, required=False)
    kvk_nummer = KvkVeld(
        label=_("KvK-nummer van de werkgever"),
        required=False,
        help_text=_("Wij zoeken hiermee belangen, en doen er verder niets mee."),
    )
    straat = forms.CharField(label=_("Straat en huisnummer (woonadres)"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=7, required=False)
    hoogstens = forms.IntegerField(
        label=_("Hoeveel aanvragen hoogstens?"),
        required=False,
        min_value=0,
        max_value=1000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "stimulans-breedte-4"}),
    )

    def __init__(self, *args: Any, mensen: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gebruiker"].queryset = mensen  # type: ignore[attr-defined]

    def gegevens(self) -> Lidgegevens:
        rest = {naam: waarde for naam, waarde in self.cleaned_data.items() if naam != "gebruiker"}
        return Lidgegevens(**{**rest, "rol": Commissierol(rest["rol"])})


class Kennisformulier(Medewerkerformulier):
    """What a member knows of each theme."""

    def __init__(self, *args: Any, themas: Iterable[Thema], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.themas = list(themas)
        for thema in self.themas:
            self.fields[f"thema_{thema.code}"] = forms.ChoiceField(
                label=thema.naam,
                choices=[("", _("Geen bijzondere kennis")), *Kennis.choices],
                widget=forms.RadioSelect,
                required=False,
            )

    def niveaus(self) -> dict[Thema, Kennis]:
        gekozen = {thema: self.cleaned_data.get(f"thema_{thema.code}") for thema in self.themas}
        return {thema: Kennis(niveau) for thema, niveau in gekozen.items() if niveau}


class Samenwerkingformulier(Medewerkerformulier):
    organisatie = forms.CharField(label=_("Organisatie"), max_length=200)
    kvk_nummer = KvkVeld(label=_("KvK-nummer"))
    toelichting = forms.CharField(label=_("Wat u samen deed"), max_length=300)


class Vergaderformulier(Medewerkerformulier):
    dag = DatumVeld(label=_("Dag"))
    tijd = TijdVeld(label=_("Tijd"))
    plaats = forms.CharField(label=_("Plaats"), max_length=200, required=False)

    @property
    def gepland_op(self) -> datetime:
        return moment(self.cleaned_data["dag"], self.cleaned_data["tijd"])


class Kiesformulier(Medewerkerformulier):
    """Tick what belongs: applications for an agenda, or members who are there."""

    toon_niet_verplicht = False  # the service says what is missing

    def __init__(self, *args: Any, naam: str, label: str, rijen: Any, alles: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.naam = naam
        self.fields[naam] = forms.ModelMultipleChoiceField(
            label=label,
            queryset=rijen,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=list(rijen.values_list("pk", flat=True)) if alles else None,
        )

    @property
    def gekozen(self) -> list[Any]:
        return list(self.cleaned_data[self.naam])


class Afsluitformulier(Medewerkerformulier):
    toon_niet_verplicht = False  # the service says what is missing

    verslag = forms.CharField(
        label=_("Verslag van de bespreking"),
        help_text=_("Dit komt in de notulen."),
        widget=tekstvak(4),
        max_length=5000,
        required=False,
    )
