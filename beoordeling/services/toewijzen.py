"""Assigning assessors: the run of a whole round by the optimiser, and one by hand.

A run looks for interests first, keeps everybody who already said yes, and changes as little as it can of the rest.
What cannot be had comes back as a list of work. Input and outcome are stored with their digest (design 05 part 3).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from aanvragen.models import Aanvraag
from beoordeling.enums_commissie import IN_HAND, LEVEND, Commissierol, Kennis, Stand, Toewijzingstatus
from beoordeling.models import Aanvraagbeoordeling, Belang, Commissie, Commissielid, Toewijzing, Toewijzingsronde
from beoordeling.selectors_commissie import TE_BEOORDELEN, leden_op
from beoordeling.services.belang_zoeken import belangen_zoeken
from beoordeling.services.belangen import eis_zonder_belang
from beoordeling.services.beoordelingsberichten import voorstel_versturen
from beoordeling.services.commissie import eis_commissierol
from beoordeling.toewijzing.kosten import BASIS, DESKUNDIG, OVERIG, bepaal_kosten
from beoordeling.toewijzing.toewijzen import wijs_toe
from beoordeling.toewijzing.vormen import Opgave, Voortgang, maak_opgave, stil
from beoordeling.toewijzing.vormen import Toewijzing as Antwoord
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.services.overgang import overgang_toepassen, overgangen_toepassen
from kern.services.spoor import Logpost, keten_van, log_beginnen, log_schrijven
from kern.taal import in_het_nederlands
from regeling.enums import Tijdvakstatus

#: Who said yes stays: worth more than any shortage elsewhere.
_GEBONDEN = -5_000_000
_NIVEAU = {Kennis.DESKUNDIG: DESKUNDIG, Kennis.BASIS: BASIS}
#: Steps of a run beside those of the search (``toewijzing/``), as they are reported.
BELANGEN, VASTLEGGEN = "belangen zoeken", "vastleggen"
#: How often the search runs when the round changes under it.
_POGINGEN = 3
_VERSCHOVEN = "Een nieuwe verdeling gaf deze aanvraag aan een ander lid."


@dataclass(frozen=True)
class Plan:
    """What a run would do. ``nieuw`` and ``weg``: pairs (label, name). ``tekort``: label → assessors too few;
    ``zonder_deskundige``: labels; ``te_vol`` and ``te_leeg``: name → number of applications too many or too few."""

    aanvragen: int
    leden: int
    per_aanvraag: int
    paren: dict[str, list[str]]
    nieuw: list[tuple[str, str]]
    weg: list[tuple[str, str]]
    last: dict[str, int]
    doel: int
    afstand: float
    tekort: dict[str, int] = field(default_factory=dict)
    zonder_deskundige: list[str] = field(default_factory=list)
    te_vol: dict[str, int] = field(default_factory=dict)
    te_leeg: dict[str, int] = field(default_factory=dict)

    @property
    def behouden(self) -> int:
        """Pairs that were there and stay."""
        return sum(map(len, self.paren.values())) - len(self.nieuw)

    @property
    def werklijst(self) -> dict[str, Any]:
        """What is left to do by hand."""
        namen = ("tekort", "zonder_deskundige", "te_vol", "te_leeg")
        return {naam: getattr(self, naam) for naam in namen if getattr(self, naam)}


@in_het_nederlands
def beoordelaars_toewijzen(
    *,
    commissie: Commissie,
    actor: Gebruiker | None,
    op: datetime,
    droog: bool = False,
    voortgang: Voortgang = stil,
    afsluiten: Callable[[Plan], None] | None = None,
) -> Plan:
    """Runs the assignment of a closed round. ``droog``: computes and reports, and assigns nobody; interests that the
    look finds are recorded either way. ``afsluiten`` is called in the transaction that assigns: what it raises undoes
    everything.

    The search runs outside a transaction, which for a big round takes minutes; when something changed meanwhile, it
    runs again.
    """
    aanvragen, _wie = eis_toe_te_wijzen(commissie, actor, op)
    voortgang(BELANGEN, 0.0)
    allen = list(leden_op(commissie, timezone.localdate(op)))  # chair and secretary read and lead, so them too
    belangen_zoeken(leden=allen, aanvragen=aanvragen, op=op, actor=actor, voortgang=voortgang)
    for _poging in range(_POGINGEN):
        vraag = _stel_vraag(commissie, op)
        antwoord = wijs_toe(vraag.opgave, bestaand=vraag.stand.levend, voortgang=voortgang)
        voortgang(VASTLEGGEN, 0.0)
        with transaction.atomic():
            Commissie.objects.select_for_update().get(pk=commissie.pk)  # one run at a time
            if _stel_vraag(commissie, op, vergrendel=True).invoer != vraag.invoer:
                continue
            plan = _plan(vraag, antwoord)
            if not droog:
                _uitvoeren(commissie, plan, vraag, antwoord, actor, op)
            if afsluiten is not None:
                afsluiten(plan)
        return plan
    raise OvergangFout(
        "Tijdens het rekenen veranderde er telkens iets aan de aanvragen, de leden of hun antwoorden.",
        actie="Wacht een paar minuten en begin opnieuw.",
        code="stand-veranderd",
    )


def eis_toe_te_wijzen(
    commissie: Commissie, actor: Gebruiker | None, op: datetime
) -> tuple[list[Aanvraag], list[Commissielid]]:
    """The applications and members of a run; :class:`DomeinFout` when none is possible, or not by this person."""
    eis_commissierol(commissie, actor, Commissierol.SECRETARIS, op=op)
    tijdvak = commissie.tijdvak
    if tijdvak.status not in {Tijdvakstatus.GESLOTEN, Tijdvakstatus.IN_VERDELING}:
        raise OvergangFout(
            f"Het tijdvak is “{tijdvak.get_status_display()}”; toewijzen kan na sluiting.",
            actie="Wacht tot het tijdvak gesloten is.",
            code="tijdvak-niet-gesloten",
        )
    leden, aanvragen = _leden(commissie, op), _aanvragen(commissie)
    if not aanvragen or not leden:
        raise OvergangFout(
            "Er zijn geen complete aanvragen om toe te wijzen." if leden else "De commissie heeft nu geen leden.",
            actie="Verklaar eerst aanvragen compleet." if leden else "Benoem eerst leden.",
            code="niets-toe-te-wijzen",
        )
    return aanvragen, leden


def _leden(commissie: Commissie, op: datetime) -> list[Commissielid]:
    rijen = leden_op(commissie, timezone.localdate(op)).filter(rol=Commissierol.LID)
    return list(rijen.prefetch_related("deskundigheden"))


def _aanvragen(commissie: Commissie) -> list[Aanvraag]:
    """Applications whose scores are not all in yet."""
    rijen = Aanvraag.objects.filter(tijdvak=commissie.tijdvak_id, status__in=TE_BEOORDELEN)
    klaar = Aanvraagbeoordeling.objects.exclude(status=Stand.TOEGEWEZEN).values("aanvraag")
    return list(rijen.exclude(pk__in=klaar).prefetch_related("gekozen_themas").order_by("kenmerk"))


@dataclass(frozen=True)
class _Stand:
    """Per application the columns of members: ``levend`` have it now, ``gebonden`` said yes, ``dicht`` may not."""

    levend: list[list[int]]
    gebonden: list[list[int]]
    dicht: list[list[int]]


@dataclass(frozen=True)
class _Vraag:
    """What a run is about. ``invoer``: the same as plain data; stored with the outcome, and compared before writing."""

    aanvragen: list[Aanvraag]
    leden: list[Commissielid]
    stand: _Stand
    opgave: Opgave
    invoer: dict[str, Any]


def _stel_vraag(commissie: Commissie, op: datetime, *, vergrendel: bool = False) -> _Vraag:
    """Reads the question as it is now. ``vergrendel``: nobody answers a proposal of this round until the transaction
    is over."""
    aanvragen, leden = _aanvragen(commissie), _leden(commissie, op)
    if vergrendel:
        list(Toewijzing.objects.select_for_update().filter(lid__in=leden, status__in=LEVEND).values_list("pk"))
    stand = _stand(commissie, aanvragen, leden)
    if not aanvragen or not leden:
        eis_toe_te_wijzen(commissie, None, op)
    opgave = _opgave(commissie, aanvragen, leden, stand)
    invoer = {
        "kenmerken": [a.kenmerk for a in aanvragen],
        "leden": [lid.pk for lid in leden],
        "k": opgave.k,
        "kosten_sha256": hashlib.sha256(np.ascontiguousarray(opgave.kosten, dtype="<i8").tobytes()).hexdigest(),
        "niet_toegestaan": [sorted(set(rij)) for rij in stand.dicht],
        "organisatie": opgave.organisatie.tolist(),
        "last_min": opgave.last_min.tolist(),
        "last_max": opgave.last_max.tolist(),
        "bestaand": stand.levend,
    }
    return _Vraag(aanvragen, leden, stand, opgave, invoer)


def _stand(commissie: Commissie, aanvragen: Sequence[Aanvraag], leden: Sequence[Commissielid]) -> _Stand:
    rij = {aanvraag.pk: nr for nr, aanvraag in enumerate(aanvragen)}
    kolom = {lid.pk: nr for nr, lid in enumerate(leden)}
    persoon = {lid.gebruiker_id: nr for nr, lid in enumerate(leden)}
    uit = _Stand([[] for _ in aanvragen], [[] for _ in aanvragen], [[] for _ in aanvragen])
    toewijzingen = Toewijzing.objects.filter(lid__in=leden, aanvraag__tijdvak=commissie.tijdvak_id)
    for pk, lid, status in toewijzingen.order_by("pk").values_list("aanvraag", "lid", "status"):
        if pk not in rij:
            continue
        if status in LEVEND:
            uit.levend[rij[pk]].append(kolom[lid])
        if status in IN_HAND:
            uit.gebonden[rij[pk]].append(kolom[lid])
        if status == Toewijzingstatus.GEWEIGERD:
            uit.dicht[rij[pk]].append(kolom[lid])
    belangen = Belang.objects.filter(opgeheven_op=None, aanvraag__tijdvak=commissie.tijdvak_id)
    for pk, gebruiker in belangen.values_list("aanvraag", "gebruiker"):
        if pk in rij and gebruiker in persoon:
            uit.dicht[rij[pk]].append(persoon[gebruiker])
    return uit


def _opgave(
    commissie: Commissie, aanvragen: Sequence[Aanvraag], leden: Sequence[Commissielid], stand: _Stand
) -> Opgave:
    n, m, k = len(aanvragen), len(leden), commissie.tijdvak.verdeling.beoordelaars
    kennis = {(d.lid_id, d.thema_id): _NIVEAU[Kennis(d.niveau)] for lid in leden for d in lid.deskundigheden.all()}
    niveau = np.full((n, m), OVERIG)
    for i, aanvraag in enumerate(aanvragen):
        themas = [keuze.thema_id for keuze in aanvraag.gekozen_themas.all()]
        for j, lid in enumerate(leden):
            niveau[i, j] = min((kennis.get((lid.pk, thema), OVERIG) for thema in themas), default=OVERIG)
    kosten = bepaal_kosten(
        niveau, [a.kenmerk for a in aanvragen], [str(lid.pk) for lid in leden], zaad=bytes.fromhex(commissie.zaad)
    )
    toegestaan = np.ones((n, m), dtype=bool)
    for i in range(n):
        toegestaan[i, stand.dicht[i]] = False
        kosten[i, stand.gebonden[i]] += _GEBONDEN
    organisaties: dict[str, int] = {}
    organisatie = [organisaties.setdefault(lid.kvk_nummer or f"lid {lid.pk}", len(organisaties)) for lid in leden]
    boven = -(-n * k // m)
    last_max = [min(boven, lid.hoogstens if lid.hoogstens is not None else boven) for lid in leden]
    last_min = [min(n * k // m, hoogstens) for hoogstens in last_max]
    deskundig = niveau == DESKUNDIG if (niveau == DESKUNDIG).any() else None
    return maak_opgave(kosten, toegestaan, organisatie, k=k, last_min=last_min, last_max=last_max, deskundig=deskundig)


def _plan(vraag: _Vraag, antwoord: Antwoord) -> Plan:
    kenmerken, namen = [a.kenmerk for a in vraag.aanvragen], [str(lid) for lid in vraag.leden]
    nieuw, weg = [], []
    for i, wie in enumerate(antwoord.paren):
        nieuw += [(kenmerken[i], namen[j]) for j in wie if j not in vraag.stand.levend[i]]
        weg += [(kenmerken[i], namen[j]) for j in vraag.stand.levend[i] if j not in wie]
    return Plan(
        aanvragen=len(kenmerken),
        leden=len(namen),
        per_aanvraag=vraag.opgave.k,
        paren={kenmerken[i]: [namen[j] for j in wie] for i, wie in enumerate(antwoord.paren)},
        nieuw=nieuw,
        weg=weg,
        last={naam: int(aantal) for naam, aantal in zip(namen, antwoord.last, strict=True)},
        doel=antwoord.doel,
        afstand=round(antwoord.afstand, 6),
        tekort={kenmerken[i]: aantal for i, aantal in antwoord.tekort.items()},
        zonder_deskundige=[kenmerken[i] for i in antwoord.zonder_deskundige],
        te_vol={namen[j]: aantal for j, aantal in antwoord.te_vol.items()},
        te_leeg={namen[j]: aantal for j, aantal in antwoord.te_leeg.items()},
    )


def _uitvoeren(
    commissie: Commissie, plan: Plan, vraag: _Vraag, antwoord: Antwoord, actor: Gebruiker | None, op: datetime
) -> None:
    uitkomst = {"paren": antwoord.paren, "doel": plan.doel, "afstand": plan.afstand}
    tekst = json.dumps([vraag.invoer, uitkomst], sort_keys=True, separators=(",", ":"))
    ronde = Toewijzingsronde.objects.create(
        commissie=commissie,
        invoer=vraag.invoer,
        uitkomst=uitkomst,
        werklijst=plan.werklijst,
        sha256=hashlib.sha256(tekst.encode()).hexdigest(),
        op=op,
        door=actor,
    )
    aanvragen, leden = vraag.aanvragen, vraag.leden
    weg, bij = set(), []
    for i, wie in enumerate(antwoord.paren):
        eerst = set(vraag.stand.levend[i])
        weg |= {(aanvragen[i].pk, leden[j].pk) for j in eerst - set(wie)}
        bij += [(aanvragen[i], leden[j]) for j in wie if j not in eerst]
    levend = Toewijzing.objects.filter(aanvraag__tijdvak=commissie.tijdvak_id, status__in=LEVEND).order_by("pk")
    oud = [rij for rij in levend if (rij.aanvraag_id, rij.lid_id) in weg] if weg else []
    overgangen_toepassen(oud, "vervallen", actor=actor, op=op, reden=_VERSCHOVEN)
    _voorstellen(bij, derde=False, scoren_tot=commissie.scoren_tot, actor=actor, op=op)
    for lid in {lid for _aanvraag, lid in bij}:
        voorstel_versturen(lid, sleutel=f"ronde{ronde.pk}", op=op)
    log_schrijven(
        Logpost(
            keten=keten_van(commissie),
            handeling="beoordelaars_toewijzen",
            op=op,
            actor=actor,
            gegevens={"sha256": ronde.sha256, "nieuw": len(plan.nieuw), "weg": len(plan.weg)},
        )
    )


def _voorstellen(
    paren: Sequence[tuple[Aanvraag, Commissielid]],
    *,
    derde: bool,
    scoren_tot: datetime,
    actor: Gebruiker | None,
    op: datetime,
) -> list[Toewijzing]:
    """New assignments, each with the first line of its chain; a constant number of queries per 500."""
    begonnen = dict.fromkeys(aanvraag.pk for aanvraag, _lid in paren)
    standen = [Aanvraagbeoordeling(aanvraag_id=pk, begonnen_op=op) for pk in begonnen]
    Aanvraagbeoordeling.objects.bulk_create(standen, batch_size=500, ignore_conflicts=True)
    nieuw = [
        Toewijzing(
            aanvraag=aanvraag, lid=lid, derde=derde, scoren_tot=scoren_tot, voorgesteld_op=op, voorgesteld_door=actor
        )
        for aanvraag, lid in paren
    ]
    Toewijzing.objects.bulk_create(nieuw, batch_size=500)
    log_beginnen(
        Logpost(
            keten=keten_van(toewijzing),
            handeling="voorstellen",
            op=op,
            actor=actor,
            naar=toewijzing.status,
            gegevens={"lid": str(toewijzing.lid), "derde": derde},
        )
        for toewijzing in nieuw
    )
    return nieuw


@in_het_nederlands
def beoordelaar_toewijzen(
    *, aanvraag: Aanvraag, lid: Commissielid, actor: Gebruiker | None, op: datetime, scoren_tot: datetime | None = None
) -> Toewijzing:
    """One by hand: to fill a shortage, or as third assessor of an application that the others differ about.

    Raises :class:`InvoerFout` for a member who cannot, :class:`OvergangFout` when nobody is needed.
    """
    commissie = lid.commissie
    eis_commissierol(commissie, actor, Commissierol.SECRETARIS, Commissierol.VOORZITTER, op=op)
    if commissie.tijdvak_id != aanvraag.tijdvak_id or lid.rol != Commissierol.LID:
        raise InvoerFout(f"{lid} beoordeelt niet in deze ronde.", actie="Kies een lid van deze commissie.", veld="lid")
    if not lid.is_lid_op(timezone.localdate(op)):
        raise InvoerFout(f"De termijn van {lid} loopt nu niet.", actie="Kies een ander lid.", veld="lid")
    belangen_zoeken(leden=list(leden_op(commissie, timezone.localdate(op))), aanvragen=[aanvraag], op=op, actor=actor)
    tot = scoren_tot or commissie.scoren_tot
    if tot <= op:
        raise InvoerFout("Deze dag is voorbij.", actie="Kies een latere dag.", veld="scoren_tot")
    with transaction.atomic():
        stand, _nieuw = Aanvraagbeoordeling.objects.get_or_create(aanvraag=aanvraag, defaults={"begonnen_op": op})
        stand = Aanvraagbeoordeling.objects.select_for_update().get(pk=stand.pk)
        eis_zonder_belang(aanvraag, lid.gebruiker)
        if actor is not None:
            eis_zonder_belang(aanvraag, actor)
        levend = Toewijzing.objects.filter(aanvraag=aanvraag, status__in=LEVEND)
        if levend.filter(lid=lid).exists():
            raise InvoerFout(f"{lid} beoordeelt deze aanvraag al.", actie="Kies een ander lid.", veld="lid")
        zelfde = levend.exclude(lid__kvk_nummer="").filter(lid__kvk_nummer=lid.kvk_nummer)
        if zelfde.exists():
            raise InvoerFout(
                f"{lid} werkt bij dezelfde organisatie als een andere beoordelaar.",
                actie="Kies een lid van een andere organisatie.",
                veld="lid",
            )
        derde = stand.status in {Stand.DIVERGENT, Stand.BESPREKING, Stand.DERDE_BEOORDELAAR}
        if derde:
            _eis_geen_derde(levend)
            if stand.status != Stand.DERDE_BEOORDELAAR:
                overgang_toepassen(stand, "derde_vragen", actor=actor, op=op, vergrendeld=True)
        elif stand.status != Stand.TOEGEWEZEN or levend.count() >= commissie.tijdvak.verdeling.beoordelaars:
            raise OvergangFout(
                "Deze aanvraag heeft genoeg beoordelaars.", actie="Ververs de pagina.", code="genoeg-beoordelaars"
            )
        (toewijzing,) = _voorstellen([(aanvraag, lid)], derde=derde, scoren_tot=tot, actor=actor, op=op)
        voorstel_versturen(lid, sleutel=f"toewijzing{toewijzing.pk}", op=op)
    return toewijzing


def _eis_geen_derde(levend: Any) -> None:
    if levend.filter(derde=True).exists():
        raise OvergangFout("Er is al een derde beoordelaar gevraagd.", actie="Wacht op dat oordeel.")
