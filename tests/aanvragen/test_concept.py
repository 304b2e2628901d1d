"""Filling in: every step is kept, nothing unfinished is refused, nothing foreign is taken in."""

from __future__ import annotations

import hashlib
import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from aanvragen.enums import Status
from aanvragen.models import Aanvraag, Adviseur
from aanvragen.services.concept import (
    Begrotingspost,
    aanvraag_beginnen,
    begroting_bewaren,
    velden_bewaren,
    verklaringen_bewaren,
)
from aanvragen.services.conceptadviseur import Adviesgegevens, Referentiegegeven, adviseur_bewaren
from aanvragen.services.conceptbijlage import bijlage_toevoegen, bijlage_verwijderen
from aanvragen.services.indienen import aanvraag_indienen
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Bestand, LogRegel
from regeling.models import Tijdvak
from tests.factories.ronde import (
    NA,
    OPEN,
    SLUIT,
    TIJDENS,
    maak_concept,
    maak_gebruiker,
    maak_organisatie,
    maak_tijdvak,
    open_tijdvak,
    pdf,
    vers,
)

pytestmark = pytest.mark.django_db
TABELLEN: dict[str, Any] = {
    "themas": [{"code": code, "naam": code.capitalize()} for code in ("een", "twee", "drie")],
    "themakeuze": {"minimum": 1, "maximum": 3, "hoofdthema": True},
    "vragen": [{"code": code, "tekst": f"{code.capitalize()}?", "soort": "tekst"} for code in ("waarom", "hoe")],
    "verklaringen": [{"code": "waar", "tekst": "Alles is waar."}],
    "bijlagen": [
        {"code": "plan", "naam": "Plan", "soorten": ["pdf"], "maximum_mb": 1, "aantal_maximum": 1},
        {"code": "rapport", "naam": "Rapport", "bij": "declaratie"},
    ],
    "adviseur": {"nodig": True, "referenties": 1, "alternatieven": ["gecertificeerd"]},
}


@pytest.fixture
def aanvraag() -> Aanvraag:
    tijdvak = open_tijdvak(tabellen=TABELLEN)
    return aanvraag_beginnen(tijdvak=tijdvak, organisatie=maak_organisatie(), actor=maak_gebruiker(), op=TIJDENS)


def bewaar(aanvraag: Aanvraag, stap: str = "project", **opties: Any) -> Aanvraag:
    return velden_bewaren(aanvraag=aanvraag, stap=stap, actor=None, op=TIJDENS, **{"gegevens": {}, **opties})


def test_beginnen_geeft_steeds_hetzelfde_concept(aanvraag: Aanvraag) -> None:
    weer = aanvraag_beginnen(
        tijdvak=aanvraag.tijdvak, organisatie=aanvraag.organisatie, actor=None, op=TIJDENS + timedelta(hours=1)
    )
    assert (weer.pk, weer.aangemaakt_op, weer.versie) == (aanvraag.pk, TIJDENS, 1)
    assert aanvraag.een_per_aanvrager is True
    assert list(LogRegel.objects.filter(keten=f"aanvraag:{aanvraag.pk}").values_list("handeling", flat=True)) == [
        "aanvraag_beginnen"
    ]


def test_een_tweede_concept_houdt_de_database_tegen(aanvraag: Aanvraag) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Aanvraag.objects.create(
            tijdvak=aanvraag.tijdvak, organisatie=aanvraag.organisatie, aangemaakt_op=TIJDENS, gewijzigd_op=TIJDENS
        )


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (OPEN - timedelta(microseconds=1), "tijdvak-nog-niet-open"),
        (OPEN, None),
        (SLUIT, None),
        (SLUIT + timedelta(microseconds=1), "tijdvak-gesloten"),
    ],
)
def test_beginnen_kan_alleen_in_het_tijdvak(moment: Any, code: str | None) -> None:
    tijdvak, organisatie = open_tijdvak(), maak_organisatie()
    if code is None:
        aanvraag = aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=None, op=moment)
        assert aanvraag.status == Status.CONCEPT
        return
    with pytest.raises(InvoerFout) as fout:
        aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=None, op=moment)
    assert fout.value.code == code
    assert Aanvraag.objects.count() == 0


def test_een_ronde_in_ontwerp_is_nog_niet_open() -> None:
    """Also at a moment inside the window: without publication there is no window (R31)."""
    tijdvak = maak_tijdvak()
    for moment, code in ((OPEN - timedelta(days=1), "tijdvak-nog-niet-open"), (TIJDENS, "tijdvak-gesloten")):
        with pytest.raises(InvoerFout) as fout:
            aanvraag_beginnen(tijdvak=tijdvak, organisatie=maak_organisatie(), actor=None, op=moment)
        assert fout.value.code == code


def test_elke_stap_wordt_bewaard_en_telt_een_versie(aanvraag: Aanvraag) -> None:
    aanvraag = bewaar(aanvraag, gegevens={"titel": "Roosters"})
    aanvraag = bewaar(aanvraag, gegevens={"omschrijving": "Wij gaan roosteren.", "start_op": date(2026, 9, 1)})
    aanvraag = bewaar(aanvraag, "vragen", gegevens={"antwoorden": {"waarom": "Daarom."}})
    aanvraag = bewaar(aanvraag, "vragen", gegevens={"antwoorden": {"hoe": "Zo."}})
    nu = vers(aanvraag)
    assert (nu.titel, nu.omschrijving, nu.start_op) == ("Roosters", "Wij gaan roosteren.", date(2026, 9, 1))
    assert nu.antwoorden == {"waarom": "Daarom.", "hoe": "Zo."}  # an earlier answer stays
    assert (nu.versie, nu.stappen_klaar, nu.status) == (5, ["project", "vragen"], Status.CONCEPT)
    stappen = LogRegel.objects.filter(keten=f"aanvraag:{nu.pk}", handeling="stap_bewaren").order_by("volgnr")
    assert [regel.gegevens["stap"] for regel in stappen] == ["project", "project", "vragen", "vragen"]


def test_wie_een_oude_versie_bewaart_verliest(aanvraag: Aanvraag) -> None:
    """Two people have the same page open; the second to save is told, and overwrites nothing."""
    bewaar(aanvraag, gegevens={"titel": "Van de eerste"}, versie=aanvraag.versie)
    with pytest.raises(OvergangFout) as fout:
        bewaar(aanvraag, gegevens={"titel": "Van de tweede"}, versie=aanvraag.versie)
    assert fout.value.code == "intussen-gewijzigd"
    assert "Iemand anders heeft deze aanvraag intussen gewijzigd." in str(fout.value)
    assert (vers(aanvraag).titel, vers(aanvraag).versie) == ("Van de eerste", 2)


@pytest.mark.parametrize(
    ("dienst", "opties"),
    [
        (begroting_bewaren, {"posten": []}),
        (adviseur_bewaren, {"adviseur": None, "referenties": []}),
        (verklaringen_bewaren, {"akkoord": {"waar": True}}),
    ],
)
def test_elke_stap_bewaakt_de_versie(aanvraag: Aanvraag, dienst: Any, opties: dict[str, Any]) -> None:
    bewaar(aanvraag)
    with pytest.raises(OvergangFout, match="intussen gewijzigd"):
        dienst(aanvraag=aanvraag, actor=None, op=TIJDENS, versie=1, **opties)
    assert vers(aanvraag).versie == 2


@pytest.mark.parametrize("veld", ["status", "toegekend_bedrag", "kenmerk", "organisatie", "bestaat_niet"])
def test_een_vreemd_veld_wordt_geweigerd(aanvraag: Aanvraag, veld: str) -> None:
    with pytest.raises(InvoerFout, match=f"Deze gegevens horen niet bij een aanvraag: {veld}."):
        bewaar(aanvraag, gegevens={veld: "x", "titel": "Nieuw"})
    assert (vers(aanvraag).titel, vers(aanvraag).versie) == ("", 1)


def test_een_vreemde_vraag_wordt_geweigerd(aanvraag: Aanvraag) -> None:
    with pytest.raises(InvoerFout, match="Deze vragen horen niet bij de regeling: korting."):
        bewaar(aanvraag, gegevens={"antwoorden": {"waarom": "Daarom.", "korting": "100"}})
    assert vers(aanvraag).antwoorden == {}


def test_een_vreemde_verklaring_wordt_geweigerd(aanvraag: Aanvraag) -> None:
    with pytest.raises(InvoerFout, match="Deze verklaringen horen niet bij de regeling: directeur."):
        verklaringen_bewaren(aanvraag=aanvraag, akkoord={"waar": True, "directeur": True}, actor=None, op=TIJDENS)
    assert aanvraag.verklaringen.count() == 0


def test_themas_het_eerste_is_het_hoofdthema(aanvraag: Aanvraag) -> None:
    bewaar(aanvraag, "themas", themas=["twee", "een"])
    gekozen = list(aanvraag.gekozen_themas.order_by("id").values_list("thema__code", "hoofd"))
    assert gekozen == [("twee", True), ("een", False)]
    bewaar(vers(aanvraag), "themas", themas=["drie"])
    assert list(aanvraag.gekozen_themas.values_list("thema__code", "hoofd")) == [("drie", True)]


def test_een_thema_dat_twee_keer_wordt_gestuurd_telt_een_keer(aanvraag: Aanvraag) -> None:
    bewaar(aanvraag, "themas", themas=["twee", "een", "twee"])
    assert list(aanvraag.gekozen_themas.order_by("id").values_list("thema__code", flat=True)) == ["twee", "een"]


def test_een_vreemd_thema_laat_alles_zoals_het_was(aanvraag: Aanvraag) -> None:
    bewaar(aanvraag, "themas", themas=["een"])
    with pytest.raises(InvoerFout, match="Dit thema hoort niet bij de regeling: elders."):
        bewaar(vers(aanvraag), "themas", themas=["twee", "elders"])
    assert list(aanvraag.gekozen_themas.values_list("thema__code", flat=True)) == ["een"]


def test_begroting_vervangt_en_rekent(aanvraag: Aanvraag) -> None:
    posten = [
        Begrotingspost("adviseur", "Begeleiding", Decimal("1000.01")),
        Begrotingspost("adviseur", "Training", Decimal("500")),
    ]
    aanvraag, berekening = begroting_bewaren(aanvraag=aanvraag, posten=posten, actor=None, op=TIJDENS)
    assert (aanvraag.kosten_totaal, aanvraag.gevraagd_bedrag) == (Decimal("1500.01"), Decimal("750.00"))
    assert (berekening.kosten, berekening.subsidie) == (Decimal("1500.01"), Decimal("750.00"))
    aanvraag, _ = begroting_bewaren(aanvraag=aanvraag, posten=posten[:1], actor=None, op=TIJDENS)
    assert list(vers(aanvraag).begroting.values_list("omschrijving", "bedrag")) == [("Begeleiding", Decimal("1000.01"))]
    assert vers(aanvraag).gevraagd_bedrag == Decimal("500.00")
    aanvraag, _ = begroting_bewaren(aanvraag=aanvraag, posten=[], actor=None, op=TIJDENS)
    assert (vers(aanvraag).begroting.count(), vers(aanvraag).gevraagd_bedrag) == (0, 0)


@pytest.mark.parametrize(
    ("post", "melding"),
    [
        (Begrotingspost("reizen", "Trein", Decimal(10)), "Deze kostensoort hoort niet bij de regeling: reizen."),
        (Begrotingspost("adviseur", "Niets", Decimal(0)), "Een bedrag is altijd hoger dan nul."),
        (Begrotingspost("adviseur", "Terug", Decimal(-1)), "Een bedrag is altijd hoger dan nul."),
        (Begrotingspost("adviseur", "Uren", Decimal(10), Decimal(-5)), "Een bedrag is altijd hoger dan nul."),
        (Begrotingspost("adviseur", "Uren", Decimal(10), Decimal(5), Decimal(-2)), "Een bedrag is altijd hoger"),
    ],
)
def test_een_onmogelijke_begroting_verandert_niets(aanvraag: Aanvraag, post: Begrotingspost, melding: str) -> None:
    goed = Begrotingspost("adviseur", "Begeleiding", Decimal(100))
    aanvraag, _ = begroting_bewaren(aanvraag=aanvraag, posten=[goed], actor=None, op=TIJDENS)
    with pytest.raises(InvoerFout, match=melding):
        begroting_bewaren(aanvraag=aanvraag, posten=[goed, post], actor=None, op=TIJDENS)
    assert (vers(aanvraag).begroting.count(), vers(aanvraag).gevraagd_bedrag) == (1, 50)


ADVIES = Adviesgegevens(
    naam="Adviseur A", email="A@Bureau.example", bureau_naam="Bureau", bureau_kvk="00999998", gecertificeerd=False
)


def met_adviseur(aanvraag: Aanvraag, gegevens: Adviesgegevens | None, *referenties: str) -> Aanvraag:
    return adviseur_bewaren(
        aanvraag=aanvraag,
        adviseur=gegevens,
        referenties=[Referentiegegeven(naam, "Iemand", f"{naam}@klant.example".lower()) for naam in referenties],
        actor=None,
        op=TIJDENS,
    )


def test_een_adviseur_komt_een_keer_in_het_register(aanvraag: Aanvraag) -> None:
    aanvraag = met_adviseur(aanvraag, ADVIES, "Een", "Twee")
    ander = aanvraag_beginnen(tijdvak=aanvraag.tijdvak, organisatie=maak_organisatie(), actor=None, op=TIJDENS)
    ander = met_adviseur(ander, Adviesgegevens(naam="Adviseur A", email="a@bureau.example", bureau_kvk="00999998"))
    assert aanvraag.adviseur == ander.adviseur
    assert Adviseur.objects.count() == 1
    assert list(aanvraag.referenties.values_list("organisatie", flat=True)) == ["Een", "Twee"]
    aanvraag = met_adviseur(aanvraag, None)
    assert (aanvraag.adviseur, aanvraag.referenties.count()) == (None, 0)


def test_een_adviseur_zonder_bureau_die_dubbel_in_het_register_staat_geeft_geen_fout(aanvraag: Aanvraag) -> None:
    """The unique constraint does not see an empty bureau; two drafts at once can both have added him."""
    for _ in range(2):
        Adviseur.objects.create(naam="Los", email="los@example.org")
    aanvraag = met_adviseur(aanvraag, Adviesgegevens(naam="Los", email="los@example.org"))
    assert aanvraag.adviseur == Adviseur.objects.order_by("pk").first()


def test_een_gecertificeerde_adviseur_hoeft_geen_referenties(aanvraag: Aanvraag) -> None:
    """Also when the register knew the adviser without a certificate: the claim is not lost."""
    met_adviseur(aanvraag, ADVIES)
    aanvraag = met_adviseur(
        vers(aanvraag), Adviesgegevens(naam=ADVIES.naam, email=ADVIES.email, bureau_kvk="00999998", gecertificeerd=True)
    )
    assert aanvraag.adviseur is not None
    assert aanvraag.adviseur.gecertificeerd is True


def met_bijlage(aanvraag: Aanvraag, inhoud: bytes, naam: str, code: str = "plan") -> Any:
    return bijlage_toevoegen(aanvraag=aanvraag, code=code, naam=naam, inhoud=inhoud, actor=None, op=TIJDENS)


def op_schijf() -> set[Path]:
    return {pad for pad in Path(settings.MEDIA_ROOT).rglob("*") if pad.is_file()}


def pdf_met_wachtwoord() -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(buffer, encryption=pikepdf.Encryption(owner="eigenaar", user="lezer"))
    return buffer.getvalue()


EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 400
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.mark.parametrize(
    ("inhoud", "naam", "code", "melding"),
    [
        (b"", "plan.pdf", "bestand-leeg", "“plan.pdf” is leeg. Kies een ander bestand."),
        (EXE, "plan.pdf", "verkeerde-bestandssoort", "“plan.pdf” is geen bestand van de soort PDF."),
        (b"<script>alert(1)</script>", "plan.pdf", "verkeerde-bestandssoort", "geen bestand van de soort PDF"),
        (PNG, "plan.png", "verkeerde-bestandssoort", "geen bestand van de soort PDF"),
        (pdf(), "plan.exe", "verkeerde-bestandsnaam", "De naam “plan.exe” past niet bij de inhoud"),
        (pdf(), "plan", "verkeerde-bestandsnaam", "De naam “plan” past niet bij de inhoud"),
        (pdf_met_wachtwoord(), "plan.pdf", "bestand-beveiligd", "“plan.pdf” is beveiligd met een wachtwoord."),
        (b"%PDF-1.7\n" + b"kapot " * 50, "plan.pdf", "bestand-beschadigd", "“plan.pdf” is beschadigd"),
        (pdf() + b" " * (1024 * 1024), "plan.pdf", "bestand-te-groot", "“plan.pdf” is te groot: 1,0 MB."),
    ],
    ids=["leeg", "exe", "script", "png", "naam-exe", "zonder-extensie", "wachtwoord", "kapot", "te-groot"],
)
def test_een_verkeerde_bijlage_wordt_geweigerd_en_nergens_bewaard(
    aanvraag: Aanvraag, inhoud: bytes, naam: str, code: str, melding: str
) -> None:
    voor = op_schijf()
    with pytest.raises(InvoerFout) as fout:
        met_bijlage(aanvraag, inhoud, naam)
    assert fout.value.code == code
    assert melding in str(fout.value)
    assert fout.value.actie
    assert (Bestand.objects.count(), aanvraag.bijlagen.count(), op_schijf()) == (0, 0, voor)
    assert vers(aanvraag).versie == 1


def test_precies_de_grootste_maat_mag(aanvraag: Aanvraag) -> None:
    kern = pdf()
    bijlage = met_bijlage(aanvraag, kern + b" " * (1024 * 1024 - len(kern)), "plan.pdf")
    assert bijlage.bestand.grootte == 1024 * 1024


@pytest.mark.parametrize("code", ["rapport", "bestaat-niet"])
def test_een_bijlage_die_er_niet_bij_hoort_wordt_geweigerd(aanvraag: Aanvraag, code: str) -> None:
    with pytest.raises(InvoerFout, match="Deze bijlage hoort niet bij de regeling."):
        met_bijlage(aanvraag, pdf(), "plan.pdf", code)


def test_een_nieuwe_bijlage_vervangt_de_oude_en_de_oude_blijft_staan(aanvraag: Aanvraag) -> None:
    eerste, tweede = met_bijlage(aanvraag, pdf(), "een.pdf"), met_bijlage(aanvraag, pdf(), r"C:\mijn map\twee.pdf")
    assert (vers(eerste).verwijderd_op, vers(tweede).verwijderd_op) == (TIJDENS, None)
    assert tweede.bestand.naam == "twee.pdf"
    assert (tweede.bestand.mime, tweede.bestand.sha256) == ("application/pdf", hashlib.sha256(pdf()).hexdigest())
    with tweede.bestand.inhoud.open() as bestand:
        assert bestand.read() == pdf()
    assert "twee" not in tweede.bestand.inhoud.name  # nothing of the name reaches the disk
    bijlage_verwijderen(bijlage=tweede, actor=None, op=TIJDENS)
    assert aanvraag.bijlagen.filter(verwijderd_op=None).count() == 0
    assert aanvraag.bijlagen.count() == 2


def test_na_versturen_kan_er_niets_meer_bij() -> None:
    aanvraag = aanvraag_indienen(aanvraag=maak_concept(open_tijdvak()), actor=None, op=TIJDENS)
    opties: dict[str, Any] = {"aanvraag": aanvraag, "actor": None, "op": TIJDENS}
    pogingen = [
        lambda: velden_bewaren(stap="project", gegevens={"titel": "Beter"}, **opties),
        lambda: begroting_bewaren(posten=[Begrotingspost("adviseur", "Meer", Decimal(9999))], **opties),
        lambda: adviseur_bewaren(adviseur=ADVIES, referenties=[], **opties),
        lambda: verklaringen_bewaren(akkoord={}, **opties),
    ]
    for poging in pogingen:
        with pytest.raises(OvergangFout) as fout:
            poging()
        assert fout.value.code == "aanvraag-verstuurd"
    assert (vers(aanvraag).titel, vers(aanvraag).gevraagd_bedrag) == ("Project", 1000)


def test_een_concept_blijft_leesbaar_en_te_wijzigen_na_sluiting() -> None:
    """It can no longer be sent; but saving a page that stood open does not fail."""
    aanvraag = maak_concept(open_tijdvak())
    aanvraag = velden_bewaren(aanvraag=aanvraag, stap="project", gegevens={"titel": "Laat"}, actor=None, op=NA)
    assert (aanvraag.titel, aanvraag.status) == ("Laat", Status.CONCEPT)
    with pytest.raises(InvoerFout, match="is gesloten"):
        aanvraag_indienen(aanvraag=aanvraag, actor=None, op=NA)


def test_het_tijdvak_zelf_verandert_niet_door_invullen(aanvraag: Aanvraag) -> None:
    bewaar(aanvraag, gegevens={"titel": "x"})
    assert Tijdvak.objects.get(pk=aanvraag.tijdvak_id).volgnummer == 0
