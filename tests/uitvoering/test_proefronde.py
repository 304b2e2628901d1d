"""A simulated round of a proposal: smaller ceilings, a process of its own, and nothing that stays."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from kern.enums import Rol
from kern.fouten import BestandFout, InvoerFout, OvergangFout, RechtenFout
from regeling.lezen import lees_regeling
from regeling.models import Proefronde, Regelingvoorstel
from regeling.services.catalogus import CATALOGUS
from regeling.services.voorstel import voorstel_maken
from tests.factories.ronde import maak_gebruiker
from tests.regeling.voorbeeld import BASIS
from uitvoering.services import proefronde as dienst
from uitvoering.services.proefronde import proefronde_aanvragen, proefronde_spelen
from uitvoering.simulatie.proef import op_schaal

OP = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)


@pytest.fixture
def actor(db: Any) -> Any:
    return maak_gebruiker(Rol.BEHEERDER)


def voorstel(actor: Any, inhoud: str = BASIS) -> Regelingvoorstel:
    return voorstel_maken(regeling=None, inhoud=inhoud.encode(), bestand="proef.toml", actor=actor, op=OP)


def vraag(rij: Regelingvoorstel, actor: Any, aantal: int = 3, verwacht: int = 30, **anders: Any) -> Proefronde:
    velden = {"tijdvak": "proef-2026", "op": OP, **anders}
    return proefronde_aanvragen(voorstel=rij, aantal=aantal, verwacht=verwacht, actor=actor, **velden)


def inhoud_van_alle_tabellen() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def test_plafonds_gaan_naar_verhouding() -> None:
    pad = CATALOGUS / "sia-zuid.toml"
    klein = op_schaal(lees_regeling(pad.read_bytes(), pad.name), "sia-zuid", 1, 3)
    (ronde,) = klein.tijdvakken
    assert (ronde.plafond, [pot.bedrag for pot in ronde.subplafonds]) == (
        Decimal(500_000),
        [Decimal(250_000), Decimal("83333.33"), Decimal("166666.67")],
    )
    assert ronde.historie is not None
    assert (ronde.historie.afgewezen, ronde.historie.in_behandeling) == (17, None)
    pad = CATALOGUS / "leergang.toml"
    spec = lees_regeling(pad.read_bytes(), pad.name)
    assert op_schaal(spec, spec.tijdvakken[0].sleutel, 1, 1000).tijdvakken[0].plafond == 1


def test_een_ronde_in_een_eigen_proces_laat_niets_achter(actor: Any) -> None:
    """€ 2.5 m for 200 expected is € 37,500 for 3: one voucher of € 24,999 fits."""
    proef = vraag(voorstel(actor), actor, aantal=3, verwacht=200)
    voor = inhoud_van_alle_tabellen()
    proef = proefronde_spelen(proef=proef, op=OP)
    assert proef.melding == ""
    uit = proef.uitkomst or {}
    assert {naam: uit[naam] for naam in ("ingediend", "toegekend", "reserve", "verleend", "plafond")} == {
        "ingediend": 3,
        "toegekend": 1,
        "reserve": 2,
        "verleend": 1,
        "plafond": 37_500,
    }
    assert inhoud_van_alle_tabellen() == voor
    assert proefronde_spelen(proef=proef, op=OP).klaar_op == proef.klaar_op


def test_de_opdracht_werkt_nergens_anders() -> None:
    with pytest.raises(CommandError, match="wegwerpdatabase"):
        call_command("proefronde", "x.toml", ronde="x", aantal=1)


def test_een_ronde_die_mislukt_zegt_waarom(actor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rij = voorstel(actor)
    proef = vraag(rij, actor)

    def te_lang(*args: Any, **kwargs: Any) -> Any:
        raise subprocess.TimeoutExpired("proefronde", 480)

    monkeypatch.setattr(dienst.subprocess, "run", te_lang)
    proef = proefronde_spelen(proef=proef, op=OP)
    assert (proef.uitkomst, proef.melding) == (
        None,
        "De proefronde duurde langer dan 8 minuten. Kies minder aanvragen.",
    )
    klaar = subprocess.CompletedProcess([], 1, stdout="", stderr="Indienen\nCommandError: Er is geen plafond.\n")
    monkeypatch.setattr(dienst.subprocess, "run", lambda *args, **kwargs: klaar)
    assert proefronde_spelen(proef=vraag(rij, actor), op=OP).melding == "Er is geen plafond."


def test_de_omgeving_van_het_proces_kent_de_echte_database_niet(actor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    gezien: dict[str, str] = {}

    def kijk(opdracht: Any, *, env: dict[str, str], **kwargs: Any) -> Any:
        gezien.update(env)
        return subprocess.CompletedProcess([], 1, stdout="", stderr="")

    monkeypatch.setenv("DATABASE_URL", "postgres://productie")
    monkeypatch.setenv("STIMULANS_S3_BUCKET", "productie")
    monkeypatch.setattr(dienst.subprocess, "run", kijk)
    proef = proefronde_spelen(proef=vraag(voorstel(actor), actor), op=OP)
    assert proef.melding == "De proefronde is gestopt."
    assert gezien["DJANGO_SETTINGS_MODULE"] == "config.settings.proef"
    assert not [naam for naam, waarde in gezien.items() if "productie" in waarde]


def test_wat_niet_kan_worden_gevraagd(actor: Any) -> None:
    rij = voorstel(actor)
    with pytest.raises(RechtenFout):
        vraag(rij, maak_gebruiker(Rol.ANALIST))
    for aantal in (0, 101):
        with pytest.raises(InvoerFout):
            vraag(rij, actor, aantal=aantal)
    with pytest.raises(InvoerFout):
        vraag(rij, actor, tijdvak="bestaat-niet")
    with pytest.raises(BestandFout):
        vraag(voorstel(actor, "kapot"), actor)
    vraag(rij, actor)
    with pytest.raises(OvergangFout):
        vraag(rij, actor)
    assert Proefronde.objects.count() == 1
