"""Who sees and does what with an application: the predicate, the selector and the expectation agree."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from aanvragen.enums import Machtigingsoort, Status
from aanvragen.models import Aanvraag, Machtiging, Organisatie
from aanvragen.selectors import (
    LEZENDE_ROLLEN,
    aanvragen_zichtbaar_voor,
    dagen_over,
    organisaties_van,
    tijdvak_cijfers,
    werklijst,
)
from aanvragen.services.indienen import concepten_laten_verlopen
from aanvragen.services.organisatie import machtiging_verlenen, organisatie_registreren, organisatie_wijzigen
from kern.enums import Rol
from kern.fouten import InvoerFout
from kern.models import Gebruiker, LogRegel
from regeling.models import Tijdvak
from tests.factories.ronde import (
    NA,
    SLUIT,
    VOOR,
    geloot,
    maak_compleet,
    maak_concept,
    maak_gebruiker,
    maak_ingediend,
    maak_organisatie,
    maak_staf,
    open_tijdvak,
    vers,
)

pytestmark = pytest.mark.django_db


def machtig(organisatie: Organisatie, gebruiker: Gebruiker, **velden: Any) -> Machtiging:
    machtiging = machtiging_verlenen(
        organisatie=organisatie, gebruiker=gebruiker, soort=Machtigingsoort.MEDEWERKER, actor=None, op=VOOR
    )
    for naam, waarde in velden.items():
        setattr(machtiging, naam, waarde)
    machtiging.save()
    return machtiging


@pytest.fixture
def zaken() -> dict[str, Aanvraag]:
    """Of two organisations each: a draft, one that was sent, and one that lapsed."""
    ronde, oude_ronde = open_tijdvak(), open_tijdvak()
    uit = {}
    for letter in "ab":
        organisatie = maak_organisatie()
        uit[f"{letter}-verstuurd"] = maak_ingediend(ronde, organisatie)
        uit[f"{letter}-concept"] = maak_concept(ronde, organisatie)
        uit[f"{letter}-verlopen"] = maak_concept(oude_ronde, organisatie)
    concepten_laten_verlopen(tijdvak=oude_ronde, op=SLUIT + timedelta(days=2))
    return {naam: vers(aanvraag) for naam, aanvraag in uit.items()}


ALLES_VAN_A = {"a-concept", "a-verstuurd", "a-verlopen"}
VERSTUURD = {"a-verstuurd", "b-verstuurd"}


def zichtbaar(gebruiker: Any, zaken: dict[str, Aanvraag]) -> set[str]:
    """What the selector gives; and the predicate must say the same of every case."""
    rijen = set(aanvragen_zichtbaar_voor(gebruiker))
    uit = {naam for naam, aanvraag in zaken.items() if aanvraag in rijen}
    assert {naam for naam, a in zaken.items() if gebruiker.has_perm("aanvragen.zien", a)} == uit
    return uit


def test_een_vreemde_ziet_niets(zaken: dict[str, Aanvraag]) -> None:
    assert zichtbaar(maak_gebruiker(), zaken) == set()
    assert zichtbaar(AnonymousUser(), zaken) == set()


def test_een_gemachtigde_ziet_alles_van_de_eigen_organisatie(zaken: dict[str, Aanvraag]) -> None:
    gebruiker = maak_gebruiker()
    machtig(zaken["a-concept"].organisatie, gebruiker)
    assert zichtbaar(gebruiker, zaken) == ALLES_VAN_A
    assert {naam for naam, a in zaken.items() if gebruiker.has_perm("aanvragen.wijzigen", a)} == ALLES_VAN_A
    assert {naam for naam, a in zaken.items() if gebruiker.has_perm("aanvragen.behandelen", a)} == set()


@pytest.mark.parametrize(
    ("dagen", "ingetrokken", "mag"),
    [(None, False, True), (0, False, True), (30, False, True), (-1, False, False), (30, True, False)],
)
def test_een_machtiging_eindigt(zaken: dict[str, Aanvraag], dagen: int | None, ingetrokken: bool, mag: bool) -> None:
    """Up to and with its last day."""
    gebruiker = maak_gebruiker()
    tot = None if dagen is None else timezone.localdate() + timedelta(days=dagen)
    machtig(zaken["a-concept"].organisatie, gebruiker, geldig_tot=tot, ingetrokken_op=VOOR if ingetrokken else None)
    assert zichtbaar(gebruiker, zaken) == (ALLES_VAN_A if mag else set())


def test_een_intermediair_ziet_meer_organisaties_elk_een_keer(zaken: dict[str, Aanvraag]) -> None:
    gebruiker = maak_gebruiker()
    for letter in "ab":
        machtig(zaken[f"{letter}-concept"].organisatie, gebruiker)
    machtig(zaken["a-concept"].organisatie, maak_gebruiker())  # somebody else's mandate for the same organisation
    assert zichtbaar(gebruiker, zaken) == set(zaken)
    assert aanvragen_zichtbaar_voor(gebruiker).count() == len(zaken)
    assert organisaties_van(gebruiker).count() == 2


def test_elke_rol(zaken: dict[str, Aanvraag]) -> None:
    """Reading roles see what was sent, never a draft; other roles see nothing."""
    assert {"behandelaar", "beslisser", "financieel", "bezwaarbehandelaar", "auditor"} == LEZENDE_ROLLEN
    for rol in Rol:
        gebruiker = maak_gebruiker(rol)
        assert zichtbaar(gebruiker, zaken) == (VERSTUURD if rol in LEZENDE_ROLLEN else set()), rol
        behandelt = {naam for naam, a in zaken.items() if gebruiker.has_perm("aanvragen.behandelen", a)}
        assert behandelt == (VERSTUURD if rol == Rol.BEHANDELAAR else set()), rol
        assert not any(gebruiker.has_perm("aanvragen.wijzigen", a) for a in zaken.values()), rol


def test_een_behandelaar_met_een_eigen_bedrijf(zaken: dict[str, Aanvraag]) -> None:
    """Sees the own draft like any applicant, and does not handle the own application."""
    gebruiker = maak_gebruiker(Rol.BEHANDELAAR)
    machtig(zaken["a-concept"].organisatie, gebruiker)
    assert zichtbaar(gebruiker, zaken) == ALLES_VAN_A | {"b-verstuurd"}
    assert {naam for naam, a in zaken.items() if gebruiker.has_perm("aanvragen.behandelen", a)} == {"b-verstuurd"}


def test_wie_niet_meer_actief_is_heeft_geen_rol(zaken: dict[str, Aanvraag]) -> None:
    gebruiker = maak_gebruiker(Rol.BEHANDELAAR)
    gebruiker.is_active = False
    gebruiker.save()
    assert set(aanvragen_zichtbaar_voor(Gebruiker.objects.get(pk=gebruiker.pk))) == set()


# --- Organisations and mandates ---------------------------------------------------------------------------------


def registreer(kvk: str, actor: Gebruiker | None, **gegevens: Any) -> Organisatie:
    velden = {"naam": "Bedrijf bv", "sbi_code": "2562", "sbi_versie": "SBI 2008", **gegevens}
    return organisatie_registreren(kvk_nummer=kvk, gegevens=velden, actor=actor, op=VOOR)


def test_wie_een_organisatie_aanmeldt_beheert_haar() -> None:
    gebruiker = maak_gebruiker()
    organisatie = registreer("00888888", gebruiker)
    assert (organisatie.naam, organisatie.sector) == ("Bedrijf bv", "Industrie")
    assert list(organisaties_van(gebruiker)) == [organisatie]
    assert organisatie.machtigingen.get().soort == Machtigingsoort.BEHEERDER


def test_een_nummer_meldt_men_een_keer_aan() -> None:
    registreer("00888888", maak_gebruiker())
    indringer = maak_gebruiker()
    with pytest.raises(InvoerFout) as fout:
        registreer("00888888", indringer)
    assert (fout.value.code, fout.value.veld) == ("organisatie-bestaat", "kvk_nummer")
    assert list(organisaties_van(indringer)) == []


@pytest.mark.parametrize("veld", ["kvk_nummer", "id", "machtigingen", "bestaat_niet"])
def test_een_vreemd_gegeven_wordt_geweigerd(veld: str) -> None:
    with pytest.raises(InvoerFout, match=f"Deze gegevens kunnen niet worden gewijzigd: {veld}."):
        registreer("00888888", None, **{veld: "00999999"})
    organisatie = maak_organisatie(naam="Oud")
    with pytest.raises(InvoerFout, match=f"Deze gegevens kunnen niet worden gewijzigd: {veld}."):
        organisatie_wijzigen(organisatie=organisatie, gegevens={"naam": "Nieuw", veld: "x"}, actor=None, op=NA)
    assert (vers(organisatie).naam, Organisatie.objects.count()) == ("Oud", 1)


def test_wijzigen_zet_in_het_spoor_welke_velden_anders_zijn() -> None:
    organisatie, gebruiker = maak_organisatie(naam="Oud", plaats="Utrecht"), maak_gebruiker()
    opties: dict[str, Any] = {"organisatie": organisatie, "actor": gebruiker, "op": NA}
    organisatie_wijzigen(gegevens={"naam": "Nieuw", "plaats": "Utrecht", "sbi_code": "8790"}, **opties)
    organisatie_wijzigen(gegevens={"naam": "Nieuw"}, **opties)  # nothing changed: no line
    regel = LogRegel.objects.get(keten=f"organisatie:{organisatie.pk}", handeling="organisatie_wijzigen")
    assert (regel.gegevens, regel.actor) == ({"velden": ["naam", "sbi_code"]}, gebruiker)
    assert (vers(organisatie).naam, vers(organisatie).sector) == ("Nieuw", "Zorg")


def test_machtigen_kan_maar_een_keer_tegelijk() -> None:
    organisatie, gebruiker = maak_organisatie(), maak_gebruiker()
    eerste = machtig(organisatie, gebruiker)
    assert machtig(organisatie, gebruiker) == eerste
    assert LogRegel.objects.filter(keten=f"organisatie:{organisatie.pk}").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Machtiging.objects.create(
            organisatie=organisatie, gebruiker=gebruiker, soort=Machtigingsoort.BEHEERDER, verleend_op=NA
        )
    machtig(organisatie, gebruiker, ingetrokken_op=NA)
    assert machtig(organisatie, gebruiker) != eerste


# --- Lists and figures ------------------------------------------------------------------------------------------


def test_de_werklijst_begint_bij_de_eerste_wettelijke_dag() -> None:
    staf, tijdvak = maak_staf(), open_tijdvak()
    eerste, tweede = maak_ingediend(tijdvak), maak_compleet(tijdvak, staf.behandelaar)
    Aanvraag.objects.filter(pk=tweede.pk).update(beslissen_uiterlijk_op=SLUIT.date())
    maak_concept(tijdvak)
    elders = maak_ingediend(open_tijdvak())
    assert list(werklijst(tijdvak)) == [tweede, eerste]
    assert set(werklijst()) == {eerste, tweede, elders}
    assert dagen_over(vers(tweede), SLUIT.date() + timedelta(days=2)) == -2
    assert dagen_over(vers(eerste), SLUIT.date()) == 91
    assert dagen_over(Aanvraag(), SLUIT.date()) is None


def test_de_cijfers_van_een_ronde() -> None:
    """Two of € 1,000 are selected under € 2,500; the third is on the reserve list; a draft counts nowhere."""
    staf = maak_staf()
    tijdvak, _ = geloot(3, staf, plafond=2500)
    cijfers = tijdvak_cijfers(Tijdvak.objects.get(pk=tijdvak.pk))
    assert (cijfers.aanvragen, cijfers.gevraagd_bedrag) == (3, 3000)
    assert (cijfers.toegekend, cijfers.toegekend_bedrag, cijfers.reserve) == (2, 2000, 1)
    assert (cijfers.plafond, cijfers.resteert) == (2500, 500)
    assert cijfers.per_status == {Status.GESELECTEERD: 2, Status.RESERVE: 1}


def test_de_cijfers_van_een_lege_ronde() -> None:
    tijdvak = open_tijdvak()
    maak_concept(tijdvak)
    cijfers = tijdvak_cijfers(tijdvak)
    assert (cijfers.aanvragen, cijfers.gevraagd_bedrag, cijfers.toegekend_bedrag) == (0, 0, 0)
    assert cijfers.per_status == {Status.CONCEPT: 1}
