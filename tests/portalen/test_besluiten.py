"""The lists of decisions: signing, sending and sending back, one by one and in bulk, with four eyes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from kern.enums import Rol
from kern.models import LogRegel
from kern.services.gebruikers import rol_toekennen
from kern.services.spoor import keten_van
from tests.factories.portaal_medewerker import (
    LATER,
    als,
    gecontroleerd,
    gelote_ronde,
    meldingen,
    op_moment,
    tekst,
    verleend,
)
from uitvoering.enums import Afwijzingsgrond, Besluitsoort, Besluitstatus
from uitvoering.models import Besluit, Betaling
from uitvoering.services.besluit import besluit_ondertekenen, besluit_terugnemen, besluit_voorstellen
from uitvoering.services.vaststelling import vaststelling_voorstellen

pytestmark = pytest.mark.django_db

LIJST = "/werk/besluiten/"
BULK = "/werk/besluiten/bulk/"


def stel_voor(ronde, zaak, soort=Besluitsoort.VERLENING, **velden) -> Besluit:
    gegevens = {"motivering": "Voldoet.", "actor": ronde.ploeg.behandelaar, "op": LATER, **velden}
    return besluit_voorstellen(aanvraag=zaak, soort=soort, **gegevens)


@pytest.fixture
def ronde():
    """Two proposed grants and a proposed refusal."""
    ronde = gelote_ronde(3)
    for zaak in ronde.zaken[:2]:
        stel_voor(ronde, zaak)
    stel_voor(ronde, ronde.zaken[2], Besluitsoort.AFWIJZING, grond=Afwijzingsgrond.PLAFOND)
    with op_moment(LATER):
        yield ronde


def besluit_van(zaak) -> Besluit:
    return Besluit.objects.get(aanvraag=zaak)


def stap(client, besluit, naam, **velden):
    gezien = besluit.voorgesteld_op.isoformat() if besluit.voorgesteld_op else ""
    return client.post(f"{LIJST}{besluit.pk}/{naam}/", {"gezien": gezien, **velden})


def bulk(client, handeling, besluiten, **velden):
    gegevens = {"handeling": handeling, "gekozen": [str(besluit.pk) for besluit in besluiten], **velden}
    return client.post(BULK, gegevens)


def soorten(antwoord) -> list[tuple[str, str]]:
    return sorted((besluit.aanvraag.kenmerk, besluit.soort) for besluit, _bezwaar in antwoord.context["rijen"])


def test_lists_per_stage_with_counts(ronde):
    antwoord = als(ronde.ploeg.beslisser).get(LIJST)
    assert [(str(stand["naam"]), stand["aantal"]) for stand in antwoord.context["standen"]] == [
        ("Te ondertekenen", 3),
        ("Te verzenden", 0),
        ("Verzonden", 0),
        ("Teruggestuurd", 0),
    ]
    assert len(soorten(antwoord)) == 3
    assert soorten(als(ronde.ploeg.beslisser).get(f"{LIJST}?stand=te-verzenden")) == []


def test_filters(ronde):
    client = als(ronde.ploeg.beslisser)
    zaak = ronde.zaken[2]
    assert soorten(client.get(f"{LIJST}?soort=afwijzing")) == [(zaak.kenmerk, "afwijzing")]
    assert soorten(client.get(f"{LIJST}?zoek={zaak.organisatie.naam}")) == [(zaak.kenmerk, "afwijzing")]
    assert soorten(client.get(f"{LIJST}?tijdvak={ronde.tijdvak.sleutel}&zoek={zaak.kenmerk}")) == [
        (zaak.kenmerk, "afwijzing")
    ]
    assert soorten(client.get(f"{LIJST}?tijdvak=onzin")) == []


def test_same_number_of_queries_for_one_and_three_rows(ronde, django_assert_num_queries):
    client = als(ronde.ploeg.beslisser)
    client.get(LIJST)
    with django_assert_num_queries(11):
        assert len(soorten(client.get(f"{LIJST}?soort=afwijzing"))) == 1
    with django_assert_num_queries(11):
        assert len(soorten(client.get(LIJST))) == 3


def test_the_page_shows_grounds_letter_and_ceiling(ronde):
    besluit = besluit_van(ronde.zaken[2])
    pagina = tekst(als(ronde.ploeg.beslisser).get(f"{LIJST}{besluit.pk}/"))
    for stuk in ("Het subsidieplafond is bereikt", besluit.artikel, "Wij wijzen uw aanvraag af", "resteert 0"):
        assert stuk in pagina


def test_signing(ronde):
    besluit = besluit_van(ronde.zaken[0])
    antwoord = stap(als(ronde.ploeg.beslisser), besluit, "ondertekenen")
    assert meldingen(antwoord) == ["U hebt het besluit ondertekend. Het geldt pas als het is verzonden."]
    besluit.refresh_from_db()
    assert (besluit.status, besluit.ondertekend_door) == (Besluitstatus.ONDERTEKEND, ronde.ploeg.beslisser)
    assert Aanvraag.objects.get(pk=ronde.zaken[0].pk).status == Status.GESELECTEERD


def test_four_eyes_are_explained_and_enforced(ronde):
    rol_toekennen(gebruiker=ronde.ploeg.behandelaar, rol=Rol.BESLISSER, op=LATER, actor=None)
    besluit = besluit_van(ronde.zaken[0])
    client = als(ronde.ploeg.behandelaar)
    scherm = client.get(f"{LIJST}{besluit.pk}/")
    assert scherm.context["vier_ogen"] == (
        "U stelde dit besluit zelf voor. Een andere beslisser moet het ondertekenen."
    )
    assert f"{besluit.pk}/ondertekenen/" not in scherm.content.decode()
    antwoord = stap(client, besluit, "ondertekenen")
    assert meldingen(antwoord)[0].startswith("Wie de aanvraag behandelt of het besluit voorstelt, ondertekent")
    besluit.refresh_from_db()
    assert besluit.status == Besluitstatus.VOORGESTELD


def test_who_handles_the_case_does_not_sign_what_a_colleague_proposed(ronde):
    besluit = besluit_van(ronde.zaken[0])
    Aanvraag.objects.filter(pk=ronde.zaken[0].pk).update(behandelaar=ronde.ploeg.beslisser)
    client = als(ronde.ploeg.beslisser)
    assert client.get(f"{LIJST}{besluit.pk}/").context["vier_ogen"] == (
        "U behandelt deze zaak zelf. Een andere beslisser moet het besluit ondertekenen."
    )
    stap(client, besluit, "ondertekenen")
    besluit.refresh_from_db()
    assert besluit.status == Besluitstatus.VOORGESTELD


def test_only_the_text_that_was_read_is_signed(ronde):
    besluit = besluit_van(ronde.zaken[0])
    gezien = besluit.voorgesteld_op.isoformat()
    besluit_terugnemen(besluit=besluit, reden="Anders.", actor=ronde.ploeg.behandelaar, op=LATER)
    stel_voor(ronde, ronde.zaken[0], motivering="Een andere tekst.", op=LATER + timedelta(minutes=1))
    antwoord = stap(als(ronde.ploeg.beslisser), besluit, "ondertekenen", gezien=gezien)
    assert meldingen(antwoord) == [
        "Dit besluit is opnieuw voorgesteld nadat u het opende. Lees de tekst en onderteken daarna."
    ]
    assert besluit_van(ronde.zaken[0]).status == Besluitstatus.VOORGESTELD


def test_signing_twice_says_what_happened(ronde):
    besluit = besluit_van(ronde.zaken[0])
    stap(als(ronde.ploeg.beslisser2), besluit, "ondertekenen")
    antwoord = stap(als(ronde.ploeg.beslisser), besluit, "ondertekenen")
    assert "heeft nu de status “Ondertekend”" in meldingen(antwoord)[0]
    assert besluit_van(ronde.zaken[0]).ondertekend_door == ronde.ploeg.beslisser2


def test_an_officer_does_not_sign(ronde):
    besluit = besluit_van(ronde.zaken[0])
    antwoord = stap(als(ronde.ploeg.behandelaar2), besluit, "ondertekenen")
    assert meldingen(antwoord)[0].startswith("Dit mag alleen een beslisser.")
    assert besluit_van(ronde.zaken[0]).status == Besluitstatus.VOORGESTELD


def test_sending_puts_a_grant_in_force(ronde):
    besluit = besluit_ondertekenen(besluit=besluit_van(ronde.zaken[0]), actor=ronde.ploeg.beslisser, op=LATER)
    antwoord = stap(als(ronde.ploeg.behandelaar), besluit, "verzenden")
    assert meldingen(antwoord) == ["Het besluit is verzonden. De aanvrager heeft bericht gekregen."]
    zaak = Aanvraag.objects.get(pk=ronde.zaken[0].pk)
    assert (zaak.status, zaak.voucher.bedrag) == (Status.VERLEEND, 1000)
    client = als(ronde.ploeg.auditor)
    scherm = client.get(f"{LIJST}{besluit.pk}/")
    assert scherm.context["brief"] is None
    pdf = client.get(f"/werk/zaken/{zaak.pk}/brieven/{besluit.pk}.pdf")
    assert b"".join(pdf.streaming_content)[:5] == b"%PDF-"
    html = client.get(f"/werk/zaken/{zaak.pk}/brieven/{besluit.pk}.html")
    assert "Wij verlenen u subsidie" in b"".join(html.streaming_content).decode()
    assert (html["Content-Security-Policy"], html.get("Content-Disposition")) == ("default-src 'none'; sandbox", None)


def test_sending_before_signing_is_refused(ronde):
    besluit = besluit_van(ronde.zaken[0])
    antwoord = stap(als(ronde.ploeg.behandelaar), besluit, "verzenden")
    assert "heeft nu de status “Voorgesteld”" in meldingen(antwoord)[0]
    assert Aanvraag.objects.get(pk=ronde.zaken[0].pk).status == Status.GESELECTEERD


def test_no_letter_before_sending(ronde):
    besluit = besluit_van(ronde.zaken[0])
    client = als(ronde.ploeg.auditor)
    assert client.get(f"/werk/zaken/{ronde.zaken[0].pk}/brieven/{besluit.pk}.html").status_code == 404
    assert client.get(f"/werk/zaken/{ronde.zaken[0].pk}/brieven/{besluit.pk}.pdf").status_code == 409
    assert client.get(f"/werk/zaken/{ronde.zaken[1].pk}/brieven/{besluit.pk}.pdf").status_code == 404


def test_a_settlement_is_sent_with_its_own_service():
    ronde = gelote_ronde(1)
    zaak = ronde.zaken[0]
    gecontroleerd(ronde, zaak, 2000)
    besluit = vaststelling_voorstellen(
        aanvraag=Aanvraag.objects.get(pk=zaak.pk), motivering="", actor=ronde.ploeg.behandelaar, op=LATER
    )
    besluit = besluit_ondertekenen(besluit=besluit, actor=ronde.ploeg.beslisser, op=LATER)
    with op_moment(LATER):
        stap(als(ronde.ploeg.behandelaar), besluit, "verzenden")
    zaak = Aanvraag.objects.get(pk=zaak.pk)
    assert (zaak.status, zaak.vastgesteld_bedrag, Betaling.objects.get().bedrag) == (Status.VASTGESTELD, 1000, 1000)


def test_sending_back_needs_a_reason(ronde):
    besluit = besluit_van(ronde.zaken[0])
    client = als(ronde.ploeg.beslisser)
    leeg = stap(client, besluit, "terugsturen", reden=" ")
    assert leeg.status_code == 400
    assert leeg.context["form"].errors == {"reden": ["Geef antwoord op de vraag “Wat moet er anders?”."]}
    assert besluit_van(ronde.zaken[0]).status == Besluitstatus.VOORGESTELD
    stap(client, besluit, "terugsturen", reden="Noem het artikel.")
    assert besluit_van(ronde.zaken[0]).status == Besluitstatus.CONCEPT
    regel = LogRegel.objects.filter(keten=keten_van(besluit)).order_by("-volgnr").first()
    assert (regel.handeling, regel.reden) == ("terugnemen", "Noem het artikel.")
    assert soorten(client.get(f"{LIJST}?stand=teruggestuurd")) == [(ronde.zaken[0].kenmerk, "verlening")]


def test_a_signed_decision_cannot_go_back(ronde):
    besluit = besluit_ondertekenen(besluit=besluit_van(ronde.zaken[0]), actor=ronde.ploeg.beslisser, op=LATER)
    antwoord = stap(als(ronde.ploeg.beslisser), besluit, "terugsturen", reden="Toch niet.")
    assert "heeft nu de status “Ondertekend”" in meldingen(antwoord)[0]
    assert besluit_van(ronde.zaken[0]).status == Besluitstatus.ONDERTEKEND


def test_unknown_step_and_unknown_decision(ronde):
    client = als(ronde.ploeg.beslisser)
    assert stap(client, besluit_van(ronde.zaken[0]), "verscheuren").status_code == 404
    assert client.get(f"{LIJST}00000000-0000-0000-0000-000000000000/").status_code == 404


def test_signing_in_bulk_skips_own_proposals(ronde):
    besluiten = list(Besluit.objects.all())
    Besluit.objects.filter(pk=besluiten[0].pk).update(voorgesteld_door=ronde.ploeg.beslisser)
    client = als(ronde.ploeg.beslisser)
    voorbeeld = bulk(client, "ondertekenen", besluiten)
    bezwaren = {regel.rij.pk: regel.bezwaar for regel, _url in voorbeeld.context["regels"]}
    assert bezwaren == {
        besluiten[0].pk: "U stelde dit besluit zelf voor. Een andere beslisser moet het ondertekenen.",
        besluiten[1].pk: "",
        besluiten[2].pk: "",
    }
    assert set(Besluit.objects.values_list("status", flat=True)) == {Besluitstatus.VOORGESTELD}
    ongelezen = client.get(bulk(client, "ondertekenen", besluiten, bevestigd="ja").url)
    assert (ongelezen.context["gelukt"], ongelezen.context["geweigerd"]) == (0, 3)
    gelezen = {"bevestigd": "ja", "voorbeeld_op": voorbeeld.context["voorbeeld_op"]}
    resultaat = client.get(bulk(client, "ondertekenen", besluiten, **gelezen).url)
    assert (resultaat.context["gelukt"], resultaat.context["geweigerd"]) == (2, 1)
    assert resultaat.context["regels"][0]["melding"].startswith("Wie de aanvraag behandelt")
    assert Besluit.objects.filter(status=Besluitstatus.ONDERTEKEND).count() == 2


def test_sending_in_bulk_grants_refuses_and_reports(ronde):
    besluiten = list(Besluit.objects.all())
    for besluit in besluiten[:2]:
        besluit_ondertekenen(besluit=besluit, actor=ronde.ploeg.beslisser, op=LATER)
    client = als(ronde.ploeg.behandelaar)
    resultaat = client.get(bulk(client, "verzenden", besluiten, bevestigd="ja").url)
    assert (resultaat.context["gelukt"], resultaat.context["geweigerd"]) == (2, 1)
    assert Besluit.objects.filter(status=Besluitstatus.VERZONDEN).count() == 2
    assert besluiten[2].aanvraag.kenmerk in resultaat.context["regels"][0]["kenmerk"]


def test_sending_back_in_bulk_needs_a_reason(ronde):
    besluiten = list(Besluit.objects.all())
    client = als(ronde.ploeg.beslisser)
    assert bulk(client, "terugsturen", besluiten, bevestigd="ja", reden="").status_code == 400
    assert Besluit.objects.filter(status=Besluitstatus.VOORGESTELD).count() == 3
    bulk(client, "terugsturen", besluiten, bevestigd="ja", reden="Andere tekst.")
    assert Besluit.objects.filter(status=Besluitstatus.CONCEPT).count() == 3


def test_an_officer_has_no_bulk_signing(ronde):
    antwoord = bulk(als(ronde.ploeg.behandelaar), "ondertekenen", list(Besluit.objects.all()), bevestigd="ja")
    assert antwoord.status_code == 400
    assert "Kies wat u wilt doen." in tekst(antwoord)
    assert Besluit.objects.filter(status=Besluitstatus.VOORGESTELD).count() == 3


def test_the_way_back_stays_on_this_site(ronde):
    client = als(ronde.ploeg.beslisser)
    goed = bulk(client, "ondertekenen", list(Besluit.objects.all()), terug=f"{LIJST}?soort=verlening")
    assert goed.context["terug"] == f"{LIJST}?soort=verlening"
    fout = bulk(client, "ondertekenen", list(Besluit.objects.all()), terug="https://elders.example/")
    assert fout.context["terug"] == LIJST


def test_the_auditor_only_reads(ronde):
    client = als(ronde.ploeg.auditor)
    antwoord = client.get(LIJST)
    assert (len(soorten(antwoord)), antwoord.context["handelingen"]) == (3, [])
    besluit = besluit_van(ronde.zaken[0])
    assert stap(client, besluit, "verzenden").status_code == 403
    assert bulk(client, "verzenden", [besluit], bevestigd="ja").status_code == 403


def test_sent_decisions_show_when(ronde):
    zaak = ronde.zaken[0]
    Besluit.objects.filter(aanvraag=zaak).delete()
    verleend(ronde, zaak)
    antwoord = als(ronde.ploeg.auditor).get(f"{LIJST}?stand=verzonden")
    assert soorten(antwoord) == [(zaak.kenmerk, "verlening")]
    assert "4 apr 2026" in tekst(antwoord)
