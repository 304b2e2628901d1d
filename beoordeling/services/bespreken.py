"""After the scores are open: talking it over to a common score, or to the committee; and settling who agreed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from aanvragen.models import Aanvraag
from beoordeling.commissieregels import Maatstaf, Score, eis_reden, gemiddelde_score, lees_score, score_van
from beoordeling.enums_commissie import Commissierol, Scorebron, Stand, Toewijzingstatus
from beoordeling.kalibratie.kalibreren import Kalibratie
from beoordeling.models import Aanvraagbeoordeling, Commissie, Consensus, Consensusantwoord, Toewijzing
from beoordeling.score import rond_af
from beoordeling.selectors_commissie import belang_aanvragen, geldende_beoordelingen, maatstaf_van
from beoordeling.services.belangen import eis_zonder_belang
from beoordeling.services.commissie import eis_commissierol, weigering_in_spoor
from beoordeling.services.kalibratie import kalibratie_van
from beoordeling.services.scoren import score_vastleggen
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands

NUL, HONDERD = Decimal(0), Decimal(100)


def beoordelaars_van(aanvraag: Aanvraag) -> list[int]:
    """Keys of the people whose assessment stands."""
    return [b.toewijzing.lid.gebruiker_id for b in geldende_beoordelingen(aanvraag)]


def _eis_beoordelaar(aanvraag: Aanvraag, actor: Gebruiker) -> None:
    eis_zonder_belang(aanvraag, actor)
    if actor.pk not in beoordelaars_van(aanvraag):
        raise RechtenFout("U hebt deze aanvraag niet beoordeeld.", actie="Laat dit aan de beoordelaars over.")


def lees_stem(maatstaf: Maatstaf, scores: Mapping[str, object]) -> dict[str, int]:
    """A score per criterion as typed. :class:`InvoerFout` at the first that is missing or off the scale."""
    uit = {}
    for code, naam in zip(maatstaf.codes, maatstaf.namen, strict=True):
        if scores.get(code) in (None, ""):
            raise InvoerFout(
                f"De score voor “{naam}” ontbreekt.",
                actie="Kies een score.",
                code="score-ontbreekt",
                veld=f"score_{code}",
            )
        uit[code] = lees_score(scores[code], naam, f"score_{code}")
    return uit


@in_het_nederlands
def consensus_voorstellen(
    *, aanvraag: Aanvraag, scores: Mapping[str, object], toelichting: str, actor: Gebruiker, op: datetime
) -> Consensus:
    """An assessor writes down common scores; they count when all other assessors agree. Own scores stay as they are."""
    stand = aanvraag.beoordelingsstand
    with weigering_in_spoor(stand, "consensus_voorstellen", actor=actor, op=op), transaction.atomic():
        stand = vergrendel(stand)
        _eis_beoordelaar(aanvraag, actor)
        if stand.status not in {Stand.DIVERGENT, Stand.BESPREKING}:
            raise OvergangFout(f"Deze aanvraag is “{stand.get_status_display()}”.", actie="Ververs de pagina.")
        if stand.voorstellen.filter(gesloten_op=None).exists():
            raise OvergangFout("Er ligt al een voorstel.", actie="Antwoord eerst op dat voorstel.")
        maatstaf = maatstaf_van(aanvraag.tijdvak)
        stem = lees_stem(maatstaf, scores)
        toelichting = eis_reden(toelichting, "De toelichting", "toelichting")
        if stand.status == Stand.DIVERGENT:
            stand = overgang_toepassen(stand, "bespreken", actor=actor, op=op, vergrendeld=True)
        voorstel = Consensus.objects.create(
            stand=stand, scores=stem, totaal=maatstaf.totaal(stem), toelichting=toelichting, op=op, door=actor
        )
        _log(stand, "consensus_voorstellen", actor, op, totaal=str(voorstel.totaal))
    return voorstel


def _log(stand: Aanvraagbeoordeling, handeling: str, actor: Gebruiker, op: datetime, **gegevens: object) -> None:
    log_schrijven(Logpost(keten=keten_van(stand), handeling=handeling, op=op, actor=actor, gegevens=gegevens))


@in_het_nederlands
def consensus_beantwoorden(
    *, consensus: Consensus, akkoord: bool, reden: str, actor: Gebruiker, op: datetime
) -> Aanvraagbeoordeling:
    """Another assessor agrees, or says why not. With everybody's yes the score is final; a no closes the proposal."""
    stand = consensus.stand
    with weigering_in_spoor(stand, "consensus_beantwoorden", actor=actor, op=op), transaction.atomic():
        stand = vergrendel(stand)
        consensus = Consensus.objects.select_for_update().get(pk=consensus.pk)
        _eis_beoordelaar(stand.aanvraag, actor)
        if consensus.gesloten_op is not None or stand.status != Stand.BESPREKING:
            raise OvergangFout("Dit voorstel is al afgehandeld.", actie="Ververs de pagina.")
        if consensus.door_id == actor.pk:
            raise RechtenFout("U deed dit voorstel zelf.", actie="Wacht op de andere beoordelaar.", code="vier-ogen")
        if consensus.antwoorden.filter(door=actor).exists():
            raise OvergangFout("U hebt al geantwoord.", actie="Wacht op de anderen.")
        reden = reden.strip() if akkoord else eis_reden(reden, "De reden")
        Consensusantwoord.objects.create(consensus=consensus, door=actor, akkoord=akkoord, reden=reden, op=op)
        _log(stand, "consensus_beantwoorden", actor, op, akkoord=akkoord)
        nodig = set(beoordelaars_van(stand.aanvraag)) - {consensus.door_id}
        ja = set(consensus.antwoorden.filter(akkoord=True).values_list("door", flat=True))
        if not akkoord or nodig <= ja:
            consensus.gesloten_op = op
            consensus.save(update_fields=["gesloten_op"])
        if akkoord and nodig <= ja:
            score = score_van(maatstaf_van(stand.aanvraag.tijdvak), consensus.scores)
            stand = score_vastleggen(stand, score=score, bron=Scorebron.CONSENSUS, actor=None, op=op)
    return stand


def aan_commissie_voorleggen(*, aanvraag: Aanvraag, reden: str, actor: Gebruiker, op: datetime) -> Aanvraagbeoordeling:
    """Chair or secretary takes an application to the meeting. A third assessor who did not begin is not waited for."""
    stand, commissie = aanvraag.beoordelingsstand, aanvraag.tijdvak.commissie
    eis_commissierol(commissie, actor, Commissierol.VOORZITTER, Commissierol.SECRETARIS, op=op)
    with weigering_in_spoor(stand, "voorleggen", actor=actor, op=op), transaction.atomic():
        stand = vergrendel(stand)
        eis_zonder_belang(aanvraag, actor)
        reden = eis_reden(reden, "De reden")
        stand.voorstellen.filter(gesloten_op=None).update(gesloten_op=op)
        wachtend = Toewijzing.objects.filter(
            aanvraag=aanvraag, derde=True, status__in=[Toewijzingstatus.VOORGESTELD, Toewijzingstatus.AANVAARD]
        )
        for rij in wachtend:
            overgang_toepassen(rij, "vervallen", actor=actor, op=op, reden=reden)
        return overgang_toepassen(stand, "voorleggen", actor=actor, op=op, reden=reden, vergrendeld=True)


@in_het_nederlands
def scores_vaststellen(*, commissie: Commissie, actor: Gebruiker | None, op: datetime) -> int:
    """Makes the mean final for every application about which the assessors agree. Returns how many.

    Where the scheme said before opening that calibrated scores decide, the calibrated score takes the place of the
    mean; that asks for the whole round, so it is refused while scores are missing.
    """
    eis_commissierol(commissie, actor, Commissierol.SECRETARIS, Commissierol.VOORZITTER, op=op)
    tijdvak = commissie.tijdvak
    maatstaf = maatstaf_van(tijdvak)
    with weigering_in_spoor(commissie, "scores_vaststellen", actor=actor, op=op), transaction.atomic():
        rijen = Aanvraagbeoordeling.objects.select_for_update(of=("self",)).filter(
            aanvraag__tijdvak=tijdvak, status=Stand.CONSISTENT
        )
        if actor is not None:  # the chair leaves those to the secretary, and the other way round
            rijen = rijen.exclude(aanvraag__in=belang_aanvragen(actor))
        standen = list(rijen.order_by("aanvraag__kenmerk"))
        gekalibreerd = _gekalibreerd(commissie) if tijdvak.verdeling.scorebasis == "gekalibreerd" else None
        for stand in standen:
            score = gemiddelde_score(maatstaf, [b.scores for b in geldende_beoordelingen(stand.aanvraag)])
            bron = Scorebron.GEMIDDELDE
            if gekalibreerd is not None:
                nr = gekalibreerd.ontwerp.aanvragen.index(stand.aanvraag.kenmerk)
                waarde = rond_af(Decimal(repr(float(gekalibreerd.g[nr]))))
                score, bron = Score(min(max(waarde, NUL), HONDERD), score.criteria), Scorebron.GEKALIBREERD
            score_vastleggen(stand, score=score, bron=bron, actor=actor, op=op)
    return len(standen)


def _gekalibreerd(commissie: Commissie) -> Kalibratie:
    if Aanvraagbeoordeling.objects.filter(aanvraag__tijdvak=commissie.tijdvak_id, status=Stand.TOEGEWEZEN).exists():
        raise OvergangFout(
            "De gekalibreerde score beslist in deze ronde, en nog niet alle beoordelingen zijn binnen.",
            actie="Wacht tot alle beoordelingen binnen zijn.",
            code="ronde-niet-compleet",
        )
    uitkomst = kalibratie_van(commissie, streng=True)
    if not uitkomst.bruikbaar:
        raise OvergangFout(
            "De scores zijn zo regelmatig dat kalibreren geen betrouwbare uitkomst heeft.",
            actie="Leg de aanvragen voor aan de commissie.",
            code="kalibratie-onbruikbaar",
        )
    return uitkomst.kalibratie
