"""The de-minimis declaration: whether there was aid, and one row per earlier award."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from aanvragen.klad import Klad
from aanvragen.models import Aanvraag
from aanvragen.services.concept import DE_MINIMIS
from aanvragen.services.conceptsteun import Steungegevens
from portalen.formulieren.concept import Stapformulier, Verschil, bedrag_uit_tekst
from portalen.formulieren.datum import DatumVeld
from portalen.formulieren.klad import invoernamen
from portalen.formulieren.samen import vinger
from portalen.formulieren.velden import BedragVeld
from portalen.templatetags.stimulans import datum, euro
from regeling.schema import Regelingspec

MAXIMUM_REGELS = 50
VELDEN = ("onderneming", "verlener", "verleend_op", "bedrag")
_RIJ = re.compile(r"^regel-(\d{1,3})-(.+)$")


class Steunvraag(Stapformulier):
    """Whether there was any aid. "No" is a declaration; "yes" asks for rows."""

    def opbouwen(self) -> None:
        self.fields["ontvangen"] = forms.TypedChoiceField(
            label=_("Kreeg uw onderneming in de afgelopen drie jaar de-minimissteun?"),
            choices=[("nee", _("Nee")), ("ja", _("Ja"))],
            coerce=lambda waarde: waarde == "ja",
            empty_value=None,
            widget=forms.RadioSelect(attrs={"class": "stimulans-keuzes--naast-elkaar"}),
            help_text=_(
                "Tel ook de steun mee aan ondernemingen die met u verbonden zijn. In het besluit over een subsidie "
                "staat of het de-minimissteun is. Wat u van ons kreeg, weten wij al."
            ),
        )
        self.nodig = {"ontvangen"}


class Steunregel(Stapformulier):
    """One earlier award. A row without anything in it does not count."""

    plek = ""

    def opbouwen(self) -> None:
        self.fields["onderneming"] = forms.CharField(
            label=_("Welke onderneming kreeg de steun?"),
            max_length=200,
            help_text=_("Uw eigen onderneming of een verbonden onderneming."),
        )
        self.fields["verlener"] = forms.CharField(
            label=_("Wie gaf de steun?"), max_length=200, help_text=_("Bijvoorbeeld de provincie of de gemeente.")
        )
        self.fields["verleend_op"] = DatumVeld(
            label=_("Wat is de datum van het besluit?"),
            tot_en_met=timezone.localdate,
            help_text=_("Niet de dag van de betaling. Bijvoorbeeld 1 3 2025."),
        )
        self.fields["bedrag"] = BedragVeld(label=_("Bedrag"), maximum=Decimal("99999999"))
        self.nodig = set(self.fields)

    @property
    def is_leeg(self) -> bool:
        return not any(_getypt(self[naam].data) for naam in self.fields)

    def clean(self) -> dict[str, Any]:
        gegevens = super().clean() or {}
        if self.is_leeg:
            return gegevens
        for naam, melding in (
            ("onderneming", _("Vul in welke onderneming de steun kreeg.")),
            ("verlener", _("Vul in wie de steun gaf.")),
            ("verleend_op", _("Vul de datum van het besluit in.")),
            ("bedrag", _("Vul een bedrag in dat hoger is dan nul, of haal de regel weg.")),
        ):
            if not gegevens.get(naam) and naam not in self.errors:
                self.add_error(naam, melding)
        return gegevens

    def steun(self) -> Steungegevens | None:
        """The row, or what was stored in its place when it cannot be read; ``None`` when there is nothing."""
        if self.is_leeg:
            return None
        if self.errors:
            return Steungegevens(**self.initial) if self.initial else None
        return Steungegevens(**{naam: self.cleaned_data[naam] for naam in VELDEN})


def _getypt(waarde: Any) -> bool:
    delen = waarde if isinstance(waarde, list | tuple) else [waarde]
    return any(str(deel or "").strip() for deel in delen)


class Steunaangifte:
    """The question and its rows as one form. Each row carries ``plek``: its place among the stored ones."""

    def __init__(self, spec: Regelingspec, nu: Mapping[str, Any], data: Any = None) -> None:
        self.spec, self.nu, self.is_bound = spec, nu, data is not None
        begin = {None: "", True: "ja", False: "nee"}[nu["ontvangen"]]
        self.vraag = Steunvraag(spec, data, initial={"ontvangen": begin})
        aantal = max(len(nu["regels"]) + (0 if nu["ontvangen"] is False else 1), 1)
        if data is not None and str(data.get("regels", "")).isdecimal():
            aantal = min(int(data["regels"]), MAXIMUM_REGELS)
        self.forms = [self._rij(nr, data) for nr in range(aantal)]
        if self.is_bound and self.ontvangen and all(rij.is_leeg for rij in self.forms):
            self.vraag.add_error("ontvangen", _("U kreeg eerder steun. Vul hieronder in welke."))

    def _rij(self, nr: int, data: Any) -> Steunregel:
        plek = str(nr) if data is None else str(data.get(f"regel-{nr}-plek", ""))
        bekend = plek.isdecimal() and int(plek) < len(self.nu["regels"])
        rij = Steunregel(self.spec, data, prefix=f"regel-{nr}", initial=self.nu["regels"][int(plek)] if bekend else {})
        rij.plek = plek if bekend else ""
        return rij

    def __iter__(self) -> Iterator[Steunregel]:
        return iter(self.forms)

    def __len__(self) -> int:
        return len(self.forms)

    @property
    def nul_weg(self) -> bool:
        return any(deel.nul_weg for deel in (self.vraag, *self.forms))

    def kent(self, naam: str) -> bool:
        """Whether an input of this name belongs to the page."""
        namen = {f"{rij.prefix}-plek" for rij in self.forms}
        return naam in namen or any(naam in invoernamen(deel) for deel in (self.vraag, *self.forms))

    def vinger(self) -> str:
        """Digest of the declaration as typed, comparable with :func:`steunvinger`."""
        return steunvinger({"ontvangen": self.ontvangen, "regels": [vars(steun) for steun in self.regels()]})

    @property
    def errors(self) -> list[Any]:
        alle = [self.vraag, *self.forms]
        return [formulier.errors for formulier in alle if self.is_bound and formulier.errors]

    @property
    def ontvangen(self) -> bool | None:
        """The answer; rows without an answer say yes."""
        antwoord = self.vraag.cleaned_data.get("ontvangen") if self.vraag.is_valid() else None
        return True if antwoord is None and self.regels() else antwoord

    def regels(self) -> list[Steungegevens]:
        return [steun for steun in (rij.steun() for rij in self.forms) if steun is not None]

    def bewaard(self) -> None:
        """After saving: the rows point at what is stored now."""
        plek = 0
        for rij in self.forms:
            heeft = rij.steun() is not None
            rij.plek = str(plek) if heeft else ""
            plek += heeft

    def verschillen(self, nu: Mapping[str, Any]) -> list[Verschil]:
        mijn = [_in_woorden(vars(steun)) for steun in self.regels()]
        staat = [_in_woorden(rij) for rij in nu["regels"]]
        return [
            Verschil(_("Regel %(n)d") % {"n": nr + 1}, "".join(mijn[nr : nr + 1]), "".join(staat[nr : nr + 1]), "steun")
            for nr in range(max(len(mijn), len(staat)))
            if mijn[nr : nr + 1] != staat[nr : nr + 1]
        ]


def _in_woorden(rij: Mapping[str, Any]) -> str:
    return f"{rij['onderneming']}, {rij['verlener']}, {datum(rij['verleend_op'])}: {euro(rij['bedrag'])}"


def zonder_regel(data: Mapping[str, Any], nummer: int) -> dict[str, Any]:
    """The posted rows without one, numbered again from nought."""
    uit: dict[str, Any] = {}
    for naam, waarde in data.items():
        gevonden = _RIJ.match(naam)
        nr = int(gevonden[1]) if gevonden else -1
        if gevonden is None:
            uit[naam] = waarde
        elif nr != nummer:
            uit[f"regel-{nr - (nr > nummer)}-{gevonden[2]}"] = waarde
    aantal = int(data["regels"]) if str(data.get("regels", "")).isdecimal() else 1
    return {**uit, "regels": str(max(aantal - 1, 1))}


def opgeslagen_steun(aanvraag: Aanvraag) -> dict[str, Any]:
    """What is stored: the rows, and the answer that follows from them."""
    regels = [{naam: getattr(rij, naam) for naam in VELDEN} for rij in aanvraag.de_minimis.all()]
    totaal = bedrag_uit_tekst(aanvraag.antwoorden.get(DE_MINIMIS))
    ontvangen = True if regels or totaal else None if totaal is None else False
    return {"ontvangen": ontvangen, "regels": regels, "totaal": totaal}


def steunvinger(staat: Mapping[str, Any]) -> str:
    """Digest of a declaration: the answer and its rows, in order."""
    regels = [[vinger(rij[naam]) for naam in VELDEN] for rij in staat["regels"]]
    return vinger(repr((staat["ontvangen"], regels)))


def uit_klad(spec: Regelingspec, nu: Mapping[str, Any], klad: Klad) -> Steunaangifte | None:
    """What was typed and not saved, as a page; ``None`` when it is what is stored."""
    if not klad:
        return None
    getypt = Steunaangifte(spec, nu, {naam: waarden[0] if waarden else "" for naam, waarden in klad.velden.items()})
    return getypt if getypt.errors or getypt.vinger() != steunvinger(nu) else None
