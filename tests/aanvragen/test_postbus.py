"""The inbox: who gets a notice, what stands in it, the post list, undelivered notices, templates, hand-over (R46)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aanvragen.berichtteksten import TEKSTEN
from aanvragen.enums import Machtigingsoort, Status
from aanvragen.models import Aanvraag, Machtiging, Postbusbericht
from aanvragen.selectors import ongelezen_aantal
from aanvragen.services.behandeling import aanvulling_vragen, in_behandeling_nemen
from aanvragen.services.organisatie import machtiging_verlenen
from aanvragen.services.overdracht import (
    alles_overdragen,
    heeft_behandeld,
    in_hand_sinds,
    zaak_overdragen,
    zaak_overnemen,
)
from aanvragen.services.post import bericht_posten
from aanvragen.services.postbus import (
    bericht_lezen,
    bericht_plaatsen,
    is_aangekomen,
    onbestelbare_volgen,
    vul_in,
)
from aanvragen.services.sjablonen import sjabloon_in_gebruik_nemen, sjabloon_maken, sjabloon_voorbeeld
from kern.enums import Berichtsoort, Berichtstatus, Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Bericht, Gebruiker, LogRegel
from kern.services.voorkeuren import voorkeuren_bewaren, voorkeuren_van
from kern.voorkeuren import KEUZES_AANVRAGER, OFFICIEEL
from regeling.models import Regeling
from tests.factories.ronde import NA, VOOR, maak_gebruiker, maak_ingediend, maak_staf, open_tijdvak, vers

pytestmark = pytest.mark.django_db
VRAAG = {"code": "aanvulling_verlengd", "velden": {"termijn_tot": "1 mei 2026", "reden": "Daarom."}, "op": NA}


@pytest.fixture
def zaak() -> Aanvraag:
    return maak_ingediend(open_tijdvak())


def gemachtigde(zaak: Aanvraag, **keuzes: bool) -> Gebruiker:
    persoon = maak_gebruiker()
    machtiging_verlenen(
        organisatie=zaak.organisatie, gebruiker=persoon, soort=Machtigingsoort.MEDEWERKER, actor=None, op=VOOR
    )
    if keuzes:
        soorten = {Berichtsoort(soort): aan for soort, aan in keuzes.items()}
        voorkeuren_bewaren(gebruiker=persoon, keuzes=soorten, actor=persoon, op=VOOR)
    return persoon


def plaats(zaak: Aanvraag, sleutel: str = "proef-1", **anders: Any) -> Postbusbericht:
    return bericht_plaatsen(aanvraag=vers(zaak), sleutel=sleutel, **{**VRAAG, **anders})


def adressen(bericht: Postbusbericht) -> list[str]:
    return sorted(Bericht.objects.filter(sleutel__startswith=f"notificatie-{bericht.pk}").values_list("aan", flat=True))


def test_wie_instemt_krijgt_een_notificatie_zonder_inhoud(zaak: Aanvraag) -> None:
    """Express consent per kind (Awb 2:8): the contact address gave it, a colleague only by a choice for this kind."""
    ja, nee = gemachtigde(zaak, aanvulling=True), gemachtigde(zaak, aanvulling=False)
    zonder, ander = gemachtigde(zaak), gemachtigde(zaak, besluit=True)
    weg = gemachtigde(zaak, aanvulling=True)
    weg.machtigingen.update(ingetrokken_op=NA)
    bericht = plaats(zaak)
    assert adressen(bericht) == sorted(["contact@proef.example", ja.email])
    assert {nee.email, zonder.email, ander.email, weg.email} & set(adressen(bericht)) == set()
    for mail in Bericht.objects.filter(sleutel__startswith=f"notificatie-{bericht.pk}"):
        for geheim in (zaak.kenmerk, zaak.organisatie.naam, "1 mei 2026", "aanvullen"):
            assert geheim not in mail.onderwerp + mail.tekst
    assert "1 mei 2026" in bericht.tekst
    assert (plaats(zaak).pk, len(adressen(bericht))) == (bericht.pk, 2)  # once per key


def test_de_contactpersoon_kan_nee_zeggen(zaak: Aanvraag) -> None:
    contact = gemachtigde(zaak)
    Gebruiker.objects.filter(pk=contact.pk).update(email=zaak.contact_email)
    contact = vers(contact)
    assert adressen(plaats(zaak)) == [zaak.contact_email]
    voorkeuren_bewaren(gebruiker=contact, keuzes={Berichtsoort.AANVULLING: False}, actor=contact, op=NA)
    assert adressen(plaats(zaak, "proef-2")) == []
    regel = LogRegel.objects.get(keten=f"gebruiker:{contact.pk}", handeling="berichtvoorkeuren_bewaren")
    assert regel.gegevens == {"aanvulling": False}


def test_zonder_keuze_is_officiele_post_niet_per_email() -> None:
    persoon = maak_gebruiker()
    assert {soort for soort, aan in voorkeuren_van(persoon, KEUZES_AANVRAGER).items() if aan} == {
        Berichtsoort.HERINNERING
    }
    assert all(voorkeuren_van(persoon, KEUZES_AANVRAGER, is_contact=True).values())
    assert Berichtsoort.BESLUIT in OFFICIEEL


def test_wie_post_wil_krijgt_post_en_geen_notificatie(zaak: Aanvraag) -> None:
    zaak.correspondentie = "post"
    zaak.save(update_fields=["correspondentie"])
    bericht = plaats(zaak)
    assert (bericht.per_post, adressen(bericht), is_aangekomen(bericht)) == (True, [], False)
    actor = maak_gebruiker(Rol.BEHANDELAAR)
    bericht = bericht_posten(bericht=bericht, actor=actor, op=NA)
    assert (bericht.gepost_op, bericht.gepost_door, is_aangekomen(bericht)) == (NA, actor, True)
    assert bericht_posten(bericht=bericht, actor=maak_gebruiker(Rol.BEHANDELAAR), op=NA).gepost_door == actor


@pytest.mark.parametrize("status", [Berichtstatus.MISLUKT, Berichtstatus.ONBESTELBAAR])
def test_een_officieel_bericht_dat_niet_aankomt_gaat_op_de_post(zaak: Aanvraag, status: Berichtstatus) -> None:
    bericht = plaats(zaak)
    assert (onbestelbare_volgen(op=NA), vers(bericht).per_post) == (0, False)
    Bericht.objects.filter(sleutel=f"notificatie-{bericht.pk}").update(status=status)
    assert not is_aangekomen(bericht)
    assert (onbestelbare_volgen(op=NA), onbestelbare_volgen(op=NA), vers(bericht).per_post) == (1, 0, True)
    assert LogRegel.objects.filter(keten=f"aanvraag:{zaak.pk}", handeling="bericht_onbestelbaar").count() == 1


def test_gelezen_of_elders_aangekomen_hoeft_niet_op_de_post(zaak: Aanvraag) -> None:
    collega = gemachtigde(zaak, aanvulling=True)
    bericht, gelezen = plaats(zaak), plaats(zaak, "proef-2")
    Bericht.objects.filter(aan=zaak.contact_email).update(status=Berichtstatus.ONBESTELBAAR)
    Bericht.objects.filter(aan=collega.email).update(status=Berichtstatus.VERZONDEN, verzonden_op=NA)
    Bericht.objects.filter(sleutel=f"notificatie-{gelezen.pk}-{collega.pk}").update(status=Berichtstatus.ONBESTELBAAR)
    bericht_lezen(bericht=gelezen, actor=collega, op=NA)
    ontvangst = Postbusbericht.objects.get(sleutel=f"ontvangst-{zaak.pk}")
    assert onbestelbare_volgen(op=NA) == 1
    assert [vers(b).per_post for b in (bericht, gelezen, ontvangst)] == [False, False, True]


@pytest.mark.parametrize("grens", ["regeling", "vestiging"])
def test_een_machtiging_met_een_grens_leest_alleen_wat_zij_dekt(zaak: Aanvraag, grens: str) -> None:
    """An intermediary for one scheme or one branch has no business with messages about another (R67, R92)."""
    plaats(zaak)
    regeling = zaak.tijdvak.regelingversie.regeling
    andere = Regeling.objects.create(sleutel="andere", naam="Andere regeling")
    binnen, buiten = gemachtigde(zaak), gemachtigde(zaak)
    assert {ongelezen_aantal(binnen), ongelezen_aantal(buiten)} == {2}  # the receipt and this one
    if grens == "regeling":
        Machtiging.objects.filter(gebruiker=binnen).update(regeling=regeling)
        Machtiging.objects.filter(gebruiker=buiten).update(regeling=andere)
    else:
        Aanvraag.objects.filter(pk=zaak.pk).update(vestigingsnummer="000012345678")
        Machtiging.objects.filter(gebruiker=binnen).update(vestigingsnummer="000012345678")
        Machtiging.objects.filter(gebruiker=buiten).update(vestigingsnummer="000099999999")
    assert ongelezen_aantal(binnen) == 2
    assert ongelezen_aantal(buiten) == 0


def test_lezen_telt_een_keer_per_persoon(zaak: Aanvraag) -> None:
    een, twee = gemachtigde(zaak), gemachtigde(zaak)
    bericht = Postbusbericht.objects.get(sleutel=f"ontvangst-{zaak.pk}")
    assert (ongelezen_aantal(een), ongelezen_aantal(maak_gebruiker())) == (1, 0)
    eerste = bericht_lezen(bericht=bericht, actor=een, op=NA)
    assert bericht_lezen(bericht=bericht, actor=een, op=NA + timedelta(days=1)).op == eerste.op
    assert (ongelezen_aantal(een), ongelezen_aantal(twee)) == (0, 1)
    assert LogRegel.objects.filter(keten=f"aanvraag:{zaak.pk}", handeling="bericht_lezen").count() == 1


def test_een_bericht_kost_een_vast_aantal_queries(zaak: Aanvraag) -> None:
    """The simulator sends thousands: the number does not grow with the people of an organisation."""
    aanvraag = Aanvraag.objects.select_related("organisatie", "tijdvak__regelingversie").get(pk=zaak.pk)
    aantallen = []
    for nr in range(2):
        gemachtigde(zaak, aanvulling=True)
        with CaptureQueriesContext(connection) as vangst:
            bericht_plaatsen(aanvraag=aanvraag, sleutel=f"tel-{nr}", **VRAAG)
        aantallen.append(len(vangst))
    assert aantallen[0] == aantallen[1] <= 12


# --- Templates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(TEKSTEN))
def test_elke_tekst_gebruikt_alleen_bekende_velden(code: str) -> None:
    tekst = TEKSTEN[code]
    assert set(tekst.voorbeeld) == set(tekst.velden)
    onderwerp, inhoud = sjabloon_voorbeeld(code=code, onderwerp=tekst.onderwerp, tekst=tekst.tekst)
    assert "{" not in onderwerp + inhoud
    assert tekst.wanneer


def maak_sjabloon(
    actor: Gebruiker, tekst: str = "Beste {organisatie}: {reden} Tot {termijn_tot}.", **anders: Any
) -> Any:
    opties = {"code": "aanvulling_verlengd", "regeling": None, "onderwerp": "Meer tijd voor {kenmerk}", **anders}
    return sjabloon_maken(tekst=tekst, actor=actor, op=NA, **opties)


def test_een_sjabloon_geldt_pas_als_een_ander_het_in_gebruik_neemt(zaak: Aanvraag) -> None:
    schrijver, tweede = maak_gebruiker(Rol.BEHEERDER), maak_gebruiker(Rol.BEHEERDER)
    sjabloon = maak_sjabloon(schrijver)
    assert plaats(zaak, "a").sjabloon == "aanvulling_verlengd"
    with pytest.raises(RechtenFout) as fout:
        sjabloon_in_gebruik_nemen(sjabloon=sjabloon, actor=schrijver, op=NA)
    assert fout.value.code == "vier-ogen"
    sjabloon_in_gebruik_nemen(sjabloon=sjabloon, actor=tweede, op=NA)
    bericht = plaats(zaak, "b")
    assert (bericht.onderwerp, bericht.tekst, bericht.sjabloon) == (
        f"Meer tijd voor {zaak.kenmerk}",
        f"Beste {zaak.organisatie.naam}: Daarom. Tot 1 mei 2026.\n",
        "aanvulling_verlengd versie 1",
    )
    regeling = zaak.tijdvak.regelingversie.regeling
    eigen = maak_sjabloon(schrijver, "Voor deze regeling.", regeling=regeling)
    sjabloon_in_gebruik_nemen(sjabloon=eigen, actor=tweede, op=NA)
    nieuwer = maak_sjabloon(schrijver, "Versie twee.")
    sjabloon_in_gebruik_nemen(sjabloon=nieuwer, actor=tweede, op=NA)
    assert (plaats(zaak, "c").tekst, nieuwer.versie) == ("Voor deze regeling.\n", 2)
    assert plaats(zaak, "b").tekst.startswith("Beste ")  # what was sent does not change
    elders = maak_ingediend(open_tijdvak())
    assert plaats(elders, "d").tekst == "Versie twee.\n"
    with pytest.raises(OvergangFout):
        sjabloon_in_gebruik_nemen(sjabloon=nieuwer, actor=tweede, op=NA)


@pytest.mark.parametrize(
    ("anders", "veld"),
    [({"tekst": "Beste {klant}"}, "tekst"), ({"onderwerp": "{bedrag}"}, "onderwerp"), ({"tekst": "  "}, "tekst")],
)
def test_een_onbekend_veld_wordt_geweigerd(anders: dict[str, str], veld: str) -> None:
    with pytest.raises(InvoerFout) as fout:
        maak_sjabloon(maak_gebruiker(Rol.BEHEERDER), **anders)
    assert fout.value.veld == veld
    if "{" in anders[veld]:
        assert "maar die naam is er niet" in fout.value.melding
        assert "kenmerk" in fout.value.actie


def test_een_waarde_wordt_nooit_als_veld_gelezen() -> None:
    assert vul_in("{titel} {kenmerk}", {"titel": "{kenmerk}", "kenmerk": "K-1"}) == "{kenmerk} K-1"


# --- Who has it in hand -----------------------------------------------------------------------------------------


def test_overnemen_en_overdragen_met_reden(zaak: Aanvraag) -> None:
    staf = maak_staf()
    opties: dict[str, Any] = {"reden": "Vakantie", "op": NA + timedelta(days=1)}
    with pytest.raises(OvergangFout, match="Neem een nieuwe zaak eerst in behandeling"):
        zaak_overnemen(aanvraag=zaak, actor=staf.behandelaar, **opties)
    in_hand = in_behandeling_nemen(aanvraag=zaak, actor=staf.behandelaar, op=NA)
    assert in_hand_sinds([zaak.pk]) == {zaak.pk: NA}
    nu = zaak_overnemen(aanvraag=in_hand, actor=staf.behandelaar2, **opties)
    assert (nu.behandelaar, nu.versie, in_hand_sinds([zaak.pk])[zaak.pk]) == (
        staf.behandelaar2,
        in_hand.versie + 1,
        opties["op"],
    )
    with pytest.raises(OvergangFout, match="heeft deze zaak al in hand"):
        zaak_overnemen(aanvraag=nu, actor=staf.behandelaar2, **opties)
    nu = zaak_overdragen(aanvraag=nu, naar=staf.behandelaar, actor=staf.behandelaar2, **opties)
    assert (nu.behandelaar, nu.status) == (staf.behandelaar, Status.IN_BEHANDELING)
    for naar in (staf.beslisser, maak_gebruiker()):
        with pytest.raises(RechtenFout):
            zaak_overdragen(aanvraag=nu, naar=naar, actor=staf.behandelaar, **opties)
    with pytest.raises(InvoerFout, match="De reden ontbreekt."):
        zaak_overdragen(aanvraag=nu, naar=staf.behandelaar2, actor=staf.behandelaar, reden=" ", op=NA)
    assert [heeft_behandeld(nu, wie) for wie in (staf.behandelaar, staf.behandelaar2, staf.beslisser)] == [
        True,
        True,
        False,
    ]


def test_alles_van_een_afwezige_gaat_per_zaak_over(zaak: Aanvraag) -> None:
    staf, tijdvak = maak_staf(), zaak.tijdvak
    zaken = [in_behandeling_nemen(aanvraag=z, actor=staf.behandelaar, op=NA) for z in (zaak, maak_ingediend(tijdvak))]
    # The colleague acts for one of the applicants and cannot take that one.
    machtiging_verlenen(
        organisatie=zaken[0].organisatie,
        gebruiker=staf.behandelaar2,
        soort=Machtigingsoort.MEDEWERKER,
        actor=None,
        op=VOOR,
    )
    regels = alles_overdragen(
        van=staf.behandelaar, naar=staf.behandelaar2, reden="Ziek", actor=maak_gebruiker(Rol.BEHANDELAAR), op=NA
    )
    assert sorted((regel.kenmerk, regel.gelukt) for regel in regels) == [
        (zaken[0].kenmerk, False),
        (zaken[1].kenmerk, True),
    ]
    assert [vers(z).behandelaar for z in zaken] == [staf.behandelaar, staf.behandelaar2]


def test_een_verzoek_staat_in_de_postbus_met_de_lijst(zaak: Aanvraag) -> None:
    staf = maak_staf()
    in_behandeling_nemen(aanvraag=zaak, actor=staf.behandelaar, op=NA)
    aanvulling = aanvulling_vragen(
        aanvraag=zaak, onderdelen=["Een plan", "Een offerte"], termijn_dagen=14, actor=staf.behandelaar, op=NA
    )
    bericht = Postbusbericht.objects.get(sleutel=f"aanvulling-{aanvulling.pk}")
    assert "- Een plan\n- Een offerte\n" in bericht.tekst
    assert [item.titel for item in aanvulling.items.all()] == ["Een plan", "Een offerte"]
