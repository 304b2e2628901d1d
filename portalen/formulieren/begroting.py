"""The budget: one row per cost line. How two people's rows come together stands in ``begroting_samen.py``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from aanvragen.klad import Klad
from aanvragen.models import Aanvraag
from aanvragen.services.concept import Begrotingspost
from portalen.formulieren.concept import Stapformulier, Urenveld, zonder_nul
from portalen.formulieren.klad import als_invoer, getypt
from portalen.formulieren.samen import vinger
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
        """The line as typed; ``None`` when nothing was typed or it cannot be read."""
        return None if self.is_leeg or self.errors else begrotingspost(self.cleaned_data, self.regelnummer)

    @property
    def regelnummer(self) -> int | None:
        """Number of the stored line that the row stands for."""
        return int(self.plek) if self.plek else None


def begrotingspost(waarden: Mapping[str, Any], regel: int | None = None) -> Begrotingspost:
    return Begrotingspost(
        kostensoort=waarden["kostensoort"],
        omschrijving=waarden["omschrijving"],
        bedrag=waarden["bedrag"],
        aantal=waarden.get("aantal"),
        tarief=waarden.get("tarief"),
        regel=regel,
    )


class Begroting:
    """The rows of a budget as a list of forms.

    Each row carries ``plek``: the number of the stored line that it stands for, empty for a new one.
    ``data``: what was posted. ``klad``: what was typed before and not saved; shown as it is, without errors.
    """

    def __init__(
        self,
        spec: Regelingspec,
        opgeslagen: Sequence[dict[str, Any]],
        data: Mapping[str, Any] | None = None,
        *,
        klad: Klad | None = None,
    ) -> None:
        self.spec, self.opgeslagen, self.is_bound = spec, list(opgeslagen), data is not None
        self.regels = {str(regel["regel"]): regel for regel in self.opgeslagen}
        self.data, self.nul_weg = zonder_nul(data)
        if klad:
            self.forms = self._uit_klad(klad)
        elif data is None:
            self.forms = [self._formulier(nr, plek) for nr, plek in enumerate([*self.regels, ""])]
        else:
            self.forms = [
                self._formulier(nr, str(self.data.get(f"regel-{nr}-plek", "")), self.data)
                for nr in range(_aantal(self.data, len(self.opgeslagen) + 1))
            ]

    def _formulier(
        self, nr: int, plek: str, data: Mapping[str, Any] | None = None, begin: Mapping[str, Any] | None = None
    ) -> Regelformulier:
        initial = {**self.regels.get(plek, {}), **(begin or {})}
        formulier = Regelformulier(self.spec, data, prefix=f"regel-{nr}", initial=initial)
        formulier.plek = plek if plek.isdecimal() else ""
        return formulier

    def _uit_klad(self, klad: Klad) -> list[Regelformulier]:
        """The rows as they were typed, and after them the stored lines that came since."""
        los = _enkel(klad)
        rijen, gezien = [], set()
        for nr in range(_aantal(los, 0)):
            plek = los.get(f"regel-{nr}-plek", "")
            gezien.add(plek)
            proef = self._formulier(nr, plek)
            rijen.append(self._formulier(nr, plek, begin=getypt(proef, klad.velden)))
        later = [plek for plek in self.regels if plek not in gezien and f"regel-{plek}" not in klad.basis]
        return rijen + [self._formulier(len(rijen) + nr, plek) for nr, plek in enumerate(later)]

    def __iter__(self) -> Iterator[Regelformulier]:
        return iter(self.forms)

    def __len__(self) -> int:
        return len(self.forms)

    @property
    def errors(self) -> list[Any]:
        return [formulier.errors for formulier in self.forms if self.is_bound and formulier.errors]

    def leesbare_posten(self) -> list[Begrotingspost]:
        """The lines that can be read as they are typed now; for the calculation beside them."""
        return [post for post in (formulier.post() for formulier in self.forms) if post is not None]

    def vingers(self) -> dict[str, str]:
        """Digest of each stored line."""
        return {f"regel-{plek}": regelvinger(begrotingspost(regel)) for plek, regel in self.regels.items()}


def _aantal(data: Mapping[str, Any], anders: int) -> int:
    aantal = str(data.get("regels", ""))
    return min(int(aantal), MAXIMUM_REGELS) if aantal.isdecimal() and len(aantal) < 5 else anders


def _enkel(klad: Klad) -> dict[str, str]:
    return {naam: waarden[0] if waarden else "" for naam, waarden in klad.velden.items()}


def heeft_klad(spec: Regelingspec, opgeslagen: Sequence[dict[str, Any]], klad: Klad) -> bool:
    """Whether the typed rows differ from the stored lines."""
    if not klad:
        return False
    getypte = Begroting(spec, opgeslagen, _enkel(klad))
    if getypte.errors:
        return True
    staat = [regelvinger(begrotingspost(regel)) for regel in opgeslagen]
    return [regelvinger(post) for post in getypte.leesbare_posten()] != staat


def gemengd(spec: Regelingspec, opgeslagen: Sequence[dict[str, Any]], open_: Sequence[Regelformulier]) -> Begroting:
    """The page after saving: the stored lines, with the rows that could not be saved yet as they were typed."""
    getypt_ = {rij.plek: rij for rij in open_ if rij.plek}
    rijen: list[tuple[str, dict[str, Any]]] = []
    for regel in opgeslagen:
        plek = str(regel["regel"])
        rij = getypt_.pop(plek, None)
        rijen.append((plek, _invoer(rij) if rij else _opgeslagen_invoer(spec, regel)))
    rijen += [(rij.plek, _invoer(rij)) for rij in open_ if not rij.plek or rij.plek in getypt_]
    data: dict[str, Any] = {"regels": str(len(rijen) + 1)}
    for nr, (plek, waarden) in enumerate(rijen):
        data[f"regel-{nr}-plek"] = plek
        data |= {f"regel-{nr}-{naam}": waarde for naam, waarde in waarden.items()}
    return Begroting(spec, opgeslagen, data)


def _invoer(rij: Regelformulier) -> dict[str, Any]:
    return {naam: rij.data.get(rij.add_prefix(naam), "") for naam in rij.fields}


def _opgeslagen_invoer(spec: Regelingspec, regel: Mapping[str, Any]) -> dict[str, Any]:
    return {naam: waarden[0] if waarden else "" for naam, waarden in als_invoer(Regelformulier(spec), regel).items()}


def regelvinger(post: Begrotingspost) -> str:
    return vinger([f"{naam}={vinger(getattr(post, naam))}" for naam in VELDEN])


def zonder_regel(data: Mapping[str, Any], nummer: int) -> dict[str, Any]:
    """The posted rows without one, numbered again from nought; everything else that was posted stays."""
    blijft = [nr for nr in range(_aantal(data, 0)) if nr != nummer]
    uit = {naam: waarde for naam, waarde in data.items() if not naam.startswith("regel-")}
    uit["regels"] = str(len(blijft))
    for nieuw, oud in enumerate(blijft):
        for naam in (*VELDEN, "plek"):
            if f"regel-{oud}-{naam}" in data:
                uit[f"regel-{nieuw}-{naam}"] = data[f"regel-{oud}-{naam}"]
    return uit


def in_woorden(post: Begrotingspost) -> str:
    return f"{post.omschrijving}: {euro(post.bedrag)}"


def opgeslagen_regels(aanvraag: Aanvraag) -> list[dict[str, Any]]:
    """The stored lines, as initial values of the rows, with their number."""
    return [
        {"regel": regel.pk, **{naam: getattr(regel, naam) for naam in VELDEN}} for regel in aanvraag.begroting.all()
    ]
