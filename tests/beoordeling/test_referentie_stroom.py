"""The flow of a reference from preparation to answer, with the clock."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from aanvragen.enums import Referentiestatus, Toetsuitkomst
from aanvragen.models import Postbusbericht, Referentie
from aanvragen.services.conceptadviseur import Adviesgegevens
from aanvragen.services.indienen import aanvraag_intrekken
from beoordeling.models import Referentieantwoord, Referentiesignaal, Referentiesteekproef
from beoordeling.referentie import steekproef, vragen
from beoordeling.services.referentie import (
    bounce_verwerken,
    referentie_uitnodigen,
    referentie_voorbereiden,
    referenties_bijwerken,
)
from beoordeling.services.referentie_berichten import GEWIST, herkomst_vastleggen, herkomst_wissen
from beoordeling.services.referentie_steekproef import steekproef_vastleggen, zaad_sha256
from beoordeling.services.referentie_vervanging import opnieuw_uitnodigen, referentie_vervangen
from beoordeling.services.referentie_verzoek import (
    POGINGEN,
    Herkomst,
    code_aanvragen,
    code_controleren,
    referentie_beantwoorden,
    sessie_klopt,
    verzoek_bij_link,
)
from kern.enums import Berichtstatus, Rol
from kern.fouten import DomeinFout, InvoerFout, OvergangFout
from kern.models import Bericht, LogRegel
from kern.services.berichten import berichten_verzenden
from kern.services.spoor import spoor_controleren
from tests.factories.referenties import (
    ANTWOORD,
    UUR,
    beantwoord,
    bevestigd,
    code_van,
    ingelogd_als_referent,
    link_van,
    met_referenties,
    referent,
    referentietijdvak,
    uitgenodigd,
    voorbereid,
    zonder_steekproef,
)
from tests.factories.ronde import TIJDENS, maak_gebruiker, maak_organisatie, vers

pytestmark = pytest.mark.django_db
S = Referentiestatus
DAG = timedelta(days=1)


def toets(referentie: Referentie) -> tuple[str, str]:
    rij = vers(referentie.aanvraag).toetsen.get(code="referenties")
    return rij.uitkomst, rij.uitleg


def codes(referentie: Referentie) -> list[str]:
    return list(referentie.signalen.values_list("code", flat=True))


# --- Preparation ------------------------------------------------------------------------------------------------


def test_na_het_versturen_worden_referenten_uitgenodigd() -> None:
    aanvraag = met_referenties(referentietijdvak())
    assert [r.status for r in aanvraag.referenties.all()] == [S.CONCEPT, S.CONCEPT]
    assert referenties_bijwerken(op=TIJDENS)["voorbereid"] == 2
    eerste, tweede = aanvraag.referenties.order_by("pk")
    assert (eerste.status, tweede.status) == (S.UITGENODIGD, S.UITGENODIGD)
    assert eerste.adviseur == aanvraag.adviseur
    bericht = Bericht.objects.get(sleutel=f"referentie-{eerste.verzoeken.get().pk}")
    assert (bericht.aan, bericht.onderwerp) == (
        "referent@opdrachtgever1.example",
        "Wilt u het werk van Quirine Advies bevestigen?",
    )
    assert aanvraag.organisatie.naam not in bericht.tekst  # the address may be anybody's: name no more than needed
    assert referenties_bijwerken(op=TIJDENS)["voorbereid"] == 0
    assert toets(eerste) == (
        Toetsuitkomst.HANDMATIG,
        "Er zijn 0 van de 2 referenties bevestigd. Wij wachten op de andere.",
    )
    assert list(spoor_controleren()) == []


def test_waar_de_regeling_ze_niet_laat_controleren_gebeurt_er_niets() -> None:
    aanvraag = met_referenties(referentietijdvak(toets_voor="geen"))
    assert referenties_bijwerken(op=TIJDENS)["voorbereid"] == 0
    assert aanvraag.toetsen.get(code="referenties").uitkomst == Toetsuitkomst.VOLDOET


@pytest.mark.parametrize(
    ("anders", "code"),
    [
        ({"email": "Quirine+klant@bureau.example"}, "zelfde_email"),
        ({"email": "contact@proef.example"}, "zelfde_email"),
        ({"kvk_nummer": "00999999"}, "zelfde_kvk"),
        ({"contactpersoon": "mevr. Quirine Advies"}, "zelfde_persoon"),
    ],
)
def test_een_blokkerende_regel(anders: dict[str, str], code: str) -> None:
    aanvraag = met_referenties(referentietijdvak(), referent(1, **anders), referent(2))
    fout, goed = voorbereid(aanvraag)
    assert (fout.status, goed.status, codes(fout)) == (S.GEBLOKKEERD, S.UITGENODIGD, [code])
    assert not fout.verzoeken.exists()
    signaal = fout.signalen.get()
    assert (signaal.soort, signaal.regelversie, fout.reden) == ("blok", "1", signaal.uitleg)
    bericht = Postbusbericht.objects.get(aanvraag=aanvraag, soort="referentie")
    assert bericht.onderwerp == f"Noem een andere referentie bij aanvraag {aanvraag.kenmerk}"
    assert signaal.uitleg in bericht.tekst
    assert toets(fout)[0] == Toetsuitkomst.VOLDOET_NIET


def test_een_medewerker_kan_geen_referent_zijn() -> None:
    maak_gebruiker(Rol.BEHANDELAAR, email="referent@opdrachtgever1.example")
    (fout, _) = voorbereid(met_referenties(referentietijdvak()))
    assert (fout.status, codes(fout)) == (S.GEBLOKKEERD, ["beoordelaar"])


def test_wie_al_bevestigde_wordt_niet_nog_eens_gevraagd() -> None:
    tijdvak = referentietijdvak()
    bevestigd(met_referenties(tijdvak))
    ander = voorbereid(met_referenties(tijdvak), TIJDENS + 2 * DAG)
    assert [(r.status, r.uitnodigingen) for r in ander] == [(S.BEVESTIGD, 0)] * 2
    bron = Referentie.objects.order_by("pk").first()
    assert bron is not None
    assert (ander[0].hergebruik_van, ander[0].geldig_tot) == (bron, bron.geldig_tot)
    assert str(bron.geldig_tot) == "2028-03-05"  # 24 months after the answer
    assert toets(ander[0])[0] == Toetsuitkomst.VOLDOET


@pytest.mark.parametrize(
    ("anders", "adviseur", "later"),
    [
        ({"contactpersoon": "Iemand Anders"}, None, 2 * DAG),
        ({"organisatie": "Heel Ander Bedrijf"}, None, 2 * DAG),
        ({}, Adviesgegevens("Rik Raad", "rik@raad.example", "Raad", "00888888"), 2 * DAG),
    ],
)
def test_hergebruik_alleen_van_dezelfde_persoon_en_adviseur(anders: Any, adviseur: Any, later: timedelta) -> None:
    tijdvak = referentietijdvak()
    bevestigd(met_referenties(tijdvak))
    ander = voorbereid(met_referenties(tijdvak, referent(1, **anders), referent(2), adviseur=adviseur), TIJDENS + later)
    assert ander[0].status == S.UITGENODIGD


def test_een_bevestiging_is_niet_eeuwig_geldig() -> None:
    tijdvak = referentietijdvak(referentie_geldig_maanden=1)
    bevestigd(met_referenties(tijdvak))
    laatste = met_referenties(tijdvak)
    te_laat = met_referenties(tijdvak)
    assert voorbereid(laatste, TIJDENS + 31 * DAG)[0].status == S.BEVESTIGD  # 5 March → 5 April
    assert voorbereid(te_laat, TIJDENS + 32 * DAG)[0].status == S.UITGENODIGD


# --- Link and code ----------------------------------------------------------------------------------------------


def test_alleen_vingerafdrukken_staan_in_de_database() -> None:
    referentie = uitgenodigd()
    geheim = link_van(referentie)
    verzoek, sessie = ingelogd_als_referent(referentie, TIJDENS + UUR)
    code = code_van(verzoek)
    verzoek.refresh_from_db()
    assert verzoek.token_sha256 == hashlib.sha256(geheim.encode()).hexdigest()
    assert verzoek.sessie_sha256 == hashlib.sha256(sessie.encode()).hexdigest()
    berichten_verzenden(op=TIJDENS + UUR)
    referenties_bijwerken(op=TIJDENS + UUR)
    teksten = "".join(Bericht.objects.values_list("tekst", flat=True))
    assert (geheim in teksten, code in teksten, teksten.count(GEWIST)) == (False, False, 3)
    assert verzoek_bij_link(geheim) == verzoek
    assert verzoek_bij_link(geheim[:-1]) is None


def test_een_code_werkt_tien_minuten() -> None:
    verzoek = verzoek_bij_link(link_van(uitgenodigd()))
    assert verzoek is not None
    verzoek = code_aanvragen(verzoek=verzoek, op=TIJDENS)
    code = code_van(verzoek)
    with pytest.raises(InvoerFout) as fout:
        code_controleren(verzoek=verzoek, code=code, op=TIJDENS + timedelta(minutes=10))
    assert fout.value.code == "code-verlopen"
    spaties = f" {code[:3]} {code[3:]} "
    assert code_controleren(verzoek=verzoek, code=spaties, op=TIJDENS + timedelta(minutes=9, seconds=59))
    with pytest.raises(InvoerFout):  # once
        code_controleren(verzoek=verzoek, code=code, op=TIJDENS + timedelta(minutes=9, seconds=59))


def test_na_vijf_verkeerde_codes_helpt_ook_de_goede_niet() -> None:
    verzoek = verzoek_bij_link(link_van(uitgenodigd()))
    assert verzoek is not None
    verzoek = code_aanvragen(verzoek=verzoek, op=TIJDENS)
    code = code_van(verzoek)
    fout = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(POGINGEN):
        with pytest.raises(InvoerFout) as weigering:
            code_controleren(verzoek=verzoek, code=fout, op=TIJDENS)
        assert weigering.value.code == "code-onjuist"
    with pytest.raises(InvoerFout) as weigering:
        code_controleren(verzoek=verzoek, code=code, op=TIJDENS)
    assert weigering.value.code == "te-veel-pogingen"
    verzoek = code_aanvragen(verzoek=verzoek, op=TIJDENS + UUR)  # a new code brings five new tries
    assert code_controleren(verzoek=verzoek, code=code_van(verzoek), op=TIJDENS + UUR)


def test_hoogstens_vijf_codes_en_een_dubbele_klik_is_er_een() -> None:
    verzoek = verzoek_bij_link(link_van(uitgenodigd()))
    assert verzoek is not None
    for nr in range(5):
        verzoek = code_aanvragen(verzoek=verzoek, op=TIJDENS + nr * UUR)
        verzoek = code_aanvragen(verzoek=verzoek, op=TIJDENS + nr * UUR + timedelta(seconds=5))
        assert (verzoek.codes_verstuurd, verzoek.geopend) == (nr + 1, nr + 1)
    with pytest.raises(OvergangFout) as fout:
        code_aanvragen(verzoek=verzoek, op=TIJDENS + 5 * UUR)
    assert fout.value.code == "te-veel-codes"


def test_een_code_van_een_ander_verzoek_werkt_niet() -> None:
    eerste, tweede = voorbereid(met_referenties(referentietijdvak()))
    een, ander = verzoek_bij_link(link_van(eerste)), verzoek_bij_link(link_van(tweede))
    assert een is not None
    assert ander is not None
    een, ander = code_aanvragen(verzoek=een, op=TIJDENS), code_aanvragen(verzoek=ander, op=TIJDENS)
    verzoek, sessie = ingelogd_als_referent(eerste, TIJDENS + UUR)
    assert sessie_klopt(verzoek_bij_link(link_van(eerste)), sessie, TIJDENS + UUR)  # type: ignore[arg-type]  # the link is there
    assert not sessie_klopt(ander, sessie, TIJDENS + UUR)
    assert not sessie_klopt(verzoek_bij_link(link_van(eerste)), sessie, TIJDENS + 2 * UUR)  # type: ignore[arg-type]  # the link is there


def test_zonder_sessie_geen_antwoord() -> None:
    referentie = uitgenodigd()
    verzoek, _ = ingelogd_als_referent(referentie, TIJDENS + UUR)
    with pytest.raises(OvergangFout):
        referentie_beantwoorden(
            verzoek=verzoek,
            sessie="verzonnen",
            uitkomst=vragen.BEVESTIGD,
            antwoorden=ANTWOORD,
            herkomst=Herkomst(),
            op=TIJDENS + UUR,
        )
    assert (vers(referentie).status, Referentieantwoord.objects.count()) == (S.UITGENODIGD, 0)


# --- The clock --------------------------------------------------------------------------------------------------


def test_herinneren_op_dag_vijf_en_tien_en_verlopen_op_dag_veertien() -> None:
    referentie = uitgenodigd()
    ander = Referentie.objects.exclude(pk=referentie.pk).get()
    bevestigd_of_niet = beantwoord(ander)
    assert bevestigd_of_niet.status == S.BEVESTIGD
    eerste = link_van(referentie)
    verloop = []
    for dag in range(16):
        uit = referenties_bijwerken(op=TIJDENS + dag * DAG)
        verloop.append((uit["herinnerd"], uit["verlopen"], vers(referentie).status))
        berichten_verzenden(op=TIJDENS + dag * DAG)
    verwacht = (
        [(0, 0, S.UITGENODIGD)] * 5
        + [(1, 0, S.HERINNERD)]
        + [(0, 0, S.HERINNERD)] * 4
        + [(1, 0, S.HERINNERD)]
        + [(0, 0, S.HERINNERD)] * 3
        + [(0, 1, S.VERLOPEN), (0, 0, S.VERLOPEN)]
    )
    assert verloop == verwacht
    verzoek = referentie.verzoeken.get()
    assert (verzoek.herinneringen, verzoek.verloopt_op) == (2, TIJDENS + 14 * DAG)
    assert verzoek_bij_link(eerste) is None  # a reminder carries a link of its own
    assert toets(referentie)[0] == Toetsuitkomst.VOLDOET_NIET
    assert (
        Postbusbericht.objects.filter(aanvraag=referentie.aanvraag, onderwerp__contains="niet geantwoord").count() == 1
    )


def test_een_werker_die_stil_stond_stuurt_een_herinnering_en_geen_twee() -> None:
    referentie = uitgenodigd()
    assert referenties_bijwerken(op=TIJDENS + 11 * DAG)["herinnerd"] == 2  # both referees, one each
    assert Bericht.objects.filter(aan=referentie.email).count() == 2


def test_de_link_werkt_tot_het_einde_van_de_veertien_dagen() -> None:
    referentie = uitgenodigd()
    verzoek = verzoek_bij_link(link_van(referentie))
    assert verzoek is not None
    code_aanvragen(verzoek=verzoek, op=TIJDENS + 14 * DAG - timedelta(seconds=1))
    with pytest.raises(OvergangFout) as fout:
        code_aanvragen(verzoek=verzoek, op=TIJDENS + 14 * DAG)
    assert fout.value.code == "link-verlopen"


def test_opnieuw_uitnodigen_trekt_de_oude_link_in_en_mag_tot_drie_keer() -> None:
    referentie, actor = uitgenodigd(), maak_gebruiker()
    oud = link_van(referentie)
    verzoek, sessie = ingelogd_als_referent(referentie, TIJDENS + UUR)
    opnieuw_uitnodigen(referentie=referentie, actor=actor, op=TIJDENS + 2 * UUR)
    with pytest.raises(OvergangFout) as fout:
        referentie_beantwoorden(
            verzoek=verzoek,
            sessie=sessie,
            uitkomst=vragen.BEVESTIGD,
            antwoorden=ANTWOORD,
            herkomst=Herkomst(),
            op=TIJDENS + 2 * UUR,
        )
    assert fout.value.code == "link-ingetrokken"
    assert link_van(referentie) != oud
    opnieuw_uitnodigen(referentie=referentie, actor=actor, op=TIJDENS + 3 * UUR)
    with pytest.raises(OvergangFout) as fout:
        opnieuw_uitnodigen(referentie=referentie, actor=actor, op=TIJDENS + 4 * UUR)
    assert fout.value.code == "te-vaak-uitgenodigd"
    assert (vers(referentie).uitnodigingen, referentie.verzoeken.count()) == (3, 3)
    assert referentie.verzoeken.filter(ingetrokken_op=None).count() == 1


def test_een_aanvraag_die_stopt_trekt_haar_referenties_in() -> None:
    referentie = uitgenodigd()
    verzoek = verzoek_bij_link(link_van(referentie))
    assert verzoek is not None
    aanvraag_intrekken(aanvraag=referentie.aanvraag, reden="Nee", actor=None, op=TIJDENS)
    verzoek.referentie.aanvraag.refresh_from_db()
    with pytest.raises(OvergangFout):  # at once, before the worker comes by
        code_aanvragen(verzoek=verzoek, op=TIJDENS)
    assert referenties_bijwerken(op=TIJDENS + UUR)["beeindigd"] == 1
    assert list(Referentie.objects.values_list("status", flat=True)) == [S.INGETROKKEN] * 2
    assert referenties_bijwerken(op=TIJDENS + 6 * DAG) == dict.fromkeys(
        ["beeindigd", "onbestelbaar", "verlopen", "herinnerd", "voorbereid"], 0
    ) | {"gewist": 0}


# --- Bounces ----------------------------------------------------------------------------------------------------

DSN = """From: MAILER-DAEMON@mail.example
To: stimulans@voorbeeld.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="grens"

--grens
Content-Type: text/plain

I'm sorry.
--grens
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {aan}
Action: {actie}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 No such user

--grens
Content-Type: {soort}

Message-ID: <bericht-{pk}@{domein}>
Subject: Wilt u

--grens--
"""


def dsn(bericht: Bericht, **anders: Any) -> bytes:
    velden = {
        "pk": bericht.pk,
        "aan": bericht.aan,
        "actie": "failed",
        "status": "5.1.1",
        "soort": "text/rfc822-headers",
        "domein": "voorbeeld.example",
    }
    return DSN.format(**{**velden, **anders}).replace("\n", "\r\n").encode()


@pytest.mark.parametrize("soort", ["text/rfc822-headers", "message/rfc822"])
def test_een_bericht_dat_terugkomt(soort: str) -> None:
    referentie = uitgenodigd()
    bericht = referentie.verzoeken.get().bericht
    assert bericht is not None
    bericht.refresh_from_db()
    assert bounce_verwerken(inhoud=dsn(bericht, soort=soort), op=TIJDENS + UUR) == [bericht]
    bericht.refresh_from_db()
    assert (bericht.status, bericht.teruggekomen_op, bericht.fout) == (
        Berichtstatus.ONBESTELBAAR,
        TIJDENS + UUR,
        "5.1.1 550 5.1.1 No such user",
    )
    assert vers(referentie).status == S.ONBESTELBAAR
    assert Postbusbericht.objects.filter(aanvraag=referentie.aanvraag, soort="referentie").count() == 1
    bounce_verwerken(inhoud=dsn(bericht), op=TIJDENS + 2 * UUR)  # the same report once more
    bericht.refresh_from_db()
    assert (bericht.teruggekomen_op, vers(referentie).status) == (TIJDENS + UUR, S.ONBESTELBAAR)


@pytest.mark.parametrize(
    "anders",
    [
        {"aan": "iemand@anders.example"},  # not whom we wrote to
        {"actie": "delayed", "status": "4.4.1"},
        {"actie": "delivered", "status": "2.0.0"},
        {"status": "4.2.2"},
        {"domein": "elders.example"},
        {"pk": 999_999},
        {"soort": "text/plain"},
    ],
)
def test_een_melding_die_niets_verandert(anders: dict[str, Any]) -> None:
    referentie = uitgenodigd()
    bericht = referentie.verzoeken.get().bericht
    assert bericht is not None
    assert bounce_verwerken(inhoud=dsn(bericht, **anders), op=TIJDENS) == []
    assert vers(referentie).status == S.UITGENODIGD


@pytest.mark.parametrize("inhoud", [b"", b"\x00\xff", b"Subject: hallo\r\n\r\nhoi", b"Content-Type: multipart/report"])
def test_gewone_post_en_rommel(inhoud: bytes) -> None:
    assert bounce_verwerken(inhoud=inhoud, op=TIJDENS) == []


def test_het_commando_leest_een_bestand(tmp_path: Any, capsys: Any) -> None:
    referentie = uitgenodigd()
    bericht = referentie.verzoeken.get().bericht
    assert bericht is not None
    pad = tmp_path / "melding.eml"
    pad.write_bytes(dsn(bericht))
    call_command("verwerk_bounce", str(pad))
    assert f"Bericht {bericht.pk} is niet bezorgd: 5.1.1" in capsys.readouterr().out
    assert vers(referentie).status == S.ONBESTELBAAR


def test_post_die_na_alle_pogingen_niet_weg_kon() -> None:
    referentie = uitgenodigd()
    Bericht.objects.filter(pk=referentie.verzoeken.get().bericht_id).update(status=Berichtstatus.MISLUKT)
    assert referenties_bijwerken(op=TIJDENS + 4 * DAG)["onbestelbaar"] == 1
    assert vers(referentie).status == S.ONBESTELBAAR
    assert referenties_bijwerken(op=TIJDENS + 4 * DAG)["onbestelbaar"] == 0


# --- The answer -------------------------------------------------------------------------------------------------


def test_een_gewoon_antwoord_bevestigt() -> None:
    referentie = beantwoord(uitgenodigd())
    antwoord = Referentieantwoord.objects.get()
    assert (referentie.status, codes(referentie), referentie.beoordeeld_door) == (S.BEVESTIGD, [], None)
    assert antwoord.antwoorden["uitkomst"] == "bevestigd"
    assert antwoord.sha256 == vragen.digest(antwoord.antwoorden)
    assert antwoord.tekst_sha256 == vragen.tekst_sha256("nl")
    assert toets(referentie)[1] == "Er zijn 1 van de 2 referenties bevestigd. Wij wachten op de andere."
    regel = LogRegel.objects.get(keten=f"referentie:{referentie.pk}", handeling="beantwoorden")
    assert regel.gegevens == {"antwoord_sha256": antwoord.sha256, "tekst_sha256": antwoord.tekst_sha256}
    verzoek = referentie.verzoeken.get()
    assert (verzoek.verbruikt_op, verzoek.code_sha256, verzoek.sessie_sha256) == (TIJDENS + UUR, "", "")


def test_een_link_is_na_het_antwoord_op() -> None:
    referentie = uitgenodigd()
    geheim = link_van(referentie)
    beantwoord(referentie)
    verzoek = verzoek_bij_link(geheim)
    assert verzoek is not None
    with pytest.raises(OvergangFout) as fout:
        code_aanvragen(verzoek=verzoek, op=TIJDENS + 2 * UUR)
    assert fout.value.code == "link-verbruikt"


def test_weigeren_zegt_niets_over_het_werk() -> None:
    referentie = beantwoord(uitgenodigd(), uitkomst=vragen.GEWEIGERD)
    assert (referentie.status, codes(referentie)) == (S.GEWEIGERD, [])
    assert "zegt niets over het werk" in Postbusbericht.objects.get(soort="referentie").tekst


def test_ontkennen_gaat_altijd_naar_een_mens() -> None:
    referentie = beantwoord(uitgenodigd(), uitkomst=vragen.ONTKEND, toelichting="Ken ik niet.")
    assert (referentie.status, codes(referentie)) == (S.IN_CONTROLE, ["ontkend"])
    stappen = LogRegel.objects.filter(keten=f"referentie:{referentie.pk}").order_by("volgnr")
    assert list(stappen.values_list("naar", flat=True))[-2:] == [S.ONTKEND, S.IN_CONTROLE]
    # What the referee said is not for the applicant before it is checked.
    assert Postbusbericht.objects.filter(soort="referentie").count() == 0


@pytest.mark.parametrize(
    ("opties", "verwacht"),
    [
        ({"op": TIJDENS + timedelta(minutes=5)}, ["snel_antwoord"]),
        ({"op": TIJDENS + timedelta(minutes=5, seconds=1)}, []),
        ({"relatie": "ja", "relatie_uitleg": "Mijn broer."}, ["relatie_gemeld"]),
        ({"herkomst": Herkomst(ip="198.51.100.9")}, ["zelfde_apparaat"]),
        ({"herkomst": Herkomst(ip="198.51.100.8")}, []),
        ({"herkomst": Herkomst(eigen_sessie=True)}, ["zelfde_apparaat"]),
    ],
)
def test_vlaggen_bij_het_antwoord(opties: dict[str, Any], verwacht: list[str]) -> None:
    referentie = uitgenodigd()
    herkomst_vastleggen(aanvraag_id=referentie.aanvraag_id, ip="198.51.100.9", op=TIJDENS)
    referentie = beantwoord(referentie, **opties)
    assert codes(referentie) == verwacht
    assert referentie.status == (S.IN_CONTROLE if verwacht else S.BEVESTIGD)


def test_vlaggen_uit_de_database() -> None:
    """Free mail, a like name, a referee of four advisers, and the phone number of the applicant."""
    tijdvak = referentietijdvak()
    for nr in range(3):
        ander = Adviesgegevens(f"Raad {nr}", f"raad@bureau{nr}.example", f"Bureau {nr}", f"0077777{nr}")
        voorbereid(met_referenties(tijdvak, referent(1, email="druk@gmail.com"), referent(2), adviseur=ander))
    aanvraag = met_referenties(
        tijdvak,
        referent(1, email="d.ruk+x@gmail.com", contactpersoon="Quirine Advis", telefoon="030 1234567"),
        referent(3),
    )
    aanvraag.contact_telefoon = "+31 30 1234567"
    aanvraag.save()
    referentie = beantwoord(voorbereid(aanvraag)[0])
    assert codes(referentie) == ["zelfde_telefoon", "gratis_mail", "naam_lijkt", "veel_adviseurs"]


def test_adviseurs_die_elkaar_bevestigen() -> None:
    """Q's client is a client-bureau whose adviser names Q's bureau as client."""
    tijdvak = referentietijdvak()
    q = Adviesgegevens("Quirine Advies", "quirine@bureau.example", "Bureau Q", "00999999")
    r = Adviesgegevens("Rik Raad", "rik@raad.example", "Raad", "00888888")
    heen = referent(1, email="baas@raad.example", kvk_nummer="00888888", organisatie="Raad bv")
    terug = referent(2, email="baas@bureau.example", kvk_nummer="00999999", organisatie="Bureau Q")
    eerste = voorbereid(met_referenties(tijdvak, heen, referent(3), adviseur=q))[0]
    tweede = voorbereid(met_referenties(tijdvak, terug, referent(4), adviseur=r))[0]
    eerste = beantwoord(eerste)
    assert codes(eerste) == ["kring"]
    assert eerste.signalen.get().gegevens == {"lengte": 2, "zwaar": True}
    assert codes(beantwoord(tweede)) == ["kring"]


def test_twee_bijna_gelijke_antwoorden() -> None:
    eerste, tweede = voorbereid(met_referenties(referentietijdvak()))
    werk = "De adviseur heeft samen met onze ploegen het rooster opnieuw gemaakt en daarna iedereen getraind."
    assert beantwoord(eerste, werk=werk).status == S.BEVESTIGD
    tweede = beantwoord(tweede, werk=werk.replace("ploegen", "mensen"), op=TIJDENS + 3 * UUR)
    assert codes(tweede) == ["gelijk_antwoord"]
    assert tweede.signalen.get().gegevens["kenmerk"] == eerste.aanvraag.kenmerk


def test_een_uitgeschreven_organisatie() -> None:
    maak_organisatie(kvk_nummer="00800001", register_stand="uitgeschreven")
    referentie = beantwoord(uitgenodigd())
    assert codes(referentie) == ["kvk_niet_actief"]


# --- The random control -----------------------------------------------------------------------------------------


def test_het_lot_is_voor_het_eerste_antwoord_vastgelegd_en_na_te_rekenen() -> None:
    """Recomputed here with nothing but the standard library."""
    tijdvak = referentietijdvak()
    Referentiesteekproef.objects.all().delete()
    proef = steekproef_vastleggen(tijdvak=tijdvak, op=TIJDENS)
    assert steekproef_vastleggen(tijdvak=tijdvak, op=TIJDENS + DAG) == proef
    regel = LogRegel.objects.filter(handeling="referentiesteekproef_vastleggen").latest("pk")
    zaad = bytes.fromhex(proef.zaad)
    assert regel.gegevens == {"zaad_sha256": hashlib.sha256(zaad).hexdigest(), "promille": 50}
    assert (len(zaad), zaad_sha256(proef)) == (32, regel.gegevens["zaad_sha256"])
    for pk in range(1, 2001):
        lot = hmac.new(zaad, f"REFERENTIE-{pk}".encode() + b"\x01", hashlib.sha256).hexdigest()
        assert steekproef.lot(zaad, pk) == lot
        assert steekproef.gekozen(zaad, pk) is (int(lot, 16) / 2**256 < 0.05)


def test_ongeveer_een_op_de_twintig() -> None:
    """Of 20,000 with a fixed seed; three standard deviations around 1,000."""
    zaad = bytes(range(32))
    assert 907 <= sum(steekproef.gekozen(zaad, pk) for pk in range(1, 20_001)) <= 1093


@pytest.mark.parametrize(("promille", "status"), [(0, S.BEVESTIGD), (1000, S.IN_CONTROLE)])
def test_de_steekproef_kiest_zonder_aanwijzing(promille: int, status: str) -> None:
    referentie = uitgenodigd()
    zonder_steekproef(referentie.aanvraag.tijdvak, promille)
    referentie = beantwoord(referentie)
    assert referentie.status == status
    if promille:
        signaal = Referentiesignaal.objects.get(referentie=referentie)
        proef = Referentiesteekproef.objects.get()
        assert (signaal.soort, signaal.gegevens) == (
            "steekproef",
            {
                "kenmerk": f"REFERENTIE-{referentie.pk}",
                "lot": steekproef.lot(bytes.fromhex(proef.zaad), referentie.pk),
                "promille": 1000,
            },
        )


# --- Replacing --------------------------------------------------------------------------------------------------


def test_vervangen_mag_twee_keer() -> None:
    tijdvak = referentietijdvak()
    aanvraag = met_referenties(tijdvak, referent(1, kvk_nummer="00999999"), referent(2))
    oud, goed = voorbereid(aanvraag)
    actor = maak_gebruiker()
    for nr in (3, 4):
        nieuw = referentie_vervangen(referentie=oud, gegevens=referent(nr), actor=actor, op=TIJDENS)
        assert (vers(oud).status, nieuw.status, nieuw.vervangt, nieuw.volgorde) == (S.VERVANGEN, S.CONCEPT, oud, 0)
        oud = referentie_voorbereiden(referentie=nieuw, op=TIJDENS)
        assert oud.status == S.UITGENODIGD
    with pytest.raises(OvergangFout) as fout:
        referentie_vervangen(referentie=oud, gegevens=referent(5), actor=actor, op=TIJDENS)
    assert fout.value.code == "te-vaak-vervangen"
    assert toets(goed) == (
        Toetsuitkomst.HANDMATIG,
        "Er zijn 0 van de 2 referenties bevestigd. Wij wachten op de andere.",
    )


def test_een_bevestigde_of_onderzochte_referentie_kan_niet_worden_vervangen() -> None:
    een, twee = voorbereid(met_referenties(referentietijdvak()))
    een = beantwoord(een)
    twee = beantwoord(twee, uitkomst=vragen.ONTKEND)
    for referentie in (een, twee):
        with pytest.raises(OvergangFout) as fout:
            referentie_vervangen(referentie=referentie, gegevens=referent(3), actor=None, op=TIJDENS)
        assert fout.value.code == "niet-te-vervangen"


def test_een_vervanger_heeft_een_naam_en_een_adres() -> None:
    referentie = uitgenodigd()
    with pytest.raises(InvoerFout) as fout:
        referentie_vervangen(referentie=referentie, gegevens=referent(3, email=" "), actor=None, op=TIJDENS)
    assert fout.value.veld == "email"
    assert vers(referentie).status == S.UITGENODIGD


# --- Wiping -----------------------------------------------------------------------------------------------------


def test_internetadres_en_browser_verdwijnen_na_dertig_dagen() -> None:
    referentie = beantwoord(uitgenodigd())
    herkomst_vastleggen(aanvraag_id=referentie.aanvraag_id, ip="198.51.100.9", op=TIJDENS + UUR)
    antwoord = Referentieantwoord.objects.get()
    assert (antwoord.ip, antwoord.browser) == ("192.0.2.1", "Proefbrowser")
    assert herkomst_wissen(op=TIJDENS + UUR + 30 * DAG - timedelta(seconds=1)) == 0
    assert herkomst_wissen(op=TIJDENS + UUR + 30 * DAG) == 2
    antwoord.refresh_from_db()
    assert (antwoord.ip, antwoord.browser, antwoord.antwoorden["werk"][:4]) == (None, "", "Hulp")
    assert not referentie.aanvraag.herkomst.exists()
    assert herkomst_wissen(op=TIJDENS + 60 * DAG) == 0


def test_een_weigering_houdt_de_rest_niet_op(caplog: Any) -> None:
    """A reference that cannot be invited is logged; the next one is."""
    eerste, tweede = met_referenties(referentietijdvak()).referenties.order_by("pk")
    Referentie.objects.filter(pk=eerste.pk).update(uitnodigingen=3)
    assert referenties_bijwerken(op=TIJDENS)["voorbereid"] == 1
    assert (vers(eerste).status, vers(tweede).status) == (S.CONCEPT, S.UITGENODIGD)
    assert "Referentie niet bijgewerkt" in caplog.text
    with pytest.raises(DomeinFout):
        referentie_uitnodigen(referentie=eerste, actor=None, op=TIJDENS)
