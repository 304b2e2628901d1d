"""The form of every scheme of the catalogue: each part renders, and a filled-in one can be read back and sent."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from aanvragen.enums import Machtigingsoort
from aanvragen.models import Aanvraag, Deelnemer
from aanvragen.services.concept import aanvraag_beginnen
from aanvragen.services.organisatie import machtiging_verlenen
from portalen.presentatie.stappen import stappen_van
from regeling.models import Regelingversie, Tijdvak
from regeling.services.catalogus import CATALOGUS, regelingen_laden
from regeling.services.tijdvak import tijdvak_bijwerken, tijdvak_naspelen, tijdvak_publiceren
from tests.factories.portaal_aanvrager import ingelogd
from tests.factories.portaal_medewerker import op_moment
from tests.factories.ronde import maak_gebruiker
from uitvoering.simulatie import gegevens
from uitvoering.simulatie.aanvragers import organisatie_van
from uitvoering.simulatie.invullen import aanvraag_invullen

pytestmark = pytest.mark.django_db
SLEUTELS = sorted(pad.stem for pad in CATALOGUS.glob("*.toml"))


def open_ronde(sleutel: str) -> Tijdvak:
    """A copy of the first round of a scheme, open."""
    regelingen_laden(pad=CATALOGUS / f"{sleutel}.toml", actor=None, op=datetime(2004, 1, 1, tzinfo=UTC))
    versie = Regelingversie.objects.get(regeling__sleutel=sleutel)
    tijdvak = tijdvak_naspelen(versie=versie, specsleutel=versie.spec.tijdvakken[0].sleutel, op=datetime.now(UTC))
    tijdvak = tijdvak_publiceren(tijdvak=tijdvak, actor=None, op=tijdvak.open_op - timedelta(days=1))
    return tijdvak_bijwerken(tijdvak=tijdvak, op=tijdvak.open_op)


def concept(tijdvak: Tijdvak, op: datetime) -> tuple[Client, Aanvraag]:
    """The draft of an applicant that fits the scheme, and the browser of who may send it."""
    provincies = gegevens.provincies(tijdvak.spec, tijdvak.tijdvakspec)
    organisatie = organisatie_van(gegevens.aanvrager(1, 1, provincies), op)
    gebruiker = maak_gebruiker()
    machtiging_verlenen(
        organisatie=organisatie, gebruiker=gebruiker, soort=Machtigingsoort.BEHEERDER, actor=None, op=op
    )
    aanvraag = aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=gebruiker, op=op)
    return ingelogd(gebruiker), aanvraag


@pytest.mark.parametrize("sleutel", SLEUTELS)
def test_elk_onderdeel_van_het_formulier(sleutel: str) -> None:
    """Empty and filled in; the check page misses nothing that the applicant has to fill in."""
    tijdvak = open_ronde(sleutel)
    op = tijdvak.open_op + timedelta(hours=1)
    stappen = [stap.sleutel for stap in stappen_van(tijdvak.spec)]
    with op_moment(op):
        client, aanvraag = concept(tijdvak, op)
        for adres in (
            reverse("portalen:regeling", args=[tijdvak.sleutel]),
            reverse("portalen:regeling_vragen", args=[tijdvak.sleutel]),
            reverse("portalen:aanvraag", args=[aanvraag.pk]),
            *(reverse("portalen:aanvraag_stap", args=[aanvraag.pk, stap]) for stap in stappen),
        ):
            assert client.get(adres).status_code == 200, adres
        aanvraag = aanvraag_invullen(aanvraag, random.Random(1), op)
        for stap in stappen:
            pagina = client.get(reverse("portalen:aanvraag_stap", args=[aanvraag.pk, stap]))
            assert pagina.status_code == 200
            assert b"<h1" in pagina.content
        controle = client.get(reverse("portalen:aanvraag_controleren", args=[aanvraag.pk]))
        assert controle.status_code == 200
        assert [gebrek["tekst"] for gebrek in controle.context["ontbreekt"]] == []
        niet_goed = [t.code for t in controle.context["toetsen"] if t.uitkomst == "voldoet_niet"]
        assert niet_goed == []


def test_de_onderdelen_volgen_de_regeling() -> None:
    groep, plaats, geld = (open_ronde(sleutel).spec for sleutel in ("ipc-2010", "leergang", "smart-mix"))
    kosten = [
        {stap.sleutel for stap in stappen_van(spec)} & {"deelnemers", "plaatsen", "begroting"}
        for spec in (groep, plaats, geld)
    ]
    assert kosten == [{"deelnemers"}, {"plaatsen"}, {"deelnemers", "begroting"}]


def plak(client: Client, aanvraag: Aanvraag, tekst: str) -> Any:
    return stuur(client, aanvraag, "deelnemers", {"deelnemers": tekst})


def stuur(client: Client, aanvraag: Aanvraag, stap: str, velden: dict[str, str]) -> Any:
    """Posts a part with what its page said it was based on."""
    adres = reverse("portalen:aanvraag_stap", args=[aanvraag.pk, stap])
    return client.post(adres, {"basis": client.get(adres).context["basis"], **velden})


def test_een_lijst_van_deelnemers_plakken() -> None:
    """From a spreadsheet: tabs between, Dutch amounts; what each asks is computed, and the group asks the sum."""
    tijdvak = open_ronde("ipc-2010")
    op = tijdvak.open_op + timedelta(hours=1)
    with op_moment(op):
        client, aanvraag = concept(tijdvak, op)
        antwoord = plak(client, aanvraag, "00600001\tBakkerij bv\t80.000\n\n00 60 00 02; Smederij ; 150.000,50\r\n")
        assert antwoord.status_code == 302
        leden = list(Deelnemer.objects.values_list("kvk_nummer", "naam", "kosten", "bedrag"))
        assert leden == [
            ("00600001", "Bakkerij bv", Decimal(80_000), Decimal(40_000)),
            ("00600002", "Smederij", Decimal("150000.50"), Decimal(60_000)),
        ]
        aanvraag.refresh_from_db()
        assert (aanvraag.kosten_totaal, aanvraag.gevraagd_bedrag) == (Decimal("230000.50"), Decimal(100_000))
        pagina = client.get(reverse("portalen:aanvraag_stap", args=[aanvraag.pk, "deelnemers"])).content.decode()
        assert "00600001; Bakkerij bv; 80000" in pagina
        assert "00600002; Smederij; 150000,50" in pagina
        controle = client.get(reverse("portalen:aanvraag_controleren", args=[aanvraag.pk]))
        assert [gebrek["tekst"] for gebrek in controle.context["ontbreekt"] if "Samenstelling" in gebrek["tekst"]] == [
            "Samenstelling van de groep: Niet goed: er zijn 2 deelnemers; het moeten er minstens 15 en hoogstens 35 "
            "zijn; de penvoerder die aanvraagt, staat niet bij de deelnemers."
        ]


@pytest.mark.parametrize(
    ("tekst", "melding"),
    [
        ("00600001; Bakkerij", "Regel 1: zet hier KvK-nummer, naam, kosten."),
        ("00600001; Bakkerij; veel", "Regel 1: “veel” is geen bedrag."),
        ("00600001; A; 10\n0060001; B; 10", "Regel 2: een KvK-nummer heeft 8 cijfers."),
        ("00600001; A; 10\n00600001; B; 10", "Regel 2: KvK-nummer 00600001 staat er twee keer."),
        ("00600001; ; 10", "Regel 1: de naam ontbreekt."),
    ],
)
def test_een_regel_die_niet_klopt_blijft_staan_met_uitleg(tekst: str, melding: str) -> None:
    tijdvak = open_ronde("ipc-2010")
    op = tijdvak.open_op + timedelta(hours=1)
    with op_moment(op):
        client, aanvraag = concept(tijdvak, op)
        pagina = plak(client, aanvraag, tekst).content.decode()
    assert melding in pagina
    assert tekst.splitlines()[0] in pagina
    assert not Deelnemer.objects.exists()


def test_een_rol_die_de_regeling_niet_kent() -> None:
    tijdvak = open_ronde("smart-mix")
    op = tijdvak.open_op + timedelta(hours=1)
    with op_moment(op):
        client, aanvraag = concept(tijdvak, op)
        pagina = plak(client, aanvraag, "00600001; Bakkerij; bakker").content.decode()
        assert "Regel 1: kies als rol gebruiker of kennisinstelling." in pagina
        assert plak(client, aanvraag, "00600001; TU; Kennisinstelling").status_code == 302
    assert Deelnemer.objects.get().rol == "kennisinstelling"


def test_plaatsen_vragen() -> None:
    tijdvak = open_ronde("leergang")
    op = tijdvak.open_op + timedelta(hours=1)
    with op_moment(op):
        client, aanvraag = concept(tijdvak, op)
        adres = reverse("portalen:aanvraag_stap", args=[aanvraag.pk, "plaatsen"])
        assert "Een groep heeft hoogstens 15 deelnemers." in client.get(adres).content.decode()
        assert stuur(client, aanvraag, "plaatsen", {"gevraagd_stuks": "0"}).status_code == 200
        assert stuur(client, aanvraag, "plaatsen", {"gevraagd_stuks": "3"}).status_code == 302
        aanvraag.refresh_from_db()
        assert (aanvraag.gevraagd_stuks, aanvraag.gevraagd_bedrag) == (3, None)
        controle = client.get(reverse("portalen:aanvraag_controleren", args=[aanvraag.pk])).content.decode()
    assert "Wat kunt u krijgen?" not in controle
