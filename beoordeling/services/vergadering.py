"""The meeting: plan, agenda, open, recuse, vote, close an item with a quorum, close with minutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from aanvragen.models import Aanvraag
from beoordeling.commissieregels import Quorum, eis_reden, stemuitslag
from beoordeling.enums_commissie import STEMT, Commissierol, Scorebron, Vergaderstatus
from beoordeling.models import (
    Aanvraagbeoordeling,
    Aanwezige,
    Agendapunt,
    Belang,
    Commissie,
    Commissielid,
    Stem,
    Vergadering,
    Verschoning,
)
from beoordeling.selectors_commissie import leden_op, maatstaf_van, te_agenderen
from beoordeling.services.belang_zoeken import belangen_zoeken
from beoordeling.services.belangen import eis_zonder_belang
from beoordeling.services.bespreken import lees_stem
from beoordeling.services.commissie import eis_commissierol, weigering_in_spoor
from beoordeling.services.notulen import notulen_opslaan
from beoordeling.services.scoren import score_vastleggen
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands

_LEIDING = (Commissierol.SECRETARIS, Commissierol.VOORZITTER)


def vergadering_plannen(
    *, commissie: Commissie, gepland_op: datetime, plaats: str, actor: Gebruiker | None, op: datetime
) -> Vergadering:
    eis_commissierol(commissie, actor, *_LEIDING, op=op)
    if not plaats.strip():
        raise InvoerFout("De plaats ontbreekt.", actie="Vul in waar de vergadering is.", veld="plaats")
    with transaction.atomic():
        Commissie.objects.select_for_update().get(pk=commissie.pk)
        nummer = (commissie.vergaderingen.aggregate(m=Max("nummer"))["m"] or 0) + 1
        vergadering = Vergadering.objects.create(
            commissie=commissie, nummer=nummer, gepland_op=gepland_op, plaats=plaats.strip(), gepland_door=actor
        )
        _log(vergadering, "vergadering_plannen", actor, op, gepland_op=gepland_op)
    return vergadering


def _log(vergadering: Vergadering, handeling: str, actor: Gebruiker | None, op: datetime, **gegevens: object) -> None:
    log_schrijven(Logpost(keten=keten_van(vergadering), handeling=handeling, op=op, actor=actor, gegevens=gegevens))


def agenda_vullen(
    *, vergadering: Vergadering, aanvragen: Sequence[Aanvraag], actor: Gebruiker | None, op: datetime
) -> list[Agendapunt]:
    """Puts applications on the agenda; only those that wait for a meeting. Members get the items at once."""
    eis_commissierol(vergadering.commissie, actor, *_LEIDING, op=op)
    with transaction.atomic():
        vergadering = vergrendel(vergadering)
        _eis_niet_gesloten(vergadering)
        wacht = set(te_agenderen(vergadering.commissie).values_list("pk", flat=True))
        fout = [aanvraag.kenmerk for aanvraag in aanvragen if aanvraag.pk not in wacht]
        if fout or not aanvragen:
            raise InvoerFout(
                f"{', '.join(fout[:5])} wacht niet op een vergadering." if fout else "Er is niets gekozen.",
                actie="Leg een aanvraag eerst voor aan de commissie, of kies andere.",
                veld="aanvragen",
            )
        leden = list(leden_op(vergadering.commissie, timezone.localdate(vergadering.gepland_op)))
        belangen_zoeken(leden=leden, aanvragen=aanvragen, op=op, actor=actor)
        laatste = vergadering.agenda.aggregate(m=Max("volgorde"))["m"] or 0
        punten = [
            Agendapunt.objects.create(vergadering=vergadering, aanvraag=aanvraag, volgorde=laatste + nr)
            for nr, aanvraag in enumerate(aanvragen, 1)
        ]
        _log(vergadering, "agenda_vullen", actor, op, kenmerken=[a.kenmerk for a in aanvragen])
    return punten


def _stemmers(commissie: Commissie, moment: datetime) -> list[Commissielid]:
    """Voting members whose term runs on that day."""
    return [lid for lid in leden_op(commissie, timezone.localdate(moment)) if lid.stemt]


def _eis_niet_gesloten(vergadering: Vergadering) -> None:
    if vergadering.status not in {Vergaderstatus.GEPLAND, Vergaderstatus.GEOPEND}:
        raise OvergangFout(f"De vergadering is “{vergadering.get_status_display()}”.", actie="Plan een nieuwe.")


def vergadering_openen(
    *, vergadering: Vergadering, aanwezigen: Sequence[Commissielid], actor: Gebruiker | None, op: datetime
) -> Vergadering:
    """Records who is there. Members with an interest in an item are noted as recused from it at once; they are looked
    for once more, for something may have changed since the agenda was made."""
    eis_commissierol(vergadering.commissie, actor, *_LEIDING, op=op)
    with weigering_in_spoor(vergadering, "openen", actor=actor, op=op), transaction.atomic():
        vergadering = vergrendel(vergadering)
        _nazien(vergadering, Aanvraag.objects.filter(agendapunten__vergadering=vergadering), op)
        leden = {lid.pk: lid for lid in leden_op(vergadering.commissie, timezone.localdate(op))}
        vreemd = [str(lid) for lid in aanwezigen if lid.pk not in leden]
        if vreemd or not aanwezigen:
            raise InvoerFout(
                f"{', '.join(vreemd)} is geen lid van deze commissie." if vreemd else "Er is niemand aanwezig.",
                actie="Vink aan wie er is.",
                veld="aanwezigen",
            )
        for lid in aanwezigen:
            Aanwezige.objects.create(vergadering=vergadering, lid=lid, op=op)
        namen = [str(lid) for lid in aanwezigen]
        vergadering = overgang_toepassen(
            vergadering, "openen", actor=actor, op=op, vergrendeld=True, gegevens={"aanwezig": namen}
        )
        for punt in vergadering.agenda.all():
            verschoningen_bijwerken(punt, op=op)
    return vergadering


def _nazien(vergadering: Vergadering, aanvragen: Iterable[Aanvraag], op: datetime) -> None:
    """Looks for interests of everybody in the committee today. Where what is found can refuse the act: before the
    transaction of that act, or the refusal would undo the finding."""
    leden = list(leden_op(vergadering.commissie, timezone.localdate(op)))
    belangen_zoeken(leden=leden, aanvragen=aanvragen, op=op, actor=None)


def verschoningen_bijwerken(punt: Agendapunt, *, op: datetime) -> None:
    """Notes every voting member with an interest as recused; logged per application."""
    belangen = Belang.objects.filter(aanvraag=punt.aanvraag_id, opgeheven_op=None)
    redenen = {belang.gebruiker_id: str(belang.get_soort_display()) for belang in belangen}
    bekend = set(punt.verschoningen.values_list("lid", flat=True))
    for lid in _stemmers(punt.vergadering.commissie, op):
        if lid.gebruiker_id in redenen and lid.pk not in bekend:
            _verschoon(punt, lid, redenen[lid.gebruiker_id], None, op)


def _verschoon(punt: Agendapunt, lid: Commissielid, reden: str, actor: Gebruiker | None, op: datetime) -> None:
    Verschoning.objects.create(agendapunt=punt, lid=lid, reden=reden, op=op)
    punt.stemmen.filter(lid=lid).delete()
    log_schrijven(
        Logpost(
            keten=keten_van(punt.aanvraag),
            handeling="verschoning",
            op=op,
            actor=actor,
            reden=reden,
            gegevens={"lid": str(lid), "vergadering": punt.vergadering.nummer},
        )
    )


def lid_verschonen(*, punt: Agendapunt, lid: Commissielid, reden: str, actor: Gebruiker, op: datetime) -> None:
    """A member leaves the room for this item: by choice, or noted by chair or secretary. A vote given is undone."""
    if actor.pk != lid.gebruiker_id:
        eis_commissierol(punt.vergadering.commissie, actor, *_LEIDING, op=op)
    reden = eis_reden(reden, "De reden")
    with transaction.atomic():
        punt = _open_punt(punt)
        if lid.pk not in {stemmer.pk for stemmer in _stemmers(punt.vergadering.commissie, op)}:
            raise InvoerFout(f"{lid} stemt niet in deze commissie.", actie="Kies een ander lid.", veld="lid")
        if punt.verschoningen.filter(lid=lid).exists():
            raise OvergangFout(f"{lid} doet al niet mee aan dit punt.", actie="Ververs de pagina.")
        _verschoon(punt, lid, reden, actor, op)


def _open_punt(punt: Agendapunt) -> Agendapunt:
    """The item, locked; :class:`OvergangFout` unless the meeting goes on and the item is open."""
    punt = Agendapunt.objects.select_for_update(of=("self",)).select_related("vergadering__commissie").get(pk=punt.pk)
    if punt.vergadering.status != Vergaderstatus.GEOPEND:
        raise OvergangFout(
            f"De vergadering is “{punt.vergadering.get_status_display()}”.", actie="Open eerst de vergadering."
        )
    if punt.gesloten_op is not None:
        raise OvergangFout("Dit punt is al afgerond.", actie="Ververs de pagina.", code="punt-gesloten")
    return punt


@in_het_nederlands
def stem_uitbrengen(
    *, punt: Agendapunt, scores: Mapping[str, object], actor: Gebruiker, op: datetime, lid: Commissielid | None = None
) -> Stem:
    """A voting member who is there and in the room votes a score per criterion. The secretary may note a vote that was
    given aloud (``lid``)."""
    with weigering_in_spoor(punt.vergadering, "stem_uitbrengen", actor=actor, op=op):
        _nazien(punt.vergadering, [punt.aanvraag], op)
        with transaction.atomic():
            punt = _open_punt(punt)
            if lid is None or lid.gebruiker_id == actor.pk:
                lid = _stemmer(punt, actor, op)
            else:
                eis_commissierol(punt.vergadering.commissie, actor, Commissierol.SECRETARIS, op=op)
                eis_zonder_belang(punt.aanvraag, actor)
            _eis_in_de_kamer(punt, lid)
            stem = lees_stem(maatstaf_van(punt.aanvraag.tijdvak), scores)
            totaal = maatstaf_van(punt.aanvraag.tijdvak).totaal(stem)
            rij, _nieuw = Stem.objects.update_or_create(
                agendapunt=punt, lid=lid, defaults={"scores": stem, "totaal": totaal, "op": op}
            )
            _log(punt.vergadering, "stem_uitbrengen", actor, op, kenmerk=punt.aanvraag.kenmerk, lid=str(lid))
    return rij


def _stemmer(punt: Agendapunt, actor: Gebruiker, op: datetime) -> Commissielid:
    eis_commissierol(punt.vergadering.commissie, actor, *sorted(STEMT), op=op)
    return punt.vergadering.commissie.leden.get(gebruiker=actor)


def _eis_in_de_kamer(punt: Agendapunt, lid: Commissielid) -> None:
    eis_zonder_belang(punt.aanvraag, lid.gebruiker)
    if punt.verschoningen.filter(lid=lid).exists():
        raise RechtenFout(
            f"{lid} doet niet mee aan dit punt.", actie="Ga door met het volgende punt.", code="verschoond"
        )
    if not lid.stemt or not punt.vergadering.aanwezigen.filter(lid=lid).exists():
        raise RechtenFout(
            f"{lid} is niet aanwezig of mag niet stemmen.", actie="Vraag de secretaris om de lijst te controleren."
        )


@in_het_nederlands
def agendapunt_afsluiten(*, punt: Agendapunt, verslag: str, actor: Gebruiker, op: datetime) -> Agendapunt:
    """Counts: enough members in the room, all of them voted; the median of the votes is the final score.

    Interests are looked for once more; the vote of who turns out to have one is undone and does not count.
    """
    eis_commissierol(punt.vergadering.commissie, actor, *_LEIDING, op=op)
    with weigering_in_spoor(punt.vergadering, "agendapunt_afsluiten", actor=actor, op=op):
        _nazien(punt.vergadering, [punt.aanvraag], op)
        with transaction.atomic():
            return _afsluiten(_open_punt(punt), verslag, actor, op)


def _afsluiten(punt: Agendapunt, verslag: str, actor: Gebruiker, op: datetime) -> Agendapunt:
    eis_zonder_belang(punt.aanvraag, actor)
    verslag = eis_reden(verslag, "Het verslag", "verslag")
    verschoningen_bijwerken(punt, op=op)
    quorum, stemmen = _uitgebracht(punt, op)
    score = stemuitslag(maatstaf_van(punt.aanvraag.tijdvak), [stem.scores for stem in stemmen])
    punt.quorum = {
        "stemgerechtigd": quorum.stemgerechtigd,
        "verschoond": quorum.verschoond,
        "nodig": quorum.nodig,
        "gestemd": len(stemmen),
    }
    punt.totaal, punt.verslag, punt.gesloten_op, punt.gesloten_door = score.totaal, verslag, op, actor
    punt.save()
    stand = Aanvraagbeoordeling.objects.select_for_update().get(aanvraag=punt.aanvraag_id)
    score_vastleggen(stand, score=score, bron=Scorebron.COMMISSIE, actor=actor, op=op)
    return punt


def _uitgebracht(punt: Agendapunt, op: datetime) -> tuple[Quorum, list[Stem]]:
    """The quorum and the votes; :class:`OvergangFout` without a quorum, or when somebody in the room did not vote."""
    quorum, in_kamer = telling(punt, op)
    quorum.eis(len(in_kamer), "zijn er")
    stemmen = list(punt.stemmen.order_by("pk"))
    stil = [str(lid) for lid in in_kamer if lid.pk not in {stem.lid_id for stem in stemmen}]
    if stil:
        raise OvergangFout(
            f"Nog niet iedereen heeft gestemd: {', '.join(stil)}.",
            actie="Laat hen stemmen, of noteer dat zij niet meedoen.",
            code="stemmen-ontbreken",
        )
    return quorum, stemmen


def telling(punt: Agendapunt, op: datetime) -> tuple[Quorum, list[Commissielid]]:
    """The quorum of an item, and the voting members who are there and not recused."""
    stemmers = _stemmers(punt.vergadering.commissie, op)
    weg = set(punt.verschoningen.values_list("lid", flat=True))
    hier = set(punt.vergadering.aanwezigen.values_list("lid", flat=True))
    quorum = Quorum(len(stemmers), sum(lid.pk in weg for lid in stemmers))
    return quorum, [lid for lid in stemmers if lid.pk in hier and lid.pk not in weg]


@in_het_nederlands
def vergadering_sluiten(*, vergadering: Vergadering, actor: Gebruiker, op: datetime) -> Vergadering:
    """Closes with minutes as HTML and PDF. Items that were not dealt with wait for the next meeting."""
    eis_commissierol(vergadering.commissie, actor, *_LEIDING, op=op)
    with weigering_in_spoor(vergadering, "sluiten", actor=actor, op=op), transaction.atomic():
        vergadering = vergrendel(vergadering)
        if vergadering.status != Vergaderstatus.GEOPEND:
            raise OvergangFout(
                f"De vergadering is “{vergadering.get_status_display()}”.", actie="Open eerst de vergadering."
            )
        html, pdf = notulen_opslaan(vergadering, actor=actor, op=op)
        return overgang_toepassen(
            vergadering,
            "sluiten",
            actor=actor,
            op=op,
            vergrendeld=True,
            gegevens={"notulen_sha256": pdf.sha256},
            html=html,
            pdf=pdf,
        )


def vergadering_afzeggen(*, vergadering: Vergadering, reden: str, actor: Gebruiker, op: datetime) -> Vergadering:
    eis_commissierol(vergadering.commissie, actor, *_LEIDING, op=op)
    reden = eis_reden(reden, "De reden")
    return overgang_toepassen(vergadering, "afzeggen", actor=actor, op=op, reden=reden)
