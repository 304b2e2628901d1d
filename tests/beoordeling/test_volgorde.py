"""Order of receipt through the services: provisional reservations while the round is open, the critical day by lot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.services.behandeling import (
    aanvulling_beantwoorden,
    aanvulling_vragen,
    aanvullingen_laten_verlopen,
    compleet_verklaren,
    in_behandeling_nemen,
    zonder_aanvulling_verder,
)
from aanvragen.services.indienen import aanvraag_indienen
from beoordeling.enums import Dagsoort, Uitkomst
from beoordeling.models import Dagplaats, Loting, Mutatie, Plaats, Rangschikking, Volgordedag
from beoordeling.services.bewijs import bewijspakket, controleer_in_eigen_proces, lotingbestand
from beoordeling.services.loting import (
    lijst_bevriezen,
    loting_ongeldig_verklaren,
    loting_publiceren,
    loting_trekken,
    loting_voorbereiden,
)
from beoordeling.services.rangschikking import loting_vaststellen, plafond_verhogen
from beoordeling.services.volgorde import dagen_verwerken, verdeling_afronden, volgorde_bijwerken
from kern.fouten import OvergangFout
from portalen.formulieren.besluit import beginwaarden
from regeling.models import Plafond, Tijdvak
from regeling.services.tijdvak import tijdvak_verlengen
from tests.factories.portaal_aanvrager import BACKEND
from tests.factories.ronde import (
    NA,
    TIJDENS,
    Staf,
    bronnen_ingevoerd,
    eis_grootboek_klopt,
    maak_concept,
    maak_organisatie,
    open_tijdvak,
    tabel,
    verleen,
    vers,
)
from uitvoering.enums import Besluitsoort
from uitvoering.services.intrekking import zaak_intrekken

pytestmark = pytest.mark.django_db
DAG = timedelta(days=1)
PROVINCIES = {
    "NB": ("Noord-Brabant", 3000),
    "ZE": ("Zeeland", 2000),
}


def ronde(plafond: int = 5000, *, potten: bool = False, **verdeling: Any) -> Tijdvak:
    """Order of receipt; everybody asks € 1,000."""
    velden = {"methode": "volgorde", "eenheid_loting": "aanvraag", "gelijke_rang": "loting", **verdeling}
    tijdvak = open_tijdvak(plafond=plafond, tabellen=tabel("verdeling", **velden))
    if potten:
        inhoud = tijdvak.regelingversie.inhoud
        inhoud["tijdvakken"][0]["subplafonds"] = [
            {"code": code, "naam": naam, "bedrag": str(bedrag), "soort": "provincie", "waarden": [naam]}
            for code, (naam, bedrag) in PROVINCIES.items()
        ]
        type(tijdvak.regelingversie).objects.filter(pk=tijdvak.regelingversie_id).update(inhoud=inhoud)
        for code, (naam, bedrag) in PROVINCIES.items():
            Plafond.objects.create(tijdvak=tijdvak, code=code, naam=naam, bedrag=bedrag)
    return Tijdvak.objects.get(pk=tijdvak.pk)


def stuur(tijdvak: Tijdvak, op: datetime, provincie: str = "Utrecht") -> Aanvraag:
    concept = maak_concept(tijdvak, maak_organisatie(provincie=provincie))
    return aanvraag_indienen(aanvraag=concept, actor=None, op=op)


def compleet(aanvraag: Aanvraag, staf: Staf, op: datetime) -> Aanvraag:
    aanvraag = in_behandeling_nemen(aanvraag=aanvraag, actor=staf.behandelaar, op=op)
    return compleet_verklaren(aanvraag=aanvraag, actor=staf.behandelaar, op=op)


def op_dag(tijdvak: Tijdvak, staf: Staf, n: int, aantal: int, provincie: str = "Utrecht") -> list[Aanvraag]:
    """``aantal`` complete applications on day ``n`` (0: the day of ``TIJDENS``)."""
    moment = TIJDENS + n * DAG
    return [compleet(stuur(tijdvak, moment, provincie), staf, moment) for _ in range(aantal)]


def verwerk(tijdvak: Tijdvak, n: int) -> list[tuple[int, str, int]]:
    """Handles on day ``n``; (day after the first, kind, number of applications)."""
    dagen = dagen_verwerken(tijdvak=tijdvak, actor=None, op=TIJDENS + n * DAG)
    return [((dag.dag - TIJDENS.date()).days, dag.soort, dag.aantal) for dag in dagen]


def loot(tijdvak: Tijdvak, staf: Staf, op: datetime) -> Loting:
    """The draw that is to be held now, up to and with its settling."""
    trekking = op + timedelta(hours=25)
    loting = loting_voorbereiden(tijdvak=tijdvak, trekking_gepland_op=trekking, actor=staf.behandelaar, op=op)
    loting = lijst_bevriezen(loting=loting, actor=staf.beslisser, op=op)
    loting = loting_publiceren(loting=loting, waar="Staatscourant", actor=staf.beslisser, op=op)
    loting = bronnen_ingevoerd(loting, staf.notaris, op=trekking)
    loting = loting_trekken(loting=loting, actor=staf.notaris, op=trekking)
    return loting_vaststellen(loting=loting, actor=staf.beslisser, op=trekking)


def standen(aanvragen: Sequence[Aanvraag]) -> list[str]:
    return [str(vers(aanvraag).status) for aanvraag in aanvragen]


def lijst(loting: Loting) -> list[tuple[str, str]]:
    regels = lotingbestand(loting, "deelnemers.csv").decode().splitlines()[1:]
    return [(regel.split(";")[0], regel.split(";")[4]) for regel in regels]


# --- Provisional, while the round is open -----------------------------------------------------------------------


def test_een_dag_die_past_wordt_gereserveerd_terwijl_het_tijdvak_open_is(staf: Staf) -> None:
    tijdvak = ronde(5000)
    eerste = op_dag(tijdvak, staf, 0, 2)
    assert verwerk(tijdvak, 0) == []  # the day is not over
    tweede = op_dag(tijdvak, staf, 1, 1)
    assert verwerk(tijdvak, 1) == [(0, "ruim", 2)]
    assert standen([*eerste, *tweede]) == [Status.GESELECTEERD] * 2 + [Status.COMPLEET]
    assert verwerk(tijdvak, 1) == []
    assert verwerk(tijdvak, 2) == [(1, "ruim", 1)]
    assert vers(tijdvak).status == "open"
    assert Plafond.objects.get(tijdvak=tijdvak, code="*").gereserveerd == 3000
    assert verleen(vers(eerste[0]), staf, op=TIJDENS + 3 * DAG).status == Status.VERLEEND
    eis_grootboek_klopt(tijdvak)


def test_wie_nog_niet_is_gecontroleerd_houdt_de_dag_en_de_dagen_erna_tegen(staf: Staf) -> None:
    tijdvak = ronde(5000)
    wacht = stuur(tijdvak, TIJDENS)
    later = op_dag(tijdvak, staf, 1, 1)
    assert verwerk(tijdvak, 5) == []
    compleet(wacht, staf, TIJDENS + 5 * DAG)
    assert verwerk(tijdvak, 5) == [(0, "ruim", 1), (1, "ruim", 1)]
    assert standen([wacht, *later]) == [Status.GESELECTEERD] * 2


def test_een_aanvulling_verschuift_de_dag_en_houdt_niemand_tegen(staf: Staf) -> None:
    """Sent on day 0, completed on day 2: it counts on day 2, after who was complete on day 1."""
    tijdvak = ronde(1000)
    onaf, op_tijd = stuur(tijdvak, TIJDENS), op_dag(tijdvak, staf, 1, 1)[0]
    onaf = in_behandeling_nemen(aanvraag=onaf, actor=staf.behandelaar, op=TIJDENS)
    verzoek = aanvulling_vragen(
        aanvraag=onaf,
        onderdelen=["De begroting"],
        termijn_dagen=14,
        actor=staf.behandelaar,
        op=TIJDENS + timedelta(hours=1),
    )
    assert verwerk(tijdvak, 2) == [(1, "ruim", 1)]
    assert standen([op_tijd]) == [Status.GESELECTEERD]
    aanvulling_beantwoorden(aanvulling=verzoek, antwoord="Hierbij.", actor=None, op=TIJDENS + 2 * DAG)
    assert verwerk(tijdvak, 4) == []  # the answer was not checked yet
    compleet_verklaren(aanvraag=vers(onaf), actor=staf.behandelaar, op=TIJDENS + 3 * DAG)
    assert verwerk(tijdvak, 4) == [(2, "kritiek", 1)]


def test_een_storing_verlengt_de_dag_en_dus_het_wachten(staf: Staf) -> None:
    tijdvak = ronde(2000)
    tijdvak_verlengen(
        tijdvak=tijdvak,
        van=TIJDENS,
        tot=TIJDENS + timedelta(hours=6),
        verlenging=timedelta(hours=20),
        reden="Storing",
        actor=staf.beheerder,
        op=TIJDENS + timedelta(hours=7),
    )
    zaken = [*op_dag(tijdvak, staf, 0, 1), *op_dag(tijdvak, staf, 1, 1)]  # day 1, 9:00: within the added time
    assert dagen_verwerken(tijdvak=tijdvak, actor=None, op=TIJDENS + DAG) == []
    assert verwerk(tijdvak, 2) == [(0, "ruim", 2)]
    assert standen(zaken) == [Status.GESELECTEERD] * 2


def test_wat_na_zijn_dag_compleet_wordt_telt_op_de_eerste_dag_die_nog_open_is(staf: Staf) -> None:
    """The term to complete lapsed and the officer went on with what there was; that day was handled long ago."""
    tijdvak = ronde(5000)
    laat = in_behandeling_nemen(aanvraag=stuur(tijdvak, TIJDENS), actor=staf.behandelaar, op=TIJDENS)
    aanvulling_vragen(aanvraag=laat, onderdelen=["De begroting"], termijn_dagen=14, actor=staf.behandelaar, op=TIJDENS)
    op_dag(tijdvak, staf, 1, 1)
    assert verwerk(tijdvak, 2) == [(1, "ruim", 1)]
    op = TIJDENS + 16 * DAG
    aanvullingen_laten_verlopen(op=op)
    zonder_aanvulling_verder(aanvraag=vers(laat), actor=staf.behandelaar, op=op, reden="Het kan zo ook.")
    laat = compleet_verklaren(aanvraag=vers(laat), actor=staf.behandelaar, op=op)
    assert laat.volledig_op == TIJDENS
    assert dagen_verwerken(tijdvak=tijdvak, actor=None, op=op)[0].dag == (TIJDENS + 2 * DAG).date()
    assert standen([laat]) == [Status.GESELECTEERD]


# --- The critical day -------------------------------------------------------------------------------------------


def test_de_kritieke_dag_wordt_geloot_om_wat_er_over_is(staf: Staf) -> None:
    """Room for five: two on day 0, then three of the six on day 1 by lot, and nothing for day 2."""
    tijdvak = ronde(5000)
    eerst, kritiek = op_dag(tijdvak, staf, 0, 2), op_dag(tijdvak, staf, 1, 6)
    assert verwerk(tijdvak, 2) == [(0, "ruim", 2), (1, "kritiek", 6)]
    later = op_dag(tijdvak, staf, 2, 2)
    assert verwerk(tijdvak, 4) == []  # the draw comes first
    loting = loot(tijdvak, staf, TIJDENS + 4 * DAG)
    assert loting.dag == (TIJDENS + DAG).date()
    assert [kenmerk for kenmerk, _ in lijst(loting)] == sorted(zaak.kenmerk for zaak in kritiek)
    assert b'"plafond_cent":300000,' in lotingbestand(loting, "protocol.json")
    controleer_in_eigen_proces(bewijspakket(loting))
    assert sorted(standen(kritiek)) == [Status.GESELECTEERD] * 3 + [Status.RESERVE] * 3
    winnaars = Dagplaats.objects.filter(aanvraag__in=kritiek).order_by("nummer")
    assert list(winnaars.values_list("nummer", "uitkomst")) == [(n, "toegewezen") for n in (1, 2, 3)] + [
        (n, "reserve") for n in (4, 5, 6)
    ]
    assert (vers(tijdvak).status, standen(eerst)) == ("open", [Status.GESELECTEERD] * 2)
    assert verwerk(tijdvak, 6) == [(2, "ruim", 2)]  # nobody of that day can get room
    assert standen(later) == [Status.RESERVE] * 2
    with pytest.raises(OvergangFout, match="dit plafond staat in het protocol"):
        plafond_verhogen(tijdvak=tijdvak, bedrag=Decimal(1000), reden="Besluit", actor=None, op=TIJDENS + 6 * DAG)
    eis_grootboek_klopt(tijdvak)


def test_precies_het_plafond_is_niet_kritiek(staf: Staf) -> None:
    tijdvak = ronde(2000)
    op_dag(tijdvak, staf, 0, 2)
    assert verwerk(tijdvak, 1) == [(0, "ruim", 2)]
    zaak = op_dag(tijdvak, staf, 1, 1)
    assert verwerk(tijdvak, 2) == [(1, "kritiek", 1)]
    assert standen(zaak) == [Status.RESERVE]


@pytest.mark.parametrize(("regel", "kreeg", "dicht"), [("STOP", None, ["*"]), ("DEEL", 500, ["*"]), ("SKIP", None, [])])
def test_wie_op_een_kritieke_dag_alleen_is_hoeft_niet_te_loten(
    staf: Staf, regel: str, kreeg: int | None, dicht: list[str]
) -> None:
    """Room for one and a half: the rule of division decides, and what it closes stays closed."""
    tijdvak = ronde(1500, regel=regel)
    op_dag(tijdvak, staf, 0, 1)
    alleen = op_dag(tijdvak, staf, 1, 1)[0]
    assert verwerk(tijdvak, 2) == [(0, "ruim", 1), (1, "kritiek", 1)]
    assert not Loting.objects.exists()
    assert vers(alleen).toegekend_bedrag == kreeg
    assert Volgordedag.objects.get(tijdvak=tijdvak, soort=Dagsoort.KRITIEK).dicht == dicht
    volgende = op_dag(tijdvak, staf, 2, 1)
    assert verwerk(tijdvak, 3) == [(2, "kritiek" if regel == "SKIP" else "ruim", 1)]
    assert standen(volgende) == [Status.RESERVE]
    loting = loot(tijdvak, staf, NA)  # the list of the whole round says the same
    assert [p.bedrag for p in loting.rangschikking.plaatsen.all()] == [1000, kreeg, None]


def test_elk_deelplafond_heeft_zijn_eigen_kritieke_dag(staf: Staf) -> None:
    """Brabant (three) runs out on day 1, Zeeland (two) on day 3; Brabant of day 2 waits, Zeeland of day 2 gets it."""
    tijdvak = ronde(10_000, potten=True)
    nb0 = op_dag(tijdvak, staf, 0, 2, "Noord-Brabant")
    nb1, ze1 = op_dag(tijdvak, staf, 1, 2, "Noord-Brabant"), op_dag(tijdvak, staf, 1, 1, "Zeeland")
    assert verwerk(tijdvak, 2) == [(0, "ruim", 2), (1, "kritiek", 3)]
    loot(tijdvak, staf, TIJDENS + 2 * DAG)
    assert sorted(standen(nb1)) == [Status.GESELECTEERD, Status.RESERVE]
    assert standen([*nb0, *ze1]) == [Status.GESELECTEERD] * 3
    assert Volgordedag.objects.get(tijdvak=tijdvak, soort=Dagsoort.KRITIEK).dicht == ["NB"]
    nb2, ze2 = op_dag(tijdvak, staf, 2, 1, "Noord-Brabant"), op_dag(tijdvak, staf, 2, 1, "Zeeland")
    assert verwerk(tijdvak, 5) == [(2, "ruim", 2)]
    assert standen([*nb2, *ze2]) == [Status.RESERVE, Status.GESELECTEERD]
    ze3, nb3 = op_dag(tijdvak, staf, 6, 1, "Zeeland"), op_dag(tijdvak, staf, 6, 1, "Noord-Brabant")
    elders = op_dag(tijdvak, staf, 6, 1)
    assert verwerk(tijdvak, 7) == [(6, "kritiek", 3)]
    loting = loot(tijdvak, staf, TIJDENS + 7 * DAG)
    assert [kenmerk for kenmerk, _ in lijst(loting)] == sorted(zaak.kenmerk for zaak in [*ze3, *elders])
    assert standen([*ze3, *nb3, *elders]) == [Status.RESERVE, Status.RESERVE, Status.GESELECTEERD]
    eis_grootboek_klopt(tijdvak)


# --- The whole round --------------------------------------------------------------------------------------------


def test_na_de_sluiting_geeft_een_lijst_van_alle_dagen_de_reservelijst(staf: Staf) -> None:
    """Day by day; within the critical day as it was drawn; within a later day by the lot of the whole list."""
    tijdvak = ronde(3000)
    d0, d1 = op_dag(tijdvak, staf, 0, 2), op_dag(tijdvak, staf, 1, 3)
    verwerk(tijdvak, 2)
    loot(tijdvak, staf, TIJDENS + 2 * DAG)
    d2 = op_dag(tijdvak, staf, 2, 2)
    loting = loot(tijdvak, staf, NA)
    assert loting.dag is None
    plaatsen = list(loting.rangschikking.plaatsen.select_related("aanvraag"))
    op_de_dag = list(Dagplaats.objects.filter(aanvraag__in=d1).order_by("nummer").values_list("aanvraag_id", flat=True))
    assert {p.aanvraag_id for p in plaatsen[:2]} == {zaak.pk for zaak in d0}
    assert [p.aanvraag_id for p in plaatsen[2:5]] == op_de_dag
    assert {p.aanvraag_id for p in plaatsen[5:]} == {zaak.pk for zaak in d2}
    assert [p.uitkomst for p in plaatsen] == ["toegewezen"] * 3 + ["reserve"] * 4
    brief = beginwaarden(plaatsen[6].aanvraag, Besluitsoort.AFWIJZING, plaatsen[6].rang)["motivering"]
    assert brief.startswith("Op volgorde van ontvangst kreeg uw aanvraag nummer 7. Er waren meer aanvragen dan er geld")
    assert not Mutatie.objects.exists()
    assert Plafond.objects.get(tijdvak=tijdvak, code="*").gereserveerd == 3000
    opgeroepen = plafond_verhogen(tijdvak=tijdvak, bedrag=Decimal(3000), reden="B", actor=None, op=NA + 3 * DAG)
    assert opgeroepen == [p.aanvraag.kenmerk for p in plaatsen[3:6]]
    controleer_in_eigen_proces(bewijspakket(loting))
    eis_grootboek_klopt(tijdvak)


def test_wie_na_zijn_dag_opgeeft_maakt_plaats_voor_de_eerste_van_de_reservelijst(staf: Staf) -> None:
    """The money does not go to a later day: the loser of the critical day comes first."""
    tijdvak = ronde(3000)
    d0, d1 = op_dag(tijdvak, staf, 0, 2), op_dag(tijdvak, staf, 1, 2)
    verwerk(tijdvak, 2)
    loot(tijdvak, staf, TIJDENS + 2 * DAG)
    zaak_intrekken(aanvraag=vers(d0[0]), reden="Gaat niet door", actor=None, op=TIJDENS + 5 * DAG)
    d6 = op_dag(tijdvak, staf, 6, 1)
    assert verwerk(tijdvak, 7) == [(6, "ruim", 1)]
    assert standen(d6) == [Status.RESERVE]
    loting = loot(tijdvak, staf, NA)
    assert list(Mutatie.objects.values_list("soort", "kenmerk")) == [("INTREKKING", d0[0].kenmerk)]
    assert standen(d1) == [Status.GESELECTEERD] * 2
    assert standen(d6) == [Status.RESERVE]
    assert Plaats.objects.get(aanvraag=d0[0]).uitkomst == Uitkomst.VERVALLEN
    controleer_in_eigen_proces(bewijspakket(loting))
    eis_grootboek_klopt(tijdvak)


def test_wie_niemand_laat_wachten_heeft_geen_loting_nodig(staf: Staf) -> None:
    tijdvak = ronde(5000)
    zaken = [*op_dag(tijdvak, staf, 0, 2), *op_dag(tijdvak, staf, 1, 1)]
    with pytest.raises(OvergangFout, match="Alles is al verdeeld: er hoeft niet te worden geloot."):
        loot(tijdvak, staf, NA)
    assert volgorde_bijwerken(op=NA) == 2
    rangschikking = Rangschikking.objects.get(tijdvak=tijdvak)
    assert rangschikking.loting is None
    assert [p.aanvraag_id for p in rangschikking.plaatsen.all()] == [zaak.pk for zaak in zaken]
    assert vers(tijdvak).status == "verdeeld"
    assert volgorde_bijwerken(op=NA) == 0


def test_afronden_kan_niet_zolang_iemand_wacht(staf: Staf) -> None:
    tijdvak = ronde(1000)
    op_dag(tijdvak, staf, 0, 2)
    with pytest.raises(OvergangFout, match="Het tijdvak is “Open”; afronden kan nu niet."):
        verdeling_afronden(tijdvak=tijdvak, actor=staf.beslisser, op=TIJDENS + DAG)
    with pytest.raises(OvergangFout, match="Er wachten nog aanvragen op een plaats."):
        verdeling_afronden(tijdvak=tijdvak, actor=staf.beslisser, op=NA)


def test_zonder_reservelijst_is_een_latere_dag_niet_geselecteerd(staf: Staf) -> None:
    tijdvak = ronde(1000, reservelijst=False)
    d0, d1 = op_dag(tijdvak, staf, 0, 2), op_dag(tijdvak, staf, 1, 1)
    verwerk(tijdvak, 1)
    loot(tijdvak, staf, TIJDENS + 2 * DAG)
    verwerk(tijdvak, 5)
    assert sorted(standen(d0)) == [Status.GESELECTEERD, Status.NIET_GESELECTEERD]
    assert standen(d1) == [Status.NIET_GESELECTEERD]
    verdeling_afronden(tijdvak=tijdvak, actor=staf.beslisser, op=NA)
    assert sorted(Plaats.objects.values_list("uitkomst", flat=True)) == ["afgewezen", "afgewezen", "toegewezen"]


def test_op_het_moment_gaat_zonder_dagen(staf: Staf) -> None:
    """Where the scheme says so the moment decides, to the second: one list after closing."""
    tijdvak = ronde(2000, gelijke_rang="moment")
    zaken = [compleet(stuur(tijdvak, TIJDENS + timedelta(seconds=n)), staf, NA) for n in (2, 0, 1)]
    assert verwerk(tijdvak, 3) == []
    loting = loot(tijdvak, staf, NA)
    assert [p.aanvraag_id for p in loting.rangschikking.plaatsen.all()] == [zaken[n].pk for n in (1, 2, 0)]
    assert standen(zaken) == [Status.RESERVE, Status.GESELECTEERD, Status.GESELECTEERD]


def test_een_ongeldige_dagloting_kan_opnieuw(staf: Staf) -> None:
    tijdvak = ronde(1000)
    zaken, op = op_dag(tijdvak, staf, 0, 2), TIJDENS + 2 * DAG
    verwerk(tijdvak, 2)
    loting = loting_voorbereiden(tijdvak=tijdvak, trekking_gepland_op=op + DAG, actor=staf.behandelaar, op=op)
    loting = lijst_bevriezen(loting=loting, actor=staf.beslisser, op=op)
    loting_ongeldig_verklaren(loting=loting, reden="Verkeerde dag", actor=staf.beslisser, op=op)
    tweede = loot(tijdvak, staf, op)
    assert (tweede.vervangt, tweede.dag) == (loting, TIJDENS.date())
    assert sorted(standen(zaken)) == [Status.GESELECTEERD, Status.RESERVE]


def test_een_medewerker_ziet_de_dagen(staf: Staf, client: Client) -> None:
    tijdvak = ronde(3000)
    op_dag(tijdvak, staf, 0, 2)
    op_dag(tijdvak, staf, 1, 2)
    verwerk(tijdvak, 2)
    client.force_login(staf.behandelaar, backend=BACKEND)
    adres = reverse("portalen:tijdvak", args=[tijdvak.sleutel])
    rijen = client.get(adres).context["dagen"]
    assert [(r["aantal"], r["gevraagd"], r["ruimte"], r["stand"]) for r in rijen] == [
        (2, 2000, 3000, "Alles past"),
        (2, 2000, 1000, "Wacht op de loting"),
    ]
    loot(tijdvak, staf, TIJDENS + 2 * DAG)
    rijen = client.get(adres).context["dagen"]
    assert (rijen[1]["stand"], rijen[1]["dicht"]) == ("Geloot", "Plafond")
