"""Loading scheme files: all or none, nothing twice, and nothing that was published is taken back (R31)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import F

from kern.enums import Rol
from kern.fouten import BestandFout, InvoerFout, RechtenFout
from kern.models import LogRegel
from kern.services.spoor import spoor_controleren
from regeling.enums import Boekingsoort, Tijdvakstatus
from regeling.lezen import digest, lees_regeling
from regeling.models import Boeking, Plafond, Regeling, Regelingversie, Thema, Tijdvak
from regeling.services.catalogus import CATALOGUS, Laadverslag, catalogusbestand, regelingen_laden
from regeling.services.grootboek import Opdracht, boeken, plafond_ophogen
from regeling.services.tijdvak import tijdvak_bijwerken, tijdvak_publiceren, tijdvak_verlengen
from tests.factories.ronde import maak_gebruiker, maak_tijdvak
from tests.regeling.voorbeeld import BASIS

pytestmark = pytest.mark.django_db

OP = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
OPEN = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
SLUIT = datetime(2026, 12, 18, 16, 0, tzinfo=UTC)
THEMAS = """
[[themas]]
code = "slimmer-werken"
naam = "slimmer werken"

[[themas]]
code = "gezond-werken"
naam = "gezond werken"

[themakeuze]
minimum = 1
maximum = 2
"""
DEELPLAFOND = """
[[tijdvakken.subplafonds]]
code = "UTRECHT"
naam = "Utrecht"
bedrag = 500000
soort = "provincie"
waarden = ["Utrecht"]
"""
TWEEDE_TIJDVAK = """
[[tijdvakken]]
sleutel = "proef-2027"
naam = "Tweede tijdvak"
open_op = 2027-11-02T09:00:00
sluit_op = 2027-12-18T17:00:00
plafond = 1000000
"""


def inhoud_van_alle_tabellen() -> dict[str, list[Any]]:
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in apps.get_models()}


def laad(map_: Path, tekst: str, naam: str = "proef.toml", **anders: Any) -> Laadverslag:
    (map_ / naam).write_text(tekst, encoding="utf-8")
    return regelingen_laden(pad=map_ / naam, **{"actor": None, "op": OP, **anders})


def geweigerd(map_: Path, tekst: str, **anders: Any) -> list[str]:
    """The error lines of a load that is refused and leaves every row as it was."""
    voor = inhoud_van_alle_tabellen()
    with pytest.raises(BestandFout) as gevangen:
        laad(map_, tekst, **anders)
    assert inhoud_van_alle_tabellen() == voor
    return [str(fout) for fout in gevangen.value.fouten]


def uitkomsten(verslag: Laadverslag) -> list[tuple[str, str, str]]:
    return [(regel.soort, regel.sleutel, regel.uitkomst) for regel in verslag.regels if regel.uitkomst != "ongewijzigd"]


def publiceer(sleutel: str = "proef-2026") -> Tijdvak:
    return tijdvak_publiceren(tijdvak=Tijdvak.objects.get(sleutel=sleutel), actor=None, op=OP)


def open_met_aanvraag(sleutel: str = "proef-2026") -> Tijdvak:
    """Published and open, with one receipt number issued."""
    tijdvak = tijdvak_bijwerken(tijdvak=publiceer(sleutel), op=OPEN)
    Tijdvak.objects.filter(pk=tijdvak.pk).update(volgnummer=F("volgnummer") + 1)
    return Tijdvak.objects.get(pk=tijdvak.pk)


def test_de_catalogus_laadt_elke_regeling_met_haar_tijdvakken() -> None:
    regelingen_laden(pad=None, actor=None, op=OP)
    specs = [lees_regeling(pad.read_bytes(), pad.name) for pad in sorted(CATALOGUS.glob("*.toml"))]
    assert len(specs) >= 3
    assert {r.sleutel: r.naam for r in Regeling.objects.all()} == {s.regeling.sleutel: s.regeling.naam for s in specs}
    for spec in specs:
        versie = Regelingversie.objects.get(regeling__sleutel=spec.regeling.sleutel)
        assert (versie.sha256, versie.spec) == (digest(spec), spec)
        themas = Thema.objects.filter(regeling=versie.regeling).values_list("code", "naam", "volgorde")
        assert list(themas) == [(t.code, t.naam, nr) for nr, t in enumerate(spec.themas, 1)]
        stappen = [(deel, stap) for deel in spec.tijdvakken for stap in ((1, 2) if deel.vervolg else (1,))]
        for bron, stap in stappen:
            deel = bron.in_stap(stap)
            tijdvak = Tijdvak.objects.get(sleutel=deel.sleutel)
            assert (tijdvak.specsleutel, tijdvak.status, tijdvak.herkomst) == (bron.sleutel, "ontwerp", "catalogus")
            assert tijdvak.methode == spec.verdeling_voor(bron.sleutel).methode
            assert (tijdvak.open_op, tijdvak.sluit_op, tijdvak.tijdvakspec) == (deel.open_op, deel.sluit_op, bron)
            assert (tijdvak.stap, tijdvak.vorige_stap and tijdvak.vorige_stap.sleutel) == (
                (1, None) if stap == 1 else (2, bron.sleutel)
            )
            potten = {"*": deel.plafond, **{pot.code: pot.bedrag for pot in deel.subplafonds}}
            assert dict(tijdvak.plafonds.values_list("code", "bedrag")) == potten
    aantal = sum(m.objects.count() for m in (Regeling, Regelingversie, Thema, Tijdvak, Plafond))
    assert LogRegel.objects.filter(handeling="catalogus_aangemaakt").count() == aantal
    eerste, tweede = (Tijdvak.objects.get(sleutel=sleutel) for sleutel in ("smart-mix", "smart-mix-stap-2"))
    assert (eerste.eenheid, eerste.plafonds.get().bedrag) == ("stuks", 20)
    assert (tweede.eenheid, tweede.plafonds.get().bedrag) == ("euro", 100_000_000)
    assert list(spoor_controleren()) == []


def test_een_tweede_keer_laden_schrijft_niets() -> None:
    eerste, tweede = StringIO(), StringIO()
    call_command("laad_regelingen", stdout=eerste)
    voor = inhoud_van_alle_tabellen()
    call_command("laad_regelingen", stdout=tweede)
    assert inhoud_van_alle_tabellen() == voor
    assert "Klaar: alles is ongewijzigd.\n" in tweede.getvalue()
    tabel = [regel for regel in tweede.getvalue().splitlines()[1:] if not regel.startswith(("Klaar", "Let op"))]
    assert {regel.split()[-1] for regel in tabel} == {"ongewijzigd"}
    assert len(tabel) == eerste.getvalue().count("aangemaakt\n") - 1  # the line that sums up counts once


def test_de_opdracht_toont_een_tabel(tmp_path: Path) -> None:
    (tmp_path / "proef.toml").write_text(BASIS, encoding="utf-8")
    uit = StringIO()
    call_command("laad_regelingen", str(tmp_path), stdout=uit)
    assert uit.getvalue().splitlines()[:6] == [
        "bestand     onderdeel       sleutel       uitkomst",
        "proef.toml  regeling        proef         aangemaakt",
        "proef.toml  regelingversie  proef 1       aangemaakt",
        "proef.toml  tijdvak         proef-2026    aangemaakt",
        "proef.toml  plafond         proef-2026 *  aangemaakt",
        "Klaar: 4 aangemaakt",
    ]


def test_alle_fouten_van_alle_bestanden_en_niets_geladen(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(BASIS, encoding="utf-8")
    (tmp_path / "b.toml").write_text(BASIS.replace("plafond = 2500000", "plafond = -1"), encoding="utf-8")
    (tmp_path / "c.toml").write_text(BASIS.replace("mkb = true", 'mkb = "ja"\nmkv = 1'), encoding="utf-8")
    voor = inhoud_van_alle_tabellen()
    with pytest.raises(CommandError) as gevangen:
        call_command("laad_regelingen", str(tmp_path))
    assert gevangen.value.returncode == 1
    regels = str(gevangen.value).splitlines()
    assert regels[0] == "De regelingen zijn niet geladen: 3 fouten."
    assert [regel.split(", ")[0] for regel in regels[1:4]] == [
        "  - b.toml: tijdvakken[0].plafond",
        "  - c.toml: aanvrager.mkb",
        "  - c.toml: aanvrager.mkv",
    ]
    assert regels[4:] == ["Verbeter het bestand en bied het opnieuw aan. Er is niets gewijzigd."]
    assert inhoud_van_alle_tabellen() == voor


@pytest.mark.parametrize(
    ("maak", "melding"),
    [
        (lambda map_: map_ / "nergens.toml", "nergens.toml bestaat niet."),
        (lambda map_: map_, "staat geen regelingsbestand."),
    ],
)
def test_geen_bestand(tmp_path: Path, maak: Any, melding: str) -> None:
    with pytest.raises(InvoerFout) as gevangen:
        regelingen_laden(pad=maak(tmp_path), actor=None, op=OP)
    assert gevangen.value.melding.endswith(melding)


def test_twee_bestanden_met_hetzelfde_tijdvak(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(BASIS, encoding="utf-8")
    (tmp_path / "b.toml").write_text(BASIS.replace('sleutel = "proef"', 'sleutel = "ander"'), encoding="utf-8")
    with pytest.raises(BestandFout) as gevangen:
        regelingen_laden(pad=tmp_path, actor=None, op=OP)
    assert [(fout.plek, fout.kolom) for fout in gevangen.value.fouten] == [
        ("b.toml: tijdvakken[0].sleutel", "dubbele-sleutel")
    ]
    assert Regeling.objects.count() == 0


def test_een_sleutel_van_een_andere_regeling_in_de_database(tmp_path: Path) -> None:
    laad(tmp_path, BASIS)
    anders = BASIS.replace('sleutel = "proef"', 'sleutel = "ander"')
    assert geweigerd(tmp_path, anders) == [
        "proef.toml: tijdvakken[0].sleutel, dubbele-sleutel: De sleutel 'proef-2026' is al in gebruik bij proef. "
        "Kies een andere sleutel."
    ]


def test_een_gewijzigd_ontwerp_wordt_bijgewerkt_en_de_saldi_blijven(tmp_path: Path) -> None:
    laad(tmp_path, BASIS + DEELPLAFOND)
    tijdvak = Tijdvak.objects.get(sleutel="proef-2026")
    opdracht = Opdracht(Boekingsoort.RESERVERING, Decimal(1000), None, "proef")
    boeken(tijdvak=tijdvak, opdrachten=[opdracht], actor=None, op=OP)
    tekst = (
        BASIS.replace("plafond = 2500000", "plafond = 3000000")
        .replace("Eerste tijdvak", "Najaar")
        .replace("sluit_op = 2026-12-18T17:00:00", "sluit_op = 2026-12-19T17:00:00")
    )
    verslag = laad(tmp_path, tekst + DEELPLAFOND.replace("500000", "400000"))
    assert uitkomsten(verslag) == [
        ("regelingversie", "proef 1", "aangemaakt"),
        ("tijdvak", "proef-2026", "gewijzigd"),
        ("plafond", "proef-2026 *", "gewijzigd"),
        ("plafond", "proef-2026 UTRECHT", "gewijzigd"),
    ]
    tijdvak = Tijdvak.objects.get(sleutel="proef-2026")
    assert (tijdvak.naam, tijdvak.sluit_op) == ("Najaar", SLUIT + timedelta(days=1))
    assert tijdvak.tijdvakspec.plafond == 3_000_000
    assert [(p.code, p.bedrag, p.gereserveerd) for p in tijdvak.plafonds.order_by("code")] == [
        ("*", 3_000_000, 1000),
        ("UTRECHT", 400_000, 0),
    ]
    log = LogRegel.objects.get(keten=f"tijdvak:{tijdvak.pk}", handeling="catalogus_gewijzigd")
    assert log.gegevens["naam"] == {"oud": "Eerste tijdvak", "nieuw": "Najaar"}
    assert Regelingversie.objects.count() == 2


def test_terug_naar_een_eerdere_inhoud_is_geen_nieuwe_versie(tmp_path: Path) -> None:
    laad(tmp_path, BASIS)
    laad(tmp_path, BASIS.replace("Eerste tijdvak", "Najaar"))
    verslag = laad(tmp_path, BASIS)
    assert uitkomsten(verslag) == [("tijdvak", "proef-2026", "gewijzigd")]
    assert Regelingversie.objects.count() == 2
    assert Tijdvak.objects.get().naam == "Eerste tijdvak"


def test_een_deelplafond_gaat_weg_uit_een_ontwerp(tmp_path: Path) -> None:
    laad(tmp_path, BASIS + DEELPLAFOND)
    assert uitkomsten(laad(tmp_path, BASIS))[-1] == ("plafond", "proef-2026 UTRECHT", "verwijderd")
    assert list(Plafond.objects.values_list("code", flat=True)) == ["*"]


def test_themas_volgen_het_bestand(tmp_path: Path) -> None:
    laad(tmp_path, BASIS + THEMAS)
    anders = THEMAS.replace("gezond werken", "gezond en veilig werken").replace("slimmer", "anders")
    verslag = laad(tmp_path, BASIS + anders)
    assert [deel for deel in uitkomsten(verslag) if deel[0] == "thema"] == [
        ("thema", "proef anders-werken", "aangemaakt"),
        ("thema", "proef gezond-werken", "gewijzigd"),
        ("thema", "proef slimmer-werken", "verwijderd"),
    ]
    assert list(Thema.objects.order_by("volgorde").values_list("code", "naam", "volgorde")) == [
        ("anders-werken", "anders werken", 1),
        ("gezond-werken", "gezond en veilig werken", 2),
    ]


def test_een_ontwerp_dat_uit_het_bestand_verdwijnt_wordt_ingetrokken(tmp_path: Path) -> None:
    laad(tmp_path, BASIS + TWEEDE_TIJDVAK)
    assert uitkomsten(laad(tmp_path, BASIS)) == [
        ("regelingversie", "proef 1", "aangemaakt"),
        ("tijdvak", "proef-2026", "gewijzigd"),
        ("tijdvak", "proef-2027", "ingetrokken"),
    ]
    tijdvak = Tijdvak.objects.get(sleutel="proef-2027")
    assert tijdvak.status == Tijdvakstatus.INGETROKKEN
    reden = LogRegel.objects.get(keten=f"tijdvak:{tijdvak.pk}", handeling="intrekken").reden
    assert reden == "Staat niet meer in het regelingsbestand proef.toml."
    assert uitkomsten(laad(tmp_path, BASIS)) == []
    anders = TWEEDE_TIJDVAK.replace("plafond = 1000000", "plafond = 2000000")
    assert geweigerd(tmp_path, BASIS + anders) == [
        "proef.toml: tijdvakken[1], ingetrokken: Het tijdvak 'proef-2027' is ingetrokken. "
        "Kies een nieuwe sleutel voor een nieuw tijdvak."
    ]


def test_na_publicatie_ligt_de_kern_vast(tmp_path: Path) -> None:
    laad(tmp_path, BASIS)
    publiceer()
    anders = BASIS.replace("percentage = 75", "percentage = 60").replace('regel = "STOP"', 'regel = "SKIP"')
    fouten = geweigerd(tmp_path, anders)
    assert [fout.split(": ")[1] for fout in fouten] == [
        "subsidie.percentage, vast-onderdeel",
        "tijdvakken[0].verdeling.regel, vaste-verdeling",
    ]


def test_een_hoger_plafond_na_publicatie_gaat_met_verhoog_plafond(tmp_path: Path) -> None:
    laad(tmp_path, BASIS)
    publiceer()
    hoger = BASIS.replace("plafond = 2500000", "plafond = 2600000")
    assert geweigerd(tmp_path, hoger) == [
        "proef.toml: tijdvakken[0].plafond, plafond-verhoogd: Het plafond is gepubliceerd. "
        "Zet de oude waarde terug en gebruik verhoog_plafond."
    ]


def test_een_lager_plafond_na_de_eerste_aanvraag(tmp_path: Path) -> None:
    laad(tmp_path, BASIS)
    open_met_aanvraag()
    (fout,) = geweigerd(tmp_path, BASIS.replace("plafond = 2500000", "plafond = 2400000"), op=OPEN)
    assert fout.startswith(
        "proef.toml: tijdvakken[0].plafond, plafond-verlaagd: Een plafond gaat niet meer omlaag, "
        "want er zijn al aanvragen (Awb 4:27): van € 2.500.000 naar € 2.400.000."
    )


def test_een_lager_plafond_na_publicatie_maar_voor_de_opening(tmp_path: Path) -> None:
    laad(tmp_path, BASIS)
    publiceer()
    laad(tmp_path, BASIS.replace("plafond = 2500000", "plafond = 2400000"))
    assert Plafond.objects.get().bedrag == 2_400_000


def test_een_plafond_waarop_is_geboekt_gaat_niet_omlaag(tmp_path: Path) -> None:
    laad(tmp_path, BASIS)
    tijdvak = publiceer()
    plafond_ophogen(tijdvak=tijdvak, bedrag=Decimal(100), reden="meer geld", actor=None, op=OP)
    assert Boeking.objects.count() == 1
    (fout,) = geweigerd(tmp_path, BASIS.replace("plafond = 2500000", "plafond = 2400000"))
    assert fout.endswith("Op dit plafond is al geboekt: verlagen kan niet meer (Awb 4:27). Zet de oude waarde terug.")
    assert uitkomsten(laad(tmp_path, BASIS)) == []  # the raise is not undone by loading the same file
    assert Plafond.objects.get().bedrag == 2_500_100


def test_een_toegestane_wijziging_na_publicatie(tmp_path: Path) -> None:
    laad(tmp_path, BASIS)
    publiceer()
    langer = BASIS.replace("sluit_op = 2026-12-18T17:00:00", "sluit_op = 2026-12-20T17:00:00")
    verslag = laad(tmp_path, langer + TWEEDE_TIJDVAK)
    assert uitkomsten(verslag) == [
        ("regelingversie", "proef 1", "aangemaakt"),
        ("tijdvak", "proef-2026", "gewijzigd"),
        ("tijdvak", "proef-2027", "aangemaakt"),
        ("plafond", "proef-2027 *", "aangemaakt"),
    ]
    tijdvak = Tijdvak.objects.get(sleutel="proef-2026")
    assert (tijdvak.status, tijdvak.sluit_op) == ("gepubliceerd", SLUIT + timedelta(days=2))


def test_een_verlenging_na_een_storing_blijft_staan(tmp_path: Path) -> None:
    laad(tmp_path, BASIS)
    tijdvak = open_met_aanvraag()
    tijdvak_verlengen(
        tijdvak=tijdvak,
        van=OPEN,
        tot=OPEN + timedelta(hours=2),
        verlenging=timedelta(days=3),
        reden="storing",
        actor=None,
        op=OPEN + timedelta(hours=3),
    )
    laad(tmp_path, BASIS.replace("Eerste tijdvak", "Najaar"), op=OPEN + timedelta(days=1))
    tijdvak = Tijdvak.objects.get()
    assert (tijdvak.naam, tijdvak.sluit_op) == ("Najaar", SLUIT + timedelta(days=3))
    korter = BASIS.replace("sluit_op = 2026-12-18T17:00:00", "sluit_op = 2026-12-19T17:00:00")
    assert geweigerd(tmp_path, korter, op=OPEN + timedelta(days=1)) == [
        "proef.toml: tijdvakken[0].sluit_op, venster: Het tijdvak is verlengd tot 21-12-2026 17:00. "
        "Kies dat moment of een later moment."
    ]


def test_een_tijdvak_dat_voorbij_is_houdt_zijn_versie(tmp_path: Path) -> None:
    laad(tmp_path, BASIS)
    tijdvak = Tijdvak.objects.get()
    tijdvak.historisch_vastleggen(op=OP, actor=None)
    tijdvak.save()
    oud = tijdvak.regelingversie_id
    assert uitkomsten(laad(tmp_path, BASIS + TWEEDE_TIJDVAK)) == [
        ("regelingversie", "proef 1", "aangemaakt"),
        ("tijdvak", "proef-2027", "aangemaakt"),
        ("plafond", "proef-2027 *", "aangemaakt"),
    ]
    assert Tijdvak.objects.get(sleutel="proef-2026").regelingversie_id == oud


def test_alleen_een_beheerder_laadt(tmp_path: Path) -> None:
    with pytest.raises(RechtenFout):
        laad(tmp_path, BASIS, actor=maak_gebruiker(Rol.BEHANDELAAR))
    beheerder = maak_gebruiker(Rol.BEHEERDER)
    laad(tmp_path, BASIS, actor=beheerder)
    assert Regelingversie.objects.get().geladen_door == beheerder


def test_een_andere_regeling_blijft_zoals_zij_is(tmp_path: Path) -> None:
    ander = maak_tijdvak()
    voor = Tijdvak.objects.filter(pk=ander.pk).values().get()
    laad(tmp_path, BASIS)
    assert Tijdvak.objects.filter(pk=ander.pk).values().get() == voor


def test_catalogusbestand_zoekt_op_tijdvak() -> None:
    assert catalogusbestand("esf-e-2008") == CATALOGUS / "esf-e-2008.toml"
    assert catalogusbestand("bestaat-niet") is None
