"""Registering and changing an organisation."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aanvragen.enums import Mkbklasse, Provincie, Rechtsvorm
from aanvragen.models import Organisatie
from portalen.formulieren.concept import Aantalveld
from portalen.formulieren.procent import Procentveld
from portalen.formulieren.velden import BedragVeld, KvkVeld, PostcodeVeld

#: Largest turnover or balance that the column holds.
GROOTSTE_BEDRAG = Decimal("99999999999")
SBI_VERSIES = [("", _("Maak een keuze")), ("SBI 2008", "SBI 2008"), ("SBI 2025", "SBI 2025")]


class Sbiveld(forms.CharField):
    """An SBI code: 2 to 6 digits; points are left out."""

    def to_python(self, value: Any) -> str:
        kaal = re.sub(r"[\s.]", "", super().to_python(value) or "")
        if kaal and not re.fullmatch(r"[0-9]{2,6}", kaal):
            raise ValidationError(_("Vul de SBI-code in met 2 tot 6 cijfers, bijvoorbeeld 6201."), code="ongeldig")
        return kaal


def keuzeveld(label: Any, keuzes: list[tuple[str, Any]], **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", _("Maak een keuze")), *keuzes], **kwargs)


def organisatievelden() -> dict[str, forms.Field]:
    """The fields by name of :class:`Organisatie`, new objects each time."""
    return {
        "naam": forms.CharField(
            label=_("Naam van uw organisatie"), max_length=200, help_text=_("Zoals in het Handelsregister.")
        ),
        "rechtsvorm": keuzeveld(_("Rechtsvorm"), list(Rechtsvorm.choices)),
        "sbi_code": Sbiveld(
            label=_("SBI-code van uw hoofdactiviteit"),
            help_text=_("Deze code staat op uw uittreksel van de Kamer van Koophandel."),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "stimulans-breedte-7"}),
        ),
        "sbi_versie": forms.ChoiceField(
            label=_("Bij welke lijst hoort deze code?"),
            choices=SBI_VERSIES,
            help_text=_("Op uittreksels van na 2025 staat meestal een code van SBI 2025."),
        ),
        "werkzame_personen": Aantalveld(
            label=_("Hoeveel mensen werken er bij u?"),
            help_text=_("Tel iedereen mee die bij u werkt, ook eigenaren. Tel mensen die deeltijd werken één keer."),
        ),
        "omvang_jaar": Aantalveld(
            label=_("Over welk jaar gaan deze cijfers?"),
            min_value=1990,
            max_value=timezone.localdate().year,
            error_messages={
                "max_value": _("Dit jaar is nog niet geweest. Vul een jaar in tot en met %(limit_value)s."),
                "min_value": _("Vul een jaar in van %(limit_value)s of later."),
            },
            help_text=_("Meestal het laatste boekjaar, bijvoorbeeld %(jaar)s.")
            % {"jaar": timezone.localdate().year - 1},
        ),
        "omzet": BedragVeld(label=_("Jaaromzet"), help_text=_("In euro’s, zonder btw."), maximum=GROOTSTE_BEDRAG),
        "balanstotaal": BedragVeld(
            label=_("Balanstotaal"), help_text=_("Dit staat in uw jaarrekening."), maximum=GROOTSTE_BEDRAG
        ),
        "omvang_vorig": forms.ChoiceField(
            label=_("Hoe groot was uw onderneming het jaar daarvoor?"),
            choices=[("", _("Weet ik niet, of mijn onderneming bestond nog niet")), *Mkbklasse.choices],
            help_text=_("Tel partners en verbonden bedrijven mee. De grootte verandert pas na twee jaar op rij."),
        ),
        "publiek": forms.BooleanField(
            label=_("Dit is een publieke organisatie"),
            help_text=_("Bijvoorbeeld een gemeente, een school of een ziekenhuis."),
        ),
        "publiek_aandeel": Procentveld(
            label=_("Welk deel van uw organisatie is in handen van de overheid?"),
            help_text=_("In procenten van het kapitaal of de stemmen. Vul 0 in als dat niets is."),
        ),
        "straat": forms.CharField(
            label=_("Straat en huisnummer"),
            max_length=200,
            widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        ),
        "postcode": PostcodeVeld(label=_("Postcode")),
        "plaats": forms.CharField(
            label=_("Plaats"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
        ),
        "provincie": keuzeveld(_("Provincie"), list(Provincie.choices)),
    }


class Kvkformulier(forms.Form):
    """Only the number, to look the rest up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kvk_nummer"] = KvkVeld(
            label=_("KvK-nummer"), help_text=_("8 cijfers. Het staat op uw uittreksel. Spaties mogen.")
        )


class Organisatieformulier(forms.Form):
    """The data of an organisation. ``nieuw``: also the KvK number, which cannot be changed later."""

    verplicht = frozenset({"naam", "kvk_nummer"})

    def __init__(self, *args: Any, nieuw: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if nieuw:
            self.fields["kvk_nummer"] = KvkVeld(
                label=_("KvK-nummer"), help_text=_("8 cijfers. Het staat op uw uittreksel.")
            )
        self.fields.update(organisatievelden())
        for naam, veld in self.fields.items():
            veld.required = naam in self.verplicht

    def clean_naam(self) -> str:
        return " ".join(self.cleaned_data["naam"].split())

    def clean(self) -> dict[str, Any]:
        gegevens = super().clean() or {}
        if gegevens.get("sbi_code") and not gegevens.get("sbi_versie"):
            self.add_error("sbi_versie", _("Kies bij welke lijst de SBI-code hoort."))
        if not gegevens.get("sbi_code"):
            gegevens["sbi_versie"] = ""
        return gegevens

    def gegevens(self) -> dict[str, Any]:
        """What goes to the service, without the KvK number."""
        return {naam: waarde for naam, waarde in self.cleaned_data.items() if naam != "kvk_nummer"}


def uit_organisatie(organisatie: Organisatie) -> dict[str, Any]:
    """Stored values by field name."""
    return {naam: getattr(organisatie, naam) for naam in organisatievelden()}
