"""Letters: decision, grounds, obligations, payment, objection; kept with their digest, and always the same (R19)."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pikepdf
import pytest

from aanvragen.models import Aanvraag
from aanvragen.services.behandeling import aanvulling_vragen, in_behandeling_nemen
from beoordeling.services.rangschikking import plafond_verhogen
from kern.document.html import naar_html
from kern.document.model import Alinea, Document, Kop, Lijst, Samenvatting, Tabel
from kern.document.pdf import naar_pdf
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Bestand
from regeling.schema_brieven import plaatshouders_voor
from tests.factories.ronde import (
    BESLUIT,
    EINDE,
    NA,
    Staf,
    besluit_op,
    gecontroleerd,
    gedeclareerd,
    geloot,
    maak_compleet,
    maak_ingediend,
    open_tijdvak,
    opgedragen,
    regeling_dict,
    vastgesteld,
    verleen,
    vers,
)
from uitvoering.brieven import besluitbrief, uiterste_declaratie, uiterste_start
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.models import Besluit
from uitvoering.services.besluit import besluit_verzenden
from uitvoering.services.betaling import betaallijst_maken, betaling_accorderen, betaling_bevestigen
from uitvoering.services.brief import brief_pdf, brief_pdf_maken

pytestmark = pytest.mark.django_db
SOORTEN = ["verlening", "afwijzing", "buiten_behandeling", "vaststelling"]


def document(besluit: Besluit) -> Document:
    assert besluit.verzonden_op is not None
    assert besluit.bezwaar_tot is not None
    return besluitbrief(vers(besluit), verzonden=besluit.verzonden_op.date(), bezwaar_tot=besluit.bezwaar_tot)


def koppen(brief: Document) -> list[str]:
    return [blok.tekst for blok in brief.blokken if isinstance(blok, Kop)]


def alineas(brief: Document) -> list[str]:
    return [str(blok.tekst) for blok in brief.blokken if isinstance(blok, Alinea)]


def verlening(staf: Staf, **opties: Any) -> Besluit:
    return besluit_op(geloot(1, staf, **opties)[1][0], Besluitsoort.VERLENING, staf)


def test_een_verlening_heeft_alles_in_de_vaste_volgorde(staf: Staf) -> None:
    brief = document(verlening(staf))
    assert koppen(brief) == [
        "Besluit",
        "Motivering",
        "Waaraan moet u voldoen?",
        "Wanneer krijgt u het geld?",
        "Bent u het niet eens met dit besluit?",
    ]
    *besluit, bezwaar, adres = alineas(brief)
    assert besluit == [
        "Wij verlenen u subsidie.",
        "Daarom.",
        "Dit besluit rust op artikel 3 van de Kaderwet.",
        "Wij betalen binnen zes weken na het besluit over de vaststelling, op het rekeningnummer dat u opgeeft.",
    ]
    assert bezwaar.startswith("U kunt bezwaar maken tot en met 18 mei 2026. ")
    assert adres == "U kunt uw bezwaar sturen naar: Postbus 1, 1234 AB Voorbeeldstad"
    bedragen = next(blok for blok in brief.blokken if isinstance(blok, Samenvatting))
    assert list(bedragen.regels) == [("Gevraagd bedrag", "€ 1.000"), ("Verleend bedrag (hoogstens)", "€ 1.000")]
    plichten = next(blok for blok in brief.blokken if isinstance(blok, Lijst))
    assert [punt for punt in plichten.items if "Meld het ons meteen" in str(punt)] == [
        "Meld het ons meteen als het project niet, later of anders wordt uitgevoerd."
    ]
    assert brief.ondertekening is not None
    assert brief.ondertekening.namens == ("de Minister,", "namens deze,")
    assert (brief.kenmerk, brief.datum, brief.afzender.naam) == (
        Aanvraag.objects.get().kenmerk,
        BESLUIT.date(),
        "Uitvoerder",
    )


def test_een_afwijzing_noemt_grond_en_bezwaar(staf: Staf) -> None:
    zaak = maak_compleet(open_tijdvak(), staf.behandelaar)
    brief = document(besluit_op(zaak, Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.DOELGROEP))
    assert koppen(brief) == ["Besluit", "Motivering", "Bent u het niet eens met dit besluit?"]
    assert alineas(brief)[:3] == [
        "Wij wijzen uw aanvraag af.",
        "Daarom.",
        "Dit besluit rust op artikel 3 van de Kaderwet, de omschrijving van de doelgroep in de regeling.",
    ]


def settled(staf: Staf, goed: str = "1500") -> Besluit:
    zaak = opgedragen(verleen(geloot(1, staf)[1][0], staf))
    gecontroleerd(gedeclareerd(zaak), staf, Decimal(goed))
    return vastgesteld(vers(zaak), staf)


def test_een_vaststelling_laat_de_berekening_zien(staf: Staf) -> None:
    brief = document(settled(staf))
    assert koppen(brief) == [
        "Besluit",
        "Motivering",
        "Zo hebben wij gerekend",
        "Wanneer krijgt u het geld?",
        "Bent u het niet eens met dit besluit?",
    ]
    tabel_ = next(blok for blok in brief.blokken if isinstance(blok, Tabel))
    assert tabel_.rijen == (
        ("Kosten die meetellen: Adviseur", "€ 1.500"),
        ("50 % van de kosten", "€ 750"),
        ("Subsidie", "€ 750"),
        ("Eigen bijdrage", "€ 750"),
        ("Vastgesteld bedrag", "€ 750"),
    )


# --- Kept -------------------------------------------------------------------------------------------------------


def test_de_html_wordt_bewaard_met_zijn_controlegetal(staf: Staf) -> None:
    besluit = verlening(staf)
    bestand = vers(besluit).brief_html
    assert bestand is not None
    with bestand.inhoud.open() as inhoud:
        bytes_ = inhoud.read()
    assert (bestand.mime, bestand.naam) == ("text/html", f"besluit-{besluit.aanvraag.kenmerk}.html")
    assert bestand.sha256 == hashlib.sha256(bytes_).hexdigest()
    tekst = " ".join(unescape(re.sub(r"<[^>]+>", " ", bytes_.decode())).split())
    for deel in alineas(document(besluit)):
        assert deel in tekst, deel
    assert bytes_.decode() == naar_html(document(besluit))


def test_de_pdf_wordt_een_keer_gemaakt_en_is_steeds_gelijk(staf: Staf) -> None:
    besluit = verlening(staf)
    eerste = brief_pdf(besluit=besluit)
    assert brief_pdf(besluit=vers(besluit)) == eerste
    assert Bestand.objects.filter(mime="application/pdf", naam=eerste.naam).count() == 1
    with eerste.inhoud.open() as inhoud:
        bewaard = inhoud.read()
    assert bewaard == naar_pdf(document(besluit))  # made again from the decision: the same bytes
    with pikepdf.open(io.BytesIO(bewaard)) as pdf:
        assert pdf.Root.Lang == "nl"
        assert "/StructTreeRoot" in pdf.Root  # tagged, so that a screen reader can follow it


def test_de_achtergrondtaak_maakt_dezelfde_pdf(staf: Staf) -> None:
    besluit = verlening(staf)
    resultaat = brief_pdf_maken.enqueue(str(besluit.pk))
    assert resultaat.return_value == brief_pdf(besluit=besluit).sha256


def test_een_pdf_die_later_wordt_gemaakt_zegt_hetzelfde_als_de_brief(staf: Staf) -> None:
    """In between the ceiling was raised and the money paid: the letter is of the day it was sent."""
    alineas_ = [f"{naam}: {{{naam}}}" for naam in plaatshouders_voor("vaststelling")]
    brieven = [{"soort": "vaststelling", "onderwerp": "Vastgesteld", "alineas": alineas_}]
    tijdvak, zaken = geloot(1, staf, tabellen={"brieven": brieven})
    zaak = opgedragen(verleen(zaken[0], staf))
    gecontroleerd(gedeclareerd(zaak), staf, Decimal(1500))
    besluit = vastgesteld(vers(zaak), staf)
    verzonden = naar_html(document(besluit))
    plafond_verhogen(tijdvak=tijdvak, bedrag=Decimal(5000), reden="Besluit", actor=staf.beheerder, op=EINDE)
    later = EINDE + timedelta(days=30)
    betaling = betaling_accorderen(betaling=zaak.betalingen.get(), actor=staf.financieel, op=later)
    betaallijst_maken(actor=staf.financieel, op=later)
    betaling_bevestigen(betaling=betaling, actor=staf.financieel, op=later)
    assert naar_html(document(besluit)) == verzonden
    assert "bedrag_betaald: € 0" in alineas(document(besluit))
    with vers(besluit).brief_html.inhoud.open() as inhoud:
        assert inhoud.read().decode() == verzonden


def test_voor_de_verzending_is_er_geen_brief(staf: Staf) -> None:
    besluit = besluit_op(geloot(1, staf)[1][0], Besluitsoort.VERLENING, staf, tot="ondertekenen")
    with pytest.raises(OvergangFout, match="Dit besluit is nog niet verzonden."):
        brief_pdf(besluit=besluit)
    assert (vers(besluit).brief_html, vers(besluit).brief_pdf) == (None, None)


# --- The scheme's own words -------------------------------------------------------------------------------------


def alle_plaatshouders(soort: str) -> dict[str, Any]:
    alineas_ = [f"{naam}={{{naam}}}" for naam in plaatshouders_voor(soort)]
    return {"soort": soort, "onderwerp": "Over {kenmerk} bij {regeling}", "alineas": alineas_}


def ingevuld(brief: Document, soort: str) -> dict[str, str]:
    namen = set(plaatshouders_voor(soort))
    return dict(tekst.split("=", 1) for tekst in alineas(brief) if tekst.partition("=")[0] in namen)


def test_elke_plaatshouder_krijgt_een_waarde(staf: Staf) -> None:
    """One scheme with all placeholders in all letters; a letter never goes out with a hole in it."""
    tabellen = {
        "brieven": [alle_plaatshouders(soort) for soort in SOORTEN],
        "project": {"start_uiterlijk_weken": 4},
        "termijnen": [*regeling_dict()["termijnen"], {"code": "declaratie", "duur": "13w", "niveau": "regeling"}],
    }
    tijdvak = open_tijdvak(tabellen=tabellen)
    onvolledig = in_behandeling_nemen(aanvraag=maak_ingediend(tijdvak), actor=staf.behandelaar, op=NA)
    vraag = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
    aanvulling_vragen(aanvraag=onvolledig, onderdelen=["Plan"], termijn_dagen=14, actor=staf.behandelaar, op=vraag)
    buiten = besluit_op(onvolledig, Besluitsoort.BUITEN_BEHANDELING, staf, op=vraag + timedelta(days=20))
    waarden = ingevuld(document(buiten), "buiten_behandeling")
    assert (waarden["datum_verzoek"], waarden["datum_hersteltermijn"]) == ("1 april 2026", "15 april 2026")
    assert (waarden["grond"], waarden["bezwaar_tot"]) == ("Daarom.", "2 juni 2026")

    afgewezen = maak_compleet(tijdvak, staf.behandelaar)
    brief = document(besluit_op(afgewezen, Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.DOELGROEP))
    waarden = ingevuld(brief, "afwijzing")
    assert (waarden["rangnummer"], waarden["aantal_aanvragen"]) == ("(niet geloot)", "2")
    assert brief.betreft == f"Over {afgewezen.kenmerk} bij Proefregeling"

    zaak = geloot(1, staf, tabellen=tabellen)[1][0]
    Aanvraag.objects.filter(pk=zaak.pk).update(eind_op=date(2026, 12, 31))
    brief = document(besluit_op(vers(zaak), Besluitsoort.VERLENING, staf))
    waarden = ingevuld(brief, "verlening")
    assert waarden == {
        **waarden,
        "organisatie": zaak.organisatie.naam,
        "project": "“Project”",
        "bedrag": "€ 1.000",
        "bedrag_voorschot": "€ 0",
        "percentage": "50 procent",
        "uiterste_startdatum": "4 mei 2026",
        "einddatum_project": "31 december 2026",
        "uiterste_datum_declaratie": "1 april 2027",
        "voucher_geldig_tot": "6 april 2027",
        "vouchercode": zaak.voucher.code,
        "rangnummer": "1",
        "aantal_aanvragen": "1",
        "plafond": "€ 100.000",
    }
    assert [naam for naam, waarde in waarden.items() if not waarde] == []


def test_wat_een_aanvrager_intikt_wordt_geen_plaatshouder_en_geen_opmaak(staf: Staf) -> None:
    brieven = [{"soort": "verlening", "onderwerp": "{organisatie}", "alineas": ["Voor {organisatie}."]}]
    _, zaken = geloot(1, staf, tabellen={"brieven": brieven})
    type(zaken[0].organisatie).objects.update(naam="<b>{vouchercode}</b>")
    besluit = besluit_op(vers(zaken[0]), Besluitsoort.VERLENING, staf)
    assert "Voor <b>{vouchercode}</b>." in alineas(document(besluit))
    html = naar_html(document(besluit))
    assert "Voor &lt;b&gt;{vouchercode}&lt;/b&gt;." in html
    assert "<b>{" not in html


def test_een_brief_met_een_gat_gaat_niet_uit(staf: Staf) -> None:
    """Nothing is booked or announced either: the whole step is undone."""
    brieven = [{"soort": "verlening", "onderwerp": "X", "alineas": ["Namens {organisatie}."]}]
    zaak = geloot(1, staf, tabellen={"brieven": brieven})[1][0]
    type(zaak.organisatie).objects.update(naam="")
    besluit = besluit_op(zaak, Besluitsoort.VERLENING, staf, tot="ondertekenen")
    with pytest.raises(InvoerFout) as fout:
        besluit_verzenden(besluit=besluit, actor=staf.beslisser, op=BESLUIT)
    assert fout.value.code == "brief-onvolledig"
    assert (vers(besluit).status, vers(zaak).status) == ("ondertekend", "geselecteerd")
    assert zaak.tijdvak.plafonds.get(code="*").verleend == 0


@pytest.mark.parametrize(("weken", "dag"), [(4, date(2026, 5, 4)), (None, None)])
def test_uiterste_start(weken: int | None, dag: date | None) -> None:
    tijdvak = open_tijdvak(tabellen={"project": {} if weken is None else {"start_uiterlijk_weken": weken}})
    assert uiterste_start(maak_ingediend(tijdvak), date(2026, 4, 6)) == dag


@pytest.mark.parametrize(
    ("einde", "dag"),
    [
        (date(2026, 12, 31), date(2027, 4, 1)),
        (date(2026, 9, 25), date(2026, 12, 28)),  # 25 December, rolled in favour of the applicant
        (None, None),
    ],
)
def test_uiterste_declaratie(einde: date | None, dag: date | None) -> None:
    termijnen = [*regeling_dict()["termijnen"], {"code": "declaratie", "duur": "13w", "niveau": "regeling"}]
    aanvraag = maak_ingediend(open_tijdvak(tabellen={"termijnen": termijnen}))
    aanvraag.eind_op = einde
    assert uiterste_declaratie(aanvraag) == dag
    zonder = maak_ingediend(open_tijdvak())
    zonder.eind_op = einde
    assert uiterste_declaratie(zonder) is None
