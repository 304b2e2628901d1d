"""Messages with a personal link or code go again to their own address only: who sends them on gets no secret."""

from __future__ import annotations

import pytest

from aanvragen.enums import Machtigingbereik, Machtigingsoort
from aanvragen.services.adviseurs import profiellink_sturen
from aanvragen.services.organisatie import machtiging_verlenen
from aanvragen.services.uitnodigingen import Uitnodiginggegevens, uitnodiging_versturen
from beoordeling.services.referentie_berichten import code_sturen
from kern.enums import Berichtsoort, Berichtstatus, Rol
from kern.fouten import InvoerFout
from kern.models import Bericht, LogRegel
from kern.services.berichten import bericht_klaarzetten, bericht_opnieuw
from tests.factories.portaal_medewerker import als, meldingen, tekst
from tests.factories.referenties import uitgenodigd
from tests.factories.ronde import TIJDENS, maak_adviseur, maak_gebruiker, maak_organisatie

pytestmark = pytest.mark.django_db


def _uitnodiging() -> Bericht:
    beheerder, organisatie = maak_gebruiker(), maak_organisatie()
    machtiging_verlenen(organisatie=organisatie, gebruiker=beheerder, soort="beheerder", actor=None, op=TIJDENS)
    uitnodiging_versturen(
        organisatie=organisatie,
        gegevens=Uitnodiginggegevens("collega@proef.example", Machtigingsoort.MEDEWERKER, Machtigingbereik.INVULLEN),
        maak_link=str,
        actor=beheerder,
        op=TIJDENS,
    )
    return Bericht.objects.get(aan="collega@proef.example")


def _profiellink() -> Bericht:
    adviseur = maak_adviseur()
    profiellink_sturen(adviseur=adviseur, actor=maak_gebruiker(Rol.BEHANDELAAR), op=TIJDENS)
    return Bericht.objects.get(aan=adviseur.email)


def _referent() -> Bericht:
    return Bericht.objects.filter(aan=uitgenodigd().email).latest("pk")


def _code() -> Bericht:
    verzoek = uitgenodigd().verzoeken.get()
    return code_sturen(verzoek=verzoek, code="123456", minuten=15, op=TIJDENS)


GEHEIM = {"referent": _referent, "code": _code, "uitnodiging": _uitnodiging, "profiellink": _profiellink}


@pytest.mark.parametrize("welk", sorted(GEHEIM))
@pytest.mark.parametrize("status", [Berichtstatus.MISLUKT, Berichtstatus.ONBESTELBAAR])
def test_een_geheim_gaat_niet_naar_een_ander_adres(welk: str, status: Berichtstatus) -> None:
    bericht, medewerker = GEHEIM[welk](), maak_gebruiker(Rol.BEHANDELAAR)
    Bericht.objects.filter(pk=bericht.pk).update(status=status)
    adres, client = bericht.aan, als(medewerker)
    assert "Alleen naar hetzelfde adres" in tekst(client.get(f"/werk/berichten/?stand={status}"))
    antwoord = client.post(f"/werk/berichten/{bericht.pk}/opnieuw/", {"aan": medewerker.email})
    assert meldingen(antwoord)[0].startswith("Dit bericht is alleen voor het adres waarvoor het is gemaakt")
    bericht.refresh_from_db()
    assert (bericht.aan, bericht.status) == (adres, status)
    assert not LogRegel.objects.filter(handeling="bericht_opnieuw").exists()
    with pytest.raises(InvoerFout) as fout:
        bericht_opnieuw(bericht=bericht, actor=medewerker, op=TIJDENS, aan=medewerker.email)
    assert fout.value.code == "vast-adres"
    client.post(f"/werk/berichten/{bericht.pk}/opnieuw/", {"aan": adres.upper()})
    bericht.refresh_from_db()
    assert (bericht.aan, bericht.status) == (adres, Berichtstatus.KLAARGEZET)


@pytest.mark.parametrize("soort", list(Berichtsoort))
def test_alleen_toegang_en_referenties_hebben_een_vast_adres(soort: Berichtsoort) -> None:
    bericht = bericht_klaarzetten(
        sleutel="proef", aan="oud@proef.example", onderwerp="Proef", tekst="Proef", op=TIJDENS, soort=soort
    )
    Bericht.objects.update(status=Berichtstatus.MISLUKT)
    opties = {"bericht": bericht, "actor": maak_gebruiker(Rol.BEHEERDER), "op": TIJDENS, "aan": "nieuw@proef.example"}
    if soort in {Berichtsoort.TOEGANG, Berichtsoort.REFERENTIE}:
        with pytest.raises(InvoerFout):
            bericht_opnieuw(**opties)
    else:
        assert bericht_opnieuw(**opties).aan == "nieuw@proef.example"
