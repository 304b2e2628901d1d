"""The paper route: stamp, window, organisation, scan, same rules, post, four eyes (R44)."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pikepdf
import pytest

from aanvragen.enums import Bron, Correspondentie, Machtigingsoort, Registerstand, Status
from aanvragen.models import Aanvraag, Organisatie, Postbusbericht
from aanvragen.selectors import aanvragen_zichtbaar_voor, papier_in_invoer
from aanvragen.services.behandeling import aanvulling_vragen, compleet_verklaren, in_behandeling_nemen
from aanvragen.services.concept import Begrotingspost, aanvraag_beginnen, begroting_bewaren, velden_bewaren
from aanvragen.services.indienen import concepten_laten_verlopen
from aanvragen.services.nasturen import Upload
from aanvragen.services.organisatie import machtiging_verlenen
from aanvragen.services.papier import (
    POSTREGEL,
    SCAN,
    Papieradres,
    invoerders,
    papier_afbreken,
    papier_beginnen,
    papier_indienen,
    papierscan_toevoegen,
    papierscan_verwijderen,
)
from aanvragen.services.post import bericht_posten, postbrief
from aanvragen.services.toetsing import toetsen_uitvoeren
from beoordeling.services.loting import beletselen
from kern.enums import Rol
from kern.fouten import DomeinFout
from kern.models import Bericht, LogRegel
from rapportage.selectors import rondegegevens
from tests.factories.ronde import (
    NA,
    OPEN,
    SLUIT,
    TIJDENS,
    Staf,
    maak_concept,
    maak_gebruiker,
    maak_ingediend,
    maak_organisatie,
    open_tijdvak,
    pdf,
    vers,
)
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.services.besluit import besluit_ondertekenen, besluit_verzenden, besluit_voorstellen

pytestmark = pytest.mark.django_db
ADRES = Papieradres("Proefbakkerij", "Kade 1", "1234 AB", "Voorbeeldstad")
#: Typed in two days after closing; received in time.
TYPEN = SLUIT + timedelta(days=2)


def begin(tijdvak: Any, actor: Any, **anders: Any) -> Aanvraag:
    gegevens = {
        "kvk_nummer": "00123456",
        "adres": ADRES,
        "ontvangen_op": TIJDENS,
        "scans": [Upload("scan", "brief.pdf", pdf())],
        "op": TYPEN,
    }
    return papier_beginnen(tijdvak=tijdvak, actor=actor, **{**gegevens, **anders})


def overgetypt(tijdvak: Any, actor: Any, **anders: Any) -> Aanvraag:
    """A paper application with everything typed in; without an e-mail address: the applicant has none."""
    aanvraag = begin(tijdvak, actor, **anders)
    gegevens = {"contactpersoon": "Piet Papier", "titel": "Project", "omschrijving": "Wat we gaan doen."}
    aanvraag = velden_bewaren(aanvraag=aanvraag, stap="project", actor=actor, op=TYPEN, gegevens=gegevens)
    posten = [Begrotingspost(kostensoort="adviseur", omschrijving="Advies", bedrag=2000)]
    return begroting_bewaren(aanvraag=aanvraag, posten=posten, actor=actor, op=TYPEN)[0]


def code_van(functie: Any) -> str:
    with pytest.raises(DomeinFout) as fout:
        functie()
    return fout.value.code


def test_van_papier_tot_ontvangst(staf: Staf) -> None:
    """Same numbers, same checks; received at the stamp, recorded who typed; the receipt goes by post."""
    tijdvak = open_tijdvak()
    digitaal = maak_ingediend(tijdvak)
    aanvraag = overgetypt(tijdvak, staf.behandelaar)
    assert (aanvraag.bron, aanvraag.correspondentie, aanvraag.status) == (Bron.PAPIER, Correspondentie.POST, "concept")
    aanvraag = papier_indienen(aanvraag=aanvraag, actor=staf.behandelaar, op=TYPEN)
    assert (digitaal.kenmerk[-5:], aanvraag.kenmerk[-5:]) == ("00001", "00002")
    assert (aanvraag.status, aanvraag.ingediend_op, aanvraag.ingediend_door) == ("ingediend", TIJDENS, staf.behandelaar)
    assert aanvraag.beslissen_uiterlijk_op == digitaal.beslissen_uiterlijk_op
    assert {t.code for t in aanvraag.toetsen.all()} == {t.code for t in digitaal.toetsen.all()}
    assert not Bericht.objects.filter(sleutel__contains=str(aanvraag.pk)).exists()
    brief = Postbusbericht.objects.get(aanvraag=aanvraag)
    assert (brief.per_post, brief.gepost_op, brief.bestand) == (True, None, aanvraag.ontvangstbewijs)
    assert "5 maart 2026 om 09:00 uur" in brief.tekst
    assert papier_indienen(aanvraag=vers(aanvraag), actor=staf.behandelaar, op=TYPEN).kenmerk == aanvraag.kenmerk
    assert Postbusbericht.objects.filter(aanvraag=aanvraag).count() == 1
    handelingen = LogRegel.objects.filter(keten=f"aanvraag:{aanvraag.pk}").order_by("volgnr")
    assert list(handelingen.values_list("handeling", flat=True)) == [
        "aanvraag_beginnen",
        "papier_ontvangen",
        "stap_bewaren",
        "stap_bewaren",
        "indienen",
    ]
    assert invoerders(aanvraag) == {staf.behandelaar.pk}
    assert invoerders(digitaal) == set()


@pytest.mark.parametrize(
    ("ontvangen", "op", "code"),
    [
        (OPEN - timedelta(seconds=1), TYPEN, "papier-te-vroeg"),
        (OPEN, TYPEN, ""),
        (SLUIT, TYPEN, ""),
        (SLUIT + timedelta(minutes=1), TYPEN, "papier-te-laat"),
        (TIJDENS + timedelta(minutes=1), TIJDENS, "ontvangst-in-toekomst"),
        (TIJDENS, TIJDENS, ""),
    ],
)
def test_het_stempel_ligt_in_het_tijdvak(staf: Staf, ontvangen: datetime, op: datetime, code: str) -> None:
    tijdvak = open_tijdvak()
    if not code:
        assert begin(tijdvak, staf.behandelaar, ontvangen_op=ontvangen, op=op).ingediend_op == ontvangen
        return
    with pytest.raises(DomeinFout) as fout:
        begin(tijdvak, staf.behandelaar, ontvangen_op=ontvangen, op=op)
    assert (fout.value.code, fout.value.veld, POSTREGEL in fout.value.melding) == (
        code,
        "ontvangen_dag",
        code == "papier-te-laat",
    )
    assert (Aanvraag.objects.count(), Organisatie.objects.count()) == (0, 0)


def test_de_organisatie_wordt_gevonden_of_aangemeld(staf: Staf) -> None:
    tijdvak = open_tijdvak()
    bekend = maak_organisatie(kvk_nummer="00111111", naam="Bekend", straat="Oude straat 2")
    aanvraag = begin(tijdvak, staf.behandelaar, kvk_nummer="00111111")
    bekend.refresh_from_db()
    assert aanvraag.organisatie == bekend
    assert (bekend.naam, bekend.straat, bekend.plaats) == (
        "Bekend",
        "Oude straat 2",
        "Voorbeeldstad",
    )  # only what was empty
    nieuw = begin(tijdvak, staf.behandelaar).organisatie
    assert (nieuw.naam, nieuw.machtigingen.count()) == ("Proefbakkerij", 0)  # the officer gets no mandate
    for adres, code in (
        (Papieradres("", "a", "1234 AB", "b"), "ongeldige-invoer"),
        (Papieradres("Naam"), "adres-ontbreekt"),
    ):
        assert code_van(lambda: begin(tijdvak, staf.behandelaar, kvk_nummer="00222222", adres=adres)) == code  # noqa: B023  (called within the same turn of the loop)
    assert not Organisatie.objects.filter(kvk_nummer="00222222").exists()


def test_wie_mag_invoeren(staf: Staf) -> None:
    """An officer, not for an organisation of one's own; the applicant does not see it until it is sent."""
    tijdvak = open_tijdvak()
    assert code_van(lambda: begin(tijdvak, staf.beslisser)) == "geen-recht"
    aanvraag = overgetypt(tijdvak, staf.behandelaar)
    baas = maak_gebruiker()
    eigen = maak_gebruiker(Rol.BEHANDELAAR)
    for persoon in (baas, eigen):
        machtiging_verlenen(
            organisatie=aanvraag.organisatie,
            gebruiker=persoon,
            soort=Machtigingsoort.BEHEERDER,
            actor=None,
            op=TIJDENS,
        )
    ziet = {
        "behandelaar": staf.behandelaar,
        "collega": staf.behandelaar2,
        "eigen": eigen,
        "beslisser": staf.beslisser,
        "baas": baas,
    }
    assert [naam for naam, wie in ziet.items() if papier_in_invoer(wie).exists()] == ["behandelaar", "collega"]
    assert [n for n, wie in ziet.items() if aanvragen_zichtbaar_voor(wie).exists()] == ["behandelaar", "collega"]
    assert [n for n, wie in ziet.items() if wie.has_perm("aanvragen.papier_invoeren", aanvraag)] == [
        "behandelaar",
        "collega",
    ]
    assert [n for n, wie in ziet.items() if wie.has_perm("aanvragen.wijzigen", aanvraag)] == ["behandelaar", "collega"]
    assert code_van(lambda: papier_indienen(aanvraag=aanvraag, actor=eigen, op=TYPEN)) == "geen-recht"
    papier_indienen(aanvraag=aanvraag, actor=staf.behandelaar2, op=TYPEN)
    assert [n for n, wie in ziet.items() if aanvragen_zichtbaar_voor(wie).exists()] == list(ziet)
    assert [n for n, wie in ziet.items() if papier_in_invoer(wie).exists()] == []
    assert invoerders(vers(aanvraag)) == {staf.behandelaar.pk, staf.behandelaar2.pk}


def test_papier_en_digitaal_lopen_niet_door_elkaar(staf: Staf) -> None:
    tijdvak, organisatie = open_tijdvak(), maak_organisatie(straat="Kade 1", postcode="1234 AB", plaats="Stad")
    begin(tijdvak, staf.behandelaar, kvk_nummer=organisatie.kvk_nummer)
    assert code_van(lambda: begin(tijdvak, staf.behandelaar, kvk_nummer=organisatie.kvk_nummer)) == "papier-in-invoer"
    digitaal = lambda: aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=None, op=TIJDENS)  # noqa: E731  (said once, used twice)
    assert code_van(digitaal) == "papier-in-invoer"
    ander = maak_concept(open_tijdvak(), maak_organisatie(straat="K 1", postcode="1234 AB", plaats="S"))
    kvk = ander.organisatie.kvk_nummer
    assert code_van(lambda: begin(ander.tijdvak, staf.behandelaar, kvk_nummer=kvk)) == "digitaal-begonnen"
    rij = Aanvraag.objects.get(tijdvak=tijdvak)
    assert (
        code_van(lambda: papier_afbreken(aanvraag=rij, reden=" ", actor=staf.behandelaar, op=TYPEN))
        == "ongeldige-invoer"
    )
    rij = papier_afbreken(aanvraag=rij, reden="Verkeerd KvK-nummer.", actor=staf.behandelaar, op=TYPEN)
    assert (rij.status, LogRegel.objects.latest("id").reden) == (Status.VERLOPEN, "Verkeerd KvK-nummer.")
    assert digitaal().bron == Bron.PORTAAL  # the organisation can apply now


def test_de_scan_is_verplicht(staf: Staf) -> None:
    tijdvak = open_tijdvak()
    assert code_van(lambda: begin(tijdvak, staf.behandelaar, scans=[])) == "scan-ontbreekt"
    fout = Upload("scan", "brief.pdf", b"MZ geen pdf")
    assert code_van(lambda: begin(tijdvak, staf.behandelaar, scans=[fout])) == "verkeerde-bestandssoort"
    assert Aanvraag.objects.count() == 0
    aanvraag = overgetypt(tijdvak, staf.behandelaar)
    papierscan_verwijderen(bijlage=aanvraag.bijlagen.get(), actor=staf.behandelaar, op=TYPEN)
    assert code_van(lambda: papier_indienen(aanvraag=aanvraag, actor=staf.behandelaar, op=TYPEN)) == "scan-ontbreekt"
    papierscan_toevoegen(aanvraag=aanvraag, scans=[Upload("s", "twee.pdf", pdf())], actor=staf.behandelaar2, op=TYPEN)
    aanvraag = papier_indienen(aanvraag=aanvraag, actor=staf.behandelaar, op=TYPEN)
    over = aanvraag.bijlagen.filter(verwijderd_op=None)
    assert [(b.code, b.bestand.naam) for b in over] == [(SCAN.code, "twee.pdf")]
    assert code_van(lambda: papierscan_verwijderen(bijlage=over[0], actor=staf.behandelaar, op=TYPEN))


def test_zelfde_regels_wat_ontbreekt_houdt_tegen(staf: Staf) -> None:
    aanvraag = begin(open_tijdvak(), staf.behandelaar)
    with pytest.raises(DomeinFout) as fout:
        papier_indienen(aanvraag=aanvraag, actor=staf.behandelaar, op=TYPEN)
    assert fout.value.code == "aanvraag-niet-compleet"
    assert "Geef het project een titel." in fout.value.melding
    assert "e-mailadres" not in fout.value.melding  # not needed on paper


def test_op_tijd_ontvangen_verloopt_niet_en_houdt_de_loting_op(staf: Staf) -> None:
    tijdvak = open_tijdvak()
    maak_concept(tijdvak)
    aanvraag = overgetypt(tijdvak, staf.behandelaar)
    later = SLUIT + timedelta(days=3)
    assert concepten_laten_verlopen(tijdvak=tijdvak, op=later) == 1  # the digital draft only
    assert vers(aanvraag).status == Status.CONCEPT
    assert "1 aanvragen op papier zijn op tijd ontvangen en nog niet ingevoerd." in beletselen(tijdvak)
    papier_indienen(aanvraag=aanvraag, actor=staf.behandelaar, op=later)
    assert not any("papier" in tekst for tekst in beletselen(tijdvak))


def test_elk_later_bericht_gaat_per_post_met_zijn_brief(staf: Staf) -> None:
    """Request to complete and decision: on the list, with a PDF; marking as posted says who and when."""
    aanvraag = papier_indienen(
        aanvraag=overgetypt(open_tijdvak(), staf.behandelaar2), actor=staf.behandelaar2, op=TYPEN
    )
    aanvraag = in_behandeling_nemen(aanvraag=aanvraag, actor=staf.behandelaar, op=TYPEN)
    aanvulling_vragen(
        aanvraag=aanvraag, onderdelen=["Een offerte."], termijn_dagen=14, actor=staf.behandelaar, op=TYPEN
    )
    bericht = Postbusbericht.objects.get(aanvraag=aanvraag, sleutel__startswith="aanvulling-")
    assert (bericht.per_post, "per post" in bericht.tekst, Bericht.objects.count()) == (True, True, 0)
    with pikepdf.open(io.BytesIO(postbrief(bericht))) as brief:
        alleen = len(brief.pages)
    ontvangst = Postbusbericht.objects.get(aanvraag=aanvraag, sleutel__startswith="ontvangst-")
    with pikepdf.open(io.BytesIO(postbrief(ontvangst))) as brief:
        assert len(brief.pages) > alleen  # the copy of everything is behind the letter
    gepost = bericht_posten(bericht=bericht, actor=staf.behandelaar, op=NA)
    assert (gepost.gepost_op, gepost.gepost_door) == (NA, staf.behandelaar)
    assert bericht_posten(bericht=bericht, actor=staf.behandelaar2, op=TYPEN).gepost_door == staf.behandelaar
    assert LogRegel.objects.filter(handeling="bericht_posten").count() == 1
    assert code_van(lambda: bericht_posten(bericht=ontvangst, actor=staf.beslisser, op=NA)) == "geen-recht"


def test_de_evaluatie_zegt_wat_op_papier_kwam(staf: Staf) -> None:
    """A column for rounds that have paper; other rounds keep their columns, and so their digests."""
    tijdvak, zonder = open_tijdvak(), open_tijdvak()
    maak_ingediend(tijdvak)
    maak_ingediend(zonder)
    papier_indienen(aanvraag=overgetypt(tijdvak, staf.behandelaar), actor=staf.behandelaar, op=TYPEN)
    assert list(rondegegevens(tijdvak)["indieningswijze"]) == ["digitaal", "papier"]
    assert "indieningswijze" not in rondegegevens(zonder)


def test_wie_invoerde_beslist_niet(staf: Staf) -> None:
    typer = maak_gebruiker(Rol.BEHANDELAAR, Rol.BESLISSER)
    aanvraag = papier_indienen(aanvraag=overgetypt(open_tijdvak(), typer), actor=typer, op=TYPEN)
    aanvraag = in_behandeling_nemen(aanvraag=aanvraag, actor=staf.behandelaar, op=TYPEN)
    Organisatie.objects.filter(pk=aanvraag.organisatie_id).update(register_stand=Registerstand.BEVESTIGD)
    toetsen_uitvoeren(aanvraag=vers(aanvraag), op=TYPEN)
    aanvraag = compleet_verklaren(aanvraag=vers(aanvraag), actor=staf.behandelaar, op=TYPEN)
    voorstel = {
        "aanvraag": aanvraag,
        "soort": Besluitsoort.AFWIJZING,
        "grond": Afwijzingsgrond.VOORWAARDEN,
        "motivering": "Daarom.",
        "op": TYPEN,
    }
    assert code_van(lambda: besluit_voorstellen(actor=typer, **voorstel)) == "vier-ogen"
    besluit = besluit_voorstellen(actor=staf.behandelaar, **voorstel)
    assert code_van(lambda: besluit_ondertekenen(besluit=besluit, actor=typer, op=TYPEN)) == "vier-ogen"
    besluit = besluit_ondertekenen(besluit=besluit, actor=staf.beslisser, op=TYPEN)
    besluit_verzenden(besluit=besluit, actor=staf.behandelaar, op=TYPEN)
    brief = Postbusbericht.objects.get(aanvraag=aanvraag, soort="besluit")
    besluit.refresh_from_db()
    assert (brief.per_post, brief.bestand) == (True, besluit.brief_pdf)
    assert not Bericht.objects.filter(sleutel=f"besluit-{besluit.pk}").exists()
