"""How assessments are shown: states as tags, flags in words, the table of scores, what an assessor reads."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aanvragen.inhoud import Rubriek, verstuurde_rubrieken
from aanvragen.models import Aanvraag
from beoordeling.enums_commissie import Stand, Toewijzingstatus
from beoordeling.models import Aanvraagbeoordeling, Beoordeling, Toewijzing
from beoordeling.selectors_commissie import geldende_beoordelingen, maatstaf_van
from portalen.zaakweergave import Vlag

T = Toewijzingstatus
_TOEWIJZING = {
    T.VOORGESTELD: "sterk",
    T.AANVAARD: "info",
    T.CONCEPT: "info",
    T.HEROPEND: "warning",
    T.INGEDIEND: "ok",
    T.VASTGESTELD: "ok",
    T.GEWEIGERD: "error",
    T.BELANG_GEMELD: "error",
}
_STAND = {
    Stand.TOEGEWEZEN: "info",
    Stand.CONSISTENT: "ok",
    Stand.DIVERGENT: "warning",
    Stand.BESPREKING: "warning",
    Stand.DERDE_BEOORDELAAR: "warning",
    Stand.COMMISSIE_ADVIES: "sterk",
    Stand.SCORE_VAST: "ok",
}
#: Parts of an application that an assessor has no need to see: bank account, contact, aid, declarations.
VERBORGEN = frozenset({"organisatie", "steun", "verklaringen"})


def toewijzingvlag(rij: Toewijzing) -> Vlag:
    return Vlag(str(rij.get_status_display()), _TOEWIJZING.get(Toewijzingstatus(rij.status), "neutraal"))


def standvlag(stand: Aanvraagbeoordeling | None) -> Vlag:
    if stand is None:
        return Vlag(_("Nog niet toegewezen"), "neutraal")
    return Vlag(str(stand.get_status_display()), _STAND.get(Stand(stand.status), "neutraal"))


def vlagwoorden(stand: Aanvraagbeoordeling) -> list[str]:
    """Why assessors differ, in words."""
    woorden = {
        "d1": _("De totalen liggen 20 punten of meer uit elkaar."),
        "d2": _("Op een criterium is het verschil 2 of meer."),
        "d3": _("De een zit onder de drempel en de ander niet, op minder dan 10 punten."),
    }
    return [woorden[vlag] for vlag in stand.uitkomst.get("vlaggen", [])]


@dataclass(frozen=True)
class Aanvraagbeeld:
    """What an assessor reads of an application."""

    rubrieken: list[Rubriek]
    bijlagen: list[Any]
    feiten: list[tuple[str, str]]


def aanvraagbeeld(aanvraag: Aanvraag) -> Aanvraagbeeld:
    organisatie = aanvraag.organisatie
    namen = {bijlage.code: bijlage.naam for bijlage in aanvraag.tijdvak.spec.bijlagen}
    rijen = aanvraag.bijlagen.filter(verwijderd_op=None).select_related("bestand").order_by("volgorde", "pk")
    return Aanvraagbeeld(
        rubrieken=[deel for deel in verstuurde_rubrieken(aanvraag) if deel.stap not in VERBORGEN],
        bijlagen=[(rij, namen.get(rij.code, rij.code)) for rij in rijen],
        feiten=[
            (_("Aanvrager"), organisatie.naam),
            (_("Sector"), organisatie.sector),
            (_("Werkzame personen"), str(organisatie.werkzame_personen or "")),
            (_("Plaats"), " ".join(filter(None, [organisatie.plaats, organisatie.provincie]))),
        ],
    )


@dataclass(frozen=True)
class Scoretabel:
    """``koppen``: who scored. ``rijen``: (criterion, [(score, reason)]). ``totalen`` per assessor; the mean of them."""

    koppen: list[str]
    rijen: list[tuple[str, list[tuple[int, str]]]]
    totalen: list[Decimal]
    gemiddelde: Decimal | None


def scoretabel(aanvraag: Aanvraag, *, alleen: Toewijzing | None = None) -> Scoretabel | None:
    """The scores side by side; ``alleen`` gives one assessor's own. ``None`` without any."""
    rijen: list[Beoordeling]
    if alleen is not None:
        rijen = list(alleen.beoordelingen.order_by("-nr")[:1])
    else:
        rijen = geldende_beoordelingen(aanvraag)
    if not rijen:
        return None
    maatstaf = maatstaf_van(aanvraag.tijdvak)
    return Scoretabel(
        koppen=[_koptekst(rij) for rij in rijen],
        rijen=[
            (naam, [(rij.scores[code]["score"], rij.scores[code]["reden"]) for rij in rijen])
            for code, naam in zip(maatstaf.codes, maatstaf.namen, strict=True)
        ],
        totalen=[rij.totaal for rij in rijen],
        gemiddelde=maatstaf.bereken([rij.scores for rij in rijen]).gemiddelde if len(rijen) > 1 else None,
    )


def _koptekst(rij: Beoordeling) -> str:
    naam = str(rij.toewijzing.lid)
    return _("%(naam)s (derde beoordelaar)") % {"naam": naam} if rij.toewijzing.derde else naam
