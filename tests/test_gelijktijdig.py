"""People who do the same thing at the same moment, on the database of this run (CI runs it on both)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, connection

from aanvragen.enums import Status
from aanvragen.models import Aanvraag, Referentie
from aanvragen.services.aanvulklad import klad_van
from aanvragen.services.indienen import aanvraag_indienen
from beoordeling.models import (
    Commissie,
    Mutatie,
    Referentieantwoord,
    Toewijsopdracht,
    Toewijzing,
    Toewijzingsronde,
)
from beoordeling.services.loting import (
    lijst_bevriezen,
    loting_publiceren,
    loting_trekken,
    loting_voorbereiden,
)
from beoordeling.services.rangschikking import loting_vaststellen
from beoordeling.services.referentie_verzoek import (
    Herkomst,
    code_aanvragen,
    code_controleren,
    referentie_beantwoorden,
    verzoek_bij_link,
)
from beoordeling.services.toewijsopdracht import toewijsopdracht_uitvoeren, toewijzen_aanvragen
from kern.enums import Rol
from kern.fouten import DomeinFout
from kern.models import LogRegel
from kern.services.spoor import Logpost, log_schrijven, spoor_controleren
from regeling.models import Plafond
from regeling.services.grootboek import saldi_nagerekend
from regeling.services.tijdvak import tijdvak_bijwerken
from tests.aanvragen.test_papieraanvulling import STEMPEL, Zaak
from tests.factories.commissie import TOEWIJZEN, commissieronde
from tests.factories.referenties import ingelogd_als_referent, link_van, uitgenodigd
from tests.factories.ronde import (
    NA,
    TIJDENS,
    bronnen_ingevoerd,
    maak_compleet,
    maak_concept,
    maak_gebruiker,
    open_tijdvak,
)
from uitvoering.enums import Besluitsoort
from uitvoering.models import Besluit
from uitvoering.services.besluit import besluit_voorstellen
from uitvoering.services.intrekking import zaak_intrekken

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.traag]


def _tegelijk(taken: list[Callable[[], Any]]) -> list[Any]:
    """Runs all at once; gives each one's result or the domain error it ended in. Any other error fails the test."""
    start, uitkomsten = threading.Barrier(len(taken)), [None] * len(taken)

    def een(nr: int) -> None:
        start.wait()
        for _ in range(200):
            try:
                uitkomsten[nr] = taken[nr]()
            except DomeinFout as fout:
                uitkomsten[nr] = fout
            except OperationalError as fout:
                if "too many clients" not in str(fout) and "connection slots" not in str(fout):
                    uitkomsten[nr] = fout
                else:
                    time.sleep(0.05)
                    continue
            except Exception as fout:
                uitkomsten[nr] = fout
            break
        connection.close()

    draden = [threading.Thread(target=een, args=(nr,)) for nr in range(len(taken))]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    onverwacht = [u for u in uitkomsten if isinstance(u, Exception) and not isinstance(u, DomeinFout)]
    assert onverwacht == []
    return uitkomsten


def test_een_keten_van_het_spoor_blijft_heel() -> None:
    post = Logpost(keten="zaak:samen", handeling="doen", op=NA)
    _tegelijk([lambda: log_schrijven(post)] * 30)
    assert list(
        LogRegel.objects.filter(keten="zaak:samen").order_by("volgnr").values_list("volgnr", flat=True)
    ) == list(range(1, 31))
    assert list(spoor_controleren()) == []


def test_tien_bedrijven_versturen_tegelijk() -> None:
    tijdvak = open_tijdvak()
    concepten = [maak_concept(tijdvak) for _ in range(10)]
    _tegelijk([lambda c=c: aanvraag_indienen(aanvraag=c, actor=None, op=TIJDENS) for c in concepten])
    kenmerken = sorted(Aanvraag.objects.filter(tijdvak=tijdvak).values_list("kenmerk", flat=True))
    assert [int(kenmerk[-5:]) for kenmerk in kenmerken] == list(range(1, 11))


def test_twintig_keer_dezelfde_aanvraag_versturen_is_een_keer() -> None:
    concept = maak_concept(open_tijdvak())
    uitkomsten = _tegelijk([lambda: aanvraag_indienen(aanvraag=concept, actor=None, op=TIJDENS)] * 20)
    assert len({aanvraag.kenmerk for aanvraag in uitkomsten}) == 1
    assert LogRegel.objects.filter(keten=f"aanvraag:{concept.pk}", handeling="indienen").count() == 1


def _geloot(aantal: int, plafond: int) -> list[Aanvraag]:
    """A drawn round; grants of € 1,000 each."""
    b, s, n = maak_gebruiker(Rol.BEHANDELAAR), maak_gebruiker(Rol.BESLISSER), maak_gebruiker(Rol.NOTARIS)
    tijdvak = open_tijdvak(plafond=plafond)
    for _ in range(aantal):
        maak_compleet(tijdvak, b)
    tijdvak = tijdvak_bijwerken(tijdvak=tijdvak, op=NA)
    trekking = NA + timedelta(days=3)
    loting = loting_voorbereiden(tijdvak=tijdvak, trekking_gepland_op=trekking, actor=b, op=NA)
    loting = lijst_bevriezen(loting=loting, actor=s, op=NA)
    loting = loting_publiceren(loting=loting, waar="proef", actor=b, op=NA)
    loting = bronnen_ingevoerd(loting, n, op=trekking)
    loting = loting_trekken(loting=loting, actor=n, op=trekking)
    loting_vaststellen(loting=loting, actor=s, op=trekking)
    return list(
        Aanvraag.objects.filter(tijdvak=tijdvak).select_related("tijdvak", "organisatie").order_by("plaats__rang")
    )


def test_zes_keer_tegelijk_toewijzen_is_een_keer() -> None:
    ronde = commissieronde(3, 4)
    secretaris = ronde.secretaris.gebruiker
    uitkomsten = _tegelijk(
        [
            lambda: toewijzen_aanvragen(
                commissie=Commissie.objects.get(pk=ronde.commissie.pk), actor=secretaris, op=TOEWIJZEN, gezien=0
            )
        ]
        * 6
    )
    geweigerd = [fout.code for fout in uitkomsten if isinstance(fout, DomeinFout)]
    assert (len(geweigerd), set(geweigerd) <= {"toewijzen-loopt", "al-toegewezen"}) == (5, True)
    assert (Toewijsopdracht.objects.count(), Toewijzingsronde.objects.count(), Toewijzing.objects.count()) == (1, 1, 6)
    assert Toewijsopdracht.objects.get().melding == ""


def test_een_opdracht_die_twee_werkers_tegelijk_doen_gebeurt_een_keer() -> None:
    """The queue gave a slow run back while its first worker was still at it."""
    ronde = commissieronde(3, 4)
    opdracht = Toewijsopdracht.objects.create(
        commissie=ronde.commissie,
        gevraagd_op=TOEWIJZEN,
        gevraagd_door=ronde.secretaris.gebruiker,
        gemeld_op=TOEWIJZEN,
    )
    _tegelijk(
        [lambda: toewijsopdracht_uitvoeren(opdracht=Toewijsopdracht.objects.get(pk=opdracht.pk), op=TOEWIJZEN)] * 4
    )
    opdracht.refresh_from_db()
    assert (opdracht.melding, (opdracht.uitkomst or {})["nieuw"]) == ("", 6)
    assert (Toewijzingsronde.objects.count(), Toewijzing.objects.count()) == (1, 6)
    assert list(spoor_controleren()) == []


def test_twee_behandelaars_stellen_tegelijk_een_besluit_voor() -> None:
    aanvraag = _geloot(3, 3000)[0]
    behandelaars = [maak_gebruiker(Rol.BEHANDELAAR) for _ in range(4)]
    uitkomsten = _tegelijk(
        [
            lambda b=b: besluit_voorstellen(
                aanvraag=aanvraag, soort=Besluitsoort.VERLENING, motivering="Ingeloot.", actor=b, op=NA
            )
            for b in behandelaars
        ]
    )
    assert sum(isinstance(uitkomst, Besluit) for uitkomst in uitkomsten) == 1
    assert Besluit.objects.filter(aanvraag=aanvraag).count() == 1


def test_vijf_winnaars_trekken_zich_tegelijk_terug() -> None:
    """Each frees its money and the next five on the list are called, in order, whatever comes first."""
    aanvragen = _geloot(14, 6000)
    assert [a.status for a in aanvragen] == [Status.GESELECTEERD] * 6 + [Status.RESERVE] * 8
    _tegelijk(
        [
            lambda a=a: zaak_intrekken(aanvraag=a, reden="Gaat niet door.", actor=None, op=NA + timedelta(days=5))
            for a in aanvragen[:5]
        ]
    )
    tijdvak = aanvragen[0].tijdvak
    nu = list(Aanvraag.objects.filter(tijdvak=tijdvak).order_by("plaats__rang").values_list("status", flat=True))
    assert nu == [Status.BESLUIT_INGETROKKEN] * 5 + [Status.GESELECTEERD] * 6 + [Status.RESERVE] * 3
    plafond = Plafond.objects.get(tijdvak=tijdvak, code="*")
    assert (plafond.gereserveerd, plafond.resteert) == (Decimal(6000), Decimal(0))
    assert {naam: getattr(plafond, naam) for naam in saldi_nagerekend(plafond)} == saldi_nagerekend(plafond)
    assert list(Mutatie.objects.order_by("nr").values_list("nr", flat=True)) == [1, 2, 3, 4, 5]
    assert list(spoor_controleren()) == []


def test_twee_keer_versturen_door_een_referent_is_een_antwoord() -> None:
    """A double click, or the link in two tabs with the same cookie."""
    referentie = uitgenodigd()
    verzoek, sessie = ingelogd_als_referent(referentie, TIJDENS + timedelta(hours=1))

    def verstuur(uitkomst: str) -> Referentie:
        return referentie_beantwoorden(
            verzoek=verzoek,
            sessie=sessie,
            uitkomst=uitkomst,
            antwoorden={"werk": "Hulp bij roosters."} if uitkomst == "bevestigd" else {},
            herkomst=Herkomst(),
            op=TIJDENS + timedelta(hours=1),
        )

    uitkomsten = _tegelijk([lambda u=u: verstuur(u) for u in ("bevestigd", "geweigerd", "bevestigd", "ontkend")])
    gelukt = [u for u in uitkomsten if isinstance(u, Referentie)]
    assert (len(gelukt), Referentieantwoord.objects.count()) == (1, 1)
    assert {u.code for u in uitkomsten if isinstance(u, DomeinFout)} == {"link-verbruikt"}
    assert Referentie.objects.get(pk=referentie.pk).status == gelukt[0].status
    assert list(spoor_controleren()) == []


def test_dertig_gissingen_tegelijk_zijn_er_hoogstens_vijf() -> None:
    verzoek = verzoek_bij_link(link_van(uitgenodigd()))
    assert verzoek is not None
    verzoek = code_aanvragen(verzoek=verzoek, op=TIJDENS)
    uitkomsten = _tegelijk([lambda: code_controleren(verzoek=verzoek, code="onbekend", op=TIJDENS)] * 30)
    codes = [uitkomst.code for uitkomst in uitkomsten]
    assert (codes.count("code-onjuist"), codes.count("te-veel-pogingen")) == (5, 25)


def test_online_en_op_papier_aanvullen_tegelijk() -> None:
    """One of the two answers the request; the other is refused and keeps what was typed."""
    zaak = Zaak()
    papier = zaak.begin(op=STEMPEL)
    zaak.vul(papier, zaak.typer, STEMPEL, "van papier")
    zaak.vul(None, zaak.gebruiker, STEMPEL, "online")
    uitkomsten = _tegelijk([lambda: zaak.verstuur(papier, op=STEMPEL), lambda: zaak.online(STEMPEL)])
    gelukt = [nr for nr, uit in enumerate(uitkomsten) if not isinstance(uit, DomeinFout)]
    assert len(gelukt) == 1
    assert zaak.aanvraag.omschrijving == ("van papier", "online")[gelukt[0]]
    assert LogRegel.objects.filter(keten=f"aanvraag:{zaak.pk}", handeling="aanvullen").count() == 1
    verliezer = (None, papier)[gelukt[0]]
    assert klad_van(zaak.items[0], verliezer) == {"omschrijving": [("online", "van papier")[gelukt[0]]]}
    assert list(spoor_controleren()) == []
