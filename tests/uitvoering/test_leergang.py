"""A course: participants, groups, meetings, presence, certificates, and proposals that become drafts."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from aanvragen.enums import Machtigingsoort
from aanvragen.models import Aanvraag, Postbusbericht
from aanvragen.services.behandeling import compleet_verklaren, in_behandeling_nemen
from aanvragen.services.concept import aanvraag_beginnen, velden_bewaren
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.organisatie import machtiging_verlenen
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker
from regeling.models import Tijdvak
from tests.factories.ronde import (
    BESLUIT,
    NA,
    TIJDENS,
    Staf,
    loting_tot,
    maak_gebruiker,
    maak_organisatie,
    open_tijdvak,
    verleen,
    vers,
)
from uitvoering.models import Cohort, Cursist, Voorstel
from uitvoering.services.intrekking import zaak_intrekken
from uitvoering.services.leergang import (
    bijeenkomst_plannen,
    certificaten_uitgeven,
    cohort_maken,
    cursist_aanmelden,
    cursist_afmelden,
    cursisten_indelen,
    presentie_vastleggen,
    wachtenden,
)
from uitvoering.services.voorstel import voorstel_aanvragen, voorstel_indienen

pytestmark = pytest.mark.django_db
EERSTE = BESLUIT + timedelta(days=10)
NA_AFLOOP = EERSTE + timedelta(days=40)


def leergangronde(**leergang: Any) -> Tijdvak:
    """Thirty places; three meetings, in groups of one to three, and a certificate for who was there twice."""
    course = {
        "bijeenkomsten": 3,
        "groep_minimum": 1,
        "groep_maximum": 3,
        "certificaat": True,
        "certificaat_minimum": 2,
        "voorstellen_maximum": 1,
        "vervolgregeling": "vervolg",
    }
    return open_tijdvak(
        plafond=30,
        tabellen={
            "aanvrager": {"soort": "werknemers"},
            "subsidie": {"vorm": "plaats", "eenheid": "stuks", "staatssteun": "geen"},
            "leergang": {**course, **leergang},
            "kostensoorten": [],
        },
    )


def met_plaatsen(staf: Staf, aantal: int = 2, tijdvak: Tijdvak | None = None) -> Aanvraag:
    """An organisation that was granted places."""
    tijdvak = tijdvak or leergangronde()
    zaak = aanvraag_beginnen(tijdvak=tijdvak, organisatie=maak_organisatie(), actor=None, op=TIJDENS)
    gegevens = {
        "contactpersoon": "Contact",
        "contact_email": "contact@proef.example",
        "titel": "Meedoen",
        "omschrijving": "Wij willen leren.",
        "gevraagd_stuks": aantal,
    }
    zaak = velden_bewaren(aanvraag=zaak, stap="project", gegevens=gegevens, actor=None, op=TIJDENS)
    zaak = aanvraag_indienen(aanvraag=zaak, actor=None, op=TIJDENS)
    zaak = in_behandeling_nemen(aanvraag=zaak, actor=staf.behandelaar, op=NA)
    compleet_verklaren(aanvraag=zaak, actor=staf.behandelaar, op=NA)
    loting_tot(tijdvak, staf)
    return vers(verleen(vers(zaak), staf))


def meld_aan(zaak: Aanvraag, *namen: str) -> list[Cursist]:
    return [
        cursist_aanmelden(aanvraag=zaak, naam=naam, email=f"{naam.lower()}@proef.example", actor=None, op=BESLUIT)
        for naam in namen
    ]


def groep(zaak: Aanvraag, staf: Staf, avonden: int = 3) -> Cohort:
    """A group with its meetings, a week apart, with everybody who waits in it."""
    cohort = cohort_maken(tijdvak=zaak.tijdvak, naam="Groep 1", actor=staf.behandelaar, op=BESLUIT)
    for nr in range(avonden):
        plan(cohort, staf, EERSTE + timedelta(weeks=nr))
    cursisten_indelen(cohort=cohort, actor=staf.behandelaar, op=BESLUIT)
    return cohort


def plan(cohort: Cohort, staf: Staf, begint_op: datetime) -> None:
    bijeenkomst_plannen(cohort=cohort, begint_op=begint_op, plaats="Utrecht", actor=staf.behandelaar, op=BESLUIT)


def was_er(cohort: Cohort, staf: Staf, nummer: int, *mensen: Cursist) -> int:
    return presentie_vastleggen(
        bijeenkomst=cohort.bijeenkomsten.get(nummer=nummer),
        aanwezig=[mens.pk for mens in mensen],
        actor=staf.behandelaar,
        op=NA_AFLOOP,
    )


def test_niet_meer_deelnemers_dan_plaatsen(staf: Staf) -> None:
    zaak = met_plaatsen(staf, 2)
    anna, _ = meld_aan(zaak, "Anna", "Bert")
    with pytest.raises(OvergangFout, match="allemaal bezet"):
        meld_aan(zaak, "Carla")
    cursist_afmelden(cursist=anna, actor=None, op=BESLUIT)
    with pytest.raises(InvoerFout, match="al aangemeld"):
        meld_aan(zaak, "Bert")
    meld_aan(zaak, "Carla")
    assert [c.naam for c in wachtenden(zaak.tijdvak)] == ["Bert", "Carla"]


def test_zonder_besluit_of_zonder_leergang_geen_deelnemers(staf: Staf) -> None:
    zaak = met_plaatsen(staf)
    zaak_intrekken(aanvraag=zaak, reden="Nee.", actor=None, op=BESLUIT)
    with pytest.raises(OvergangFout, match="nog geen plaatsen"):
        meld_aan(vers(zaak), "Anna")
    ander = aanvraag_beginnen(tijdvak=open_tijdvak(), organisatie=maak_organisatie(), actor=None, op=TIJDENS)
    with pytest.raises(InvoerFout, match="geen leergang"):
        meld_aan(ander, "Anna")


def test_indelen_gaat_op_volgorde_tot_de_groep_vol_is(staf: Staf) -> None:
    zaak = met_plaatsen(staf, 2, leergangronde(groep_maximum=2))
    Aanvraag.objects.filter(pk=zaak.pk).update(toegekend_stuks=3)
    meld_aan(zaak, "Anna", "Bert", "Carla")
    cohort = groep(zaak, staf)
    assert list(cohort.cursisten.values_list("naam", flat=True)) == ["Anna", "Bert"]
    assert vers(zaak).status == "in_uitvoering"
    bericht = Postbusbericht.objects.get(sleutel__startswith="leergang-")
    assert "Anna, Bert" in bericht.tekst
    with pytest.raises(OvergangFout, match="de groep is vol"):
        cursisten_indelen(cohort=cohort, actor=staf.behandelaar, op=BESLUIT)


def test_wie_intrekt_heeft_geen_deelnemers_meer(staf: Staf) -> None:
    zaak = met_plaatsen(staf)
    meld_aan(zaak, "Anna")
    groep(zaak, staf)
    zaak_intrekken(aanvraag=vers(zaak), reden="Nee.", actor=None, op=BESLUIT)
    assert not Cursist.objects.filter(afgemeld_op=None).exists()


def test_bijeenkomsten_staan_op_volgorde_en_zijn_er_niet_meer_dan_de_regeling_zegt(staf: Staf) -> None:
    cohort = cohort_maken(tijdvak=leergangronde(), naam="Groep 1", actor=staf.behandelaar, op=BESLUIT)
    plan(cohort, staf, EERSTE)
    with pytest.raises(InvoerFout, match="niet na de vorige"):
        plan(cohort, staf, EERSTE)
    plan(cohort, staf, EERSTE + timedelta(days=1))
    plan(cohort, staf, EERSTE + timedelta(days=2))
    with pytest.raises(OvergangFout, match="Alle bijeenkomsten"):
        plan(cohort, staf, EERSTE + timedelta(days=3))
    with pytest.raises(InvoerFout, match="al een groep met deze naam"):
        cohort_maken(tijdvak=cohort.tijdvak, naam="Groep 1", actor=staf.behandelaar, op=BESLUIT)
    with pytest.raises(RechtenFout):
        cohort_maken(tijdvak=cohort.tijdvak, naam="Groep 2", actor=staf.financieel, op=BESLUIT)


def test_een_certificaat_voor_wie_vaak_genoeg_was(staf: Staf) -> None:
    zaak = met_plaatsen(staf)
    anna, bert = meld_aan(zaak, "Anna", "Bert")
    cohort = groep(zaak, staf)
    was_er(cohort, staf, 1, anna, bert)
    was_er(cohort, staf, 2, anna)
    with pytest.raises(OvergangFout, match="Niet van alle bijeenkomsten"):
        certificaten_uitgeven(cohort=cohort, actor=staf.behandelaar, op=NA_AFLOOP)
    was_er(cohort, staf, 3)
    assert certificaten_uitgeven(cohort=cohort, actor=staf.behandelaar, op=NA_AFLOOP) == 1
    anna, bert = vers(anna), vers(bert)
    assert bert.certificaat is None
    with anna.certificaat.inhoud.open("rb") as bestand:
        inhoud = bestand.read()
    with pikepdf.open(BytesIO(inhoud)) as pdf:
        assert "Certificaat" in str(pdf.docinfo.get("/Title") or pdf.open_metadata().get("dc:title"))
    assert certificaten_uitgeven(cohort=cohort, actor=staf.behandelaar, op=NA_AFLOOP) == 0
    with pytest.raises(OvergangFout, match="al gemaakt"):
        was_er(cohort, staf, 3, bert)
    with pytest.raises(OvergangFout, match="heeft het certificaat al"):
        cursist_afmelden(cursist=anna, actor=None, op=NA_AFLOOP)


def test_in_een_groep_die_klaar_is_komt_niemand_meer(staf: Staf) -> None:
    zaak = met_plaatsen(staf)
    (anna,) = meld_aan(zaak, "Anna")
    cohort = groep(zaak, staf)
    meld_aan(zaak, "Bert")
    for nummer in (1, 2, 3):
        was_er(cohort, staf, nummer, anna)
    certificaten_uitgeven(cohort=cohort, actor=staf.behandelaar, op=NA_AFLOOP)
    with pytest.raises(OvergangFout, match="Deze groep is klaar"):
        cursisten_indelen(cohort=cohort, actor=staf.behandelaar, op=NA_AFLOOP)
    assert [cursist.naam for cursist in wachtenden(zaak.tijdvak)] == ["Bert"]


def test_aanwezigheid_is_van_mensen_in_de_groep_en_van_een_bijeenkomst_die_was(staf: Staf) -> None:
    zaak = met_plaatsen(staf)
    meld_aan(zaak, "Anna")
    cohort = groep(zaak, staf)
    (bert,) = meld_aan(zaak, "Bert")
    with pytest.raises(InvoerFout, match="niet in deze groep"):
        was_er(cohort, staf, 1, bert)
    with pytest.raises(OvergangFout, match="nog niet begonnen"):
        presentie_vastleggen(
            bijeenkomst=cohort.bijeenkomsten.get(nummer=1), aanwezig=[], actor=staf.behandelaar, op=BESLUIT
        )


def voorstel_van(cursist: Cursist) -> Voorstel:
    return voorstel_indienen(
        cursist=vers(cursist), titel="Eigen roosters", omschrijving="Teams roosteren zelf.", actor=None, op=TIJDENS
    )


def werkgever(zaak: Aanvraag) -> Gebruiker:
    gebruiker = maak_gebruiker()
    machtiging_verlenen(
        organisatie=zaak.organisatie, gebruiker=gebruiker, soort=Machtigingsoort.BEHEERDER, actor=None, op=TIJDENS
    )
    return gebruiker


def test_een_voorstel_wordt_een_concept_in_de_regeling_die_het_bestand_noemt(staf: Staf) -> None:
    zaak = met_plaatsen(staf)
    anna, bert = meld_aan(zaak, "Anna", "Bert")
    with pytest.raises(OvergangFout, match="volgt deze leergang nu niet"):
        voorstel_van(anna)
    groep(zaak, staf)
    voorstel = voorstel_van(anna)
    with pytest.raises(OvergangFout, match="al 1 voorstellen"):
        voorstel_van(bert)
    assert "Eigen roosters" in Postbusbericht.objects.get(sleutel=f"leergang-voorstel-{voorstel.pk}").tekst
    baas = werkgever(zaak)
    with pytest.raises(OvergangFout, match="geen tijdvak open"):
        voorstel_aanvragen(voorstel=voorstel, actor=baas, op=TIJDENS)
    vervolg = open_tijdvak(sleutel="vervolg")
    with pytest.raises(RechtenFout, match="voor deze organisatie"):
        voorstel_aanvragen(voorstel=voorstel, actor=maak_gebruiker(), op=TIJDENS)
    concept = voorstel_aanvragen(voorstel=voorstel, actor=baas, op=TIJDENS)
    assert (concept.tijdvak, concept.organisatie, concept.status) == (vervolg, zaak.organisatie, "concept")
    assert (concept.titel, concept.omschrijving) == ("Eigen roosters", "Teams roosteren zelf.")
    assert voorstel_aanvragen(voorstel=vers(voorstel), actor=baas, op=TIJDENS) == concept


def test_een_bestaand_concept_wordt_niet_overschreven(staf: Staf) -> None:
    zaak = met_plaatsen(staf)
    (anna,) = meld_aan(zaak, "Anna")
    groep(zaak, staf)
    vervolg = open_tijdvak(sleutel="vervolg")
    aanvraag_beginnen(tijdvak=vervolg, organisatie=zaak.organisatie, actor=None, op=TIJDENS)
    with pytest.raises(OvergangFout, match="heeft al een concept"):
        voorstel_aanvragen(voorstel=voorstel_van(anna), actor=werkgever(zaak), op=TIJDENS)
