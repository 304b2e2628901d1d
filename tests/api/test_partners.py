"""Making, allowing and blocking partners; the command."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from oauth2_provider.models import get_application_model

from api.management.commands.maak_partner import Command
from api.models import Partner, Partnerrecht
from api.services.partners import (
    partner_aanmaken,
    partner_blokkeren,
    partnerrecht_intrekken,
    partnerrecht_verlenen,
)
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import LogRegel
from kern.services.spoor import keten_van, spoor_controleren
from tests.factories.ronde import NA, VOOR, maak_gebruiker, maak_ingediend, maak_organisatie, open_tijdvak

pytestmark = pytest.mark.django_db
SCOPES = ["aanvragen:lezen"]


def test_elke_stap_staat_in_het_spoor_zonder_geheim() -> None:
    beheerder, organisatie = maak_gebruiker(Rol.BEHEERDER), maak_organisatie()
    sleutels = partner_aanmaken(naam=" Gemeente ", scopes=SCOPES * 2, actor=beheerder, op=VOOR, reden="Overeenkomst")
    partner = sleutels.partner
    recht = partnerrecht_verlenen(
        partner=partner, organisatie=organisatie, grondslag=" Toestemming ", actor=beheerder, op=VOOR
    )
    partnerrecht_intrekken(recht=recht, reden="Op verzoek", actor=beheerder, op=NA)
    geblokkeerd = partner_blokkeren(partner=partner, reden="Misbruik", actor=beheerder, op=NA)
    assert (partner.naam, partner.scopes, geblokkeerd.geblokkeerd_op) == ("Gemeente", SCOPES, NA)
    regels = LogRegel.objects.filter(keten=keten_van(partner)).order_by("volgnr")
    assert [(regel.handeling, regel.reden, regel.actor_id) for regel in regels] == [
        ("partner_aanmaken", "Overeenkomst", beheerder.pk),
        ("partnerrecht_verlenen", "Toestemming", beheerder.pk),
        ("partnerrecht_intrekken", "Op verzoek", beheerder.pk),
        ("partner_blokkeren", "Misbruik", beheerder.pk),
    ]
    assert regels[0].gegevens == {"naam": "Gemeente", "scopes": SCOPES, "client_id": sleutels.client_id}
    assert regels[1].gegevens == {"recht": recht.pk, "organisatie": str(organisatie.pk), "tijdvak": None}
    assert sleutels.client_secret not in str([regel.gegevens for regel in regels])
    assert list(spoor_controleren()) == []


def test_de_client_kan_alleen_client_credentials() -> None:
    client = partner_aanmaken(naam="Gemeente", scopes=SCOPES, actor=None, op=VOOR).partner.client
    assert (client.client_type, client.authorization_grant_type, client.redirect_uris) == (
        "confidential",
        "client-credentials",
        "",
    )


def test_hetzelfde_recht_twee_keer_is_een_recht() -> None:
    partner = partner_aanmaken(naam="Gemeente", scopes=SCOPES, actor=None, op=VOOR).partner
    tijdvak = open_tijdvak()
    kwargs: dict[str, Any] = {"partner": partner, "tijdvak": tijdvak, "grondslag": "Afspraak", "actor": None}
    een, twee = partnerrecht_verlenen(**kwargs, op=VOOR), partnerrecht_verlenen(**kwargs, op=NA)
    assert een == twee
    ingetrokken = partnerrecht_intrekken(recht=een, reden="Klaar", actor=None, op=NA)
    assert (
        partnerrecht_intrekken(recht=een, reden="Klaar", actor=None, op=VOOR).ingetrokken_op
        == ingetrokken.ingetrokken_op
    )
    assert partnerrecht_verlenen(**kwargs, op=NA) != een
    assert LogRegel.objects.filter(keten=keten_van(partner)).count() == 4


def test_alleen_een_beheerder() -> None:
    behandelaar, organisatie = maak_gebruiker(Rol.BEHANDELAAR), maak_organisatie()
    partner = partner_aanmaken(naam="Gemeente", scopes=SCOPES, actor=None, op=VOOR).partner
    recht = partnerrecht_verlenen(partner=partner, organisatie=organisatie, grondslag="A", actor=None, op=VOOR)
    with pytest.raises(RechtenFout):
        partner_aanmaken(naam="Ander", scopes=SCOPES, actor=behandelaar, op=VOOR)
    with pytest.raises(RechtenFout):
        partnerrecht_verlenen(partner=partner, organisatie=organisatie, grondslag="A", actor=behandelaar, op=VOOR)
    with pytest.raises(RechtenFout):
        partnerrecht_intrekken(recht=recht, reden="x", actor=behandelaar, op=VOOR)
    with pytest.raises(RechtenFout):
        partner_blokkeren(partner=partner, reden="x", actor=behandelaar, op=VOOR)
    assert LogRegel.objects.filter(keten=keten_van(partner)).count() == 2


@pytest.mark.parametrize(
    ("naam", "scopes", "veld"),
    [(" ", SCOPES, "naam"), ("Bestaat", SCOPES, "naam"), ("Nieuw", [], "scopes"), ("Nieuw", ["alles"], "scopes")],
)
def test_ongeldige_partner(naam: str, scopes: list[str], veld: str) -> None:
    partner_aanmaken(naam="Bestaat", scopes=SCOPES, actor=None, op=VOOR)
    with pytest.raises(InvoerFout) as fout:
        partner_aanmaken(naam=naam, scopes=scopes, actor=None, op=VOOR)
    assert fout.value.veld == veld
    assert get_application_model().objects.count() == 1


def test_ongeldig_recht_en_ontbrekende_reden() -> None:
    partner = partner_aanmaken(naam="Gemeente", scopes=SCOPES, actor=None, op=VOOR).partner
    with pytest.raises(InvoerFout):
        partnerrecht_verlenen(partner=partner, grondslag="A", actor=None, op=VOOR)
    with pytest.raises(InvoerFout):
        partnerrecht_verlenen(partner=partner, organisatie=maak_organisatie(), grondslag=" ", actor=None, op=VOOR)
    with pytest.raises(InvoerFout):
        partner_blokkeren(partner=partner, reden=" ", actor=None, op=NA)
    partner_blokkeren(partner=partner, reden="Misbruik", actor=None, op=NA)
    with pytest.raises(OvergangFout):
        partner_blokkeren(partner=partner, reden="Misbruik", actor=None, op=NA)
    assert Partnerrecht.objects.count() == 0


# --- the command ----------------------------------------------------------------------------------------------------


def maak(*args: str) -> tuple[str, str]:
    uit, fout = StringIO(), StringIO()
    call_command("maak_partner", *args, stdout=uit, stderr=fout)
    return uit.getvalue(), fout.getvalue()


def test_commando_geeft_sleutels_waarmee_een_token_te_krijgen_is(client: Client) -> None:
    aanvraag = maak_ingediend(open_tijdvak(sleutel="proef"))
    ander = maak_ingediend(aanvraag.tijdvak)
    uit, fout = maak("Gemeente", "--scopes", *SCOPES, "--tijdvak", "proef-1", "--grondslag", "Overeenkomst 12")
    match = re.fullmatch(r"client_id: (\S{40})\nclient_secret: (\S{128})\n", uit)
    assert match is not None
    assert fout == "Bewaar het geheim nu: wij tonen het niet nog een keer.\n"
    antwoord = client.post(
        "/api/v1/token",
        f"grant_type=client_credentials&client_id={match[1]}&client_secret={match[2]}",
        content_type="application/x-www-form-urlencoded",
    )
    token = antwoord.json()["access_token"]
    lijst = client.get("/api/v1/aanvragen", headers={"Authorization": f"Bearer {token}"}).json()["resultaten"]
    assert sorted(rij["id"] for rij in lijst) == sorted([str(aanvraag.pk), str(ander.pk)])
    recht = Partnerrecht.objects.get()
    assert (recht.tijdvak, recht.organisatie, recht.grondslag) == (aanvraag.tijdvak, None, "Overeenkomst 12")


def test_commando_met_kvk_en_zonder_onderwerp() -> None:
    organisatie = maak_organisatie(kvk_nummer="00112233")
    maak("Adviesbureau", "--scopes", "vouchers:controleren", "--grondslag", "Overeenkomst")
    assert Partnerrecht.objects.count() == 0
    maak("Boekhouder", "--scopes", *SCOPES, "vouchers:controleren", "--kvk", "00112233", "--grondslag", "Toestemming")
    recht = Partnerrecht.objects.get()
    assert (recht.partner.naam, recht.organisatie, recht.tijdvak) == ("Boekhouder", organisatie, None)
    assert recht.partner.scopes == ["aanvragen:lezen", "vouchers:controleren"]


@pytest.mark.parametrize("args", [["--tijdvak", "bestaat-niet"], ["--kvk", "00999999"]])
def test_commando_weigert_en_maakt_niets(args: list[str]) -> None:
    with pytest.raises(CommandError) as fout:
        maak("Gemeente", "--scopes", *SCOPES, *args, "--grondslag", "A")
    assert fout.value.returncode == 1
    assert Partner.objects.count() == 0
    assert get_application_model().objects.count() == 0


@pytest.mark.parametrize(
    "args",
    [
        ["Gemeente", "--scopes", "alles", "--grondslag", "A"],
        ["Gemeente", "--scopes", "aanvragen:lezen"],
        ["Gemeente", "--grondslag", "A"],
        ["--scopes", "aanvragen:lezen", "--grondslag", "A"],
    ],
)
def test_verkeerd_gebruik_van_het_commando(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as einde:
        Command().run_from_argv(["manage.py", "maak_partner", *args])
    assert einde.value.code == 2
    assert capsys.readouterr().err.startswith("usage: manage.py maak_partner")
