"""Screens of messages: inbox, consent, outbox, post list, templates; and views and hand-over on the work list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aanvragen.models import Aanvraag, Postbusbericht, Werklijstweergave
from aanvragen.services.behandeling import in_behandeling_nemen
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.organisatie import machtiging_verlenen
from kern.enums import Berichtsoort, Berichtstatus, Rol
from kern.models import Bericht, Gebruiker, LogRegel
from regeling.models import Berichtsjabloon
from tests.factories.portaal_medewerker import als, meldingen, op_moment, tekst, versie_van
from tests.factories.ronde import (
    NA,
    TIJDENS,
    VOOR,
    besluit_op,
    maak_compleet,
    maak_concept,
    maak_gebruiker,
    maak_ingediend,
    maak_organisatie,
    maak_staf,
    open_tijdvak,
    vers,
)
from uitvoering.enums import Afwijzingsgrond, Besluitsoort

pytestmark = pytest.mark.django_db


def eigenaar(zaak: Aanvraag) -> Gebruiker:
    persoon = maak_gebruiker()
    machtiging_verlenen(organisatie=zaak.organisatie, gebruiker=persoon, soort="beheerder", actor=None, op=VOOR)
    return persoon


@pytest.fixture
def zaak() -> Aanvraag:
    return maak_ingediend(open_tijdvak())


def in_hand(aantal: int = 1) -> tuple[Gebruiker, list[Aanvraag]]:
    behandelaar, tijdvak = maak_gebruiker(Rol.BEHANDELAAR), open_tijdvak()
    zaken = [maak_ingediend(tijdvak) for _ in range(aantal)]
    return behandelaar, [in_behandeling_nemen(aanvraag=z, actor=behandelaar, op=NA) for z in zaken]


def test_de_postbus_en_gelezen(zaak: Aanvraag) -> None:
    persoon = eigenaar(zaak)
    client, bericht = als(persoon), Postbusbericht.objects.get()
    assert "Berichten (1 ongelezen)" in tekst(client.get("/berichten/"))
    pagina = tekst(client.get(f"/berichten/{bericht.pk}/"))
    assert "Uw kenmerk is" in pagina
    assert bericht.lezingen.count() == 0  # looking is not reading
    assert client.get(f"/berichten/{bericht.pk}/gelezen/").status_code == 405
    assert meldingen(client.post(f"/berichten/{bericht.pk}/gelezen/")) == [
        f"Het bericht “{bericht.onderwerp}” is gelezen."
    ]
    assert bericht.lezingen.get().gebruiker == persoon
    assert "ongelezen)" not in tekst(client.get("/berichten/"))


def test_ongelezen_eerst_en_per_organisatie() -> None:
    tijdvak, organisaties = open_tijdvak(), [maak_organisatie(), maak_organisatie()]
    zaken = [maak_ingediend(tijdvak, organisatie) for organisatie in organisaties]
    persoon = eigenaar(zaken[0])
    machtiging_verlenen(organisatie=organisaties[1], gebruiker=persoon, soort="medewerker", actor=None, op=VOOR)
    eerste, tweede = (Postbusbericht.objects.get(aanvraag=z) for z in zaken)
    client = als(persoon)
    client.post(f"/berichten/{eerste.pk}/gelezen/")
    assert [b.pk for b in client.get("/berichten/").context["pagina"]] == [tweede.pk, eerste.pk]
    gefilterd = client.get(f"/berichten/?organisatie={organisaties[0].pk}")
    assert [b.pk for b in gefilterd.context["pagina"]] == [eerste.pk]


def test_een_bericht_van_een_ander_bestaat_niet(zaak: Aanvraag) -> None:
    bericht = Postbusbericht.objects.get()
    adressen = [f"/berichten/{bericht.pk}/", f"/berichten/{bericht.pk}/bijlage/"]
    assert als(eigenaar(zaak)).get(adressen[0]).status_code == 200
    for wie in (maak_gebruiker(), maak_gebruiker(Rol.BEHANDELAAR)):
        client = als(wie)
        assert [client.get(adres).status_code for adres in adressen] == [404, 404]
        assert client.post(f"/berichten/{bericht.pk}/gelezen/").status_code == 404


def test_de_postbus_kost_een_vast_aantal_queries() -> None:
    tijdvak, organisatie = open_tijdvak(), maak_organisatie()
    persoon = eigenaar(maak_ingediend(tijdvak, organisatie))
    client, aantallen = als(persoon), []
    for aantal in (1, 3):
        while Postbusbericht.objects.count() < aantal:
            maak_ingediend(tijdvak, organisatie)
        with CaptureQueriesContext(connection) as vangst:
            assert len(client.get("/berichten/").context["pagina"].object_list) == aantal
        aantallen.append(len(vangst))
    assert aantallen[0] == aantallen[1]


def test_de_voorkeuren(zaak: Aanvraag) -> None:
    persoon = eigenaar(zaak)
    client = als(persoon)
    velden = client.get("/berichten/voorkeuren/").context["form"].fields
    assert {naam for naam, veld in velden.items() if veld.initial} == {Berichtsoort.HERINNERING}
    client.post("/berichten/voorkeuren/", {"besluit": "on"})
    gekozen = dict(persoon.berichtvoorkeuren.values_list("soort", "per_email"))
    assert {soort for soort, aan in gekozen.items() if aan} == {"besluit"}
    staf = als(maak_gebruiker(Rol.BEHANDELAAR)).get("/berichten/voorkeuren/")
    assert list(staf.context["form"].fields) == [Berichtsoort.DAGOVERZICHT]


def test_de_uitgaande_post_met_opnieuw(zaak: Aanvraag) -> None:
    Bericht.objects.update(status=Berichtstatus.MISLUKT, fout="550 onbekend")
    mail, beheerder = Bericht.objects.get(), als(maak_gebruiker(Rol.BEHEERDER))
    pagina = tekst(beheerder.get("/werk/berichten/?stand=mislukt"))
    assert "550 onbekend" in pagina
    assert list(beheerder.get("/werk/berichten/?stand=verzonden").context["rijen"]) == []
    assert als(maak_gebruiker(Rol.AUDITOR)).post(f"/werk/berichten/{mail.pk}/opnieuw/").status_code == 403
    antwoord = beheerder.post(f"/werk/berichten/{mail.pk}/opnieuw/", {"aan": "nieuw@proef.example"})
    assert meldingen(antwoord) == ["De e-mail gaat opnieuw weg."]
    nu = vers(mail)
    assert (nu.status, nu.aan, nu.pogingen) == (Berichtstatus.KLAARGEZET, "nieuw@proef.example", 0)


def test_een_tekst_schrijven_bekijken_en_in_gebruik_nemen() -> None:
    schrijver, tweede = als(maak_gebruiker(Rol.BEHEERDER)), als(maak_gebruiker(Rol.BEHEERDER))
    adres = "/werk/beheer/sjablonen/betaling/"
    nieuw = {"onderwerp": "Betaald: {kenmerk}", "tekst": "U krijgt {bedrag}.\nDank u."}
    fout = schrijver.post(adres, {**nieuw, "tekst": "Beste {klant}", "knop": "bewaren"})
    assert fout.status_code == 400
    assert "{klant}" in fout.context["form"].errors["tekst"][0]
    voorbeeld = schrijver.post(adres, {**nieuw, "knop": "voorbeeld"})
    assert "U krijgt € 18.000." in tekst(voorbeeld)
    assert Berichtsjabloon.objects.count() == 0
    schrijver.post(adres, {**nieuw, "knop": "bewaren"})
    rij = Berichtsjabloon.objects.get()
    assert "Een andere beheerder moet deze versie in gebruik nemen." in tekst(schrijver.get(adres))
    schrijver.post(f"/werk/beheer/sjablonen/{rij.pk}/gebruiken/")
    assert vers(rij).in_gebruik_op is None
    tweede.post(f"/werk/beheer/sjablonen/{rij.pk}/gebruiken/")
    assert vers(rij).in_gebruik_op is not None
    pagina = schrijver.get(adres)
    assert "Nu in gebruik: versie 1" in tekst(pagina)
    assert "<ins>U krijgt {bedrag}.</ins>" in pagina.content.decode()
    assert "Alle regelingen: versie 1" in tekst(schrijver.get("/werk/beheer/sjablonen/"))


# --- Work list --------------------------------------------------------------------------------------------------


def kenmerken(antwoord: Any) -> list[str]:
    return sorted(rij.aanvraag.kenmerk for rij in antwoord.context["rijen"])


def test_filters_staan_in_het_adres_en_zijn_te_bewaren() -> None:
    behandelaar, zaken = in_hand(2)
    Aanvraag.objects.filter(pk=zaken[0].pk).update(beslissen_uiterlijk_op=NA.date(), bron="papier")
    zaken[1].toetsen.filter(code="iban").update(uitkomst="handmatig")
    los = maak_ingediend(zaken[0].tijdvak)
    with op_moment(NA):
        client = als(behandelaar)
        for vraag, verwacht in {
            "": [*zaken, los],
            "dagen=0": zaken[:1],
            "bron=papier": zaken[:1],
            "vlag=toets": zaken[1:],
            "wie=niemand": [los],
            f"wie={behandelaar.pk}": zaken,
            "dagen=x": [],
        }.items():
            assert kenmerken(client.get(f"/werk/lijst/?{vraag}")) == sorted(z.kenmerk for z in verwacht), vraag
        client.post("/werk/lijst/weergaven/", {"naam": "Spoed", "filter": "dagen=0&bron=papier"})
        ander = als(maak_gebruiker(Rol.BEHANDELAAR))
        assert "Spoed" in tekst(client.get("/werk/lijst/"))
        assert "Spoed" not in tekst(ander.get("/werk/lijst/"))
        assert Werklijstweergave.objects.get().vraag == "dagen=0&bron=papier"
        client.post("/werk/lijst/weergaven/", {"weg": "Spoed", "filter": ""})
        assert Werklijstweergave.objects.count() == 0
        assert "Aanvrager ziet: In behandeling" in tekst(client.get("/werk/lijst/"))


def test_in_bulk_om_aanvulling_vragen_en_het_verslag_als_csv() -> None:
    behandelaar, zaken = in_hand(2)
    los = maak_ingediend(zaken[0].tijdvak)
    with op_moment(NA):
        client = als(behandelaar)
        post = {
            "handeling": "aanvulling",
            "gekozen": [str(z.pk) for z in (*zaken, los)],
            "filter": "",
        }
        voorbeeld = tekst(client.post("/werk/lijst/bulk/", post))
        assert "Bij 1 kan dit niet" in voorbeeld
        post |= {"bevestigd": "ja", "onderdelen": "Een plan", "termijn_dagen": "14"}
        resultaat = client.post("/werk/lijst/bulk/", post)
        csv = client.get(f"{resultaat.url}csv/")
    assert [vers(z).status for z in (*zaken, los)] == ["aanvulling_gevraagd", "aanvulling_gevraagd", "ingediend"]
    assert csv["Content-Type"] == "text/csv; charset=utf-8"
    regels = csv.content.decode("utf-8-sig").splitlines()
    assert regels[0] == "kenmerk;handeling;gelukt;reden;op"
    assert regels[1].startswith(f"{los.kenmerk};Om aanvulling vragen;nee;Dit kan niet meer")
    assert [regel.split(";")[2] for regel in regels[1:]] == ["nee", "ja", "ja"]


def test_alles_overdragen_met_voorbeeld() -> None:
    behandelaar, zaken = in_hand(2)
    collega = maak_gebruiker(Rol.BEHANDELAAR)
    client, post = als(collega), {"van": behandelaar.pk, "naar": collega.pk, "reden": "Ziek"}
    voorbeeld = client.post("/werk/lijst/afwezig/", post)
    assert sorted(z.kenmerk for z in voorbeeld.context["zaken"]) == sorted(z.kenmerk for z in zaken)
    assert vers(zaken[0]).behandelaar == behandelaar
    resultaat = client.post("/werk/lijst/afwezig/", {**post, "bevestigd": "ja"}, follow=True)
    assert "2 gelukt, 0 niet" in tekst(resultaat)
    assert [vers(z).behandelaar for z in zaken] == [collega, collega]


def test_twee_behandelaars_een_wint_en_de_ander_houdt_zijn_tekst() -> None:
    """C4: the second one sees who and when, and what was typed."""
    behandelaar, (zaak,) = in_hand()
    collega = maak_gebruiker(Rol.BEHANDELAAR)
    een, twee = als(behandelaar), als(collega)
    versie = versie_van(twee.get(f"/werk/zaken/{zaak.pk}/overnemen/").content.decode())
    een.post(f"/werk/zaken/{zaak.pk}/aanvulling/", {"onderdelen": "Een plan", "termijn_dagen": "14", "versie": versie})
    verloren = twee.post(f"/werk/zaken/{zaak.pk}/overnemen/", {"reden": "Ik ken deze zaak al.", "versie": versie})
    assert verloren.status_code == 409
    pagina = verloren.content.decode()
    assert "Ik ken deze zaak al." in pagina
    assert str(behandelaar) in pagina
    nieuw = versie_van(twee.get(f"/werk/zaken/{zaak.pk}/overnemen/").content.decode())
    twee.post(f"/werk/zaken/{zaak.pk}/overnemen/", {"reden": "Ik ken deze zaak al.", "versie": nieuw})
    assert vers(zaak).behandelaar == collega
    assert LogRegel.objects.get(handeling="zaak_overnemen").reden == "Ik ken deze zaak al."
    assert "Nam de zaak over" in tekst(twee.get(f"/werk/zaken/{zaak.pk}/"))


def test_een_eerdere_afwijzing_staat_bij_een_herhaalde_aanvraag() -> None:
    """R7: a repeat may be refused by pointing at the earlier decision."""
    staf, tijdvak, organisatie = maak_staf(), open_tijdvak(), maak_organisatie()
    eerder = maak_compleet(tijdvak, staf.behandelaar, organisatie)
    dag = TIJDENS + timedelta(days=5)
    besluit_op(eerder, Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.DOELGROEP, op=dag)
    concept = maak_concept(tijdvak, organisatie)
    nieuw = aanvraag_indienen(aanvraag=concept, actor=None, op=dag + timedelta(days=1))
    ander = maak_ingediend(tijdvak)
    client = als(staf.behandelaar)
    pagina = tekst(client.get(f"/werk/zaken/{nieuw.pk}/"))
    assert "Eerder afgewezen of niet behandeld" in pagina
    assert eerder.kenmerk in pagina
    assert "Eerder afgewezen of niet behandeld" not in tekst(client.get(f"/werk/zaken/{ander.pk}/"))


def test_de_brief_laat_zien_wat_er_gevraagd_wordt_voordat_hij_weggaat() -> None:
    behandelaar, (zaak,) = in_hand()
    client = als(behandelaar)
    adres = f"/werk/zaken/{zaak.pk}/aanvulling/"
    versie = versie_van(client.get(adres).content.decode())
    post = {
        "kies_stap_project": "on",
        "uitleg_stap_project": "De einddatum ontbreekt.",
        "termijn_dagen": "14",
        "versie": versie,
    }
    voorbeeld = tekst(client.post(adres, {**post, "knop": "voorbeeld"}))
    assert "Het project: De einddatum ontbreekt." in voorbeeld
    assert "artikel 4:15 van de Algemene wet bestuursrecht" in voorbeeld
    assert vers(zaak).status == "in_behandeling"
    leeg = client.post(adres, {**post, "uitleg_stap_project": ""})
    assert "uitleg_stap_project" in leeg.context["form"].errors
    client.post(adres, post)
    item = vers(zaak).aanvullingen.get().items.get()
    assert (item.soort, item.code, item.uitleg) == ("stap", "project", "De einddatum ontbreekt.")
