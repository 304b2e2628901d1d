"""The budget: one row per cost line. Rows that cannot be read keep what was stored in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from aanvragen.models import Aanvraag
from aanvragen.services.concept import Begrotingspost
from portalen.formulieren.concept import Stapformulier, Urenveld, Verschil
from portalen.formulieren.velden import BedragVeld
from portalen.templatetags.stimulans import euro
from regeling.schema import Regelingspec
from regeling.schema_delen import Kostensoort

#: Rows on one page; more than any scheme needs.
MAXIMUM_REGELS = 50
#: Bounds that keep the product within the column (12 digits before the point).
GROOTSTE_BEDRAG, MEESTE_UREN, HOOGSTE_TARIEF = Decimal("99999999"), Decimal("99999"), Decimal("9999")
CENT = Decimal("0.01")
VELDEN = ("kostensoort", "omschrijving", "aantal", "tarief", "bedrag")


def kostensoorten(spec: Regelingspec) -> list[tuple[str, str]]:
    """Kinds of cost to choose from; a scheme without kinds takes all costs."""
    return [(soort.code, soort.naam) for soort in spec.kostensoorten] or [("kosten", _("Kosten van het project"))]


def per_uur(soort: Kostensoort) -> bool:
    return soort.uurtarief_maximum is not None


@dataclass(frozen=True)
class Vorm:
    """Which columns the budget of a scheme has."""

    keuze: bool
    uren: bool
    bedrag: bool


def vorm_van(spec: Regelingspec) -> Vorm:
    per = [per_uur(soort) for soort in spec.kostensoorten]
    return Vorm(keuze=len(kostensoorten(spec)) > 1, uren=any(per), bedrag=not per or not all(per))


class Regelformulier(Stapformulier):
    """One cost line. A row without anything in it does not count."""

    plek = ""

    def opbouwen(self) -> None:
        vorm = vorm_van(self.spec)
        if vorm.keuze:
            self.fields["kostensoort"] = forms.ChoiceField(
                label=_("Kostensoort"), choices=[("", _("Maak een keuze")), *kostensoorten(self.spec)]
            )
        self.fields["omschrijving"] = forms.CharField(
            label=_("Omschrijving"), max_length=200, help_text=_("Bijvoorbeeld: begeleiden van drie werkgroepen.")
        )
        if vorm.uren:
            hoogste = max((s.uurtarief_maximum for s in self.spec.kostensoorten if s.uurtarief_maximum), default=None)
            hulp = _("Zonder btw. Wat hoger is dan %(bedrag)s, telt niet mee.") % {"bedrag": euro(hoogste)}
            self.fields["aantal"] = Urenveld(label=_("Aantal uren"), maximum=MEESTE_UREN)
            self.fields["tarief"] = BedragVeld(label=_("Tarief per uur"), maximum=HOOGSTE_TARIEF, help_text=hulp)
        if vorm.bedrag:
            self.fields["bedrag"] = BedragVeld(label=_("Bedrag"), maximum=GROOTSTE_BEDRAG)
        self.nodig = set(self.fields)

    @property
    def is_leeg(self) -> bool:
        """Whether nothing was typed; a choice of kind alone is nothing."""
        return not any(str(self[naam].data or "").strip() for naam in self.fields if naam != "kostensoort")

    def clean(self) -> dict[str, Any]:
        gegevens = super().clean() or {}
        if self.is_leeg:
            return gegevens
        soorten = {soort.code: soort for soort in self.spec.kostensoorten}
        code = gegevens.get("kostensoort", "" if "kostensoort" in self.fields else kostensoorten(self.spec)[0][0])
        if not code and "kostensoort" not in self.errors:
            self.add_error("kostensoort", _("Kies de soort kosten."))
        if not gegevens.get("omschrijving") and "omschrijving" not in self.errors:
            self.add_error("omschrijving", _("Beschrijf kort waarvoor deze kosten zijn."))
        gegevens["kostensoort"] = code
        soort = soorten.get(code)
        self._bedrag(gegevens, soort is not None and per_uur(soort))
        return gegevens

    def _bedrag(self, gegevens: dict[str, Any], uren_nodig: bool) -> None:
        aantal, tarief, bedrag = (gegevens.get(naam) for naam in ("aantal", "tarief", "bedrag"))
        if uren_nodig or (aantal and tarief):
            for naam, melding in (
                ("aantal", _("Vul het aantal uren in.")),
                ("tarief", _("Vul het tarief per uur in.")),
            ):
                if not gegevens.get(naam) and naam not in self.errors:
                    self.add_error(naam, melding)
            if aantal and tarief:
                gegevens["bedrag"] = (aantal * tarief).quantize(CENT, rounding=ROUND_HALF_UP)
        elif not bedrag and "bedrag" not in self.errors:
            self.add_error("bedrag", _("Vul een bedrag in dat hoger is dan nul, of haal de regel weg."))

    def post(self) -> Begrotingspost | None:
        """The line, or what was stored in its place when it cannot be read; ``None`` when there is nothing."""
        if self.is_leeg:
            return None
        if self.errors:
            return begrotingspost(self.initial) if self.initial else None
        return begrotingspost(self.cleaned_data)


def begrotingspost(waarden: Mapping[str, Any]) -> Begrotingspost:
    return Begrotingspost(
        kostensoort=waarden["kostensoort"],
        omschrijving=waarden["omschrijving"],
        bedrag=waarden["bedrag"],
        aantal=waarden.get("aantal"),
        tarief=waarden.get("tarief"),
    )


class Begroting:
    """The rows of a budget as a list of forms.

    Each row carries ``plek``: its place among the stored lines. A row with an error then keeps what was stored there.
    """

    def __init__(self, spec: Regelingspec, opgeslagen: Sequence[dict[str, Any]], data: Any = None) -> None:
        self.spec, self.opgeslagen, self.is_bound = spec, list(opgeslagen), data is not None
        self.forms: list[Regelformulier] = []
        aantal = len(self.opgeslagen) + 1
        if data is not None and str(data.get("regels", "")).isdecimal():
            aantal = min(int(data["regels"]), max(MAXIMUM_REGELS, aantal))
        for nr in range(aantal):
            plek = str(nr) if data is None else str(data.get(f"regel-{nr}-plek", ""))
            self.forms.append(self._formulier(nr, plek, data))

    def _formulier(self, nr: int, plek: str, data: Any) -> Regelformulier:
        bekend = plek.isdecimal() and int(plek) < len(self.opgeslagen)
        formulier = Regelformulier(
            self.spec, data, prefix=f"regel-{nr}", initial=self.opgeslagen[int(plek)] if bekend else {}
        )
        formulier.plek = plek if bekend else ""
        return formulier

    def __iter__(self) -> Iterator[Regelformulier]:
        return iter(self.forms)

    def __len__(self) -> int:
        return len(self.forms)

    @property
    def errors(self) -> list[Any]:
        return [formulier.errors for formulier in self.forms if self.is_bound and formulier.errors]

    def posten(self) -> list[Begrotingspost]:
        return [post for post in (formulier.post() for formulier in self.forms) if post is not None]

    def bewaard(self) -> None:
        """After saving: the rows point at the lines as they are stored now."""
        plek = 0
        for formulier in self.forms:
            heeft = formulier.post() is not None
            formulier.plek = str(plek) if heeft else ""
            plek += heeft

    def verschillen(self, nu: Sequence[dict[str, Any]]) -> list[Verschil]:
        mijn = [_in_woorden(rij) for rij in map(begrotingspost_dict, self.posten())]
        staat = [_in_woorden(rij) for rij in nu]
        return [
            Verschil(_("Regel %(n)d") % {"n": nr + 1}, "".join(mijn[nr : nr + 1]), "".join(staat[nr : nr + 1]))
            for nr in range(max(len(mijn), len(staat)))
            if mijn[nr : nr + 1] != staat[nr : nr + 1]
        ]


def zonder_regel(data: Mapping[str, Any], nummer: int) -> dict[str, Any]:
    """The posted rows without one, numbered again from nought."""
    aantal = int(data["regels"]) if str(data.get("regels", "")).isdecimal() else 0
    blijft = [nr for nr in range(min(aantal, 2 * MAXIMUM_REGELS)) if nr != nummer]
    uit: dict[str, Any] = {"regels": str(len(blijft))}
    for nieuw, oud in enumerate(blijft):
        for naam in (*VELDEN, "plek"):
            if f"regel-{oud}-{naam}" in data:
                uit[f"regel-{nieuw}-{naam}"] = data[f"regel-{oud}-{naam}"]
    return uit


def begrotingspost_dict(post: Begrotingspost) -> dict[str, Any]:
    return {naam: getattr(post, naam) for naam in VELDEN}


def _in_woorden(rij: dict[str, Any]) -> str:
    return f"{rij['omschrijving']}: {euro(rij['bedrag'])}"


def opgeslagen_regels(aanvraag: Aanvraag) -> list[dict[str, Any]]:
    """The stored lines, as initial values of the rows."""
    return [{naam: getattr(regel, naam) for naam in VELDEN} for regel in aanvraag.begroting.all()]
