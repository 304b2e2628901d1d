"""What may still change in a scheme, before and after publication (Awb 4:26, 4:27; R31)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from kern.fouten import InvoerFout
from regeling.lezen import regeling_uit_dict
from regeling.schema import Regelingspec
from regeling.schema_velden import AMSTERDAM
from regeling.vergelijking import verboden_wijzigingen, verschillen
from tests.regeling.voorbeeld import BASIS, WEG, criterium, met, pot, spec, thema

SLEUTEL = "proef-2026"
VOOR = datetime(2026, 10, 1, 12, tzinfo=AMSTERDAM)  # published, not yet open
OPEN = datetime(2026, 11, 21, 12, tzinfo=AMSTERDAM)
DICHT = datetime(2026, 12, 19, 12, tzinfo=AMSTERDAM)

#: A scheme with something in every part.
VOL: dict[str, Any] = {
    "themas": [thema("a"), thema("b")],
    "themakeuze": {"minimum": 1, "maximum": 2},
    "kostensoorten": [{"code": "adviseur", "naam": "Adviseur", "btw": "exclusief", "uurtarief_maximum": 125}],
    "criteria": [criterium("een", 60), criterium("twee", 40)],
    "verklaringen": [{"code": "waar", "tekst": "Dit is waar."}],
    "bijlagen": [{"code": "plan", "naam": "Plan"}],
    "vragen": [{"code": "wat", "tekst": "Wat gaat u doen?", "soort": "tekst"}],
    "tijdvakken__0__reservelijst_tot": date(2027, 6, 30),
    "tijdvakken__0__subplafonds": [pot("ZE", 500000, waarden=["Zeeland"]), pot("LI", 600000, waarden=["Limburg"])],
    "verdeling__restronde": True,
}


def vol(**anders: Any) -> Regelingspec:
    return spec(**{**VOL, **anders})


def gevonden(nieuw: Regelingspec, *, gepubliceerd: bool, aanvragen: bool, nu: datetime) -> list[tuple[str, str]]:
    fouten = verboden_wijzigingen(vol(), nieuw, SLEUTEL, gepubliceerd=gepubliceerd, heeft_aanvragen=aanvragen, nu=nu)
    return [(fout.plek, fout.kolom) for fout in fouten]


def ontwerp(nieuw: Regelingspec) -> list[tuple[str, str]]:
    return gevonden(nieuw, gepubliceerd=False, aanvragen=False, nu=VOOR)


def gepubliceerd(nieuw: Regelingspec) -> list[tuple[str, str]]:
    return gevonden(nieuw, gepubliceerd=True, aanvragen=False, nu=VOOR)


def open_zonder_aanvragen(nieuw: Regelingspec) -> list[tuple[str, str]]:
    return gevonden(nieuw, gepubliceerd=True, aanvragen=False, nu=OPEN)


def met_aanvragen(nieuw: Regelingspec) -> list[tuple[str, str]]:
    return gevonden(nieuw, gepubliceerd=True, aanvragen=True, nu=OPEN)


STANDEN = [ontwerp, gepubliceerd, open_zonder_aanvragen, met_aanvragen]


@pytest.mark.parametrize("stand", STANDEN)
def test_zelfde_bestand_mag_altijd(stand: Any) -> None:
    assert stand(vol()) == []


#: change, key path, rule: forbidden from publication on.
VAST: list[tuple[dict[str, Any], str, str]] = [
    ({"verdeling__methode": "volgorde"}, "tijdvakken[0].verdeling.methode", "vaste-verdeling"),
    ({"verdeling__regel": "SKIP"}, "tijdvakken[0].verdeling.regel", "vaste-verdeling"),
    ({"verdeling__eenheid_loting": "aanvraag"}, "tijdvakken[0].verdeling.eenheid_loting", "vaste-verdeling"),
    ({"verdeling__restronde": False}, "tijdvakken[0].verdeling.restronde", "vaste-verdeling"),
    ({"verdeling__bronnen": ["notaris"]}, "tijdvakken[0].verdeling.bronnen", "vaste-verdeling"),
    ({"verdeling__drempel": 60}, "tijdvakken[0].verdeling.drempel", "vaste-verdeling"),
    (
        {"tijdvakken__0__verdeling": {"bedenktijd_uren": 24}},
        "tijdvakken[0].verdeling.bedenktijd_uren",
        "vaste-verdeling",
    ),
    (
        {"tijdvakken__0__loting_historisch": {"algoritme": "sha256-1", "zaad": "nieuw"}},
        "tijdvakken[0].loting_historisch",
        "vaste-verdeling",
    ),
    ({"subsidie__percentage": 80}, "subsidie.percentage", "vast-onderdeel"),
    ({"subsidie__maximum": 20000}, "subsidie.maximum", "vast-onderdeel"),
    ({"subsidie__kosten_minimum": 5000}, "subsidie.kosten_minimum", "vast-onderdeel"),
    ({"aanvrager__werkzame_personen_min": 2}, "aanvrager.werkzame_personen_min", "vast-onderdeel"),
    ({"adviseur": {"nodig": True}}, "adviseur.nodig", "vast-onderdeel"),
    ({"project": {"duur_maximum_maanden": 12}}, "project.duur_maximum_maanden", "vast-onderdeel"),
    ({"doelen": {"minimum": 2}}, "doelen.minimum", "vast-onderdeel"),
    ({"themas": [thema("a"), thema("b", "anders")]}, "themas[b].naam", "vast-onderdeel"),
    ({"themas": [thema("a"), thema("b"), thema("c")]}, "themas[c]", "vast-onderdeel"),
    ({"kostensoorten__0__uurtarief_maximum": 100}, "kostensoorten[adviseur].uurtarief_maximum", "vast-onderdeel"),
    ({"criteria__0__minimum": 3}, "criteria[een].minimum", "vast-onderdeel"),
    (
        {"tijdvakken__0__subplafonds__1__waarden": ["Utrecht"]},
        "tijdvakken[0].subplafonds[1].waarden",
        "vaste-verdeling",
    ),
    ({"tijdvakken__0__subplafonds": [pot("ZE", 500000)]}, "tijdvakken[0].subplafonds", "vaste-verdeling"),
    (
        {"tijdvakken__0__subplafonds": [*VOL["tijdvakken__0__subplafonds"], pot("UT", 5, waarden=["Utrecht"])]},
        "tijdvakken[0].subplafonds[2]",
        "vaste-verdeling",
    ),
    ({"tijdvakken__0__sluit_op": datetime(2026, 12, 18, 16, 59, 59)}, "tijdvakken[0].sluit_op", "venster"),
    ({"tijdvakken__0__open_op": datetime(2026, 11, 2, 9, 0, 1)}, "tijdvakken[0].open_op", "venster"),
    ({"tijdvakken__0__reservelijst_tot": date(2027, 6, 29)}, "tijdvakken[0].reservelijst_tot", "venster"),
    ({"termijnen__0__duur": "14w"}, "termijnen[0].duur", "termijn"),
    ({"termijnen__1__duur": "13d"}, "termijnen[1].duur", "termijn"),
    ({"termijnen__0__niveau": "wet"}, "termijnen[0].niveau", "termijn"),
]


@pytest.mark.parametrize(("wijziging", "plek", "regel"), VAST, ids=[f"{g[1]}:{g[2]}" for g in VAST])
def test_vast_vanaf_publicatie(wijziging: dict[str, Any], plek: str, regel: str) -> None:
    nieuw = vol(**wijziging)
    assert ontwerp(nieuw) == []
    assert gepubliceerd(nieuw) == [(plek, regel)]
    assert open_zonder_aanvragen(nieuw) == [(plek, regel)]
    assert met_aanvragen(nieuw) == [(plek, regel)]


@pytest.mark.parametrize(
    ("wijziging", "plek"),
    [
        ({"verklaringen__0__tekst": "Anders."}, "verklaringen[waar].tekst"),
        ({"bijlagen__0__verplicht": False}, "bijlagen[plan].verplicht"),
        ({"vragen": []}, "vragen[wat]"),
    ],
)
def test_formulier_is_vast_na_de_eerste_aanvraag(wijziging: dict[str, Any], plek: str) -> None:
    nieuw = vol(**wijziging)
    assert gepubliceerd(nieuw) == open_zonder_aanvragen(nieuw) == []
    assert met_aanvragen(nieuw) == [(plek, "vast-onderdeel")]


@pytest.mark.parametrize(
    ("wijziging", "plek"),
    [
        ({"tijdvakken__0__plafond": 2000000}, "tijdvakken[0].plafond"),
        ({"tijdvakken__0__subplafonds__0__bedrag": 400000}, "tijdvakken[0].subplafonds[0].bedrag"),
    ],
)
def test_plafond_omlaag_kan_tot_de_opening(wijziging: dict[str, Any], plek: str) -> None:
    nieuw = vol(**wijziging)
    assert ontwerp(nieuw) == gepubliceerd(nieuw) == []
    assert open_zonder_aanvragen(nieuw) == met_aanvragen(nieuw) == [(plek, "plafond-verlaagd")]
    assert gevonden(nieuw, gepubliceerd=True, aanvragen=True, nu=VOOR) == [(plek, "plafond-verlaagd")]


def test_plafond_omhoog_gaat_daarna_met_het_commando() -> None:
    nieuw = vol(tijdvakken__0__plafond=3000000)
    assert gepubliceerd(nieuw) == []
    fouten = verboden_wijzigingen(vol(), nieuw, SLEUTEL, gepubliceerd=True, heeft_aanvragen=True, nu=OPEN)
    assert [(fout.plek, fout.kolom, fout.melding) for fout in fouten] == [
        (
            "tijdvakken[0].plafond",
            "plafond-verhoogd",
            "Verhogen kan niet meer via het bestand, want er zijn al aanvragen: van € 2.500.000 naar € 3.000.000. "
            "Gebruik 'verhoog_plafond'.",
        )
    ]


@pytest.mark.parametrize(
    "wijziging",
    [
        {"regeling__samenvatting": "Duidelijker gezegd."},
        {"regeling__versie": "2"},
        {"verklaringen__0__uitleg": "Waarom we dit vragen."},
        {"themas__0__uitleg": "Zoals roosters."},
        {"tijdvakken__0__naam": "Proefronde"},
        {"tijdvakken__0__sluit_op": datetime(2026, 12, 21, 17)},
        {"tijdvakken__0__reservelijst_tot": date(2027, 7, 31)},
        {"tijdvakken__0__reservelijst_tot": WEG},
        {"tijdvakken__0__historie": {"aanvragen": 5}},
        {"termijnen__0__duur": "12w"},
        {"termijnen__1__duur": "3w"},
        {"meetmomenten": [{"code": "nul", "naam": "Nul", "na": "aanvraag", "maanden": 0}]},
        {"themas": [thema("b"), thema("a")]},
    ],
    ids=str,
)
def test_verduidelijken_en_verruimen_mag_altijd(wijziging: dict[str, Any]) -> None:
    nieuw = vol(**wijziging)
    assert [stand(nieuw) for stand in STANDEN] == [[], [], [], []]


def test_opnieuw_indelen_zonder_gevolg_mag() -> None:
    """The same distribution, written at the round instead of in [verdeling]."""
    nieuw = vol(verdeling__regel="SKIP", tijdvakken__0__verdeling={"regel": "STOP"})
    assert met_aanvragen(nieuw) == []


def test_ander_tijdvak_mag_veranderen() -> None:
    gegevens = met(BASIS, **VOL)
    ronde = {**gegevens["tijdvakken"][0], "sleutel": "proef-2027", "plafond": 1000000}
    ronde |= {
        "open_op": datetime(2027, 9, 1, 9),
        "sluit_op": datetime(2027, 10, 1, 17),
        "reservelijst_tot": date(2028, 1, 1),
    }
    gegevens["tijdvakken"].insert(0, ronde)
    met_twee = regeling_uit_dict(gegevens, "proef.toml")
    assert met_aanvragen(met_twee) == []
    gegevens["tijdvakken"][1]["plafond"] = 1
    gegevens["tijdvakken"][1]["subplafonds"] = []
    kleiner = regeling_uit_dict(gegevens, "proef.toml")
    assert met_aanvragen(kleiner) == [
        ("tijdvakken[1].subplafonds", "vaste-verdeling"),
        ("tijdvakken[1].subplafonds", "vaste-verdeling"),
        ("tijdvakken[1].plafond", "plafond-verlaagd"),
    ]


def test_geopend_venster_staat_vast() -> None:
    eerder = vol(tijdvakken__0__open_op=datetime(2026, 11, 2, 8))
    assert gepubliceerd(eerder) == []
    assert open_zonder_aanvragen(eerder) == [("tijdvakken[0].open_op", "venster")]


def test_venster_gaat_niet_in_het_verleden_open() -> None:
    verleden = vol(tijdvakken__0__open_op=datetime(2026, 10, 1, 12))
    assert gepubliceerd(verleden) == [("tijdvakken[0].open_op", "venster")]


def test_gesloten_venster_gaat_niet_weer_open() -> None:
    langer = vol(tijdvakken__0__sluit_op=datetime(2027, 1, 8, 17))
    assert gevonden(langer, gepubliceerd=True, aanvragen=True, nu=DICHT) == [("tijdvakken[0].sluit_op", "venster")]


def test_tijdvak_verdwijnt_niet() -> None:
    nieuw = vol(tijdvakken__0__sleutel="proef-2026-b")
    assert gepubliceerd(nieuw) == [("tijdvakken", "tijdvak-verdwenen")]


def test_andere_regeling() -> None:
    assert gepubliceerd(vol(regeling__sleutel="ander")) == [("regeling.sleutel", "andere-regeling")]


def test_onbekend_tijdvak() -> None:
    with pytest.raises(InvoerFout) as vangst:
        verboden_wijzigingen(vol(), vol(), "proef-1999", gepubliceerd=True, heeft_aanvragen=False, nu=VOOR)
    assert vangst.value.code == "tijdvak-onbekend"


def test_termijn_verdwijnt_niet() -> None:
    extra = {"termijnen": [*met()["termijnen"], {"code": "betaling", "duur": "6w", "niveau": "wet"}]}
    fouten = verboden_wijzigingen(spec(**extra), spec(), SLEUTEL, gepubliceerd=True, heeft_aanvragen=False, nu=VOOR)
    assert [(fout.plek, fout.kolom) for fout in fouten] == [("termijnen", "termijn")]
    andersom = verboden_wijzigingen(spec(), spec(**extra), SLEUTEL, gepubliceerd=True, heeft_aanvragen=False, nu=VOOR)
    assert andersom == []


@pytest.mark.parametrize(
    ("oud", "nieuw", "mag"),
    [
        ("4w", "28d", True),
        ("4w", "27d", False),
        ("30d", "1m", False),
        ("28d", "1m", True),
        ("1m", "31d", True),
        ("1m", "30d", False),
    ],
)
def test_aanvultermijn_in_andere_eenheid(oud: str, nieuw: str, *, mag: bool) -> None:
    """A month is 28 to 31 days: only what is surely no shorter is allowed."""
    fouten = verboden_wijzigingen(
        spec(termijnen__1__duur=oud),
        spec(termijnen__1__duur=nieuw),
        SLEUTEL,
        gepubliceerd=True,
        heeft_aanvragen=False,
        nu=VOOR,
    )
    assert (fouten == []) is mag


def _twee_stappen(**anders: Any) -> Regelingspec:
    vervolg = {
        "naam": "Voluit",
        "open_op": datetime(2027, 2, 1, 9),
        "sluit_op": datetime(2027, 3, 1, 17),
        "plaatsen": 30,
    }
    return spec(
        verdeling__methode="rangschikking",
        verdeling__stappen=2,
        criteria=[criterium()],
        tijdvakken__0__vervolg={**vervolg, **anders},
    )


@pytest.mark.parametrize(
    ("anders", "plek", "regel"),
    [
        ({"sluit_op": datetime(2027, 2, 28, 17)}, "tijdvakken[0].vervolg.sluit_op", "venster"),
        ({"open_op": datetime(2027, 2, 2, 9)}, "tijdvakken[0].vervolg.open_op", "venster"),
        ({"plaatsen": 29}, "tijdvakken[0].vervolg.plaatsen", "vaste-verdeling"),
    ],
)
def test_tweede_venster_wordt_niet_korter(anders: dict[str, Any], plek: str, regel: str) -> None:
    fouten = verboden_wijzigingen(
        _twee_stappen(), _twee_stappen(**anders), SLEUTEL, gepubliceerd=True, heeft_aanvragen=True, nu=OPEN
    )
    assert [(fout.plek, fout.kolom) for fout in fouten] == [(plek, regel)]


# ------------------------------------------------------------------ differences


def test_verschillen_noemt_sleutel_oud_en_nieuw() -> None:
    nieuw = vol(subsidie__percentage=80, tijdvakken__0__plafond=3000000, verklaringen=[])
    verklaring = {"code": "waar", "tekst": "Dit is waar.", "uitleg": "", "verplicht": True, "artikel": ""}
    assert verschillen(vol(), nieuw) == [
        ("subsidie.percentage", "75", "80"),
        ("verklaringen[waar]", verklaring, None),
        ("tijdvakken[proef-2026].plafond", "2500000", "3000000"),
    ]


def test_verschillen_met_een_toegevoegd_onderdeel_vooraan() -> None:
    nieuw = vol(themas=[thema("nieuw"), thema("a"), thema("b")])
    assert verschillen(vol(), nieuw) == [("themas[nieuw]", None, {"code": "nieuw", "naam": "nieuw", "uitleg": ""})]


def test_verschillen_ziet_andere_volgorde() -> None:
    assert verschillen(vol(), vol(themas=[thema("b"), thema("a")])) == [("themas", ["a", "b"], ["b", "a"])]


def test_verschillen_bij_dubbele_artikelen() -> None:
    """Two grounds may name one article: then the list is compared as a whole and nothing is lost."""
    grond = {"artikel": "artikel 3", "onderwerp": "bevoegdheid"}
    een = spec(regeling__grondslag=[grond, {**grond, "onderwerp": "verdeling"}])
    twee = spec(regeling__grondslag=[{**grond, "onderwerp": "iets anders"}, {**grond, "onderwerp": "verdeling"}])
    ((pad, oud, nieuw),) = verschillen(een, twee)
    assert pad == "regeling.grondslag"
    assert [deel["onderwerp"] for deel in oud] == ["bevoegdheid", "verdeling"]
    assert [deel["onderwerp"] for deel in nieuw] == ["iets anders", "verdeling"]


def test_geen_verschillen() -> None:
    assert verschillen(vol(), vol()) == []
