"""Payments: two people, one list, one booking; and a list that a spreadsheet can open without harm."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from aanvragen.enums import Machtigingsoort, Status
from aanvragen.models import Aanvraag, Organisatie
from aanvragen.services.organisatie import machtiging_verlenen
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import LogRegel
from regeling.enums import Boekingsoort
from regeling.models import Boeking
from tests.factories.ronde import (
    EINDE,
    IBAN,
    VOOR,
    Staf,
    eis_grootboek_klopt,
    gecontroleerd,
    gedeclareerd,
    geloot,
    maak_gebruiker,
    maak_ingediend,
    maak_organisatie,
    op_rang,
    open_tijdvak,
    opgedragen,
    vastgesteld,
    verleen,
    vers,
)
from uitvoering.models import Betaallijst, Betaling
from uitvoering.services.betaling import (
    betaallijst_maken,
    betaling_accorderen,
    betaling_bevestigen,
    betaling_klaarzetten,
    betaling_weigeren,
)

pytestmark = pytest.mark.django_db
LATER = EINDE + timedelta(days=5)


def te_betalen(staf: Staf, aantal: int = 1, **opties: Any) -> list[Betaling]:
    """Settled cases with their payment put ready by the decider; in rank order."""
    tijdvak, zaken = geloot(aantal, staf, **opties)
    for zaak in zaken:
        opgedragen(verleen(zaak, staf))
        gecontroleerd(gedeclareerd(zaak), staf)
        vastgesteld(vers(zaak), staf)
    return [zaak.betalingen.get() for zaak in op_rang(tijdvak)]


def accordeer(betaling: Betaling, staf: Staf) -> Betaling:
    return betaling_accorderen(betaling=betaling, actor=staf.financieel, op=LATER)


def lijst(staf: Staf) -> Betaallijst:
    return betaallijst_maken(actor=staf.financieel, op=LATER)


def tekst(betaallijst: Betaallijst) -> str:
    with betaallijst.bestand.inhoud.open() as bestand:
        return bestand.read().decode()


def test_van_klaargezet_tot_betaald(staf: Staf) -> None:
    betaling = te_betalen(staf)[0]
    betaling = accordeer(betaling, staf)
    assert (betaling.status, betaling.geaccordeerd_door) == ("geaccordeerd", staf.financieel)
    betaallijst = lijst(staf)
    assert (betaallijst.nummer, betaallijst.aantal, betaallijst.totaal) == (1, 1, 1000)
    betaling = betaling_bevestigen(betaling=betaling, actor=staf.financieel, op=LATER)
    assert (betaling.status, betaling.betaald_op, betaling.lijst) == ("betaald", LATER, betaallijst)
    aanvraag = vers(betaling.aanvraag)
    assert aanvraag.status == Status.AFGESLOTEN
    boeking = Boeking.objects.get(soort=Boekingsoort.BETALING)
    assert (boeking.bedrag, boeking.onderwerp, boeking.plafond.betaald) == (1000, aanvraag.pk, 1000)
    eis_grootboek_klopt(aanvraag.tijdvak)
    assert [r.handeling for r in LogRegel.objects.filter(keten=f"betaling:{betaling.pk}").order_by("volgnr")] == [
        "klaarzetten",
        "accorderen",
        "op_lijst_zetten",
        "betalen",
    ]


def test_bevestigen_boekt_een_keer(staf: Staf) -> None:
    betaling = accordeer(te_betalen(staf)[0], staf)
    lijst(staf)
    betaling_bevestigen(betaling=betaling, actor=staf.financieel, op=LATER)
    with pytest.raises(OvergangFout, match="heeft nu de status “Betaald”"):
        betaling_bevestigen(betaling=betaling, actor=staf.financieel, op=LATER)
    assert Boeking.objects.filter(soort=Boekingsoort.BETALING).count() == 1


@pytest.mark.parametrize("tot", ["klaargezet", "geaccordeerd"])
def test_bevestigen_kan_pas_vanaf_de_lijst(staf: Staf, tot: str) -> None:
    betaling = te_betalen(staf)[0]
    if tot == "geaccordeerd":
        betaling = accordeer(betaling, staf)
    with pytest.raises(OvergangFout):
        betaling_bevestigen(betaling=betaling, actor=staf.financieel, op=LATER)
    assert (vers(betaling.aanvraag).status, Boeking.objects.filter(soort="betaling").count()) == (
        Status.VASTGESTELD,
        0,
    )


# --- Own interest -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stap", ["klaarzetten", "bevestigen", "weigeren"])
def test_wie_voor_de_aanvrager_handelt_raakt_de_betaling_niet_aan(staf: Staf, stap: str) -> None:
    betaling = accordeer(te_betalen(staf)[0], staf)
    lijst(staf)
    partij = maak_gebruiker(Rol.FINANCIEEL)
    organisatie = betaling.aanvraag.organisatie
    machtiging_verlenen(
        organisatie=organisatie, gebruiker=partij, soort=Machtigingsoort.MEDEWERKER, actor=None, op=VOOR
    )
    handelingen = {
        "klaarzetten": lambda: betaling_klaarzetten(
            aanvraag=vers(betaling.aanvraag), bedrag=Decimal(1), actor=partij, op=LATER
        ),
        "bevestigen": lambda: betaling_bevestigen(betaling=betaling, actor=partij, op=LATER),
        "weigeren": lambda: betaling_weigeren(betaling=betaling, reden="Onbekende rekening", actor=partij, op=LATER),
    }
    with pytest.raises(RechtenFout, match="U handelt zelf voor deze aanvrager"):
        handelingen[stap]()
    assert (vers(betaling).status, Betaling.objects.count()) == ("in_bestand", 1)


# --- Four eyes --------------------------------------------------------------------------------------------------


def test_wie_klaarzet_accordeert_niet(staf: Staf) -> None:
    """The decider also has the financial role here: still another person is needed."""
    dubbel = maak_gebruiker(Rol.BEHANDELAAR, Rol.BESLISSER, Rol.FINANCIEEL)
    betaling = te_betalen(staf)[0]
    Betaling.objects.filter(pk=betaling.pk).update(klaargezet_door=dubbel)
    with pytest.raises(RechtenFout) as fout:
        betaling_accorderen(betaling=betaling, actor=dubbel, op=LATER)
    assert (fout.value.code, vers(betaling).status) == ("vier-ogen", "klaargezet")
    with pytest.raises(IntegrityError), transaction.atomic():
        Betaling.objects.filter(pk=betaling.pk).update(geaccordeerd_door=dubbel)


def test_wie_voor_de_ontvanger_handelt_accordeert_niet(staf: Staf) -> None:
    betaling = te_betalen(staf)[0]
    machtiging_verlenen(
        organisatie=betaling.aanvraag.organisatie,
        gebruiker=staf.financieel,
        soort=Machtigingsoort.MEDEWERKER,
        actor=None,
        op=VOOR,
    )
    with pytest.raises(RechtenFout, match="U handelt zelf voor deze aanvrager"):
        accordeer(betaling, staf)


def test_alleen_financieel_betaalt(staf: Staf) -> None:
    betaling = te_betalen(staf)[0]
    for actor in [maak_gebruiker(rol) for rol in Rol if rol != Rol.FINANCIEEL]:
        opties: dict[str, Any] = {"actor": actor, "op": LATER}
        with pytest.raises(RechtenFout):
            betaling_accorderen(betaling=betaling, **opties)
        with pytest.raises(RechtenFout):
            betaallijst_maken(**opties)
        with pytest.raises(RechtenFout):
            betaling_bevestigen(betaling=betaling, **opties)
        with pytest.raises(RechtenFout):
            betaling_weigeren(betaling=betaling, reden="x", **opties)
    assert vers(betaling).status == "klaargezet"


# --- The list ---------------------------------------------------------------------------------------------------


def test_de_lijst_staat_er_precies_zo(staf: Staf) -> None:
    betalingen = [accordeer(betaling, staf) for betaling in te_betalen(staf, 2, sleutel="lijst")]
    betaallijst = lijst(staf)
    regels = sorted(
        f"{b.kenmerk};{b.aanvraag.organisatie.naam};{IBAN};1000.00;Subsidie {b.aanvraag.kenmerk}" for b in betalingen
    )
    kop, *rest = tekst(betaallijst).splitlines()
    assert (kop, sorted(rest)) == ("kenmerk;begunstigde;iban;bedrag;omschrijving", regels)
    assert (betaallijst.aantal, betaallijst.totaal, betaallijst.bestand.naam) == (2, 2000, "betaallijst-0001.csv")
    assert betaallijst.bestand.sha256 == hashlib.sha256(tekst(betaallijst).encode()).hexdigest()


def test_een_betaling_staat_op_een_lijst(staf: Staf) -> None:
    eerste, tweede = te_betalen(staf, 2)
    accordeer(eerste, staf)
    een = lijst(staf)
    with pytest.raises(OvergangFout, match="Er zijn geen geaccordeerde betalingen."):
        lijst(staf)
    accordeer(tweede, staf)
    twee = lijst(staf)
    assert [(b.lijst, b.status) for b in (vers(eerste), vers(tweede))] == [(een, "in_bestand"), (twee, "in_bestand")]
    assert (een.nummer, twee.nummer, twee.aantal) == (1, 2, 1)


CELLEN = [
    ("=HYPERLINK(1)", IBAN, "'=HYPERLINK(1)", IBAN),
    ("+31 bv", IBAN, "'+31 bv", IBAN),
    ("-1+1", IBAN, "'-1+1", IBAN),
    ("@SUM(A1)", IBAN, "'@SUM(A1)", IBAN),
    ("\t=1+1", IBAN, "'\t=1+1", IBAN),
    ("  =1+1", IBAN, "'  =1+1", IBAN),
    ("Gewoon bv = goed", IBAN, "Gewoon bv = goed", IBAN),
    ("Puntkomma; bv", IBAN, '"Puntkomma; bv"', IBAN),
    ('Aanhaling" bv', IBAN, '"Aanhaling"" bv"', IBAN),
    ("Bedrijf bv", "=cmd|'/c calc'!A1", "Bedrijf bv", "'=cmd|'/c calc'!A1"),
]


def test_geen_formules_in_de_lijst(staf: Staf) -> None:
    tijdvak, verwacht = open_tijdvak(), []
    for nummer, (naam, iban, cel_naam, cel_iban) in enumerate(CELLEN):
        aanvraag = maak_ingediend(tijdvak, maak_organisatie(naam=naam))
        Aanvraag.objects.filter(pk=aanvraag.pk).update(iban=iban)
        op = EINDE + timedelta(minutes=nummer)
        betaling = betaling_klaarzetten(aanvraag=vers(aanvraag), bedrag=Decimal("0.5"), actor=None, op=op)
        accordeer(betaling, staf)
        verwacht.append(f"{betaling.kenmerk};{cel_naam};{cel_iban};0.50;Subsidie {aanvraag.kenmerk}")
    assert tekst(lijst(staf)).split("\n") == ["kenmerk;begunstigde;iban;bedrag;omschrijving", *verwacht, ""]


# --- Returned by the bank ---------------------------------------------------------------------------------------


def test_een_geweigerde_betaling_kan_opnieuw(staf: Staf) -> None:
    betaling = accordeer(te_betalen(staf)[0], staf)
    lijst(staf)
    with pytest.raises(InvoerFout, match="De reden ontbreekt."):
        betaling_weigeren(betaling=betaling, reden=" ", actor=staf.financieel, op=LATER)
    betaling = betaling_weigeren(betaling=betaling, reden="Rekening opgeheven", actor=staf.financieel, op=LATER)
    assert (betaling.status, betaling.reden) == ("geweigerd", "Rekening opgeheven")
    aanvraag = vers(betaling.aanvraag)
    assert aanvraag.status == Status.VASTGESTELD
    nieuw = betaling_klaarzetten(aanvraag=aanvraag, bedrag=Decimal(1000), actor=staf.beslisser, op=LATER)
    assert (nieuw.kenmerk, nieuw.status) == (f"{aanvraag.kenmerk}-2", "klaargezet")
    accordeer(nieuw, staf)
    assert lijst(staf).nummer == 2
    betaling_bevestigen(betaling=nieuw, actor=staf.financieel, op=LATER)
    assert Boeking.objects.get(soort=Boekingsoort.BETALING).bedrag == 1000


def test_er_is_een_lopende_betaling_tegelijk(staf: Staf) -> None:
    betaling = te_betalen(staf)[0]
    with pytest.raises(OvergangFout, match="Er is al een betaling voor deze aanvraag."):
        betaling_klaarzetten(aanvraag=betaling.aanvraag, bedrag=Decimal(1000), actor=staf.beslisser, op=LATER)
    assert Betaling.objects.count() == 1


def test_zonder_rekeningnummer_geen_betaling() -> None:
    aanvraag = maak_ingediend(open_tijdvak())
    with pytest.raises(InvoerFout) as fout:
        betaling_klaarzetten(aanvraag=aanvraag, bedrag=Decimal(1), actor=None, op=LATER)
    assert (fout.value.code, Betaling.objects.count()) == ("iban-ontbreekt", 0)


@pytest.mark.parametrize("sleutel", ["kort", "ronde-met-een-hele-lange-naam-voor-2026", "esf-e-voucher-2011-sim-10"])
def test_het_kenmerk_is_uniek_en_past_bij_de_bank(sleutel: str) -> None:
    """35 characters at most; with a long key the number of the application must not fall off."""
    tijdvak = open_tijdvak(sleutel=sleutel)
    kenmerken = []
    for _ in range(2):
        aanvraag = maak_ingediend(tijdvak)
        Aanvraag.objects.filter(pk=aanvraag.pk).update(iban=IBAN)
        kenmerken.append(betaling_klaarzetten(aanvraag=vers(aanvraag), bedrag=Decimal(1), actor=None, op=LATER).kenmerk)
    assert len(set(kenmerken)) == 2
    assert [len(kenmerk) <= 35 for kenmerk in kenmerken] == [True, True]
    assert [f"-0000{nr}-" in kenmerk for nr, kenmerk in enumerate(kenmerken, 1)] == [True, True]


def test_een_lange_naam_past_op_de_betaling(staf: Staf) -> None:
    aanvraag = maak_ingediend(open_tijdvak())
    Aanvraag.objects.filter(pk=aanvraag.pk).update(iban=IBAN)
    Organisatie.objects.filter(pk=aanvraag.organisatie_id).update(naam="x" * 200)
    betaling = betaling_klaarzetten(aanvraag=vers(aanvraag), bedrag=Decimal(1), actor=None, op=LATER)
    assert betaling.begunstigde == "x" * 70
