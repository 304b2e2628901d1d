"""Base of the steps of an application: a draft is always kept, whatever is missing.

No field is required here: what is missing is told on the task list and before sending. A field that cannot be read
(a wrong IBAN, a date that does not exist) is reported; the other fields of the page are kept (``geldig``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aanvragen.models import Aanvraag
from portalen.formulieren.velden import BedragVeld
from portalen.formulieren.weergave import Veldweergave
from portalen.templatetags.stimulans import datum, euro
from regeling.schema import Regelingspec


class Conceptveld(Veldweergave):
    """ "(niet verplicht)" stands only at fields that are not needed for sending either."""

    @property
    def niet_verplicht(self) -> bool:
        return not self.is_vinkje and self.name not in getattr(self.form, "nodig", ())


class Tekstveld(forms.CharField):
    """Text of more lines. Line ends count as one character, so that the limit is what the help text says."""

    widget = forms.Textarea

    def __init__(self, *, maximum: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.maximum = maximum

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if self.maximum is not None and len(value) > self.maximum:
            raise ValidationError(
                gettext("Uw tekst heeft %(aantal)d tekens; hoogstens %(maximum)d mag. Maak de tekst korter.")
                % {"aantal": len(value), "maximum": self.maximum}
            )


class Aantalveld(forms.IntegerField):
    """A whole number in a short box; points for thousands are no error."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", 10_000_000)
        kwargs.setdefault("error_messages", {}).setdefault("invalid", _("Vul een heel getal in, bijvoorbeeld 12."))
        kwargs["widget"] = forms.TextInput(
            attrs={"inputmode": "numeric", "class": "stimulans-breedte-7", "autocomplete": "off"}
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = value.replace(".", "").replace(" ", "")
        return super().to_python(value)


class Urenveld(BedragVeld):
    """A number of hours with at most two decimals; read like an amount, shown without the euro sign."""

    widget = forms.TextInput  # type: ignore[assignment]
    default_error_messages = {
        "ongeldig": _("Vul het aantal uren in met cijfers, bijvoorbeeld 40 of 12,5."),
        "dubbelzinnig": _("Dit aantal kunnen wij op twee manieren lezen. Schrijf het zonder punt, bijvoorbeeld 1200."),
        "decimalen": _("Gebruik ten hoogste 2 cijfers achter de komma, bijvoorbeeld 12,5."),
        "te_groot": _("Dit aantal uren is te groot."),
        "negatief": _("Vul het aantal uren in zonder minteken."),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "class": "stimulans-breedte-7"}

    def _fout(self, code: str, **params: Any) -> ValidationError:
        if code == "maximum":
            return ValidationError(gettext("Dit aantal uren is te groot."), code=code)
        return super()._fout(code, **params)


@dataclass(frozen=True)
class Verschil:
    """A field that somebody else changed meanwhile: what is typed here and what is stored now."""

    naam: str
    mijn: str
    nu: str


class Stapformulier(forms.Form):
    """One step. Subclasses set ``nodig`` (needed for sending) and ``samen`` (kept together or not at all)."""

    bound_field_class = Conceptveld
    samen: ClassVar[tuple[frozenset[str], ...]] = ()

    def __init__(self, spec: Regelingspec, *args: Any, **kwargs: Any) -> None:
        self.spec = spec
        self.nodig: set[str] = set()
        super().__init__(*args, **kwargs)
        self.opbouwen()
        for veld in self.fields.values():
            veld.required = False

    def opbouwen(self) -> None:
        """Adds the fields that depend on the scheme."""

    @classmethod
    def begin(cls, aanvraag: Aanvraag) -> dict[str, Any]:
        """The stored values by field name."""
        return {}

    def geldig(self) -> dict[str, Any]:
        """The values that could be read, by field name."""
        fout = set(self.errors)
        for groep in self.samen:
            if groep & fout:
                fout |= groep
        return {naam: waarde for naam, waarde in self.cleaned_data.items() if naam not in fout}

    def verschillen(self, nu: dict[str, Any]) -> list[Verschil]:
        """Fields where the typed value differs from the stored one."""
        gevonden = []
        for naam, veld in self.fields.items():
            ingevuld = self.cleaned_data.get(naam, self[naam].data) if self.is_bound else None
            mijn, staat = leesbaar(veld, ingevuld), leesbaar(veld, nu.get(naam))
            if mijn != staat:
                gevonden.append(Verschil(str(veld.label or naam), mijn, staat))
        return gevonden


def leesbaar(veld: forms.Field, waarde: Any) -> str:
    """A value of a field as text."""
    if waarde is None or waarde == "" or waarde == []:
        return ""
    if isinstance(waarde, bool):
        return gettext("Ja") if waarde else gettext("Nee")
    keuzes = dict(_plat(getattr(veld, "choices", ())))
    if isinstance(waarde, list | tuple):
        return ", ".join(str(keuzes.get(str(deel), deel)) for deel in waarde if deel)
    if str(waarde) in keuzes:
        return str(keuzes[str(waarde)])
    if isinstance(waarde, Decimal):
        return euro(waarde)
    return datum(waarde) if isinstance(waarde, date) else str(waarde)


def _plat(keuzes: Iterable[Any]) -> list[tuple[str, Any]]:
    return [(str(code), naam) for code, naam in keuzes]


def beeld(begin: Any) -> str:
    """Digest of the stored values of a step: a page that was opened on another digest is out of date."""
    tekst = json.dumps(begin, sort_keys=True, default=_als_tekst, ensure_ascii=False)
    return hashlib.sha256(tekst.encode()).hexdigest()[:32]


def _als_tekst(waarde: Any) -> str:
    if isinstance(waarde, Decimal | date | Promise):
        return str(waarde)
    raise TypeError(type(waarde).__name__)


def bedrag_uit_tekst(waarde: Any) -> Decimal | None:
    """An amount that was stored as text; ``None`` when there is none."""
    if waarde in (None, ""):
        return None
    return Decimal(str(waarde))
