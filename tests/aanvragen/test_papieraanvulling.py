"""An answer on paper to a request to complete: stamp, scan, whose moment counts, post, four eyes, stopping (R44)."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pikepdf
import pytest
from django.db import IntegrityError, transaction

from aanvragen.enums import Bron, Correspondentie, Machtigingsoort, Onderdeelsoort, Registerstand, Status
from aanvragen.models import (
    Aanvraag,
    Aanvulling,
    Bijlage,
    Kladveld,
    Organisatie,
    Papieraanvulling,
    Papierantwoord,
    Postbusbericht,
)
from aanvragen.selectors import papieraanvullingen_in_invoer, papieraanvullingen_onderhanden
from aanvragen.services.aanvulklad import (
    bestand_van,
    ingevulde_items,
    klad_van,
    onderdeel_antwoorden,
    onderdeel_bestand_bewaren,
    onderdeel_velden_bewaren,
)
from aanvragen.services.aanvulling import aanvulling_proef, aanvulling_versturen
from aanvragen.services.behandeling import (
    Gevraagd,
    aanvulling_vragen,
    aanvullingen_laten_verlopen,
    compleet_verklaren,
    in_behandeling_nemen,
    opschortingen,
    zonder_aanvulling_verder,
)
from aanvragen.services.concept import velden_bewaren
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.nasturen import Upload
from aanvragen.services.organisatie import machtiging_verlenen
from aanvragen.services.papier import (
    Papieradres,
    aanvraag_invoerders,
    aanvulling_invoerders,
    invoerders,
    papier_indienen,
)
from aanvragen.services.papieraanvulling import (
    AANVULPOSTREGEL,
    AANVULSCAN,
    papieraanvulling_beginnen,
    papieraanvulling_scan_toevoegen,
    papieraanvulling_scan_verwijderen,
    papieraanvulling_stoppen,
    papieraanvulling_van,
    papieraanvulling_versturen,
)
from aanvragen.services.post import postbrief
from aanvragen.services.toetsing import toetsen_uitvoeren
from kern.enums import Rol, Scanuitslag
from kern.fouten import DomeinFout
from kern.models import Bericht, Bestand, Gebruiker, LogRegel
from kern.services.spoor import keten_van, spoor_controleren
from tests.aanvragen.test_papier import TYPEN, overgetypt
from tests.factories.portaal_aanvrager import Medewerkers, aanvrager, pdf, rijk_tijdvak, vol_concept
from tests.factories.ronde import NA, TIJDENS, maak_gebruiker, open_tijdvak, vers
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.services.besluit import besluit_ondertekenen, besluit_voorstellen

pytestmark = pytest.mark.django_db
#: Asked on Saturday 28 March 2026, 14 days: up to and with 11 April, Dutch time (summer time begins that night).
LAATSTE = datetime(2026, 4, 11, 21, 59, 0, tzinfo=UTC)
STEMPEL = NA + timedelta(days=4)
#: Typed in after the term, from the stamp of before.
INVOER = LAATSTE + timedelta(days=3)
ADRES = Papieradres(straat="Kade 1", postcode="1234 AB", plaats="Voorbeeldstad")
SCANS = [Upload("scan", "antwoord.pdf", pdf("antwoord"))]
ONDERDELEN = [
    Gevraagd(Onderdeelsoort.STAP, "Het project", "De omschrijving is te kort.", "project"),
    Gevraagd(Onderdeelsoort.BIJLAGE, "Offerte", "De offerte is niet getekend.", "offerte"),
    Gevraagd(Onderdeelsoort.OVERIG, "Handtekening", "Wie tekende er?"),
]


def code_van(functie: Any) -> str:
    with pytest.raises(DomeinFout) as fout:
        functie()
    return fout.value.code


class Zaak:
    """A digital applicant with an open request; the officer types an answer that came on paper."""

    def __init__(self, naam: str = "Proefbakkerij", kvk: str = "00123456") -> None:
        self.staf = Medewerkers()
        self.typer = maak_gebruiker(Rol.BEHANDELAAR, Rol.BESLISSER)
        self.gebruiker, organisatie = aanvrager(naam=naam, kvk=kvk)
        aanvraag = aanvraag_indienen(
            aanvraag=vol_concept(rijk_tijdvak(), organisatie, self.gebruiker), actor=self.gebruiker, op=TIJDENS
        )
        self.pk = aanvraag.pk
        in_behandeling_nemen(aanvraag=aanvraag, actor=self.staf.behandelaar, op=NA)
        self.verzoek = aanvulling_vragen(
            aanvraag=self.aanvraag,
            onderdelen=ONDERDELEN,
            termijn_dagen=14,
            actor=self.staf.behandelaar,
            op=NA,
        )
        self.items = list(self.verzoek.items.all())

    @property
    def aanvraag(self) -> Aanvraag:
        return Aanvraag.objects.get(pk=self.pk)

    def begin(self, **anders: Any) -> Papieraanvulling:
        gegevens: dict[str, Any] = {"ontvangen_op": STEMPEL, "scans": SCANS, "adres": ADRES, "op": INVOER}
        gegevens |= {"aanvulling": self.verzoek, "actor": self.typer}
        return papieraanvulling_beginnen(**{**gegevens, **anders})

    def vul(self, papier: Papieraanvulling | None, wie: Gebruiker, op: datetime, woorden: str) -> None:
        """All three items: a step, a file, words."""
        opties: dict[str, Any] = {"actor": wie, "op": op, "papier": papier}
        project, offerte, teken = self.items
        onderdeel_velden_bewaren(item=project, velden={"omschrijving": [woorden]}, **opties)
        onderdeel_bestand_bewaren(item=offerte, naam=f"{woorden}.pdf", inhoud=pdf(woorden), **opties)
        onderdeel_antwoorden(item=teken, antwoord=woorden, niet_geleverd=False, **opties)

    def stappen(self, wie: Gebruiker, op: datetime, woorden: str) -> dict[str, Any]:
        """What the screen makes of the draft of the step."""

        def project(rij: Aanvraag) -> object:
            return velden_bewaren(aanvraag=rij, stap="project", gegevens={"omschrijving": woorden}, actor=wie, op=op)

        return {"project": project}

    def verstuur(self, papier: Papieraanvulling, op: datetime = INVOER, wie: Gebruiker | None = None) -> Aanvulling:
        wie = wie or self.typer
        return papieraanvulling_versturen(papier=papier, stappen=self.stappen(wie, op, "van papier"), actor=wie, op=op)

    def online(self, op: datetime) -> Aanvulling:
        return aanvulling_versturen(
            aanvulling=self.verzoek, stappen=self.stappen(self.gebruiker, op, "online"), actor=self.gebruiker, op=op
        )

    def beeld(self) -> dict[str, Any]:
        """All that an entry may not change: application, attachments, items, drafts."""
        rij = self.aanvraag
        velden = {veld.attname: getattr(rij, veld.attname) for veld in rij._meta.concrete_fields}
        return velden | {
            "bijlagen": list(rij.bijlagen.order_by("pk").values()),
            "items": list(self.verzoek.items.values()),
            "aanvulling": list(Aanvulling.objects.filter(pk=self.verzoek.pk).values()),
            "klad": list(Kladveld.objects.order_by("pk").values("stap", "veld", "waarde")),
            "berichten": Postbusbericht.objects.count(),
        }


@pytest.fixture
def zaak() -> Zaak:
    return Zaak()


def test_het_stempel_telt_en_niet_het_overtypen(zaak: Zaak) -> None:
    """R44, R5, T5: in time by the stamp, suspended up to the stamp, complete at the stamp; also after the term."""
    aanvullingen_laten_verlopen(op=INVOER)
    papier = zaak.begin()
    zaak.vul(papier, zaak.typer, INVOER, "van papier")
    verzoek = zaak.verstuur(papier)
    rij = zaak.aanvraag
    assert (verzoek.beantwoord_op, verzoek.beantwoord_door, verzoek.verlopen_op) == (STEMPEL, None, None)
    assert (rij.status, rij.omschrijving) == (Status.IN_BEHANDELING, "van papier")
    dag = NA.date()
    assert opschortingen(rij) == [
        (dag + timedelta(days=1), dag + timedelta(days=4), "verzoek om aanvulling"),
    ]
    items = {item.titel: (item.antwoord, item.beantwoord_op) for item in zaak.verzoek.items.all()}
    assert items == {"Het project": ("", STEMPEL), "Offerte": ("", STEMPEL), "Handtekening": ("van papier", STEMPEL)}
    actief = rij.bijlagen.filter(verwijderd_op=None).order_by("code")
    assert [(b.code, b.bestand.naam) for b in actief] == [
        ("offerte", "van papier.pdf"),
        (AANVULSCAN.code, "antwoord.pdf"),
    ]
    assert [stap for stap, _titel, _regels in verzoek.inhoud] == ["antwoorden", "project", "bijlagen"]
    assert Kladveld.objects.count() == Papierantwoord.objects.count() == 0
    compleet = compleet_verklaren(aanvraag=rij, actor=zaak.staf.behandelaar, op=INVOER)
    assert compleet.volledig_op == STEMPEL


def test_de_beslistermijn_is_dezelfde_als_bij_een_antwoord_online_op_dat_moment(zaak: Zaak) -> None:
    ander = Zaak("Ander", "00654321")
    voor = zaak.aanvraag.beslissen_uiterlijk_op
    papier = zaak.begin()
    zaak.vul(papier, zaak.typer, INVOER, "van papier")
    zaak.verstuur(papier)
    ander.vul(None, ander.gebruiker, STEMPEL, "online")
    ander.online(STEMPEL)
    assert voor != zaak.aanvraag.beslissen_uiterlijk_op == ander.aanvraag.beslissen_uiterlijk_op


def test_wie_wat_deed_staat_in_het_spoor(zaak: Zaak) -> None:
    """On the case: receipt, and that the treatment goes on with the stamp; the typing on a chain of its own."""
    papier = zaak.begin()
    zaak.vul(papier, zaak.typer, INVOER, "van papier")
    zaak.verstuur(papier, wie=zaak.staf.behandelaar)
    regels = LogRegel.objects.filter(keten=keten_van(zaak.aanvraag), op=INVOER).order_by("volgnr")
    gezien = [(r.handeling, r.actor, r.gegevens.get("ontvangen_op")) for r in regels]
    stempel = STEMPEL.isoformat().replace("+00:00", "Z")
    assert gezien[0] == ("papieraanvulling_beginnen", zaak.typer, stempel)
    assert gezien[-1] == ("aanvullen", zaak.staf.behandelaar, stempel)
    eigen = LogRegel.objects.filter(keten=keten_van(papier)).order_by("volgnr")
    assert [(r.handeling, r.actor) for r in eigen] == [
        ("papieraanvulling_beginnen", zaak.typer),
        *[("aanvulling_bewaren", zaak.typer)] * 3,
        ("papieraanvulling_versturen", zaak.staf.behandelaar),
    ]
    assert aanvulling_invoerders(zaak.aanvraag) == {zaak.typer.pk, zaak.staf.behandelaar.pk}
    assert aanvraag_invoerders(zaak.aanvraag) == set()  # a digital application
    assert list(spoor_controleren()) == []
    papier.refresh_from_db()
    assert (papier.verstuurd_op, papier.verstuurd_door) == (INVOER, zaak.staf.behandelaar)
    assert vers(zaak.verzoek).papier == papier


def test_de_ontvangst_gaat_per_post_met_het_bewijs(zaak: Zaak) -> None:
    """Also to a digital applicant, whose other messages keep going as they did."""
    papier = zaak.begin()
    zaak.vul(papier, zaak.typer, INVOER, "van papier")
    verzoek = vers(zaak.verstuur(papier))
    bericht = Postbusbericht.objects.get(sleutel=f"aanvulling-ontvangen-{verzoek.pk}")
    assert (bericht.per_post, bericht.gepost_op, bericht.bestand) == (True, None, verzoek.ontvangstbewijs)
    assert bericht.bestand is not None
    assert "op papier ontvangen op 1 april 2026 om 18:00 uur. Dat moment telt." in bericht.tekst
    with bericht.bestand.inhoud.open("rb") as bewijs, pikepdf.open(bewijs) as los:
        brief = pikepdf.open(io.BytesIO(postbrief(bericht)))
        assert len(brief.pages) == len(los.pages) + 1
    assert zaak.aanvraag.correspondentie == Correspondentie.DIGITAAL
    organisatie = Organisatie.objects.get(pk=zaak.aanvraag.organisatie_id)
    assert (organisatie.straat, organisatie.plaats) == ("Kade 1", "Voorbeeldstad")
    assert not Postbusbericht.objects.filter(sleutel=f"aanvulling-{verzoek.pk}", per_post=True).exists()


def test_zonder_adres_kan_de_ontvangst_niet_weg(zaak: Zaak) -> None:
    voor = zaak.beeld()
    assert code_van(lambda: zaak.begin(adres=None)) == "adres-ontbreekt"
    assert (zaak.beeld(), Papieraanvulling.objects.count()) == (voor, 0)


@pytest.mark.parametrize(
    ("stempel", "op", "code"),
    [
        (NA - timedelta(minutes=1), INVOER, "papier-te-vroeg"),
        (NA, INVOER, ""),
        (LAATSTE, INVOER, ""),
        (LAATSTE + timedelta(minutes=1), INVOER, "papier-te-laat"),
        (STEMPEL, STEMPEL, ""),
        (STEMPEL + timedelta(minutes=1), STEMPEL, "ontvangst-in-toekomst"),
    ],
)
def test_het_stempel_ligt_in_de_termijn(zaak: Zaak, stempel: datetime, op: datetime, code: str) -> None:
    if not code:
        assert zaak.begin(ontvangen_op=stempel, op=op).ontvangen_op == stempel
        return
    with pytest.raises(DomeinFout) as fout:
        zaak.begin(ontvangen_op=stempel, op=op)
    assert (fout.value.code, fout.value.veld) == (code, "ontvangen_dag")
    assert (AANVULPOSTREGEL in fout.value.melding) == (code == "papier-te-laat")
    assert Papieraanvulling.objects.count() == 0


def test_de_scan_is_verplicht_en_wordt_gekeurd(zaak: Zaak) -> None:
    assert code_van(lambda: zaak.begin(scans=[])) == "scan-ontbreekt"
    kwaad = [Upload("scan", "brief.pdf", b"MZ geen pdf")]
    assert code_van(lambda: zaak.begin(scans=kwaad)) == "verkeerde-bestandssoort"
    papier = zaak.begin()
    zaak.vul(papier, zaak.typer, INVOER, "van papier")
    papieraanvulling_scan_verwijderen(scan=papier.scans.get(), actor=zaak.typer, op=INVOER)
    assert code_van(lambda: zaak.verstuur(papier)) == "scan-ontbreekt"
    assert zaak.aanvraag.status == Status.AANVULLING_GEVRAAGD  # nothing of it was kept
    nieuw = [Upload("s", "twee.pdf", pdf("twee"))]
    papieraanvulling_scan_toevoegen(papier=papier, scans=nieuw, actor=zaak.staf.behandelaar, op=INVOER)
    Bestand.objects.filter(naam="twee.pdf").update(scan=Scanuitslag.BESMET)
    assert code_van(lambda: zaak.verstuur(papier)) == "scan-besmet"
    Bestand.objects.filter(naam="twee.pdf").update(scan=Scanuitslag.SCHOON)
    zaak.verstuur(papier)
    assert [b.bestand.naam for b in Bijlage.objects.filter(code=AANVULSCAN.code)] == ["twee.pdf"]
    laat = papier.scans.get(verwijderd_op=None)
    weg = lambda: papieraanvulling_scan_verwijderen(scan=laat, actor=zaak.typer, op=INVOER)  # noqa: E731  (said once, used twice)
    assert code_van(weg) == "papieraanvulling-gesloten"


def test_niet_meer_scans_dan_tien(zaak: Zaak) -> None:
    papier = zaak.begin()
    negen = [Upload("s", f"{nr}.pdf", pdf(str(nr))) for nr in range(9)]
    papieraanvulling_scan_toevoegen(papier=papier, scans=negen, actor=zaak.typer, op=INVOER)
    meer = lambda: papieraanvulling_scan_toevoegen(papier=papier, scans=SCANS, actor=zaak.typer, op=INVOER)  # noqa: E731  (said once, used twice)
    assert code_van(meer) == "te-veel-bestanden"
    assert papier.scans.count() == 10


def test_wie_mag_invoeren(zaak: Zaak) -> None:
    """An officer without an interest; the right and the selector agree, and hold from the start to the sending."""
    eigen = maak_gebruiker(Rol.BEHANDELAAR)
    machtiging_verlenen(
        organisatie=zaak.aanvraag.organisatie,
        gebruiker=eigen,
        soort=Machtigingsoort.MEDEWERKER,
        actor=None,
        op=TIJDENS,
    )
    mensen = {
        "typer": zaak.typer,
        "collega": zaak.staf.behandelaar,
        "eigen": eigen,
        "beslisser": zaak.staf.beslisser,
        "aanvrager": zaak.gebruiker,
        "vreemde": maak_gebruiker(),
    }

    def mogen() -> list[str]:
        uit = [n for n, wie in mensen.items() if wie.has_perm("aanvragen.papieraanvulling_invoeren", zaak.aanvraag)]
        assert [n for n, wie in mensen.items() if papieraanvullingen_in_invoer(wie).exists()] == uit
        return uit

    wijzigen = [n for n, wie in mensen.items() if wie.has_perm("aanvragen.wijzigen", zaak.aanvraag)]
    assert mogen() == []
    for naam in ("eigen", "beslisser", "aanvrager", "vreemde"):
        with pytest.raises(DomeinFout):
            zaak.begin(actor=mensen[naam])
    papier = zaak.begin()
    assert mogen() == ["typer", "collega"]
    # The right to type is no right to change or send the application itself.
    assert [n for n, wie in mensen.items() if wie.has_perm("aanvragen.wijzigen", zaak.aanvraag)] == wijzigen
    assert not zaak.typer.has_perm("aanvragen.indienen", zaak.aanvraag)
    for naam in ("eigen", "beslisser", "aanvrager", "vreemde"):
        with pytest.raises(DomeinFout):
            zaak.vul(papier, mensen[naam], INVOER, "x")
    zaak.vul(papier, zaak.typer, INVOER, "van papier")
    for naam in ("eigen", "beslisser", "aanvrager", "vreemde"):
        with pytest.raises(DomeinFout):
            zaak.verstuur(papier, wie=mensen[naam])
        with pytest.raises(DomeinFout):
            papieraanvulling_stoppen(papier=papier, reden="x", actor=mensen[naam], op=INVOER)
    zaak.verstuur(papier, wie=zaak.staf.behandelaar)
    assert mogen() == []
    assert code_van(lambda: zaak.vul(papier, zaak.typer, INVOER, "nog iets"))


def test_een_invoer_is_van_een_aanvraag(zaak: Zaak) -> None:
    """An entry for one application does not open the items of another."""
    ander, papier = Zaak("Ander", "00654321"), zaak.begin()
    opties: dict[str, Any] = {"actor": zaak.typer, "op": INVOER, "papier": papier}
    bewaar = lambda: onderdeel_velden_bewaren(item=ander.items[0], velden={"titel": ["x"]}, **opties)  # noqa: E731  (said once, used twice)
    assert code_van(bewaar) == "papieraanvulling-gesloten"
    assert not zaak.typer.has_perm("aanvragen.papieraanvulling_invoeren", ander.aanvraag)


def test_een_invoer_per_verzoek(zaak: Zaak) -> None:
    eerste = zaak.begin()
    assert code_van(lambda: zaak.begin(actor=zaak.staf.behandelaar)) == "papieraanvulling-in-invoer"
    with pytest.raises(IntegrityError), transaction.atomic():
        Papieraanvulling.objects.create(
            aanvulling=zaak.verzoek, ontvangen_op=STEMPEL, begonnen_op=INVOER, begonnen_door=zaak.typer
        )
    papieraanvulling_stoppen(papier=eerste, reden="Verkeerde datum.", actor=zaak.typer, op=INVOER)
    tweede = zaak.begin()
    assert papieraanvulling_van(zaak.verzoek) == tweede
    with pytest.raises(IntegrityError), transaction.atomic():
        Papieraanvulling.objects.filter(pk=eerste.pk).update(verstuurd_op=INVOER)


def test_stoppen_laat_de_aanvraag_zoals_zij_was(zaak: Zaak) -> None:
    """Also what the applicant has typed online stays; only the trail knows."""
    zaak.vul(None, zaak.gebruiker, STEMPEL, "online")
    voor = zaak.beeld()
    papier = zaak.begin()
    zaak.vul(papier, zaak.typer, INVOER, "van papier")
    assert zaak.beeld() != voor  # drafts of the entry
    stop = lambda reden: papieraanvulling_stoppen(papier=papier, reden=reden, actor=zaak.typer, op=INVOER)  # noqa: E731  (said once, used twice)
    assert code_van(lambda: stop(" ")) == "ongeldige-invoer"
    stop("Hoort bij een andere zaak.")
    assert zaak.beeld() == voor
    assert Papierantwoord.objects.count() == 0
    regel = LogRegel.objects.filter(keten=keten_van(zaak.aanvraag)).latest("volgnr")
    assert (regel.handeling, regel.reden, regel.actor) == (
        "papieraanvulling_stoppen",
        "Hoort bij een andere zaak.",
        zaak.typer,
    )
    assert invoerders(zaak.aanvraag) == set()  # it has no part in the case
    assert code_van(lambda: stop("Nog eens."))
    assert code_van(lambda: zaak.verstuur(papier)) == "papieraanvulling-gesloten"
    zaak.online(LAATSTE)
    assert zaak.aanvraag.omschrijving == "online"


def test_kladden_lopen_niet_door_elkaar(zaak: Zaak) -> None:
    papier = zaak.begin()
    zaak.vul(None, zaak.gebruiker, STEMPEL, "online")
    assert ingevulde_items(zaak.verzoek, papier) == set()
    zaak.vul(papier, zaak.typer, INVOER, "van papier")
    project, offerte, teken = zaak.verzoek.items.all()
    assert (klad_van(project), klad_van(project, papier)) == (
        {"omschrijving": ["online"]},
        {"omschrijving": ["van papier"]},
    )
    eigen, overgenomen = bestand_van(offerte), bestand_van(offerte, papier)
    assert eigen is not None
    assert overgenomen is not None
    assert (eigen.naam, overgenomen.naam) == ("online.pdf", "van papier.pdf")
    assert (teken.antwoord, papier.antwoorden.get().antwoord) == ("online", "van papier")
    proef = aanvulling_proef(
        aanvulling=zaak.verzoek,
        stappen=zaak.stappen(zaak.typer, INVOER, "van papier"),
        actor=zaak.typer,
        op=INVOER,
        papier=papier,
    )
    assert proef[0] == ["antwoorden", "Antwoorden", [["Handtekening", "", "van papier"]]]
    assert zaak.aanvraag.omschrijving == "Teams maken zelf hun rooster."


def test_de_aanvrager_verstuurt_eerst(zaak: Zaak) -> None:
    """The answer online counts; the entry cannot be sent, keeps what was typed until somebody stops it."""
    papier = zaak.begin(op=STEMPEL)
    zaak.vul(papier, zaak.typer, STEMPEL, "van papier")
    zaak.vul(None, zaak.gebruiker, STEMPEL, "online")
    zaak.online(LAATSTE)
    voor = zaak.beeld()
    with pytest.raises(DomeinFout, match="al afgehandeld"):
        zaak.verstuur(papier)
    assert zaak.beeld() == voor
    assert (zaak.aanvraag.omschrijving, vers(zaak.verzoek).beantwoord_op) == ("online", LAATSTE)
    assert not zaak.typer.has_perm("aanvragen.papieraanvulling_invoeren", zaak.aanvraag)
    assert papieraanvullingen_onderhanden(zaak.typer).get() == papier
    assert klad_van(zaak.items[0], papier) == {"omschrijving": ["van papier"]}
    papieraanvulling_stoppen(papier=papier, reden="Online beantwoord.", actor=zaak.typer, op=INVOER)
    assert not papieraanvullingen_onderhanden(zaak.typer).exists()
    assert invoerders(zaak.aanvraag) == set()


def test_het_papier_is_eerst_en_de_aanvrager_verliest_niets(zaak: Zaak) -> None:
    papier = zaak.begin(op=STEMPEL)
    zaak.vul(papier, zaak.typer, STEMPEL, "van papier")
    zaak.vul(None, zaak.gebruiker, STEMPEL, "online")
    zaak.verstuur(papier, op=STEMPEL)
    with pytest.raises(DomeinFout, match="al afgehandeld"):
        zaak.online(LAATSTE)
    assert zaak.aanvraag.omschrijving == "van papier"
    project, offerte, teken = zaak.verzoek.items.all()
    bewaard = bestand_van(offerte)
    assert bewaard is not None
    assert (klad_van(project), bewaard.naam, klad_van(teken)) == (
        {"omschrijving": ["online"]},
        "online.pdf",
        {"woorden": ["online"]},
    )
    assert teken.antwoord == "van papier"


def test_wat_nog_in_invoer_is_houdt_op(zaak: Zaak) -> None:
    """Received in time and being typed: nobody goes on without it, or proposes not to treat."""
    papier = zaak.begin()
    aanvullingen_laten_verlopen(op=INVOER)
    verder: dict[str, Any] = {"aanvraag": zaak.aanvraag, "actor": zaak.staf.behandelaar, "op": INVOER, "reden": "x"}
    niet: dict[str, Any] = {
        "aanvraag": zaak.aanvraag,
        "soort": Besluitsoort.BUITEN_BEHANDELING,
        "motivering": "Niets ontvangen.",
        "actor": zaak.staf.behandelaar,
        "op": INVOER,
    }
    assert code_van(lambda: zonder_aanvulling_verder(**verder)) == "papieraanvulling-in-invoer"
    assert code_van(lambda: besluit_voorstellen(**niet)) == "papieraanvulling-in-invoer"
    papieraanvulling_stoppen(papier=papier, reden="Vergissing.", actor=zaak.typer, op=INVOER)
    assert zonder_aanvulling_verder(**verder).status == Status.IN_BEHANDELING


def test_alles_moet_een_antwoord_hebben_en_niet_geleverd_is_er_een(zaak: Zaak) -> None:
    papier = zaak.begin()
    opties: dict[str, Any] = {"actor": zaak.typer, "op": INVOER, "papier": papier}
    for item in zaak.items[:2]:
        onderdeel_antwoorden(item=item, antwoord="Dat is er niet.", niet_geleverd=True, **opties)
    leeg = lambda: papieraanvulling_versturen(papier=papier, stappen={}, actor=zaak.typer, op=INVOER)  # noqa: E731  (said once, used twice)
    assert code_van(leeg) == "aanvulling-onvolledig"
    onderdeel_antwoorden(item=zaak.items[2], antwoord="De directeur.", niet_geleverd=False, **opties)
    papieraanvulling_versturen(papier=papier, stappen={}, actor=zaak.typer, op=INVOER)
    assert list(zaak.verzoek.items.values_list("antwoord", "niet_geleverd")) == [
        ("Dat is er niet.", True),
        ("Dat is er niet.", True),
        ("De directeur.", False),
    ]


def test_wie_invoerde_beslist_niet(zaak: Zaak) -> None:
    papier = zaak.begin()
    zaak.vul(papier, zaak.typer, INVOER, "van papier")
    zaak.verstuur(papier, wie=zaak.staf.behandelaar)
    Organisatie.objects.filter(pk=zaak.aanvraag.organisatie_id).update(register_stand=Registerstand.BEVESTIGD)
    toetsen_uitvoeren(aanvraag=zaak.aanvraag, op=INVOER)
    ander = maak_gebruiker(Rol.BEHANDELAAR)
    rij = compleet_verklaren(aanvraag=zaak.aanvraag, actor=ander, op=INVOER)
    voorstel: dict[str, Any] = {
        "aanvraag": rij,
        "soort": Besluitsoort.AFWIJZING,
        "grond": Afwijzingsgrond.VOORWAARDEN,
        "motivering": "Het voldoet niet.",
        "op": INVOER,
    }
    for wie in (zaak.typer, zaak.staf.behandelaar):
        assert code_van(lambda: besluit_voorstellen(actor=wie, **voorstel)) == "vier-ogen"  # noqa: B023  (called within the same turn of the loop)
    besluit = besluit_voorstellen(actor=ander, **voorstel)
    assert code_van(lambda: besluit_ondertekenen(besluit=besluit, actor=zaak.typer, op=INVOER)) == "vier-ogen"
    assert besluit_ondertekenen(besluit=besluit, actor=zaak.staf.beslisser, op=INVOER).ondertekend_op == INVOER


def test_een_aanvrager_op_papier() -> None:
    """Paper application, request by post, answer on paper: nobody needs an account, nothing goes by e-mail."""
    staf, typer, tweede = Medewerkers(), maak_gebruiker(Rol.BEHANDELAAR), maak_gebruiker(Rol.BEHANDELAAR)
    rij = papier_indienen(aanvraag=overgetypt(open_tijdvak(), typer), actor=typer, op=TYPEN)
    rij = in_behandeling_nemen(aanvraag=rij, actor=staf.behandelaar, op=TYPEN)
    verzoek = aanvulling_vragen(
        aanvraag=rij, onderdelen=["Wie tekende?"], termijn_dagen=14, actor=staf.behandelaar, op=TYPEN
    )
    stempel = TYPEN + timedelta(days=3)
    papier = papieraanvulling_beginnen(
        aanvulling=verzoek, ontvangen_op=stempel, scans=SCANS, actor=tweede, op=stempel + timedelta(days=1)
    )
    onderdeel_antwoorden(
        item=verzoek.items.get(), antwoord="De zus.", niet_geleverd=False, actor=tweede, op=stempel, papier=papier
    )
    papieraanvulling_versturen(papier=papier, stappen={}, actor=tweede, op=stempel + timedelta(days=1))
    rij = vers(rij)
    assert (rij.bron, rij.status, vers(verzoek).beantwoord_op) == (Bron.PAPIER, Status.IN_BEHANDELING, stempel)
    assert all(bericht.per_post for bericht in Postbusbericht.objects.filter(aanvraag=rij))
    assert Postbusbericht.objects.filter(aanvraag=rij).count() == 3
    assert Bericht.objects.count() == 0
    assert aanvraag_invoerders(rij) == {typer.pk}
    assert aanvulling_invoerders(rij) == {tweede.pk}
    assert invoerders(rij) == {typer.pk, tweede.pk}
