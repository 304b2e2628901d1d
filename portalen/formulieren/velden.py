"""Fields that read what people type: spaces, dots and dashes are no errors, and every error says what to do.

``KvkVeld``, ``IbanVeld``, ``PostcodeVeld`` and ``TelefoonVeld`` give a ``str``, ``BedragVeld`` a ``Decimal``,
``DatumVeld`` a ``date``.
An optional field left empty gives ``""`` (or ``None`` for amounts and dates).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from schwifty import IBAN
from schwifty.exceptions import InvalidChecksumDigits, InvalidCountryCode, InvalidLength, SchwiftyException
from stdnum.exceptions import ValidationError as StdnumFout
from stdnum.nl import postcode as nl_postcode

from portalen.formulieren.datum import DatumVeld, DatumWidget
from portalen.templatetags.stimulans import euro

__all__ = [
    "BedragVeld",
    "BedragWidget",
    "DatumVeld",
    "DatumWidget",
    "IbanVeld",
    "KvkVeld",
    "PostcodeVeld",
    "TelefoonVeld",
    "lees_bedrag",
]

# White space of any kind, and the invisible marks that come along with a copy from a web page or a PDF.
_ONZICHTBAAR = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_SCHEIDING = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff.\-\u2010-\u2015/]")


class _Codeveld(forms.CharField):
    """A code in a short box: no spelling check, no phone-number guessing, width that fits."""

    breedte = 10
    toetsenbord = "text"

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        attrs.setdefault("inputmode", self.toetsenbord)
        attrs.setdefault("spellcheck", "false")
        attrs.setdefault("class", f"stimulans-breedte-{self.breedte}")
        return attrs

    def _fout(self, code: str, **params: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)


class KvkVeld(_Codeveld):
    """A KvK number: eight digits, as text. There is no public check digit; whether it exists is for the register."""

    breedte = 10
    toetsenbord = "numeric"
    default_error_messages = {
        "ongeldig": _("Vul het KvK-nummer in: 8 cijfers, bijvoorbeeld 00123456."),
        "vestiging": _(
            "Dit lijkt een vestigingsnummer (12 cijfers). Vul het KvK-nummer in: 8 cijfers. "
            "Beide nummers staan op het uittreksel van de Kamer van Koophandel."
        ),
        "rsin": _(
            "Dit lijkt een RSIN (9 cijfers). Vul het KvK-nummer in: 8 cijfers. "
            "Beide nummers staan op het uittreksel van de Kamer van Koophandel."
        ),
        "lengte": _("Het KvK-nummer heeft 8 cijfers. U vulde er %(aantal)s in. Controleer het nummer."),
    }

    def to_python(self, value: Any) -> str:
        tekst = super().to_python(value) or ""
        cijfers = _SCHEIDING.sub("", tekst)
        if not cijfers:
            return ""
        if not re.fullmatch(r"[0-9]+", cijfers):
            raise self._fout("ongeldig")
        if len(cijfers) != 8:
            code = {12: "vestiging", 9: "rsin"}.get(len(cijfers), "lengte")
            raise self._fout(code, aantal=len(cijfers))
        return cijfers


class IbanVeld(_Codeveld):
    """An IBAN of a bank in the SEPA zone, without spaces and in capitals. Shown in groups of four."""

    breedte = 30
    default_error_messages = {
        "ongeldig": _("Dit is geen IBAN. Een IBAN begint met twee letters, bijvoorbeeld NL91 ABNA 0417 1643 00."),
        "land": _("Wij kennen de landcode %(land)s niet. Een Nederlandse IBAN begint met NL. Controleer het nummer."),
        "sepa": _("Wij betalen alleen naar een rekening in het SEPA-gebied. Vul een andere rekening in."),
        "lengte": _("Een IBAN uit %(land)s heeft %(nodig)s tekens. U vulde er %(aantal)s in. Controleer het nummer."),
        "controle": _("Dit rekeningnummer klopt niet. Waarschijnlijk staat er een typefout in. Controleer het nummer."),
    }

    def to_python(self, value: Any) -> str:
        tekst = super().to_python(value) or ""
        compact = _SCHEIDING.sub("", tekst).upper()
        if not compact:
            return ""
        if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}", compact):
            raise self._fout("ongeldig")
        iban = IBAN(compact, allow_invalid=True)
        try:
            iban.validate()
        except InvalidCountryCode:
            raise self._fout("land", land=compact[:2]) from None
        except InvalidLength:
            raise self._fout("lengte", land=compact[:2], nodig=iban.spec.iban_length, aantal=len(compact)) from None
        except InvalidChecksumDigits:
            raise self._fout("controle") from None
        except SchwiftyException:
            raise self._fout("ongeldig") from None
        if not iban.in_sepa_zone:
            raise self._fout("sepa")
        return compact

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) and re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}", value):
            return " ".join(value[i : i + 4] for i in range(0, len(value), 4))
        return value


class PostcodeVeld(_Codeveld):
    """A Dutch postcode, as ``1234 AB``. Accepts small letters, no space, and ``NL-`` in front."""

    breedte = 7
    default_error_messages = {
        "ongeldig": _("Vul een postcode in van 4 cijfers en 2 letters, bijvoorbeeld 1234 AB."),
        "bestaat_niet": _("Deze postcode bestaat niet. Controleer de 4 cijfers en de 2 letters."),
    }

    def to_python(self, value: Any) -> str:
        tekst = _SCHEIDING.sub("", super().to_python(value) or "").upper()
        if not tekst:
            return ""
        if not re.fullmatch(r"(?:NL)?[0-9]{4}[A-Z]{2}", tekst):
            raise self._fout("ongeldig")
        try:
            return nl_postcode.validate(tekst)
        except StdnumFout:
            raise self._fout("bestaat_niet") from None


class TelefoonVeld(forms.CharField):
    """A telephone number as typed, if it can be one: Dutch, or with a country code in front (``+32``, ``0032``)."""

    default_error_messages = {
        "ongeldig": _("Dit is geen telefoonnummer. Vul een nummer in, bijvoorbeeld 010 123 45 67 of +32 2 123 45 67."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "tel", "class": "stimulans-breedte-20"}

    def to_python(self, value: Any) -> str:
        tekst = " ".join((super().to_python(value) or "").split())
        if not tekst:
            return ""
        try:
            nummer = phonenumbers.parse(re.sub(r"^00", "+", tekst), "NL")
        except phonenumbers.NumberParseException:
            nummer = None
        if nummer is None or re.search(r"[^\W\d_]", tekst) or not phonenumbers.is_possible_number(nummer):
            raise ValidationError(self.error_messages["ongeldig"], code="ongeldig")
        return tekst


class BedragFout(ValueError):
    """Text that is not one clear amount. ``code``: ``ongeldig``, ``dubbelzinnig``, ``decimalen`` or ``te_groot``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def lees_bedrag(tekst: str) -> Decimal:
    """Read an amount in euros as people type it. Never guesses: what can mean two things is refused.

    ========================  ===========  =======================================================
    typed                     read as      why
    ========================  ===========  =======================================================
    ``18000``                 18000.00
    ``18.000``                18000.00     point + three digits: thousands, as Dutch people write
    ``1.234.567``             1234567.00
    ``18 000``                18000.00     spaces only between groups of three
    ``18000,5``               18000.50     comma + one or two digits: decimals
    ``18000.50``              18000.50     point + one or two digits: decimals
    ``18.000,50``             18000.50     two different marks: the last one is the decimal mark
    ``18,000.50``             18000.50     idem, English style
    ``€ 18.000,-``            18000.00     currency and dash are ignored
    ``18,000``                refused      eighteen (Dutch) or eighteen thousand (English)?
    ``0.500``                 refused      half a euro or five hundred?
    ``18,0055``               refused      an amount has at most two decimals
    ========================  ===========  =======================================================

    Returns a ``Decimal`` with two decimals, possibly negative. Raises :class:`BedragFout`.
    """
    kaal = re.sub(r"€|\bEUR\b|\beuro\b", " ", tekst, flags=re.IGNORECASE)
    kaal = re.sub(r"\s+", " ", kaal)
    kaal = (
        re.sub(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff]", "", kaal)
        .replace("\u2212", "-")
        .replace("\u2013", "-")
        .strip()
    )
    kaal = re.sub(r"\s*,\s*(?:-{1,2}|=)$", "", kaal)
    negatief = kaal.startswith("-")
    kaal = kaal.removeprefix("-").strip()
    if " " in kaal:
        if not re.fullmatch(r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?", kaal):
            raise BedragFout("ongeldig")
        kaal = kaal.replace(" ", "")
        if re.fullmatch(r"[0-9]+[.,][0-9]{3,}", kaal):
            raise BedragFout("decimalen")
    if not re.fullmatch(r"[0-9][0-9.,]*", kaal) or kaal[-1] in ".,":
        raise BedragFout("ongeldig")

    heel, decimalen = _splits(kaal)
    if len(decimalen) > 2:
        raise BedragFout("decimalen")
    if len(heel.lstrip("0")) > 12:
        raise BedragFout("te_groot")
    bedrag = Decimal(f"{heel}.{decimalen:0<2}")
    return -bedrag if negatief else bedrag


def _splits(kaal: str) -> tuple[str, str]:
    """Whole euros and decimals of digits with points and commas."""
    punten, kommas = kaal.count("."), kaal.count(",")
    if punten and kommas:
        teken = max(".,", key=kaal.rfind)
        if kaal.count(teken) > 1:
            raise BedragFout("ongeldig")
        heel, _teken, decimalen = kaal.rpartition(teken)
        return _groepen(heel, "," if teken == "." else "."), decimalen
    if kommas > 1:
        raise BedragFout("dubbelzinnig")
    if kommas == 1:
        heel, _teken, decimalen = kaal.partition(",")
        if len(decimalen) == 3:
            raise BedragFout("dubbelzinnig")
        return heel, decimalen
    if punten == 1:
        heel, _teken, rest = kaal.partition(".")
        if len(rest) != 3:
            return heel, rest
        if heel.startswith("0") or len(heel) > 3:
            raise BedragFout("dubbelzinnig")
    return _groepen(kaal, "."), ""


def _groepen(heel: str, teken: str) -> str:
    """Digits without their thousands mark. The groups must be right: ``1.23.456`` is a slip, not an amount."""
    if teken not in heel:
        return heel
    if not re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:{re.escape(teken)}[0-9]{{3}})+", heel):
        raise BedragFout("ongeldig")
    return heel.replace(teken, "")


class BedragWidget(forms.TextInput):
    """A text box with the euro sign in front. Not ``type=number``: that refuses Dutch points and commas."""

    template_name = "portalen/formulieren/widgets/bedrag.html"


class BedragVeld(forms.Field):
    """An amount in euros and cents (``Decimal``, two decimals), read by :func:`lees_bedrag`; ``None`` when empty.

    ``minimum`` (default 0) and ``maximum`` are in euros and inclusive; either may be a callable or ``None``.
    """

    widget = BedragWidget
    default_error_messages = {
        "ongeldig": _("Vul een bedrag in met cijfers, bijvoorbeeld 18.000 of 18.000,50."),
        "dubbelzinnig": _(
            "Dit bedrag kunnen wij op twee manieren lezen. Gebruik een punt voor duizendtallen en een komma "
            "voor centen, bijvoorbeeld 18.000,50."
        ),
        "decimalen": _("Gebruik ten hoogste 2 cijfers achter de komma, bijvoorbeeld 18.000,50."),
        "te_groot": _("Dit bedrag is te groot. Controleer het aantal cijfers."),
        "negatief": _("Vul het bedrag in zonder minteken."),
        "minimum": _("Vul een bedrag in van ten minste %(grens)s."),
        "maximum": _("Vul een bedrag in van ten hoogste %(grens)s."),
    }

    def __init__(
        self,
        *,
        minimum: Decimal | int | Callable[[], Decimal] | None = 0,
        maximum: Decimal | int | Callable[[], Decimal] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.minimum = minimum
        self.maximum = maximum

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "class": "stimulans-breedte-10"}

    def _fout(self, code: str, **params: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)

    def grens(self, getal: Decimal) -> str:
        """A bound in the words of the error."""
        return euro(getal)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, int):
            return Decimal(value)
        tekst = str(value)
        if not _ONZICHTBAAR.sub("", tekst):
            return None
        try:
            return lees_bedrag(tekst)
        except BedragFout as fout:
            raise self._fout(fout.code) from None

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is None:
            return
        minimum = self.minimum() if callable(self.minimum) else self.minimum
        if minimum is not None and value < minimum:
            raise (
                self._fout("negatief")
                if value < 0 <= minimum
                else self._fout("minimum", grens=self.grens(Decimal(minimum)))
            )
        maximum = self.maximum() if callable(self.maximum) else self.maximum
        if maximum is not None and value > maximum:
            raise self._fout("maximum", grens=self.grens(Decimal(maximum)))

    def prepare_value(self, value: Any) -> Any:
        """Shown as ``18.000,50``; in English as ``18000.50``, because ``18,000`` would be refused."""
        if not isinstance(value, Decimal | int):
            return value
        if (get_language() or "nl").startswith("en"):
            return f"{value:.2f}".removesuffix(".00")
        return euro(value).replace("€ ", "")
