"""Every state machine as a table: each transition from each status, allowed exactly where design 04 says.

The tables are written from the design (04-domein, and 05-selectie for the draw), not from the code. What the code
allows beyond it stands apart, in ``RUIMER``, with the reason.
"""

from __future__ import annotations

import inspect
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import NOT_PROVIDED
from django_fsm import InvalidResultState, TransitionNotAllowed

from aanvragen.models import Aanvraag, Adviseur, Besluitmoment, Referentie
from beoordeling.models import Aanvraagbeoordeling, Loting, Toewijzing, Vergadering
from kern.fouten import OvergangFout
from kern.models import Bestand, LogRegel
from kern.services.overgang import overgang_toepassen, overgangen_toepassen, vergrendel
from kern.status import StatusModel
from regeling.models import Regelingversie, Regelingvoorstel, Tijdvak
from tests.factories.ronde import VOOR, maak_gebruiker, maak_tijdvak, vers
from uitvoering.models import Besluit, Betaallijst, Betaling, Declaratie, Voucher

OP = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
VOOR_BESLUIT = ["ingediend", "in_behandeling", "aanvulling_gevraagd", "compleet", "in_verdeling", "reserve"]
REFERENTIE_OPEN = [
    "concept",
    "geblokkeerd",
    "klaar",
    "uitgenodigd",
    "onbestelbaar",
    "herinnerd",
    "verlopen",
    "geweigerd",
    "ontkend",
    "beantwoord",
    "in_controle",
]

#: model → transition → (target, sources)
ONTWERP: dict[type[StatusModel], dict[str, tuple[str, list[str]]]] = {
    Tijdvak: {
        "publiceren": ("gepubliceerd", ["ontwerp"]),
        "openen": ("open", ["gepubliceerd"]),
        "sluiten": ("gesloten", ["open"]),
        "verdeling_beginnen": ("in_verdeling", ["gesloten"]),
        "verdelen": ("verdeeld", ["in_verdeling"]),
        "afhandelen": ("afgehandeld", ["verdeeld"]),
        "intrekken": ("ingetrokken", ["ontwerp", "gepubliceerd"]),
    },
    Regelingvoorstel: {
        "aanbieden": ("aangeboden", ["concept"]),
        "publiceren": ("gepubliceerd", ["aangeboden"]),
        "afwijzen": ("afgewezen", ["aangeboden"]),
        "intrekken": ("ingetrokken", ["concept", "aangeboden"]),
    },
    Aanvraag: {
        "indienen": ("ingediend", ["concept"]),
        "verlopen": ("verlopen", ["concept"]),
        "in_behandeling_nemen": ("in_behandeling", ["ingediend"]),
        "aanvulling_vragen": ("aanvulling_gevraagd", ["in_behandeling"]),
        "aanvullen": ("in_behandeling", ["aanvulling_gevraagd"]),
        "compleet_verklaren": ("compleet", ["in_behandeling"]),
        "in_verdeling_nemen": ("in_verdeling", ["compleet"]),
        "selecteren": ("geselecteerd", ["in_verdeling", "reserve"]),
        "op_reservelijst_plaatsen": ("reserve", ["in_verdeling"]),
        "niet_selecteren": ("niet_geselecteerd", ["in_verdeling"]),
        "verlenen": ("verleend", ["geselecteerd"]),
        "uitvoering_beginnen": ("in_uitvoering", ["verleend"]),
        "vaststelling_vragen": ("vaststelling_gevraagd", ["in_uitvoering"]),
        "vaststellen": ("vastgesteld", ["vaststelling_gevraagd"]),
        "afsluiten": ("afgesloten", ["vastgesteld"]),
        "intrekken": ("ingetrokken", VOOR_BESLUIT),
        "buiten_behandeling_stellen": ("buiten_behandeling", ["aanvulling_gevraagd"]),
        "afwijzen": ("afgewezen", ["compleet", "in_verdeling", "niet_geselecteerd", "reserve"]),
        "besluit_intrekken": ("besluit_ingetrokken", ["verleend", "in_uitvoering"]),
        "terugvorderen": ("teruggevorderd", ["vastgesteld"]),
        "herstellen": ("in_verdeling", ["afgewezen", "buiten_behandeling"]),
    },
    Referentie: {
        "blokkeren": ("geblokkeerd", ["concept"]),
        "klaarzetten": ("klaar", ["concept"]),
        "uitnodigen": ("uitgenodigd", ["klaar", "uitgenodigd", "herinnerd", "onbestelbaar", "verlopen"]),
        "onbestelbaar_melden": ("onbestelbaar", ["uitgenodigd", "herinnerd"]),
        "herinneren": ("herinnerd", ["uitgenodigd", "herinnerd"]),
        "verlopen": ("verlopen", ["uitgenodigd", "herinnerd"]),
        "weigeren": ("geweigerd", ["uitgenodigd", "herinnerd"]),
        "ontkennen": ("ontkend", ["uitgenodigd", "herinnerd"]),
        "beantwoorden": ("beantwoord", ["uitgenodigd", "herinnerd"]),
        "in_controle_nemen": ("in_controle", ["beantwoord", "ontkend"]),
        "bevestigen": ("bevestigd", ["beantwoord", "in_controle"]),
        "niet_bevestigen": ("niet_bevestigd", ["in_controle"]),
        "intrekken": ("ingetrokken", REFERENTIE_OPEN),
        "vervangen_worden": ("vervangen", [*REFERENTIE_OPEN, "niet_bevestigd"]),
    },
    Loting: {
        "bevriezen": ("bevroren", ["ontwerp"]),
        "publiceren": ("gepubliceerd", ["bevroren"]),
        "vervangen_worden": ("vervangen", ["gepubliceerd"]),
        "bronnen_vastleggen": ("bronnen_volledig", ["gepubliceerd"]),
        "trekken": ("getrokken", ["bronnen_volledig"]),
        "verdelen": ("verdeeld", ["getrokken"]),
        "vaststellen": ("vastgesteld", ["verdeeld"]),
        "beginnen": ("lopend", ["vastgesteld"]),
        "sluiten": ("gesloten", ["lopend"]),
        "ongeldig_verklaren": ("ongeldig", ["ontwerp", "bevroren", "gepubliceerd"]),
    },
    Toewijzing: {
        "aanvaarden": ("aanvaard", ["voorgesteld"]),
        "weigeren": ("geweigerd", ["voorgesteld"]),
        "belang_melden": ("belang_gemeld", ["voorgesteld"]),
        "vervallen": ("vervallen", ["belang_gemeld"]),
        "beginnen": ("concept", ["aanvaard"]),
        "indienen": ("ingediend", ["concept"]),
        "heropenen": ("heropend", ["ingediend"]),
        "vaststellen": ("vastgesteld", ["ingediend"]),
    },
    Aanvraagbeoordeling: {
        "compleet_melden": ("onafhankelijk_compleet", ["toegewezen"]),
        "consistent_verklaren": ("consistent", ["onafhankelijk_compleet"]),
        "divergent_verklaren": ("divergent", ["onafhankelijk_compleet"]),
        "bespreken": ("bespreking", ["divergent"]),
        "derde_vragen": ("derde_beoordelaar", ["divergent"]),
        "voorleggen": ("commissie_advies", ["bespreking", "derde_beoordelaar"]),
        "score_vastleggen": ("score_vast", ["commissie_advies"]),
    },
    Vergadering: {
        "openen": ("geopend", ["gepland"]),
        "sluiten": ("gesloten", ["geopend"]),
        "afzeggen": ("vervallen", ["gepland"]),
    },
    Besluit: {
        "voorstellen": ("voorgesteld", ["concept"]),
        "ondertekenen": ("ondertekend", ["voorgesteld"]),
        "verzenden": ("verzonden", ["ondertekend"]),
    },
    Voucher: {
        "opdragen": ("opgedragen", ["uitgegeven"]),
        "declareren": ("gedeclareerd", ["opgedragen"]),
        "verzilveren": ("verzilverd", ["gedeclareerd"]),
        "verlopen": ("verlopen", ["uitgegeven", "opgedragen"]),
        "intrekken": ("ingetrokken", ["uitgegeven", "opgedragen"]),
    },
    Declaratie: {
        "indienen": ("ingediend", ["concept"]),
        "in_controle_nemen": ("in_controle", ["ingediend"]),
        "aanvulling_vragen": ("aanvulling_gevraagd", ["in_controle"]),
        "aanvullen": ("in_controle", ["aanvulling_gevraagd"]),
        "goedkeuren": ("goedgekeurd", ["in_controle"]),
        "deels_goedkeuren": ("deels_goedgekeurd", ["in_controle"]),
        "afkeuren": ("afgekeurd", ["in_controle"]),
    },
    Betaling: {
        "accorderen": ("geaccordeerd", ["klaargezet"]),
        "op_lijst_zetten": ("in_bestand", ["geaccordeerd"]),
        "betalen": ("betaald", ["in_bestand"]),
        "weigeren": ("geweigerd", ["in_bestand"]),
    },
}

#: (model, transition, source, target) that the design does not name, and why the code allows it.
RUIMER: dict[tuple[type[StatusModel], str, str, str], str] = {
    (Tijdvak, "historisch_vastleggen", "ontwerp", "afgehandeld"): "a round of the past, from a file",
    (Aanvraag, "niet_selecteren", "reserve", "niet_geselecteerd"): "the reserve list has lapsed",
    **{
        (Aanvraag, "niet_selecteren", bron, "niet_geselecteerd"): "drawn first: its turn to be assessed never came"
        for bron in ("ingediend", "in_behandeling", "aanvulling_gevraagd")
    },
    (Aanvraag, "vaststelling_vragen", "verleend", "vaststelling_gevraagd"): "without a voucher nothing marks the start",
    (Aanvraag, "besluit_intrekken", "geselecteerd", "besluit_ingetrokken"): "gives up a place before the decision",
    (Aanvraag, "afwijzen", "geselecteerd", "afgewezen"): "excluded after the draw; the place goes to the reserve list",
    (Loting, "vervangen_worden", "bevroren", "vervangen"): "an error in the list was seen before publication",
    (Referentie, "blokkeren", "klaar", "geblokkeerd"): "a later look sees a reason to block",
    (Referentie, "klaarzetten", "geblokkeerd", "klaar"): "an officer lifts the block with a reason",
    (Referentie, "bevestigen", "concept", "bevestigd"): "confirmed before for the same adviser, and still valid",
    (Referentie, "bevestigen", "klaar", "bevestigd"): "confirmed before for the same adviser, and still valid",
    (Referentie, "in_controle_nemen", "bevestigd", "in_controle"): "new facts came up after the confirmation",
    (Besluit, "terugnemen", "voorgesteld", "concept"): "sent back to the officer for another text",
    (Betaling, "weigeren", "geaccordeerd", "geweigerd"): "stopped before it went to the bank",
    (Regelingvoorstel, "terugnemen", "aangeboden", "concept"): "the writers see something to improve",
}
RUIMER[(Aanvraag, "buiten_behandeling_stellen", "in_behandeling", "buiten_behandeling")] = (
    "the term was used, but not enough (Awb 4:5)"
)
_BELANG = "an interest can come up at any moment before the scores are open"
RUIMER |= {
    (Toewijzing, "belang_melden", bron, "belang_gemeld"): _BELANG
    for bron in ["aanvaard", "concept", "ingediend", "heropend"]
}
RUIMER |= {
    (Toewijzing, "vervallen", bron, "vervallen"): "a new run or the meeting needs this member no more"
    for bron in ["voorgesteld", "aanvaard"]
}
RUIMER[(Toewijzing, "indienen", "heropend", "ingediend")] = "handed in again after reopening"
RUIMER |= {
    (
        Aanvraagbeoordeling,
        "voorleggen",
        bron,
        "commissie_advies",
    ): "the chair may take any open application to a meeting"
    for bron in ["consistent", "divergent"]
}
RUIMER[(Aanvraagbeoordeling, "derde_vragen", "bespreking", "derde_beoordelaar")] = "discussion without agreement"
RUIMER |= {
    (Aanvraagbeoordeling, "score_vastleggen", bron, "score_vast"): "agreement, before or after talking or by a third"
    for bron in ["consistent", "bespreking", "derde_beoordelaar"]
}
RUIMER |= {
    (Aanvraag, "herstellen", bron, "in_verdeling"): "an objection was upheld (Awb 4:25(3))"
    for bron in ["afgewezen", "buiten_behandeling"]
}
RUIMER[(Aanvraag, "afwijzen", "geselecteerd", "afgewezen")] = "drawn first and checked afterwards"
_EINDEN = ["verleend", "niet_geselecteerd", "afgewezen", "vastgesteld", "besluit_ingetrokken"]
RUIMER |= {(Aanvraag, "historisch_vastleggen", "concept", einde): "an application of the past" for einde in _EINDEN}

#: What the transition methods ask besides ``op`` and ``actor``.
ARGUMENTEN: dict[str, Any] = {
    "adviseur": Adviseur(naam="Adviseur"),
    "bedrag": Decimal(1000),
    "besluit": Besluitmoment(OP, None),
    "bezwaar_tot": OP.date(),
    "einde": "verleend",
    "geldig_tot": OP.date(),
    "html": Bestand(naam="notulen.html"),
    "inhoud": [],
    "inhoud_sha256": "0" * 64,
    "kenmerk": "PROEF-00001",
    "lijst": Betaallijst(nummer=1),
    "organisatie_toen": {},
    "ontvangen_op": OP,
    "pdf": Bestand(naam="notulen.pdf"),
    "reden": "Daarom",
    "stuks": 1,
    "verklaring": "Ik heb geen belang.",
    "versie": Regelingversie(versie="2"),
    "volledig_op": OP,
    "waar": "Staatscourant",
}


def in_status(model: type[StatusModel], status: str) -> Any:
    """An object as the database would give it, in this status. Nothing is stored."""
    namen, waarden = [], []
    for veld in model._meta.concrete_fields:
        standaard = None if veld.default is NOT_PROVIDED else veld.get_default()
        namen.append(veld.attname)
        waarden.append(status if veld.attname == "status" else standaard)
    obj = model.from_db("default", namen, waarden)
    if isinstance(obj, Aanvraag):
        obj.tijdvak = Tijdvak(open_op=OP, sluit_op=OP + timedelta(days=1))
    return obj


def staten(model: type[StatusModel]) -> list[str]:
    return [code for code, _ in model._meta.get_field("status").choices or []]


def overgangen(model: type[StatusModel]) -> list[str]:
    return sorted({overgang.name for overgang in model._meta.get_field("status").get_all_transitions(model)})


def toegestaan(model: type[StatusModel]) -> dict[tuple[str, str], set[str]]:
    """(transition, source) → targets."""
    uit = {(naam, bron): {doel} for naam, (doel, bronnen) in ONTWERP[model].items() for bron in bronnen}
    for ruim, naam, bron, doel in RUIMER:
        if ruim is model:
            uit.setdefault((naam, bron), set()).add(doel)
    return uit


def roep(obj: Any, naam: str, **anders: Any) -> None:
    methode = getattr(obj, naam)
    vraagt = set(inspect.signature(methode).parameters) - {"op", "actor"}
    methode(op=OP, actor=None, **{**{vraag: ARGUMENTEN[vraag] for vraag in vraagt}, **anders})


def test_elke_toestandsmachine_staat_in_de_tabel() -> None:
    modellen = {model for model in apps.get_models() if issubclass(model, StatusModel)}
    assert modellen == set(ONTWERP)
    for model in ONTWERP:
        assert overgangen(model) == sorted({naam for naam, _ in toegestaan(model)}), model.__name__
        assert all(RUIMER.values())


@pytest.mark.parametrize("model", ONTWERP, ids=lambda model: model.__name__)
def test_elke_overgang_vanuit_elke_status(model: type[StatusModel]) -> None:
    """Allowed where the table says, with its target; refused everywhere else, and then nothing changed."""
    mag, gezien = toegestaan(model), 0
    for naam in overgangen(model):
        for status in staten(model):
            obj, plek = in_status(model, status), f"{model.__name__}.{naam} vanuit {status}"
            voor = {veld.attname: getattr(obj, veld.attname) for veld in model._meta.concrete_fields}
            if (naam, status) not in mag:
                with pytest.raises(TransitionNotAllowed):
                    roep(obj, naam)
                na = {veld.attname: getattr(obj, veld.attname) for veld in model._meta.concrete_fields}
                assert na == voor, plek
            else:
                doelen = mag[naam, status]
                for doel in sorted(doelen):
                    obj = in_status(model, status)
                    roep(obj, naam, **({"einde": doel} if len(doelen) > 1 else {}))
                    assert obj.status == doel, plek
            gezien += 1
    assert gezien == len(overgangen(model)) * len(staten(model))


@pytest.mark.parametrize("model", ONTWERP, ids=lambda model: model.__name__)
def test_elke_status_is_te_bereiken(model: type[StatusModel]) -> None:
    bereikt = {model._meta.get_field("status").get_default()}
    for _ in staten(model):
        bereikt |= {doel for (_, bron), doelen in toegestaan(model).items() if bron in bereikt for doel in doelen}
    assert bereikt == set(staten(model))


def test_een_historisch_einde_dat_niet_bestaat_wordt_geweigerd() -> None:
    obj = in_status(Aanvraag, "concept")
    with pytest.raises(InvalidResultState):
        roep(obj, "historisch_vastleggen", einde="geselecteerd")


# --- The one service that applies them --------------------------------------------------------------------------


def regels(obj: StatusModel) -> list[tuple[int, str, str, str]]:
    rijen = LogRegel.objects.filter(keten=f"{obj._meta.model_name}:{obj.pk}").order_by("volgnr")
    return list(rijen.values_list("volgnr", "handeling", "van", "naar"))


@pytest.mark.django_db
def test_een_overgang_geeft_een_regel_in_het_spoor() -> None:
    tijdvak, actor = maak_tijdvak(), maak_gebruiker()
    vers_ = overgang_toepassen(
        tijdvak, "publiceren", actor=actor, op=VOOR, reden="besluit 12", gegevens={"bedrag": Decimal("1.50")}
    )
    assert (vers_.status, vers_.gepubliceerd_op, vers_.gepubliceerd_door) == ("gepubliceerd", VOOR, actor)
    assert regels(tijdvak) == [(1, "publiceren", "ontwerp", "gepubliceerd")]
    regel = LogRegel.objects.get(keten=f"tijdvak:{tijdvak.pk}")
    assert (regel.op, regel.actor, regel.reden, regel.gegevens) == (VOOR, actor, "besluit 12", {"bedrag": "1.50"})
    overgang_toepassen(tijdvak, "openen", actor=None, op=OP)  # the caller's object is stale; the service reads anew
    assert [nr for nr, *_ in regels(tijdvak)] == [1, 2]


@pytest.mark.django_db
def test_een_verouderd_object_verliest_met_een_duidelijke_melding() -> None:
    tijdvak = maak_tijdvak()
    oud = vers(tijdvak)
    overgang_toepassen(tijdvak, "intrekken", actor=None, op=OP)
    with pytest.raises(OvergangFout) as fout:
        overgang_toepassen(oud, "publiceren", actor=None, op=OP)
    assert fout.value.code == "overgang-niet-toegestaan"
    assert fout.value.http_status == 409
    assert str(fout.value) == (
        f"Dit kan niet meer: {tijdvak} heeft nu de status “Ingetrokken”. Ververs de pagina en kijk wat er is gebeurd."
    )
    assert (oud.status, vers(tijdvak).status) == ("ontwerp", "ingetrokken")
    assert regels(tijdvak) == [(1, "intrekken", "ontwerp", "ingetrokken")]


@pytest.mark.django_db
def test_wat_een_ander_intussen_schreef_blijft_staan() -> None:
    """The stale copy has another closing time; the transition works on the row as it is now."""
    oud = maak_tijdvak()
    nieuw = oud.sluit_op + timedelta(days=1)
    Tijdvak.objects.filter(pk=oud.pk).update(sluit_op=nieuw)
    assert overgang_toepassen(oud, "publiceren", actor=None, op=VOOR).sluit_op == nieuw
    assert vers(oud).sluit_op == nieuw


@pytest.mark.django_db
def test_een_vergrendeld_object_wordt_niet_opnieuw_gelezen() -> None:
    """The caller holds the lock and has set fields of its own: they are written along."""
    tijdvak = maak_tijdvak()
    with transaction.atomic():
        slot = vergrendel(tijdvak)
        slot.naam = "Andere naam"
        overgang_toepassen(slot, "publiceren", actor=None, op=VOOR, vergrendeld=True)
    assert (vers(tijdvak).naam, vers(tijdvak).status) == ("Andere naam", "gepubliceerd")


@pytest.mark.django_db
def test_een_onbekende_overgang_of_een_argument_te_weinig_is_een_programmeerfout() -> None:
    tijdvak = maak_tijdvak()
    with pytest.raises(AttributeError):
        overgang_toepassen(tijdvak, "bestaat_niet", actor=None, op=OP)
    loting = Loting(tijdvak=tijdvak, kenmerk="x", trekking_gepland_op=OP, voorbereid_op=OP)
    loting.save()
    with pytest.raises(TypeError):
        overgang_toepassen(loting, "bevriezen", actor=None, op=OP, onzin=1)
    assert (vers(loting).status, regels(loting), regels(tijdvak)) == ("ontwerp", [], [])


@pytest.mark.django_db
def test_de_reden_gaat_naar_de_overgang_die_erom_vraagt() -> None:
    loting = Loting(tijdvak=maak_tijdvak(), kenmerk="x", trekking_gepland_op=OP, voorbereid_op=OP)
    loting.save()
    loting = overgang_toepassen(loting, "ongeldig_verklaren", actor=None, op=OP, reden="Een naam ontbrak")
    assert loting.ongeldig_reden == "Een naam ontbrak"
    assert LogRegel.objects.get(keten=f"loting:{loting.pk}").reden == "Een naam ontbrak"


@pytest.mark.django_db
def test_in_bulk_alles_of_niets_met_een_regel_per_object() -> None:
    rij = [maak_tijdvak() for _ in range(3)]
    overgang_toepassen(rij[1], "intrekken", actor=None, op=OP)
    with pytest.raises(OvergangFout, match="heeft nu de status “Ingetrokken”"):
        overgangen_toepassen(rij, "publiceren", actor=None, op=OP)
    assert [vers(t).status for t in rij] == ["ontwerp", "ingetrokken", "ontwerp"]
    assert [len(regels(t)) for t in rij] == [0, 1, 0]
    goed = overgangen_toepassen([rij[2], rij[0]], "publiceren", actor=None, op=OP, reden="besluit")
    assert [t.pk for t in goed] == [rij[2].pk, rij[0].pk]
    assert [regels(t) for t in goed] == [[(1, "publiceren", "ontwerp", "gepubliceerd")]] * 2
    assert overgangen_toepassen([], "publiceren", actor=None, op=OP) == []


@pytest.mark.django_db
def test_in_bulk_is_het_aantal_vragen_vast(django_assert_num_queries: Any) -> None:
    """Savepoint, read and lock, write, read the ends of the trail, write the trail, release."""
    for aantal in (1, 20):
        rij = [maak_tijdvak() for _ in range(aantal)]
        with django_assert_num_queries(6):
            overgangen_toepassen(rij, "publiceren", actor=None, op=OP)


@pytest.mark.django_db(transaction=True)
def test_twee_tegelijk_een_wint() -> None:
    tijdvak, start, uit = maak_tijdvak(), threading.Barrier(2), []

    def doe(naam: str) -> None:
        try:
            start.wait()
            uit.append(overgang_toepassen(tijdvak, naam, actor=None, op=OP).status)
        except OvergangFout as fout:
            uit.append(fout.code)
        finally:
            connection.close()

    draden = [threading.Thread(target=doe, args=(naam,)) for naam in ("intrekken", "historisch_vastleggen")]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    eind = vers(tijdvak).status
    assert sorted(uit) == sorted([eind, "overgang-niet-toegestaan"])
    assert [naar for *_, naar in regels(tijdvak)] == [eind]
