"""Scoring: kept while typing, handed in, reopened; and what happens when the last assessor hands in.

Every refusal (an interest, too late, off the scale, no reason) also gets a line in the trail of the assignment.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from aanvragen.models import Aanvraag
from beoordeling.commissieregels import Score, derde_beslist, eis_reden, eis_volledig, gemiddelde_score, lees_score
from beoordeling.enums_commissie import LEVEND, SCHRIJFBAAR, Commissierol, Scorebron, Stand, Toewijzingstatus
from beoordeling.models import Aanvraagbeoordeling, Beoordeling, Commissielid, Criteriumscore, Toewijzing
from beoordeling.score import Afwijking
from beoordeling.selectors_commissie import TE_BEOORDELEN, geldende_beoordelingen, maatstaf_van
from beoordeling.services.belang_zoeken import belangen_zoeken
from beoordeling.services.belangen import eis_zonder_belang
from beoordeling.services.commissie import eis_commissierol, weigering_in_spoor
from beoordeling.services.eindscore import Eindscore, eindscore_vastleggen
from beoordeling.services.toewijzing_antwoord import eis_eigen
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.momenten import moment_in_woorden
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands

T = Toewijzingstatus
#: Characters of one reason.
LANGSTE = 5_000

#: criterion code → (score as typed or empty, reason as typed)
Ingevuld = Mapping[str, tuple[object, str]]


def concept_van(toewijzing: Toewijzing) -> dict[str, dict[str, Any]]:
    """What is filled in so far: code → {"score": 1..5 or None, "reden": text}."""
    rijen = toewijzing.criteriumscores.values_list("criterium", "score", "reden")
    return {code: {"score": score, "reden": reden} for code, score, reden in rijen}


def eis_te_scoren(toewijzing: Toewijzing, actor: Gebruiker, op: datetime) -> None:
    """The own assignment, accepted, not handed in, in time, of an application that is still in the race."""
    eis_eigen(toewijzing, actor, op=op)
    if toewijzing.status not in SCHRIJFBAAR:
        raise OvergangFout(
            f"Deze beoordeling is “{toewijzing.get_status_display()}”; u kunt nu niets wijzigen.",
            actie="Aanvaard de aanvraag eerst."
            if toewijzing.status == T.VOORGESTELD
            else "Vraag de secretaris om haar te heropenen. Dat kan zolang niet alle beoordelingen binnen zijn.",
            code="beoordeling-gesloten",
        )
    if op > toewijzing.scoren_tot:
        raise OvergangFout(
            f"U bent te laat: beoordelen kon tot en met {moment_in_woorden(toewijzing.scoren_tot)}.",
            actie="Vraag de secretaris van de commissie om meer tijd.",
            code="beoordeling-te-laat",
        )
    if toewijzing.aanvraag.status not in TE_BEOORDELEN:
        raise OvergangFout(
            f"Deze aanvraag is “{toewijzing.aanvraag.get_status_display()}” en wordt niet meer beoordeeld.",
            actie="Ga terug naar uw lijst.",
        )


@in_het_nederlands
def scores_bewaren(
    *,
    toewijzing: Toewijzing,
    ingevuld: Ingevuld,
    actor: Gebruiker,
    op: datetime,
    pagina: str = "",
    nr: int = 0,
) -> Toewijzing:
    """Keeps what was filled in, also when it is not complete; criteria that are not named stay as they are.

    ``pagina`` and ``nr`` number the requests of one open page: one that comes in after a later one changes nothing.
    Raises :class:`InvoerFout` for a criterion that does not exist or a score off the scale; nothing is kept then.
    """
    with weigering_in_spoor(toewijzing, "scores_bewaren", actor=actor, op=op), transaction.atomic():
        rij = vergrendel(toewijzing)
        eis_te_scoren(rij, actor, op)
        if pagina and pagina == rij.klad_pagina and nr <= rij.klad_nr:
            return rij
        rij.klad_pagina, rij.klad_nr = pagina, nr
        rij.save(update_fields=["klad_pagina", "klad_nr"])
        schoon = _schoon(rij, ingevuld)
        for code, (score, reden) in schoon.items():
            Criteriumscore.objects.update_or_create(
                toewijzing=rij, criterium=code, defaults={"score": score, "reden": reden, "op": op}
            )
        if rij.status == T.AANVAARD:
            rij = overgang_toepassen(rij, "beginnen", actor=actor, op=op, vergrendeld=True)
    return rij


def _schoon(toewijzing: Toewijzing, ingevuld: Ingevuld) -> dict[str, tuple[int | None, str]]:
    maatstaf = maatstaf_van(toewijzing.aanvraag.tijdvak)
    namen = dict(zip(maatstaf.codes, maatstaf.namen, strict=True))
    uit: dict[str, tuple[int | None, str]] = {}
    for code, (score, reden) in ingevuld.items():
        if code not in namen:
            raise InvoerFout(f"Het criterium “{code[:40]}” bestaat niet.", actie="Ververs de pagina.")
        if len(reden) > LANGSTE:
            raise InvoerFout(
                f"De reden bij “{namen[code]}” is te lang.",
                actie=f"Gebruik hoogstens {LANGSTE} tekens.",
                veld=f"reden_{code}",
            )
        leeg = score is None or score == ""
        uit[code] = (None if leeg else lees_score(score, namen[code], f"score_{code}"), reden.replace("\x00", ""))
    return uit


@in_het_nederlands
def beoordeling_indienen(*, toewijzing: Toewijzing, ingevuld: Ingevuld, actor: Gebruiker, op: datetime) -> Toewijzing:
    """Hands in scores with reasons for all criteria. The last one in opens the scores to all assessors.

    ``ingevuld`` goes over what was kept before.
    """
    with weigering_in_spoor(toewijzing, "beoordeling_indienen", actor=actor, op=op):
        belangen_zoeken(leden=[toewijzing.lid], aanvragen=[toewijzing.aanvraag], op=op, actor=None)
        with transaction.atomic():
            stand = Aanvraagbeoordeling.objects.select_for_update().get(aanvraag=toewijzing.aanvraag_id)
            rij = vergrendel(toewijzing)
            eis_te_scoren(rij, actor, op)
            rij = scores_bewaren(toewijzing=rij, ingevuld=ingevuld, actor=actor, op=op) if ingevuld else rij
            maatstaf = maatstaf_van(rij.aanvraag.tijdvak)
            scores = eis_volledig(maatstaf, concept_van(rij))
            vorige = rij.beoordelingen.aggregate(m=Max("nr"))["m"] or 0
            totaal = maatstaf.totaal(scores)
            Beoordeling.objects.create(toewijzing=rij, nr=vorige + 1, scores=scores, totaal=totaal, op=op)
            if rij.status == T.AANVAARD:
                rij = overgang_toepassen(rij, "beginnen", actor=actor, op=op)
            rij = overgang_toepassen(rij, "indienen", actor=actor, op=op, gegevens={"nr": vorige + 1})
            stand_bijwerken(stand, op=op)
    return Toewijzing.objects.get(pk=rij.pk)


def beoordeling_heropenen(*, toewijzing: Toewijzing, reden: str, actor: Gebruiker | None, op: datetime) -> Toewijzing:
    """Lets an assessor change what was handed in; only while the others' scores are hidden, with a reason."""
    with weigering_in_spoor(toewijzing, "heropenen", actor=actor, op=op):
        eis_commissierol(toewijzing.lid.commissie, actor, Commissierol.SECRETARIS, Commissierol.VOORZITTER, op=op)
        reden = eis_reden(reden, "De reden")
        if actor is not None:
            eis_zonder_belang(toewijzing.aanvraag, actor)
        with transaction.atomic():
            Aanvraagbeoordeling.objects.select_for_update().get(aanvraag=toewijzing.aanvraag_id)
            rij = vergrendel(toewijzing)
            if rij.status == T.VASTGESTELD:
                raise OvergangFout(
                    "Alle beoordelingen zijn binnen; de beoordelaars zien elkaars scores. Heropenen kan niet meer.",
                    actie="Bespreek de scores, of leg de aanvraag voor aan de commissie.",
                    code="scores-zichtbaar",
                )
            return overgang_toepassen(rij, "heropenen", actor=actor, op=op, reden=reden, vergrendeld=True)


def stand_bijwerken(stand: Aanvraagbeoordeling, *, op: datetime) -> Aanvraagbeoordeling:
    """Moves an application on when all its assessors have handed in; ``stand`` is locked by the caller."""
    toewijzingen = list(Toewijzing.objects.filter(aanvraag=stand.aanvraag_id, status__in=LEVEND).order_by("pk"))
    klaar = [rij for rij in toewijzingen if rij.status in {T.INGEDIEND, T.VASTGESTELD}]
    nodig = stand.aanvraag.tijdvak.verdeling.beoordelaars
    if len(klaar) < max(len(toewijzingen), nodig) or not any(rij.status == T.INGEDIEND for rij in klaar):
        return stand
    for rij in klaar:
        if rij.status == T.INGEDIEND:
            overgang_toepassen(rij, "vaststellen", actor=None, op=op)
    if stand.status == Stand.TOEGEWEZEN:
        return _vergelijken(stand, op)
    if stand.status == Stand.DERDE_BEOORDELAAR:
        return _na_derde(stand, op)
    return stand


def _vergelijken(stand: Aanvraagbeoordeling, op: datetime) -> Aanvraagbeoordeling:
    """The moment of opening: totals, mean, spread and flags are kept as they are now."""
    maatstaf = maatstaf_van(stand.aanvraag.tijdvak)
    uitkomst = maatstaf.bereken([b.scores for b in geldende_beoordelingen(stand.aanvraag)])
    stand.uitkomst = {
        "totalen": [str(totaal) for totaal in uitkomst.totalen],
        "gemiddelde": str(uitkomst.gemiddelde),
        "spreiding": str(uitkomst.spreiding),
        "vlaggen": vlaggen(uitkomst.afwijking),
    }
    stand = overgang_toepassen(stand, "compleet_melden", actor=None, op=op, vergrendeld=True, gegevens=stand.uitkomst)
    naam = "divergent_verklaren" if uitkomst.afwijking else "consistent_verklaren"
    return overgang_toepassen(stand, naam, actor=None, op=op, vergrendeld=True)


def vlaggen(afwijking: Afwijking) -> list[str]:
    """Codes of the flags that are up: d1 spread, d2 criterion, d3 threshold."""
    return [naam for naam in ("d1", "d2", "d3") if getattr(afwijking, naam)]


def _na_derde(stand: Aanvraagbeoordeling, op: datetime) -> Aanvraagbeoordeling:
    """The third sides with one of the others: the mean of all. Otherwise the meeting decides."""
    maatstaf = maatstaf_van(stand.aanvraag.tijdvak)
    beoordelingen = geldende_beoordelingen(stand.aanvraag)
    derde = [b.scores for b in beoordelingen if b.toewijzing.derde]
    eerste = [b.scores for b in beoordelingen if not b.toewijzing.derde]
    if derde and derde_beslist(maatstaf, eerste, derde[-1]):
        score = gemiddelde_score(maatstaf, [*eerste, derde[-1]])
        return score_vastleggen(stand, score=score, bron=Scorebron.DERDE, actor=None, op=op)
    return overgang_toepassen(stand, "voorleggen", actor=None, op=op, vergrendeld=True)


def score_vastleggen(
    stand: Aanvraagbeoordeling, *, score: Score, bron: Scorebron, actor: Gebruiker | None, op: datetime
) -> Aanvraagbeoordeling:
    """The one place from which a committee's score becomes final; ``stand`` is locked by the caller."""
    beoordelingen = {f"B{b.toewijzing.lid_id}": b.totaal for b in geldende_beoordelingen(stand.aanvraag)}
    eindscore = Eindscore(totaal=score.totaal, criteria=score.criteria, beoordelingen=beoordelingen, bron=bron)
    eindscore_vastleggen(aanvraag=stand.aanvraag, score=eindscore, actor=actor, op=op)
    gegevens = {"totaal": str(score.totaal), "bron": str(bron)}
    return overgang_toepassen(stand, "score_vastleggen", actor=actor, op=op, vergrendeld=True, gegevens=gegevens)


def toegang_geweigerd(*, aanvraag: Aanvraag, waar: str, actor: Gebruiker, op: datetime) -> None:
    """Somebody with an interest tried to act on an application; the page itself says that it does not exist.

    An interest that was not on record yet (a mandate of today) is recorded, and ends the person's assignment.
    """
    log_schrijven(
        Logpost(
            keten=keten_van(aanvraag),
            handeling="belang_toegang_geweigerd",
            op=op,
            actor=actor,
            reden="Deze persoon heeft een belang bij de aanvraag.",
            gegevens={"waar": waar},
        )
    )
    plaatsen = Commissielid.objects.filter(commissie__tijdvak=aanvraag.tijdvak_id, gebruiker=actor)
    leden = list(plaatsen.select_related("gebruiker"))
    belangen_zoeken(leden=leden, aanvragen=[aanvraag], op=op, actor=None)
