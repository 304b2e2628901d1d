"""Decisions: grounds and article, four eyes, sent once, and only when the law still allows it (R3-R4, R15-R16, R20)."""

from __future__ import annotations

import inspect
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from aanvragen.enums import Machtigingsoort, Status, Toetssoort, Toetsuitkomst
from aanvragen.models import Aanvraag, Postbusbericht, Toets
from aanvragen.services.behandeling import (
    aanvulling_beantwoorden,
    aanvulling_vragen,
    aanvullingen_laten_verlopen,
    in_behandeling_nemen,
)
from aanvragen.services.organisatie import machtiging_verlenen
from aanvragen.services.overdracht import zaak_overdragen, zaak_overnemen
from aanvragen.services.toetsing import toets_beoordelen
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Bericht, LogRegel
from kern.services.overgang import overgang_toepassen
from regeling.enums import Boekingsoort
from regeling.models import Boeking
from tests.factories.ronde import (
    BESLUIT,
    NA,
    VOOR,
    Staf,
    besluit_op,
    eis_grootboek_klopt,
    geloot,
    maak_compleet,
    maak_gebruiker,
    maak_ingediend,
    open_tijdvak,
    regeling_dict,
    tabel,
    vers,
)
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.models import Besluit
from uitvoering.services import besluit as besluitdienst
from uitvoering.services.besluit import (
    besluit_ondertekenen,
    besluit_terugnemen,
    besluit_verzenden,
    besluit_voorstellen,
    bezwaartermijn,
)

pytestmark = pytest.mark.django_db
V, A, BB = Besluitsoort.VERLENING, Besluitsoort.AFWIJZING, Besluitsoort.BUITEN_BEHANDELING


@pytest.fixture
def gekozen(staf: Staf) -> Aanvraag:
    """Selected in the draw."""
    return geloot(1, staf)[1][0]


def stel_voor(aanvraag: Aanvraag, staf: Staf, soort: Besluitsoort = V, **anders: Any) -> Besluit:
    opties = {"motivering": "Omdat het past.", "actor": staf.behandelaar, "op": BESLUIT, **anders}
    return besluit_voorstellen(aanvraag=aanvraag, soort=soort, **opties)


def onderteken(besluit: Besluit, staf: Staf) -> Besluit:
    return besluit_ondertekenen(besluit=besluit, actor=staf.beslisser, op=BESLUIT)


def verzend(besluit: Besluit, staf: Staf, op: datetime = BESLUIT) -> Besluit:
    return besluit_verzenden(besluit=besluit, actor=staf.beslisser, op=op)


def test_van_voorstel_tot_verzending(staf: Staf, gekozen: Aanvraag) -> None:
    besluit = stel_voor(gekozen, staf)
    assert (besluit.status, besluit.bedrag, besluit.voorgesteld_door) == ("voorgesteld", 1000, staf.behandelaar)
    assert (besluit.motivering, besluit.artikel) == ("Omdat het past.", "artikel 3 van de Kaderwet")
    assert besluit.plafondstand == {"bedrag": "100000.00", "vastgelegd": "1000.00", "resteert": "99000.00"}
    assert vers(gekozen).status == Status.GESELECTEERD
    besluit = onderteken(besluit, staf)
    assert (besluit.status, besluit.ondertekend_door, vers(gekozen).status) == (
        "ondertekend",
        staf.beslisser,
        Status.GESELECTEERD,
    )
    besluit = verzend(besluit, staf, BESLUIT + timedelta(days=1))
    assert (besluit.status, besluit.bezwaar_tot) == ("verzonden", date(2026, 5, 19))
    aanvraag = vers(gekozen)
    assert (aanvraag.status, aanvraag.besloten_op, aanvraag.besloten_door) == (
        Status.VERLEEND,
        BESLUIT,  # the day of signing; in force from the day of sending (R15)
        staf.beslisser,
    )
    assert (aanvraag.verzonden_op, aanvraag.verzonden_door) == (BESLUIT + timedelta(days=1), staf.beslisser)
    regels = LogRegel.objects.filter(keten=f"besluit:{besluit.pk}").order_by("volgnr")
    assert [(regel.handeling, regel.van, regel.naar) for regel in regels] == [
        ("voorstellen", "concept", "voorgesteld"),
        ("ondertekenen", "voorgesteld", "ondertekend"),
        ("verzenden", "ondertekend", "verzonden"),
    ]


def test_een_verlening_boekt_een_keer(staf: Staf, gekozen: Aanvraag) -> None:
    besluit = verzend(onderteken(stel_voor(gekozen, staf), staf), staf)
    for nog_eens in (besluit, vers(besluit)):
        with pytest.raises(OvergangFout, match="heeft nu de status “Verzonden”"):
            verzend(nog_eens, staf)
    assert list(Boeking.objects.order_by("id").values_list("soort", "bedrag")) == [
        (Boekingsoort.RESERVERING, 1000),
        (Boekingsoort.VERLENING, 1000),
        (Boekingsoort.UITGIFTE, 1000),
    ]
    plafond = gekozen.tijdvak.plafonds.get(code="*")
    assert (plafond.gereserveerd, plafond.verleend, plafond.uitgegeven) == (0, 1000, 1000)
    assert Postbusbericht.objects.filter(sleutel=f"besluit-{besluit.pk}").count() == 1
    eis_grootboek_klopt(gekozen.tijdvak)


def test_het_bericht_zegt_dat_er_een_besluit_is(staf: Staf, gekozen: Aanvraag) -> None:
    besluit = verzend(onderteken(stel_voor(gekozen, staf), staf), staf)
    bericht = Postbusbericht.objects.get(sleutel=f"besluit-{besluit.pk}")
    mail = Bericht.objects.get(sleutel=f"notificatie-{bericht.pk}")
    assert gekozen.kenmerk not in mail.onderwerp + mail.tekst
    assert bericht.onderwerp == f"Er is een besluit over uw aanvraag {gekozen.kenmerk}"
    assert "U kunt bezwaar maken tot en met 18 mei 2026." in bericht.tekst


# --- Grounds and article (R16) ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("soort", "anders", "melding"),
    [
        (V, {"motivering": ""}, "De motivering ontbreekt."),
        (V, {"motivering": " \n"}, "De motivering ontbreekt."),
        (V, {"motivering": "... 12345 !!!"}, "De motivering ontbreekt."),  # signs are no grounds
        (V, {"motivering": "a.b.c.d"}, "De motivering ontbreekt."),
        (A, {"grond": None}, "De grond ontbreekt."),
    ],
)
def test_geen_besluit_zonder_motivering_of_grond(
    staf: Staf, gekozen: Aanvraag, soort: Besluitsoort, anders: dict[str, Any], melding: str
) -> None:
    with pytest.raises(InvoerFout, match=melding):
        stel_voor(gekozen, staf, soort, **anders)
    assert Besluit.objects.count() == 0


def test_geen_besluit_zonder_artikel(staf: Staf) -> None:
    """The scheme names no article for a grant: then the officer does."""
    grondslag = [{"artikel": "artikel 4:25 Awb", "onderwerp": "plafond", "voor": ["plafond"]}]
    regeling = {**regeling_dict("artikel")["regeling"], "grondslag": grondslag}
    _, zaken = geloot(1, staf, sleutel="artikel", tabellen={"regeling": regeling})
    with pytest.raises(InvoerFout) as fout:
        stel_voor(zaken[0], staf)
    assert (fout.value.melding, fout.value.veld, Besluit.objects.count()) == ("Het artikel ontbreekt.", "artikel", 0)
    with pytest.raises(InvoerFout, match="Het artikel ontbreekt."):
        stel_voor(zaken[0], staf, artikel="de wet")
    assert stel_voor(zaken[0], staf, artikel=" artikel 9 ").artikel == "artikel 9"


@pytest.mark.parametrize(
    ("grond", "artikel"),
    [
        (
            Afwijzingsgrond.PLAFOND,
            "artikel 3 van de Kaderwet, artikel 4:25, tweede lid, van de Algemene wet bestuursrecht",
        ),
        (
            Afwijzingsgrond.ONJUIST,
            "artikel 3 van de Kaderwet, artikel 4:35, tweede lid, onder a, van de Algemene wet bestuursrecht",
        ),
    ],
)
def test_elke_grond_heeft_zijn_artikel(staf: Staf, grond: Afwijzingsgrond, artikel: str) -> None:
    aanvraag = maak_compleet(open_tijdvak(), staf.behandelaar)
    assert stel_voor(aanvraag, staf, A, grond=grond).artikel == artikel


@pytest.mark.parametrize("veld", ["motivering", "artikel"])
def test_de_database_eist_grond_en_artikel_bij_ondertekening(staf: Staf, gekozen: Aanvraag, veld: str) -> None:
    besluit = stel_voor(gekozen, staf)
    Besluit.objects.filter(pk=besluit.pk).update(**{veld: ""})
    with pytest.raises(IntegrityError), transaction.atomic():
        onderteken(besluit, staf)
    assert vers(besluit).status == "voorgesteld"


def zet_toets(aanvraag: Aanvraag, uitkomst: Toetsuitkomst) -> Toets:
    return Toets.objects.create(
        aanvraag=aanvraag,
        code="proef",
        naam="Proeftoets",
        soort=Toetssoort.INHOUD,
        uitkomst=uitkomst,
        uitleg="x",
        versie="1",
        op=NA,
    )


@pytest.mark.parametrize("uitkomst", [Toetsuitkomst.HANDMATIG, Toetsuitkomst.VOLDOET_NIET])
def test_geen_verlening_terwijl_een_toets_niet_goed_is(staf: Staf, gekozen: Aanvraag, uitkomst: Toetsuitkomst) -> None:
    toets = zet_toets(gekozen, uitkomst)
    with pytest.raises(OvergangFout) as fout:
        stel_voor(gekozen, staf)
    assert (fout.value.code, "Proeftoets" in fout.value.melding) == ("toetsen-open", True)
    toets_beoordelen(toets=toets, oordeel=Toetsuitkomst.VOLDOET, reden="Gezien", actor=staf.behandelaar, op=BESLUIT)
    assert stel_voor(gekozen, staf).status == "voorgesteld"


# --- When a decision is possible --------------------------------------------------------------------------------


@pytest.mark.parametrize("soort", list(Besluitsoort))
def test_bij_elke_stand_hoort_een_besluit(staf: Staf, soort: Besluitsoort) -> None:
    """Received, in hand: nothing; complete: refusal; selected: grant, or refusal after all."""
    mogelijk = {Status.COMPLEET: {A}, Status.GESELECTEERD: {V, A}}
    tijdvak = open_tijdvak()
    ingediend = maak_ingediend(tijdvak)
    zaken = [
        ingediend,
        in_behandeling_nemen(aanvraag=maak_ingediend(tijdvak), actor=staf.behandelaar, op=NA),
        maak_compleet(tijdvak, staf.behandelaar),
        geloot(1, staf)[1][0],
    ]
    for zaak in zaken:
        opties = {"grond": Afwijzingsgrond.DOELGROEP if soort == A else None}
        if soort == BB and zaak.status == Status.IN_BEHANDELING:
            with pytest.raises(OvergangFout, match="Wacht tot de termijn voorbij is"):  # no term was given
                stel_voor(zaak, staf, soort)
        elif soort in mogelijk.get(Status(zaak.status), set()):
            assert stel_voor(zaak, staf, soort, **opties).soort == soort
        else:
            with pytest.raises(OvergangFout, match="hoort geen besluit"):
                stel_voor(zaak, staf, soort, **opties)


def test_afwijzen_kan_ook_vanaf_niet_geselecteerd(staf: Staf) -> None:
    tijdvak, zaken = geloot(2, staf, plafond=1000, tabellen=tabel("verdeling", reservelijst=False))
    besluit = besluit_op(zaken[1], A, staf, grond=Afwijzingsgrond.PLAFOND)
    assert (vers(zaken[1]).status, besluit.bedrag) == (Status.AFGEWEZEN, None)
    assert tijdvak.plafonds.get(code="*").gereserveerd == 1000


def test_hetzelfde_besluit_wordt_een_keer_voorgesteld(staf: Staf, gekozen: Aanvraag) -> None:
    besluit = stel_voor(gekozen, staf)
    with pytest.raises(OvergangFout, match="Er is al een besluit voorgesteld."):
        stel_voor(gekozen, staf)
    with pytest.raises(IntegrityError), transaction.atomic():
        Besluit.objects.create(aanvraag=gekozen, soort=V, bedrag=1, artikel="x", motivering="y")
    assert Besluit.objects.get() == besluit


# --- Not treated (R3, R4) ---------------------------------------------------------------------------------------

#: Asked on 1 April 2026 with 14 days: the term ends on 15 April, the four weeks on 13 May.
VRAAG = datetime(2026, 4, 1, 10, 0, tzinfo=UTC)


def dag(maand: int, nummer: int) -> datetime:
    return datetime(2026, maand, nummer, 10, 0, tzinfo=UTC)


@pytest.fixture
def onvolledig(staf: Staf) -> Aanvraag:
    aanvraag = in_behandeling_nemen(aanvraag=maak_ingediend(open_tijdvak()), actor=staf.behandelaar, op=NA)
    aanvulling_vragen(aanvraag=aanvraag, onderdelen=["Plan"], termijn_dagen=14, actor=staf.behandelaar, op=VRAAG)
    return vers(aanvraag)


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (dag(4, 2), "termijn-loopt"),
        (dag(4, 15), "termijn-loopt"),
        (dag(4, 16), None),
        (dag(5, 13), None),
        (dag(5, 14), "te-laat"),
    ],
)
def test_niet_behandelen_kan_alleen_na_de_termijn_en_binnen_vier_weken(
    staf: Staf, onvolledig: Aanvraag, moment: datetime, code: str | None
) -> None:
    if code is None:
        besluit = stel_voor(onvolledig, staf, BB, op=moment)
        assert besluit.artikel == "artikel 3 van de Kaderwet, artikel 4:5 van de Algemene wet bestuursrecht"
        verzend(onderteken(besluit, staf), staf, moment)
        assert vers(onvolledig).status == Status.BUITEN_BEHANDELING
        return
    with pytest.raises(OvergangFout) as fout:
        stel_voor(onvolledig, staf, BB, op=moment)
    assert fout.value.code == code


def test_de_vier_weken_gaan_over_de_verzending(staf: Staf, onvolledig: Aanvraag) -> None:
    """R4: announced within four weeks. Proposed in time and sent too late is too late."""
    besluit = onderteken(stel_voor(onvolledig, staf, BB, op=dag(5, 12)), staf)
    with pytest.raises(OvergangFout) as fout:
        verzend(besluit, staf, dag(5, 14))
    assert fout.value.code == "te-laat"
    assert (vers(besluit).status, vers(onvolledig).status) == ("ondertekend", Status.AANVULLING_GEVRAAGD)
    assert verzend(besluit, staf, dag(5, 13)).status == "verzonden"


def test_wie_op_tijd_antwoordt_wordt_behandeld(staf: Staf, onvolledig: Aanvraag) -> None:
    """R3: also when the worker marked the term as lapsed a second before the answer was handled."""
    aanvullingen_laten_verlopen(op=dag(4, 16))
    besluit = onderteken(stel_voor(onvolledig, staf, BB, op=dag(4, 16)), staf)
    aanvulling_beantwoorden(
        aanvulling=onvolledig.aanvullingen.get(), antwoord="Hier", actor=maak_gebruiker(), op=dag(4, 15)
    )
    with pytest.raises(OvergangFout):
        verzend(besluit, staf, dag(4, 17))
    assert vers(onvolledig).status == Status.IN_BEHANDELING


def test_zonder_verzoek_om_aanvulling_geen_buiten_behandeling(staf: Staf) -> None:
    """The state alone is not enough: there must be a request with a term."""
    aanvraag = in_behandeling_nemen(aanvraag=maak_ingediend(open_tijdvak()), actor=staf.behandelaar, op=NA)
    overgang_toepassen(aanvraag, "aanvulling_vragen", actor=staf.behandelaar, op=VRAAG)
    with pytest.raises(OvergangFout) as fout:
        stel_voor(aanvraag, staf, BB, op=dag(5, 1))
    assert fout.value.code == "termijn-loopt"


def test_een_verzoek_dat_niet_aankwam_telt_niet(staf: Staf, onvolledig: Aanvraag) -> None:
    """R3: the applicant must have been given the chance. A message that failed for good was no chance."""
    bericht = Postbusbericht.objects.get(sleutel=f"aanvulling-{onvolledig.aanvullingen.get().pk}")
    Bericht.objects.filter(sleutel=f"notificatie-{bericht.pk}").update(status="mislukt")
    with pytest.raises(OvergangFout) as fout:
        stel_voor(onvolledig, staf, BB, op=dag(4, 20))
    assert fout.value.code == "verzoek-niet-aangekomen"


@pytest.mark.parametrize(
    ("moment", "code"), [(dag(4, 10), None), (dag(5, 8), None), (dag(5, 9), "te-laat"), (dag(5, 13), "te-laat")]
)
def test_een_onvoldoende_antwoord_kan_ook_tot_niet_behandelen_leiden(
    staf: Staf, onvolledig: Aanvraag, moment: datetime, code: str | None
) -> None:
    """R4: within four weeks after the answer (10 April), also when the term itself ran on to 15 April."""
    aanvulling_beantwoorden(
        aanvulling=onvolledig.aanvullingen.get(), antwoord="Heb ik niet", actor=maak_gebruiker(), op=dag(4, 10)
    )
    zaak = vers(onvolledig)
    assert zaak.status == Status.IN_BEHANDELING
    if code is None:
        verzend(onderteken(stel_voor(zaak, staf, BB, op=moment), staf), staf, moment)
        assert vers(zaak).status == Status.BUITEN_BEHANDELING
        return
    with pytest.raises(OvergangFout) as fout:
        stel_voor(zaak, staf, BB, op=moment)
    assert (fout.value.code, fout.value.actie) == (code, "Neem een inhoudelijk besluit.")


def test_wie_de_zaak_eerder_had_ondertekent_niet(staf: Staf, onvolledig: Aanvraag) -> None:
    """Four eyes also after a hand-over: a former officer of the case does not sign."""
    eerder = maak_gebruiker(Rol.BEHANDELAAR, Rol.BESLISSER)
    opties = {"aanvraag": onvolledig, "reden": "Ziek"}
    zaak_overdragen(naar=eerder, actor=staf.behandelaar, op=dag(4, 2), **opties)
    zaak_overnemen(aanvraag=vers(onvolledig), reden="Terug", actor=staf.behandelaar, op=dag(4, 3))
    besluit = stel_voor(vers(onvolledig), staf, BB, op=dag(4, 16))
    with pytest.raises(RechtenFout) as fout:
        besluit_ondertekenen(besluit=besluit, actor=eerder, op=dag(4, 16))
    assert fout.value.code == "vier-ogen"
    assert besluit_ondertekenen(besluit=besluit, actor=staf.beslisser, op=dag(4, 16)).status == "ondertekend"


# --- Four eyes and roles ----------------------------------------------------------------------------------------


def test_wie_voorstelt_of_behandelt_ondertekent_niet(staf: Staf, gekozen: Aanvraag) -> None:
    alleskunner = maak_gebruiker(Rol.BEHANDELAAR, Rol.BESLISSER)
    besluit = stel_voor(gekozen, staf, actor=alleskunner)
    with pytest.raises(RechtenFout) as fout:
        besluit_ondertekenen(besluit=besluit, actor=alleskunner, op=BESLUIT)
    assert fout.value.code == "vier-ogen"
    Aanvraag.objects.filter(pk=gekozen.pk).update(behandelaar=staf.beslisser)
    with pytest.raises(RechtenFout):
        besluit_ondertekenen(besluit=besluit, actor=staf.beslisser, op=BESLUIT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Besluit.objects.filter(pk=besluit.pk).update(ondertekend_door=alleskunner)
    assert besluit_ondertekenen(besluit=besluit, actor=staf.beslisser2, op=BESLUIT).status == "ondertekend"


def test_niemand_beslist_over_de_eigen_organisatie(staf: Staf, gekozen: Aanvraag) -> None:
    besluit = stel_voor(gekozen, staf)
    machtiging_verlenen(
        organisatie=gekozen.organisatie,
        gebruiker=staf.beslisser,
        soort=Machtigingsoort.BEHEERDER,
        actor=None,
        op=VOOR,
    )
    with pytest.raises(RechtenFout, match="U handelt zelf voor deze aanvrager"):
        besluit_ondertekenen(besluit=besluit, actor=staf.beslisser, op=BESLUIT)
    assert vers(besluit).status == "voorgesteld"


def test_andere_rollen_beslissen_niet(staf: Staf, gekozen: Aanvraag) -> None:
    besluit = stel_voor(gekozen, staf)
    for rol in Rol:
        actor = maak_gebruiker(rol)
        if rol != Rol.BESLISSER:
            with pytest.raises(RechtenFout, match="Dit mag alleen een beslisser."):
                besluit_ondertekenen(besluit=besluit, actor=actor, op=BESLUIT)
        if rol not in {Rol.BEHANDELAAR, Rol.BESLISSER}:
            with pytest.raises(RechtenFout):
                besluit_verzenden(besluit=besluit, actor=actor, op=BESLUIT)
            with pytest.raises(RechtenFout):
                besluit_terugnemen(besluit=besluit, reden="x", actor=actor, op=BESLUIT)
        if rol != Rol.BEHANDELAAR:
            with pytest.raises(RechtenFout):
                stel_voor(gekozen, staf, actor=actor)
    assert vers(besluit).status == "voorgesteld"


# --- Taking back, and what is fixed -----------------------------------------------------------------------------


def test_terugnemen_en_beter_voorstellen(staf: Staf, gekozen: Aanvraag) -> None:
    besluit = stel_voor(gekozen, staf)
    with pytest.raises(InvoerFout, match="De reden ontbreekt."):
        besluit_terugnemen(besluit=besluit, reden=" ", actor=staf.beslisser, op=BESLUIT)
    besluit = besluit_terugnemen(besluit=besluit, reden="Te kort", actor=staf.beslisser, op=BESLUIT)
    assert besluit.status == "concept"
    opnieuw = stel_voor(gekozen, staf, motivering="Beter uitgelegd.")
    assert (opnieuw.pk, opnieuw.motivering, opnieuw.status) == (besluit.pk, "Beter uitgelegd.", "voorgesteld")


def test_na_ondertekening_is_er_geen_weg_terug(staf: Staf, gekozen: Aanvraag) -> None:
    """No service changes a signed decision: taking back and proposing again are refused, in every later state."""
    besluit = onderteken(stel_voor(gekozen, staf), staf)
    for _ in range(2):
        voor = Besluit.objects.filter(pk=besluit.pk).values().get()
        with pytest.raises(OvergangFout):
            besluit_terugnemen(besluit=besluit, reden="Toch niet", actor=staf.beslisser, op=BESLUIT)
        with pytest.raises(OvergangFout):
            stel_voor(gekozen, staf, motivering="Iets anders")
        with pytest.raises(OvergangFout):
            besluit_ondertekenen(besluit=besluit, actor=staf.beslisser2, op=BESLUIT)
        assert Besluit.objects.filter(pk=besluit.pk).values().get() == voor
        if voor["status"] == "ondertekend":
            verzend(besluit, staf)
    assert sorted(n for n, f in inspect.getmembers(besluitdienst, inspect.isfunction) if n.startswith("besluit_")) == [
        "besluit_ondertekenen",
        "besluit_terugnemen",
        "besluit_verzenden",
        "besluit_voorstellen",
    ]


@pytest.mark.parametrize(
    ("veld", "waarde"),
    [
        ("motivering", "Iets anders."),
        ("artikel", "artikel 99"),
        ("bedrag", 999),
        ("grond", "plafond"),
        ("soort", "afwijzing"),
        ("plafondstand", {}),
        ("voorgesteld_op", NA),
        ("ondertekend_op", NA),
        ("ondertekend_door", None),
        ("voorgesteld_door", None),
    ],
)
def test_de_database_houdt_een_ondertekend_besluit_vast(staf: Staf, gekozen: Aanvraag, veld: str, waarde: Any) -> None:
    """From the signature on, before and after sending; what is filled in by sending still can be."""
    besluit = stel_voor(gekozen, staf)
    Besluit.objects.filter(pk=besluit.pk).update(motivering="Nog te wijzigen.")
    besluit = onderteken(besluit, staf)
    for _ in range(2):
        voor = Besluit.objects.filter(pk=besluit.pk).values(veld).get()
        with pytest.raises(IntegrityError, match="dit ligt vast"), transaction.atomic():
            Besluit.objects.filter(pk=besluit.pk).update(**{veld: waarde})
        assert Besluit.objects.filter(pk=besluit.pk).values(veld).get() == voor
        if vers(besluit).status == "ondertekend":
            verzend(besluit, staf)


def test_wie_een_oude_tekst_las_ondertekent_niet(staf: Staf, gekozen: Aanvraag) -> None:
    """Opened, then taken back and proposed anew with another text: the signature is for what was read."""
    gelezen = BESLUIT + timedelta(minutes=5)
    besluit = stel_voor(gekozen, staf)
    besluit_terugnemen(besluit=besluit, reden="Beter", actor=staf.behandelaar, op=gelezen)
    stel_voor(gekozen, staf, motivering="Heel andere tekst.", op=gelezen + timedelta(minutes=5))
    opties: dict[str, Any] = {"besluit": besluit, "actor": staf.beslisser, "op": gelezen + timedelta(minutes=6)}
    with pytest.raises(OvergangFout, match="opnieuw voorgesteld nadat u het opende"):
        besluit_ondertekenen(gelezen_op=gelezen, **opties)
    assert besluit_ondertekenen(gelezen_op=opties["op"], **opties).motivering == "Heel andere tekst."


def test_een_toets_die_na_het_voorstel_omslaat_houdt_de_verlening_tegen(staf: Staf, gekozen: Aanvraag) -> None:
    toets = zet_toets(gekozen, Toetsuitkomst.VOLDOET)
    besluit = stel_voor(gekozen, staf)
    nee: dict[str, Any] = {"toets": toets, "reden": "Toch niet", "actor": staf.behandelaar, "op": BESLUIT}
    toets_beoordelen(oordeel=Toetsuitkomst.VOLDOET_NIET, **nee)
    with pytest.raises(OvergangFout, match="Proeftoets"):
        onderteken(besluit, staf)
    toets_beoordelen(oordeel=Toetsuitkomst.VOLDOET, **nee)
    besluit = onderteken(besluit, staf)
    toets_beoordelen(oordeel=Toetsuitkomst.VOLDOET_NIET, **nee)
    with pytest.raises(OvergangFout, match="Proeftoets"):
        verzend(besluit, staf)
    assert (vers(besluit).status, vers(gekozen).status) == ("ondertekend", Status.GESELECTEERD)


def test_verzenden_kan_niet_zonder_handtekening(staf: Staf, gekozen: Aanvraag) -> None:
    besluit = stel_voor(gekozen, staf)
    with pytest.raises(OvergangFout, match="heeft nu de status “Voorgesteld”"):
        verzend(besluit, staf)
    assert (vers(gekozen).status, Boeking.objects.filter(soort="verlening").count()) == (Status.GESELECTEERD, 0)


def test_een_vaststelling_gaat_niet_langs_deze_weg(staf: Staf, gekozen: Aanvraag) -> None:
    besluit = Besluit.objects.create(
        aanvraag=gekozen, soort=Besluitsoort.VASTSTELLING, bedrag=1, artikel="x", motivering="y"
    )
    with pytest.raises(InvoerFout, match="Een besluit “Vaststelling” wordt op een andere manier verzonden."):
        verzend(besluit, staf)


# --- The term to object (R20) -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verzonden", "tot"),
    [
        (date(2026, 4, 3), date(2026, 5, 18)),
        (date(2026, 3, 24), date(2026, 5, 6)),
        (date(2026, 11, 13), date(2026, 12, 28)),
        (date(2026, 4, 7), date(2026, 5, 19)),
        (date(2026, 8, 12), date(2026, 9, 23)),
    ],
)
def test_bezwaartermijn(verzonden: date, tot: date) -> None:
    """Send date + 42 days, rolled over weekends, holidays and days on a par with them."""
    assert bezwaartermijn(verzonden) == tot


def test_de_bezwaartermijn_begint_op_de_nederlandse_dag(staf: Staf, gekozen: Aanvraag) -> None:
    """Sent at 22:30 UTC on 6 April: here it is half past midnight on the 7th."""
    besluit = onderteken(stel_voor(gekozen, staf), staf)
    besluit = verzend(besluit, staf, datetime(2026, 4, 6, 22, 30, tzinfo=UTC))
    assert besluit.bezwaar_tot == bezwaartermijn(date(2026, 4, 7))
