"""A proposal for a version of a scheme: two writers, four eyes, and publication as a file would be loaded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from kern.enums import Rol
from kern.fouten import BestandFout, DomeinFout, OvergangFout, RechtenFout
from kern.models import LogRegel
from kern.services.spoor import keten_van, spoor_controleren
from regeling.lezen import MAXIMUM_BYTES, digest, lees_regeling
from regeling.models import Regeling, Regelingbron, Regelingversie, Regelingvoorstel, Tijdvak
from regeling.schrijven import naar_toml
from regeling.selectors_voorstel import controleer, tekst_van_versie
from regeling.services.catalogus import CATALOGUS, regelingen_laden
from regeling.services.tijdvak import tijdvak_bijwerken, tijdvak_publiceren
from regeling.services.voorstel import (
    voorstel_aanbieden,
    voorstel_afwijzen,
    voorstel_basis_bijwerken,
    voorstel_bewerken,
    voorstel_intrekken,
    voorstel_maken,
    voorstel_publiceren,
    voorstel_terugnemen,
)
from tests.factories.ronde import maak_gebruiker
from tests.regeling.voorbeeld import BASIS

pytestmark = pytest.mark.django_db
OP = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
OPEN = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
NIEUW = BASIS.replace('versie = "1"', 'versie = "2"').replace("Eerste tijdvak", "Najaar")


@pytest.fixture
def regeling(tmp_path: Path) -> Regeling:
    pad = tmp_path / "proef.toml"
    pad.write_text(BASIS, encoding="utf-8")
    regelingen_laden(pad=pad, actor=None, op=OP - timedelta(days=1))
    return Regeling.objects.get(sleutel="proef")


@pytest.fixture
def eerste() -> Any:
    return maak_gebruiker(Rol.BEHEERDER)


@pytest.fixture
def tweede() -> Any:
    return maak_gebruiker(Rol.BEHEERDER)


def bewerk(voorstel: Regelingvoorstel, tekst: str, actor: Any, nummer: int | None = None) -> Regelingvoorstel:
    return voorstel_bewerken(
        voorstel=voorstel, tekst=tekst, nummer=voorstel.nummer if nummer is None else nummer, actor=actor, op=OP
    )


def aangeboden(regeling: Regeling, actor: Any, tekst: str = NIEUW) -> Regelingvoorstel:
    voorstel = bewerk(voorstel_maken(regeling=regeling, actor=actor, op=OP), tekst, actor)
    return voorstel_aanbieden(voorstel=voorstel, actor=actor, op=OP)


def publiceer(voorstel: Regelingvoorstel, actor: Any, op: datetime = OP) -> Regelingvoorstel:
    return voorstel_publiceren(voorstel=voorstel, nummer=voorstel.nummer, actor=actor, op=op)[0]


def regels(fout: Any) -> list[tuple[str, str]]:
    return [(een.plek, een.kolom) for een in fout.value.fouten]


def handelingen(voorstel: Regelingvoorstel) -> list[tuple[str, Any]]:
    rijen = LogRegel.objects.filter(keten=keten_van(voorstel)).order_by("volgnr")
    return [(rij.handeling, rij.actor) for rij in rijen]


@pytest.mark.parametrize("pad", sorted(CATALOGUS.glob("*.toml")), ids=lambda pad: pad.stem)
def test_een_regeling_als_tekst_is_dezelfde_regeling(pad: Path) -> None:
    spec = lees_regeling(pad.read_bytes(), pad.name)
    assert digest(lees_regeling(naar_toml(spec).encode(), "anders.toml")) == digest(spec)


def test_een_tekst_met_bijzondere_tekens_komt_heel_terug() -> None:
    spec = lees_regeling(BASIS.replace("Beter werk", r"Een \"streep\" \\ en\nregel é \u00a0").encode(), "proef.toml")
    assert lees_regeling(naar_toml(spec).encode(), "proef.toml") == spec


def test_de_tekst_van_een_bestand_houdt_haar_opmerkingen() -> None:
    pad = CATALOGUS / "sia-zuid.toml"
    regelingen_laden(pad=pad, actor=None, op=OP)
    assert tekst_van_versie(Regelingversie.objects.get()) == pad.read_text(encoding="utf-8")
    Regelingbron.objects.all().delete()  # loaded before the text was kept: the shipped file says the same
    assert tekst_van_versie(Regelingversie.objects.get()) == pad.read_text(encoding="utf-8")
    Regelingversie.objects.update(sha256="0" * 64)
    assert "# aanname" not in tekst_van_versie(Regelingversie.objects.get())


def test_van_concept_tot_gepubliceerd(regeling: Regeling, eerste: Any, tweede: Any) -> None:
    voorstel = publiceer(aangeboden(regeling, eerste), tweede)
    assert (voorstel.status, voorstel.gepubliceerd_door, voorstel.regeling) == ("gepubliceerd", tweede, regeling)
    assert voorstel.versie is not None
    assert (voorstel.versie.versie, voorstel.versie.geladen_door) == ("2", tweede)
    assert (Tijdvak.objects.get().naam, Tijdvak.objects.get().regelingversie) == ("Najaar", voorstel.versie)
    assert tekst_van_versie(voorstel.versie) == NIEUW
    assert handelingen(voorstel) == [
        ("voorstel_maken", eerste),
        ("voorstel_bewerken", eerste),
        ("aanbieden", eerste),
        ("publiceren", tweede),
    ]
    assert list(spoor_controleren()) == []


def test_bestand_en_browser_geven_dezelfde_versie(regeling: Regeling, eerste: Any, tweede: Any, tmp_path: Path) -> None:
    voorstel = publiceer(aangeboden(regeling, eerste), tweede)
    pad = tmp_path / "proef.toml"
    pad.write_text(NIEUW, encoding="utf-8")
    assert not regelingen_laden(pad=pad, actor=None, op=OP + timedelta(days=1)).gewijzigd
    assert voorstel.versie is not None
    assert voorstel.versie.sha256 == digest(lees_regeling(NIEUW.encode(), "proef.toml"))


def test_het_oude_bestand_draait_de_versie_uit_de_browser_niet_terug(
    regeling: Regeling, eerste: Any, tweede: Any, tmp_path: Path
) -> None:
    """Every start loads the shipped files."""
    publiceer(aangeboden(regeling, eerste), tweede)
    verslag = regelingen_laden(pad=tmp_path / "proef.toml", actor=None, op=OP + timedelta(days=1))
    assert (verslag.gewijzigd, Tijdvak.objects.get().naam) == (False, "Najaar")
    assert [(fout.plek, fout.kolom) for fout in verslag.waarschuwingen if fout.kolom == "vervangen"] == [
        ("proef.toml: regeling.versie", "vervangen")
    ]


def test_een_nieuw_bestand_over_een_versie_uit_de_browser_waarschuwt(
    regeling: Regeling, eerste: Any, tweede: Any, tmp_path: Path
) -> None:
    publiceer(aangeboden(regeling, eerste), tweede)
    pad = tmp_path / "proef.toml"
    pad.write_text(BASIS.replace('versie = "1"', 'versie = "3"').replace("Eerste tijdvak", "Winter"), encoding="utf-8")
    verslag = regelingen_laden(pad=pad, actor=None, op=OP + timedelta(days=1))
    (fout,) = [fout for fout in verslag.waarschuwingen if fout.kolom == "vervangt"]
    assert "Versie 3 vervangt versie 2, die op 15-09-2026 in de browser is gepubliceerd" in fout.melding
    assert Tijdvak.objects.get().naam == "Winter"
    opnieuw = regelingen_laden(pad=pad, actor=None, op=OP + timedelta(days=2))
    assert not [fout for fout in opnieuw.waarschuwingen if fout.kolom == "vervangt"]


def test_een_nieuwe_regeling_uit_een_bestand(eerste: Any, tweede: Any) -> None:
    voorstel = voorstel_maken(regeling=None, inhoud=BASIS.encode(), bestand="C:\\map\\p.toml", actor=eerste, op=OP)
    assert (voorstel.regeling, voorstel.basis, voorstel.bestand) == (None, None, "p.toml")
    voorstel = publiceer(voorstel_aanbieden(voorstel=voorstel, actor=eerste, op=OP), tweede)
    assert (voorstel.regeling, Tijdvak.objects.get().sleutel) == (Regeling.objects.get(), "proef-2026")


def test_een_bestand_van_een_bekende_regeling_hoort_daarbij(regeling: Regeling, eerste: Any) -> None:
    voorstel = voorstel_maken(regeling=None, inhoud=NIEUW.encode(), bestand="x.toml", actor=eerste, op=OP)
    assert (voorstel.regeling, voorstel.basis) == (regeling, regeling.versies.get())


def test_een_nieuw_voorstel_met_de_sleutel_van_een_ander(eerste: Any, regeling: Regeling) -> None:
    voorstel = voorstel_maken(regeling=None, inhoud=b"kapot", bestand="x.toml", actor=eerste, op=OP)
    assert voorstel.regeling is None
    voorstel = bewerk(voorstel, NIEUW, eerste)
    assert [een.kolom for een in controleer(voorstel, OP).verboden] == ["dubbele-sleutel"]


@pytest.mark.parametrize(
    ("inhoud", "fout"),
    [
        (b'naam = "\xe9"\n', ("regel 1", "codering")),
        (b"a = 1\nb = \x00\n", ("regel 2", "tekst")),
        (b"#" * (MAXIMUM_BYTES + 1), ("het bestand", "te-groot")),
    ],
)
def test_wat_geen_tekst_is_wordt_geen_voorstel(inhoud: bytes, fout: tuple[str, str], eerste: Any) -> None:
    with pytest.raises(BestandFout) as gevangen:
        voorstel_maken(regeling=None, inhoud=inhoud, bestand="x.toml", actor=eerste, op=OP)
    assert (regels(gevangen), Regelingvoorstel.objects.count()) == ([fout], 0)


def test_honderdduizend_tekens_onzin_geeft_een_fout_met_regelnummer(eerste: Any) -> None:
    tekst = "formaat = 1\n" * 2 + "x" * 100_000
    voorstel = voorstel_maken(regeling=None, inhoud=tekst.encode(), bestand="x.toml", actor=eerste, op=OP)
    assert [(een.plek, een.kolom) for een in controleer(voorstel, OP).fouten] == [("regel 2, kolom 12", "toml")]


def test_een_bewerking_die_te_groot_is(regeling: Regeling, eerste: Any) -> None:
    voorstel = voorstel_maken(regeling=regeling, actor=eerste, op=OP)
    with pytest.raises(BestandFout) as gevangen:
        bewerk(voorstel, "é" * (MAXIMUM_BYTES // 2 + 1), eerste)
    assert (regels(gevangen), voorstel.bewerkingen.count()) == ([("het bestand", "te-groot")], 1)


def test_twee_schrijvers_tegelijk(regeling: Regeling, eerste: Any, tweede: Any) -> None:
    voorstel = voorstel_maken(regeling=regeling, actor=eerste, op=OP)
    bewerk(voorstel, NIEUW, eerste, nummer=1)
    with pytest.raises(OvergangFout) as gevangen:
        bewerk(voorstel, BASIS.replace("Eerste tijdvak", "Voorjaar"), tweede, nummer=1)
    assert gevangen.value.code == "intussen-gewijzigd"
    assert str(eerste) in gevangen.value.melding
    bewerk(voorstel, NIEUW, tweede, nummer=1)  # the same text: nothing to lose
    voorstel = Regelingvoorstel.objects.get()
    assert (voorstel.nummer, voorstel.bewerkt_door) == (2, eerste)
    rijen = list(voorstel.bewerkingen.values_list("nummer", "tekst", "door"))
    assert rijen == [(1, tekst_van_versie(regeling.versies.get()), eerste.pk), (2, NIEUW, eerste.pk)]


def test_vier_ogen_ook_voor_wie_alleen_halverwege_schreef(regeling: Regeling, eerste: Any, tweede: Any) -> None:
    voorstel = voorstel_maken(regeling=regeling, actor=eerste, op=OP)
    voorstel = bewerk(voorstel, NIEUW.replace("Najaar", "Herfst"), tweede)
    voorstel = voorstel_aanbieden(voorstel=bewerk(voorstel, NIEUW, eerste), actor=eerste, op=OP)
    for wie in (eerste, tweede):
        with pytest.raises(RechtenFout) as gevangen:
            publiceer(voorstel, wie)
        assert gevangen.value.code == "vier-ogen"
        with pytest.raises(RechtenFout):
            voorstel_afwijzen(voorstel=voorstel, reden="nee", actor=wie, op=OP)
    assert Regelingversie.objects.count() == 1
    assert publiceer(voorstel, maak_gebruiker(Rol.BEHEERDER)).status == "gepubliceerd"


def test_de_database_bewaakt_vier_ogen_en_wat_gepubliceerd_is(regeling: Regeling, eerste: Any, tweede: Any) -> None:
    voorstel = aangeboden(regeling, eerste)
    with pytest.raises(IntegrityError), transaction.atomic():
        Regelingvoorstel.objects.filter(pk=voorstel.pk).update(gepubliceerd_door=eerste)
    voorstel = publiceer(voorstel, tweede)
    with pytest.raises(IntegrityError), transaction.atomic():
        Regelingvoorstel.objects.filter(pk=voorstel.pk).update(tekst="anders")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE regeling_voorstelbewerking SET tekst = 'anders'")


def test_alleen_een_beheerder(regeling: Regeling, eerste: Any) -> None:
    ander = maak_gebruiker(Rol.ANALIST, Rol.BESLISSER)
    voorstel = voorstel_maken(regeling=regeling, actor=eerste, op=OP)
    for poging in (
        lambda: voorstel_maken(regeling=regeling, actor=ander, op=OP),
        lambda: bewerk(voorstel, NIEUW, ander),
        lambda: voorstel_aanbieden(voorstel=voorstel, actor=ander, op=OP),
        lambda: voorstel_terugnemen(voorstel=voorstel, actor=ander, op=OP),
        lambda: voorstel_intrekken(voorstel=voorstel, reden="x", actor=ander, op=OP),
        lambda: publiceer(voorstel, ander),
    ):
        with pytest.raises(RechtenFout):
            poging()


def test_wat_niet_gelezen_is_wordt_niet_gepubliceerd(regeling: Regeling, eerste: Any, tweede: Any) -> None:
    """Who publishes says which edit was read."""
    voorstel = aangeboden(regeling, eerste)
    voorstel_terugnemen(voorstel=voorstel, actor=eerste, op=OP)
    later = bewerk(Regelingvoorstel.objects.get(), NIEUW.replace("Najaar", "Winter"), eerste)
    voorstel_aanbieden(voorstel=later, actor=eerste, op=OP)
    with pytest.raises(OvergangFout) as gevangen:
        publiceer(voorstel, tweede)
    assert gevangen.value.code == "intussen-gewijzigd"


def test_een_versie_die_intussen_van_kracht_werd(regeling: Regeling, eerste: Any, tweede: Any) -> None:
    voorstel = aangeboden(regeling, eerste)
    publiceer(aangeboden(regeling, eerste, NIEUW.replace("Najaar", "Winter").replace('"2"', '"3"')), tweede)
    with pytest.raises(OvergangFout) as gevangen:
        publiceer(voorstel, tweede)
    assert gevangen.value.code == "basis-verouderd"
    voorstel = voorstel_terugnemen(voorstel=voorstel, actor=eerste, op=OP)
    assert controleer(voorstel, OP).basis_verouderd
    voorstel = voorstel_basis_bijwerken(voorstel=voorstel, actor=eerste, op=OP)
    uitslag = controleer(voorstel, OP)
    assert [(een.plek, een.oud, een.nieuw) for een in uitslag.sleutels] == [
        ("regeling.versie", "3", "2"),
        ("tijdvakken[proef-2026].naam", "Winter", "Najaar"),
    ]
    assert publiceer(voorstel_aanbieden(voorstel=voorstel, actor=eerste, op=OP), tweede).status == "gepubliceerd"


@pytest.mark.parametrize(
    ("tekst", "kolom"),
    [
        (BASIS, "niets-nieuws"),
        (NIEUW.replace('sleutel = "proef', 'sleutel = "ander'), "andere-regeling"),
        (NIEUW.replace("percentage = 75", "percentage = 175"), "bereik"),
    ],
)
def test_wat_niet_kan_worden_aangeboden(tekst: str, kolom: str, regeling: Regeling, eerste: Any) -> None:
    voorstel = bewerk(voorstel_maken(regeling=regeling, actor=eerste, op=OP), tekst, eerste)
    with pytest.raises(BestandFout) as gevangen:
        voorstel_aanbieden(voorstel=voorstel, actor=eerste, op=OP)
    assert [regel for _, regel in regels(gevangen)] == [kolom]
    assert Regelingvoorstel.objects.get().status == "concept"


def test_terug_naar_een_oude_inhoud_vraagt_een_nieuw_nummer(regeling: Regeling, eerste: Any, tweede: Any) -> None:
    publiceer(aangeboden(regeling, eerste), tweede)
    with pytest.raises(BestandFout) as gevangen:
        aangeboden(regeling, eerste, BASIS)
    assert "hetzelfde als de oude versie 1" in gevangen.value.fouten[0].melding


def test_een_lopend_tijdvak_verandert_niet_stil(regeling: Regeling, eerste: Any, tweede: Any) -> None:
    """R31: what was allowed when it was offered is refused when the round opened meanwhile."""
    voorstel = aangeboden(regeling, eerste, NIEUW.replace("plafond = 2500000", "plafond = 2400000"))
    tijdvak = tijdvak_publiceren(tijdvak=Tijdvak.objects.get(), actor=None, op=OP)
    tijdvak_bijwerken(tijdvak=tijdvak, op=OPEN)
    assert [een.kolom for een in controleer(voorstel, OPEN).verboden] == ["plafond-verlaagd"]
    with pytest.raises(BestandFout) as gevangen:
        publiceer(voorstel, tweede, op=OPEN)
    assert regels(gevangen) == [("proef.toml: tijdvakken[0].plafond", "plafond-verlaagd")]
    assert (Regelingversie.objects.count(), Regelingvoorstel.objects.get().status) == (1, "aangeboden")


def test_afwijzen_en_intrekken_met_een_reden(regeling: Regeling, eerste: Any, tweede: Any) -> None:
    voorstel = aangeboden(regeling, eerste)
    with pytest.raises(DomeinFout):
        voorstel_afwijzen(voorstel=voorstel, reden=" ", actor=tweede, op=OP)
    voorstel = voorstel_afwijzen(voorstel=voorstel, reden="Het plafond klopt niet.", actor=tweede, op=OP)
    assert LogRegel.objects.filter(keten=keten_van(voorstel)).latest("volgnr").reden == "Het plafond klopt niet."
    with pytest.raises(OvergangFout):
        bewerk(voorstel, BASIS, eerste)
    ander = voorstel_maken(regeling=regeling, actor=eerste, op=OP)
    assert voorstel_intrekken(voorstel=ander, reden="Niet nodig.", actor=tweede, op=OP).status == "ingetrokken"


def test_het_verschil_per_regel_en_per_sleutel(regeling: Regeling, eerste: Any) -> None:
    voorstel = bewerk(voorstel_maken(regeling=regeling, actor=eerste, op=OP), NIEUW, eerste)
    uitslag = controleer(voorstel, OP)
    assert [(een.plek, een.betekenis, een.oud, een.nieuw) for een in uitslag.sleutels] == [
        ("regeling.versie", "het nummer of de naam van deze versie, tussen aanhalingstekens", "1", "2"),
        (
            "tijdvakken[proef-2026].naam",
            "de naam van het tijdvak zoals de aanvrager die ziet",
            "Eerste tijdvak",
            "Najaar",
        ),
    ]
    assert uitslag.regels is not None
    anders = [(r.teken, r.tekst) for groep in uitslag.regels for r in groep if r.teken != " "]
    assert anders == [
        ("-", 'versie = "1"'),
        ("+", 'versie = "2"'),
        ("-", 'naam = "Eerste tijdvak"'),
        ("+", 'naam = "Najaar"'),
    ]
    assert uitslag.kan_door
