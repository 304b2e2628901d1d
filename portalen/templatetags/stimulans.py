"""Template tags and filters of the portal: Dutch amounts and dates, and the parts that need a little arithmetic.

Amounts and dates follow the active language: Dutch (``€ 18.000,50``, ``21 november 2026``) unless English is active.
Moments are shown in Europe/Amsterdam whatever the time zone of the server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from aanvragen.inhoud import bedrag_of_stuks, gevraagd_in_woorden, toegekend_in_woorden
from aanvragen.models import Aanvraag
from kern.document import Blok, Tabel, blokken_html
from kern.enums import Scanuitslag
from kern.models import Bestand
from kern.services import voorbeeld
from regeling.models import Tijdvak
from regeling.ruimte import in_woorden

register = template.Library()

TIJDZONE = ZoneInfo("Europe/Amsterdam")
CENT = Decimal("0.01")

# Drawn for this project on a 24 x 24 grid; stroke only, so that they take the colour of the text.
PICTOGRAMMEN = {
    "vink": "M4 12.5 9.5 18 20 6.5",
    "kruis": "M6 6l12 12M18 6 6 18",
    "info": "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18zM12 11v6M12 7.2v.1",
    "waarschuwing": "M12 3.5 22 20.5H2zM12 10v5M12 17.8v.1",
    "fout": "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7.5v5.5M12 16.4v.1",
    "rechts": "M9 5l7 7-7 7",
    "links": "M15 5l-7 7 7 7",
    "omlaag": "M5 9l7 7 7-7",
    "download": "M12 4v11M7 10.5l5 5 5-5M4 20h16",
    "document": "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
    "klok": "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18zM12 7v5.5l3.5 2",
    "slot": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "persoon": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
}

# Class per kind of alert: name for screen readers, pictogram, landmark role (an error interrupts, the rest does not).
MELDINGSOORTEN = {
    "info": (_("Informatie"), "info"),
    "ok": (_("Gelukt"), "vink"),
    "warning": (_("Let op"), "waarschuwing"),
    "error": (_("Fout"), "fout"),
}
# What Django's messages framework and Dutch-speaking callers may say instead.
MELDINGALIAS = {"success": "ok", "debug": "info", "waarschuwing": "warning", "let-op": "warning", "fout": "error"}


def _engels() -> bool:
    return (get_language() or "nl").startswith("en")


def _gegroepeerd(getal: Decimal | int, decimalen: int) -> str:
    """``18000`` with 2 decimals gives ``18.000,00`` (Dutch) or ``18,000.00`` (English)."""
    tekst = f"{getal:,.{decimalen}f}"
    return tekst if _engels() else tekst.translate(str.maketrans(",.", ".,"))


def _decimaal(waarde: Any) -> Decimal | None:
    if waarde is None or waarde == "" or isinstance(waarde, bool):
        return None
    try:
        getal = waarde if isinstance(waarde, Decimal) else Decimal(str(waarde))
    except InvalidOperation:
        return None
    return getal if getal.is_finite() else None


@register.filter
def euro(waarde: Any) -> str:
    """Euros: ``€ 18.000``, or ``€ 18.000,50`` when there are cents. Rounds half up to cents. Empty in, empty out."""
    getal = _decimaal(waarde)
    if getal is None:
        return ""
    getal = getal.quantize(CENT, rounding=ROUND_HALF_UP)
    decimalen = 0 if getal == getal.to_integral_value() else 2
    teken = "-" if getal < 0 else ""
    return f"{teken}€ {_gegroepeerd(abs(getal), decimalen)}"


@register.filter
def ruimte(bedrag: Any, tijdvak: Tijdvak) -> str:
    """As the ceilings of a round count: ``€ 18.000``, ``2.000 vouchers``, ``3 plaatsen``. Empty in, empty out."""
    return "" if bedrag is None or bedrag == "" else in_woorden(bedrag, tijdvak)


@register.filter
def gevraagd(aanvraag: Aanvraag) -> str:
    """What an application asks, in euros or in places; empty for an unfinished draft."""
    leeg = aanvraag.gevraagd_bedrag is None and aanvraag.gevraagd_stuks is None
    return "" if leeg else gevraagd_in_woorden(aanvraag)


@register.filter
def toegekend(aanvraag: Aanvraag) -> str:
    """What was granted, in euros or in places; empty when nothing was."""
    leeg = aanvraag.toegekend_bedrag is None and aanvraag.toegekend_stuks is None
    return "" if leeg else toegekend_in_woorden(aanvraag)


@register.filter
def wat_gegeven(besluit: Any) -> str:
    """The amount of a decision, or its places; empty for a decision that gives nothing."""
    leeg = besluit.bedrag is None and besluit.stuks is None
    return "" if leeg else bedrag_of_stuks(besluit.bedrag, besluit.stuks, besluit.aanvraag)


@register.filter
def getal(waarde: Any, decimalen: int = 0) -> str:
    """A number with thousands separators: ``4.526``. ``decimalen``: digits after the comma."""
    waarde = _decimaal(waarde)
    if waarde is None:
        return ""
    stap = Decimal(1).scaleb(-int(decimalen))
    return _gegroepeerd(waarde.quantize(stap, rounding=ROUND_HALF_UP), int(decimalen))


@register.filter
def kort_getal(waarde: Any) -> str:
    """A number with only the decimals that it has, two at most: ``33,33``, ``62,5``, ``1.200``."""
    bedrag = _decimaal(waarde)
    if bedrag is None:
        return ""
    bedrag = bedrag.quantize(CENT, rounding=ROUND_HALF_UP).normalize()
    return _gegroepeerd(bedrag, max(0, -int(bedrag.as_tuple().exponent)))


@register.filter
def procent(waarde: Any, decimalen: int = 0) -> str:
    """A fraction (0-1) as a percentage: ``0.753|procent`` gives ``75%``, ``0.753|procent:1`` gives ``75,3%``."""
    fractie = _decimaal(waarde)
    return "" if fractie is None else f"{getal(fractie * 100, decimalen)}%"


def _lokaal(waarde: datetime) -> datetime:
    """Moment in Amsterdam. A naive moment is taken to be Amsterdam time already."""
    return waarde.astimezone(TIJDZONE) if waarde.tzinfo else waarde


@register.filter
def datum(waarde: Any, vorm: str = "") -> str:
    """A date in words: ``21 november 2026``. With ``kort``: ``21 nov 2026``, for dense tables."""
    if isinstance(waarde, datetime):
        waarde = _lokaal(waarde).date()
    if not isinstance(waarde, date):
        return ""
    if vorm != "kort":
        return date_format(waarde, "j F Y")
    kort = date_format(waarde, "j M Y").replace(".", "")
    return kort if _engels() else kort.lower()  # Django writes Dutch short months with a capital


@register.filter
def datumtijd(waarde: Any, vorm: str = "") -> str:
    """A moment in words: ``21 november 2026 om 17:00 uur``, in Europe/Amsterdam.

    ``vorm``: ``s`` adds seconds (receipts), ``kort`` gives ``21 nov 2026, 17:00``. A plain date gives only the date.
    """
    if not isinstance(waarde, datetime):
        return datum(waarde, vorm)
    moment = _lokaal(waarde)
    if vorm == "kort":
        return f"{datum(moment, 'kort')}, {moment:%H:%M}"
    tijd = f"{moment:%H:%M:%S}" if vorm == "s" else f"{moment:%H:%M}"
    return gettext("%(datum)s om %(tijd)s uur") % {"datum": datum(moment), "tijd": tijd}


@register.filter
def kvk(waarde: Any) -> str:
    """A KvK number as the register writes it: eight digits, leading zeros kept. Other input is returned unchanged."""
    if waarde is None:
        return ""
    cijfers = re.sub(r"[\s.\-]", "", str(waarde))
    if isinstance(waarde, int):
        cijfers = cijfers.zfill(8)
    return cijfers if re.fullmatch(r"[0-9]{8}", cijfers) else str(waarde)


@register.filter
def iban_verborgen(waarde: Any) -> str:
    """An IBAN that can be recognised but not copied: ``NL91 … 4300``."""
    iban = re.sub(r"\s", "", str(waarde or "")).upper()
    return f"{iban[:4]} … {iban[-4:]}" if len(iban) >= 12 else ""


@register.simple_tag
def pictogram(naam: str) -> SafeString:
    """An inline drawing, hidden from screen readers: always put text beside it. Names: see ``PICTOGRAMMEN``."""
    return format_html(
        '<svg class="stimulans-pictogram" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" '
        'focusable="false"><path d="{}"/></svg>',
        PICTOGRAMMEN[naam],
    )


@register.simple_tag
def meldingsoort(soort: str) -> dict[str, Any]:
    """Kind of alert as ``{klasse, naam, pictogram}``. Takes our kinds and the tags of Django's messages."""
    laatste = (str(soort or "info").split() or ["info"])[-1]
    klasse = MELDINGALIAS.get(laatste, laatste)
    if klasse not in MELDINGSOORTEN:
        klasse = "info"
    naam, teken = MELDINGSOORTEN[klasse]
    return {"klasse": klasse, "naam": naam, "pictogram": teken}


@register.simple_block_tag(name="melding", end_name="eindmelding")
def melding_blok(content: str, soort: str = "info", titel: str = "") -> SafeString:
    """``{% melding "warning" titel="..." %}<p>...</p>{% eindmelding %}``: an alert with rich content."""
    context = {"soort": soort, "titel": titel, "inhoud": content}
    return mark_safe(render_to_string("portalen/onderdelen/_melding.html", context))


@register.simple_block_tag(name="tabelkader", end_name="eindtabelkader")
def tabelkader(content: str, label: str) -> SafeString:
    """Puts a table in a region that scrolls sideways on a narrow screen and can be reached with the keyboard.

    ``label`` names the region for screen readers; use the caption of the table.
    """
    return format_html(
        '<div class="utrecht-table-container" role="region" aria-label="{}" tabindex="0">{}</div>', label, content
    )


@register.filter
def blokken(inhoud: Iterable[Blok]) -> SafeString:
    """Blocks of a document inside a page, under its ``h1``; tables scroll sideways like all others."""
    delen = []
    for blok in inhoud:
        html = mark_safe(blokken_html([blok]))  # the document model escapes all text
        delen.append(tabelkader(html, blok.bijschrift) if isinstance(blok, Tabel) else html)
    return mark_safe("\n".join(delen))  # made of escaped parts


@register.filter
def is_lijst(waarde: Any) -> bool:
    """Whether a value is a list or tuple (``_samenvatting.html`` shows one line for each part)."""
    return isinstance(waarde, list | tuple)


@register.simple_tag
def celgetal(kolommen: list[Mapping[str, Any]], nummer: int) -> bool:
    """Whether the cells of this column hold numbers (``_tabel.html``)."""
    return nummer < len(kolommen) and bool(kolommen[nummer].get("getal"))


@register.simple_tag
def lijstitem(lijst: list[Any], nummer: int) -> Any:
    """The item of a list at a place that the template computes."""
    return lijst[nummer]


@register.simple_tag(takes_context=True)
def paginalink(context: template.Context, nummer: int, parameter: str = "pagina") -> str:
    """The current query string with another page number, so that filters stay in the address."""
    request = context.get("request")
    vraag = request.GET.copy() if request is not None else None
    if vraag is None:
        return f"?{parameter}={nummer}"
    vraag[parameter] = str(nummer)
    return f"?{vraag.urlencode()}"


@register.simple_tag
def paginabereik(pagina: Page[Any]) -> list[int | None]:
    """Page numbers to show, ``None`` where numbers are left out: 1, None, 4, 5, 6, None, 12."""
    bereik = pagina.paginator.get_elided_page_range(pagina.number, on_each_side=1, on_ends=1)
    return [nummer if isinstance(nummer, int) else None for nummer in bereik]


@register.simple_tag
def meterdelen(delen: Iterable[Mapping[str, Any]], totaal: Any) -> dict[str, Any]:
    """Geometry of the budget gauge, in percent of the bar and as text with a point (SVG wants no comma).

    ``delen``: mappings with ``naam``, ``bedrag`` (euros) and ``soort``. What is left of ``totaal`` becomes the last
    part. When the parts exceed the ceiling (a granted objection, R30) the bar is the sum, and ``grens`` says where
    the ceiling lies. Returns ``{delen: [{naam, bedrag, soort, x, breedte, aandeel}], grens, vrij, over}``.
    """
    plafond = _decimaal(totaal) or Decimal(0)
    stukken = [(deel["naam"], _decimaal(deel["bedrag"]) or Decimal(0), deel["soort"]) for deel in delen]
    gebruikt = sum((bedrag for _naam, bedrag, _soort in stukken), Decimal(0))
    vrij = max(plafond - gebruikt, Decimal(0))
    stukken.append((gettext("Nog beschikbaar"), vrij, "vrij"))
    schaal = max(plafond, gebruikt)
    uit: list[dict[str, Any]] = []
    x = Decimal(0)
    for naam, bedrag, soort in stukken:
        breedte = bedrag * 100 / schaal if schaal else Decimal(0)
        aandeel = bedrag / plafond if plafond else Decimal(0)
        uit.append(
            {
                "naam": naam,
                "bedrag": bedrag,
                "soort": soort,
                "x": f"{x:.3f}",
                "breedte": f"{breedte:.3f}",
                "aandeel": aandeel,
            }
        )
        x += breedte
    over = max(gebruikt - plafond, Decimal(0))
    return {"delen": uit, "grens": f"{plafond * 100 / schaal:.3f}" if over else "", "vrij": vrij, "over": over}


def _met_label(label: str, fout: str) -> str:
    """In the summary the reader does not see the field, so the error starts with its label unless it names it."""
    if not label or label in fout:
        return fout
    return f"{label} {fout}" if label.endswith("?") else f"{label.rstrip('.')}: {fout}"


def _fouten_van(ding: Any) -> list[dict[str, str]]:
    if ding is None or ding == "":
        return []
    if isinstance(ding, str):
        return [{"tekst": ding, "anker": ""}]
    if hasattr(ding, "management_form"):
        eigen = [{"tekst": str(fout), "anker": ""} for fout in ding.non_form_errors()] if ding.is_bound else []
        return eigen + [regel for formulier in ding for regel in _fouten_van(formulier)]
    if hasattr(ding, "non_field_errors"):
        regels = [{"tekst": str(fout), "anker": ""} for fout in ding.non_field_errors()]
        for veld in ding:
            anker = "" if veld.is_hidden else getattr(veld, "anker", "") or veld.id_for_label
            regels += [{"tekst": _met_label(str(veld.label), str(fout)), "anker": anker} for fout in veld.errors]
        return regels
    return [regel for deel in ding for regel in _fouten_van(deel)]


@register.simple_tag
def foutregels(*dingen: Any) -> list[dict[str, str]]:
    """All errors of forms, formsets and plain texts (or lists of them) as ``[{tekst, anker}]``, in page order."""
    return [regel for ding in dingen for regel in _fouten_van(ding)]


_SCAN = {
    Scanuitslag.SCHOON: _("Gecontroleerd op virussen"),
    Scanuitslag.BESMET: _("Virus gevonden: niemand kan dit bestand openen"),
    Scanuitslag.WACHT: _("Wacht op controle op virussen: nog niet te openen"),
    Scanuitslag.NIET_GESCAND: _("Niet gecontroleerd op virussen"),
}


@register.filter
def scanwoorden(bestand: Bestand) -> str:
    """Outcome of the virus scan of a file that somebody sent."""
    return str(_SCAN[Scanuitslag(bestand.scan)])


@register.filter
def heeft_voorbeeld(bestand: Bestand) -> bool:
    """Whether the pages of this file can be shown as images."""
    return voorbeeld.heeft_voorbeeld(bestand)


@register.filter
def invoerklasse(widget: Mapping[str, Any], basis: str = "") -> str:
    """Class names of a form widget (the ``widget`` of a widget template): ours, then the ones of the form writer."""
    attrs = widget.get("attrs") or {}
    if not basis:
        soort = widget.get("type", "")
        if soort == "hidden":
            return str(attrs.get("class", ""))
        basis = {
            "checkbox": "utrecht-checkbox",
            "radio": "utrecht-radio-button",
            "file": "stimulans-bestandskeuze",
        }.get(soort, "utrecht-textbox")
    klassen = [basis]
    if attrs.get("aria-invalid"):
        klassen.append(f"{basis}--invalid")
    if attrs.get("class"):
        klassen.append(str(attrs["class"]))
    return " ".join(klassen)
