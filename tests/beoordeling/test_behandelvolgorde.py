"""Drawn first, assessed in the order of the draw (``wanneer = "behandelvolgorde"``): who is on the list, what being
found complete gives, who moves up when somebody drops out, and that nobody on the reserve list is assessed in vain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.services.behandeling import aanvulling_vragen, compleet_verklaren, in_behandeling_nemen
from aanvragen.services.nasturen import Upload
from aanvragen.services.papier import Papieradres, papier_beginnen
from beoordeling.enums import Uitkomst
from beoordeling.models import Mutatie, Plaats, Rangschikking
from beoordeling.selectors_behandelvolgorde import Toetsstand, toetsstand
from beoordeling.services.behandelvolgorde import toets_afronden
from beoordeling.services.bewijs import bewijspakket, controleer_in_eigen_proces, lotingbestand
from beoordeling.services.loting import beletselen, loting_ongeldig_verklaren
from beoordeling.services.rangschikking import loting_vaststellen, plafond_verhogen
from beoordeling.services.reservelijst import reservelijsten_laten_vervallen
from kern.fouten import OvergangFout
from regeling.models import Tijdvak
from tests.factories.ronde import (
    BESLUIT,
    LOTEN,
    NA,
    TIJDENS,
    TREKKING,
    Staf,
    besluit_op,
    eis_grootboek_klopt,
    loting_tot,
    maak_compleet,
    maak_ingediend,
    maak_organisatie,
    op_rang,
    open_tijdvak,
    pdf,
    tabel,
    verleen,
    vers,
)
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.services.herstel import plaats_herstellen
from uitvoering.services.intrekking import zaak_intrekken

pytestmark = pytest.mark.django_db
G, R, N, IN = Status.GESELECTEERD, Status.RESERVE, Status.NIET_GESELECTEERD, Status.INGEDIEND
TOE, RES, UIT, WEG = Uitkomst.TOEGEWEZEN, Uitkomst.RESERVE, Uitkomst.UIT, Uitkomst.VERVALLEN


@pytest.fixture(autouse=True)
def _alles_klopt_aan_het_eind(db: None) -> Iterator[None]:
    """Balances equal those of the lines, nothing is over-committed, and the draw can be verified with its log."""
    yield
    for tijdvak in Tijdvak.objects.all():
        eis_grootboek_klopt(tijdvak)
        assert [p.code for p in tijdvak.plafonds.all() if p.resteert < 0] == []
    for rangschikking in Rangschikking.objects.filter(loting__isnull=False):
        controleer_in_eigen_proces(bewijspakket(rangschikking.loting))


def maak_ronde(plafond: int = 2000, **verdeling: Any) -> Tijdvak:
    return open_tijdvak(plafond=plafond, tabellen=tabel("verdeling", wanneer="behandelvolgorde", **verdeling))


def eerst_geloot(aantal: int, staf: Staf, plafond: int = 2000, **verdeling: Any) -> list[Aanvraag]:
    """``aantal`` applications of € 1.000 that nobody has looked at, after the draw; in drawn order."""
    tijdvak = maak_ronde(plafond, **verdeling)
    for _ in range(aantal):
        maak_ingediend(tijdvak)
    loting_tot(tijdvak, staf)
    return op_rang(tijdvak)


def toets(aanvraag: Aanvraag, staf: Staf) -> str:
    aanvraag = in_behandeling_nemen(aanvraag=vers(aanvraag), actor=staf.behandelaar, op=BESLUIT)
    return toets_afronden(aanvraag=aanvraag, actor=staf.behandelaar, op=BESLUIT).status


def staten(zaken: list[Aanvraag]) -> list[str]:
    return [vers(zaak).status for zaak in zaken]


def uitkomsten(zaken: list[Aanvraag]) -> list[str]:
    return [Plaats.objects.get(aanvraag=zaak).uitkomst for zaak in zaken]


def gereserveerd(zaak: Aanvraag) -> Decimal:
    return vers(zaak.tijdvak).plafonds.get(code="*").gereserveerd


def trek_in(zaak: Aanvraag) -> list[str]:
    return zaak_intrekken(aanvraag=vers(zaak), reden="Toch niet", actor=None, op=BESLUIT)


def buiten_behandeling(zaak: Aanvraag, staf: Staf) -> Aanvraag:
    """Asked to complete, no answer, and then not treated."""
    zaak = in_behandeling_nemen(aanvraag=vers(zaak), actor=staf.behandelaar, op=BESLUIT)
    aanvulling_vragen(aanvraag=zaak, onderdelen=["De offerte."], termijn_dagen=14, actor=staf.behandelaar, op=BESLUIT)
    besluit_op(vers(zaak), Besluitsoort.BUITEN_BEHANDELING, staf, op=BESLUIT + timedelta(days=20))
    return vers(zaak)


# --- The list ---------------------------------------------------------------------------------------------------


def test_alles_wat_binnen_is_loot_mee(staf: Staf) -> None:
    tijdvak = maak_ronde(5000)
    ingediend = maak_ingediend(tijdvak)
    in_hand = in_behandeling_nemen(aanvraag=maak_ingediend(tijdvak), actor=staf.behandelaar, op=NA)
    gevraagd = in_behandeling_nemen(aanvraag=maak_ingediend(tijdvak), actor=staf.behandelaar, op=NA)
    aanvulling_vragen(aanvraag=gevraagd, onderdelen=["x"], termijn_dagen=14, actor=staf.behandelaar, op=NA)
    compleet, afgewezen = maak_compleet(tijdvak, staf.behandelaar), maak_compleet(tijdvak, staf.behandelaar)
    besluit_op(afgewezen, Besluitsoort.AFWIJZING, staf, op=NA, grond=Afwijzingsgrond.VOORWAARDEN)
    weg = maak_ingediend(tijdvak)
    trek_in(weg)
    assert beletselen(tijdvak) == []
    loting = loting_tot(tijdvak, staf)
    lijst = lotingbestand(loting, "deelnemers.csv").decode()
    assert weg.kenmerk not in lijst
    assert uitkomsten([ingediend, in_hand, gevraagd, compleet, afgewezen]) == [TOE, TOE, TOE, TOE, UIT]
    assert staten([ingediend, in_hand, gevraagd, compleet]) == [
        IN,
        Status.IN_BEHANDELING,
        Status.AANVULLING_GEVRAAGD,
        G,
    ]
    assert gereserveerd(compleet) == 1000  # only what was complete; the others when they are


def test_na_toets_verandert_niet(staf: Staf) -> None:
    tijdvak = open_tijdvak()
    maak_ingediend(tijdvak)
    assert beletselen(tijdvak)[0] == "1 aanvragen zijn nog niet compleet verklaard."
    aanvraag = in_behandeling_nemen(aanvraag=maak_ingediend(tijdvak), actor=staf.behandelaar, op=NA)
    assert toets_afronden(aanvraag=aanvraag, actor=staf.behandelaar, op=NA).status == Status.COMPLEET
    assert toetsstand(tijdvak) is None


def test_papier_dat_niet_is_ingevoerd_houdt_de_loting_tegen(staf: Staf) -> None:
    tijdvak = maak_ronde()
    assert beletselen(tijdvak) == ["Er zijn geen aanvragen om over te loten."]
    maak_ingediend(tijdvak)
    papier_beginnen(
        tijdvak=tijdvak,
        kvk_nummer="00123456",
        scans=[Upload("scan", "brief.pdf", pdf())],
        adres=Papieradres("Proefbakkerij", "Kade 1", "1234 AB", "Voorbeeldstad"),
        ontvangen_op=TIJDENS,
        actor=staf.behandelaar,
        op=NA,
    )
    assert beletselen(tijdvak) == ["1 aanvragen op papier zijn op tijd ontvangen en nog niet ingevoerd."]


def test_per_aanvrager_loot_de_eerste_mee(staf: Staf) -> None:
    tijdvak, organisatie = maak_ronde(5000), maak_organisatie()
    eerste, tweede = maak_ingediend(tijdvak, organisatie), maak_ingediend(tijdvak, organisatie)
    loting_tot(tijdvak, staf)
    assert uitkomsten([eerste, tweede]) == [TOE, UIT]
    assert Plaats.objects.get(aanvraag=tweede).reden == "Per aanvrager loot één aanvraag mee."
    assert [toets(eerste, staf), toets(tweede, staf)] == [G, Status.COMPLEET]
    besluit_op(vers(tweede), Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.EEN_PER_AANVRAGER)
    assert Mutatie.objects.count() == 0


def test_is_de_eerste_weg_dan_loot_de_volgende_mee(staf: Staf) -> None:
    tijdvak, organisatie = maak_ronde(5000), maak_organisatie()
    eerste, tweede = maak_ingediend(tijdvak, organisatie), maak_ingediend(tijdvak, organisatie)
    trek_in(eerste)
    loting_tot(tijdvak, staf)
    assert uitkomsten([tweede]) == [TOE]


def test_compleet_tussen_bevriezen_en_vaststellen(staf: Staf) -> None:
    tijdvak = maak_ronde(5000)
    zaak = in_behandeling_nemen(aanvraag=maak_ingediend(tijdvak), actor=staf.behandelaar, op=NA)
    loting = loting_tot(tijdvak, staf, "bevriezen")
    assert toets_afronden(aanvraag=zaak, actor=staf.behandelaar, op=LOTEN).status == Status.COMPLEET
    loting_ongeldig_verklaren(loting=loting, reden="Fout", actor=staf.beslisser, op=LOTEN)
    loting_tot(tijdvak, staf)  # a second draw, over the same applications
    assert (staten([zaak]), uitkomsten([zaak]), gereserveerd(zaak)) == ([G], [TOE], 1000)


# --- Being found complete ---------------------------------------------------------------------------------------


def test_toetsen_op_volgorde(staf: Staf) -> None:
    zaken = eerst_geloot(4, staf)
    assert (staten(zaken), uitkomsten(zaken)) == ([IN] * 4, [TOE, TOE, RES, RES])
    assert (gereserveerd(zaken[0]), toetsstand(zaken[0].tijdvak)) == (
        0,
        Toetsstand(binnen=2, reserve=2, ruimte=Decimal(2000)),
    )
    assert [toets(zaak, staf) for zaak in (zaken[1], zaken[0], zaken[2])] == [G, G, R]
    assert gereserveerd(zaken[0]) == 2000
    assert toetsstand(zaken[0].tijdvak) == Toetsstand(binnen=0, reserve=1, ruimte=Decimal(0))
    assert vers(zaken[3]).status == IN  # nobody had to look at it
    assert verleen(vers(zaken[0]), staf).status == Status.VERLEEND


def test_het_deelbedrag_van_de_laatste(staf: Staf) -> None:
    zaken = eerst_geloot(3, staf, plafond=1500, regel="DEEL")
    assert [toets(zaak, staf) for zaak in zaken] == [G, G, R]
    assert (vers(zaken[1]).toegekend_bedrag, gereserveerd(zaken[0])) == (500, 1500)


def test_niet_compleet_krijgt_geen_plaats(staf: Staf) -> None:
    zaak = eerst_geloot(1, staf)[0]
    with pytest.raises(OvergangFout, match="Dit kan niet meer"):
        toets_afronden(aanvraag=zaak, actor=staf.behandelaar, op=BESLUIT)
    assert (staten([zaak]), gereserveerd(zaak)) == ([IN], 0)


# --- Dropping out -----------------------------------------------------------------------------------------------


def test_intrekken_schuift_de_volgende_op(staf: Staf) -> None:
    zaken = eerst_geloot(4, staf)
    assert toets(zaken[3], staf) == R
    assert trek_in(zaken[0]) == [zaken[2].kenmerk]  # not assessed: moves up only
    assert (staten(zaken)[2], uitkomsten(zaken)) == (IN, [WEG, TOE, TOE, RES])
    assert gereserveerd(zaken[0]) == 0
    assert trek_in(zaken[1]) == [zaken[3].kenmerk]  # assessed before: selected at once
    assert (staten(zaken)[2:], uitkomsten(zaken)[2:], gereserveerd(zaken[0])) == ([IN, G], [TOE, TOE], 1000)
    assert toets(zaken[2], staf) == G
    assert list(Mutatie.objects.values_list("soort", flat=True)) == ["INTREKKING"] * 2


def test_buiten_behandeling_schuift_de_volgende_op(staf: Staf) -> None:
    zaken = eerst_geloot(3, staf)
    assert buiten_behandeling(zaken[0], staf).status == Status.BUITEN_BEHANDELING
    assert Mutatie.objects.get().soort == "UITSLUITING"
    assert uitkomsten(zaken) == [UIT, TOE, TOE]
    assert [toets(zaak, staf) for zaak in zaken[1:]] == [G, G]


def test_herstel_neemt_de_ruimte_van_een_nog_te_toetsen_plaats_niet(staf: Staf) -> None:
    """Who moved up keeps its room: what is restored goes above the ceiling (Awb 4:25(3))."""
    zaken = eerst_geloot(3, staf)
    buiten_behandeling(zaken[0], staf)
    assert plaats_herstellen(aanvraag=vers(zaken[0]), reden="Bezwaar", actor=staf.beslisser, op=BESLUIT)
    assert (uitkomsten(zaken), staten(zaken)[0]) == ([TOE, TOE, TOE], G)
    assert [toets(zaak, staf) for zaak in zaken[1:]] == [G, G]


def test_afwijzen_na_de_toets_schuift_de_volgende_op(staf: Staf) -> None:
    zaken = eerst_geloot(3, staf)
    assert toets(zaken[0], staf) == G
    besluit_op(vers(zaken[0]), Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.VOORWAARDEN)
    assert (uitkomsten(zaken), gereserveerd(zaken[0])) == ([UIT, TOE, TOE], 0)
    assert [toets(zaak, staf) for zaak in zaken[1:]] == [G, G]


def test_weg_van_de_reservelijst_verandert_niemand_anders(staf: Staf) -> None:
    zaken = eerst_geloot(4, staf)
    assert trek_in(zaken[2]) == []
    assert uitkomsten(zaken) == [TOE, TOE, WEG, RES]


def test_intrekken_na_de_bronnen_staat_in_het_logboek(staf: Staf) -> None:
    tijdvak = maak_ronde(1000)
    zaken = [maak_ingediend(tijdvak) for _ in range(2)]
    loting = loting_tot(tijdvak, staf, "trekken")
    eerste = lotingbestand(loting, "uitkomst.csv").decode().splitlines()[1].split(";")[1]
    weg = next(zaak for zaak in zaken if zaak.kenmerk == eerste)
    trek_in(weg)
    loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)
    ander = next(zaak for zaak in zaken if zaak != weg)
    assert (uitkomsten([weg, ander]), staten([ander])) == ([WEG, TOE], [IN])


def test_hoger_plafond_roept_op_volgorde(staf: Staf) -> None:
    zaken = eerst_geloot(4, staf)
    assert toets(zaken[3], staf) == R
    geroepen = plafond_verhogen(
        tijdvak=zaken[0].tijdvak, bedrag=Decimal(2000), reden="Meer geld", actor=staf.beheerder, op=BESLUIT
    )
    assert geroepen == [zaken[2].kenmerk, zaken[3].kenmerk]
    assert (staten(zaken), gereserveerd(zaken[0])) == ([IN, IN, IN, G], 1000)


# --- The end of the list ----------------------------------------------------------------------------------------


def test_zonder_reservelijst_is_de_rest_niet_geselecteerd(staf: Staf) -> None:
    zaken = eerst_geloot(3, staf, reservelijst=False)
    assert (staten(zaken), uitkomsten(zaken)[2]) == ([IN, IN, N], Uitkomst.AFGEWEZEN)
    assert vers(zaken[2]).volledig_op is None  # nobody assessed it
    besluit_op(vers(zaken[2]), Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.PLAFOND)
    assert trek_in(zaken[0]) == []
    assert toets(zaken[1], staf) == G


def test_een_kortere_reservelijst(staf: Staf) -> None:
    zaken = eerst_geloot(4, staf, reservelijst_maximum=1)
    assert staten(zaken) == [IN, IN, IN, N]
    assert trek_in(zaken[0]) == [zaken[2].kenmerk]


def test_de_reservelijst_vervalt_ook_voor_wie_niet_is_getoetst(staf: Staf) -> None:
    zaken = eerst_geloot(4, staf)
    toets(zaken[2], staf)
    tijdvak = vers(zaken[0].tijdvak)
    tot = (BESLUIT - timedelta(days=1)).date()
    inhoud = tijdvak.regelingversie.inhoud
    inhoud["tijdvakken"][0]["reservelijst_tot"] = tot.isoformat()
    type(tijdvak.regelingversie).objects.filter(pk=tijdvak.regelingversie.pk).update(inhoud=inhoud)
    assert reservelijsten_laten_vervallen(op=BESLUIT) == 1
    assert staten(zaken) == [IN, IN, N, N]
    assert toets(zaken[0], staf) == G  # within the ceiling: the end of the reserve list changes nothing


def test_rechtstreeks_compleet_verklaard_geeft_geen_geld(staf: Staf) -> None:
    zaak = eerst_geloot(1, staf)[0]
    zaak = in_behandeling_nemen(aanvraag=zaak, actor=staf.behandelaar, op=BESLUIT)
    compleet_verklaren(aanvraag=zaak, actor=staf.behandelaar, op=BESLUIT)
    assert trek_in(zaak) == []
    assert uitkomsten([zaak]) == [WEG]
