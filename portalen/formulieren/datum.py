"""A date in three boxes: day, month, year. Easier and less error-prone than a calendar for dates people know."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portalen.templatetags.stimulans import datum

MAANDEN = {
    naam: nummer
    for nummer, namen in enumerate(
        (
            ("januari", "january", "jan"),
            ("februari", "february", "feb"),
            ("maart", "march", "mrt", "mar"),
            ("april", "apr"),
            ("mei", "may"),
            ("juni", "june", "jun"),
            ("juli", "july", "jul"),
            ("augustus", "august", "aug"),
            ("september", "sept", "sep"),
            ("oktober", "october", "okt", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for naam in namen
}
LABELS = (_("Dag"), _("Maand"), _("Jaar"))
ALLE_VAKKEN = (0, 1, 2)
_ISO = re.compile(r"\s*([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})\s*")
_DMJ = re.compile(r"\s*([0-9]{1,2})[-/. ]+([0-9]{1,2}|[A-Za-z]+)[-/. ]+([0-9]{4})\s*")

_VAK_BIJ_FOUT = {"dag": (0,), "maand": (1,), "jaar": (2,)}

Grens = date | Callable[[], date]


def _in_delen(tekst: str) -> list[str] | None:
    """Day, month and year of a date written in one piece: ``2026-11-21``, ``21-11-2026`` or ``21 november 2026``."""
    if treffer := _ISO.fullmatch(tekst):
        return [treffer[3], treffer[2], treffer[1]]
    if treffer := _DMJ.fullmatch(tekst):
        return [treffer[1], treffer[2], treffer[3]]
    return None


class DatumWidget(forms.MultiWidget):
    """Three text boxes named ``<veld>_dag``, ``<veld>_maand`` and ``<veld>_jaar``."""

    template_name = "portalen/formulieren/widgets/datum.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        def vak(breedte: int) -> forms.TextInput:
            klasse = f"stimulans-breedte-{breedte}"
            return forms.TextInput(attrs={"class": klasse, "inputmode": "numeric", "autocomplete": "off"})

        super().__init__({"dag": vak(2), "maand": vak(3), "jaar": vak(4)}, attrs)
        #: The boxes that the error is about; the others are not marked.
        self.foute_vakken: tuple[int, ...] = ALLE_VAKKEN

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, date):
            return [value.day, value.month, value.year]
        if isinstance(value, str):
            return list(_in_delen(value) or [value, "", ""])
        return ["", "", ""]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """``[dag, maand, jaar]`` as typed. A whole date under the plain name (a stored draft) is understood too."""
        delen = super().value_from_datadict(data, files, name)
        heel = data.get(name)
        if heel and not any(delen):
            return self.decompress(heel)
        return [deel or "" for deel in delen]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for nummer, vak in enumerate(context["widget"]["subwidgets"]):
            if nummer not in self.foute_vakken:
                vak["attrs"].pop("aria-invalid", None)
        context["widget"]["delen"] = list(zip(LABELS, context["widget"]["subwidgets"], strict=True))
        return context


class DatumVeld(forms.Field):
    """A ``datetime.date`` from day, month and year; ``None`` when all three are empty and the field is optional.

    ``3``, ``03``, ``mrt`` and ``maart`` are all March; a whole date pasted into the first box is understood.
    ``vanaf`` and ``tot_en_met`` (a date, or a callable that gives one) are the first and last date allowed.
    """

    widget = DatumWidget
    default_error_messages = {
        "dag": _("Vul bij de dag een getal van 1 tot en met 31 in."),
        "maand": _("Vul bij de maand een getal van 1 tot en met 12 in, of de naam van de maand."),
        "jaar": _("Vul het jaar in met 4 cijfers, bijvoorbeeld 2026."),
        "onvolledig": _("De datum is niet volledig. Vul ook %(ontbreekt)s in."),
        "bestaat_niet": _("%(dag)s-%(maand)s-%(jaar)s bestaat niet. Controleer de dag, de maand en het jaar."),
        "te_vroeg": _("Vul een datum in die op of na %(grens)s ligt."),
        "te_laat": _("Vul een datum in die op of voor %(grens)s ligt."),
    }

    def __init__(self, *, vanaf: Grens | None = None, tot_en_met: Grens | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vanaf = vanaf
        self.tot_en_met = tot_en_met

    def _fout(self, code: str, **params: Any) -> ValidationError:
        vakken = params.pop("vakken", _VAK_BIJ_FOUT.get(code, ALLE_VAKKEN))
        return ValidationError(self.error_messages[code], code=code, params={**params, "vakken": vakken})

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        if isinstance(value, str):
            value = _in_delen(value) or [value, "", ""]
        delen = [str(deel).strip() for deel in value]
        if not any(delen):
            return None
        if delen[0] and not delen[1] and not delen[2]:
            delen = _in_delen(delen[0]) or delen
        namen = (gettext("de dag"), gettext("de maand"), gettext("het jaar"))
        if leeg := tuple(nummer for nummer, deel in enumerate(delen) if not deel):
            raise self._fout(
                "onvolledig", ontbreekt=gettext(" en ").join(namen[nummer] for nummer in leeg), vakken=leeg
            )
        dag, maand, jaar = delen
        if not re.fullmatch(r"[0-9]{1,2}", dag) or not 1 <= int(dag) <= 31:
            raise self._fout("dag")
        maandnummer = MAANDEN.get(maand.lower().rstrip("."))
        if maandnummer is None and re.fullmatch(r"[0-9]{1,2}", maand):
            maandnummer = int(maand)
        if maandnummer is None or not 1 <= maandnummer <= 12:
            raise self._fout("maand")
        if not re.fullmatch(r"[1-9][0-9]{3}", jaar):
            raise self._fout("jaar")
        try:
            return date(int(jaar), maandnummer, int(dag))
        except ValueError:
            raise self._fout("bestaat_niet", dag=int(dag), maand=maandnummer, jaar=jaar) from None

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        vanaf = self.vanaf() if callable(self.vanaf) else self.vanaf
        if vanaf is not None and value < vanaf:
            raise self._fout("te_vroeg", grens=datum(vanaf))
        tot_en_met = self.tot_en_met() if callable(self.tot_en_met) else self.tot_en_met
        if tot_en_met is not None and value > tot_en_met:
            raise self._fout("te_laat", grens=datum(tot_en_met))
