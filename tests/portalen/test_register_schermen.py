"""Screens of the register, the group and earlier aid: what the applicant sees and what the officer sees."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from aanvragen.enums import Registerstand, Relatie
from aanvragen.models import Aanvraag, Organisatie
from aanvragen.register.nagebootst import NagebootstRegister, Stand
from aanvragen.services.groep import Verbondengegevens, verbonden_bewaren
from aanvragen.services.organisatie import machtiging_verlenen
from kern.enums import Rol
from portalen.registernavraag import MAXIMUM_PER_UUR
from tests.factories.portaal_aanvrager import aanvrager, begonnen, ingelogd, rijk_tijdvak, verstuurd
from tests.factories.register import BV, GESTOPT, ONBEKEND
from tests.factories.ronde import NA, TIJDENS, maak_gebruiker, maak_organisatie, vers
from tests.portalen.lezen import fouten, meldingen, tekst

pytestmark = pytest.mark.django_db
NIEUW = "/organisatie/nieuw/"


def zoek(client: Client, nummer: str = "6875 0110") -> Any:
    return client.post(NIEUW, {"kvk_nummer": nummer, "actie": "opzoeken"})


def test_van_nummer_naar_organisatie(kvk: NagebootstRegister) -> None:
    client = ingelogd(maak_gebruiker())
    eerst = client.get(NIEUW)
    assert list(eerst.context["form"].fields) == ["kvk_nummer"]
    antwoord = zoek(client)
    pagina = tekst(antwoord)
    for stuk in ("Roosterwerk B.V.", "Besloten vennootschap (bv)", "62010", "3511 AA", "Klopt dit niet?"):
        assert stuk in pagina
    assert antwoord.context["form"].initial["provincie"] == "Utrecht"
    assert Organisatie.objects.count() == 0  # looking up keeps nothing
    gevraagd = len(kvk.gevraagd)
    klaar = client.post(NIEUW, {**_leeg(antwoord), "straat": "Kortelaan 3"}, follow=True)
    assert meldingen(klaar) == ["Roosterwerk B.V. is aangemeld."]
    assert len(kvk.gevraagd) == gevraagd  # the answer of a moment ago is used
    organisatie = Organisatie.objects.get(kvk_nummer=BV)
    assert (organisatie.straat, organisatie.plaats, organisatie.register_stand) == (
        "Kortelaan 3",
        "Utrecht",
        Registerstand.AFWIJKEND,
    )
    pagina = tekst(client.get(f"/organisatie/{organisatie.pk}/"))
    assert "Wijkt af van het Handelsregister" in pagina
    assert "Kortelaan 3 Zelf ingevuld Proeflaan 12" in pagina
    assert "Bron: Handelsregister van de Kamer van Koophandel" in pagina


def test_een_ander_nummer_wordt_eerst_opgezocht(kvk: NagebootstRegister) -> None:
    """What was filled in belongs to the first number."""
    client = ingelogd(maak_gebruiker())
    antwoord = client.post(NIEUW, {**_leeg(zoek(client)), "kvk_nummer": "00999888"})
    assert (antwoord.status_code, Organisatie.objects.count()) == (200, 0)
    assert "Dit nummer staat niet in het Handelsregister" in tekst(antwoord)
    assert antwoord.context["form"].initial == {"kvk_nummer": "00999888"}


def _leeg(antwoord: Any) -> dict[str, Any]:
    """The fields as the page holds them."""
    velden = antwoord.context["form"]
    return {naam: velden[naam].value() or "" for naam in velden.fields if naam != "publiek"}


@pytest.mark.parametrize(
    ("stand", "nummer", "woorden"),
    [
        (Stand.WEG, BV, "Wij kunnen het Handelsregister nu niet bereiken"),
        (Stand.STUK, BV, "Wij kunnen het Handelsregister nu niet bereiken"),
        (Stand.NORMAAL, ONBEKEND, "Dit nummer staat niet in het Handelsregister"),
        (Stand.NORMAAL, GESTOPT, "Deze organisatie is uitgeschreven"),
    ],
)
def test_zonder_antwoord_gaat_u_verder(kvk: NagebootstRegister, stand: Stand, nummer: str, woorden: str) -> None:
    kvk.stand = stand
    client = ingelogd(maak_gebruiker())
    antwoord = zoek(client, nummer)
    assert woorden in tekst(antwoord)
    gegevens = {**_leeg(antwoord), "naam": "Zelf Getypt", "kvk_nummer": nummer}
    assert client.post(NIEUW, gegevens).status_code == 302
    verwacht = {
        Stand.WEG: Registerstand.HANDMATIG,
        Stand.STUK: Registerstand.HANDMATIG,
        Stand.NORMAAL: Registerstand.NIET_GEVONDEN if nummer == ONBEKEND else Registerstand.UITGESCHREVEN,
    }
    assert Organisatie.objects.get().register_stand == verwacht[stand]


def test_opnieuw_ophalen_en_niet_te_vaak(kvk: NagebootstRegister) -> None:
    gebruiker, organisatie = aanvrager(kvk=BV, naam="Roosterwerk")
    client = ingelogd(gebruiker)
    adres = f"/organisatie/{organisatie.pk}/"
    antwoord = client.post(adres, {"actie": "register"}, follow=True)
    assert meldingen(antwoord) == ["Wij hebben de gegevens opnieuw opgehaald uit het Handelsregister."]
    assert vers(organisatie).register_gegevens["bron"] == "kvk"
    cache.set(f"registernavraag-{gebruiker.pk}", MAXIMUM_PER_UUR, 60)
    gevraagd = len(kvk.gevraagd)
    assert (
        "U hebt in korte tijd veel nummers opgezocht."
        in meldingen(client.post(adres, {"actie": "register"}, follow=True))[0]
    )
    assert fouten(zoek(client).context["form"])["kvk_nummer"]
    assert len(kvk.gevraagd) == gevraagd


def test_buitenland_zegt_wat_te_doen() -> None:
    assert "Neem contact met ons op" in tekst(ingelogd(maak_gebruiker()).get("/organisatie/buitenland/"))


# --- The group ---------------------------------------------------------------------------------------------------


def rij(**anders: str) -> dict[str, str]:
    return {
        "naam": "Dochter",
        "relatie": "verbonden",
        "percentage": "66,67 %",
        "werkzame_personen": "230",
        "omzet": "1.000.000",
        "balanstotaal": "500.000",
        **anders,
    }


def test_de_groep_op_het_scherm() -> None:
    gebruiker, organisatie = aanvrager()
    client = ingelogd(gebruiker)
    adres = f"/organisatie/{organisatie.pk}/groep/"
    assert meldingen(client.post(adres, rij(), follow=True)) == ["Dochter staat in de lijst."]
    dochter = organisatie.verbonden.get()
    assert (dochter.percentage, dochter.toegevoegd_door) == (Decimal("66.67"), gebruiker)
    client.post(adres, rij(naam="Kleindochter", via=str(dochter.pk), percentage="30", relatie="partner"))
    pagina = tekst(client.get(adres))
    assert "Verbonden met Proefbakkerij: telt voor 100 %." in pagina
    assert "Partner van Dochter: telt mee voor 30 %." in pagina
    assert "Samen 323 " in pagina  # 24 + 230 + 30 % of 230
    kleindochter = organisatie.verbonden.get(naam="Kleindochter")
    antwoord = client.post(f"{adres}{dochter.pk}/", rij(via=str(kleindochter.pk)))
    assert fouten(antwoord.context["form"])["via"] == [
        "Een onderneming kan niet via zichzelf verbonden zijn. Kies een andere."
    ]
    assert fouten(client.post(adres, rij(percentage="101")).context["form"])["percentage"]
    client.post(f"{adres}{dochter.pk}/", {"actie": "verwijderen"})
    assert organisatie.verbonden.count() == 0


def test_de_groep_van_een_ander_bestaat_niet() -> None:
    _, organisatie = aanvrager()
    gegevens = Verbondengegevens("Dochter", Relatie.VERBONDEN, Decimal(60))
    dochter = verbonden_bewaren(organisatie=organisatie, gegevens=gegevens, actor=None, op=TIJDENS)
    vreemde, _ander = aanvrager(kvk="00999111", naam="Ander")
    for adres in (f"/organisatie/{organisatie.pk}/groep/", f"/organisatie/{organisatie.pk}/groep/{dochter.pk}/"):
        assert ingelogd(vreemde).get(adres).status_code == 404
        assert ingelogd(vreemde).post(adres, {"actie": "verwijderen"}).status_code == 404
    assert organisatie.verbonden.count() == 1


@pytest.mark.parametrize("aantal", [1, 3])
def test_de_groep_vraagt_evenveel(aantal: int, django_assert_max_num_queries: Any) -> None:
    gebruiker, organisatie = aanvrager()
    for nummer in range(aantal):
        gegevens = Verbondengegevens(f"Dochter {nummer}", Relatie.VERBONDEN, Decimal(60))
        verbonden_bewaren(organisatie=organisatie, gegevens=gegevens, actor=None, op=TIJDENS)
    client = ingelogd(gebruiker)
    client.get(f"/organisatie/{organisatie.pk}/groep/")
    with django_assert_max_num_queries(8):
        client.get(f"/organisatie/{organisatie.pk}/groep/")


# --- Earlier aid -------------------------------------------------------------------------------------------------


def steunpost(pagina: Any, **anders: str) -> dict[str, str]:
    return {
        "versie": str(pagina.context["aanvraag"].versie),
        "basis": pagina.context["basis"],
        "actie": "regel",
        "ontvangen": "ja",
        "regels": "1",
        "regel-0-plek": "",
        "regel-0-onderneming": "Proefbakkerij",
        "regel-0-verlener": "Gemeente",
        "regel-0-verleend_op_dag": "1",
        "regel-0-verleend_op_maand": "6",
        "regel-0-verleend_op_jaar": "2025",
        "regel-0-bedrag": "290.000",
        **anders,
    }


@pytest.fixture
def met_concept() -> Any:
    with time_machine.travel(TIJDENS, tick=False):
        gebruiker, organisatie = aanvrager()
        zaak = begonnen(rijk_tijdvak(), organisatie, gebruiker)
        yield ingelogd(gebruiker), zaak, f"/aanvragen/{zaak.pk}/stap/steun/"


def test_steun_bewaren_en_optellen(met_concept: tuple[Client, Aanvraag, str]) -> None:
    client, zaak, adres = met_concept
    pagina = client.get(adres)
    assert "Als u dit onderdeel bewaart, tellen wij de steun voor u op." in tekst(pagina)
    pagina = client.post(adres, steunpost(pagina), follow=True)
    for zin in ("Eerdere steun die meetelt € 290.000", "Samen € 290.000", "Hoogstens € 300.000", "Dit past."):
        assert zin in tekst(pagina), zin
    assert len(pagina.context["form"]) == 2  # the stored row and an empty one
    twee = steunpost(
        pagina,
        regels="2",
        **{
            "regel-0-plek": "0",
            "regel-1-onderneming": "Dochter",
            "regel-1-verlener": "Provincie",
            "regel-1-verleend_op_dag": "2",
            "regel-1-verleend_op_maand": "6",
            "regel-1-verleend_op_jaar": "2025",
            "regel-1-bedrag": "10.000,01",
        },
    )
    pagina = client.post(adres, twee, follow=True)
    assert "Dit past niet." in tekst(pagina)
    assert list(zaak.de_minimis.values_list("bedrag", flat=True)) == [Decimal("290000.00"), Decimal("10000.01")]
    weg = {**steunpost(pagina, regels="2"), "verwijder": "1"}
    client.post(adres, weg, follow=True)
    assert zaak.de_minimis.count() == 1
    pagina = client.get(adres)
    client.post(adres, {**steunpost(pagina), "ontvangen": "nee", "actie": "verder"})
    assert zaak.de_minimis.count() == 1  # no, but with rows: refused, nothing lost


def test_steun_fouten_houden_wat_er_stond(met_concept: tuple[Client, Aanvraag, str]) -> None:
    client, zaak, adres = met_concept
    client.post(adres, steunpost(client.get(adres)))
    fout = {"regel-0-plek": "0", "regel-0-verleend_op_jaar": "2099", "regel-0-bedrag": "niets"}
    antwoord = client.post(adres, steunpost(client.get(adres), **fout))
    assert sorted(antwoord.context["form"].forms[0].errors) == ["bedrag", "verleend_op"]
    assert zaak.de_minimis.get().bedrag == Decimal("290000.00")


def test_ja_zonder_steun_blijft_staan_en_vraagt_welke(met_concept: tuple[Client, Aanvraag, str]) -> None:
    client, zaak, adres = met_concept
    leeg = {naam: "" for naam in steunpost(client.get(adres)) if naam.startswith("regel-")}
    antwoord = client.post(adres, {**steunpost(client.get(adres)), **leeg, "ontvangen": "ja", "actie": "verder"})
    assert (antwoord.status_code, zaak.de_minimis.count()) == (200, 0)
    assert antwoord.context["form"].vraag["ontvangen"].value() == "ja"
    assert "U kreeg eerder steun. Vul hieronder in welke." in tekst(antwoord)


def test_geen_steun(met_concept: tuple[Client, Aanvraag, str]) -> None:
    client, zaak, adres = met_concept
    leeg = {naam: "" for naam in steunpost(client.get(adres)) if naam.startswith("regel-")}
    pagina = client.get(adres)
    antwoord = client.post(adres, {**steunpost(pagina), **leeg, "ontvangen": "nee", "actie": "verder"})
    assert antwoord.status_code == 302
    assert vers(zaak).antwoorden == {"de_minimis_eerder": "0.00"}


# --- Branch, and the officer -----------------------------------------------------------------------------------------


def test_een_vestiging_kiezen(kvk: NagebootstRegister) -> None:
    with time_machine.travel(TIJDENS, tick=False):
        client = ingelogd(gebruiker := maak_gebruiker())
        client.post(NIEUW, _leeg(zoek(client)))
        zaak = begonnen(rijk_tijdvak(), Organisatie.objects.get(), gebruiker)
        adres = f"/aanvragen/{zaak.pk}/stap/organisatie/"
        pagina = client.get(adres)
        assert len(pagina.context["form"].fields["vestigingsnummer"].choices) == 4
        post = {"versie": "1", "basis": pagina.context["basis"], "contactpersoon": "Sanne"}
        client.post(adres, {**post, "vestigingsnummer": f"0001{BV}"})
        assert vers(zaak).vestigingsnummer == f"0001{BV}"
        pagina = client.get(adres)
        client.post(adres, {**post, "basis": pagina.context["basis"], "vestigingsnummer": "999999999999"})
        assert vers(zaak).vestigingsnummer == f"0001{BV}"


def test_de_behandelaar_ziet_register_groep_en_steun(kvk: NagebootstRegister) -> None:
    gebruiker, organisatie = aanvrager(kvk=BV, naam="Heel Anders")
    gegevens = Verbondengegevens("Dochter", Relatie.VERBONDEN, Decimal(60), werkzame_personen=10)
    verbonden_bewaren(organisatie=organisatie, gegevens=gegevens, actor=gebruiker, op=TIJDENS)
    with time_machine.travel(TIJDENS, tick=False):
        zaak = verstuurd(rijk_tijdvak(), organisatie, gebruiker)
        ingelogd(gebruiker).post(f"/organisatie/{organisatie.pk}/", {"actie": "register"})
    with time_machine.travel(NA, tick=False):
        pagina = tekst(ingelogd(maak_gebruiker(Rol.BEHANDELAAR)).get(f"/werk/zaken/{zaak.pk}/"))
    assert "Heel Anders Wijkt af Roosterwerk B.V." in pagina
    assert "Verbonden met Heel Anders: telt voor 100 %." in pagina
    assert "De-minimissteun over drie jaar" in pagina
    assert "Werkzame personen volgens het register: 28." in pagina


def test_een_ongecontroleerde_organisatie_bij_de_behandelaar() -> None:
    gebruiker = maak_gebruiker()
    organisatie = maak_organisatie(register_stand=Registerstand.HANDMATIG, omzet=Decimal(1), balanstotaal=Decimal(1))
    machtiging_verlenen(organisatie=organisatie, gebruiker=gebruiker, soort="beheerder", actor=None, op=TIJDENS)
    with time_machine.travel(TIJDENS, tick=False):
        zaak = verstuurd(rijk_tijdvak(), organisatie, gebruiker)
    with time_machine.travel(NA, tick=False):
        pagina = tekst(ingelogd(maak_gebruiker(Rol.BEHANDELAAR)).get(f"/werk/zaken/{zaak.pk}/"))
    assert "Het Handelsregister heeft nog niet geantwoord." in pagina
