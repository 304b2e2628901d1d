"""A percentage as people type it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class Procentveld(forms.DecimalField):
    """0 to 100 with at most two decimals; a comma or a point, and the sign may stand behind it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", Decimal(0))
        kwargs.setdefault("max_value", Decimal(100))
        kwargs["max_digits"], kwargs["decimal_places"] = 5, 2
        kwargs["error_messages"] = {
            "invalid": _("Vul een percentage in, bijvoorbeeld 30 of 33,33."),
            "min_value": _("Vul een percentage in van 0 tot en met 100."),
            "max_value": _("Vul een percentage in van 0 tot en met 100."),
            "max_digits": _("Vul een percentage in van 0 tot en met 100, met hoogstens 2 cijfers achter de komma."),
            "max_decimal_places": _("Gebruik hoogstens 2 cijfers achter de komma, bijvoorbeeld 33,33."),
            "max_whole_digits": _("Vul een percentage in van 0 tot en met 100."),
        }
        kwargs["widget"] = forms.TextInput(
            attrs={"inputmode": "decimal", "class": "stimulans-breedte-7", "autocomplete": "off"}
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs inherit from int
        if isinstance(value, str):
            value = value.replace("%", "").replace(",", ".").strip()
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}".replace(".", ",") if isinstance(value, Decimal) else value
