"""The pages of the qualification check: every question one choice, with "weet ik niet" where one may not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from aanvragen.enums import Provincie, Rechtsvorm
from aanvragen.geschiktheid import BEWIJS, BLADEN, NIET, ONBEKEND, WEL, Vraag, bladen, bladvragen, groepen
from portalen.formulieren.organisatie import SBI_VERSIES, Sbiveld
from portalen.presentatie.regelingtekst import opsomming
from portalen.templatetags.stimulans import getal
from regeling.schema import Regelingspec


class Bladformulier(forms.Form):
    """One page of questions. Read from the address, so that the back button and a bookmark work."""

    def __init__(self, spec: Regelingspec, blad: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for vraag in bladvragen(spec, blad):
            if vraag.naam == "sbi":
                self.fields.update(_sbivelden())
            else:
                self.fields[vraag.naam] = _keuzeveld(spec, vraag)

    def clean(self) -> dict[str, Any]:
        gegevens = super().clean() or {}
        if gegevens.get("sbi_code") and not gegevens.get("sbi_versie"):
            self.add_error("sbi_versie", _("Kies bij welke lijst de SBI-code hoort."))
        return gegevens

    def antwoorden(self) -> dict[str, str]:
        """The valid answers by name; an SBI code as ``list:code``."""
        gegevens = {naam: str(waarde) for naam, waarde in self.cleaned_data.items() if waarde and naam in self.fields}
        code, versie = gegevens.pop("sbi_code", ""), gegevens.pop("sbi_versie", "")
        return gegevens | ({"sbi": f"{versie}:{code}"} if code and versie else {})


def gegeven_antwoorden(spec: Regelingspec, gegevens: Mapping[str, Any]) -> dict[str, str]:
    """Every answer in the address that the scheme asks for and that is one of its choices; the rest is dropped."""
    gevonden: dict[str, str] = {}
    for blad in BLADEN:
        formulier = Bladformulier(spec, blad, gegevens)
        formulier.is_valid()
        gevonden |= formulier.antwoorden()
    over = {vraag.naam for blad in bladen(spec, gevonden) for vraag in bladvragen(spec, blad)}
    return {naam: waarde for naam, waarde in gevonden.items() if naam in over}


def als_velden(antwoorden: Mapping[str, str]) -> dict[str, str]:
    """Answers as they stand in the address."""
    velden = dict(antwoorden)
    versie, _streep, code = velden.pop("sbi", "").rpartition(":")
    return velden | ({"sbi_code": code, "sbi_versie": versie} if code else {})


def _sbivelden() -> dict[str, forms.Field]:
    return {
        "sbi_code": Sbiveld(
            label=_("Wat is de SBI-code van uw hoofdactiviteit?"),
            required=False,
            help_text=_(
                "Deze code staat op uw uittreksel van de Kamer van Koophandel. Weet u haar niet? Sla dit over."
            ),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "stimulans-breedte-7"}),
        ),
        "sbi_versie": forms.ChoiceField(
            label=_("Bij welke lijst hoort deze code?"),
            choices=SBI_VERSIES,
            required=False,
            help_text=_("Op uittreksels van na 2025 staat meestal een code van SBI 2025."),
        ),
    }


def _keuzeveld(spec: Regelingspec, vraag: Vraag) -> forms.ChoiceField:
    namen = keuzenamen(spec, vraag.naam)
    return forms.ChoiceField(
        label=vraagtekst(spec, vraag.naam),
        help_text=_hulp(vraag.naam),
        choices=[(code, namen[code]) for code in vraag.keuzes],
        widget=forms.RadioSelect,
    )


def vraagtekst(spec: Regelingspec, naam: str) -> str:
    """The question in words."""
    return {
        "wie": _("Voor wie wilt u aanvragen?"),
        "rechtsvorm": _("Wat is de rechtsvorm van uw organisatie?"),
        "provincie": _("In welke provincie zit uw organisatie?"),
        "sbi": _("Wat is de SBI-code van uw hoofdactiviteit?"),
        "personen": _("Hoeveel mensen werken er bij u?"),
        "omzet": _("Hoeveel was uw jaaromzet in het laatste boekjaar?"),
        "balans": _("Hoeveel was uw balanstotaal in het laatste boekjaar?"),
        "begonnen": _("Bent u al met het project begonnen?"),
        "eu": _("Betaalt u het project ook met ander geld van de Europese Unie?"),
        "adviseur": _("Werkt u samen met een adviseur van buiten uw organisatie?"),
        "los": _("Staat de adviseur los van uw organisatie?"),
        "referenties": _("Kunnen %(n)d eerdere opdrachtgevers het werk van de adviseur bevestigen?")
        % {"n": spec.adviseur.referenties}
        if spec.adviseur.referenties != 1
        else _("Kan een eerdere opdrachtgever het werk van de adviseur bevestigen?"),
    }[naam]


def _hulp(naam: str) -> str:
    return {
        "personen": _("Tel iedereen mee, ook eigenaren en mensen in deeltijd. Tel verbonden bedrijven mee."),
        "omzet": _("Zonder btw. Tel verbonden bedrijven mee."),
        "balans": _("Dit staat in de jaarrekening. Tel verbonden bedrijven mee."),
        "los": _("Dat betekent: niet bij u in dienst, en zonder zeggenschap in uw organisatie."),
    }.get(naam, "")


def keuzenamen(spec: Regelingspec, naam: str) -> dict[str, str]:
    """The words of each choice."""
    onbekend = {ONBEKEND: _("Dat weet ik (nog) niet")}
    if naam == "wie":
        return {
            "onderneming": _("Een onderneming met een KvK-nummer"),
            "organisatie": _("Een stichting, vereniging, overheid of andere organisatie met een KvK-nummer"),
            "groep": _("Meer organisaties samen"),
            "persoon": _("Mijzelf, als persoon zonder KvK-nummer"),
        }
    if naam == "rechtsvorm":
        namen = {str(code): str(Rechtsvorm(code).label) for code in spec.aanvrager.rechtsvormen}
        return namen | {NIET: _("Een andere rechtsvorm")} | onbekend
    if naam == "provincie":
        plekken = {str(code): str(Provincie(code).label) for code in spec.aanvrager.provincies}
        return plekken | {NIET: _("Een andere provincie")} | onbekend
    if naam == "personen":
        return {str(van): _groep(van, tot) for van, tot in groepen(spec)} | onbekend
    if naam in {"omzet", "balans"}:
        return _klassen((2, 10, 50) if naam == "omzet" else (2, 10, 43)) | onbekend
    bewijs = {BEWIJS: _("Nee, maar wel dit: %(lijst)s") % {"lijst": opsomming(spec.adviseur.alternatieven, _("of"))}}
    return {WEL: _("Ja"), **bewijs, NIET: _("Nee")} | onbekend


def _groep(van: int, tot: int | None) -> str:
    if tot is None:
        return _("%(n)s of meer") % {"n": getal(van)}
    if van == tot:
        return str(van)
    return _("%(van)s tot en met %(tot)s") % {"van": getal(van), "tot": getal(tot)}


def _klassen(grenzen: tuple[int, int, int]) -> dict[str, str]:
    laag, midden, hoog = grenzen
    tussen = _("Meer dan € %(van)d miljoen, hoogstens € %(tot)d miljoen")
    return {
        str(laag): _("Hoogstens € %(n)d miljoen") % {"n": laag},
        str(midden): tussen % {"van": laag, "tot": midden},
        str(hoog): tussen % {"van": midden, "tot": hoog},
        "meer": _("Meer dan € %(n)d miljoen") % {"n": hoog},
    }
