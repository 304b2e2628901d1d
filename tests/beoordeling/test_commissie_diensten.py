"""The committee's services: members, interests, assignment, answers, scoring, discussion (design 05 parts 3 and 4)."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, transaction

from aanvragen.models import Aanvraag
from aanvragen.selectors import aanvragen_zichtbaar_voor
from aanvragen.services.toetsing import eis_geen_belang
from beoordeling.enums_commissie import Belangbron, Belangsoort, Commissierol, Stand, Toewijzingstatus
from beoordeling.models import Belang, Beoordeling, Commissielid, Eindscore, Toewijzing, Toewijzingsronde
from beoordeling.selectors_commissie import (
    aanvragen_leesbaar_voor_lid,
    eigen_toewijzingen,
    lidmaatschappen,
    mag_scores_zien,
    standen,
)
from beoordeling.services.belangen import belang_melden, belang_opheffen, belang_vastleggen
from beoordeling.services.beoordelingsberichten import beoordelaars_herinneren
from beoordeling.services.bespreken import (
    aan_commissie_voorleggen,
    consensus_beantwoorden,
    consensus_voorstellen,
    scores_vaststellen,
)
from beoordeling.services.commissie import (
    Lidgegevens,
    beoordeeltermijn_verlengen,
    commissie_instellen,
    lid_benoemen,
    samenwerking_melden,
)
from beoordeling.services.scoren import beoordeling_heropenen, beoordeling_indienen, scores_bewaren
from beoordeling.services.toewijzen import beoordelaar_toewijzen, beoordelaars_toewijzen
from beoordeling.services.toewijzing_antwoord import VERKLARING, toewijzing_aanvaarden, toewijzing_weigeren
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Bericht, LogRegel
from kern.services.gebruikers import rol_intrekken, rol_toekennen
from kern.services.spoor import spoor_controleren
from tests.factories.commissie import (
    GOED,
    MIDDEN,
    SCOREN,
    SCOREN_TOT,
    TABELLEN,
    THEMAS,
    TOEWIJZEN,
    aanvaard,
    commissieronde,
    deskundig,
    dien_in,
    maak_lid,
    scoor,
    scores,
    stem,
    wijs_alles_toe,
)
from tests.factories.ronde import NA, TIJDENS, VOOR, maak_gebruiker, open_tijdvak, vers

pytestmark = pytest.mark.django_db


def geweigerd(obj: object) -> list[tuple[str, str]]:
    """(act, code) of the refusals in the trail of an object."""
    keten = f"{obj._meta.model_name}:{obj.pk}"  # type: ignore[attr-defined]
    rijen = LogRegel.objects.filter(keten=keten, handeling__endswith="_geweigerd").order_by("volgnr")
    return [(rij.handeling, rij.gegevens["code"]) for rij in rijen]


# --- Setting up -------------------------------------------------------------------------------------------------


def test_a_committee_needs_criteria_and_there_is_one_per_round() -> None:
    zonder = open_tijdvak()
    with pytest.raises(OvergangFout) as fout:
        commissie_instellen(tijdvak=zonder, naam="", scoren_tot=SCOREN_TOT, actor=None, op=NA)
    assert fout.value.code == "geen-criteria"
    ronde = commissieronde(1)
    with pytest.raises(OvergangFout):
        commissie_instellen(tijdvak=ronde.tijdvak, naam="", scoren_tot=SCOREN_TOT, actor=None, op=NA)
    with pytest.raises(RechtenFout):
        commissie_instellen(
            tijdvak=ronde.tijdvak, naam="", scoren_tot=SCOREN_TOT, actor=maak_gebruiker(Rol.SECRETARIS), op=NA
        )


def test_a_member_has_the_matching_role_and_nobody_appoints_themselves() -> None:
    ronde = commissieronde(1)
    gegevens = Lidgegevens(Commissierol.LID, VOOR.date())
    with pytest.raises(InvoerFout) as fout:
        lid_benoemen(commissie=ronde.commissie, gebruiker=maak_gebruiker(), gegevens=gegevens, actor=None, op=NA)
    assert fout.value.veld == "gebruiker"
    baas = maak_gebruiker(Rol.BEHEERDER, Rol.BEOORDELAAR)
    with pytest.raises(RechtenFout):
        lid_benoemen(commissie=ronde.commissie, gebruiker=baas, gegevens=gegevens, actor=baas, op=NA)
    lid = lid_benoemen(
        commissie=ronde.commissie, gebruiker=baas, gegevens=gegevens, actor=maak_gebruiker(Rol.BEHEERDER), op=NA
    )
    assert (lid.rol, lid.benoemd_op, lid.is_lid_op(NA.date())) == ("lid", NA, True)


def test_a_term_begins_and_ends() -> None:
    """The last day counts; outside the term, and without the role, a member opens nothing."""
    ronde = commissieronde(2, 2)
    wijs_alles_toe(ronde)
    lid = ronde.leden[0]
    gebruiker = lid.gebruiker
    dag = TOEWIJZEN.date()

    def ziet(van: object, tot: object) -> int:
        gegevens = Lidgegevens(Commissierol.LID, van, tot)  # type: ignore[arg-type]  # dates of the table above
        lid_benoemen(commissie=ronde.commissie, gebruiker=gebruiker, gegevens=gegevens, actor=None, op=NA)
        return lidmaatschappen(gebruiker, dag).count()

    een = timedelta(days=1)
    assert [ziet(dag, dag), ziet(dag - een, None), ziet(dag - een, dag - een), ziet(dag + een, None)] == [1, 1, 0, 0]
    assert ziet(dag - een, None) == 1
    assert eigen_toewijzingen(gebruiker).count() == 2
    rol_intrekken(gebruiker=gebruiker, rol=Rol.BEOORDELAAR, op=NA, actor=None)
    assert eigen_toewijzingen(gebruiker).count() == 0


# --- Assignment -------------------------------------------------------------------------------------------------


def test_a_run_assigns_evenly_and_tells_each_member_once() -> None:
    ronde = commissieronde(6, 4)
    plan = beoordelaars_toewijzen(commissie=ronde.commissie, actor=ronde.secretaris.gebruiker, op=TOEWIJZEN)
    assert (plan.aanvragen, plan.leden, plan.per_aanvraag, len(plan.nieuw), plan.weg) == (6, 4, 2, 12, [])
    assert set(plan.last.values()) == {3}
    assert plan.werklijst == {}
    assert {len({t.lid_id for t in ronde.toewijzingen(z)}) for z in ronde.zaken} == {2}
    assert Toewijzing.objects.filter(status=Toewijzingstatus.VOORGESTELD).count() == 12
    berichten = Bericht.objects.filter(sleutel__startswith="beoordelen-")
    assert sorted(b.aan for b in berichten) == sorted(lid.gebruiker.email for lid in ronde.leden)
    assert not any(zaak.kenmerk in b.tekst for zaak in ronde.zaken for b in berichten)
    rij = Toewijzingsronde.objects.get()
    assert (len(rij.sha256), rij.uitkomst["doel"], rij.invoer["k"]) == (64, plan.doel, 2)


def test_a_dry_run_assigns_nobody() -> None:
    ronde = commissieronde(2, 2)
    plan = beoordelaars_toewijzen(commissie=ronde.commissie, actor=ronde.secretaris.gebruiker, op=TOEWIJZEN, droog=True)
    assert len(plan.nieuw) == 4
    assert (Toewijzing.objects.count(), Toewijzingsronde.objects.count()) == (0, 0)
    assert not Bericht.objects.filter(sleutel__startswith="beoordelen-").exists()


def test_only_the_secretary_runs_it_and_only_after_closing() -> None:
    ronde = commissieronde(1, 2)
    for actor in (ronde.leden[0].gebruiker, ronde.voorzitter.gebruiker, maak_gebruiker(Rol.SECRETARIS)):
        with pytest.raises(RechtenFout):
            beoordelaars_toewijzen(commissie=ronde.commissie, actor=actor, op=TOEWIJZEN)
    open_ = open_tijdvak(tabellen=TABELLEN)
    commissie = commissie_instellen(tijdvak=open_, naam="", scoren_tot=SCOREN_TOT, actor=None, op=VOOR)
    with pytest.raises(OvergangFout) as fout:
        beoordelaars_toewijzen(commissie=commissie, actor=None, op=TIJDENS)
    assert fout.value.code == "tijdvak-niet-gesloten"


def test_found_interests_and_one_per_organisation() -> None:
    ronde = commissieronde(2, 2)
    zaak = ronde.zaken[0]
    werkgever = maak_lid(ronde.commissie, kvk_nummer=zaak.organisatie.kvk_nummer)
    collega = maak_lid(ronde.commissie, kvk_nummer=werkgever.kvk_nummer)
    plan = beoordelaars_toewijzen(commissie=ronde.commissie, actor=None, op=TOEWIJZEN)
    assert not {str(werkgever), str(collega)} & set(plan.paren[zaak.kenmerk])
    assert not {str(werkgever), str(collega)} <= set(plan.paren[ronde.zaken[1].kenmerk])
    belangen = Belang.objects.filter(aanvraag=zaak)
    assert {(b.gebruiker_id, b.soort, b.bron) for b in belangen} == {
        (lid.gebruiker_id, Belangsoort.WERKGEVER, Belangbron.CONTROLE) for lid in (werkgever, collega)
    }
    assert not Belang.objects.filter(aanvraag=ronde.zaken[1]).exists()


def test_experts_first() -> None:
    ronde = commissieronde(4, 4, tabellen={"themas": THEMAS, "themakeuze": {"minimum": 0, "maximum": 2}})
    regeling = ronde.tijdvak.regelingversie.regeling
    slimmer, flexibel = regeling.themas.get(code="slimmer"), regeling.themas.get(code="flexibel")
    for nr, zaak in enumerate(ronde.zaken):
        zaak.gekozen_themas.create(thema=slimmer if nr % 2 else flexibel, hoofd=True)
    deskundig(ronde.leden[0], "slimmer")
    deskundig(ronde.leden[1], "flexibel")
    plan = beoordelaars_toewijzen(commissie=ronde.commissie, actor=None, op=TOEWIJZEN)
    for nr, zaak in enumerate(ronde.zaken):
        assert str(ronde.leden[0 if nr % 2 else 1]) in plan.paren[zaak.kenmerk]
    assert plan.zonder_deskundige == []


def test_a_shortage_is_work_for_the_secretary() -> None:
    ronde = commissieronde(2, 2)
    zaak = ronde.zaken[0]
    samenwerking_melden(
        lid=ronde.leden[0],
        organisatie="Proefbedrijf",
        kvk_nummer=zaak.organisatie.kvk_nummer,
        toelichting="Samen een project in 2024.",
        actor=ronde.leden[0].gebruiker,
        op=NA,
    )
    plan = beoordelaars_toewijzen(commissie=ronde.commissie, actor=None, op=TOEWIJZEN)
    assert plan.werklijst["tekort"] == {zaak.kenmerk: 1}
    assert Toewijzingsronde.objects.get().werklijst["tekort"] == {zaak.kenmerk: 1}
    nieuw = maak_lid(ronde.commissie)
    beoordelaar_toewijzen(aanvraag=zaak, lid=nieuw, actor=ronde.secretaris.gebruiker, op=TOEWIJZEN)
    with pytest.raises(OvergangFout) as fout:
        beoordelaar_toewijzen(aanvraag=zaak, lid=maak_lid(ronde.commissie), actor=None, op=TOEWIJZEN)
    assert fout.value.code == "genoeg-beoordelaars"
    with pytest.raises(RechtenFout) as fout2:
        beoordelaar_toewijzen(aanvraag=ronde.zaken[0], lid=ronde.leden[0], actor=None, op=TOEWIJZEN)
    assert fout2.value.code == "belang"


def test_a_rerun_changes_only_what_has_to_change() -> None:
    ronde = commissieronde(6, 4)
    wijs_alles_toe(ronde)
    vol = {t.pk for z in ronde.zaken for t in ronde.toewijzingen(z)}
    plan = beoordelaars_toewijzen(commissie=ronde.commissie, actor=None, op=TOEWIJZEN)
    assert (plan.nieuw, plan.weg) == ([], [])
    eerste, tweede = ronde.toewijzingen(ronde.zaken[0])
    aanvaard(tweede)
    toewijzing_weigeren(toewijzing=eerste, reden="Geen tijd deze maand.", actor=eerste.lid.gebruiker, op=TOEWIJZEN)
    plan = beoordelaars_toewijzen(commissie=ronde.commissie, actor=None, op=TOEWIJZEN)
    assert str(eerste.lid) not in plan.paren[ronde.zaken[0].kenmerk]
    assert str(tweede.lid) in plan.paren[ronde.zaken[0].kenmerk]
    over = {t.pk for z in ronde.zaken for t in ronde.toewijzingen(z)} & vol
    assert len(vol) - len(over) <= 2  # the refused one, and at most one that moved to keep the loads even
    assert vers(tweede).status == Toewijzingstatus.AANVAARD


def test_the_command_by_contract() -> None:
    ronde = commissieronde(2, 3)
    uit = StringIO()
    call_command("wijs_toe", ronde.tijdvak.sleutel, "--droog", "--json", stdout=uit, stderr=StringIO())
    droog = json.loads(uit.getvalue())
    assert (droog["aanvragen"], droog["leden"], droog["droog"], Toewijzing.objects.count()) == (2, 3, True, 0)
    uit = StringIO()
    call_command("wijs_toe", ronde.tijdvak.sleutel, stdout=uit, stderr=StringIO())
    assert "4 nieuwe toewijzingen" in uit.getvalue()
    assert Toewijzing.objects.count() == 4
    with pytest.raises(CommandError) as fout:
        call_command("wijs_toe", "bestaat-niet", stdout=StringIO(), stderr=StringIO())
    assert fout.value.returncode == 1


# --- Answers and interests --------------------------------------------------------------------------------------


def test_yes_is_a_signed_statement() -> None:
    ronde = commissieronde(1, 2)
    wijs_alles_toe(ronde)
    rij = ronde.toewijzingen(ronde.zaken[0])[0]
    with pytest.raises(InvoerFout) as fout:
        toewijzing_aanvaarden(toewijzing=rij, verklaring=False, actor=rij.lid.gebruiker, op=TOEWIJZEN)
    assert fout.value.code == "verklaring-ontbreekt"
    with pytest.raises(RechtenFout):
        toewijzing_aanvaarden(toewijzing=rij, verklaring=True, actor=ronde.voorzitter.gebruiker, op=TOEWIJZEN)
    assert geweigerd(rij) == [("aanvaarden_geweigerd", "verklaring-ontbreekt"), ("aanvaarden_geweigerd", "geen-recht")]
    rij = aanvaard(rij)
    assert (rij.status, rij.verklaring, rij.verklaard_op) == (Toewijzingstatus.AANVAARD, VERKLARING, TOEWIJZEN)


def test_a_declared_interest_ends_the_assignment_even_after_handing_in() -> None:
    ronde = commissieronde(1, 3)
    wijs_alles_toe(ronde)
    zaak = ronde.zaken[0]
    rij = dien_in(ronde.toewijzingen(zaak)[0])
    with pytest.raises(InvoerFout):
        belang_melden(toewijzing=rij, reden="", actor=rij.lid.gebruiker, op=SCOREN)
    belang = belang_melden(toewijzing=rij, reden="Mijn zus werkt daar.", actor=rij.lid.gebruiker, op=SCOREN)
    assert (belang.soort, belang.bron, vers(rij).status) == (
        Belangsoort.GEMELD, Belangbron.LID, Toewijzingstatus.VERVALLEN,
    )  # fmt: skip
    assert eigen_toewijzingen(rij.lid.gebruiker).count() == 0
    plan = beoordelaars_toewijzen(commissie=ronde.commissie, actor=None, op=SCOREN)
    assert str(rij.lid) not in plan.paren[zaak.kenmerk]
    with pytest.raises(OvergangFout):  # what the member said is not for others to undo
        belang_opheffen(belang=belang, reden="Dat geeft niets.", actor=ronde.voorzitter.gebruiker, op=SCOREN)


def test_a_found_interest_can_be_lifted_and_stays_lifted() -> None:
    ronde = commissieronde(1, 2)
    lid = maak_lid(ronde.commissie, kvk_nummer=ronde.zaken[0].organisatie.kvk_nummer)
    beoordelaars_toewijzen(commissie=ronde.commissie, actor=None, op=TOEWIJZEN)
    belang = Belang.objects.get(gebruiker=lid.gebruiker)
    for actor in (lid.gebruiker, ronde.leden[0].gebruiker):
        with pytest.raises(RechtenFout):
            belang_opheffen(belang=belang, reden="Ander bedrijf.", actor=actor, op=TOEWIJZEN)
    belang_opheffen(belang=belang, reden="Een nummer te veel getypt.", actor=ronde.secretaris.gebruiker, op=TOEWIJZEN)
    beoordelaars_toewijzen(commissie=ronde.commissie, actor=None, op=TOEWIJZEN)
    assert Belang.objects.filter(gebruiker=lid.gebruiker, opgeheven_op=None).count() == 0


def test_an_interest_shuts_the_application_off_whatever_else_the_person_may() -> None:
    """A member who is also an officer loses the case everywhere, and gets it back nowhere."""
    ronde = commissieronde(2, 2)
    wijs_alles_toe(ronde)
    zaak, lid = ronde.zaken[0], ronde.toewijzingen(ronde.zaken[0])[0].lid
    rol_toekennen(gebruiker=lid.gebruiker, rol=Rol.BEHANDELAAR, op=NA, actor=None)
    gebruiker = vers(lid.gebruiker)
    assert zaak in aanvragen_zichtbaar_voor(gebruiker)
    aanvaard(ronde.toewijzingen(zaak)[0])
    assert zaak in aanvragen_leesbaar_voor_lid(gebruiker)
    belang_vastleggen(
        aanvraag=zaak, lid=lid, reden="Krant: aandeelhouder.", actor=ronde.secretaris.gebruiker, op=SCOREN
    )
    assert list(aanvragen_zichtbaar_voor(gebruiker)) == [ronde.zaken[1]]
    assert zaak not in aanvragen_leesbaar_voor_lid(gebruiker)
    with pytest.raises(RechtenFout) as fout:
        eis_geen_belang(gebruiker, zaak)
    assert fout.value.code == "belang"


def test_the_chair_does_not_see_the_own_conflict_either() -> None:
    ronde = commissieronde(2, 2)
    wijs_alles_toe(ronde)
    chair = ronde.voorzitter
    assert standen(ronde.tijdvak, chair.gebruiker).count() == 2
    belang_vastleggen(aanvraag=ronde.zaken[0], lid=chair, reden="Familie van de directeur.", actor=None, op=SCOREN)
    assert [zaak.pk for zaak in standen(ronde.tijdvak, chair.gebruiker)] == [ronde.zaken[1].pk]
    scoor(ronde, ronde.zaken[0], (5, 5, 5, 5), (2, 2, 2, 2))
    with pytest.raises(RechtenFout):
        aan_commissie_voorleggen(aanvraag=ronde.zaken[0], reden="Te ver uiteen.", actor=chair.gebruiker, op=SCOREN)
    assert geweigerd(ronde.zaken[0].beoordelingsstand) == [("voorleggen_geweigerd", "belang")]


def test_reminders_go_once_per_occasion() -> None:
    ronde = commissieronde(2, 2)
    wijs_alles_toe(ronde)
    Bericht.objects.all().delete()
    assert beoordelaars_herinneren(op=TOEWIJZEN + timedelta(days=4)) == 0
    assert beoordelaars_herinneren(op=TOEWIJZEN + timedelta(days=6)) == 2
    assert beoordelaars_herinneren(op=TOEWIJZEN + timedelta(days=7)) == 0
    for zaak in ronde.zaken:
        dien_in(ronde.toewijzingen(zaak)[0])
    assert beoordelaars_herinneren(op=SCOREN_TOT - timedelta(days=4)) >= 1
    assert beoordelaars_herinneren(op=SCOREN_TOT - timedelta(days=4)) == 0
    assert beoordelaars_herinneren(op=SCOREN_TOT - timedelta(hours=5)) >= 1
    assert beoordelaars_herinneren(op=SCOREN_TOT + timedelta(hours=5)) == 0
    klaar = {t.lid.gebruiker.email for z in ronde.zaken for t in ronde.toewijzingen(z) if t.status == "ingediend"}
    open_ = {t.lid.gebruiker.email for z in ronde.zaken for t in ronde.toewijzingen(z) if t.status != "ingediend"}
    assert klaar
    assert set(Bericht.objects.filter(sleutel__contains="termijn-1-").values_list("aan", flat=True)) == open_


# --- Scoring ----------------------------------------------------------------------------------------------------


def test_half_a_form_is_kept_and_the_original_is_never_overwritten() -> None:
    ronde = commissieronde(1, 2)
    wijs_alles_toe(ronde)
    rij = aanvaard(ronde.toewijzingen(ronde.zaken[0])[0])
    wie = rij.lid.gebruiker
    half = {"aanpak": ("4", ""), "resultaat": ("", "Mooi")}
    rij = scores_bewaren(toewijzing=rij, ingevuld=half, actor=wie, op=SCOREN)
    assert rij.status == Toewijzingstatus.CONCEPT
    assert set(rij.criteriumscores.values_list("criterium", "score", "reden")) == {
        ("aanpak", 4, ""), ("resultaat", None, "Mooi"),
    }  # fmt: skip
    rij = beoordeling_indienen(toewijzing=rij, ingevuld=scores(GOED), actor=wie, op=SCOREN)
    rij = beoordeling_heropenen(
        toewijzing=rij, reden="Verkeerd criterium gelezen.", actor=ronde.secretaris.gebruiker, op=SCOREN
    )
    assert (rij.status, rij.reden) == (Toewijzingstatus.HEROPEND, "Verkeerd criterium gelezen.")
    beoordeling_indienen(toewijzing=rij, ingevuld=scores(MIDDEN), actor=wie, op=SCOREN)
    assert [(b.nr, b.totaal) for b in rij.beoordelingen.all()] == [(1, Decimal("66.25")), (2, Decimal("50.00"))]
    with pytest.raises(DatabaseError), transaction.atomic():
        Beoordeling.objects.filter(nr=1).update(totaal=Decimal(1))


@pytest.mark.parametrize(
    ("ingevuld", "code"),
    [
        ({**scores(GOED), "aanpak": ("6", "Buiten de schaal.")}, "score-buiten-schaal"),
        ({**scores(GOED), "aanpak": ("2,5", "Buiten de schaal.")}, "score-buiten-schaal"),
        ({**scores(GOED), "aanpak": ("4", " ")}, "reden-ontbreekt"),
        ({**scores(GOED), "aanpak": ("", "Geen score.")}, "score-ontbreekt"),
        ({**scores(GOED), "sfeer": ("4", "Bestaat niet.")}, "ongeldige-invoer"),
        ({**scores(GOED), "aanpak": ("4", "x" * 5001)}, "ongeldige-invoer"),
    ],
)
def test_a_wrong_form_is_refused_with_a_line_in_the_trail(ingevuld: dict, code: str) -> None:
    ronde = commissieronde(1, 2)
    wijs_alles_toe(ronde)
    rij = aanvaard(ronde.toewijzingen(ronde.zaken[0])[0])
    with pytest.raises(InvoerFout) as fout:
        beoordeling_indienen(toewijzing=rij, ingevuld=ingevuld, actor=rij.lid.gebruiker, op=SCOREN)
    assert fout.value.code == code
    assert fout.value.actie
    assert geweigerd(rij) == [("beoordeling_indienen_geweigerd", code)]
    assert (vers(rij).status, rij.criteriumscores.count(), Beoordeling.objects.count()) == ("aanvaard", 0, 0)


def test_who_has_an_interest_does_not_score() -> None:
    """Also an interest that comes up only now: it is found, recorded, and the assignment ends."""
    ronde = commissieronde(1, 3)
    wijs_alles_toe(ronde)
    zaak = ronde.zaken[0]
    rij = aanvaard(ronde.toewijzingen(zaak)[0])
    Commissielid.objects.filter(pk=rij.lid_id).update(kvk_nummer=zaak.organisatie.kvk_nummer)
    rij = vers(rij)
    with pytest.raises(RechtenFout) as fout:
        beoordeling_indienen(toewijzing=rij, ingevuld=scores(GOED), actor=rij.lid.gebruiker, op=SCOREN)
    assert fout.value.code == "belang"
    assert geweigerd(rij) == [("beoordeling_indienen_geweigerd", "belang")]
    assert (vers(rij).status, Belang.objects.get().soort) == (Toewijzingstatus.VERVALLEN, Belangsoort.WERKGEVER)
    with pytest.raises(RechtenFout):
        scores_bewaren(toewijzing=rij, ingevuld=scores(GOED), actor=rij.lid.gebruiker, op=SCOREN)
    assert len(geweigerd(rij)) == 2


def test_too_late_is_too_late_until_there_is_more_time() -> None:
    ronde = commissieronde(1, 2)
    wijs_alles_toe(ronde)
    rij = aanvaard(ronde.toewijzingen(ronde.zaken[0])[0])
    dien_in(ronde.toewijzingen(ronde.zaken[0])[1], op=SCOREN_TOT)  # the last moment counts
    laat = SCOREN_TOT + timedelta(seconds=1)
    with pytest.raises(OvergangFout) as fout:
        dien_in(rij, op=laat)
    assert fout.value.code == "beoordeling-te-laat"
    assert geweigerd(rij) == [("beoordeling_indienen_geweigerd", "beoordeling-te-laat")]
    beoordeeltermijn_verlengen(
        commissie=ronde.commissie,
        scoren_tot=laat + timedelta(days=2),
        reden="Ziekte van een lid.",
        actor=ronde.secretaris.gebruiker,
        op=laat,
    )
    assert dien_in(vers(rij), op=laat).status == Toewijzingstatus.VASTGESTELD


def test_one_does_not_score_for_another_or_before_yes() -> None:
    ronde = commissieronde(1, 2)
    wijs_alles_toe(ronde)
    een, ander = ronde.toewijzingen(ronde.zaken[0])
    with pytest.raises(OvergangFout) as fout:
        beoordeling_indienen(toewijzing=een, ingevuld=scores(GOED), actor=een.lid.gebruiker, op=SCOREN)
    assert fout.value.code == "beoordeling-gesloten"
    een = aanvaard(een)
    with pytest.raises(RechtenFout):
        beoordeling_indienen(toewijzing=een, ingevuld=scores(GOED), actor=ander.lid.gebruiker, op=SCOREN)


def test_scores_are_hidden_until_all_are_in_and_then_nothing_is_reopened() -> None:
    ronde = commissieronde(1, 2)
    wijs_alles_toe(ronde)
    zaak = ronde.zaken[0]
    een, ander = ronde.toewijzingen(zaak)
    iedereen = [een.lid.gebruiker, ander.lid.gebruiker, ronde.voorzitter.gebruiker, ronde.secretaris.gebruiker]
    een = dien_in(een)
    assert [mag_scores_zien(wie, zaak) for wie in iedereen] == [False] * 4
    dien_in(ander)
    assert [mag_scores_zien(wie, zaak) for wie in iedereen] == [True] * 4
    assert (vers(een).status, zaak.beoordelingsstand.status) == (Toewijzingstatus.VASTGESTELD, Stand.CONSISTENT)
    with pytest.raises(OvergangFout) as fout:
        beoordeling_heropenen(toewijzing=een, reden="Nog eens kijken.", actor=ronde.secretaris.gebruiker, op=SCOREN)
    assert fout.value.code == "scores-zichtbaar"
    assert geweigerd(een) == [("heropenen_geweigerd", "scores-zichtbaar")]


@pytest.mark.parametrize(
    ("een", "ander", "vlaggen"),
    [
        ((3, 3, 3, 3), (3, 3, 3, 3), []),
        ((4, 4, 4, 4), (3, 3, 4, 4), []),  # 75 and 58.75
        ((4, 4, 4, 3), (3, 3, 3, 3), ["d1"]),  # 71.25 and 50
        ((5, 3, 3, 3), (3, 3, 3, 3), ["d1", "d2"]),
        ((3, 3, 3, 5), (3, 3, 3, 3), ["d2"]),
        ((3, 3, 3, 3), (3, 3, 3, 2), ["d3"]),  # 50 and 46.25: the threshold of 50 between them
    ],
)
def test_the_flags(een: tuple[int, ...], ander: tuple[int, ...], vlaggen: list[str]) -> None:
    ronde = commissieronde(1, 2)
    wijs_alles_toe(ronde)
    scoor(ronde, ronde.zaken[0], een, ander)
    stand = vers(ronde.zaken[0]).beoordelingsstand
    assert stand.uitkomst["vlaggen"] == vlaggen
    assert stand.status == (Stand.DIVERGENT if vlaggen else Stand.CONSISTENT)


# --- After opening ----------------------------------------------------------------------------------------------

VER = ((5, 5, 5, 5), (2, 2, 2, 2))


def divergent(leden: int = 4):
    ronde = commissieronde(1, leden)
    wijs_alles_toe(ronde)
    scoor(ronde, ronde.zaken[0], *VER)
    return ronde, vers(ronde.zaken[0])


def test_agreement_after_discussion() -> None:
    ronde, zaak = divergent()
    een, ander = (rij.lid.gebruiker for rij in ronde.toewijzingen(zaak))
    for wie, code in [(ronde.voorzitter.gebruiker, "geen-recht"), (ronde.secretaris.gebruiker, "geen-recht")]:
        with pytest.raises(RechtenFout):
            consensus_voorstellen(aanvraag=zaak, scores=stem(GOED), toelichting="Besproken.", actor=wie, op=SCOREN)
        assert geweigerd(zaak.beoordelingsstand)[-1] == ("consensus_voorstellen_geweigerd", code)
    voorstel = consensus_voorstellen(
        aanvraag=zaak, scores=stem(GOED), toelichting="Wij lazen de begroting anders.", actor=een, op=SCOREN
    )
    with pytest.raises(RechtenFout):
        consensus_beantwoorden(consensus=voorstel, akkoord=True, reden="", actor=een, op=SCOREN)
    stand = consensus_beantwoorden(consensus=voorstel, akkoord=True, reden="", actor=ander, op=SCOREN)
    eindscore = Eindscore.objects.get(aanvraag=zaak)
    assert (stand.status, eindscore.totaal, eindscore.bron) == (Stand.SCORE_VAST, Decimal("66.25"), "consensus")
    assert [b.totaal for b in Beoordeling.objects.order_by("pk")] == [Decimal(100), Decimal(25)]  # originals stand


def test_no_agreement_and_a_third_who_sides_with_one() -> None:
    ronde, zaak = divergent()
    een, ander = (rij.lid.gebruiker for rij in ronde.toewijzingen(zaak))
    voorstel = consensus_voorstellen(aanvraag=zaak, scores=stem(GOED), toelichting="Zo kan het.", actor=een, op=SCOREN)
    with pytest.raises(InvoerFout):
        consensus_beantwoorden(consensus=voorstel, akkoord=False, reden="", actor=ander, op=SCOREN)
    stand = consensus_beantwoorden(
        consensus=voorstel, akkoord=False, reden="De begroting klopt niet.", actor=ander, op=SCOREN
    )
    assert stand.status == Stand.BESPREKING
    vrij = next(lid for lid in ronde.leden if lid.gebruiker not in (een, ander))
    derde = beoordelaar_toewijzen(aanvraag=zaak, lid=vrij, actor=ronde.voorzitter.gebruiker, op=SCOREN)
    assert (derde.derde, vers(zaak).beoordelingsstand.status) == (True, Stand.DERDE_BEOORDELAAR)
    assert mag_scores_zien(een, zaak)
    assert not mag_scores_zien(vrij.gebruiker, zaak)  # blind until the own assessment is in
    dien_in(derde, (5, 5, 5, 4))
    eindscore = Eindscore.objects.get(aanvraag=zaak)
    assert (eindscore.totaal, eindscore.bron) == (Decimal("73.75"), "derde_beoordelaar")  # (100 + 25 + 96.25) / 3


def test_a_third_in_the_middle_goes_to_the_meeting() -> None:
    ronde, zaak = divergent()
    vrij = next(l_ for l_ in ronde.leden if l_.pk not in {t.lid_id for t in ronde.toewijzingen(zaak)})
    derde = beoordelaar_toewijzen(aanvraag=zaak, lid=vrij, actor=ronde.secretaris.gebruiker, op=SCOREN)
    dien_in(derde, (4, 4, 3, 3))
    assert vers(zaak).beoordelingsstand.status == Stand.COMMISSIE_ADVIES
    assert not Eindscore.objects.exists()


def test_a_late_interest_takes_scores_that_stand_to_the_meeting() -> None:
    ronde = commissieronde(1, 3)
    wijs_alles_toe(ronde)
    zaak = ronde.zaken[0]
    scoor(ronde, zaak, GOED, MIDDEN)
    lid = ronde.toewijzingen(zaak)[0].lid
    belang_vastleggen(
        aanvraag=zaak, lid=lid, reden="Bleek familie te zijn.", actor=ronde.secretaris.gebruiker, op=SCOREN
    )
    assert vers(zaak).beoordelingsstand.status == Stand.COMMISSIE_ADVIES
    assert not mag_scores_zien(lid.gebruiker, zaak)


def test_the_mean_becomes_final_where_assessors_agree() -> None:
    ronde = commissieronde(3, 4)
    wijs_alles_toe(ronde)
    scoor(ronde, ronde.zaken[0], (4, 4, 4, 4), (4, 4, 4, 3))
    scoor(ronde, ronde.zaken[1], *VER)
    with pytest.raises(RechtenFout):
        scores_vaststellen(commissie=ronde.commissie, actor=ronde.leden[0].gebruiker, op=SCOREN)
    assert scores_vaststellen(commissie=ronde.commissie, actor=ronde.secretaris.gebruiker, op=SCOREN) == 1
    eindscore = Eindscore.objects.get()
    assert (eindscore.aanvraag, eindscore.totaal, eindscore.bron, eindscore.criteria["overdraagbaar"]) == (
        ronde.zaken[0], Decimal("73.13"), "gemiddelde", "3.50",
    )  # fmt: skip


def gekalibreerde_ronde(aantal: int, toeval: int = 1):
    verdeling = {**TABELLEN["verdeling"], "scorebasis": "gekalibreerd"}
    ronde = commissieronde(aantal, 3, tabellen={"verdeling": verdeling})
    wijs_alles_toe(ronde)
    plek = {lid.pk: nr for nr, lid in enumerate(ronde.leden)}
    for nr, zaak in enumerate(ronde.zaken):
        for rij in ronde.toewijzingen(zaak):
            laag = 1 if plek[rij.lid_id] == 0 else 0
            dien_in(rij, (4 - laag, 4, 3 + nr % 2, 4 - (plek[rij.lid_id] + nr) // 2 % 2 * toeval))
    return ronde


def test_calibration_decides_where_the_scheme_says_so() -> None:
    """One member is strict: an application that this member read ends above its raw mean."""
    ronde = gekalibreerde_ronde(15)
    assert scores_vaststellen(commissie=ronde.commissie, actor=ronde.secretaris.gebruiker, op=SCOREN) == 15
    assert set(Eindscore.objects.values_list("bron", flat=True)) == {"gekalibreerd"}
    for zaak in Aanvraag.objects.filter(tijdvak=ronde.tijdvak).select_related("eindscore", "beoordelingsstand"):
        ruw = Decimal(zaak.beoordelingsstand.uitkomst["gemiddelde"])
        streng_gelezen = ronde.leden[0].pk in {t.lid_id for t in ronde.toewijzingen(zaak)}
        assert (zaak.eindscore.totaal > ruw) is streng_gelezen, zaak


def test_calibration_does_not_decide_on_scores_without_chance() -> None:
    """Where the model fits every score, its components are not determined: no figure rather than a wrong one."""
    ronde = gekalibreerde_ronde(15, toeval=0)
    with pytest.raises(OvergangFout) as fout:
        scores_vaststellen(commissie=ronde.commissie, actor=None, op=SCOREN)
    assert fout.value.code == "kalibratie-onbruikbaar"
    assert not Eindscore.objects.exists()


def test_calibration_does_not_decide_on_too_little() -> None:
    """Fewer than ten assessments per member: refused, with a line in the trail, and nothing becomes final."""
    ronde = gekalibreerde_ronde(3)
    with pytest.raises(InvoerFout):
        scores_vaststellen(commissie=ronde.commissie, actor=None, op=SCOREN)
    assert geweigerd(ronde.commissie) == [("scores_vaststellen_geweigerd", "ongeldige-invoer")]
    assert not Eindscore.objects.exists()


def test_calibration_waits_for_the_whole_round() -> None:
    verdeling = {**TABELLEN["verdeling"], "scorebasis": "gekalibreerd"}
    ronde = commissieronde(2, 2, tabellen={"verdeling": verdeling})
    wijs_alles_toe(ronde)
    scoor(ronde, ronde.zaken[0], GOED, GOED)
    with pytest.raises(OvergangFout) as fout:
        scores_vaststellen(commissie=ronde.commissie, actor=None, op=SCOREN)
    assert fout.value.code == "ronde-niet-compleet"


def test_the_trail_holds() -> None:
    ronde, zaak = divergent()
    aan_commissie_voorleggen(aanvraag=zaak, reden="Te ver uiteen.", actor=ronde.voorzitter.gebruiker, op=SCOREN)
    assert list(spoor_controleren()) == []
    keten = f"aanvraagbeoordeling:{zaak.beoordelingsstand.pk}"
    namen = LogRegel.objects.filter(keten=keten).order_by("volgnr").values_list("handeling", flat=True)
    assert list(namen) == ["compleet_melden", "divergent_verklaren", "voorleggen"]
