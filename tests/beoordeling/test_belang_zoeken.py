"""Interests of everybody in the committee, and those that come up later (design 05 part 3)."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine

from aanvragen.enums import Machtigingsoort
from aanvragen.services.behandeling import in_behandeling_nemen
from aanvragen.services.contact import Contactgegevens, contact_wijzigen
from aanvragen.services.groep import Verbondengegevens, verbonden_bewaren
from aanvragen.services.organisatie import machtiging_verlenen
from beoordeling.enums_commissie import Belangbron, Belangsoort, Commissierol, Toewijzingstatus
from beoordeling.models import Belang, Eindscore, Stem
from beoordeling.selectors_commissie import aanvragen_voor_leiding, belang_aanvragen, heeft_belang, mag_scores_zien
from beoordeling.services.behandelvolgorde import toets_afronden
from beoordeling.services.belang_zoeken import belangen_zoeken, mogelijke_belangen
from beoordeling.services.belangen import belang_opheffen, belang_vastleggen
from beoordeling.services.commissie import Lidgegevens, commissie_instellen, lid_benoemen, samenwerking_melden
from beoordeling.services.scoren import beoordeling_heropenen
from beoordeling.services.toewijzen import beoordelaar_toewijzen
from beoordeling.services.vergadering import agendapunt_afsluiten
from kern.enums import Rol
from kern.fouten import RechtenFout
from kern.models import Gebruiker
from tests.beoordeling.test_vergadering import geweigerd, open_met, stemt, vergaderronde
from tests.factories.commissie import (
    SCOREN,
    SCOREN_TOT,
    TABELLEN,
    TOEWIJZEN,
    VERGADEREN,
    aanvaard,
    commissieronde,
    dien_in,
    maak_lid,
    wijs_alles_toe,
)
from tests.factories.ronde import NA, VOOR, maak_gebruiker, maak_ingediend, maak_organisatie, open_tijdvak, vers

pytestmark = pytest.mark.django_db
BEIDE = [Commissierol.VOORZITTER, Commissierol.SECRETARIS]


def machtig(gebruiker: Gebruiker, organisatie) -> None:
    machtiging_verlenen(
        organisatie=organisatie, gebruiker=gebruiker, soort=Machtigingsoort.BEHEERDER, actor=None, op=VOOR
    )


def gevonden(aanvraag) -> set[tuple[int, str]]:
    rijen = Belang.objects.filter(aanvraag=aanvraag, bron=Belangbron.CONTROLE)
    return set(rijen.values_list("gebruiker", "soort"))


def lid_met(ronde, rol: Commissierol):
    return {
        Commissierol.LID: ronde.leden[0],
        Commissierol.VOORZITTER: ronde.voorzitter,
        Commissierol.SECRETARIS: ronde.secretaris,
    }[rol]


# --- Chair and secretary ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rol", BEIDE)
def test_a_mandate_of_who_leads_shuts_the_application_off_at_once(rol: Commissierol) -> None:
    """No look in between: the application is gone and acting on it is refused, with a line."""
    ronde = commissieronde(2, 4)
    zaak, ander = ronde.zaken
    wijs_alles_toe(ronde)
    toewijzing = dien_in(ronde.toewijzingen(zaak)[0], (1, 1, 1, 1))
    wie = lid_met(ronde, rol).gebruiker
    with time_machine.travel(SCOREN, tick=False):
        assert set(aanvragen_voor_leiding(wie)) == {zaak, ander}
        machtig(wie, zaak.organisatie)
        assert list(aanvragen_voor_leiding(wie)) == [ander]
    with pytest.raises(RechtenFout) as fout:
        beoordeling_heropenen(toewijzing=toewijzing, reden="Kijk nog eens.", actor=wie, op=SCOREN)
    assert fout.value.code == "belang"
    assert geweigerd(toewijzing) == [("heropenen_geweigerd", "belang")]
    assert vers(toewijzing).status == Toewijzingstatus.INGEDIEND
    with pytest.raises(RechtenFout):  # nor send a strict assessor away
        belang_vastleggen(aanvraag=zaak, lid=ronde.leden[1], reden="Te streng.", actor=wie, op=SCOREN)


@pytest.mark.parametrize("rol", BEIDE)
def test_a_run_also_looks_at_who_leads(rol: Commissierol) -> None:
    ronde = commissieronde(2, 4)
    lid = lid_met(ronde, rol)
    type(lid).objects.filter(pk=lid.pk).update(kvk_nummer=ronde.zaken[0].organisatie.kvk_nummer)
    wijs_alles_toe(ronde)
    assert gevonden(ronde.zaken[0]) == {(lid.gebruiker_id, Belangsoort.WERKGEVER)}
    assert not gevonden(ronde.zaken[1])


def test_one_by_hand_also_looks_at_who_leads() -> None:
    ronde = commissieronde(1, 2)
    zaak, lid = ronde.zaken[0], ronde.voorzitter
    type(lid).objects.filter(pk=lid.pk).update(kvk_nummer=zaak.organisatie.kvk_nummer)
    beoordelaar_toewijzen(aanvraag=zaak, lid=ronde.leden[0], actor=ronde.secretaris.gebruiker, op=TOEWIJZEN)
    assert gevonden(zaak) == {(lid.gebruiker_id, Belangsoort.WERKGEVER)}


@pytest.mark.parametrize("rol", list(Commissierol))
def test_an_appointment_looks_at_the_applications_that_are_there(rol: Commissierol) -> None:
    ronde = commissieronde(2, 2)
    lid = maak_lid(ronde.commissie, rol, kvk_nummer=ronde.zaken[0].organisatie.kvk_nummer)
    assert gevonden(ronde.zaken[0]) == {(lid.gebruiker_id, Belangsoort.WERKGEVER)}
    gegevens = Lidgegevens(rol, VOOR.date(), kvk_nummer=ronde.zaken[1].organisatie.kvk_nummer)
    lid_benoemen(commissie=ronde.commissie, gebruiker=lid.gebruiker, gegevens=gegevens, actor=None, op=NA)
    assert gevonden(ronde.zaken[1]) == {(lid.gebruiker_id, Belangsoort.WERKGEVER)}


def test_declared_earlier_work_counts_at_once() -> None:
    ronde = commissieronde(1, 2)
    zaak = ronde.zaken[0]
    samenwerking_melden(
        lid=ronde.voorzitter,
        organisatie=zaak.organisatie.naam,
        kvk_nummer=zaak.organisatie.kvk_nummer,
        toelichting="Samen een project.",
        actor=ronde.voorzitter.gebruiker,
        op=NA,
    )
    assert gevonden(zaak) == {(ronde.voorzitter.gebruiker_id, Belangsoort.SAMENWERKING)}


def test_an_application_that_becomes_complete_is_looked_at() -> None:
    """By everybody in the committee, whatever they do there."""
    tijdvak, behandelaar = open_tijdvak(tabellen=TABELLEN), maak_gebruiker(Rol.BEHANDELAAR)
    commissie = commissie_instellen(tijdvak=tijdvak, naam="", scoren_tot=SCOREN_TOT, actor=None, op=VOOR)
    zaak = in_behandeling_nemen(aanvraag=maak_ingediend(tijdvak), actor=behandelaar, op=NA)
    kvk = zaak.organisatie.kvk_nummer
    leden = [maak_lid(commissie, rol, kvk_nummer=kvk) for rol in Commissierol]
    assert not gevonden(zaak)  # nothing to look at yet
    toets_afronden(aanvraag=zaak, actor=behandelaar, op=NA)
    assert gevonden(zaak) == {(lid.gebruiker_id, Belangsoort.WERKGEVER) for lid in leden}


# --- What comes up later ----------------------------------------------------------------------------------------


def test_a_mandate_after_the_agenda_keeps_chair_and_member_out() -> None:
    ronde, vergadering, (punt,) = vergaderronde(6)
    zaak, lid, voorzitter = ronde.zaken[0], ronde.leden[0], ronde.voorzitter
    for wie in (lid, voorzitter):
        machtig(wie.gebruiker, zaak.organisatie)
    assert not Belang.objects.exists()
    open_met(ronde, vergadering, *ronde.leden, voorzitter)
    assert {(lid.gebruiker_id, "gemachtigd"), (voorzitter.gebruiker_id, "gemachtigd")} <= gevonden(zaak)
    assert set(punt.verschoningen.values_list("lid", flat=True)) == {lid.pk, voorzitter.pk}
    for wie in (lid, voorzitter):
        assert not mag_scores_zien(wie.gebruiker, zaak)
        with pytest.raises(RechtenFout) as fout:
            stemt(punt, wie, 5, 5, 5, 5)
        assert fout.value.code == "belang"
    for wie in ronde.leden[1:]:
        stemt(punt, wie, 3, 3, 3, 3)
    with pytest.raises(RechtenFout):
        agendapunt_afsluiten(punt=punt, verslag="Besproken.", actor=voorzitter.gebruiker, op=VERGADEREN)
    assert geweigerd(vergadering)[-1] == ("agendapunt_afsluiten_geweigerd", "belang")
    assert not Eindscore.objects.exists()


def test_a_mandate_during_the_meeting_is_recorded_and_refused() -> None:
    """The refusal does not undo what was found."""
    ronde, vergadering, (punt,) = vergaderronde(6)
    lid = ronde.leden[0]
    open_met(ronde, vergadering, *ronde.leden, ronde.voorzitter)
    machtig(lid.gebruiker, ronde.zaken[0].organisatie)
    with pytest.raises(RechtenFout):
        stemt(punt, lid, 5, 5, 5, 5)
    assert (lid.gebruiker_id, "gemachtigd") in gevonden(ronde.zaken[0])
    assert not Stem.objects.exists()


def test_a_vote_of_before_the_mandate_does_not_count() -> None:
    ronde, vergadering, (punt,) = vergaderronde(6)
    lid = ronde.leden[0]
    open_met(ronde, vergadering, *ronde.leden)
    stemt(punt, lid, 5, 5, 5, 5)
    for ander in ronde.leden[1:]:
        stemt(punt, ander, 3, 3, 3, 3)
    machtig(lid.gebruiker, ronde.zaken[0].organisatie)
    punt = agendapunt_afsluiten(punt=punt, verslag="Besproken.", actor=ronde.secretaris.gebruiker, op=VERGADEREN)
    assert punt.quorum == {"stemgerechtigd": 7, "verschoond": 1, "nodig": 4, "gestemd": 5}
    assert not Stem.objects.filter(lid=lid).exists()


def test_a_mandate_that_was_lifted_or_ended_is_none() -> None:
    ronde = commissieronde(2, 4)
    zaak = ronde.zaken[0]
    lid = ronde.leden[0]
    machtig(lid.gebruiker, zaak.organisatie)
    wijs_alles_toe(ronde)
    rijen = Belang.objects.filter(aanvraag=zaak, gebruiker=lid.gebruiker)
    for belang in rijen:
        assert heeft_belang(lid.gebruiker, zaak)
        belang_opheffen(belang=belang, reden="Oude machtiging.", actor=ronde.secretaris.gebruiker, op=SCOREN)
    assert rijen.filter(soort=Belangsoort.GEMACHTIGD).exists()
    assert not heeft_belang(lid.gebruiker, zaak)
    ander = ronde.leden[1].gebruiker
    machtig(ander, zaak.organisatie)
    assert heeft_belang(ander, zaak)
    ander.machtigingen.update(ingetrokken_op=NA)
    assert not heeft_belang(ander, zaak)


@pytest.mark.parametrize("aantal", [1, 3])
def test_the_live_look_is_one_query(aantal: int, django_assert_num_queries) -> None:
    ronde = commissieronde(aantal, 2)
    wie = ronde.voorzitter.gebruiker
    for zaak in ronde.zaken:
        machtig(wie, zaak.organisatie)
    with django_assert_num_queries(1):
        assert {rij["pk"] for rij in belang_aanvragen(wie)} == {zaak.pk for zaak in ronde.zaken}


# --- Groups that apply together ---------------------------------------------------------------------------------


def sluit_aan(aanvraag, **velden):
    """An organisation that applies along."""
    organisatie = maak_organisatie(**velden)
    aanvraag.deelnemers.create(kvk_nummer=organisatie.kvk_nummer, naam=organisatie.naam)
    return organisatie


def test_an_employer_that_applies_along() -> None:
    ronde = commissieronde(2, 4)
    zaak, lid = ronde.zaken[0], ronde.leden[0]
    partner = sluit_aan(zaak)
    type(lid).objects.filter(pk=lid.pk).update(kvk_nummer=partner.kvk_nummer)
    wijs_alles_toe(ronde)
    assert gevonden(zaak) == {(lid.gebruiker_id, Belangsoort.WERKGEVER)}
    assert lid not in {t.lid for t in ronde.toewijzingen(zaak)}
    assert not gevonden(ronde.zaken[1])


def test_a_mandate_of_who_applies_along() -> None:
    """Live for every screen, and recorded at the next look."""
    ronde = commissieronde(2, 4)
    zaak, lid = ronde.zaken[0], ronde.leden[0]
    machtig(lid.gebruiker, sluit_aan(zaak))
    assert (heeft_belang(lid.gebruiker, zaak), heeft_belang(lid.gebruiker, ronde.zaken[1])) == (True, False)
    wijs_alles_toe(ronde)
    assert (lid.gebruiker_id, "gemachtigd") in gevonden(zaak)
    reden = Belang.objects.get(aanvraag=zaak, gebruiker=lid.gebruiker, soort="gemachtigd").reden
    assert reden.startswith("Het lid mag handelen voor een bedrijf in de groep (KvK ")


def test_a_colleague_who_may_act_for_who_applies_along() -> None:
    ronde = commissieronde(2, 4)
    zaak, lid = ronde.zaken[0], ronde.leden[0]
    domein = lid.gebruiker.email.partition("@")[2]
    machtig(maak_gebruiker(email=f"collega@{domein}"), sluit_aan(zaak))
    wijs_alles_toe(ronde)
    assert gevonden(zaak) == {(lid.gebruiker_id, Belangsoort.MAILDOMEIN)}


@pytest.mark.parametrize("aantal", [1, 3])
def test_the_look_asks_the_same_number_of_queries(aantal: int, django_assert_num_queries) -> None:
    ronde = commissieronde(aantal, 2)
    for zaak in ronde.zaken:
        machtig(maak_gebruiker(), sluit_aan(zaak))
    with django_assert_num_queries(13):
        assert belangen_zoeken(leden=ronde.leden, aanvragen=ronde.zaken, op=SCOREN, actor=None) == []


# --- What the applicant changes after sending -------------------------------------------------------------------


def wijzig(soort: str, zaak, lid) -> None:
    """The applicant makes itself look like the assessor."""
    organisatie = zaak.organisatie
    if soort == "contact":
        domein = lid.gebruiker.email.partition("@")[2]
        baas = maak_gebruiker()
        machtig(baas, organisatie)
        nieuw = Contactgegevens("Contact", f"info@{domein}", "", "digitaal")
        contact_wijzigen(aanvraag=zaak, nieuw=nieuw, actor=baas, op=SCOREN)
    elif soort == "adres":
        type(lid).objects.filter(pk=lid.pk).update(straat="Kade 5", postcode="1234 AB")
        organisatie.straat, organisatie.postcode, organisatie.plaats = "Kade 5", "1234 AB", "Utrecht"
        organisatie.save()
    else:
        type(lid).objects.filter(pk=lid.pk).update(kvk_nummer="00765432")
        gegevens = Verbondengegevens("Zuster BV", "verbonden", Decimal(100), kvk_nummer="00765432")
        verbonden_bewaren(organisatie=organisatie, gegevens=gegevens, actor=None, op=SCOREN)


@pytest.mark.parametrize("soort", ["contact", "adres", "verbonden"])
def test_an_applicant_cannot_send_an_assessor_away(soort: str) -> None:
    """The assessment counts; chair and secretary get to know, and judge."""
    ronde = commissieronde(1, 4)
    zaak = ronde.zaken[0]
    wijs_alles_toe(ronde)
    toewijzing = aanvaard(ronde.toewijzingen(zaak)[0])
    assert mogelijke_belangen(zaak, op=SCOREN) == []
    wijzig(soort, zaak, toewijzing.lid)
    assert dien_in(vers(toewijzing), (1, 1, 1, 1)).status == Toewijzingstatus.INGEDIEND
    assert not Belang.objects.exists()
    (signaal,) = mogelijke_belangen(vers(zaak), op=SCOREN)
    assert (signaal.lid, signaal.reden.startswith("Het lid ")) == (toewijzing.lid, True)
    leiding = ronde.secretaris.gebruiker
    belang_vastleggen(aanvraag=zaak, lid=toewijzing.lid, reden="Zelfde bedrijf.", actor=leiding, op=SCOREN)
    assert mogelijke_belangen(vers(zaak), op=SCOREN) == []


def test_changing_it_back_does_not_hide_what_was_sent() -> None:
    ronde = commissieronde(1, 4)
    zaak, lid = ronde.zaken[0], ronde.leden[0]
    type(lid.gebruiker).objects.filter(pk=lid.gebruiker_id).update(email="lid@proef.example")  # as the contact
    baas = maak_gebruiker(email="baas@elders.example")
    machtig(baas, zaak.organisatie)
    nieuw = Contactgegevens("Contact", "info@elders.example", "", "digitaal")
    contact_wijzigen(aanvraag=zaak, nieuw=nieuw, actor=baas, op=NA)
    wijs_alles_toe(ronde)
    assert gevonden(zaak) == {(lid.gebruiker_id, Belangsoort.MAILDOMEIN)}
