"""The draw on screen: every step by the right person, the dice typed twice, and the result."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from beoordeling.enums import Lotingstatus
from beoordeling.loting.bronnen import KETEN, bls_beschikbaar
from beoordeling.loting.vormen import Bron, Protocol
from beoordeling.models import Loting
from beoordeling.services.loting import (
    lijst_bevriezen,
    loting_publiceren,
    loting_trekken,
    loting_voorbereiden,
)
from kern.enums import Rol
from kern.models import LogRegel
from kern.services.gebruikers import rol_toekennen
from kern.services.spoor import keten_van
from portalen.formulieren.loting import Bakenformulier
from tests.factories.database import zonder_triggers
from tests.factories.portaal_medewerker import (
    CIJFERS,
    LATER,
    TREKKING,
    als,
    complete_ronde,
    gelote_ronde,
    maak_ploeg,
    meldingen,
    op_moment,
    tekst,
)
from tests.factories.ronde import (
    NA,
    TIJDENS,
    bronnen_ingevoerd,
    maak_compleet,
    maak_gebruiker,
    maak_ingediend,
    open_tijdvak,
)

pytestmark = pytest.mark.django_db
PLANNEN = {"dag_dag": "30", "dag_maand": "3", "dag_jaar": "2026", "tijd": "18:00"}
GROEPEN = [CIJFERS[begin : begin + 8] for begin in range(0, 32, 8)]
# Round 1000 of the public chain "quicknet".
HANDTEKENING = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
NIET_ERBIJ = "Deze waarde hoort niet bij de handtekening. Neem beide opnieuw over, van dezelfde ronde."
WAARDE = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"


def adres(ronde, deel: str = "") -> str:
    return f"/werk/tijdvakken/{ronde.tijdvak.sleutel}/loting/{deel}"


def cijfers(groepen=GROEPEN, *, poging: int = 1, keer: int = 1) -> dict[str, Any]:
    """One entry, as the page asks it."""
    return {"poging": poging, "keer": keer} | {f"notaris_{nr}": groep for nr, groep in enumerate(groepen)}


@pytest.fixture
def ronde():
    ronde = complete_ronde(3)
    with op_moment(NA):
        yield ronde


def lotingvan(ronde) -> Loting:
    return Loting.objects.exclude(status=Lotingstatus.ONGELDIG).get(tijdvak=ronde.tijdvak)


def beeld(client, ronde):
    return client.get(adres(ronde)).context["beeld"]


def test_the_whole_draw_by_the_right_people(ronde):
    ploeg = ronde.ploeg
    with op_moment(NA):
        behandelaar, beslisser = als(ploeg.behandelaar), als(ploeg.beslisser)
        assert (beeld(behandelaar, ronde).stap, beeld(behandelaar, ronde).mag) == ("voorbereiden", True)
        antwoord = behandelaar.post(adres(ronde, "voorbereiden/"), PLANNEN)
        assert meldingen(antwoord) == ["De loting is voorbereid. Een collega kan nu de lijst bevriezen."]
        assert lotingvan(ronde).trekking_gepland_op == TREKKING
        beslisser.post(adres(ronde, "bevriezen/"))
        scherm = beslisser.get(adres(ronde))
        assert f">{lotingvan(ronde).protocol_sha256}</textarea>" in scherm.content.decode()
        assert f"maar niet {ploeg.behandelaar}" not in tekst(scherm)
        publiceren = beslisser.get(adres(ronde, "publiceren/")).content.decode()
        assert lotingvan(ronde).protocol_sha256 in publiceren
        assert f"/werk/lotingen/{lotingvan(ronde).pk}/bestanden/deelnemers.csv" in publiceren
        beslisser.post(adres(ronde, "publiceren/"), {"waar": "Staatscourant 2026, nummer 1"})
        assert lotingvan(ronde).gepubliceerd_waar == "Staatscourant 2026, nummer 1"
    with op_moment(TREKKING):
        notaris = als(ploeg.notaris)
        assert beeld(notaris, ronde).stap == "bronnen"
        antwoord = notaris.post(adres(ronde, "bronnen/"), cijfers())
        assert meldingen(antwoord) == ["De eerste keer is bewaard. Nu volgt de tweede keer."]
        antwoord = notaris.post(adres(ronde, "bronnen/"), cijfers(keer=2))
        assert meldingen(antwoord)[-1].startswith("De twee keren zijn gelijk. De bronnen liggen vast.")
        notaris.post(adres(ronde, "trekken/"))
        assert lotingvan(ronde).status == Lotingstatus.VERDEELD
        vooraf = notaris.get(adres(ronde, "uitslag/"))
        assert [(rij["rang"], rij["uitkomst"]) for rij in vooraf.context["rijen"]] == [
            (1, "toegewezen"),
            (2, "toegewezen"),
            (3, "reserve"),
        ]
        assert notaris.get(adres(ronde)).context["uitkomsten"] == [("Toegewezen", 2), ("Reserve", 1)]
        antwoord = als(ploeg.beslisser).post(adres(ronde, "vaststellen/"))
        assert meldingen(antwoord) == ["De loting is nagerekend en vastgesteld. De uitkomsten staan in de zaken."]
    assert lotingvan(ronde).status == Lotingstatus.LOPEND
    assert sorted(Aanvraag.objects.values_list("status", flat=True)) == [
        Status.GESELECTEERD,
        Status.GESELECTEERD,
        Status.RESERVE,
    ]
    with op_moment(LATER):
        na = als(ploeg.beslisser).get(adres(ronde, "uitslag/"))
        assert [(rij["rang"], rij["kenmerk"]) for rij in na.context["rijen"]] == [
            (rij["rang"], rij["kenmerk"]) for rij in vooraf.context["rijen"]
        ]


# --- What stands in the way, and who may do what --------------------------------------------------------------------


def test_what_stands_in_the_way_is_told():
    ploeg = maak_ploeg()
    ronde = complete_ronde(1, ploeg=ploeg)
    maak_ingediend(ronde.tijdvak)
    with op_moment(NA):
        client = als(ploeg.behandelaar)
        scherm = client.get(adres(ronde))
        assert scherm.context["beletsel"] == ["1 aanvragen zijn nog niet compleet verklaard."]
        assert (scherm.context["beeld"].mag, scherm.context["beeld"].waarom_niet) == (
            False,
            "Werk eerst af wat hieronder in de weg staat.",
        )
        antwoord = client.post(adres(ronde, "voorbereiden/"), PLANNEN)
        assert meldingen(antwoord) == ["1 aanvragen zijn nog niet compleet verklaard. Werk deze aanvragen eerst af."]
    assert Loting.objects.count() == 0


def test_no_draw_while_the_round_is_open():
    ploeg = maak_ploeg()
    tijdvak = open_tijdvak()
    with op_moment(TIJDENS):
        scherm = als(ploeg.behandelaar).get(f"/werk/tijdvakken/{tijdvak.sleutel}/loting/")
    assert scherm.context["beeld"].waarom_niet == "Het tijdvak is nog niet gesloten. Loten kan daarna."


def test_a_ranking_waits_for_its_final_scores():
    ploeg = maak_ploeg()
    rangschikking = {"methode": "rangschikking", "eenheid_loting": "aanvraag", "regel": "STOP"}
    criterium = {"code": "aanpak", "naam": "Aanpak", "gewicht": 100, "ankers": ["een", "twee", "drie", "vier", "vijf"]}
    tijdvak = open_tijdvak(tabellen={"verdeling": rangschikking, "criteria": [criterium]})
    maak_compleet(tijdvak, ploeg.behandelaar)
    with op_moment(NA):
        scherm = als(ploeg.behandelaar).get(f"/werk/tijdvakken/{tijdvak.sleutel}/loting/")
    assert scherm.context["beletsel"] == ["1 aanvragen hebben nog geen eindscore."]


@pytest.fixture
def voorbereid(ronde):
    loting_voorbereiden(tijdvak=ronde.tijdvak, trekking_gepland_op=TREKKING, actor=ronde.ploeg.behandelaar, op=NA)
    return ronde


@pytest.fixture
def bevroren(voorbereid):
    lijst_bevriezen(loting=lotingvan(voorbereid), actor=voorbereid.ploeg.beslisser, op=NA)
    return voorbereid


@pytest.fixture
def gepubliceerd(bevroren):
    loting_publiceren(loting=lotingvan(bevroren), waar="Staatscourant", actor=bevroren.ploeg.beslisser, op=NA)
    with op_moment(TREKKING):
        yield bevroren


@pytest.fixture
def met_bronnen(gepubliceerd):
    bronnen_ingevoerd(lotingvan(gepubliceerd), gepubliceerd.ploeg.notaris, op=TREKKING, cijfers=CIJFERS)
    return gepubliceerd


@pytest.fixture
def getrokken(met_bronnen):
    loting_trekken(loting=lotingvan(met_bronnen), actor=met_bronnen.ploeg.beheerder, op=TREKKING)
    return met_bronnen


def test_another_person_freezes(voorbereid):
    ploeg = voorbereid.ploeg
    rol_toekennen(gebruiker=ploeg.behandelaar, rol=Rol.BESLISSER, op=NA, actor=None)
    client = als(ploeg.behandelaar)
    stand = beeld(client, voorbereid)
    assert (stand.mag, stand.waarom_niet) == (
        False,
        "U bereidde deze loting zelf voor. Vraag een collega om de lijst te bevriezen.",
    )
    assert stand.wie == f"beheerder of beslisser, maar niet {ploeg.behandelaar}: die bereidde de loting voor"
    antwoord = client.post(adres(voorbereid, "bevriezen/"))
    assert antwoord.context["form"].non_field_errors() == [
        "Wie de lijst voorbereidt, bevriest haar niet. Vraag een collega om deze stap te doen."
    ]
    assert lotingvan(voorbereid).status == Lotingstatus.ONTWERP


def test_freezing_twice_says_who_was_first(bevroren):
    antwoord = als(bevroren.ploeg.beheerder).post(adres(bevroren, "bevriezen/"))
    bericht = meldingen(antwoord)[0]
    assert "heeft nu de status “Lijst bevroren”" in bericht
    assert f"Laatste stap: bevroor de lijst, door {bevroren.ploeg.beslisser}, op 28 maart 2026 om 17:00 uur." in bericht


def test_publishing_needs_a_place(bevroren):
    antwoord = als(bevroren.ploeg.behandelaar).post(adres(bevroren, "publiceren/"), {"waar": "  "})
    assert antwoord.context["form"].errors == {"waar": ["Geef antwoord op de vraag “Waar is de hash gepubliceerd?”."]}
    assert lotingvan(bevroren).status == Lotingstatus.BEVROREN


def test_publishing_too_late_asks_for_a_new_draw(bevroren):
    with op_moment(TREKKING - timedelta(hours=23)):
        client = als(bevroren.ploeg.behandelaar)
        assert "Publiceren had uiterlijk 29 maart 2026 om 18:00 uur gemoeten" in beeld(client, bevroren).waarom_niet
        antwoord = client.post(adres(bevroren, "publiceren/"), {"waar": "Staatscourant"})
    assert (
        antwoord.context["form"]
        .non_field_errors()[0]
        .startswith("Tussen publicatie en trekking zitten minstens 24 uur.")
    )
    assert lotingvan(bevroren).status == Lotingstatus.BEVROREN


def test_sources_wait_for_the_planned_moment(gepubliceerd):
    with op_moment(TREKKING - timedelta(seconds=1)):
        client = als(gepubliceerd.ploeg.notaris)
        assert client.get(adres(gepubliceerd, "bronnen/")).context["te_vroeg"] is True
        antwoord = client.post(adres(gepubliceerd, "bronnen/"), cijfers())
    assert "het is nog te vroeg" in meldingen(antwoord)[0]
    assert lotingvan(gepubliceerd).status == Lotingstatus.GEPUBLICEERD


@pytest.mark.parametrize("wie", ["behandelaar", "beslisser", "beheerder", "auditor"])
def test_only_the_notary_records_the_sources(gepubliceerd, wie):
    client = als(getattr(gepubliceerd.ploeg, wie))
    assert client.get(adres(gepubliceerd, "bronnen/")).status_code == 403
    assert client.post(adres(gepubliceerd, "bronnen/"), cijfers()).status_code == 403
    assert beeld(client, gepubliceerd).waarom_niet == "Uw rol mag dit niet."


@pytest.mark.parametrize("stap", ["voorbereiden", "bevriezen", "publiceren", "trekken", "vaststellen", "ongeldig"])
def test_the_auditor_does_no_step(bevroren, stap):
    client = als(bevroren.ploeg.auditor)
    assert client.get(adres(bevroren, f"{stap}/")).status_code == 403
    assert client.post(adres(bevroren, f"{stap}/")).status_code == 403


def test_unknown_step(bevroren):
    assert als(bevroren.ploeg.beheerder).get(adres(bevroren, "overdoen/")).status_code == 404


def test_drawing_before_the_sources_is_refused(gepubliceerd):
    antwoord = als(gepubliceerd.ploeg.notaris).post(adres(gepubliceerd, "trekken/"))
    assert meldingen(antwoord)[0].startswith("De loting is “Gepubliceerd”: trekken kan nog niet.")
    assert lotingvan(gepubliceerd).status == Lotingstatus.GEPUBLICEERD


def test_drawing_happens_once(getrokken):
    antwoord = als(getrokken.ploeg.notaris).post(adres(getrokken, "trekken/"))
    assert meldingen(antwoord)[0].startswith("Deze loting is al getrokken op 30 maart 2026 om 18:00:00 uur.")


def test_another_person_settles(getrokken):
    client = als(getrokken.ploeg.beheerder)
    assert beeld(client, getrokken).waarom_niet == (
        "U voerde de trekking zelf uit. Vraag een collega om de loting vast te stellen."
    )
    antwoord = client.post(adres(getrokken, "vaststellen/"))
    assert antwoord.context["form"].non_field_errors()[0].startswith("Wie de loting trekt, stelt haar niet vast.")
    assert lotingvan(getrokken).status == Lotingstatus.VERDEELD


def test_sources_twice_is_refused(met_bronnen):
    antwoord = als(met_bronnen.ploeg.notaris).post(adres(met_bronnen, "bronnen/"), cijfers())
    assert meldingen(antwoord)[0].startswith("De bronnen kunt u nu niet vastleggen. Laatste stap: legde")


def test_an_invalid_draw_makes_room_for_a_new_one(bevroren):
    oud = lotingvan(bevroren)
    client = als(bevroren.ploeg.beslisser)
    leeg = client.post(adres(bevroren, "ongeldig/"), {"reden": ""})
    assert leeg.context["form"].errors == {"reden": ["Geef antwoord op de vraag “Wat is er mis?”."]}
    client.post(adres(bevroren, "ongeldig/"), {"reden": "De datum klopt niet."})
    oud.refresh_from_db()
    assert (oud.status, oud.ongeldig_reden) == (Lotingstatus.ONGELDIG, "De datum klopt niet.")
    scherm = client.get(adres(bevroren))
    assert [rij.kenmerk for rij in scherm.context["eerdere"]] == [oud.kenmerk]
    assert oud.protocol_sha256 in tekst(scherm)
    als(bevroren.ploeg.behandelaar).post(adres(bevroren, "voorbereiden/"), PLANNEN)
    assert lotingvan(bevroren).vervangt == oud


def test_a_second_preparation_meets_the_first(voorbereid):
    antwoord = als(voorbereid.ploeg.beheerder).post(adres(voorbereid, "voorbereiden/"), PLANNEN)
    assert meldingen(antwoord)[0].startswith("Dit tijdvak heeft al een loting. Laatste stap: bereidde de loting voor")
    assert Loting.objects.count() == 1


# --- The dice and the beacon ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("groepen", "fout"),
    [
        ([*GROEPEN[:3], "5678901"], "Groep 4 heeft 7 cijfers; dat moeten er 8 zijn."),
        (["1234567O", *GROEPEN[1:]], "Groep 1: gebruik alleen de cijfers 0 tot en met 9."),
        (["", "", "", ""], "Vul alle 32 cijfers in."),
    ],
)
def test_an_entry_with_a_slip_is_shown_again_with_what_was_typed(gepubliceerd, groepen, fout):
    antwoord = als(gepubliceerd.ploeg.notaris).post(adres(gepubliceerd, "bronnen/"), cijfers(groepen))
    assert antwoord.status_code == 400
    assert antwoord.context["form"].errors == {"notaris": [fout]}
    assert all(f'value="{groep}"' in antwoord.content.decode() for groep in groepen if groep)
    assert not lotingvan(gepubliceerd).invoeren.exists()


def test_all_digits_in_the_first_box_are_understood(gepubliceerd):
    notaris = als(gepubliceerd.ploeg.notaris)
    for keer, eerste in ((1, CIJFERS), (2, " ".join(GROEPEN))):
        invoer = cijfers([eerste, "", "", ""], keer=keer)
        assert notaris.post(adres(gepubliceerd, "bronnen/"), invoer).status_code == 302
    waarden = json.loads(bytes(lotingvan(gepubliceerd).bestanden.get(naam="bronwaarden.json").inhoud))
    assert waarden["notaris"] == CIJFERS


def test_the_second_entry_is_made_without_seeing_the_first(gepubliceerd):
    persoon = maak_gebruiker(Rol.SECRETARIS)
    notaris, getuige = als(gepubliceerd.ploeg.notaris), als(persoon)
    voor = getuige.get(adres(gepubliceerd, "bronnen/"))
    assert voor.context["wacht_op_notaris"] is True
    assert "Eerste keer bewaren" not in tekst(voor)
    assert getuige.post(adres(gepubliceerd, "bronnen/"), cijfers()).status_code == 400
    notaris.post(adres(gepubliceerd, "bronnen/"), cijfers())
    for client in (notaris, getuige):
        scherm = client.get(adres(gepubliceerd, "bronnen/"))
        assert "Dobbelstenen: tweede keer" in tekst(scherm)
        assert f"De eerste keer is ingevoerd door {gepubliceerd.ploeg.notaris}" in tekst(scherm)
        assert not any(groep in scherm.content.decode() for groep in GROEPEN)
    antwoord = getuige.post(adres(gepubliceerd, "bronnen/"), cijfers(keer=2))
    assert antwoord.url == "/start/"  # a witness has no page of the draw
    assert lotingvan(gepubliceerd).status == Lotingstatus.BRONNEN_VOLLEDIG
    assert [rij.door for rij in lotingvan(gepubliceerd).invoeren.all()] == [gepubliceerd.ploeg.notaris, persoon]


def test_entries_that_differ_are_refused_with_where_and_without_the_digits(gepubliceerd):
    notaris = als(gepubliceerd.ploeg.notaris)
    notaris.post(adres(gepubliceerd, "bronnen/"), cijfers())
    antwoord = notaris.post(adres(gepubliceerd, "bronnen/"), cijfers([GROEPEN[0], "90122456", *GROEPEN[2:]], keer=2))
    assert meldingen(antwoord)[-1] == (
        "De twee keren zijn niet gelijk. Zij verschillen bij cijfer 13 (groep 2, cijfer 5). Er is niets vastgelegd. "
        "Kijk naar die dobbelstenen en voer alle cijfers opnieuw in, weer twee keer."
    )
    loting = lotingvan(gepubliceerd)
    assert (loting.status, loting.bestanden.filter(naam="bronwaarden.json").exists()) == ("gepubliceerd", False)
    scherm = notaris.get(adres(gepubliceerd, "bronnen/"))
    assert "Zij verschillen bij cijfer 13 (groep 2, cijfer 5)." in tekst(scherm)
    assert "Dobbelstenen: eerste keer" in tekst(scherm)
    assert not any(groep in scherm.content.decode() for groep in [*GROEPEN, "90122456"])
    assert [(rij.poging, rij.keer, rij.waarden["notaris"][8:16]) for rij in loting.invoeren.all()] == [
        (1, 1, "90123456"),
        (1, 2, "90122456"),
    ]
    regels = LogRegel.objects.filter(keten=keten_van(loting), handeling__startswith="dobbelstenen").order_by("volgnr")
    assert [(regel.handeling, regel.reden, regel.gegevens) for regel in regels] == [
        ("dobbelstenen_invoeren", "", {"poging": 1, "keer": 1}),
        (
            "dobbelstenen_verschillen",
            "Zij verschillen bij cijfer 13 (groep 2, cijfer 5).",
            {"poging": 1, "keer": 2, "plaatsen": {"notaris": [13]}},
        ),
    ]
    for keer in (1, 2):
        notaris.post(adres(gepubliceerd, "bronnen/"), cijfers(poging=2, keer=keer))
    assert lotingvan(gepubliceerd).status == Lotingstatus.BRONNEN_VOLLEDIG


def test_the_same_button_twice_is_one_entry(gepubliceerd):
    notaris = als(gepubliceerd.ploeg.notaris)
    notaris.post(adres(gepubliceerd, "bronnen/"), cijfers())
    antwoord = notaris.post(adres(gepubliceerd, "bronnen/"), cijfers())
    assert meldingen(antwoord)[-1].startswith("Deze invoer is al bewaard. Ververs de pagina.")
    assert lotingvan(gepubliceerd).invoeren.count() == 1
    assert lotingvan(gepubliceerd).status == Lotingstatus.GEPUBLICEERD


def test_a_witness_who_was_asked_for_the_first_gives_the_second(gepubliceerd):
    """Both had the page open; whoever comes second has not seen the first."""
    als(gepubliceerd.ploeg.notaris).post(adres(gepubliceerd, "bronnen/"), cijfers())
    als(maak_gebruiker(Rol.NOTARIS)).post(adres(gepubliceerd, "bronnen/"), cijfers())
    assert lotingvan(gepubliceerd).status == Lotingstatus.BRONNEN_VOLLEDIG


def bakenformulier(handtekening: str, waarde: str) -> Bakenformulier:
    protocol = Protocol(
        loting="x",
        bronnen=(Bron("notaris", "cijfers", lengte=32), Bron("drand", "drand", keten=KETEN, ronde=1000)),
        deelnemers_sha256="0" * 64,
        plafond_cent=1,
        potten={},
        per_groep=1,
        regel="STOP",
        restronde=False,
        richting="OP",
        hp=b"",
    )
    return Bakenformulier({"drand_handtekening": handtekening, "drand_waarde": waarde}, protocol=protocol)


def test_a_real_round_of_the_beacon_is_accepted():
    formulier = bakenformulier(f"{HANDTEKENING[:40].upper()}\n{HANDTEKENING[40:]}", f" {WAARDE} ")
    assert formulier.errors == {}
    assert formulier.handtekeningen == {"drand": HANDTEKENING}


def test_a_value_that_does_not_belong_to_the_signature_is_refused():
    assert bakenformulier(HANDTEKENING, "0" * 64).errors == {"drand_waarde": [NIET_ERBIJ]}


def test_a_signature_that_is_no_hex_is_refused():
    assert bakenformulier("geen hex", WAARDE).errors == {
        "drand_handtekening": ["De drand-handtekening bestaat niet uit hele bytes in tekens 0-9 en a-f."]
    }


@pytest.mark.skipif(not bls_beschikbaar(), reason="the check of the signature is the optional extra 'bewijs'")
def test_checking_a_beacon_leaves_the_recursion_limit_alone():
    """The library raises it for the whole process; deeply nested JSON would then kill the server."""
    opdracht = (
        "import sys; from beoordeling.loting.bronnen import controleer_bls; voor = sys.getrecursionlimit();"
        f"controleer_bls(1000, '{HANDTEKENING}'); assert sys.getrecursionlimit() == voor; print('gelijk')"
    )
    uit = subprocess.run([sys.executable, "-c", opdracht], capture_output=True, text=True, check=True)
    assert uit.stdout == "gelijk\n"


def test_the_page_asks_for_the_beacon_when_the_protocol_does():
    verdeling = {
        "methode": "loting",
        "eenheid_loting": "aanvrager",
        "regel": "STOP",
        "bronnen": ["notaris", "drand"],
        "bedenktijd_uren": 24,
    }
    ronde = complete_ronde(1, tabellen={"verdeling": verdeling})
    ploeg = ronde.ploeg
    loting = loting_voorbereiden(tijdvak=ronde.tijdvak, trekking_gepland_op=TREKKING, actor=ploeg.behandelaar, op=NA)
    loting = lijst_bevriezen(loting=loting, actor=ploeg.beslisser, op=NA)
    loting_publiceren(loting=loting, waar="Staatscourant", actor=ploeg.beslisser, op=NA)
    with op_moment(TREKKING):
        client = als(ploeg.notaris)
        scherm = client.get(adres(ronde, "bronnen/"))
        baken = scherm.context["baken"]
        assert scherm.context["baken_op"] == TREKKING + timedelta(minutes=10)
        assert "Dobbelstenen: eerste keer" in tekst(scherm)
        client.post(adres(ronde, "bronnen/"), cijfers())
        antwoord = client.post(adres(ronde, "bronnen/"), cijfers(keer=2))
        assert meldingen(antwoord)[-1] == "De twee keren zijn gelijk. Leg nu de waarde van het baken vast."
        scherm = client.get(adres(ronde, "bronnen/"))
        assert f"https://api.drand.sh/{KETEN}/public/{baken.ronde}" in scherm.content.decode()
        zonder = client.post(adres(ronde, "bronnen/"), {})
        assert sorted(zonder.context["form"].errors) == ["drand_handtekening", "drand_waarde"]
        vreemd = client.post(adres(ronde, "bronnen/"), {"drand_handtekening": HANDTEKENING, "drand_waarde": "1" * 64})
        assert list(vreemd.context["form"].errors) == ["drand_waarde"]
        if bls_beschikbaar():
            ander = {"drand_handtekening": HANDTEKENING, "drand_waarde": WAARDE}
            (fout,) = client.post(adres(ronde, "bronnen/"), ander).context["form"].non_field_errors()
            assert fout.startswith(f"De handtekening is niet die van drand-ronde {baken.ronde}.")
    assert lotingvan(ronde).status == Lotingstatus.GEPUBLICEERD


def test_a_protocol_that_was_changed_after_publication_stops_the_ceremony(gepubliceerd):
    """Nothing can be typed, and the page of the draw tells who met it."""
    loting, client = lotingvan(gepubliceerd), als(gepubliceerd.ploeg.notaris)
    bestand = loting.bestanden.get(naam="protocol.json")
    goed = bytes(bestand.inhoud)
    with zonder_triggers("beoordeling_lotingbestand"):
        loting.bestanden.filter(pk=bestand.pk).update(inhoud=goed.replace(b"200000", b"900000"))
    for antwoord in (
        client.get(adres(gepubliceerd, "bronnen/")),
        client.post(adres(gepubliceerd, "bronnen/"), cijfers()),
    ):
        assert antwoord.status_code == 409
        assert "Het bestand protocol.json van loting" in tekst(antwoord)
        assert "Ga niet verder met deze loting en waarschuw de notaris en de beheerder." in tekst(antwoord)
    assert not loting.invoeren.exists()
    with zonder_triggers("beoordeling_lotingbestand"):
        loting.bestanden.filter(pk=bestand.pk).update(inhoud=goed)
    scherm = als(gepubliceerd.ploeg.auditor).get(adres(gepubliceerd))
    geweigerd = [g for g in scherm.context["gebeurtenissen"] if g.wat == "Een stap van de loting is geweigerd"]
    assert [g.wie for g in geweigerd] == [str(gepubliceerd.ploeg.notaris)] * 2
    assert "is niet meer wat is vastgelegd." in geweigerd[0].reden


def test_a_second_draw_is_on_record(getrokken):
    als(getrokken.ploeg.notaris).post(adres(getrokken, "trekken/"))
    gebeurd = als(getrokken.ploeg.auditor).get(adres(getrokken)).context["gebeurtenissen"]
    assert (gebeurd[0].wat, gebeurd[0].wie) == ("Een stap van de loting is geweigerd", str(getrokken.ploeg.notaris))
    assert gebeurd[0].reden.startswith("Deze loting is al getrokken op 30 maart 2026")


def test_the_deed_is_there_after_the_draw(getrokken):
    client = als(getrokken.ploeg.auditor)
    akte = f"/werk/lotingen/{lotingvan(getrokken).pk}/akte"
    assert f'href="{akte}/pdf/"' in client.get(adres(getrokken)).content.decode()
    assert client.get(f"{akte}/pdf/").content.startswith(b"%PDF")
    assert "Akte van loting" in client.get(f"{akte}/html/").content.decode()


# --- Result and files -----------------------------------------------------------------------------------------------


@pytest.fixture
def geloot():
    ronde = gelote_ronde(3)
    with op_moment(LATER):
        yield ronde


def test_result_is_searched_and_filtered(geloot):
    client = als(geloot.ploeg.behandelaar)
    derde = geloot.zaken[2]
    antwoord = client.get(adres(geloot, f"uitslag/?zoek={derde.kenmerk.lower()}"))
    assert [(rij["rang"], rij["kenmerk"], rij["naam"]) for rij in antwoord.context["rijen"]] == [
        (3, derde.kenmerk, "Reserve")
    ]
    assert f"/werk/zaken/{derde.pk}/" in antwoord.content.decode()
    antwoord = client.get(adres(geloot, "uitslag/?uitkomst=toegewezen"))
    assert [rij["rang"] for rij in antwoord.context["rijen"]] == [1, 2]
    assert client.get(adres(geloot, "uitslag/?uitkomst=onzin")).context["pagina"].paginator.count == 3


def test_the_notary_sees_labels_without_links(geloot):
    antwoord = als(geloot.ploeg.notaris).get(adres(geloot, "uitslag/"))
    assert geloot.zaken[0].kenmerk in tekst(antwoord)
    assert "/werk/zaken/" not in antwoord.content.decode()


def test_result_has_a_constant_number_of_queries(geloot, django_assert_num_queries):
    client = als(geloot.ploeg.auditor)
    client.get(adres(geloot, "uitslag/"))
    with django_assert_num_queries(7):
        client.get(adres(geloot, f"uitslag/?zoek={geloot.zaken[0].kenmerk}"))
    with django_assert_num_queries(7):
        client.get(adres(geloot, "uitslag/"))


def test_no_result_before_the_draw(ronde):
    assert als(ronde.ploeg.auditor).get(adres(ronde, "uitslag/")).status_code == 404


def test_files_are_the_stored_bytes(geloot):
    client = als(geloot.ploeg.notaris)
    for bestand in geloot.loting.bestanden.all():
        antwoord = client.get(f"/werk/lotingen/{geloot.loting.pk}/bestanden/{bestand.naam}")
        assert antwoord.content == bytes(bestand.inhoud)
        assert antwoord["Content-Disposition"] == f'attachment; filename="{geloot.loting.kenmerk}-{bestand.naam}"'
    assert client.get(f"/werk/lotingen/{geloot.loting.pk}/bestanden/geheim.txt").status_code == 404


def test_the_evidence_verifies_itself_without_us(geloot, tmp_path):
    client = als(geloot.ploeg.notaris)
    eerste = client.get(f"/werk/lotingen/{geloot.loting.pk}/bewijs.zip").content
    assert client.get(f"/werk/lotingen/{geloot.loting.pk}/bewijs.zip").content == eerste
    zipfile.ZipFile(io.BytesIO(eerste)).extractall(tmp_path)
    script = tmp_path / geloot.loting.kenmerk / "verifieer_loting.py"
    uit = subprocess.run([sys.executable, "-I", str(script)], capture_output=True, text=True, check=True)
    assert uit.stdout.strip() == "KLOPT"


def test_no_evidence_before_the_draw(bevroren):
    loting = lotingvan(bevroren)
    antwoord = als(bevroren.ploeg.notaris).get(f"/werk/lotingen/{loting.pk}/bewijs.zip")
    assert antwoord.status_code == 409
    assert "Deze loting is nog niet getrokken." in tekst(antwoord)


def test_the_deed_is_on_the_page(geloot):
    assert f"Akte van de loting {geloot.loting.kenmerk}" in tekst(als(geloot.ploeg.notaris).get(adres(geloot)))
