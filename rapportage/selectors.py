"""The data of a round as a data frame: one row per application, in the words of the codebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import pandas as pd
from django.utils import timezone

from aanvragen.enums import TOEGEKEND, Bron, Status
from aanvragen.models import Aanvraag, Aanvraagthema
from beoordeling.enums import Uitkomst
from beoordeling.models import Plaats
from rapportage.inlezen.koppelen import SOORTEN
from rapportage.models import Inlezing, Waarneming
from regeling.enums import Methode
from regeling.models import Tijdvak

_BASIS = (
    "aanvraagnummer",
    "ronde",
    "kvk_nummer",
    "sector_sbi",
    "sector",
    "grootteklasse",
    "werkzame_personen",
    "provincie",
    "publiek_privaat",
    "adviseur_nummer",
    "themas",
    "gevraagd_bedrag",
    "toegekend_bedrag",
    "vastgesteld_bedrag",
    "loting_rang",
    "ingeloot",
    "status",
    "groep",
)
_GELOOT = frozenset({Methode.LOTING, Methode.GRIJZE_ZONE})
_GEEN_RUIMTE = frozenset({Uitkomst.RESERVE, Uitkomst.GROEP, Uitkomst.AFGEWEZEN})
_NIET_INGEDIEND = (Status.CONCEPT, Status.VERLOPEN)
#: States that the words of the codebook do not have; they stand in the data under their own name.
_EIGEN_WOORD = {
    Status.INGETROKKEN: "ingetrokken",
    Status.BUITEN_BEHANDELING: "buiten behandeling",
}


def rondegegevens(tijdvak: Tijdvak) -> pd.DataFrame:
    """The round, one row per application.

    An imported round: exactly the columns, order and values of its file; codes are text, numbers are numbers, empty is
    missing. A round that ran in this system: the same columns from the live tables, ``toegekend_bedrag`` 0 where
    nothing was granted. Columns about the draw are filled for rounds with a draw only, ``binnenkomst_seconden`` is
    there for rounds by order of receipt.
    """
    inlezing = tijdvak.inlezingen.order_by("pk").first()
    if inlezing is not None:
        return _uit_bestand(tijdvak, inlezing)
    return _uit_tabellen(tijdvak)


def gekoppelde_gegevens(tijdvak: Tijdvak, soort: str) -> pd.DataFrame:
    """The rows of a linked file (``beoordelingen`` or ``medewerkers``), by application; empty when there is none."""
    kolommen = next(
        (
            inlezing.kolommen
            for inlezing in tijdvak.inlezingen.order_by("pk")[1:]
            if set(SOORTEN[soort]) <= set(inlezing.kolommen)
        ),
        list(SOORTEN[soort]),
    )
    rijen = [
        {"aanvraagnummer": kenmerk, **rij}
        for kenmerk, waarden in Waarneming.objects.filter(aanvraag__tijdvak=tijdvak, meetmoment=soort)
        .order_by("pk")
        .values_list("aanvraag__kenmerk", "waarden")
        for rij in waarden["rijen"]
    ]
    return _frame(kolommen, rijen)


def _uit_bestand(tijdvak: Tijdvak, inlezing: Inlezing) -> pd.DataFrame:
    return _frame(inlezing.kolommen, list(_waarden(tijdvak).values()))


def _waarden(tijdvak: Tijdvak) -> dict[UUID, dict[str, Any]]:
    """What was observed per application; in the order in which an import wrote it."""
    per_aanvraag: dict[UUID, dict[str, Any]] = {}
    for pk, waarden in (
        Waarneming.objects.filter(aanvraag__tijdvak=tijdvak, meetmoment="")
        .order_by("pk")
        .values_list("aanvraag_id", "waarden")
    ):
        per_aanvraag.setdefault(pk, {}).update(waarden)
    return per_aanvraag


def _uit_tabellen(tijdvak: Tijdvak) -> pd.DataFrame:
    themas: dict[UUID, list[str]] = {}
    for pk, naam in (
        Aanvraagthema.objects.filter(aanvraag__tijdvak=tijdvak)
        .order_by("thema__volgorde")
        .values_list("aanvraag_id", "thema__naam")
    ):
        themas.setdefault(pk, []).append(naam)
    plaatsen = {plaats.aanvraag_id: plaats for plaats in Plaats.objects.filter(rangschikking__tijdvak=tijdvak)}
    waarden = _waarden(tijdvak)
    aanvragen = (
        Aanvraag.objects.filter(tijdvak=tijdvak)
        .exclude(status__in=_NIET_INGEDIEND)
        .select_related("organisatie", "adviseur")
        .order_by("kenmerk")
    )
    rijen = [
        {
            **waarden.get(aanvraag.pk, {}),
            **_rij(tijdvak, aanvraag, plaatsen.get(aanvraag.pk), themas.get(aanvraag.pk, [])),
        }
        for aanvraag in aanvragen
    ]
    if any(aanvraag.bron == Bron.PAPIER for aanvraag in aanvragen):  # else the column would say nothing
        for aanvraag, rij in zip(aanvragen, rijen, strict=True):
            rij["indieningswijze"] = "papier" if aanvraag.bron == Bron.PAPIER else "digitaal"
    kolommen = [*_BASIS, *(["binnenkomst_seconden"] if tijdvak.methode == Methode.VOLGORDE else [])]
    extra = dict.fromkeys(naam for rij in rijen for naam in rij if naam not in kolommen)
    return _frame([*kolommen, *extra], rijen)


def _rij(tijdvak: Tijdvak, aanvraag: Aanvraag, plaats: Plaats | None, themas: Sequence[str]) -> dict[str, Any]:
    toen = aanvraag.organisatie_toen
    ingeloot = _ingeloot(tijdvak, plaats)
    status = _status(aanvraag, plaats, ingeloot)
    rij: dict[str, Any] = {
        "aanvraagnummer": aanvraag.kenmerk,
        "ronde": timezone.localtime(tijdvak.open_op).year,
        "kvk_nummer": aanvraag.organisatie.kvk_nummer,
        "sector_sbi": (toen.get("sbi_code") or "")[:2] or None,
        "sector": toen.get("sector") or None,
        "grootteklasse": toen.get("grootteklasse") or None,
        "werkzame_personen": toen.get("werkzame_personen"),
        "provincie": toen.get("provincie") or None,
        "publiek_privaat": toen.get("publiek_privaat") or None,
        "adviseur_nummer": (aanvraag.adviseur.extern_nummer or str(aanvraag.adviseur_id))
        if aanvraag.adviseur
        else None,
        "themas": ";".join(themas) or None,
        "gevraagd_bedrag": _getal(aanvraag.gevraagd_bedrag),
        "toegekend_bedrag": _getal(aanvraag.toegekend_bedrag) or 0,
        "vastgesteld_bedrag": _getal(aanvraag.vastgesteld_bedrag),
        "loting_rang": plaats.rang if plaats is not None and ingeloot is not None else None,
        "ingeloot": ingeloot,
        "status": status,
        "groep": _groep(ingeloot, status),
    }
    if tijdvak.methode == Methode.VOLGORDE and aanvraag.ingediend_op is not None:
        rij["binnenkomst_seconden"] = (aanvraag.ingediend_op - tijdvak.open_op).total_seconds()
    return rij


def _ingeloot(tijdvak: Tijdvak, plaats: Plaats | None) -> int | None:
    """What the draw gave (the assignment, not what became of it). In a grey zone only those with a lot took part; who
    shared the lot of another application of the same applicant is neither treated nor comparison."""
    if plaats is None or tijdvak.methode not in _GELOOT:
        return None
    if tijdvak.methode == Methode.GRIJZE_ZONE and not plaats.lot:
        return None
    if plaats.eerste_uitkomst == Uitkomst.TOEGEWEZEN:
        return 1
    return 0 if plaats.eerste_uitkomst in {Uitkomst.RESERVE, Uitkomst.AFGEWEZEN} else None


def _groep(ingeloot: int | None, status: str) -> str | None:
    """The research group: by the draw where there was one; without a draw only who was refused on content."""
    if ingeloot is None:
        return "afgewezen" if status == "afgewezen op inhoud" else None
    return "ingeloot" if ingeloot else "uitgeloot"


def _status(aanvraag: Aanvraag, plaats: Plaats | None, ingeloot: int | None) -> str:
    """A refusal for lack of room and one on content end in the same state; the place in the order tells them apart."""
    status = aanvraag.status
    if status in {Status.VASTGESTELD, Status.AFGESLOTEN, Status.TERUGGEVORDERD}:
        return "vastgesteld"
    if status in TOEGEKEND:
        return "toegekend"
    if status == Status.BESLUIT_INGETROKKEN:
        return "niet gebruikt"
    geen_ruimte = plaats is not None and plaats.uitkomst in _GEEN_RUIMTE
    if status in {Status.NIET_GESELECTEERD, Status.RESERVE} or (status == Status.AFGEWEZEN and geen_ruimte):
        return "uitgeloot" if ingeloot == 0 else "afgewezen budget op"
    if status == Status.AFGEWEZEN:
        return "afgewezen op inhoud"
    return _EIGEN_WOORD.get(status, "in behandeling")


def _getal(bedrag: Decimal | None) -> int | float | None:
    if bedrag is None:
        return None
    return int(bedrag) if bedrag == bedrag.to_integral_value() else float(bedrag)


def _frame(kolommen: Sequence[str], rijen: Sequence[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame({naam: _reeks(rij.get(naam) for rij in rijen) for naam in kolommen}, columns=list(kolommen))


def _reeks(waarden: Iterable[Any]) -> pd.Series:
    """Whole numbers without gaps are int64, numbers float64, text is text; an empty column is float64."""
    lijst = list(waarden)
    gevuld = [waarde for waarde in lijst if waarde is not None]
    if any(isinstance(waarde, str) for waarde in gevuld):
        return pd.Series(lijst, dtype="str")
    if gevuld and len(gevuld) == len(lijst) and all(isinstance(waarde, int) for waarde in gevuld):
        return pd.Series(lijst, dtype="int64")
    return pd.Series(lijst, dtype="float64")
