"""Example data for the style guide page, so that a plain ``TemplateView`` can show it. All of it is made up."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.core.files.base import ContentFile
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from portalen.formulieren.velden import BedragVeld, DatumVeld, IbanVeld, KvkVeld, PostcodeVeld
from portalen.templatetags.stimulans import TIJDZONE

register = template.Library()

THEMAS = [
    ("slimmer-werken", _("Slimmer werken")),
    ("flexibel-organiseren", _("Flexibel organiseren")),
    ("arbeidsverhoudingen", _("Arbeidsverhoudingen")),
    ("duurzame-inzetbaarheid", _("Duurzame inzetbaarheid")),
]


class _Opgeslagen(ContentFile):
    """Stands in for a stored file: a name and an address."""

    url = "#bestand"

    def __str__(self) -> str:
        return str(self.name)


class VoorbeeldFormulier(forms.Form):
    """One field of every kind."""

    naam = forms.CharField(label=_("Naam van uw onderneming"), help_text=_("Zoals in het Handelsregister."))
    kvk = KvkVeld(label=_("KvK-nummer"), help_text=_("8 cijfers. Spaties en punten mogen."))
    postcode = PostcodeVeld(label=_("Postcode"))
    email = forms.EmailField(label=_("E-mailadres"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    iban = IbanVeld(label=_("Rekeningnummer (IBAN)"))
    bedrag = BedragVeld(
        label=_("Kosten van de adviseur"), help_text=_("In euro’s, zonder btw."), maximum=Decimal("24999")
    )
    start = DatumVeld(
        label=_("Wanneer begint het project?"), help_text=_("Bijvoorbeeld 1 3 2027."), vanaf=date(2026, 11, 21)
    )
    medewerkers = forms.IntegerField(
        label=_("Aantal medewerkers"),
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "stimulans-breedte-4"}),
    )
    provincie = forms.ChoiceField(
        label=_("Provincie"), choices=[("", _("Kies een provincie")), ("GR", "Groningen"), ("ZE", "Zeeland")]
    )
    rechtsvorm = forms.ChoiceField(
        label=_("Wat is uw rechtsvorm?"),
        choices=[
            ("bv", _("Besloten vennootschap")),
            ("vof", _("Vennootschap onder firma")),
            ("eenmanszaak", _("Eenmanszaak")),
        ],
        widget=forms.RadioSelect,
    )
    themas = forms.MultipleChoiceField(
        label=_("Welke thema’s passen bij uw project?"),
        help_text=_("U mag er meer kiezen."),
        choices=THEMAS,
        widget=forms.CheckboxSelectMultiple,
    )
    toelichting = forms.CharField(
        label=_("Wat wilt u bereiken?"), required=False, help_text=_("Ten hoogste 500 woorden."), widget=forms.Textarea
    )
    offerte = forms.FileField(label=_("Offerte van de adviseur"), help_text=_("Pdf, ten hoogste 10 MB."))
    jaarrekening = forms.FileField(label=_("Jaarrekening"), required=False)
    akkoord = forms.BooleanField(
        label=_("Ik heb de aanvraag naar waarheid ingevuld"),
        help_text=_("Een onjuiste opgave kan een reden zijn om de subsidie terug te vragen."),
    )


FOUTE_INVOER = {
    "naam": "",
    "kvk": "000000123456",
    "postcode": "1234 SS",
    "email": "info@",
    "iban": "NL91ABNA0417164301",
    "bedrag": "18,000",
    "start_dag": "31",
    "start_maand": "2",
    "start_jaar": "2027",
    "medewerkers": "0",
}


def _moment(maand: int, dag: int, uur: int = 9, minuut: int = 0, seconde: int = 0) -> datetime:
    return datetime(2026, maand, dag, uur, minuut, seconde, tzinfo=TIJDZONE)


@register.simple_tag
def stijlgids_voorbeelden() -> dict[str, Any]:
    """Everything the style guide shows, by name."""
    leeg = {"jaarrekening": _Opgeslagen(b"%PDF", name="jaarrekening-2025.pdf"), "bedrag": Decimal("18000.50")}
    return {
        "formulier": VoorbeeldFormulier(auto_id="v_%s", initial=leeg),
        "fout": VoorbeeldFormulier(FOUTE_INVOER, auto_id="f_%s"),
        "kruimels": [
            {"naam": _("Start"), "url": "#start"},
            {"naam": _("Mijn aanvragen"), "url": "#aanvragen"},
            {"naam": "SER-2026-00042"},
        ],
        "rijen": [
            {"sleutel": _("Naam"), "waarde": "Voorbeeldbedrijf B.V.", "url": "#naam"},
            {"sleutel": _("KvK-nummer"), "waarde": "00123456", "url": "#kvk"},
            {"sleutel": _("Thema’s"), "waarde": ["Slimmer werken", "Arbeidsverhoudingen"], "url": "#themas"},
            {"sleutel": _("Toelichting"), "waarde": "", "url": "#toelichting", "actie": _("Invullen")},
            {"sleutel": _("Aangevraagd bedrag"), "waarde": "€ 18.000"},
        ],
        "stappen": [
            {"naam": _("Aanvraag ontvangen"), "stand": "klaar", "op": _moment(10, 19, 16, 58)},
            {"naam": _("Aanvraag volledig"), "stand": "klaar", "op": _moment(10, 23, 11, 5)},
            {
                "naam": _("Beoordeling"),
                "stand": "nu",
                "uiterlijk": date(2026, 12, 18),
                "toelichting": _("Twee beoordelaars lezen uw aanvraag. U hoeft niets te doen."),
            },
            {"naam": _("Besluit"), "stand": "straks", "uiterlijk": date(2027, 1, 15)},
        ],
        "secties": [
            {
                "naam": _("Uw onderneming"),
                "taken": [
                    {
                        "naam": _("Bedrijfsgegevens"),
                        "url": "#t1",
                        "stand": "klaar",
                        "hint": _("Uit het Handelsregister"),
                    },
                    {"naam": _("Eerder ontvangen steun"), "url": "#t2", "stand": "bezig"},
                ],
            },
            {
                "naam": _("Uw project"),
                "taken": [
                    {"naam": _("Adviseur en referenties"), "url": "#t3", "stand": "nog-niet"},
                    {"naam": _("Controleren en versturen"), "url": "#t4", "stand": "kan-nog-niet"},
                ],
            },
        ],
        "pagina": Paginator(range(230), 20).page(5),
        "delen": [
            {"naam": _("Betaald"), "bedrag": Decimal("3200000"), "soort": "betaald"},
            {"naam": _("Verleend"), "bedrag": Decimal("9650000"), "soort": "verleend"},
            {"naam": _("Gereserveerd"), "bedrag": Decimal("4800000"), "soort": "gereserveerd"},
        ],
        "te_veel": [
            {"naam": _("Verleend"), "bedrag": Decimal("24000000"), "soort": "verleend"},
            {"naam": _("Gereserveerd"), "bedrag": Decimal("1450000"), "soort": "gereserveerd"},
        ],
        "totaal": Decimal("25200000"),
        "moment": _moment(11, 21, 17, 0, 3),
        "kolommen": [
            {"kop": _("Provincie")},
            {"kop": _("Aanvragen"), "getal": True},
            {"kop": _("Toegekend"), "getal": True},
        ],
        "tabelrijen": [["Groningen", "113", "€ 412.000"], ["Zeeland", "62", "€ 256.500,50"]],
        "bestanden": [
            {
                "naam": "offerte.pdf",
                "grootte": 812_000,
                "url": "#b1",
                "scan": "schoon",
                "verwijder_url": "#weg",
                "vervang_url": "#ander",
            },
            {
                "naam": "een-heel-lange-bestandsnaam-die-niet-op-een-telefoon-past-definitief.xlsx",
                "grootte": 4_100_000,
                "scan": "bezig",
            },
            {"naam": "plan.docx", "grootte": 95_000, "scan": "besmet", "verwijder_url": "#weg2"},
        ],
    }
