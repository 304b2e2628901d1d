"""The trade register, against the real stand-in over the network: normal, down, slow and wrong (R93, H21)."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from aanvragen.enums import Bron, Provincie, Registerstand, Toetsuitkomst
from aanvragen.models import Aanvraag, Organisatie
from aanvragen.register.client import WACHTTIJD_SCHERM, navragen, volledig_navragen
from aanvragen.register.gegevens import Navraag, Navraaguitkomst, Registergegevens, verschillen
from aanvragen.register.lezen import Basisprofiel, OnbruikbaarAntwoord, Zoekantwoord, lees, rechtsvorm_van
from aanvragen.register.nagebootst import NagebootstRegister, Stand
from aanvragen.register.provincie import provincie_van
from aanvragen.services.concept import aanvraag_beginnen
from aanvragen.services.organisatie import organisatie_registreren, organisatie_wijzigen
from aanvragen.services.register import register_bijwerken, register_opvragen, register_ronde, register_vastleggen
from aanvragen.services.toetsing import toets_beoordelen
from kern.fouten import OvergangFout
from kern.models import LogRegel
from kern.services.spoor import keten_van
from tests.factories.register import (
    BV,
    EENMANSZAAK,
    FOUT,
    GESTOPT,
    MAATSCHAP,
    NV,
    ONBEKEND,
    STICHTING,
    VOF,
)
from tests.factories.ronde import (
    BESLUIT,
    NA,
    TIJDENS,
    VOOR,
    Staf,
    besluit_op,
    geloot,
    loting_tot,
    maak_compleet,
    maak_ingediend,
    maak_organisatie,
    open_tijdvak,
    vers,
)
from uitvoering.enums import Afwijzingsgrond, Besluitsoort

VANDAAG = date(2026, 3, 5)
GEVONDEN, NIET_GEVONDEN, WEG = Navraaguitkomst.GEVONDEN, Navraaguitkomst.NIET_GEVONDEN, Navraaguitkomst.ONBEREIKBAAR


# --- Reading ------------------------------------------------------------------------------------------------------


def test_een_bv_met_alles(kvk: NagebootstRegister) -> None:
    navraag = volledig_navragen(BV, vandaag=VANDAAG)
    assert navraag.uitkomst == GEVONDEN
    gegevens = navraag.gegevens
    assert gegevens is not None
    assert gegevens == replace(
        gegevens,
        kvk_nummer=BV,
        naam="Roosterwerk B.V.",
        namen=("Roosterwerk B.V.", "Roosterwerk", "Roosterwerk Academie"),
        rechtsvorm="bv",
        rechtsvorm_kvk="Besloten Vennootschap",
        sbi_code="62010",
        sbi_versie="SBI 2025",
        straat="Proeflaan 12",
        postcode="3511 AA",
        plaats="Utrecht",
        provincie="Utrecht",
        rsin="000000012",
        werkzame_personen=28,
        uitgeschreven_op=None,
        volledig=True,
    )
    assert [(v.nummer, v.straat, v.postcode, v.hoofd) for v in gegevens.vestigingen] == [
        (f"0000{BV}", "Proeflaan 12", "3511 AA", True),
        (f"0001{BV}", "Kadeweg 7", "5611 AA", False),
        (f"0002{BV}", "Havenplein 2", "3011 AA", False),
    ]
    assert Registergegevens.uit_json(gegevens.naar_json()) == gegevens
    assert kvk.gevraagd == [
        f"/api/v1/basisprofielen/{BV}",
        "/api/v2/zoeken",
        f"/api/v1/naamgevingen/kvknummer/{BV}",
        f"/api/v1/vestigingsprofielen/0001{BV}",
        f"/api/v1/vestigingsprofielen/0002{BV}",
    ]


@pytest.mark.parametrize(
    ("nummer", "rechtsvorm"),
    [
        (EENMANSZAAK, "eenmanszaak"),
        (BV, "bv"),
        (NV, "nv"),
        (STICHTING, "stichting"),
        (VOF, "vof"),
        (MAATSCHAP, "maatschap"),
    ],
)
def test_elk_openbaar_testnummer(kvk: NagebootstRegister, nummer: str, rechtsvorm: str) -> None:
    navraag = navragen(nummer, vandaag=VANDAAG)
    assert navraag.gegevens is not None
    assert (navraag.uitkomst, navraag.gegevens.rechtsvorm) == (GEVONDEN, rechtsvorm)


def test_het_foutnummer_is_tijdelijk_en_een_onbekend_nummer_niet(kvk: NagebootstRegister) -> None:
    assert (navragen(FOUT, vandaag=VANDAAG).uitkomst, navragen(ONBEKEND, vandaag=VANDAAG).uitkomst) == (
        WEG,
        NIET_GEVONDEN,
    )


def test_een_uitgeschreven_bedrijf(kvk: NagebootstRegister) -> None:
    navraag = navragen(GESTOPT, vandaag=VANDAAG)
    assert navraag.gegevens is not None
    assert (navraag.gegevens.uitgeschreven_op, navraag.gegevens.vestigingen[0].hoofd) == (date(2026, 1, 31), True)


@pytest.mark.parametrize(
    ("term", "verwacht"),
    [
        ("Besloten Vennootschap", "bv"),
        ("Besloten vennootschap met gewone structuur", "bv"),
        ("Coöperatie U.A.", "cooperatie"),
        ("Vereniging met volledige rechtsbevoegdheid", "vereniging"),
        ("Publiekrechtelijke Rechtspersoon", "publiekrechtelijk"),
        ("Buitenlandse EG-vennootschap met onderneming", "buitenlands"),
        ("Rederij", ""),
    ],
)
def test_rechtsvormen(term: str, verwacht: str) -> None:
    assert rechtsvorm_van(term) == verwacht


@pytest.mark.parametrize(
    ("postcode", "provincie"),
    [("1011 AB", Provincie.NOORD_HOLLAND), ("3511 AA", Provincie.UTRECHT), ("3430 AA", ""), ("", "")],
)
def test_een_gebied_over_de_grens_wordt_gevraagd(postcode: str, provincie: str) -> None:
    assert provincie_van(postcode) == provincie


@pytest.mark.parametrize(
    "inhoud",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"totaal": "1", "resultaten": []}', b"[" * 100_000, b'{"totaal": 1}'],
)
def test_een_vreemd_antwoord_is_onbruikbaar(inhoud: bytes) -> None:
    with pytest.raises(OnbruikbaarAntwoord):
        lees(Zoekantwoord, inhoud)


def test_een_melding_over_een_vreemd_antwoord_bevat_geen_gegevens() -> None:
    with pytest.raises(OnbruikbaarAntwoord) as fout:
        lees(Basisprofiel, b'{"kvkNummer": "geheim-123", "naam": "Naam"}')
    assert str(fout.value) == "Basisprofiel: kvkNummer heeft een andere vorm"


@pytest.mark.parametrize(
    ("getypt", "velden"),
    [
        ({"naam": "roosterwerk bv"}, []),
        ({"naam": "Roosterwerk Academie"}, []),  # a trade name
        ({"naam": "Anders B.V."}, ["naam"]),
        ({"sbi_code": "6201"}, []),  # a coarser level of the same code
        ({"sbi_code": "6202"}, ["sbi_code"]),
        ({"postcode": "3511aa", "straat": "proeflaan  12"}, []),
        ({"rechtsvorm": "nv", "plaats": ""}, ["rechtsvorm"]),
    ],
)
def test_verschillen(getypt: dict[str, str], velden: list[str]) -> None:
    register = Registergegevens(
        kvk_nummer=BV,
        naam="Roosterwerk B.V.",
        namen=("Roosterwerk B.V.", "Roosterwerk Academie"),
        rechtsvorm="bv",
        sbi_code="62010",
        straat="Proeflaan 12",
        postcode="3511 AA",
        plaats="Utrecht",
    )
    assert [deel.veld for deel in verschillen(getypt, register)] == velden


# --- Down, slow, wrong -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stand", [Stand.WEG, Stand.STUK, Stand.ANDERE_VORM, Stand.ANDER_NUMMER])
def test_zonder_bruikbaar_antwoord_is_het_register_onbereikbaar(kvk: NagebootstRegister, stand: Stand) -> None:
    kvk.stand = stand
    assert (navragen(BV, vandaag=VANDAAG).uitkomst, volledig_navragen(BV, vandaag=VANDAAG).uitkomst) == (WEG, WEG)


def test_niemand_luistert(settings: Any) -> None:
    cache.clear()
    with NagebootstRegister() as weg:
        adres = weg.adres
    settings.KVK_URL = adres
    assert navragen(BV, vandaag=VANDAAG) == Navraag(WEG, reden="verbinding: ConnectionError")
    cache.clear()


def test_een_kale_404_is_een_verkeerd_adres_en_geen_onbekend_bedrijf(kvk: NagebootstRegister, settings: Any) -> None:
    settings.KVK_SLEUTEL = "fout"
    assert navragen(ONBEKEND, vandaag=VANDAAG).uitkomst == WEG


def test_traag_duurt_nooit_langer_dan_de_wachttijd(kvk: NagebootstRegister) -> None:
    kvk.stand = Stand.TRAAG
    begin = time.monotonic()
    assert navragen(BV, vandaag=VANDAAG).uitkomst == WEG
    assert WACHTTIJD_SCHERM - 0.2 <= time.monotonic() - begin < 4


def test_ook_twee_langzame_antwoorden_samen_niet(kvk: NagebootstRegister) -> None:
    """Each call is within the limit, the two together are not."""
    kvk.stand, kvk.traag_seconden = Stand.TRAAG, 2.0
    begin = time.monotonic()
    assert navragen(BV, vandaag=VANDAAG).uitkomst == WEG
    assert time.monotonic() - begin < 4


def test_na_drie_keer_mislukken_vragen_wij_even_niets(kvk: NagebootstRegister) -> None:
    kvk.stand = Stand.WEG
    for _ in range(3):
        navragen(BV, vandaag=VANDAAG)
    kvk.stand = Stand.NORMAAL
    navraag = navragen(BV, vandaag=VANDAAG)
    assert (navraag.uitkomst, len(kvk.gevraagd)) == (WEG, 3)
    cache.delete("kvk-rust")  # a minute later
    assert navragen(BV, vandaag=VANDAAG).uitkomst == GEVONDEN
    kvk.stand = Stand.WEG
    navragen(BV, vandaag=VANDAAG)
    kvk.stand = Stand.NORMAAL
    assert navragen(BV, vandaag=VANDAAG).uitkomst == GEVONDEN  # one failure after a success is not three in a row


def test_geen_kvk_nummer_in_het_logboek(kvk: NagebootstRegister, caplog: pytest.LogCaptureFixture, capfd: Any) -> None:
    """Proves first that something is logged at all."""
    kvk.stand = Stand.WEG
    with caplog.at_level(logging.WARNING):
        navragen(EENMANSZAAK, vandaag=VANDAAG)
        kvk.stop()
        navragen(EENMANSZAAK, vandaag=VANDAAG)
        kvk._server.shutdown = lambda: None  # type: ignore[method-assign]  # it stopped already
    assert [regel.getMessage().split(": ", 1)[1] for regel in caplog.records] == [
        "antwoord 500 IPD1002",
        "verbinding: ConnectionError",
    ]
    uit, fout = capfd.readouterr()
    assert EENMANSZAAK not in caplog.text + uit + fout


# --- With an organisation and its application ----------------------------------------------------------------------


def _aangemeld(nummer: str, op: Any = VOOR, **velden: Any) -> Organisatie:
    gegevens = {"naam": "Roosterwerk", "werkzame_personen": 12, **velden}
    return organisatie_registreren(
        kvk_nummer=nummer, gegevens=gegevens, actor=None, op=op, register=register_opvragen(nummer, op=op)
    )


@pytest.mark.django_db
def test_aanmelden_vult_leeg_en_laat_staan_wat_getypt_is(kvk: NagebootstRegister) -> None:
    organisatie = vers(_aangemeld(BV, straat="Proeflaan 12"))
    assert (organisatie.register_stand, organisatie.register_op) == (Registerstand.BEVESTIGD, VOOR)
    assert (organisatie.rechtsvorm, organisatie.sbi_code, organisatie.sbi_versie, organisatie.sector) == (
        "bv",
        "62010",
        "SBI 2025",
        "Zakelijke dienstverlening",
    )
    assert (organisatie.plaats, organisatie.provincie, organisatie.rsin) == ("Utrecht", "Utrecht", "000000012")
    assert organisatie.vestigingen.count() == 3
    organisatie = organisatie_wijzigen(
        organisatie=organisatie, gegevens={"straat": "Andere laan 3"}, actor=None, op=TIJDENS
    )
    assert (organisatie.register_stand, organisatie.register_gegevens["zelf_ingevuld"]) == (
        Registerstand.AFWIJKEND,
        ["straat"],
    )
    organisatie = organisatie_wijzigen(
        organisatie=organisatie, gegevens={"straat": "Proeflaan 12"}, actor=None, op=TIJDENS
    )
    assert organisatie.register_stand == Registerstand.BEVESTIGD


@pytest.mark.django_db
@pytest.mark.parametrize("stand", [Stand.WEG, Stand.TRAAG, Stand.ANDER_NUMMER])
def test_eerst_verder_dan_later_bevestigd(kvk: NagebootstRegister, staf: Staf, stand: Stand) -> None:
    """The outcome that the issue asks for: go on, marked by hand, verified later, no decision until then."""
    kvk.stand = stand
    begin = time.monotonic()
    organisatie = _aangemeld(BV)
    assert time.monotonic() - begin < 4
    assert organisatie.register_stand == Registerstand.HANDMATIG
    tijdvak = open_tijdvak()
    zaak = maak_compleet(tijdvak, staf.behandelaar, organisatie)  # completeness is not held up
    assert zaak.toetsen.get(code="kvk_register").geldend == Toetsuitkomst.HANDMATIG
    for doe in (
        lambda: loting_tot(tijdvak, staf),
        lambda: besluit_op(vers(zaak), Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.VOORWAARDEN),
    ):
        with pytest.raises(OvergangFout) as fout:
            doe()
        assert fout.value.code in {"aanvragen-open", "register-open"}

    cache.clear()
    assert register_ronde(op=NA + timedelta(days=1)) == 1  # still no answer: nothing changes
    assert vers(organisatie).register_stand == Registerstand.HANDMATIG
    kvk.stand = Stand.NORMAAL
    cache.clear()
    register_bijwerken(op=NA + timedelta(days=2))
    organisatie = vers(organisatie)
    assert (organisatie.register_stand, organisatie.rechtsvorm) == (Registerstand.BEVESTIGD, "bv")
    assert vers(zaak).toetsen.get(code="kvk_register").geldend == Toetsuitkomst.VOLDOET
    loting_tot(tijdvak, staf)
    assert besluit_op(vers(zaak), Besluitsoort.VERLENING, staf).aanvraag.status == "verleend"
    standen = LogRegel.objects.filter(keten=keten_van(organisatie), handeling="register_vastleggen")
    assert [(regel.van, regel.naar) for regel in standen] == [("handmatig", "bevestigd")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("nummer", "naam", "stand", "uitkomst"),
    [
        (BV, "Heel iets anders", Registerstand.AFWIJKEND, Toetsuitkomst.HANDMATIG),
        (ONBEKEND, "Roosterwerk", Registerstand.NIET_GEVONDEN, Toetsuitkomst.VOLDOET_NIET),
        (GESTOPT, "Demo Gestopt", Registerstand.UITGESCHREVEN, Toetsuitkomst.VOLDOET_NIET),
    ],
)
def test_de_andere_uitkomsten(
    kvk: NagebootstRegister, nummer: str, naam: str, stand: Registerstand, uitkomst: Toetsuitkomst
) -> None:
    kvk.stand = Stand.WEG
    organisatie = _aangemeld(nummer, naam=naam)
    zaak = maak_ingediend(open_tijdvak(), organisatie)
    kvk.stand = Stand.NORMAAL
    register_ronde(op=NA)
    assert vers(organisatie).register_stand == stand
    toets = vers(zaak).toetsen.get(code="kvk_register")
    assert toets.geldend == uitkomst
    assert ("Heel iets anders" in toets.uitleg) == (stand == Registerstand.AFWIJKEND)


@pytest.mark.django_db
def test_een_behandelaar_controleert_zelf_en_moet_opnieuw_kijken_als_het_register_anders_zegt(
    kvk: NagebootstRegister, staf: Staf
) -> None:
    kvk.stand = Stand.WEG
    organisatie = _aangemeld(BV, naam="Heel iets anders")
    tijdvak = open_tijdvak()
    zaak = maak_compleet(tijdvak, staf.behandelaar, organisatie)
    toets = zaak.toetsen.get(code="kvk_register")
    toets_beoordelen(
        toets=toets, oordeel=Toetsuitkomst.VOLDOET, reden="Uittreksel gezien.", actor=staf.behandelaar, op=NA
    )
    loting_tot(tijdvak, staf)
    besluit = besluit_op(vers(zaak), Besluitsoort.VERLENING, staf, tot="voorstellen")
    assert besluit.status == "voorgesteld"
    kvk.stand = Stand.NORMAAL
    register_ronde(op=BESLUIT)
    toets = vers(toets)
    assert (toets.geldend, toets.oordeel) == (Toetsuitkomst.HANDMATIG, "")


@pytest.mark.django_db
def test_ook_een_afwijzing_wacht_op_het_register(staf: Staf) -> None:
    organisatie = maak_organisatie(register_stand=Registerstand.HANDMATIG)
    zaak = maak_compleet(open_tijdvak(), staf.behandelaar, organisatie)
    with pytest.raises(OvergangFout) as fout:
        besluit_op(zaak, Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.VOORWAARDEN)
    assert fout.value.code == "register-open"


@pytest.mark.django_db
def test_wat_het_register_zei_verdwijnt_niet_als_het_daarna_weg_is(kvk: NagebootstRegister) -> None:
    organisatie = _aangemeld(BV)
    kvk.stand = Stand.WEG
    organisatie = register_vastleggen(organisatie=organisatie, navraag=register_opvragen(BV, op=NA), actor=None, op=NA)
    assert (organisatie.register_stand, organisatie.register_op) == (Registerstand.BEVESTIGD, VOOR)


@pytest.mark.django_db
def test_wachten_tussen_pogingen_wordt_steeds_langer(kvk: NagebootstRegister) -> None:
    kvk.stand = Stand.WEG
    organisatie = _aangemeld(BV)  # the first attempt, at VOOR
    moment, gedaan = VOOR, []
    for minuten in (1, 1, 1, 1, 4, 4):  # after 1 attempt: 2 minutes, after 2: 4, after 3: 8
        moment += timedelta(minutes=minuten)
        cache.clear()
        gedaan.append(register_ronde(op=moment))
    assert gedaan == [0, 1, 0, 0, 1, 0]
    assert vers(organisatie).register_gegevens["pogingen"] == 3


@pytest.mark.django_db
def test_een_batch_houdt_op_als_het_register_stil_is(kvk: NagebootstRegister) -> None:
    for nummer in range(8):
        maak_organisatie(kvk_nummer=f"0055000{nummer}", register_stand=Registerstand.HANDMATIG)
    kvk.stand = Stand.WEG
    assert (register_ronde(op=NA), len(kvk.gevraagd)) == (3, 3)  # after three failures nothing is asked any more


@pytest.mark.django_db
def test_zonder_verbinding_of_zonder_werk_gebeurt_er_niets(kvk: NagebootstRegister, settings: Any) -> None:
    maak_organisatie()
    maak_organisatie(register_stand=Registerstand.NIET_GECONTROLEERD)  # no application: not ours to ask
    oud = maak_organisatie(register_stand=Registerstand.NIET_GECONTROLEERD)
    aanvraag_beginnen(tijdvak=open_tijdvak(), organisatie=oud, actor=None, op=TIJDENS, bron=Bron.IMPORT)
    organisatie_registreren(
        kvk_nummer="00000777", gegevens={"naam": "Verzonnen"}, actor=None, op=VOOR, register=Navraag.aangenomen("proef")
    )
    register_bijwerken(op=NA + timedelta(days=100))
    assert kvk.gevraagd == []
    maak_ingediend(open_tijdvak(), maak_organisatie(register_stand=Registerstand.NIET_GECONTROLEERD))
    settings.KVK_URL = ""
    register_bijwerken(op=NA)
    assert kvk.gevraagd == []


@pytest.mark.django_db
def test_de_gesimuleerde_aanvrager_is_bevestigd(staf: Staf) -> None:
    """The other tests of the suite stand on it: a round without a register still ends in grants."""
    _tijdvak, zaken = geloot(1, staf)
    assert zaken[0].toetsen.get(code="kvk_register").geldend == Toetsuitkomst.VOLDOET
    assert Aanvraag.objects.get().organisatie.register_stand == Registerstand.BEVESTIGD


def test_verzonnen_bedrijven_zijn_verzonnen() -> None:
    """Public test numbers, or numbers that cannot exist."""
    from aanvragen.register.nagebootst import BEDRIJVEN

    openbaar = {EENMANSZAAK, BV, NV, STICHTING, VOF, MAATSCHAP}
    assert all(nummer in openbaar or nummer.startswith("00") for nummer in BEDRIJVEN)
    assert openbaar < set(BEDRIJVEN)
