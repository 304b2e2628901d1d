"""The rules of design 05, part 5, as tables: fires, does not fire, and the border."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aanvragen.contactgegevens import (
    adres_genormaliseerd,
    eigen_domein,
    mail_genormaliseerd,
    telefoon_genormaliseerd,
    zelfde_domein,
)
from beoordeling.referentie import namen, tekst
from beoordeling.referentie.kring import kring
from beoordeling.referentie.regels import REGELS, Antwoord, Invoer, Partij, Register, signalen, zelfde_netwerk

VECTOREN = json.loads((Path(__file__).parent.parent / "gegevens" / "loting" / "vectors.json").read_text("utf-8"))
OP = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("vector", VECTOREN["namen"], ids=lambda v: v["a"])
def test_vectoren_namen(vector: dict[str, Any]) -> None:
    assert [namen.normaliseer(vector["a"]), namen.normaliseer(vector["b"])] == vector["norm"]
    assert round(namen.gelijkenis(vector["a"], vector["b"]), 2) == vector["token_sort_ratio"]


def test_vector_tekst() -> None:
    v = VECTOREN["tekst"]
    a, b = tekst.shingles(v["a"]), tekst.shingles(v["b"])
    gevonden = {
        "shingle": tekst.WOORDEN,
        "n": [len(a), len(b)],
        "doorsnede": len(a & b),
        "jaccard": round(tekst.jaccard(a, b), 6),
        "bevat": tekst.omvatting(a, b),
        "rapidfuzz_ratio": round(tekst.ratio(v["a"], v["b"]), 4),
    }
    assert gevonden == {sleutel: v[sleutel] for sleutel in gevonden}


@pytest.mark.parametrize(
    ("naam", "verwacht"),
    [
        ("Prof. dr. ir. A.B. van der Zanden MSc", "a b van der zanden"),
        ("Mevr. C. Ğözük-Müller, M.Sc.", "c gozuk muller"),
        ("De heer Pietersen", "pietersen"),
        ("JANSEN   Holding B.V. i.o.", "jansen holding"),
        ("Stichting Werk & Zo", "werk zo"),
        ("B.V.", "b v"),  # nothing else is left: better the letters than nothing
        ("", ""),
    ],
)
def test_namen_in_een_vorm(naam: str, verwacht: str) -> None:
    assert namen.normaliseer(naam) == verwacht


@pytest.mark.parametrize(
    ("een", "ander", "zelfde"),
    [
        ("Jan de Vries", "de Vries, Jan", True),
        ("Jan de Vries", "Dhr. Jan de Vries", True),
        ("J.P. de Vries", "J.P. de Vries", False),  # many people share initials and surname
        ("Jan de Vries", "J. de Vries", False),
        ("Vries", "Vries", False),
        ("", "", False),
    ],
)
def test_zelfde_volledige_naam(een: str, ander: str, zelfde: bool) -> None:
    assert namen.zelfde_volledige_naam(een, ander) is zelfde


@pytest.mark.parametrize(
    ("adres", "verwacht"),
    [
        ("Jan.Vries+werk@Gmail.com", "janvries@gmail.com"),
        ("jan.vries@googlemail.com", "janvries@gmail.com"),
        ("Jan.Vries@bedrijf.example", "jan.vries@bedrijf.example"),  # dots mean something here
        ("jan+x@bedrijf.example.", "jan@bedrijf.example"),
        ("+alles@bedrijf.example", "+alles@bedrijf.example"),
        (" jan@bedrijf.example ", "jan@bedrijf.example"),
        ("", ""),
    ],
)
def test_mail_in_een_vorm(adres: str, verwacht: str) -> None:
    assert mail_genormaliseerd(adres) == verwacht


@pytest.mark.parametrize(
    ("nummer", "verwacht"),
    [
        ("+31 (0)30 123 45 67", "0301234567"),
        ("0031301234567", "0301234567"),
        ("030-1234567", "0301234567"),
        ("+32 2 123 45 67", "3221234567"),
        ("112", ""),
        ("", ""),
    ],
)
def test_telefoon_in_een_vorm(nummer: str, verwacht: str) -> None:
    assert telefoon_genormaliseerd(nummer) == verwacht


@pytest.mark.parametrize(
    ("straat", "postcode", "verwacht"),
    [
        ("Kerkstraat 12", "1234 ab", "1234AB 12"),
        ("Plein 1944 12-A", "1234AB", "1234AB 12a"),
        ("Kerkstraat 12 a", "1234AB", "1234AB 12a"),
        ("Kerkstraat", "1234AB", ""),
        ("Kerkstraat 12", "", ""),
    ],
)
def test_adres_in_een_vorm(straat: str, postcode: str, verwacht: str) -> None:
    assert adres_genormaliseerd(straat, postcode) == verwacht


@pytest.mark.parametrize(
    ("een", "ander", "zelfde"),
    [
        ("a@bedrijf.example", "b@bedrijf.example", True),
        ("a@post.bedrijf.example", "b@bedrijf.example", True),
        ("a@anderbedrijf.example", "b@bedrijf.example", False),
        ("a@gmail.com", "b@gmail.com", False),
        ("", "", False),
    ],
)
def test_zelfde_eigen_domein(een: str, ander: str, zelfde: bool) -> None:
    assert zelfde_domein(eigen_domein(een), eigen_domein(ander)) is zelfde


# --- The rules --------------------------------------------------------------------------------------------------

REFERENT = Partij(
    namen=("Anna Berg",),
    emails=frozenset({"anna@klant.example"}),
    telefoons=frozenset({"0301234567"}),
    organisatie="Klant bv",
    kvk_nummers=frozenset({"00800001"}),
)
ADVISEUR = Partij(
    namen=("Quirine Advies",),
    emails=frozenset({"quirine@bureau.example"}),
    organisatie="Bureau Q",
    kvk_nummers=frozenset({"00999999"}),
)
AANVRAGER = Partij(
    namen=("Sanne Proef",),
    emails=frozenset({"sanne@aanvrager.example"}),
    organisatie="Proefbedrijf",
    kvk_nummers=frozenset({"00000001"}),
)
ANTWOORD = Antwoord(op=OP, verstuurd_op=OP - timedelta(hours=1))
BASIS = Invoer(referent=REFERENT, adviseur=ADVISEUR, aanvrager=AANVRAGER, antwoord=ANTWOORD)
LANG = "De adviseur heeft samen met onze ploegen het rooster opnieuw gemaakt en daarna alle teamleiders getraind."


def bij(wie: str, **velden: Any) -> Invoer:
    """The base case with something changed at one of the parties."""
    return replace(BASIS, **{wie: replace(getattr(BASIS, wie), **velden)})


def met_antwoord(**velden: Any) -> Invoer:
    return replace(BASIS, antwoord=replace(ANTWOORD, **velden))


VUURT: list[tuple[str, Invoer]] = [
    ("zelfde_email", bij("adviseur", emails=frozenset({"Anna+x@klant.example"}))),
    ("zelfde_email", bij("aanvrager", emails=frozenset({"anna@klant.example", "ander@x.example"}))),
    ("zelfde_kvk", bij("adviseur", kvk_nummers=frozenset({"00800001"}))),
    ("zelfde_kvk", bij("aanvrager", kvk_nummers=frozenset({"00800001"}))),
    ("zelfde_persoon", bij("adviseur", namen=("Berg, Anna",))),
    ("zelfde_persoon", bij("aanvrager", namen=("Iemand Anders", "Mevr. Anna Berg"))),
    ("beoordelaar", replace(BASIS, beoordelaars=frozenset({"ANNA@klant.example"}))),
    ("zelfde_domein", bij("adviseur", emails=frozenset({"iemand@klant.example"}))),
    ("zelfde_domein", bij("aanvrager", emails=frozenset({"iemand@post.klant.example"}))),
    ("zelfde_telefoon", bij("adviseur", telefoons=frozenset({"+31 30 123 45 67"}))),
    ("zelfde_telefoon", bij("aanvrager", telefoons=frozenset({"030-1234567"}))),
    (
        "zelfde_iban",
        replace(bij("adviseur", ibans=frozenset({"NL1"})), referent=replace(REFERENT, ibans=frozenset({"NL1"}))),
    ),
    (
        "zelfde_adres",
        replace(
            bij("aanvrager", adressen=frozenset({"1234AB 1"})),
            referent=replace(REFERENT, adressen=frozenset({"1234AB 1", "1234AB 2"})),
        ),
    ),
    ("gratis_mail", bij("referent", emails=frozenset({"anna@gmail.com"}))),
    ("naam_lijkt", bij("adviseur", namen=("A. Bergs", "Ana Berg"))),
    ("naam_lijkt", bij("aanvrager", organisatie="Klants N.V.")),
    ("veel_adviseurs", replace(BASIS, adviseurs_van_referent=4)),
    ("snel_antwoord", met_antwoord(verstuurd_op=OP - timedelta(minutes=5))),
    ("zelfde_apparaat", met_antwoord(ip="192.0.2.7", ips_aanvrager=frozenset({"192.0.2.7"}))),
    ("zelfde_apparaat", met_antwoord(eigen_sessie=True)),
    ("gelijk_antwoord", met_antwoord(tekst=LANG, andere_teksten=[("X-1", LANG.upper())])),
    ("kring", replace(BASIS, kring=2)),
    ("kring", replace(BASIS, kring=4)),
    ("kvk_niet_actief", replace(BASIS, register=Register(actief=False))),
    (
        "kvk_niet_actief",
        replace(BASIS, register=Register(True, date(2024, 1, 2)), opdracht_tot=date(2024, 1, 1)),
    ),
    ("relatie_gemeld", met_antwoord(relatie=True)),
    ("ontkend", met_antwoord(ontkend=True)),
]
ZWIJGT: list[tuple[str, Invoer]] = [
    ("zelfde_email", bij("adviseur", emails=frozenset({"anna.b@klant.example"}))),
    (
        "zelfde_email",
        replace(bij("adviseur", emails=frozenset({""})), referent=replace(REFERENT, emails=frozenset({""}))),
    ),
    (
        "zelfde_kvk",
        replace(bij("adviseur", kvk_nummers=frozenset()), referent=replace(REFERENT, kvk_nummers=frozenset())),
    ),
    ("zelfde_persoon", bij("adviseur", namen=("A. Berg",))),
    ("beoordelaar", replace(BASIS, beoordelaars=frozenset({"ander@klant.example"}))),
    ("zelfde_domein", bij("adviseur", emails=frozenset({"iemand@klant2.example"}))),
    (
        "zelfde_domein",
        replace(
            bij("adviseur", emails=frozenset({"a@ziggo.nl"})),
            referent=replace(REFERENT, emails=frozenset({"b@ziggo.nl"})),
        ),
    ),
    ("zelfde_telefoon", bij("adviseur", telefoons=frozenset({"030-1234568", ""}))),
    ("zelfde_iban", bij("adviseur", ibans=frozenset({"NL1"}))),
    ("zelfde_adres", bij("aanvrager", adressen=frozenset({"1234AB 1"}))),
    ("gratis_mail", BASIS),
    ("naam_lijkt", bij("adviseur", namen=("Hanna Brug",))),
    ("veel_adviseurs", replace(BASIS, adviseurs_van_referent=3)),
    ("snel_antwoord", met_antwoord(verstuurd_op=OP - timedelta(minutes=5, microseconds=1))),
    ("snel_antwoord", replace(BASIS, antwoord=None)),
    ("zelfde_apparaat", met_antwoord(ip="192.0.2.7", ips_aanvrager=frozenset({"192.0.2.8"}))),
    ("zelfde_apparaat", met_antwoord(ip="", ips_aanvrager=frozenset({"192.0.2.8"}))),
    ("gelijk_antwoord", met_antwoord(tekst="Heel goed gedaan.", andere_teksten=[("X-1", "Heel goed gedaan.")])),
    (
        "gelijk_antwoord",
        met_antwoord(tekst=LANG, andere_teksten=[("X-1", "Iets heel anders over een nieuwe machine in de hal.")]),
    ),
    ("kring", replace(BASIS, kring=None)),
    ("kvk_niet_actief", replace(BASIS, register=Register(actief=True))),
    ("kvk_niet_actief", replace(BASIS, register=Register(True, date(2024, 1, 1)), opdracht_tot=date(2024, 1, 1))),
    ("kvk_niet_actief", BASIS),
    ("relatie_gemeld", BASIS),
    ("ontkend", BASIS),
]


def codes(invoer: Invoer) -> set[str]:
    return {s.code for soort in ("blok", "vlag") for s in signalen(invoer, soort)}


@pytest.mark.parametrize(("code", "invoer"), VUURT, ids=lambda w: w if isinstance(w, str) else "")
def test_de_regel_vuurt(code: str, invoer: Invoer) -> None:
    assert code in codes(invoer)


@pytest.mark.parametrize(("code", "invoer"), ZWIJGT, ids=lambda w: w if isinstance(w, str) else "")
def test_de_regel_zwijgt(code: str, invoer: Invoer) -> None:
    assert code not in codes(invoer)


def test_elke_regel_is_beproefd_en_de_gewone_referentie_roept_niets_op() -> None:
    assert codes(BASIS) == set()
    assert {code for code, _ in VUURT} == {code for code, _ in ZWIJGT} == set(REGELS)
    assert {code for code, (soort, _, _) in REGELS.items() if soort == "blok"} == {
        "zelfde_email",
        "zelfde_kvk",
        "zelfde_persoon",
        "beoordelaar",
    }


def test_een_signaal_zegt_wat_en_met_wie() -> None:
    (signaal,) = signalen(bij("aanvrager", kvk_nummers=frozenset({"00800001"})), "blok")
    assert (signaal.code, signaal.soort, signaal.uitleg, signaal.gegevens) == (
        "zelfde_kvk",
        "blok",
        "De referent heeft hetzelfde KvK-nummer als de aanvrager.",
        {"met": "de aanvrager", "waarde": ["00800001"]},
    )
    iban = replace(bij("adviseur", ibans=frozenset({"NL1"})), referent=replace(REFERENT, ibans=frozenset({"NL1"})))
    (signaal,) = signalen(iban, "vlag")
    assert signaal.gegevens == {"met": "de adviseur"}  # no account number in the record


@pytest.mark.parametrize(
    ("een", "ander", "vuurt"), [("Abcdefghij", "Abcdefghik", True), ("Abcdefgh", "Abcdefgk", False)]
)
def test_de_grens_van_namen_is_negentig(een: str, ander: str, vuurt: bool) -> None:
    """Nine of ten letters is exactly 90; seven of eight is 87.5."""
    invoer = replace(bij("adviseur", namen=(een,)), referent=replace(REFERENT, namen=(ander,)))
    assert ("naam_lijkt" in codes(invoer)) is vuurt


@pytest.mark.parametrize(
    ("een", "ander", "zelfde"),
    [
        ("2001:db8:1:2::5", "2001:db8:1:2:ffff::1", True),
        ("2001:db8:1:2::5", "2001:db8:1:3::5", False),
        ("192.0.2.1", "2001:db8::1", False),
    ],
)
def test_een_ipv6_aansluiting_heeft_een_reeks(een: str, ander: str, zelfde: bool) -> None:
    assert zelfde_netwerk(een, ander) is zelfde


def zijde(van: str, naar: str) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(van.split()), frozenset(naar.split())


@pytest.mark.parametrize(
    ("zijden", "van", "naar", "lengte"),
    [
        ([], "A", "B", None),
        ([("B", "A")], "A", "B", 2),
        ([("B", "C"), ("C", "A")], "A", "B", 3),
        ([("B", "C"), ("C", "D"), ("D", "A")], "A", "B", 4),
        ([("B", "C"), ("C", "D"), ("D", "E"), ("E", "A")], "A", "B", None),  # five: chance in a small sector
        ([("A", "B"), ("C", "B")], "A", "B", None),  # all in one direction
        ([("b.nl", "a.nl")], "A a.nl", "B b.nl", 2),  # one organisation by two marks
        ([("B", "C"), ("C", "A"), ("B", "A")], "A", "B", 2),  # the shortest
    ],
)
def test_kringen(zijden: list[tuple[str, str]], van: str, naar: str, lengte: int | None) -> None:
    eerste, tweede = zijde(van, naar)
    assert kring([zijde(*paar) for paar in zijden], eerste, tweede) == lengte


def test_een_kring_over_en_weer_weegt_zwaar() -> None:
    zwaar, licht = (signalen(replace(BASIS, kring=n), "vlag")[0].gegevens for n in (2, 3))
    assert (zwaar, licht) == ({"lengte": 2, "zwaar": True}, {"lengte": 3})


# --- Texts ------------------------------------------------------------------------------------------------------


def zin(begin: int, aantal: int = 40) -> str:
    return " ".join(f"woord{nr}" for nr in range(begin, begin + aantal))


def test_gelijkende_paren() -> None:
    teksten = {
        "a": zin(0),
        "b": zin(0, 30) + " " + zin(500, 10),  # three quarters the same
        "c": zin(1000),
        "d": zin(1000, 20) + " " + zin(2000, 200),  # a short piece of c in a long text: containment
        "e": zin(3000, 9),  # too short to say anything
        "f": zin(3000, 9),
    }
    gevonden = tekst.gelijkende_paren(teksten)
    assert [(p.eerste, p.tweede) for p in gevonden if p.jaccard >= tekst.JACCARD] == [("a", "b")]
    assert all(p.jaccard >= 0.3 or p.omvatting >= 0.5 for p in gevonden)


def test_de_tekst_van_het_formulier_telt_niet() -> None:
    """Twelve of twelve have the same introduction; two also copied the rest."""
    vast = zin(0, 30)
    teksten = {f"t{nr:02d}": vast + " " + zin(1000 * (nr + 1), 30) for nr in range(12)}
    assert tekst.gelijkende_paren(teksten) == []
    teksten["t11"] = teksten["t10"]
    assert [(p.eerste, p.tweede) for p in tekst.gelijkende_paren(teksten)] == [("t10", "t11")]
    paar = tekst.gelijkende_paren(teksten)[0]
    assert (paar.jaccard, paar.omvatting) == (1.0, 1.0)


@pytest.mark.parametrize(("gedeeld", "verwacht"), [(10, True), (11, False)])
def test_de_grens_van_formuliertekst(gedeeld: int, verwacht: bool) -> None:
    """In a small round a text that stands in ten applications is still suspicious, in eleven it is a form."""
    teksten = {f"t{nr:02d}": zin(0) if nr < gedeeld else zin(1000 * nr) for nr in range(15)}
    assert bool(tekst.gelijkende_paren(teksten)) is verwacht
