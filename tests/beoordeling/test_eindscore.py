"""Ranking and grey zone through the services: scores in, one list with ties by lot out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from beoordeling import models
from beoordeling.loting import bereken
from beoordeling.models import Loting, Plaats
from beoordeling.services.bewijs import bewijspakket, controleer_in_eigen_proces, lotingbestand, lotingbestanden
from beoordeling.services.eindscore import Eindscore, drempels_niet_gehaald, eindscore_vastleggen, eindscores
from beoordeling.services.rangschikking import plafond_verhogen
from beoordeling.services.zone import zones_van
from beoordeling.zone import kansen, zone_van
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import LogRegel
from kern.services.spoor import keten_van
from regeling.models import Tijdvak
from tests.factories.ronde import (
    BESLUIT,
    NA,
    Staf,
    eis_grootboek_klopt,
    loting_tot,
    maak_compleet,
    maak_gebruiker,
    open_tijdvak,
    regeling_dict,
    vers,
)

pytestmark = pytest.mark.django_db
ANKERS = ["een", "twee", "drie", "vier", "vijf"]
CRITERIA = [
    {"code": "aanpak", "naam": "Aanpak", "gewicht": 60, "minimum": 2, "ankers": ANKERS},
    {"code": "resultaat", "naam": "Resultaat", "gewicht": 40, "ankers": ANKERS},
]
GOED = {"aanpak": Decimal("3"), "resultaat": Decimal("3")}


def ronde(plafond: int = 3000, **verdeling: Any) -> Tijdvak:
    """A ranking with threshold 50; everybody asks € 1,000."""
    velden = {
        **regeling_dict()["verdeling"],
        "methode": "rangschikking",
        "eenheid_loting": "aanvraag",
        "drempel": 50,
        **verdeling,
    }
    return open_tijdvak(plafond=plafond, tabellen={"verdeling": velden, "criteria": CRITERIA})


def score(totaal: str, *, aanpak: str = "3", beoordelingen: Sequence[str] = ()) -> Eindscore:
    return Eindscore(
        totaal=Decimal(totaal),
        criteria={"aanpak": Decimal(aanpak), "resultaat": Decimal("3.5")},
        beoordelingen={f"B{nr}": Decimal(waarde) for nr, waarde in enumerate(beoordelingen, 1)},
        bron="vergadering van 1 april",
    )


def gescoord(tijdvak: Tijdvak, staf: Staf, *scores: Eindscore) -> list[Aanvraag]:
    """Complete applications with these scores."""
    aanvragen = []
    for eigen in scores:
        aanvraag = maak_compleet(tijdvak, staf.behandelaar)
        eindscore_vastleggen(aanvraag=aanvraag, score=eigen, actor=None, op=NA)
        aanvragen.append(aanvraag)
    return aanvragen


def standen(aanvragen: Sequence[Aanvraag]) -> list[str]:
    return [str(vers(aanvraag).status) for aanvraag in aanvragen]


def op_rang(loting: Loting) -> list[UUID]:
    return list(loting.rangschikking.plaatsen.order_by("rang").values_list("aanvraag_id", flat=True))


# --- Fixing a score ---------------------------------------------------------------------------------------------


def test_een_eindscore_ligt_een_keer_vast(staf: Staf) -> None:
    aanvraag = maak_compleet(ronde(), staf.behandelaar)
    eigen = score("73.75", aanpak="3.5", beoordelingen=["70", "77.5"])
    eindscore_vastleggen(aanvraag=aanvraag, score=eigen, actor=maak_gebruiker(Rol.VOORZITTER), op=NA)
    gelezen = eindscores(aanvraag.tijdvak)[aanvraag.pk]
    assert (gelezen.totaal, dict(gelezen.criteria), dict(gelezen.beoordelingen), gelezen.vastgesteld_op) == (
        Decimal("73.75"),
        {"aanpak": Decimal("3.5"), "resultaat": Decimal("3.5")},
        {"B1": 70, "B2": Decimal("77.5")},
        NA,
    )
    with pytest.raises(OvergangFout, match="Deze aanvraag heeft al een eindscore."):
        eindscore_vastleggen(aanvraag=aanvraag, score=score("80"), actor=None, op=NA)
    assert LogRegel.objects.filter(keten=keten_van(aanvraag), handeling="eindscore_vastleggen").count() == 1


@pytest.mark.parametrize(
    ("fout", "melding"),
    [
        (Eindscore(Decimal(60), {"aanpak": Decimal(3)}, bron="b"), "precies deze criteria: aanpak, resultaat"),
        (Eindscore(Decimal(60), {**GOED, "extra": Decimal(3)}, bron="b"), "precies deze criteria: aanpak, resultaat"),
        (Eindscore(Decimal(60), {**GOED, "aanpak": Decimal("5.01")}, bron="b"), "ligt tussen 1 en 5"),
        (Eindscore(Decimal("100.01"), GOED, bron="b"), "geen getal van 0 tot en met 100"),
        (Eindscore(Decimal("60.005"), GOED, bron="b"), "geen getal van 0 tot en met 100"),
        (Eindscore(Decimal(60), GOED, {"B1": Decimal(-1)}, bron="b"), "geen getal van 0 tot en met 100"),
        (Eindscore(Decimal(60), GOED, bron=" "), "Waar komt de score vandaan?"),
    ],
)
def test_een_score_die_de_regeling_niet_kent(staf: Staf, fout: Eindscore, melding: str) -> None:
    aanvraag = maak_compleet(ronde(), staf.behandelaar)
    with pytest.raises(InvoerFout, match=melding):
        eindscore_vastleggen(aanvraag=aanvraag, score=fout, actor=None, op=NA)
    assert not models.Eindscore.objects.exists()


def test_wie_een_eindscore_vastlegt_en_tot_wanneer(staf: Staf) -> None:
    tijdvak = ronde()
    aanvraag = gescoord(tijdvak, staf, score("60"))[0]
    laat = maak_compleet(tijdvak, staf.behandelaar)
    with pytest.raises(RechtenFout):
        eindscore_vastleggen(aanvraag=laat, score=score("60"), actor=staf.behandelaar, op=NA)
    eindscore_vastleggen(aanvraag=laat, score=score("61"), actor=staf.beheerder, op=NA)
    loting_tot(tijdvak, staf, "bevriezen")
    models.Eindscore.objects.filter(aanvraag=aanvraag).delete()
    with pytest.raises(OvergangFout, match="een eindscore kan nu niet meer"):
        eindscore_vastleggen(aanvraag=vers(aanvraag), score=score("99"), actor=None, op=NA)


def test_de_database_kent_geen_score_boven_de_honderd(staf: Staf) -> None:
    aanvraag = gescoord(ronde(), staf, score("60"))[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Eindscore.objects.filter(aanvraag=aanvraag).update(totaal=Decimal("100.01"))


# --- Ranking ----------------------------------------------------------------------------------------------------


def test_de_hoogste_score_gaat_voor_en_wie_een_drempel_mist_staat_niet_op_de_lijst(staf: Staf) -> None:
    """Room for three of five that reached the thresholds; at the threshold is enough."""
    tijdvak = ronde(3000)
    zaken = gescoord(
        tijdvak,
        staf,
        score("50"),
        score("92.25"),
        score("49.99"),
        score("60"),
        score("95", aanpak="1.99"),
        score("9.5"),
        score("92.24"),
        score("50.01", aanpak="2"),
    )
    assert drempels_niet_gehaald(tijdvak, score("49.99", aanpak="1")) == ["aanpak", "totaal"]
    loting = loting_tot(tijdvak, staf)
    assert op_rang(loting) == [zaken[n].pk for n in (1, 6, 3, 7, 0)]
    assert standen(zaken) == [
        Status.RESERVE,
        Status.GESELECTEERD,
        Status.NIET_GESELECTEERD,
        Status.GESELECTEERD,
        Status.NIET_GESELECTEERD,
        Status.NIET_GESELECTEERD,
        Status.GESELECTEERD,
        Status.RESERVE,
    ]
    assert b'"richting":"AF"' in lotingbestand(loting, "protocol.json")
    rangen = {regel.split(b";")[0]: regel.split(b";")[4] for regel in _regels(loting)}
    assert rangen[zaken[1].kenmerk.encode()] == b"09225"
    opgeroepen = plafond_verhogen(tijdvak=tijdvak, bedrag=Decimal(1000), reden="B", actor=None, op=BESLUIT)
    assert opgeroepen == [zaken[7].kenmerk]
    controleer_in_eigen_proces(bewijspakket(loting))
    eis_grootboek_klopt(tijdvak)


def _regels(loting: Loting) -> list[bytes]:
    return lotingbestand(loting, "deelnemers.csv").splitlines()[1:]


def test_bij_een_gelijke_score_beslist_het_lot(staf: Staf) -> None:
    tijdvak = ronde(2000)
    zaken = gescoord(tijdvak, staf, score("70"), *[score("60")] * 4)
    loting = loting_tot(tijdvak, staf)
    uitslag = bereken(lotingbestanden(loting))
    lot = dict(zip(uitslag.deelnemers.kenmerk, uitslag.trekking.loten, strict=True))
    gelijk = sorted(zaken[1:], key=lambda zaak: lot[zaak.kenmerk])
    assert op_rang(loting) == [zaken[0].pk, *[zaak.pk for zaak in gelijk]]
    assert standen([zaken[0], *gelijk]) == [Status.GESELECTEERD] * 2 + [Status.RESERVE] * 3


def test_als_niemand_de_drempel_haalt_is_er_geen_lijst(staf: Staf) -> None:
    tijdvak = ronde()
    gescoord(tijdvak, staf, score("40"))
    with pytest.raises(OvergangFout, match="Geen enkele aanvraag haalt de drempels"):
        loting_tot(tijdvak, staf)


# --- The grey zone ----------------------------------------------------------------------------------------------


def zone_ronde(plafond: int, **anders: Any) -> Tijdvak:
    return ronde(plafond, methode="loting-in-grijze-zone", zone_onder=0.25, zone_boven=0.75, **anders)


def test_kansen_op_het_ruwe_gemiddelde() -> None:
    """Two assessors, each pair 4 apart: pooled variance 8, of a mean of two 4, so sd 2. On the line 1/2; one sd above
    it Phi(1) = 0.8413; two below it Phi(-2) = 0.0228."""
    scores = {"a": Decimal(72), "b": Decimal(70), "c": Decimal(66)}
    paren = {naam: [waarde - 2, waarde + 2] for naam, waarde in scores.items()}
    kans = kansen(scores, paren, k=2)
    assert {naam: round(p, 4) for naam, p in kans.items()} == {"a": 0.8413, "b": 0.5, "c": 0.0228}
    assert zone_van(kans, onder=None, boven=None) == {"a": "TOEWIJZEN", "b": "GRIJS", "c": "AFWIJZEN"}
    assert zone_van(kans, onder=Decimal("0.02"), boven=Decimal("0.9"))["a"] == "GRIJS"
    assert zone_van(kans, onder=Decimal("0.02"), boven=Decimal("0.9"))["c"] == "GRIJS"


def test_zonder_spreiding_is_alleen_wie_op_de_lijn_staat_grijs() -> None:
    kans = kansen({"a": Decimal(70), "b": Decimal(60), "c": Decimal(60), "d": Decimal(50)}, {}, k=2)
    assert kans == {"a": 1.0, "b": 0.5, "c": 0.5, "d": 0.0}


def test_eerst_wie_zeker_is_dan_de_zone_door_loting(staf: Staf) -> None:
    """Three places. 90 is in by score; 72, 70, 70 and 69 are drawn for the other two; 60 is out; 40 is below the
    threshold."""
    tijdvak = zone_ronde(3000)
    waarden = ["70", "90", "72", "60", "70", "40", "69"]
    zaken = gescoord(
        tijdvak,
        staf,
        *[score(w, beoordelingen=[str(Decimal(w) - 4), str(Decimal(w) + 4)]) for w in waarden],
    )
    zones = zones_van(tijdvak)
    assert [zones.get(zaak.pk) for zaak in zaken] == [
        "GRIJS",
        "TOEWIJZEN",
        "GRIJS",
        "AFWIJZEN",
        "GRIJS",
        None,
        "GRIJS",
    ]
    loting = loting_tot(tijdvak, staf)
    plaatsen = list(Plaats.objects.filter(rangschikking__loting=loting).order_by("rang"))
    assert (plaatsen[0].aanvraag_id, plaatsen[0].lot) == (zaken[1].pk, "")
    loten = [plaats.lot for plaats in plaatsen[1:]]
    assert loten == sorted(loten)
    assert {plaats.aanvraag_id for plaats in plaatsen[1:]} == {zaken[n].pk for n in (0, 2, 4, 6)}
    assert [plaats.uitkomst for plaats in plaatsen] == ["toegewezen"] * 3 + ["reserve"] * 2
    assert standen([zaken[3], zaken[5]]) == [Status.NIET_GESELECTEERD] * 2
    controleer_in_eigen_proces(bewijspakket(loting))
    eis_grootboek_klopt(tijdvak)


def test_als_alles_past_is_er_geen_zone(staf: Staf) -> None:
    tijdvak = zone_ronde(3000)
    zaken = gescoord(tijdvak, staf, score("90"), score("51"), score("40"))
    assert zones_van(tijdvak) == {zaken[0].pk: "TOEWIJZEN", zaken[1].pk: "TOEWIJZEN"}
    loting_tot(tijdvak, staf)
    assert standen(zaken) == [Status.GESELECTEERD] * 2 + [Status.NIET_GESELECTEERD]


def een_milde_beoordelaar() -> list[Eindscore]:
    """24 scores: B2 is ten points milder than B1 and B3, and scored the first half."""
    uit = []
    for nr in range(24):
        echt, ruis = 60 + (nr * 7) % 24, (nr * 5) % 3 - 1
        streng, ander = str(echt), str(echt + 10 + ruis) if nr < 12 else str(echt + 1 + ruis)
        uit.append(
            Eindscore(
                totaal=(Decimal(streng) + Decimal(ander)) / 2,
                criteria=GOED,
                beoordelingen={"B1": Decimal(streng), "B2" if nr < 12 else "B3": Decimal(ander)},
                bron="vergadering",
            )
        )
    return uit


def test_de_kalibratie_beslist_alleen_als_de_regeling_dat_zegt(staf: Staf) -> None:
    """On the raw mean those of the mild assessor lead; calibrated the best of both halves do."""
    tijdvak = zone_ronde(6000, scorebasis="gekalibreerd")
    zaken = gescoord(tijdvak, staf, *een_milde_beoordelaar())
    gekalibreerd = zones_van(tijdvak)
    hoogste = sorted(range(24), key=lambda nr: -((nr * 7) % 24))[:3]
    assert [gekalibreerd[zaken[nr].pk] for nr in hoogste] == ["TOEWIJZEN"] * 3
    ruw = kansen(
        {str(pk): s.totaal for pk, s in eindscores(tijdvak).items()},
        {str(pk): list(s.beoordelingen.values()) for pk, s in eindscores(tijdvak).items()},
        k=6,
    )
    assert {str(pk) for pk, zone in gekalibreerd.items() if zone == "TOEWIJZEN"} != {
        sleutel for sleutel, p in ruw.items() if p > 0.75
    }


def test_kalibreren_kan_niet_zonder_wie_wat_gaf(staf: Staf) -> None:
    tijdvak = zone_ronde(1000, scorebasis="gekalibreerd")
    gescoord(tijdvak, staf, score("90"), score("60"))
    with pytest.raises(InvoerFout, match="Bij een eindscore staat niet wie wat gaf"):
        loting_tot(tijdvak, staf, "bevriezen")
