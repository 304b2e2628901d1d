"""The officer: in hand, request to complete, judgement, complete; by the law's calendar (R3-R5, T5)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from aanvragen.enums import Machtigingsoort, Status, Toetssoort, Toetsuitkomst
from aanvragen.models import Aanvraag, Aanvulling, Postbusbericht, Toets
from aanvragen.services.behandeling import (
    aanvulling_beantwoorden,
    aanvulling_vragen,
    aanvullingen_laten_verlopen,
    compleet_verklaren,
    in_behandeling_nemen,
    in_bulk,
    is_te_behandelen,
    openstaande_oordelen,
    opschortingen,
    rangmoment,
    zonder_aanvulling_verder,
)
from aanvragen.services.concept import velden_bewaren
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.organisatie import machtiging_verlenen, organisatie_wijzigen
from aanvragen.services.toetsing import toets_beoordelen, toetsen_uitvoeren
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Bericht, Gebruiker, LogRegel
from kern.services.overgang import overgang_toepassen
from tests.factories.ronde import (
    NA,
    TIJDENS,
    VOOR,
    Staf,
    maak_compleet,
    maak_concept,
    maak_gebruiker,
    maak_ingediend,
    maak_organisatie,
    open_tijdvak,
    vers,
)

pytestmark = pytest.mark.django_db
#: Asked on Wednesday 1 April 2026, 14 days: up to and with 15 April.
VRAAG = datetime(2026, 4, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def zaak(staf: Staf) -> Aanvraag:
    """In hand with ``staf.behandelaar``; must be decided on 26 June 2026."""
    return in_behandeling_nemen(aanvraag=maak_ingediend(open_tijdvak()), actor=staf.behandelaar, op=NA)


def vraag(zaak: Aanvraag, actor: Gebruiker, *, op: datetime = VRAAG, **anders: Any) -> Aanvulling:
    opties = {"onderdelen": ["Een ondertekend plan"], "termijn_dagen": 14, **anders}
    return aanvulling_vragen(aanvraag=zaak, actor=actor, op=op, **opties)


def antwoord(aanvulling: Aanvulling, op: datetime, tekst: str = "Alsnog: het plan.") -> Aanvulling:
    return aanvulling_beantwoorden(aanvulling=aanvulling, antwoord=tekst, actor=maak_gebruiker(), op=op)


def test_in_behandeling_nemen_zet_de_behandelaar(staf: Staf, zaak: Aanvraag) -> None:
    assert (zaak.status, zaak.behandelaar, zaak.beslissen_uiterlijk_op) == (
        Status.IN_BEHANDELING,
        staf.behandelaar,
        date(2026, 6, 26),
    )
    with pytest.raises(OvergangFout, match="heeft nu de status “In behandeling”"):
        in_behandeling_nemen(aanvraag=zaak, actor=staf.behandelaar2, op=NA)
    assert vers(zaak).behandelaar == staf.behandelaar


def test_een_verzoek_noemt_wat_er_ontbreekt_en_tot_wanneer(staf: Staf, zaak: Aanvraag) -> None:
    aanvulling = vraag(zaak, staf.behandelaar, onderdelen=[" Een plan ", "", "Een offerte"])
    assert (aanvulling.onderdelen, aanvulling.termijn_tot) == (["Een plan", "Een offerte"], date(2026, 4, 15))
    assert vers(zaak).status == Status.AANVULLING_GEVRAAGD
    bericht = Postbusbericht.objects.get(sleutel=f"aanvulling-{aanvulling.pk}")
    assert Bericht.objects.get(sleutel=f"notificatie-{bericht.pk}").aan == zaak.contact_email
    assert "- Een plan\n- Een offerte\n" in bericht.tekst
    assert "Vul dit aan vóór of op 15 april 2026" in bericht.tekst
    regel = LogRegel.objects.get(keten=f"aanvraag:{zaak.pk}", handeling="aanvulling_vragen")
    assert regel.gegevens == {"onderdelen": ["Een plan", "Een offerte"]}


@pytest.mark.parametrize(
    ("anders", "melding"),
    [
        ({"termijn_dagen": 0}, "De termijn ontbreekt."),
        ({"termijn_dagen": -1}, "De termijn ontbreekt."),
        ({"termijn_dagen": 91}, "De termijn ontbreekt."),
        ({"onderdelen": []}, "Schrijf op wat er ontbreekt."),
        ({"onderdelen": ["  "]}, "Schrijf op wat er ontbreekt."),
    ],
)
def test_zonder_termijn_of_onderdeel_is_er_geen_verzoek(
    staf: Staf, zaak: Aanvraag, anders: dict[str, Any], melding: str
) -> None:
    """R5: no term named, no suspension; so the field is mandatory."""
    with pytest.raises(InvoerFout, match=melding):
        vraag(zaak, staf.behandelaar, **anders)
    assert (vers(zaak).status, Aanvulling.objects.count(), Bericht.objects.count()) == (Status.IN_BEHANDELING, 0, 1)


def test_de_dag_van_het_verzoek_is_de_nederlandse_dag(staf: Staf, zaak: Aanvraag) -> None:
    """22:30 UTC on 1 April is 2 April here."""
    laat = datetime(2026, 4, 1, 22, 30, tzinfo=UTC)
    assert vraag(zaak, staf.behandelaar, op=laat).termijn_tot == date(2026, 4, 16)


def test_er_loopt_een_verzoek_tegelijk(staf: Staf, zaak: Aanvraag) -> None:
    vraag(zaak, staf.behandelaar)
    with pytest.raises(OvergangFout):
        vraag(zaak, staf.behandelaar)
    with pytest.raises(IntegrityError), transaction.atomic():
        Aanvulling.objects.create(aanvraag=zaak, onderdelen=["x"], termijn_tot=date(2026, 5, 1), gevraagd_op=VRAAG)


@pytest.mark.parametrize(
    ("beantwoord", "dagen"),
    [
        (datetime(2026, 4, 1, 15, 0, tzinfo=UTC), 0),  # the same day: nothing stood still
        (datetime(2026, 4, 2, 9, 0, tzinfo=UTC), 0),  # the clock runs again on the day of the answer
        (datetime(2026, 4, 3, 9, 0, tzinfo=UTC), 1),
        (datetime(2026, 4, 8, 9, 0, tzinfo=UTC), 6),  # 2 up to and with 7 April
        (datetime(2026, 4, 15, 21, 59, tzinfo=UTC), 13),  # 23:59 on the last day
    ],
)
def test_opschorting_is_precies_zoveel_dagen(staf: Staf, zaak: Aanvraag, beantwoord: datetime, dagen: int) -> None:
    """Awb 4:15(1)(a): from the day after the request until the day of completion (R5)."""
    antwoord(vraag(zaak, staf.behandelaar), beantwoord)
    nu = vers(zaak)
    assert (nu.status, nu.beslissen_uiterlijk_op) == (Status.IN_BEHANDELING, date(2026, 6, 26) + timedelta(days=dagen))


def test_twee_verzoeken_tellen_op(staf: Staf, zaak: Aanvraag) -> None:
    antwoord(vraag(zaak, staf.behandelaar), datetime(2026, 4, 8, 9, 0, tzinfo=UTC))  # 6 days
    tweede = vraag(vers(zaak), staf.behandelaar, op=datetime(2026, 5, 4, 9, 0, tzinfo=UTC))
    antwoord(tweede, datetime(2026, 5, 8, 9, 0, tzinfo=UTC))  # 5, 6 and 7 May
    assert vers(zaak).beslissen_uiterlijk_op == date(2026, 7, 5)


def test_na_de_termijn_wordt_een_antwoord_geweigerd(staf: Staf, zaak: Aanvraag) -> None:
    """Also when the worker has not looked at the clock yet; half past ten UTC is half past midnight here."""
    aanvulling = vraag(zaak, staf.behandelaar)
    with pytest.raises(OvergangFout) as fout:
        antwoord(aanvulling, datetime(2026, 4, 15, 22, 30, tzinfo=UTC))
    assert fout.value.code == "termijn-voorbij"
    assert fout.value.melding == "De termijn om aan te vullen liep tot en met 15 april 2026."
    assert (vers(aanvulling).beantwoord_op, vers(zaak).status) == (None, Status.AANVULLING_GEVRAAGD)


def test_op_tijd_ontvangen_telt_ook_als_de_werker_er_net_voor_was(staf: Staf, zaak: Aanvraag) -> None:
    aanvulling = vraag(zaak, staf.behandelaar)
    middernacht = datetime(2026, 4, 15, 22, 0, 1, tzinfo=UTC)
    assert aanvullingen_laten_verlopen(op=middernacht) == 1
    antwoord(aanvulling, datetime(2026, 4, 15, 21, 59, 59, tzinfo=UTC))
    nu = vers(aanvulling)
    assert (nu.verlopen_op, nu.antwoord) == (None, "Alsnog: het plan.")
    assert vers(zaak).beslissen_uiterlijk_op == date(2026, 7, 9)


def test_een_verzoek_wordt_een_keer_beantwoord(staf: Staf, zaak: Aanvraag) -> None:
    aanvulling = vraag(zaak, staf.behandelaar)
    antwoord(aanvulling, VRAAG + timedelta(days=1), "Eerste")
    with pytest.raises(OvergangFout, match="Dit verzoek is al afgehandeld."):
        antwoord(aanvulling, VRAAG + timedelta(days=2), "Tweede")
    assert vers(aanvulling).antwoord == "Eerste"


def test_een_leeg_antwoord_telt_niet(staf: Staf, zaak: Aanvraag) -> None:
    aanvulling = vraag(zaak, staf.behandelaar)
    with pytest.raises(InvoerFout, match="Uw antwoord is leeg."):
        antwoord(aanvulling, VRAAG + timedelta(days=1), "  \n ")
    assert vers(aanvulling).beantwoord_op is None


@pytest.mark.parametrize(("dag", "aantal"), [(15, 0), (16, 1), (25, 1)])
def test_een_termijn_verloopt_na_zijn_laatste_dag(staf: Staf, zaak: Aanvraag, dag: int, aantal: int) -> None:
    vraag(zaak, staf.behandelaar)
    op = datetime(2026, 4, dag, 8, 0, tzinfo=UTC)
    assert aanvullingen_laten_verlopen(op=op) == aantal
    assert aanvullingen_laten_verlopen(op=op) == 0
    assert vers(zaak).status == Status.AANVULLING_GEVRAAGD  # what follows is the officer's choice


@pytest.mark.parametrize("gezien", [16, 30])
def test_na_een_verlopen_termijn_gaat_de_klok_op_tijd_verder(staf: Staf, zaak: Aanvraag, gezien: int) -> None:
    """14 days stood still (2 up to and with 15 April), also when the worker was down for two weeks."""
    vraag(zaak, staf.behandelaar)
    aanvullingen_laten_verlopen(op=datetime(2026, 4, gezien, 8, 0, tzinfo=UTC))
    opties = {"aanvraag": vers(zaak), "actor": staf.behandelaar, "reden": "Genoeg om te beoordelen"}
    verder = zonder_aanvulling_verder(**opties, op=datetime(2026, 5, 1, 8, 0, tzinfo=UTC))
    assert (verder.status, verder.beslissen_uiterlijk_op) == (Status.IN_BEHANDELING, date(2026, 7, 10))
    assert opschortingen(verder) == [(date(2026, 4, 2), date(2026, 4, 16), "verzoek om aanvulling")]


def test_verder_zonder_aanvulling_wacht_op_de_termijn(staf: Staf, zaak: Aanvraag) -> None:
    opties = {"actor": staf.behandelaar, "op": VRAAG, "reden": "Te lang"}
    with pytest.raises(OvergangFout, match="loopt nog"):
        zonder_aanvulling_verder(aanvraag=zaak, **opties)
    vraag(zaak, staf.behandelaar)
    with pytest.raises(OvergangFout, match="loopt nog"):
        zonder_aanvulling_verder(aanvraag=vers(zaak), **opties)


def test_het_rangmoment_is_het_laatste_antwoord(staf: Staf, zaak: Aanvraag) -> None:
    """T5: ranked by the day it was complete, not by the day of sending or of checking."""
    assert rangmoment(zaak) == TIJDENS
    antwoord(vraag(zaak, staf.behandelaar), VRAAG + timedelta(days=2))
    laatste = datetime(2026, 5, 6, 9, 0, tzinfo=UTC)
    antwoord(vraag(vers(zaak), staf.behandelaar, op=datetime(2026, 5, 4, 9, 0, tzinfo=UTC)), laatste)
    compleet = compleet_verklaren(
        aanvraag=vers(zaak), actor=staf.behandelaar, op=datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    )
    assert (compleet.status, compleet.volledig_op) == (Status.COMPLEET, laatste)
    assert compleet.volledig_door == staf.behandelaar


def test_zonder_aanvulling_is_het_rangmoment_de_ontvangst(staf: Staf) -> None:
    assert maak_compleet(open_tijdvak(), staf.behandelaar).volledig_op == TIJDENS


def zet_toets(zaak: Aanvraag, uitkomst: Toetsuitkomst, soort: Toetssoort = Toetssoort.VOLLEDIGHEID) -> Toets:
    """Such a check comes about when data change after sending (an adviser's certificate, a later scheme)."""
    return Toets.objects.create(
        aanvraag=zaak, code="proef", naam="Proeftoets", soort=soort, uitkomst=uitkomst, uitleg="x", versie="1", op=NA
    )


@pytest.mark.parametrize("uitkomst", [Toetsuitkomst.VOLDOET_NIET, Toetsuitkomst.HANDMATIG])
def test_compleet_wacht_op_de_toetsen_op_volledigheid(staf: Staf, zaak: Aanvraag, uitkomst: Toetsuitkomst) -> None:
    toets = zet_toets(zaak, uitkomst)
    with pytest.raises(OvergangFout) as fout:
        compleet_verklaren(aanvraag=zaak, actor=staf.behandelaar, op=NA)
    assert fout.value.code == "toetsen-open"
    assert "Proeftoets" in fout.value.melding
    opties = {"toets": toets, "actor": staf.behandelaar, "op": NA}
    toets_beoordelen(oordeel=Toetsuitkomst.VOLDOET_NIET, reden="Bewijs is oud", **opties)
    with pytest.raises(OvergangFout):
        compleet_verklaren(aanvraag=zaak, actor=staf.behandelaar, op=NA)
    toets_beoordelen(oordeel=Toetsuitkomst.VOLDOET, reden="Bewijs gezien", **opties)
    assert compleet_verklaren(aanvraag=zaak, actor=staf.behandelaar, op=NA).status == Status.COMPLEET


@pytest.mark.parametrize("uitkomst", [Toetsuitkomst.VOLDOET_NIET, Toetsuitkomst.HANDMATIG])
def test_een_toets_op_inhoud_houdt_volledigheid_niet_tegen(staf: Staf, zaak: Aanvraag, uitkomst: Toetsuitkomst) -> None:
    zet_toets(zaak, uitkomst, Toetssoort.INHOUD)
    assert compleet_verklaren(aanvraag=zaak, actor=staf.behandelaar, op=NA).status == Status.COMPLEET


def test_een_oordeel_heeft_een_reden_en_een_richting(staf: Staf, zaak: Aanvraag) -> None:
    toets = zet_toets(zaak, Toetsuitkomst.HANDMATIG)
    opties: dict[str, Any] = {"toets": toets, "actor": staf.behandelaar, "op": NA}
    with pytest.raises(InvoerFout, match="De reden ontbreekt."):
        toets_beoordelen(oordeel=Toetsuitkomst.VOLDOET, reden=" ", **opties)
    with pytest.raises(InvoerFout, match="Kies of de aanvraag aan deze eis voldoet of niet."):
        toets_beoordelen(oordeel=Toetsuitkomst.HANDMATIG, reden="Weet niet", **opties)
    assert openstaande_oordelen(zaak) == ["Proeftoets"]
    toets = toets_beoordelen(oordeel=Toetsuitkomst.VOLDOET, reden=" Gezien ", **opties)
    assert (toets.geldend, toets.oordeel_reden, toets.oordeel_door) == ("voldoet", "Gezien", staf.behandelaar)
    assert openstaande_oordelen(vers(zaak)) == []
    regel = LogRegel.objects.get(keten=f"aanvraag:{zaak.pk}", handeling="toets_beoordelen")
    assert (regel.reden, regel.gegevens["uitkomst"], regel.gegevens["oordeel"]) == ("Gezien", "handmatig", "voldoet")
    with pytest.raises(IntegrityError), transaction.atomic():
        Toets.objects.filter(pk=toets.pk).update(oordeel_reden="")


def test_na_het_besluit_verandert_een_oordeel_niet_meer(staf: Staf, zaak: Aanvraag) -> None:
    toets = zet_toets(zaak, Toetsuitkomst.HANDMATIG, Toetssoort.INHOUD)
    overgang_toepassen(zaak, "intrekken", actor=None, op=NA, reden="Toch niet")
    with pytest.raises(OvergangFout, match="een toets beoordelen kan niet meer"):
        toets_beoordelen(toets=toets, oordeel=Toetsuitkomst.VOLDOET, reden="x", actor=staf.behandelaar, op=NA)
    assert vers(toets).oordeel == ""


def test_een_oordeel_blijft_staan_tot_de_uitkomst_verandert(staf: Staf) -> None:
    tabellen = {"aanvrager": {"soort": "onderneming", "mkb": True}, "adviseur": {"nodig": False}}
    organisatie = maak_organisatie(omzet=None, balanstotaal=None)
    zaak = maak_ingediend(open_tijdvak(tabellen=tabellen), organisatie)
    toets = zaak.toetsen.get(code="mkb")
    assert toets.uitkomst == Toetsuitkomst.HANDMATIG
    toets_beoordelen(
        toets=toets, oordeel=Toetsuitkomst.VOLDOET, reden="Jaarrekening gezien", actor=staf.behandelaar, op=NA
    )
    toetsen_uitvoeren(aanvraag=vers(zaak), op=NA)
    assert vers(toets).oordeel == Toetsuitkomst.VOLDOET
    groter = {"omzet": 90_000_000, "balanstotaal": 90_000_000, "omvang_vorig": "groot"}
    organisatie_wijzigen(organisatie=organisatie, gegevens=groter, actor=None, op=NA)
    toetsen_uitvoeren(aanvraag=vers(zaak), op=NA)
    nu = vers(toets)
    assert (nu.uitkomst, nu.oordeel, nu.oordeel_door) == (Toetsuitkomst.VOLDOET_NIET, "", None)


def test_een_toets_die_niet_meer_hoort_verdwijnt(staf: Staf, zaak: Aanvraag) -> None:
    zet_toets(zaak, Toetsuitkomst.HANDMATIG)
    toetsen_uitvoeren(aanvraag=vers(zaak), op=NA)
    assert sorted(zaak.toetsen.values_list("code", flat=True)) == [
        "bedrag",
        "een_per_aanvrager",
        "iban",
        "kvk",
        "kvk_register",
        "venster",
    ]


def test_hetzelfde_rekeningnummer_bij_een_ander_valt_op() -> None:
    tijdvak, nummer = open_tijdvak(), "NL91ABNA0417164300"
    zaken = []
    for _ in range(2):
        concept = maak_concept(tijdvak)
        velden_bewaren(aanvraag=concept, stap="organisatie", gegevens={"iban": nummer}, actor=None, op=TIJDENS)
        zaken.append(aanvraag_indienen(aanvraag=concept, actor=None, op=TIJDENS))
    toets = zaken[1].toetsen.get(code="iban")
    assert (toets.uitkomst, toets.invoer) == (Toetsuitkomst.HANDMATIG, {"zelfde_iban": [zaken[0].kenmerk]})


# --- Bulk -------------------------------------------------------------------------------------------------------


def test_in_bulk_gaat_door_na_een_weigering(staf: Staf) -> None:
    tijdvak = open_tijdvak()
    zaken = [maak_ingediend(tijdvak) for _ in range(3)]
    in_behandeling_nemen(aanvraag=zaken[1], actor=staf.behandelaar2, op=NA)

    def nemen(aanvraag: Aanvraag) -> object:
        return in_behandeling_nemen(aanvraag=aanvraag, actor=staf.behandelaar, op=NA)

    regels = in_bulk(aanvragen=zaken, handeling=nemen)
    assert [(regel.kenmerk, regel.gelukt) for regel in regels] == [
        (zaken[0].kenmerk, True),
        (zaken[1].kenmerk, False),
        (zaken[2].kenmerk, True),
    ]
    assert "heeft nu de status “In behandeling”" in regels[1].melding
    assert [vers(zaak).behandelaar for zaak in zaken] == [staf.behandelaar, staf.behandelaar2, staf.behandelaar]


def test_een_halve_handeling_in_bulk_laat_niets_achter(staf: Staf) -> None:
    """Each case is a transaction of its own: what came before the refusal is undone."""
    zaak = maak_ingediend(open_tijdvak())

    def half(aanvraag: Aanvraag) -> object:
        in_behandeling_nemen(aanvraag=aanvraag, actor=staf.behandelaar, op=NA)
        raise InvoerFout("Toch niet.")

    assert [regel.melding for regel in in_bulk(aanvragen=[zaak], handeling=half)] == ["Toch niet."]
    assert vers(zaak).status == Status.INGEDIEND


def test_te_veel_in_een_keer(staf: Staf) -> None:
    gedaan: list[Aanvraag] = []
    zaken = [Aanvraag(kenmerk=str(nr)) for nr in range(3)]
    with pytest.raises(InvoerFout, match="U koos 3 aanvragen; het maximum is 2."):
        in_bulk(aanvragen=zaken, handeling=gedaan.append, maximum=2)
    assert gedaan == []


# --- Who may ----------------------------------------------------------------------------------------------------

HANDELINGEN: dict[str, Callable[[Aanvraag, Gebruiker], object]] = {
    "vragen": lambda zaak, actor: vraag(zaak, actor),
    "compleet": lambda zaak, actor: compleet_verklaren(aanvraag=zaak, actor=actor, op=NA),
    "oordeel": lambda zaak, actor: toets_beoordelen(
        toets=zaak.toetsen.get(code="kvk"), oordeel=Toetsuitkomst.VOLDOET, reden="Gezien", actor=actor, op=NA
    ),
    "verder": lambda zaak, actor: zonder_aanvulling_verder(aanvraag=zaak, actor=actor, op=NA, reden="x"),
}


def test_een_andere_rol_behandelt_niet(zaak: Aanvraag) -> None:
    actoren = [maak_gebruiker(rol) for rol in Rol if rol != Rol.BEHANDELAAR] + [maak_gebruiker()]
    for naam, handeling in HANDELINGEN.items():
        for actor in actoren:
            with pytest.raises(RechtenFout, match="Dit mag alleen een behandelaar."):
                handeling(zaak, actor)
        assert vers(zaak).status == Status.IN_BEHANDELING, naam


@pytest.mark.parametrize("naam", HANDELINGEN)
def test_wie_voor_de_aanvrager_handelt_behandelt_niet(staf: Staf, zaak: Aanvraag, naam: str) -> None:
    machtiging_verlenen(
        organisatie=zaak.organisatie,
        gebruiker=staf.behandelaar,
        soort=Machtigingsoort.MEDEWERKER,
        actor=None,
        op=VOOR,
    )
    with pytest.raises(RechtenFout, match="U handelt zelf voor deze aanvrager"):
        HANDELINGEN[naam](zaak, staf.behandelaar)
    assert vers(zaak).status == Status.IN_BEHANDELING


def test_een_ingetrokken_rol_telt_niet(zaak: Aanvraag) -> None:
    gebruiker = maak_gebruiker(Rol.BEHANDELAAR)
    gebruiker.roltoekenningen.update(ingetrokken_op=NA)
    with pytest.raises(RechtenFout):
        vraag(zaak, Gebruiker.objects.get(pk=gebruiker.pk))


# --- Two officers at once ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twee_behandelaars_tegelijk_een_wint(staf: Staf) -> None:
    zaak = maak_ingediend(open_tijdvak())
    start, uit = threading.Barrier(2), []

    def nemen(actor: Gebruiker) -> None:
        try:
            start.wait()
            uit.append(in_behandeling_nemen(aanvraag=zaak, actor=actor, op=NA).behandelaar_id)
        except OvergangFout as fout:
            uit.append(fout.code)
        finally:
            connection.close()

    draden = [threading.Thread(target=nemen, args=(actor,)) for actor in (staf.behandelaar, staf.behandelaar2)]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    winnaar = vers(zaak).behandelaar_id
    assert sorted(map(str, uit)) == sorted([str(winnaar), "overgang-niet-toegestaan"])
    assert LogRegel.objects.filter(keten=f"aanvraag:{zaak.pk}", handeling="in_behandeling_nemen").count() == 1


def test_wat_te_behandelen_is(staf: Staf, zaak: Aanvraag) -> None:
    assert is_te_behandelen(zaak) is True
    assert is_te_behandelen(compleet_verklaren(aanvraag=zaak, actor=staf.behandelaar, op=NA)) is False
