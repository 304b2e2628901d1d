"""The draw step by step: who may, when, in which order, and what a tampered file does (design 05, part 1)."""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from aanvragen.enums import Status, Toetssoort, Toetsuitkomst
from aanvragen.models import Aanvraag, Toets
from aanvragen.services.behandeling import in_behandeling_nemen
from aanvragen.services.indienen import aanvraag_intrekken
from aanvragen.services.toetsing import toets_beoordelen
from beoordeling.loting import LotingFout
from beoordeling.loting.bronnen import bls_beschikbaar
from beoordeling.models import Loting, Lotingbestand
from beoordeling.services.bewijs import controleer_in_eigen_proces, lotingbestand
from beoordeling.services.bronnen import bronnen_vastleggen, dobbelstenen_invoeren, protocol_lezen
from beoordeling.services.loting import (
    aktetekst,
    beletselen,
    bewijspakket,
    lijst_bevriezen,
    loting_ongeldig_verklaren,
    loting_publiceren,
    loting_trekken,
    loting_voorbereiden,
)
from beoordeling.services.rangschikking import loting_vaststellen, plafond_verhogen
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker, LogRegel
from kern.services.spoor import keten_van
from regeling.models import Tijdvak
from tests.beoordeling.loting_gevallen import QUICKNET
from tests.factories.database import zonder_triggers
from tests.factories.ronde import (
    BESLUIT,
    CIJFERS,
    LOTEN,
    NA,
    SLUIT,
    TIJDENS,
    TREKKING,
    Staf,
    besluit_op,
    bronnen_ingevoerd,
    geloot,
    loting_tot,
    maak_compleet,
    maak_concept,
    maak_gebruiker,
    maak_ingediend,
    maak_organisatie,
    op_rang,
    open_tijdvak,
    tabel,
    vers,
)
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.services.intrekking import zaak_intrekken

pytestmark = pytest.mark.django_db
CRITERIA = {
    "criteria": [
        {"code": "aanpak", "naam": "Aanpak", "gewicht": 100, "ankers": ["een", "twee", "drie", "vier", "vijf"]}
    ]
}


@pytest.fixture
def tijdvak(staf: Staf) -> Tijdvak:
    """Three complete applications of € 1,000; two fit."""
    tijdvak = open_tijdvak(plafond=2500)
    for _ in range(3):
        maak_compleet(tijdvak, staf.behandelaar)
    return tijdvak


def bereid_voor(tijdvak: Tijdvak, actor: Gebruiker | None = None, op: datetime = LOTEN) -> Loting:
    return loting_voorbereiden(tijdvak=tijdvak, trekking_gepland_op=TREKKING, actor=actor, op=op)


# --- Preparing --------------------------------------------------------------------------------------------------


def test_voorbereiden_kan_pas_na_sluiting(tijdvak: Tijdvak) -> None:
    with pytest.raises(OvergangFout) as fout:
        bereid_voor(tijdvak, op=SLUIT)
    assert fout.value.code == "tijdvak-niet-gesloten"
    assert bereid_voor(tijdvak, op=SLUIT + timedelta(microseconds=1)).status == "ontwerp"  # closes it by the clock
    assert vers(tijdvak).status == "gesloten"


@pytest.mark.parametrize(
    ("status", "melding"),
    [
        (Status.INGEDIEND, "1 aanvragen zijn nog niet compleet verklaard."),
        (Status.IN_BEHANDELING, "1 aanvragen zijn nog niet compleet verklaard."),
        (Status.CONCEPT, None),
        (Status.INGETROKKEN, None),
    ],
)
def test_eerst_alle_aanvragen_afwerken(staf: Staf, tijdvak: Tijdvak, status: Status, melding: str | None) -> None:
    extra = maak_concept(tijdvak) if status == Status.CONCEPT else maak_ingediend(tijdvak)
    if status == Status.IN_BEHANDELING:
        in_behandeling_nemen(aanvraag=extra, actor=staf.behandelaar, op=NA)
    elif status == Status.INGETROKKEN:
        aanvraag_intrekken(aanvraag=extra, reden="x", actor=None, op=NA)
    if melding is None:
        assert bereid_voor(tijdvak).status == "ontwerp"
        return
    with pytest.raises(OvergangFout) as fout:
        bereid_voor(tijdvak)
    assert (fout.value.code, fout.value.melding) == ("aanvragen-open", melding)
    assert Loting.objects.count() == 0


def zet_toets(aanvraag: Aanvraag, uitkomst: Toetsuitkomst) -> Toets:
    return Toets.objects.create(
        aanvraag=aanvraag,
        code="proef",
        naam="Proeftoets",
        soort=Toetssoort.INHOUD,
        uitkomst=uitkomst,
        uitleg="x",
        versie="1",
        op=NA,
    )


@pytest.mark.parametrize(
    ("uitkomst", "melding"),
    [
        (Toetsuitkomst.HANDMATIG, "Bij 1 aanvragen wacht een toets op uw oordeel."),
        (Toetsuitkomst.VOLDOET_NIET, "1 aanvragen voldoen niet en zijn nog niet afgewezen."),
    ],
)
def test_eerst_alle_toetsen_beoordelen(staf: Staf, tijdvak: Tijdvak, uitkomst: Toetsuitkomst, melding: str) -> None:
    toets = zet_toets(Aanvraag.objects.filter(tijdvak=tijdvak)[0], uitkomst)
    with pytest.raises(OvergangFout) as fout:
        bereid_voor(tijdvak)
    assert fout.value.melding == melding
    opties: dict[str, Any] = {"toets": toets, "actor": staf.behandelaar, "op": NA}
    toets_beoordelen(oordeel=Toetsuitkomst.VOLDOET_NIET, reden="Nee", **opties)
    assert beletselen(tijdvak) == ["1 aanvragen voldoen niet en zijn nog niet afgewezen."]
    toets_beoordelen(oordeel=Toetsuitkomst.VOLDOET, reden="Toch wel", **opties)
    assert beletselen(tijdvak) == []


def test_twee_complete_aanvragen_van_een_aanvrager_zijn_een_beletsel(staf: Staf, tijdvak: Tijdvak) -> None:
    """The officer let the second pass by mistake; the database would refuse it, the service says so first."""
    organisatie = maak_organisatie()
    maak_compleet(tijdvak, staf.behandelaar, organisatie)
    tweede = maak_compleet(tijdvak, staf.behandelaar, organisatie)
    toets_beoordelen(
        toets=tweede.toetsen.get(code="een_per_aanvrager"),
        oordeel=Toetsuitkomst.VOLDOET,
        reden="Vergissing",
        actor=staf.behandelaar,
        op=NA,
    )
    with pytest.raises(OvergangFout, match="Bij 1 aanvragers is meer dan één aanvraag compleet"):
        bereid_voor(tijdvak)


def test_zonder_complete_aanvragen_geen_loting() -> None:
    with pytest.raises(OvergangFout, match="Er zijn geen complete aanvragen."):
        bereid_voor(open_tijdvak())


def test_een_rangschikking_wacht_op_de_eindscores(staf: Staf) -> None:
    tijdvak = open_tijdvak(tabellen=tabel("verdeling", methode="rangschikking") | CRITERIA)
    maak_compleet(tijdvak, staf.behandelaar)
    with pytest.raises(OvergangFout, match="1 aanvragen hebben nog geen eindscore."):
        bereid_voor(tijdvak)


def test_een_ronde_heeft_een_loting_tegelijk(tijdvak: Tijdvak) -> None:
    loting = bereid_voor(tijdvak)
    with pytest.raises(OvergangFout, match="Dit tijdvak heeft al een loting."):
        bereid_voor(tijdvak)
    with pytest.raises(IntegrityError), transaction.atomic():
        Loting.objects.create(tijdvak=tijdvak, kenmerk="stiekem", trekking_gepland_op=TREKKING, voorbereid_op=LOTEN)
    assert Loting.objects.get() == loting


def test_wie_wat_mag(staf: Staf, tijdvak: Tijdvak) -> None:
    """Every step refuses every other role."""
    loting = loting_tot(tijdvak, staf, "trekken")
    vreemd = {
        Rol.BEHANDELAAR: ["bevriezen", "bronnen", "vaststellen", "ongeldig", "verhogen"],
        Rol.BESLISSER: ["voorbereiden", "bronnen", "trekken", "verhogen"],
        Rol.NOTARIS: ["voorbereiden", "bevriezen", "publiceren", "vaststellen", "ongeldig", "verhogen"],
        Rol.BEHEERDER: ["bronnen"],
        Rol.FINANCIEEL: [
            "voorbereiden",
            "bevriezen",
            "publiceren",
            "bronnen",
            "trekken",
            "vaststellen",
            "ongeldig",
            "verhogen",
        ],
    }
    for rol, stappen in vreemd.items():
        opties: dict[str, Any] = {"actor": maak_gebruiker(rol), "op": TREKKING}
        handelingen: dict[str, Any] = {
            "voorbereiden": lambda o=opties: loting_voorbereiden(tijdvak=tijdvak, trekking_gepland_op=TREKKING, **o),
            "bevriezen": lambda o=opties: lijst_bevriezen(loting=loting, **o),
            "publiceren": lambda o=opties: loting_publiceren(loting=loting, waar="x", **o),
            "bronnen": lambda o=opties: bronnen_vastleggen(loting=loting, handtekeningen={}, **o),
            "trekken": lambda o=opties: loting_trekken(loting=loting, **o),
            "vaststellen": lambda o=opties: loting_vaststellen(loting=loting, **o),
            "ongeldig": lambda o=opties: loting_ongeldig_verklaren(loting=loting, reden="x", **o),
            "verhogen": lambda o=opties: plafond_verhogen(tijdvak=tijdvak, bedrag=Decimal(1), reden="x", **o),
        }
        for naam in stappen:
            with pytest.raises(RechtenFout, match="Dit mag alleen een"):
                handelingen[naam]()
    assert vers(loting).status == "verdeeld"


# --- Freezing ---------------------------------------------------------------------------------------------------


def test_wie_voorbereidt_bevriest_niet(staf: Staf, tijdvak: Tijdvak) -> None:
    beheerder = staf.beheerder
    loting = bereid_voor(tijdvak, beheerder)
    with pytest.raises(RechtenFout) as fout:
        lijst_bevriezen(loting=loting, actor=beheerder, op=LOTEN)
    assert fout.value.code == "vier-ogen"
    with pytest.raises(IntegrityError), transaction.atomic():
        Loting.objects.filter(pk=loting.pk).update(bevroren_door=beheerder)
    assert (vers(loting).status, Lotingbestand.objects.count()) == ("ontwerp", 0)


def test_de_bevroren_lijst_en_het_protocol(staf: Staf) -> None:
    """Everything that was received is on the list, refused ones too; withdrawn ones and drafts are not."""
    tijdvak = open_tijdvak(sleutel="lijst", plafond=2500)
    compleet = [maak_compleet(tijdvak, staf.behandelaar, kosten=Decimal(geld)) for geld in ("2000", "1000.50")]
    afgewezen = maak_compleet(tijdvak, staf.behandelaar)
    besluit_op(afgewezen, Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.DOELGROEP, op=NA)
    weg = maak_ingediend(tijdvak)
    aanvraag_intrekken(aanvraag=weg, reden="x", actor=None, op=NA)
    maak_concept(tijdvak)
    loting = loting_tot(tijdvak, staf, "bevriezen")

    def groep(aanvraag: Aanvraag) -> str:
        return hashlib.sha256(f"lijst-1|{aanvraag.organisatie_id}".encode()).hexdigest()[:16].upper()

    lijst = lotingbestand(loting, "deelnemers.csv")
    assert lijst.decode() == (
        "kenmerk;bedrag_cent;potten;groep;rang\n"
        f"LIJST-1-00001;100000;-;{groep(compleet[0])};0\n"
        f"LIJST-1-00002;50025;-;{groep(compleet[1])};0\n"
        f"LIJST-1-00003;100000;-;{groep(afgewezen)};0\n"
    )
    protocol = lotingbestand(loting, "protocol.json")
    assert json.loads(protocol) == {
        "algoritme": "LOTING-HKDF-SHA256-1",
        "bronnen": [{"id": "notaris", "lengte": 32, "soort": "cijfers"}],
        "deelnemers_sha256": hashlib.sha256(lijst).hexdigest(),
        "loting": "lijst-1-1",
        "per_groep": 1,
        "plafond_cent": 250_000,
        "potten": {},
        "regel": "STOP",
        "restronde": False,
        "richting": "OP",
    }
    assert (loting.status, loting.aantal, loting.deelnemers_sha256, loting.protocol_sha256) == (
        "bevroren",
        3,
        hashlib.sha256(lijst).hexdigest(),
        hashlib.sha256(protocol).hexdigest(),
    )
    assert vers(tijdvak).status == "in_verdeling"
    staten = Aanvraag.objects.filter(tijdvak=tijdvak).exclude(kenmerk="").order_by("kenmerk")
    assert list(staten.values_list("status", flat=True)) == [
        "in_verdeling",
        "in_verdeling",
        "afgewezen",
        "ingetrokken",
    ]
    regel = LogRegel.objects.get(keten=f"loting:{loting.pk}", handeling="bevriezen")
    assert regel.gegevens == {"protocol_sha256": loting.protocol_sha256, "aantal": 3}


def test_zonder_loting_per_aanvrager_is_er_geen_groep(staf: Staf) -> None:
    tabellen = {**tabel("verdeling", eenheid_loting="aanvraag"), "aanvrager": {"soort": "onderneming"}}
    tijdvak = open_tijdvak(tabellen=tabellen)
    organisatie = maak_organisatie()
    for _ in range(2):
        maak_compleet(tijdvak, staf.behandelaar, organisatie)
    loting = loting_tot(tijdvak, staf, "bevriezen")
    rijen = lotingbestand(loting, "deelnemers.csv").decode().splitlines()[1:]
    assert [rij.split(";")[3] for rij in rijen] == ["-", "-"]


def test_wat_na_het_voorbereiden_opkomt_houdt_bevriezen_tegen(staf: Staf, tijdvak: Tijdvak) -> None:
    loting = bereid_voor(tijdvak, staf.behandelaar)
    zet_toets(Aanvraag.objects.filter(tijdvak=tijdvak)[0], Toetsuitkomst.VOLDOET_NIET)
    with pytest.raises(OvergangFout, match="voldoen niet en zijn nog niet afgewezen"):
        lijst_bevriezen(loting=loting, actor=staf.beslisser, op=LOTEN)
    assert (vers(loting).status, vers(tijdvak).status, Lotingbestand.objects.count()) == ("ontwerp", "gesloten", 0)


def test_bevriezen_gaat_een_keer(staf: Staf, tijdvak: Tijdvak) -> None:
    loting = loting_tot(tijdvak, staf, "bevriezen")
    with pytest.raises((OvergangFout, IntegrityError)), transaction.atomic():
        lijst_bevriezen(loting=loting, actor=staf.beslisser, op=LOTEN)
    assert vers(loting).protocol_sha256 == loting.protocol_sha256


# --- Publishing -------------------------------------------------------------------------------------------------


def publiceer(loting: Loting, staf: Staf, op: datetime, waar: str = "Staatscourant 2026, 1234") -> Loting:
    return loting_publiceren(loting=loting, waar=waar, actor=staf.beslisser, op=op)


DAG = timedelta(hours=24)


@pytest.mark.parametrize(("eerder", "mag"), [(DAG, True), (DAG - timedelta(microseconds=1), False)])
def test_publiceren_is_minstens_24_uur_voor_de_trekking(
    staf: Staf, tijdvak: Tijdvak, eerder: timedelta, mag: bool
) -> None:
    loting = loting_tot(tijdvak, staf, "bevriezen")
    if mag:
        gepubliceerd = publiceer(loting, staf, TREKKING - eerder)
        assert (gepubliceerd.status, gepubliceerd.gepubliceerd_waar) == ("gepubliceerd", "Staatscourant 2026, 1234")
        return
    with pytest.raises(InvoerFout) as fout:
        publiceer(loting, staf, TREKKING - eerder)
    assert (fout.value.code, vers(loting).status) == ("te-snel", "bevroren")


def test_de_bedenktijd_van_de_regeling_telt(staf: Staf) -> None:
    tijdvak = open_tijdvak(tabellen=tabel("verdeling", bedenktijd_uren=120))
    maak_compleet(tijdvak, staf.behandelaar)
    loting = loting_tot(tijdvak, staf, "bevriezen")
    with pytest.raises(InvoerFout, match="minstens 120 uur"):
        publiceer(loting, staf, TREKKING - timedelta(hours=119))


def test_publiceren_zegt_waar_en_komt_na_het_bevriezen(staf: Staf, tijdvak: Tijdvak) -> None:
    loting = bereid_voor(tijdvak, staf.behandelaar)
    with pytest.raises(OvergangFout, match="heeft nu de status “Ontwerp”"):
        publiceer(loting, staf, LOTEN)
    loting = lijst_bevriezen(loting=loting, actor=staf.beslisser, op=LOTEN)
    with pytest.raises(InvoerFout, match="Waar wordt de hash gepubliceerd?"):
        publiceer(loting, staf, LOTEN, waar=" ")
    assert vers(loting).status == "bevroren"


# --- Sources ----------------------------------------------------------------------------------------------------


def bronnen(loting: Loting, staf: Staf, cijfers: str = CIJFERS, op: datetime = TREKKING) -> Loting:
    return bronnen_ingevoerd(loting, staf.notaris, op=op, cijfers=cijfers)


def test_bronnen_niet_voor_het_geplande_moment(staf: Staf, tijdvak: Tijdvak) -> None:
    loting = loting_tot(tijdvak, staf, "publiceren")
    with pytest.raises(OvergangFout) as fout:
        bronnen(loting, staf, op=TREKKING - timedelta(microseconds=1))
    assert fout.value.code == "te-vroeg"
    assert bronnen(loting, staf).status == "bronnen_volledig"


@pytest.mark.parametrize("cijfers", ["", "1" * 31, "1" * 33, "1" * 31 + "a", "1" * 31 + "²", "-" + "1" * 31])
def test_verkeerde_cijfers_worden_geweigerd(staf: Staf, tijdvak: Tijdvak, cijfers: str) -> None:
    loting = loting_tot(tijdvak, staf, "publiceren")
    with pytest.raises(InvoerFout, match="niet uit precies 32 cijfers"):
        bronnen(loting, staf, cijfers)
    assert (vers(loting).status, loting.bestanden.filter(naam="bronwaarden.json").count()) == ("gepubliceerd", 0)


def test_cijfers_in_groepen_zijn_goed(staf: Staf, tijdvak: Tijdvak) -> None:
    loting = bronnen(loting_tot(tijdvak, staf, "publiceren"), staf, " 3141 5926 5358 9793\n2384 6264 3383 2795 ")
    assert json.loads(lotingbestand(loting, "bronwaarden.json")) == {"notaris": CIJFERS, "uitgesloten": []}


@pytest.mark.parametrize(
    ("tot", "code"),
    [
        ("voorbereiden", "lijst-niet-gepubliceerd"),
        ("bevriezen", "lijst-niet-gepubliceerd"),
        ("bronnen", "bronnen-liggen-vast"),
        ("trekken", "bronnen-liggen-vast"),
        ("vaststellen", "bronnen-liggen-vast"),
    ],
)
def test_bronnen_een_keer_bij_een_gepubliceerde_lijst(staf: Staf, tijdvak: Tijdvak, tot: str, code: str) -> None:
    loting = loting_tot(tijdvak, staf, tot)
    with pytest.raises(OvergangFout) as fout:
        bronnen(loting, staf, "9" * 32)
    assert fout.value.code == code
    assert geweigerd(loting) == ([("dobbelstenen_invoeren", code)] if code == "bronnen-liggen-vast" else [])


def geweigerd(loting: Loting) -> list[tuple[str, str]]:
    """Step and code of the refusals in the trail of a draw."""
    regels = LogRegel.objects.filter(keten=f"loting:{loting.pk}", handeling="weigeren").order_by("volgnr")
    return [(regel.gegevens["stap"], regel.gegevens["code"]) for regel in regels]


def test_twee_verschillende_invoeren_worden_geen_waarde(staf: Staf, tijdvak: Tijdvak) -> None:
    """Nine places differ: eight are named. Both entries stay; only two equal ones of one attempt count."""
    loting = loting_tot(tijdvak, staf, "publiceren")
    anders = "9" * 8 + "7" + CIJFERS[9:]
    invoer: dict[str, Any] = {"loting": loting, "actor": staf.notaris, "op": TREKKING}
    dobbelstenen_invoeren(waarden={"notaris": CIJFERS}, poging=1, keer=1, **invoer)
    with pytest.raises(InvoerFout) as fout:
        dobbelstenen_invoeren(waarden={"notaris": anders}, poging=1, keer=2, **invoer)
    verschil = [nr for nr, (a, b) in enumerate(zip(CIJFERS, anders, strict=True), 1) if a != b]
    assert fout.value.code == "invoer-verschilt"
    assert f"cijfer {verschil[0]} (groep 1, cijfer {verschil[0]})" in fout.value.melding
    assert anders not in str(fout.value)
    with pytest.raises(OvergangFout, match="Deze invoer is al bewaard"):
        dobbelstenen_invoeren(waarden={"notaris": CIJFERS}, poging=1, keer=2, **invoer)
    dobbelstenen_invoeren(waarden={"notaris": anders}, poging=2, keer=1, **invoer)
    klaar = dobbelstenen_invoeren(waarden={"notaris": anders}, poging=2, keer=2, **invoer)
    assert json.loads(lotingbestand(klaar, "bronwaarden.json"))["notaris"] == anders
    assert [rij.waarden["notaris"] for rij in klaar.invoeren.all()] == [CIJFERS, anders, anders, anders]


def test_een_invoer_verandert_nooit(staf: Staf, tijdvak: Tijdvak) -> None:
    loting = loting_tot(tijdvak, staf, "bronnen")
    with pytest.raises(IntegrityError), transaction.atomic():
        loting.invoeren.update(waarden={"notaris": "0" * 32})


def test_een_getuige_geeft_alleen_de_tweede_keer(staf: Staf, tijdvak: Tijdvak) -> None:
    loting, getuige = loting_tot(tijdvak, staf, "publiceren"), maak_gebruiker(Rol.SECRETARIS)
    with pytest.raises(RechtenFout, match="Dit mag alleen een notaris"):
        bronnen_ingevoerd(loting, getuige, op=TREKKING)
    klaar = bronnen_ingevoerd(loting, staf.notaris, op=TREKKING, getuige=getuige)
    assert [rij.door for rij in klaar.invoeren.all()] == [staf.notaris, getuige]


def test_het_baken_wacht_op_de_dobbelstenen(staf: Staf, met_drand: Loting) -> None:
    tekens = {"drand": QUICKNET["handtekening"]}
    with pytest.raises(OvergangFout) as fout:
        bronnen_vastleggen(loting=met_drand, handtekeningen=tekens, actor=staf.notaris, op=RONDE_1000)
    assert fout.value.code == "cijfers-ontbreken"
    loting = bronnen_ingevoerd(met_drand, staf.notaris, op=RONDE_1000)
    assert loting.status == "gepubliceerd"
    loting = bronnen_vastleggen(loting=loting, handtekeningen=tekens, actor=staf.notaris, op=RONDE_1000)
    assert loting.status == "bronnen_volledig"


def test_wie_tussen_bevriezen_en_trekken_stopt_krijgt_uit_en_niemand_schuift_op(staf: Staf) -> None:
    """Two identical rounds with the same dice; in one an applicant withdraws. All others keep their place."""
    volgordes = []
    for stopt in (False, True):
        tijdvak = open_tijdvak(sleutel=f"schuif{int(stopt)}", plafond=2500)
        for _ in range(4):
            maak_compleet(tijdvak, staf.behandelaar)
        loting = loting_tot(tijdvak, staf, "publiceren")
        weg = Aanvraag.objects.get(tijdvak=tijdvak, kenmerk__endswith="-00002")
        if stopt:
            assert zaak_intrekken(aanvraag=weg, reden="Toch niet", actor=None, op=LOTEN) == []
        loting = bronnen(loting, staf)
        uitgesloten = json.loads(lotingbestand(loting, "bronwaarden.json"))["uitgesloten"]
        assert uitgesloten == ([weg.kenmerk] if stopt else [])
        loting = loting_trekken(loting=loting, actor=staf.notaris, op=TREKKING)
        loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)
        volgordes.append(lotingbestand(loting, "uitkomst.csv").decode())
        if stopt:
            plaats = weg.plaats
            assert (plaats.uitkomst, plaats.bedrag, plaats.reden) == ("uit", None, "Ingetrokken door aanvrager")
            assert (vers(weg).status, vers(tijdvak).rangschikking.mutaties.count()) == (Status.INGETROKKEN, 0)
            _zonder_de_uitgeslotene(loting, weg.kenmerk)


def _zonder_de_uitgeslotene(loting: Loting, kenmerk: str) -> None:
    """By hand: the lots in order, money from the top, the withdrawn one passed over (€ 1,000 each, € 2,500)."""
    verwacht, over = [], 250_000
    for nummer, (lot, naam) in enumerate(_eigen_volgorde(loting), 1):
        if naam == kenmerk:
            uit = "UIT"
        elif over >= 100_000:
            uit, over = "100000", over - 100_000
        else:
            uit = "RESERVE"
        verwacht.append(f"{nummer};{naam};{lot};{uit}")
    assert lotingbestand(loting, "uitkomst.csv").decode().splitlines()[1:] == verwacht


def _eigen_volgorde(loting: Loting) -> list[tuple[str, str]]:
    """The draw computed here with nothing but HMAC: (lot, label) ascending."""
    hp = hashlib.sha256(lotingbestand(loting, "protocol.json")).digest()
    prk = hmac.new(hp, f"notaris={CIJFERS}\n".encode(), hashlib.sha256).digest()
    kenmerken = [rij.split(";")[0] for rij in lotingbestand(loting, "deelnemers.csv").decode().splitlines()[1:]]
    return sorted((hmac.new(prk, k.encode() + b"\x01", hashlib.sha256).hexdigest(), k) for k in kenmerken)


# --- Drawing and settling ---------------------------------------------------------------------------------------


def test_de_uitslag_is_met_de_hand_na_te_rekenen(staf: Staf, tijdvak: Tijdvak) -> None:
    loting = loting_tot(tijdvak, staf, "trekken")
    (lot1, een), (lot2, twee), (lot3, drie) = _eigen_volgorde(loting)
    assert lotingbestand(loting, "uitkomst.csv").decode() == (
        f"plaats;kenmerk;lot;uitkomst\n1;{een};{lot1};100000\n2;{twee};{lot2};100000\n3;{drie};{lot3};RESERVE\n"
    )
    assert json.loads(lotingbestand(loting, "ruimte.json")) == {"*": 50_000}
    assert (loting.status, loting.getrokken_op, loting.getrokken_door) == ("verdeeld", TREKKING, staf.notaris)


@pytest.mark.parametrize("tot", ["voorbereiden", "bevriezen", "publiceren"])
def test_trekken_kan_niet_zonder_bevroren_lijst_en_bronnen(staf: Staf, tijdvak: Tijdvak, tot: str) -> None:
    loting = loting_tot(tijdvak, staf, tot)
    with pytest.raises(OvergangFout) as fout:
        loting_trekken(loting=loting, actor=staf.notaris, op=TREKKING)
    assert fout.value.code == "lijst-niet-bevroren"
    assert loting.bestanden.filter(naam="uitkomst.csv").count() == 0


@pytest.mark.parametrize("tot", ["trekken", "vaststellen"])
def test_een_tweede_trekking_bestaat_niet(staf: Staf, tijdvak: Tijdvak, tot: str) -> None:
    loting = loting_tot(tijdvak, staf, tot)
    voor = lotingbestand(loting, "uitkomst.csv")
    with pytest.raises(OvergangFout) as fout:
        loting_trekken(loting=loting, actor=staf.notaris, op=TREKKING + timedelta(hours=1))
    assert fout.value.code == "al-getrokken"
    assert "al getrokken op 30 maart 2026 om 19:00:00 uur" in fout.value.melding
    assert lotingbestand(loting, "uitkomst.csv") == voor
    assert geweigerd(loting) == [("trekken", "al-getrokken")]


def test_wie_trekt_stelt_niet_vast(staf: Staf, tijdvak: Tijdvak) -> None:
    loting = loting_tot(tijdvak, staf, "bronnen")
    beheerder = staf.beheerder
    loting = loting_trekken(loting=loting, actor=beheerder, op=TREKKING)
    with pytest.raises(RechtenFout) as fout:
        loting_vaststellen(loting=loting, actor=beheerder, op=TREKKING)
    assert (fout.value.code, vers(loting).status) == ("vier-ogen", "verdeeld")
    with pytest.raises(IntegrityError), transaction.atomic():
        Loting.objects.filter(pk=loting.pk).update(vastgesteld_door=beheerder)
    assert loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING).status == "lopend"


def test_vaststellen_gaat_een_keer(staf: Staf, tijdvak: Tijdvak) -> None:
    loting = loting_tot(tijdvak, staf)
    with pytest.raises(OvergangFout, match="heeft nu de status “Lopend”"):
        loting_vaststellen(loting=loting, actor=staf.beslisser2, op=TREKKING)
    assert vers(tijdvak).rangschikking.plaatsen.count() == 3


def test_voor_de_trekking_is_er_niets_vast_te_stellen(staf: Staf, tijdvak: Tijdvak) -> None:
    loting = loting_tot(tijdvak, staf, "bronnen")
    with pytest.raises(OvergangFout, match="nog niet getrokken"):
        loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)


def knoei(loting: Loting, naam: str, van: bytes, naar: bytes, *, ook_hash: bool = False) -> None:
    """What somebody with access to the database could do."""
    bestand = loting.bestanden.get(naam=naam)
    inhoud = bytes(bestand.inhoud)
    assert inhoud.count(van) >= 1
    bestand.inhoud = inhoud.replace(van, naar, 1)
    if ook_hash:
        bestand.sha256 = hashlib.sha256(bestand.inhoud).hexdigest()
    with zonder_triggers("beoordeling_lotingbestand"):
        bestand.save()


@pytest.mark.parametrize("ook_hash", [False, True])
@pytest.mark.parametrize(
    ("naam", "van", "naar"),
    [
        ("deelnemers.csv", b";100000;", b";200000;"),
        ("protocol.json", b'"plafond_cent":250000', b'"plafond_cent":950000'),
        ("bronwaarden.json", b"3141", b"3142"),
        ("uitkomst.csv", b";RESERVE", b";100000"),
        ("ruimte.json", b"50000", b"60000"),
    ],
)
def test_met_een_geknoeid_bestand_wordt_niets_vastgesteld(
    staf: Staf, tijdvak: Tijdvak, naam: str, van: bytes, naar: bytes, ook_hash: bool
) -> None:
    """Also when the digest beside the bytes is changed along; nothing reaches an application or the ledger."""
    loting = loting_tot(tijdvak, staf, "trekken")
    knoei(loting, naam, van, naar, ook_hash=ook_hash)
    with pytest.raises((OvergangFout, LotingFout)):
        loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)
    assert (vers(loting).status, vers(tijdvak).status) == ("verdeeld", "in_verdeling")
    assert Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.IN_VERDELING).count() == 3
    assert tijdvak.plafonds.get(code="*").gereserveerd == 0


def test_een_geheel_vervangen_uitslag_valt_door_de_mand(staf: Staf, tijdvak: Tijdvak) -> None:
    """All files replaced by those of another draw that is right in itself: the published hash does not fit."""
    loting = loting_tot(tijdvak, staf, "trekken")
    ander = open_tijdvak(plafond=9000)
    for _ in range(3):
        maak_compleet(ander, staf.behandelaar)
    for bestand in loting_tot(ander, staf, "trekken").bestanden.all():
        with zonder_triggers("beoordeling_lotingbestand"):
            loting.bestanden.filter(naam=bestand.naam).update(inhoud=bestand.inhoud, sha256=bestand.sha256)
    with pytest.raises(OvergangFout) as fout:
        loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)
    assert fout.value.code == "bestand-gewijzigd"
    assert vers(loting).status == "verdeeld"
    assert geweigerd(loting) == [("vaststellen", "bestand-gewijzigd")]


@pytest.mark.parametrize("naam", ["deelnemers.csv", "protocol.json"])
def test_met_een_geknoeid_bestand_wordt_niet_getrokken(staf: Staf, tijdvak: Tijdvak, naam: str) -> None:
    loting = loting_tot(tijdvak, staf, "bronnen")
    knoei(loting, naam, b"0", b"1", ook_hash=True)
    with pytest.raises(OvergangFout) as fout:
        loting_trekken(loting=loting, actor=staf.notaris, op=TREKKING)
    assert fout.value.code == "bestand-gewijzigd"
    assert geweigerd(loting) == [("trekken", "bestand-gewijzigd")]


@pytest.mark.parametrize("ook_hash", [False, True])
def test_na_de_publicatie_ligt_het_protocol_vast(staf: Staf, tijdvak: Tijdvak, ook_hash: bool) -> None:
    """A higher ceiling after H_P was published: no dice are taken, and everybody can read who met it."""
    loting = loting_tot(tijdvak, staf, "publiceren")
    knoei(loting, "protocol.json", b'"plafond_cent":250000', b'"plafond_cent":950000', ook_hash=ook_hash)
    with pytest.raises(OvergangFout) as fout:
        bronnen(loting, staf)
    assert fout.value.code == "bestand-gewijzigd"
    with pytest.raises(OvergangFout):
        protocol_lezen(loting=loting, actor=staf.notaris, op=TREKKING)
    assert geweigerd(loting) == [
        ("dobbelstenen_invoeren", "bestand-gewijzigd"),
        ("protocol_lezen", "bestand-gewijzigd"),
    ]
    assert not loting.invoeren.exists()


def test_het_controleprogramma_beslist(staf: Staf, tijdvak: Tijdvak) -> None:
    """Settling runs the shipped script in a process of its own; here on a package with one other lot."""
    pakket = bewijspakket(loting_tot(tijdvak, staf, "trekken"))
    controleer_in_eigen_proces(pakket)
    pakket["uitkomst.csv"] = pakket["uitkomst.csv"].replace(b";RESERVE", b";100000")
    with pytest.raises(OvergangFout) as fout:
        controleer_in_eigen_proces(pakket)
    assert fout.value.code == "bewijs-klopt-niet"
    assert "uitkomst.csv" in fout.value.melding


# --- Evidence ---------------------------------------------------------------------------------------------------


def draai(map_: Path) -> tuple[int, str]:
    """The script as an outsider runs it; (exit code, last word)."""
    klaar = subprocess.run(
        [sys.executable, "-I", str(map_ / "verifieer_loting.py")], capture_output=True, text=True, check=False
    )
    return klaar.returncode, klaar.stdout.strip()


def test_bewijspakket_met_mutaties_klopt_en_een_byte_anders_niet(staf: Staf, tmp_path: Path) -> None:
    """A withdrawal of a selected one, one from the reserve list, a raise; then each file with one byte changed."""
    tijdvak, zaken = geloot(5, staf, plafond=2500)
    zaak_intrekken(aanvraag=zaken[0], reden="Toch niet", actor=None, op=BESLUIT)
    zaak_intrekken(aanvraag=zaken[3], reden="Ook niet", actor=None, op=BESLUIT)
    plafond_verhogen(tijdvak=tijdvak, bedrag=Decimal(500), reden="Besluit", actor=staf.beheerder, op=BESLUIT)
    pakket = bewijspakket(tijdvak.rangschikking.loting)
    assert pakket["mutaties.csv"].decode() == (
        "nr;soort;kenmerk;bedrag_cent\n"
        f"1;INTREKKING;{zaken[0].kenmerk};0\n"
        f"2;INTREKKING;{zaken[3].kenmerk};0\n"
        "3;VERHOGING;*;50000\n"
    )
    assert sorted(pakket) == [
        "LEESMIJ.md",
        "SHA256SUMS",
        "akte.txt",
        "bronwaarden.json",
        "deelnemers.csv",
        "mutaties.csv",
        "na_mutaties.json",
        "protocol.json",
        "ruimte.json",
        "uitkomst.csv",
        "verifieer_loting.py",
    ]
    for naam, inhoud in pakket.items():
        (tmp_path / naam).write_bytes(inhoud)
    assert draai(tmp_path) == (0, "KLOPT")
    for naam, inhoud in pakket.items():
        midden = len(inhoud) // 2
        # In the script a comment is changed, so that it still runs and has to find the difference itself.
        plek = inhoud.index(b"# ") + 3 if naam == "verifieer_loting.py" else midden
        anders = bytes([inhoud[plek] ^ 1])
        (tmp_path / naam).write_bytes(inhoud[:plek] + anders + inhoud[plek + 1 :])
        code, woord = draai(tmp_path)
        assert (code != 0, woord) == (True, ""), naam
        (tmp_path / naam).write_bytes(inhoud)
    assert draai(tmp_path) == (0, "KLOPT")


def test_de_akte_zegt_wie_wat_wanneer_deed(staf: Staf, tijdvak: Tijdvak) -> None:
    loting = loting_tot(tijdvak, staf)
    assert aktetekst(loting).splitlines() == [
        f"Akte van de loting {loting.kenmerk}",
        "",
        f"Tijdvak: Proefronde ({tijdvak.sleutel})",
        "Regeling: Proefregeling, versie 1",
        "Aantal aanvragen op de lijst: 3",
        f"SHA-256 van de lijst: {loting.deelnemers_sha256}",
        f"SHA-256 van het protocol (H_P): {loting.protocol_sha256}",
        "Te verdelen: € 2.500",
        "Regel als een aanvraag niet past: STOP",
        f"Waarde van de bron notaris: {CIJFERS}",
        "Uitkomst: 1 reserve, 2 toegewezen",
        f"SHA-256 van uitkomst.csv: {loting.bestanden.get(naam='uitkomst.csv').sha256}",
        "",
        "Alle tijden zijn Nederlandse tijd.",
        f"Lijst voorbereid: 29 maart 2026 om 18:00:00 uur, door {staf.behandelaar}",
        f"Lijst bevroren: 29 maart 2026 om 18:00:00 uur, door {staf.beslisser}",
        f"H_P gepubliceerd (Staatscourant): 29 maart 2026 om 18:00:00 uur, door {staf.beslisser}",
        f"Bronnen vastgelegd: 30 maart 2026 om 19:00:00 uur, door {staf.notaris}",
        f"Getrokken: 30 maart 2026 om 19:00:00 uur, door {staf.notaris}",
        f"Vastgesteld: 30 maart 2026 om 19:00:00 uur, door {staf.beslisser}",
    ]


def test_voor_de_trekking_is_er_geen_bewijs(staf: Staf, tijdvak: Tijdvak) -> None:
    with pytest.raises(OvergangFout, match="nog niet getrokken"):
        bewijspakket(loting_tot(tijdvak, staf, "bronnen"))


# --- Starting again ---------------------------------------------------------------------------------------------


def ongeldig(loting: Loting, staf: Staf, reden: str = "Een naam ontbrak") -> Loting:
    return loting_ongeldig_verklaren(loting=loting, reden=reden, actor=staf.beslisser, op=LOTEN)


@pytest.mark.parametrize(("tot", "op"), [("publiceren", TREKKING), ("bronnen", TREKKING), ("bronnen", LOTEN)])
def test_wie_de_uitslag_kan_kennen_krijgt_geen_nieuwe_loting(
    staf: Staf, tijdvak: Tijdvak, tot: str, op: datetime
) -> None:
    """From the moment of the draw dice may lie on the table. A draw that is repeated until it suits is none."""
    loting = loting_tot(tijdvak, staf, tot)
    with pytest.raises(OvergangFout) as fout:
        loting_ongeldig_verklaren(loting=loting, reden="Andere dag.", actor=staf.beslisser, op=op)
    assert fout.value.code == "uitslag-ligt-vast"
    assert vers(loting).status == loting.status
    assert LogRegel.objects.filter(keten=keten_van(loting), reden__contains="kan iemand de uitslag kennen").exists()


@pytest.mark.parametrize("tot", ["bevriezen", "publiceren"])
def test_na_ongeldig_komt_er_een_nieuwe_loting_over_de_bevroren_lijst(staf: Staf, tijdvak: Tijdvak, tot: str) -> None:
    oud = loting_tot(tijdvak, staf, tot)
    gestopt = Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.IN_VERDELING)[0]
    zaak_intrekken(aanvraag=gestopt, reden="x", actor=None, op=LOTEN)
    oud = ongeldig(oud, staf)
    assert (oud.status, oud.ongeldig_reden) == ("ongeldig", "Een naam ontbrak")
    nieuw = loting_tot(tijdvak, staf)
    assert (nieuw.vervangt, nieuw.status, nieuw.aantal) == (oud, "lopend", 2)
    assert json.loads(lotingbestand(nieuw, "protocol.json"))["vervangt"] == oud.protocol_sha256
    assert lotingbestand(oud, "protocol.json") != lotingbestand(nieuw, "protocol.json")  # the old one stays public
    assert [a.status for a in op_rang(tijdvak)] == [Status.GESELECTEERD, Status.GESELECTEERD]
    assert vers(tijdvak).status == "verdeeld"


def test_na_ongeldig_voor_het_bevriezen_begint_men_gewoon_opnieuw(staf: Staf, tijdvak: Tijdvak) -> None:
    """There was no list and no hash yet, so there is none to refer to."""
    oud = ongeldig(loting_tot(tijdvak, staf, "voorbereiden"), staf)
    nieuw = loting_tot(tijdvak, staf)
    assert (nieuw.vervangt, nieuw.status) == (oud, "lopend")
    assert "vervangt" not in json.loads(lotingbestand(nieuw, "protocol.json"))


def test_twee_keer_ongeldig(staf: Staf, tijdvak: Tijdvak) -> None:
    eerste = ongeldig(loting_tot(tijdvak, staf, "publiceren"), staf)
    tweede = ongeldig(loting_tot(tijdvak, staf, "publiceren"), staf)
    derde = loting_tot(tijdvak, staf, "publiceren")
    assert [loting.kenmerk[-2:] for loting in (eerste, tweede, derde)] == ["-1", "-2", "-3"]
    assert tweede.vervangt == eerste


@pytest.mark.parametrize("tot", ["trekken", "vaststellen"])
def test_na_de_trekking_kan_ongeldig_niet_meer(staf: Staf, tijdvak: Tijdvak, tot: str) -> None:
    loting = loting_tot(tijdvak, staf, tot)
    with pytest.raises(OvergangFout):
        ongeldig(loting, staf)
    assert vers(loting).ongeldig_reden == ""


def test_ongeldig_heeft_een_reden(staf: Staf, tijdvak: Tijdvak) -> None:
    loting = loting_tot(tijdvak, staf, "publiceren")
    with pytest.raises(InvoerFout, match="De reden ontbreekt."):
        ongeldig(loting, staf, " ")
    assert vers(loting).status == "gepubliceerd"


# --- The public beacon ------------------------------------------------------------------------------------------

#: Ten minutes before drand round 1000, the round whose signature we know.
RONDE_1000 = datetime(2023, 8, 23, 15, 59, 24, tzinfo=UTC)


@pytest.fixture
def met_drand(staf: Staf) -> Loting:
    """A published draw with dice and drand. Its clock stands in 2023, long before the round: services take any."""
    tijdvak = open_tijdvak(tabellen=tabel("verdeling", bronnen=["notaris", "drand"]))
    maak_compleet(tijdvak, staf.behandelaar)
    t1 = RONDE_1000 - timedelta(minutes=10)
    loting = loting_voorbereiden(tijdvak=tijdvak, trekking_gepland_op=t1, actor=staf.behandelaar, op=LOTEN)
    loting = lijst_bevriezen(loting=loting, actor=staf.beslisser, op=LOTEN)
    return publiceer(loting, staf, t1 - timedelta(hours=24))


def drand(loting: Loting, staf: Staf, handtekening: str | None) -> Loting:
    bronnen_ingevoerd(loting, staf.notaris, op=RONDE_1000)
    return bronnen_vastleggen(
        loting=loting,
        handtekeningen={} if handtekening is None else {"drand": handtekening},
        actor=staf.notaris,
        op=RONDE_1000,
    )


def test_drand_ligt_tien_minuten_na_de_dobbelstenen_en_de_waarde_volgt_uit_de_handtekening(
    staf: Staf, met_drand: Loting
) -> None:
    protocol = json.loads(lotingbestand(met_drand, "protocol.json"))
    assert [(bron["id"], bron.get("ronde")) for bron in protocol["bronnen"]] == [("notaris", None), ("drand", 1000)]
    loting = drand(met_drand, staf, f" {QUICKNET['handtekening'].upper()} ")
    assert json.loads(lotingbestand(loting, "bronwaarden.json")) == {
        "notaris": CIJFERS,
        "drand": QUICKNET["waarde"],
        "drand_handtekening": QUICKNET["handtekening"],
        "uitgesloten": [],
    }


def test_zonder_handtekening_geen_drand(staf: Staf, met_drand: Loting) -> None:
    with pytest.raises(InvoerFout, match="handtekening"):
        drand(met_drand, staf, None)
    assert vers(met_drand).status == "gepubliceerd"


@pytest.mark.skipif(not bls_beschikbaar(), reason="the check of the signature is the optional extra 'bewijs'")
def test_een_verzonnen_handtekening_wordt_geweigerd(staf: Staf, met_drand: Loting) -> None:
    """Otherwise who types the sources could try signatures until the outcome pleases."""
    verzonnen = QUICKNET["handtekening"][:-1] + ("0" if QUICKNET["handtekening"][-1] != "0" else "1")
    with pytest.raises(InvoerFout, match="is niet die van drand-ronde 1000"):
        drand(met_drand, staf, verzonnen)
    assert vers(met_drand).status == "gepubliceerd"


def test_de_aanvraag_zelf_verandert_niet_door_een_geweigerde_stap(staf: Staf, tijdvak: Tijdvak) -> None:
    loting = loting_tot(tijdvak, staf, "publiceren")
    voor = list(Aanvraag.objects.filter(tijdvak=tijdvak).order_by("pk").values_list("status", "versie"))
    with pytest.raises(InvoerFout):
        bronnen(loting, staf, "1")
    assert list(Aanvraag.objects.filter(tijdvak=tijdvak).order_by("pk").values_list("status", "versie")) == voor
    assert TIJDENS < SLUIT < LOTEN < TREKKING
