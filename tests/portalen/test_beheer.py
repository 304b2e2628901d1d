"""The administrator's page: versions, a dry run of a scheme file, people and roles."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kern.enums import Rol
from kern.models import Gebruiker, LogRegel
from kern.services.spoor import keten_van
from regeling.lezen import MAXIMUM_BYTES
from regeling.models import Regelingversie, Tijdvak
from regeling.services.catalogus import CATALOGUS
from tests.factories.portaal_medewerker import als, meldingen, op_moment, tekst
from tests.factories.ronde import NA, maak_gebruiker, maak_tijdvak

pytestmark = pytest.mark.django_db
PAGINA = "/werk/beheer/"
GEEN_ACCOUNT = "Er is geen account met dit e-mailadres. Laat de collega eerst inloggen."


@pytest.fixture
def beheerder():
    with op_moment(NA):
        yield maak_gebruiker(Rol.BEHEERDER)


def namen(antwoord) -> list[str]:
    return [persoon.naam for persoon in antwoord.context["pagina"]]


def test_versions_with_their_rounds(beheerder):
    tijdvak = maak_tijdvak()
    antwoord = als(beheerder).get(PAGINA)
    (versie,) = antwoord.context["versies"]
    assert (versie, versie.rondes) == (tijdvak.regelingversie, [tijdvak])
    assert versie.sha256[:16] in tekst(antwoord)


def test_people_with_a_role_or_everybody(beheerder):
    zonder = maak_gebruiker()
    client = als(beheerder)
    assert namen(client.get(PAGINA)) == [beheerder.naam]
    assert namen(client.get(f"{PAGINA}?wie=iedereen&zoek={zonder.email}")) == [zonder.naam]
    assert sorted(namen(client.get(f"{PAGINA}?wie=iedereen"))) == sorted([beheerder.naam, zonder.naam])


def test_same_number_of_queries_for_one_and_three_people(beheerder, django_assert_num_queries):
    client = als(beheerder)
    client.get(PAGINA)
    with django_assert_num_queries(7):
        assert len(namen(client.get(PAGINA))) == 1
    maak_gebruiker(Rol.BEHANDELAAR, Rol.BESLISSER)
    maak_gebruiker(Rol.AUDITOR)
    with django_assert_num_queries(7):
        assert len(namen(client.get(PAGINA))) == 3


def test_giving_a_role_leaves_a_trace(beheerder):
    collega = maak_gebruiker()
    antwoord = als(beheerder).post(f"{PAGINA}rol/", {"email": collega.email.upper(), "rol": "behandelaar"})
    assert antwoord.url == f"{PAGINA}#mensen"
    assert meldingen(antwoord) == [f"{collega} heeft nu de rol “Behandelaar”."]
    assert Gebruiker.objects.get(pk=collega.pk).rollen == {"behandelaar"}
    regel = LogRegel.objects.filter(keten=keten_van(collega)).order_by("-volgnr").first()
    assert (regel.handeling, regel.actor, regel.gegevens) == ("rol_toekennen", beheerder, {"rol": "behandelaar"})


@pytest.mark.parametrize(
    ("email", "rol", "fouten"),
    [
        (
            "niemand@proef.example",
            "behandelaar",
            {"email": [GEEN_ACCOUNT]},
        ),
        ("", "behandelaar", {"email": ["Vul “E-mailadres” in."]}),
        ("collega@proef.example", "", {"rol": ["Maak een keuze bij “Rol”."]}),
        ("collega@proef.example", "auditor", {"rol": ["Deze collega heeft deze rol al."]}),
    ],
)
def test_a_role_that_cannot_be_given(beheerder, email, rol, fouten):
    collega = maak_gebruiker(Rol.AUDITOR, email="collega@proef.example")
    antwoord = als(beheerder).post(f"{PAGINA}rol/", {"email": email, "rol": rol})
    assert antwoord.status_code == 400
    assert antwoord.context["rolform"].errors == fouten
    assert list(fouten.values())[0][0] in tekst(antwoord)
    assert Gebruiker.objects.get(pk=collega.pk).rollen == {"auditor"}


def proef(client, inhoud: bytes, naam: str = "proef.toml"):
    return client.post(f"{PAGINA}proef/", {"bestand": SimpleUploadedFile(naam, inhoud)})


def test_a_good_scheme_file_is_read_and_not_stored(beheerder):
    inhoud = (CATALOGUS / "ser-mkb.toml").read_bytes()
    antwoord = proef(als(beheerder), inhoud)
    assert antwoord.status_code == 200
    pagina = tekst(antwoord)
    assert "Het bestand is in orde" in pagina
    assert "Proefronde 2026: 2 november 2026 om 09:00 uur – 18 december 2026 om 17:00 uur, 2.500.000" in pagina
    assert (Regelingversie.objects.count(), Tijdvak.objects.count()) == (0, 0)


def test_every_error_is_listed_by_key(beheerder):
    inhoud = (CATALOGUS / "ser-mkb.toml").read_text()
    kapot = inhoud.replace("percentage = 75", 'percentage = "veel"').replace('methode = "loting-in-grijze-zone"', "")
    antwoord = proef(als(beheerder), kapot.encode())
    assert antwoord.status_code == 400
    assert [(fout.plek, fout.kolom) for fout in antwoord.context["fouten"]] == [
        ("verdeling.methode", "verplicht"),
        ("subsidie.percentage", "type"),
    ]
    assert "subsidie.percentage" in tekst(antwoord)


def test_what_is_no_scheme_file_is_told(beheerder):
    client = als(beheerder)
    assert "geen UTF-8" in tekst(proef(client, b"\xff\xfe\x00"))
    assert "groter dan 1 megabyte" in tekst(proef(client, b"x" * (MAXIMUM_BYTES + 1)))
    leeg = client.post(f"{PAGINA}proef/", {})
    assert leeg.context["bestandform"].errors == {"bestand": ["Kies een bestand bij “Regelingsbestand”."]}
    assert leeg.status_code == 400


def test_a_name_with_markup_stays_text(beheerder):
    antwoord = proef(als(beheerder), b"x = ", naam="<b>x.toml")
    assert "&lt;b&gt;x.toml" in antwoord.content.decode()
