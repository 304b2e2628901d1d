"""The scheme files that come with the software: valid, complete, and with the published facts."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import regeling
from regeling.lezen import digest, dubbele_sleutels, lees_regeling, naar_json, spec_uit_json, waarschuwingen
from regeling.schema import Regelingspec

CATALOGUS = Path(regeling.__file__).parent / "catalogus"
BESTANDEN = sorted(CATALOGUS.glob("*.toml"))


def lees(naam: str) -> Regelingspec:
    pad = CATALOGUS / f"{naam}.toml"
    return lees_regeling(pad.read_bytes(), pad.name)


def waarden(deel: Any, *sleutels: str) -> tuple[Any, ...]:
    return tuple(getattr(deel, sleutel) for sleutel in sleutels)


def test_welke_bestanden_er_zijn() -> None:
    assert [pad.stem for pad in BESTANDEN] == [
        "di-2018",
        "esf-e-2008",
        "esf-e-2009",
        "esf-e-2010",
        "esf-e-voucher-2011",
        "innovatievoucher-2004",
        "innovatievoucher-2010",
        "ipc-2010",
        "leergang",
        "ser-mkb",
        "sia-zuid",
        "smart-mix",
    ]


@pytest.mark.parametrize("pad", BESTANDEN, ids=lambda pad: pad.stem)
def test_bestand_is_geldig_en_heet_naar_de_sleutel(pad: Path) -> None:
    spec = lees_regeling(pad.read_bytes(), pad.name)
    assert spec.regeling.sleutel == pad.stem
    assert digest(spec_uit_json(naar_json(spec))) == digest(spec)


@pytest.mark.parametrize("pad", BESTANDEN, ids=lambda pad: pad.stem)
def test_bestand_heeft_alle_brieven_en_termijnen(pad: Path) -> None:
    spec = lees_regeling(pad.read_bytes(), pad.name)
    assert [brief.soort for brief in spec.brieven] == ["verlening", "afwijzing", "buiten_behandeling", "vaststelling"]
    codes = ["beslissing", "aanvulling", "declaratie", "vaststelling", "betaling", "bezwaar"]
    assert [termijn.code for termijn in spec.termijnen] == codes
    for besluit in ("verdeling", "afwijzing", "buiten_behandeling", "verlening", "vaststelling", "plafond"):
        assert spec.artikelen_voor(besluit) != ()


def test_sleutels_zijn_uniek_over_de_catalogus() -> None:
    specs = [(pad.name, lees_regeling(pad.read_bytes(), pad.name)) for pad in BESTANDEN]
    assert dubbele_sleutels(specs) == []


def test_esf_e_2008() -> None:
    spec = lees("esf-e-2008")
    tijdvak = spec.tijdvak("esf-e-2008")
    assert tijdvak.plafond == Decimal(7_000_000)
    assert waarden(spec.verdeling_voor("esf-e-2008"), "methode", "regel", "eenheid_loting") == (
        "loting",
        "STOP",
        "aanvraag",
    )
    assert waarden(spec.subsidie, "percentage", "maximum", "eenheid") == (75, 120_000, "euro")
    assert tijdvak.loting_historisch is not None
    assert waarden(tijdvak.loting_historisch, "algoritme", "zaad") == ("sha256-1", "ESF-E-2008|notaris-4711")
    assert tijdvak.historie is not None
    assert waarden(tijdvak.historie, "aanvragen", "toegekend", "toegekend_bedrag") == (265, 77, 6_960_000)
    assert [thema.naam for thema in spec.themas] == [
        "slimmer werken",
        "flexibilisering arbeidsorganisatie",
        "vernieuwen arbeidsverhoudingen",
    ]
    assert [thema.code for thema in spec.themas] == [thema.naam.replace(" ", "-") for thema in spec.themas]


def test_esf_e_voucher_2011() -> None:
    spec = lees("esf-e-voucher-2011")
    tijdvak = spec.tijdvak("esf-e-voucher-2011")
    assert tijdvak.open_op == datetime(2011, 10, 3, 7, tzinfo=UTC)
    assert tijdvak.sluit_op == datetime(2011, 10, 21, 15, tzinfo=UTC)
    assert tijdvak.plafond == Decimal(25_200_000)
    assert waarden(
        spec.subsidie, "vorm", "percentage", "maximum", "eigen_bijdrage_minimum", "voorschot_percentage"
    ) == (
        "voucher",
        75,
        18_000,
        3_250,
        0,
    )
    assert waarden(spec.verdeling_voor("esf-e-voucher-2011"), "methode", "eenheid_loting", "regel") == (
        "loting",
        "aanvrager",
        "STOP",
    )
    assert waarden(spec.adviseur, "nodig", "natuurlijk_persoon", "referenties") == (True, True, 2)
    assert waarden(spec.project, "duur_maximum_maanden", "start_uiterlijk_weken") == (9, 4)
    assert spec.aanvrager.aanvragen_per_aanvrager == 1


def test_esf_e_voucher_2011_cijfers_kloppen_met_elkaar() -> None:
    """All asked the maximum: 1,400 fit in the first ceiling, all 4,288 applicants in the raised one (R77)."""
    spec = lees("esf-e-voucher-2011")
    tijdvak, maximum = spec.tijdvak("esf-e-voucher-2011"), spec.subsidie.maximum
    assert maximum is not None
    assert tijdvak.historie is not None
    assert tijdvak.plafond / maximum == 1400
    assert tijdvak.historie.aanvragen is not None
    assert tijdvak.historie.aanvragers is not None
    assert tijdvak.historie.aanvragen * maximum == tijdvak.historie.gevraagd
    assert tijdvak.historie.aanvragers * maximum == tijdvak.historie.toegekend_bedrag


def test_ser_mkb() -> None:
    spec = lees("ser-mkb")
    assert spec.verdeling.methode == "loting-in-grijze-zone"
    proef, later = spec.tijdvak("ser-mkb-2026"), spec.tijdvak("ser-mkb-2027")
    assert (proef.open_op, proef.sluit_op) == (
        datetime(2026, 11, 2, 8, tzinfo=UTC),
        datetime(2026, 12, 18, 16, tzinfo=UTC),
    )
    assert (later.open_op, later.sluit_op) == (
        datetime(2027, 3, 1, 8, tzinfo=UTC),
        datetime(2027, 4, 9, 15, tzinfo=UTC),
    )
    assert proef.plafond == Decimal(2_500_000)
    assert waarden(spec.verdeling_voor("ser-mkb-2026"), "methode", "drempel", "zone_onder") == ("loting", None, None)
    assert waarden(spec.verdeling_voor("ser-mkb-2027"), "methode", "drempel") == ("loting-in-grijze-zone", 60)
    assert waarden(spec.subsidie, "vorm", "percentage", "maximum", "de_minimis_maximum") == (
        "voucher",
        75,
        24_999,
        300_000,
    )
    assert spec.definitie is not None
    assert len(spec.definitie.kernwaarden) == 3
    assert [thema.code for thema in spec.themas] == [
        "slimmer-werken",
        "flexibel-organiseren",
        "arbeidsverhoudingen",
        "duurzame-inzetbaarheid",
    ]
    assert spec.adviseur.referenties == 2


def test_ser_mkb_geeft_geen_waarschuwing() -> None:
    assert waarschuwingen(lees("ser-mkb")) == []
