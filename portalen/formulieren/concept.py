"""Base of the steps of an application: a draft is always kept, whatever is missing.

No field is required here: what is missing is told on the task list and before sending. A field that cannot be read
(a wrong IBAN, a date that does not exist) is reported; the other fields of the page are kept (``geldig``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.html import strip_tags
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

    widget = forms.TextInput  # type: ignore[assignment]  # the stubs forbid another widget
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
    """What two people wrote in the same place: what is typed here, what is stored now, who stored it and when.

    ``veld``: the name that the choice for the stored text is sent under. ``anker``: id of the field on the page.
    """

    naam: str
    mijn: str
    nu: str
    veld: str = ""
    anker: str = ""
    wie: str = ""
    op: datetime | None = None


def zonder_nul(data: Any) -> tuple[Any, bool]:
    """Posted data without NUL characters, which no database keeps and nobody can see; and whether there were any."""
    if data is None or not any("\x00" in str(waarde) for _naam, waarde in _alle_waarden(data)):
        return data, False
    if isinstance(data, MultiValueDict):
        schoon = data.copy()
        for naam in data:
            schoon.setlist(naam, [waarde.replace("\x00", "") for waarde in data.getlist(naam)])
        return schoon, True
    return {
        naam: waarde.replace("\x00", "") if isinstance(waarde, str) else waarde for naam, waarde in data.items()
    }, True


def _alle_waarden(data: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    if isinstance(data, MultiValueDict):
        return ((naam, waarde) for naam, waarden in data.lists() for waarde in waarden)
    return data.items()


class Stapformulier(forms.Form):
    """One step. Subclasses set ``nodig`` (needed for sending) and ``samen`` (kept together or not at all).

    ``houden``: fields whose stored value stays, whatever was posted (see ``samen.py``).
    """

    bound_field_class = Conceptveld
    samen: ClassVar[tuple[frozenset[str], ...]] = ()

    def __init__(self, spec: Regelingspec, *args: Any, **kwargs: Any) -> None:
        self.spec = spec
        self.nodig: set[str] = set()
        self.houden: set[str] = set()
        super().__init__(*args, **kwargs)
        self.data, self.nul_weg = zonder_nul(self.data)
        self.opbouwen()
        for veld in self.fields.values():
            veld.required = False
            veld.widget.attrs.pop("maxlength", None)  # a browser would cut off pasted text without a word

    def opbouwen(self) -> None:
        """Adds the fields that depend on the scheme."""

    @classmethod
    def begin(cls, aanvraag: Aanvraag) -> dict[str, Any]:
        """The stored values by field name."""
        return {}

    def geldig(self) -> dict[str, Any]:
        """The values that could be read, by field name."""
        niet = self.onleesbaar() | self.houden
        return {naam: waarde for naam, waarde in self.cleaned_data.items() if naam not in niet}

    def onleesbaar(self) -> set[str]:
        """Fields with an error, and those that are kept together with one."""
        fout = set(self.errors)
        for groep in self.samen:
            if groep & fout:
                fout |= groep
        return fout & set(self.fields)

    def eenheden(self) -> list[tuple[str, ...]]:
        """The fields in the groups in which two people's work is merged: what belongs together goes together."""
        groepen = [tuple(sorted(groep & set(self.fields))) for groep in self.samen]
        los = set(self.fields) - {naam for groep in groepen for naam in groep}
        return [groep for groep in groepen if groep] + [(naam,) for naam in self.fields if naam in los]


def leesbaar(veld: forms.Field, waarde: Any) -> str:
    """A value of a field as text."""
    if waarde is None or waarde == "" or waarde == []:
        return ""
    if isinstance(waarde, bool):
        return gettext("Ja") if waarde else gettext("Nee")
    keuzes = {code: _kort(naam) for code, naam in _plat(getattr(veld, "choices", ()))}
    if isinstance(waarde, list | tuple):
        return ", ".join(str(keuzes.get(str(deel), deel)) for deel in waarde if deel)
    if str(waarde) in keuzes:
        return str(keuzes[str(waarde)])
    if isinstance(waarde, Decimal):
        return euro(waarde)
    return datum(waarde) if isinstance(waarde, date) else str(waarde)


def _kort(naam: Any) -> str:
    """The name of a choice without the explanation that stands under it."""
    return strip_tags(str(naam).split("<span", 1)[0])


def _plat(keuzes: Iterable[Any]) -> list[tuple[str, Any]]:
    return [(str(code), naam) for code, naam in keuzes]


def bedrag_uit_tekst(waarde: Any) -> Decimal | None:
    """An amount that was stored as text; ``None`` when there is none."""
    if waarde in (None, ""):
        return None
    return Decimal(str(waarde))
