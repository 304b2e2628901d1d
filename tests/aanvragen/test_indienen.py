"""Sending: in time by the server's clock, once, with a number, a copy of everything and a receipt (R1-R2, R45)."""

from __future__ import annotations

import hashlib
import io
import json
import re
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from django.db import IntegrityError, connection, transaction

from aanvragen.enums import Publiek, Status, Toetsuitkomst
from aanvragen.inhoud import inhoud_sha256, verstuurde_rubrieken
from aanvragen.models import Aanvraag, Postbusbericht
from aanvragen.services.behandeling import aanvulling_beantwoorden, aanvulling_vragen, in_behandeling_nemen
from aanvragen.services.concept import Begrotingspost, aanvraag_beginnen, begroting_bewaren, velden_bewaren
from aanvragen.services.indienen import (
    aanvraag_indienen,
    aanvraag_intrekken,
    concepten_laten_verlopen,
    gebreken,
    kenmerk_maken,
    ontvangst_html,
    ontvangstbewijs,
    verlopen_concepten_opruimen,
)
from aanvragen.services.organisatie import organisatie_wijzigen
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Bericht, Bestand, LogRegel
from kern.services.overgang import overgang_toepassen
from regeling.models import Tijdvak
from regeling.services.tijdvak import klok_bijwerken
from tests.factories.ronde import (
    NA,
    OPEN,
    SLUIT,
    TIJDENS,
    maak_compleet,
    maak_concept,
    maak_ingediend,
    maak_organisatie,
    maak_staf,
    open_tijdvak,
    regeling_dict,
    vers,
)

pytestmark = pytest.mark.django_db
MICROSECONDE = timedelta(microseconds=1)


def verstuur(aanvraag: Aanvraag, op: datetime = TIJDENS) -> Aanvraag:
    return aanvraag_indienen(aanvraag=aanvraag, actor=None, op=op)


def test_versturen_legt_alles_vast() -> None:
    aanvraag = verstuur(maak_concept(open_tijdvak(sleutel="ronde")))
    assert (aanvraag.status, aanvraag.publieke_status) == (Status.INGEDIEND, Publiek.ONTVANGEN)
    assert (aanvraag.kenmerk, aanvraag.ingediend_op) == ("RONDE-1-00001", TIJDENS)
    assert aanvraag.beslissen_uiterlijk_op == date(2026, 6, 26)  # 13 weeks after closing
    assert aanvraag.organisatie_toen["grootteklasse"] == "10-49"
    assert aanvraag.organisatie_toen["kvk_nummer"] == aanvraag.organisatie.kvk_nummer
    assert {toets.code: toets.uitkomst for toets in aanvraag.toetsen.all()} == {
        "venster": "voldoet",
        "kvk": "voldoet",
        "kvk_register": "voldoet",
        "een_per_aanvrager": "voldoet",
        "bedrag": "voldoet",
        "iban": "voldoet",
    }


def test_twee_keer_versturen_geeft_hetzelfde_bewijs() -> None:
    """A double click, or a retry after a lost answer: one number, one message, one line in the trail (R2)."""
    concept = maak_concept(open_tijdvak())
    eerste, tweede = verstuur(concept), verstuur(concept, TIJDENS + timedelta(minutes=5))
    assert (tweede.kenmerk, tweede.ingediend_op, tweede.versie) == (eerste.kenmerk, TIJDENS, eerste.versie)
    assert ontvangstbewijs(aanvraag=eerste) == ontvangstbewijs(aanvraag=tweede)
    assert Postbusbericht.objects.filter(sleutel=f"ontvangst-{eerste.pk}").count() == 1
    assert LogRegel.objects.filter(keten=f"aanvraag:{eerste.pk}", handeling="indienen").count() == 1
    assert Tijdvak.objects.get(pk=eerste.tijdvak_id).volgnummer == 1


@pytest.mark.parametrize(
    ("moment", "mag"),
    [
        (OPEN - MICROSECONDE, False),
        (OPEN, True),
        (SLUIT - MICROSECONDE, True),
        (SLUIT, True),  # exactly at the closing second counts
        (SLUIT + MICROSECONDE, False),
        (SLUIT + timedelta(days=10), False),
    ],
)
def test_op_de_seconde_van_sluiten(moment: datetime, mag: bool) -> None:
    concept = maak_concept(open_tijdvak())
    if mag:
        assert verstuur(concept, moment).ingediend_op == moment
        return
    with pytest.raises(InvoerFout) as fout:
        verstuur(concept, moment)
    assert fout.value.code == ("tijdvak-gesloten" if moment > SLUIT else "tijdvak-nog-niet-open")
    nu = vers(concept)
    assert (nu.status, nu.kenmerk, nu.ingediend_op) == (Status.CONCEPT, "", None)
    assert (Bericht.objects.count(), Tijdvak.objects.get(pk=concept.tijdvak_id).volgnummer) == (0, 0)


def test_op_tijd_ontvangen_maar_later_verwerkt_telt() -> None:
    """The clock closed the round while the request was waiting (R47, design 04)."""
    concept = maak_concept(open_tijdvak())
    assert klok_bijwerken(op=SLUIT + timedelta(seconds=1)) == 1
    assert Tijdvak.objects.get(pk=concept.tijdvak_id).status == "gesloten"
    aanvraag = verstuur(concept, SLUIT)
    assert (aanvraag.status, aanvraag.ingediend_op) == (Status.INGEDIEND, SLUIT)
    assert aanvraag.toetsen.get(code="venster").uitkomst == Toetsuitkomst.VOLDOET


def test_als_de_lijst_is_bevroren_kan_er_niemand_meer_bij() -> None:
    """Also for a request that came in time: the list of participants is public by then."""
    tijdvak = open_tijdvak()
    concept = maak_concept(tijdvak)
    klok_bijwerken(op=NA)
    overgang_toepassen(tijdvak, "verdeling_beginnen", actor=None, op=NA)
    with pytest.raises(InvoerFout) as fout:
        verstuur(concept, SLUIT)
    assert fout.value.code == "tijdvak-gesloten"
    assert vers(concept).status == Status.CONCEPT


@pytest.mark.django_db(transaction=True)
def test_versturen_terwijl_de_lijst_wordt_bevroren_komt_er_niet_tussendoor() -> None:
    """The officer holds the round while freezing; who waits for it looks again before taking a number."""
    tijdvak = open_tijdvak()
    concept = maak_concept(tijdvak)
    klok_bijwerken(op=NA)
    bezig, uitkomst = threading.Event(), []

    def bevriezen() -> None:
        try:
            with transaction.atomic():
                overgang_toepassen(tijdvak, "verdeling_beginnen", actor=None, op=NA)
                bezig.set()
                threading.Event().wait(0.5)
        finally:
            bezig.set()
            connection.close()

    def versturen() -> None:
        bezig.wait()
        try:
            uitkomst.append(verstuur(concept, SLUIT).kenmerk)
        except InvoerFout as fout:
            uitkomst.append(fout.code)
        finally:
            connection.close()

    draden = [threading.Thread(target=bevriezen), threading.Thread(target=versturen)]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    assert uitkomst == ["tijdvak-gesloten"]
    assert (vers(tijdvak).volgnummer, vers(concept).status) == (0, Status.CONCEPT)


def test_alles_wat_ontbreekt_staat_bij_elkaar() -> None:
    tabellen = {
        "vragen": [
            {"code": "waarom", "tekst": "Waarom wilt u dit?", "soort": "tekst"},
            {"code": "extra", "tekst": "Nog iets?", "soort": "tekst", "verplicht": False},
            {"code": "steun", "tekst": "Is er steun?", "soort": "ja_nee"},
        ],
        "verklaringen": [{"code": "waar", "tekst": "Alles is waar."}],
        "bijlagen": [{"code": "plan", "naam": "Projectplan"}],
        "adviseur": {"nodig": True, "referenties": 2},
        "themas": [{"code": "een", "naam": "Een"}],
        "themakeuze": {"minimum": 1, "maximum": 1},
        "doelen": {"minimum": 1, "maximum": 6},
        "aanvrager": {"soort": "onderneming", "werkzame_personen_min": 2},
    }
    tijdvak = open_tijdvak(tabellen=tabellen)
    organisatie = maak_organisatie(werkzame_personen=None)
    aanvraag = aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=None, op=TIJDENS)
    verwacht = [
        ("organisatie", "Vul de naam van de contactpersoon in."),
        ("organisatie", "Vul het e-mailadres van de contactpersoon in."),
        ("organisatie", "Vul het aantal werkzame personen in."),
        ("project", "Geef het project een titel."),
        ("project", "Beschrijf het project."),
        ("vragen", "Beantwoord de vraag: Waarom wilt u dit?"),
        ("vragen", "Beantwoord de vraag: Is er steun?"),
        ("begroting", "Vul de kosten in."),
        ("themas", "Thema's: 0 gekozen; het moeten er 1 tot 1 zijn."),
        ("themas", "Doelen: 0 gekozen; het moeten er 1 tot 6 zijn."),
        ("adviseur", "Adviseur: Er is geen adviseur genoemd."),
        ("adviseur", "Referenties van de adviseur: Er zijn 0 referenties; nodig zijn er 2."),
        ("verklaringen", "Verklaringen: Niet aangekruist: “Alles is waar.”"),
        ("bijlagen", "Bijlagen: Ontbreekt: Projectplan."),
    ]
    assert [(gebrek.stap, gebrek.melding) for gebrek in gebreken(aanvraag, TIJDENS)] == verwacht
    with pytest.raises(InvoerFout) as fout:
        verstuur(aanvraag)
    assert fout.value.code == "aanvraag-niet-compleet"
    assert fout.value.melding == "De aanvraag is nog niet klaar: " + " ".join(melding for _, melding in verwacht)
    assert vers(aanvraag).status == Status.CONCEPT


def test_een_nee_is_een_antwoord() -> None:
    """The answer False is filled in; so is the number nought."""
    vragen = [
        {"code": "steun", "tekst": "Is er steun?", "soort": "ja_nee"},
        {"code": "mensen", "tekst": "Hoeveel mensen?", "soort": "aantal"},
    ]
    concept = maak_concept(open_tijdvak(tabellen={"vragen": vragen}))
    concept = velden_bewaren(
        aanvraag=concept, stap="vragen", gegevens={"antwoorden": {"steun": False, "mensen": 0}}, actor=None, op=TIJDENS
    )
    assert gebreken(concept, TIJDENS) == []
    assert verstuur(concept).status == Status.INGEDIEND


def test_velden_die_niet_hoeven_houden_niets_tegen() -> None:
    """R45: telephone, account number, dates, goals, an optional question, attachment and declaration stay empty."""
    tabellen = {
        "vragen": [{"code": "extra", "tekst": "Nog iets?", "soort": "tekst", "verplicht": False}],
        "verklaringen": [{"code": "nieuws", "tekst": "Stuur ons nieuws.", "verplicht": False}],
        "bijlagen": [{"code": "foto", "naam": "Foto", "verplicht": False}],
        "themas": [{"code": "een", "naam": "Een"}],
        "themakeuze": {"minimum": 0, "maximum": 1},
        "project": {"duur_maximum_maanden": 9},
    }
    organisatie = maak_organisatie(
        werkzame_personen=None, sbi_code="", sbi_versie="", provincie="", rechtsvorm="", omzet=None
    )
    concept = maak_concept(open_tijdvak(tabellen=tabellen), organisatie)
    assert (concept.contact_telefoon, concept.iban, concept.start_op, concept.doelen) == ("", "", None, [])
    assert gebreken(concept, TIJDENS) == []
    assert verstuur(concept).status == Status.INGEDIEND


def test_een_toets_op_inhoud_houdt_versturen_niet_tegen() -> None:
    """One may apply; the officer decides."""
    subsidie = {**regeling_dict()["subsidie"], "kosten_minimum": 5000}
    aanvraag = verstuur(maak_concept(open_tijdvak(tabellen={"subsidie": subsidie})))
    assert aanvraag.toetsen.get(code="bedrag").uitkomst == Toetsuitkomst.VOLDOET_NIET


@pytest.mark.parametrize(
    ("sleutel", "nummer", "kenmerk"),
    [
        ("ser-mkb-2026", 1, "SER-MKB-2026-00001"),
        ("esf-e-voucher-2011-sim-12", 4526, "ESF-E-VOUCHER-2011-SIM-12-04526"),
        ("a" * 60, 7, "A" * 33 + "-00007"),
        ("a" * 32 + "-" + "b" * 10, 7, "A" * 32 + "-00007"),
        ("ronde_een", 99999, "RONDEEEN-99999"),
        ("ronde", 123456, "RONDE-123456"),
    ],
)
def test_kenmerk_past_in_de_loting(sleutel: str, nummer: int, kenmerk: str) -> None:
    assert kenmerk_maken(sleutel, nummer) == kenmerk
    assert re.fullmatch(r"[A-Z0-9][A-Z0-9-]{2,39}", kenmerk)


def _samen(*doen: Callable[[], Any]) -> list[Any]:
    """Runs each in a thread of its own, all at once; the results, an exception as itself."""
    uit: list[Any] = [None] * len(doen)
    start = threading.Barrier(len(doen))

    def een(nr: int) -> None:
        try:
            start.wait()
            uit[nr] = doen[nr]()
        except Exception as fout:
            uit[nr] = fout
        finally:
            connection.close()

    draden = [threading.Thread(target=een, args=(nr,)) for nr in range(len(doen))]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    return uit


@pytest.mark.django_db(transaction=True)
def test_tien_tegelijk_krijgen_tien_opeenvolgende_nummers() -> None:
    tijdvak = open_tijdvak(sleutel="druk")
    concepten = [maak_concept(tijdvak) for _ in range(10)]
    uit = _samen(*[lambda concept=concept: verstuur(concept).kenmerk for concept in concepten])
    assert sorted(uit) == [f"DRUK-1-{nr:05d}" for nr in range(1, 11)]


@pytest.mark.django_db(transaction=True)
def test_hetzelfde_concept_vier_keer_tegelijk_geeft_een_nummer() -> None:
    concept = maak_concept(open_tijdvak(sleutel="dubbel"))
    uit = _samen(*[lambda: verstuur(concept).kenmerk] * 4)
    assert uit == ["DUBBEL-1-00001"] * 4
    assert Postbusbericht.objects.filter(sleutel=f"ontvangst-{concept.pk}").count() == 1


def test_een_kenmerk_komt_in_een_ronde_maar_een_keer_voor() -> None:
    aanvraag = maak_ingediend(open_tijdvak())
    ander = maak_ingediend(aanvraag.tijdvak)
    with pytest.raises(IntegrityError), transaction.atomic():
        Aanvraag.objects.filter(pk=ander.pk).update(kenmerk=aanvraag.kenmerk)


def test_het_controlegetal_is_na_te_rekenen() -> None:
    """SHA-256 over the copy as JSON without spaces; anybody with the copy can do it."""
    aanvraag = maak_ingediend(open_tijdvak())
    assert aanvraag.inhoud_sha256 == inhoud_sha256(verstuurde_rubrieken(vers(aanvraag)))
    tekst = json.dumps(vers(aanvraag).ingediende_inhoud, ensure_ascii=False, separators=(",", ":"))
    assert aanvraag.inhoud_sha256 == hashlib.sha256(tekst.encode()).hexdigest()
    regel = LogRegel.objects.get(keten=f"aanvraag:{aanvraag.pk}", handeling="indienen")
    assert regel.gegevens == {"inhoud_sha256": aanvraag.inhoud_sha256}


def test_de_bevestiging_gaat_een_keer_naar_de_contactpersoon() -> None:
    aanvraag = maak_ingediend(open_tijdvak())
    bericht, mail = Postbusbericht.objects.get(), Bericht.objects.get()
    assert (bericht.sleutel, mail.aan) == (f"ontvangst-{aanvraag.pk}", "contact@proef.example")
    assert mail.onderwerp == "Er staat een bericht voor u klaar in Stimulans"
    assert aanvraag.kenmerk not in mail.tekst
    assert bericht.onderwerp == f"Wij hebben uw aanvraag ontvangen: {aanvraag.kenmerk}"
    assert bericht.tekst == (
        "Wij hebben uw aanvraag “Project” ontvangen op 5 maart 2026 om 09:00:00 uur.\n\n"
        f"Uw kenmerk is {aanvraag.kenmerk}. Bewaar dit nummer.\n"
        "U krijgt uiterlijk 26 juni 2026 een besluit.\n\n"
        "Een kopie van alles wat u hebt ingevuld, staat in Stimulans bij “Mijn aanvragen”.\n"
    )


def test_het_ontvangstbewijs_wordt_een_keer_gemaakt_en_blijft_zo() -> None:
    """R2: what changes afterwards (a suspension, another name) does not change the receipt."""
    staf = maak_staf()
    aanvraag = maak_ingediend(open_tijdvak(), maak_organisatie(naam="Oude Naam bv"))
    html = ontvangst_html(vers(aanvraag))
    bewijs = ontvangstbewijs(aanvraag=aanvraag)
    aanvraag = in_behandeling_nemen(aanvraag=aanvraag, actor=staf.behandelaar, op=NA)
    vraag = aanvulling_vragen(
        aanvraag=aanvraag, onderdelen=["Een plan"], termijn_dagen=14, actor=staf.behandelaar, op=NA
    )
    aanvulling_beantwoorden(aanvulling=vraag, antwoord="Hier", actor=staf.behandelaar, op=NA + timedelta(days=8))
    organisatie_wijzigen(organisatie=aanvraag.organisatie, gegevens={"naam": "Nieuwe Naam bv"}, actor=None, op=NA)
    assert vers(aanvraag).beslissen_uiterlijk_op == date(2026, 7, 3)
    assert ontvangst_html(vers(aanvraag)) == html
    assert ontvangstbewijs(aanvraag=aanvraag) == bewijs
    assert Bestand.objects.count() == 1
    assert "Oude Naam bv" in html
    assert "26 juni 2026" in html
    assert (bewijs.naam, bewijs.mime) == (f"ontvangstbewijs-{aanvraag.kenmerk}.pdf", "application/pdf")
    with bewijs.inhoud.open() as bestand:
        inhoud = bestand.read()
    assert (bewijs.sha256, bewijs.grootte) == (hashlib.sha256(inhoud).hexdigest(), len(inhoud))
    with pikepdf.open(io.BytesIO(inhoud)) as document:
        assert len(document.pages) >= 1


def test_van_een_concept_is_er_geen_ontvangstbewijs() -> None:
    with pytest.raises(InvoerFout, match="nog niet verstuurd"):
        ontvangstbewijs(aanvraag=maak_concept(open_tijdvak()))
    assert Bestand.objects.count() == 0


POTTEN = [
    {"code": "UT", "naam": "Utrecht", "bedrag": 500, "soort": "provincie", "waarden": ["Utrecht", "Zeeland"]},
    {"code": "EEN", "naam": "Thema een", "bedrag": 500, "soort": "thema", "waarden": ["een"]},
    {"code": "PUB", "naam": "Publiek", "bedrag": 500, "soort": "aanvragerstype", "waarden": ["publiek"]},
]


@pytest.mark.parametrize(
    ("provincie", "themas", "publiek", "potten"),
    [
        ("Utrecht", ["een", "twee"], True, ["EEN", "PUB", "UT"]),
        ("Zeeland", ["twee"], False, ["UT"]),
        ("Drenthe", ["een"], False, ["EEN"]),
        ("", ["twee"], False, []),
    ],
)
def test_potten(provincie: str, themas: list[str], publiek: bool, potten: list[str]) -> None:
    deel = {"sleutel": "potten-1", "naam": "P", "open_op": OPEN, "sluit_op": SLUIT, "plafond": 1000}
    tijdvak = open_tijdvak(
        tabellen={
            "tijdvakken": [{**deel, "subplafonds": POTTEN}],
            "themas": [{"code": "een", "naam": "Een"}, {"code": "twee", "naam": "Twee"}],
            "themakeuze": {"minimum": 1, "maximum": 2},
        }
    )
    concept = maak_concept(tijdvak, maak_organisatie(provincie=provincie, publiek=publiek))
    concept = velden_bewaren(aanvraag=concept, stap="themas", gegevens={}, themas=themas, actor=None, op=TIJDENS)
    assert verstuur(concept).potten == potten


def test_een_tweede_aanvraag_wordt_ontvangen_en_voldoet_niet() -> None:
    """Decision 5: it may be sent, the check says so, and the first is not touched. Same moment: the number decides."""
    tijdvak, organisatie = open_tijdvak(), maak_organisatie()
    eerste, tweede = maak_ingediend(tijdvak, organisatie), maak_ingediend(tijdvak, organisatie)
    assert (tweede.status, tweede.kenmerk > eerste.kenmerk) == (Status.INGEDIEND, True)
    assert eerste.toetsen.get(code="een_per_aanvrager").uitkomst == Toetsuitkomst.VOLDOET
    toets = tweede.toetsen.get(code="een_per_aanvrager")
    assert (toets.uitkomst, toets.invoer["eerder"]) == (Toetsuitkomst.VOLDOET_NIET, [eerste.kenmerk])


def test_na_intrekken_van_de_eerste_telt_de_tweede() -> None:
    tijdvak, organisatie = open_tijdvak(), maak_organisatie()
    eerste = maak_ingediend(tijdvak, organisatie)
    aanvraag_intrekken(aanvraag=eerste, reden="Toch anders", actor=None, op=TIJDENS)
    tweede = maak_ingediend(tijdvak, organisatie)
    assert tweede.toetsen.get(code="een_per_aanvrager").uitkomst == Toetsuitkomst.VOLDOET


def test_twee_aanvragen_van_een_aanvrager_doen_niet_samen_mee() -> None:
    """Whatever an officer judges: the database refuses the second in the draw next to the first."""
    staf, tijdvak, organisatie = maak_staf(), open_tijdvak(), maak_organisatie()
    eerste, tweede = (maak_compleet(tijdvak, staf.behandelaar, organisatie) for _ in range(2))
    overgang_toepassen(eerste, "in_verdeling_nemen", actor=None, op=NA)
    with pytest.raises(IntegrityError), transaction.atomic():
        overgang_toepassen(tweede, "in_verdeling_nemen", actor=None, op=NA)
    assert (vers(eerste).status, vers(tweede).status) == (Status.IN_VERDELING, Status.COMPLEET)


def test_zonder_die_eis_doen_er_wel_twee_mee() -> None:
    staf, organisatie = maak_staf(), maak_organisatie()
    verdeling = {**regeling_dict()["verdeling"], "eenheid_loting": "aanvraag"}
    tijdvak = open_tijdvak(tabellen={"aanvrager": {"soort": "onderneming"}, "verdeling": verdeling})
    for _ in range(2):
        aanvraag = maak_compleet(tijdvak, staf.behandelaar, organisatie)
        overgang_toepassen(aanvraag, "in_verdeling_nemen", actor=None, op=NA)
    assert Aanvraag.objects.filter(status=Status.IN_VERDELING).count() == 2


def test_concepten_vervallen_een_dag_na_sluiting() -> None:
    tijdvak = open_tijdvak()
    concept, verstuurd = maak_concept(tijdvak), maak_ingediend(tijdvak)
    een_dag = SLUIT + timedelta(days=1)
    assert concepten_laten_verlopen(tijdvak=tijdvak, op=een_dag - MICROSECONDE) == 0
    assert verlopen_concepten_opruimen(op=een_dag) == 0
    assert vers(concept).status == Status.CONCEPT
    assert verlopen_concepten_opruimen(op=een_dag + MICROSECONDE) == 1
    assert verlopen_concepten_opruimen(op=een_dag + MICROSECONDE) == 0  # harmless to repeat
    assert (vers(concept).status, vers(verstuurd).status) == (Status.VERLOPEN, Status.INGEDIEND)
    with pytest.raises(OvergangFout, match="heeft nu de status “Verlopen”"):
        verstuur(concept, SLUIT)


def test_een_nieuw_concept_kan_na_het_versturen_van_het_eerste() -> None:
    tijdvak, organisatie = open_tijdvak(), maak_organisatie()
    eerste = maak_ingediend(tijdvak, organisatie)
    tweede = aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=None, op=TIJDENS)
    assert tweede.pk != eerste.pk
    tweede, _ = begroting_bewaren(
        aanvraag=tweede, posten=[Begrotingspost("adviseur", "Advies", Decimal(10))], actor=None, op=TIJDENS
    )
    assert vers(eerste).gevraagd_bedrag == 1000


def test_het_moment_staat_in_nederlandse_tijd_op_het_bewijs() -> None:
    """Sent at 22:30 UTC in winter: 23:30 here, the same day."""
    concept = maak_concept(open_tijdvak())
    html = ontvangst_html(verstuur(concept, datetime(2026, 3, 10, 22, 30, 5, tzinfo=UTC)))
    assert "10 maart 2026 om 23:30:05 uur" in html


def test_deelplafonds_kijken_ook_naar_omvang_en_eerdere_ontvangst() -> None:
    """A sub-ceiling can be for sizes of enterprise, or for who received before (design 05, pots)."""
    potten = [
        {"code": "KL", "naam": "Klein", "bedrag": 50_000, "soort": "aanvragerstype", "waarden": ["micro", "klein"]},
        {"code": "NW", "naam": "Nieuw", "bedrag": 50_000, "soort": "aanvragerstype", "waarden": ["nieuwe-aanvrager"]},
        {"code": "PU", "naam": "Publiek", "bedrag": 50_000, "soort": "aanvragerstype", "waarden": ["publiek"]},
    ]
    ronde = {"sleutel": "typen-1", "naam": "Typen", "open_op": OPEN, "sluit_op": SLUIT, "plafond": 100_000}
    tijdvak = open_tijdvak(sleutel="typen", tabellen={"tijdvakken": [{**ronde, "subplafonds": potten}]})
    klein = maak_organisatie(werkzame_personen=12, omzet=Decimal(900_000))
    groot = maak_organisatie(werkzame_personen=400, omzet=Decimal(90_000_000), publiek=True)
    assert maak_ingediend(tijdvak, klein).potten == ["KL", "NW"]
    assert maak_ingediend(tijdvak, groot).potten == ["NW", "PU"]
