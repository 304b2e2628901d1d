"""Giving up, at every stage: the state, the money, and who moves up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.services.behandeling import aanvulling_vragen, in_behandeling_nemen
from beoordeling.models import Mutatie
from beoordeling.services.rangschikking import loting_vaststellen
from kern.fouten import DomeinFout, OvergangFout
from kern.models import LogRegel
from regeling.enums import Boekingsoort
from regeling.models import Boeking
from tests.factories.ronde import (
    BESLUIT,
    NA,
    TREKKING,
    Staf,
    besluit_op,
    eis_grootboek_klopt,
    gecontroleerd,
    gedeclareerd,
    geloot,
    loting_tot,
    maak_compleet,
    maak_concept,
    maak_ingediend,
    op_rang,
    open_tijdvak,
    opgedragen,
    tabel,
    vastgesteld,
    verleen,
    vers,
)
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.services.besluit import besluit_verzenden
from uitvoering.services.intrekking import zaak_intrekken

pytestmark = pytest.mark.django_db


def trek_in(aanvraag: Aanvraag) -> list[str]:
    return zaak_intrekken(aanvraag=aanvraag, reden="Geen tijd", actor=None, op=BESLUIT)


def ingediend(staf: Staf) -> Aanvraag:
    return maak_ingediend(open_tijdvak())


def in_behandeling(staf: Staf) -> Aanvraag:
    return in_behandeling_nemen(aanvraag=ingediend(staf), actor=staf.behandelaar, op=NA)


def aanvulling_gevraagd(staf: Staf) -> Aanvraag:
    zaak = in_behandeling(staf)
    aanvulling_vragen(aanvraag=zaak, onderdelen=["Plan"], termijn_dagen=14, actor=staf.behandelaar, op=NA)
    return vers(zaak)


def compleet(staf: Staf) -> Aanvraag:
    return maak_compleet(open_tijdvak(), staf.behandelaar)


def in_verdeling(staf: Staf) -> Aanvraag:
    zaak = compleet(staf)
    loting_tot(zaak.tijdvak, staf, "bevriezen")
    return vers(zaak)


def geselecteerd(staf: Staf) -> Aanvraag:
    return geloot(1, staf)[1][0]


def reserve(staf: Staf) -> Aanvraag:
    return geloot(1, staf, plafond=999)[1][0]


def verleend(staf: Staf) -> Aanvraag:
    return verleen(geselecteerd(staf), staf)


def in_uitvoering(staf: Staf) -> Aanvraag:
    return opgedragen(verleend(staf))


@pytest.mark.parametrize(
    ("maak", "voor", "na"),
    [
        (ingediend, Status.INGEDIEND, Status.INGETROKKEN),
        (in_behandeling, Status.IN_BEHANDELING, Status.INGETROKKEN),
        (aanvulling_gevraagd, Status.AANVULLING_GEVRAAGD, Status.INGETROKKEN),
        (compleet, Status.COMPLEET, Status.INGETROKKEN),
        (in_verdeling, Status.IN_VERDELING, Status.INGETROKKEN),
        (reserve, Status.RESERVE, Status.INGETROKKEN),
        (geselecteerd, Status.GESELECTEERD, Status.BESLUIT_INGETROKKEN),
        (verleend, Status.VERLEEND, Status.BESLUIT_INGETROKKEN),
        (in_uitvoering, Status.IN_UITVOERING, Status.BESLUIT_INGETROKKEN),
    ],
)
def test_intrekken_kan_in_elke_stand_voor_de_declaratie(
    staf: Staf, maak: Callable[[Staf], Aanvraag], voor: Status, na: Status
) -> None:
    zaak = maak(staf)
    assert zaak.status == voor
    assert trek_in(zaak) == []
    nu = vers(zaak)
    assert (nu.status, nu.intrekkingsreden) == (na, "Geen tijd")
    plafond = nu.tijdvak.plafonds.get(code="*")
    assert (plafond.gereserveerd, plafond.vastgelegd) == (0, 0)
    eis_grootboek_klopt(nu.tijdvak)
    regel = LogRegel.objects.filter(keten=f"aanvraag:{zaak.pk}").order_by("-volgnr")[0]
    assert (regel.van, regel.naar, regel.reden) == (voor, na, "Geen tijd")


def concept(staf: Staf) -> Aanvraag:
    return maak_concept(open_tijdvak())


def afgewezen(staf: Staf) -> Aanvraag:
    return besluit_op(compleet(staf), Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.DOELGROEP).aanvraag


def niet_geselecteerd(staf: Staf) -> Aanvraag:
    return geloot(1, staf, plafond=999, tabellen=tabel("verdeling", reservelijst=False))[1][0]


def declarerend(staf: Staf) -> Aanvraag:
    return gedeclareerd(in_uitvoering(staf)).aanvraag


def afgehandeld(staf: Staf) -> Aanvraag:
    zaak = in_uitvoering(staf)
    gecontroleerd(gedeclareerd(zaak), staf)
    return vastgesteld(vers(zaak), staf).aanvraag


@pytest.mark.parametrize("maak", [concept, afgewezen, niet_geselecteerd, declarerend, afgehandeld])
def test_in_een_andere_stand_kan_het_niet(staf: Staf, maak: Callable[[Staf], Aanvraag]) -> None:
    zaak = vers(maak(staf))
    voor = (zaak.status, list(Boeking.objects.values_list("sleutel", flat=True)))
    with pytest.raises(OvergangFout, match="Dit kan niet meer"):
        trek_in(zaak)
    assert (vers(zaak).status, list(Boeking.objects.values_list("sleutel", flat=True))) == voor


def test_het_geld_komt_vrij_uit_wat_er_vaststond(staf: Staf) -> None:
    """Reserved money leaves the reservation, granted money is released; each once."""
    for maak, uit_reservering in ((geselecteerd, True), (verleend, False)):
        zaak = maak(staf)
        trek_in(zaak)
        boeking = Boeking.objects.get(soort=Boekingsoort.VRIJVAL, onderwerp=zaak.pk)
        assert (boeking.bedrag, boeking.uit_reservering) == (1000, uit_reservering)


def test_de_voucher_vervalt_mee(staf: Staf) -> None:
    for maak in (verleend, in_uitvoering):
        zaak = maak(staf)
        trek_in(zaak)
        assert vers(zaak).voucher.status == "ingetrokken"


def test_een_verouderd_scherm_verliest(staf: Staf) -> None:
    """The applicant has the page of yesterday: the state of now decides, also which money comes free."""
    oud = geselecteerd(staf)
    verleen(oud, staf)
    assert oud.status == Status.GESELECTEERD
    trek_in(oud)
    plafond = oud.tijdvak.plafonds.get(code="*")
    assert (plafond.gereserveerd, plafond.verleend, plafond.vrijgevallen) == (0, 1000, 1000)


def _samen(*doen: Callable[[], Any]) -> list[Any]:
    uit: list[Any] = [None] * len(doen)
    start = threading.Barrier(len(doen))

    def een(nr: int) -> None:
        try:
            start.wait()
            uit[nr] = doen[nr]()
        except DomeinFout as fout:
            uit[nr] = fout
        finally:
            connection.close()

    draden = [threading.Thread(target=een, args=(nr,)) for nr in range(len(doen))]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    return uit


@pytest.mark.django_db(transaction=True)
def test_intrekken_terwijl_de_loting_wordt_vastgesteld(staf: Staf) -> None:
    """Before or after the settling, never in between: the money ends with those who are still there."""
    tijdvak = open_tijdvak(plafond=2000)
    for _ in range(3):
        maak_compleet(tijdvak, staf.behandelaar)
    loting = loting_tot(tijdvak, staf, "trekken")
    weg, beslisser = Aanvraag.objects.filter(tijdvak=tijdvak).order_by("kenmerk")[0], staf.beslisser
    uit = _samen(
        lambda: loting_vaststellen(loting=loting, actor=beslisser, op=TREKKING),
        lambda: trek_in(weg),
    )
    assert [fout for fout in uit if isinstance(fout, Exception)] == []
    anderen = [zaak for zaak in op_rang(tijdvak) if zaak.pk != weg.pk]
    assert [zaak.status for zaak in anderen] == [Status.GESELECTEERD, Status.GESELECTEERD]
    assert vers(weg).status in {Status.INGETROKKEN, Status.BESLUIT_INGETROKKEN}
    assert vers(tijdvak).plafonds.get(code="*").gereserveerd == 2000
    assert list(Mutatie.objects.values_list("soort", "kenmerk")) == [("INTREKKING", weg.kenmerk)]
    eis_grootboek_klopt(tijdvak)


@pytest.mark.django_db(transaction=True)
def test_wat_de_reservelijst_oproept_wacht_niet_op_elkaar(staf: Staf) -> None:
    """Settled at nought, withdrawn twice, refused: at once. All take their locks in one order, so nobody hangs.

    Six of € 1,000 under € 3,000: two places come free; the refused one may be called just before its refusal.
    """
    tijdvak, zaken = geloot(6, staf, plafond=3000)
    klaar = opgedragen(verleen(zaken[0], staf))
    gecontroleerd(gedeclareerd(klaar), staf, Decimal(0))
    afwijzing = besluit_op(zaken[3], Besluitsoort.AFWIJZING, staf, tot="ondertekenen", grond=Afwijzingsgrond.ONJUIST)
    beslisser = staf.beslisser
    *goed, besluit = _samen(
        lambda: vastgesteld(vers(klaar), staf),
        lambda: trek_in(zaken[1]),
        lambda: trek_in(zaken[4]),
        lambda: besluit_verzenden(besluit=afwijzing, actor=beslisser, op=BESLUIT),
    )
    assert [fout for fout in goed if isinstance(fout, Exception)] == []
    gekozen = [nr for nr, zaak in enumerate(zaken) if vers(zaak).status == Status.GESELECTEERD]
    assert gekozen == ([2, 3, 5] if isinstance(besluit, OvergangFout) else [2, 5])
    assert vers(klaar).status == Status.AFGESLOTEN
    plafond = vers(tijdvak).plafonds.get(code="*")
    assert (plafond.gereserveerd, plafond.verleend, plafond.vrijgevallen) == (1000 * len(gekozen), 1000, 1000)
    eis_grootboek_klopt(tijdvak)
