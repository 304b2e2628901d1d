"""Completing a sent application on the same form: only what was asked, once, with old and new kept (R3-R5, R45, T5)."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from aanvragen.enums import Onderdeelsoort, Status
from aanvragen.models import Aanvraag, Aanvulling, Kladveld, Postbusbericht
from aanvragen.services.aanvulling import aanvulling_verlengen, aanvullingsbrief_html
from aanvragen.services.behandeling import (
    Gevraagd,
    aanvulling_vragen,
    aanvullingen_laten_verlopen,
    compleet_verklaren,
    in_behandeling_nemen,
)
from aanvragen.services.concept import velden_bewaren
from aanvragen.services.organisatie import machtiging_verlenen
from kern.fouten import InvoerFout, OvergangFout
from kern.models import LogRegel
from tests.factories.portaal_aanvrager import Medewerkers, aanvrager, ingelogd, pdf, rijk_tijdvak, verstuurd
from tests.factories.ronde import NA, maak_gebruiker, vers
from tests.portalen.lezen import meldingen, tekst

pytestmark = pytest.mark.django_db
#: Asked on Saturday 28 March 2026 with 14 days: up to and with 11 April. That night the clock goes forward.
LAATSTE = datetime(2026, 4, 11, 21, 59, 59, tzinfo=UTC)


class Geval:
    def __init__(self, *onderdelen: Gevraagd) -> None:
        self.staf = Medewerkers()
        self.gebruiker, self.organisatie = aanvrager()
        self.pk = verstuurd(rijk_tijdvak(), self.organisatie, self.gebruiker).pk
        in_behandeling_nemen(aanvraag=self.aanvraag, actor=self.staf.behandelaar, op=NA)
        self.verzoek = aanvulling_vragen(
            aanvraag=self.aanvraag,
            onderdelen=onderdelen
            or [
                Gevraagd(Onderdeelsoort.STAP, "Het project", "De omschrijving is te kort.", "project"),
                Gevraagd(Onderdeelsoort.BIJLAGE, "Offerte", "De offerte is niet getekend.", "offerte"),
                Gevraagd(Onderdeelsoort.OVERIG, "Handtekening", "Wie tekende er?"),
            ],
            termijn_dagen=14,
            actor=self.staf.behandelaar,
            op=NA,
        )
        self.items = list(self.verzoek.items.all())
        self.adres = f"/aanvragen/{self.pk}/"

    @property
    def aanvraag(self) -> Aanvraag:
        return Aanvraag.objects.get(pk=self.pk)

    def open(self, pad: str = "aanvulling/", op: datetime = NA, wie: Any = None) -> Any:
        with time_machine.travel(op, tick=False):
            return ingelogd(wie or self.gebruiker).get(self.adres + pad)

    def stuur(self, pad: str, gegevens: dict[str, Any] | None = None, op: datetime = NA, **opties: Any) -> Any:
        with time_machine.travel(op, tick=False):
            return ingelogd(self.gebruiker).post(self.adres + pad, gegevens or {}, **opties)

    def beeld(self, item: Any, op: datetime = NA) -> str:
        return self.open(f"aanvulling/{item.pk}/", op).context["beeld"]

    def project(self, omschrijving: str = "Veel langere tekst.", op: datetime = NA) -> Any:
        velden = {"titel": "Zelf roosteren", "omschrijving": omschrijving, "beeld": self.beeld(self.items[0], op)}
        velden |= {"start_op_dag": "1", "start_op_maand": "9", "start_op_jaar": "2026"}
        velden |= {"eind_op_dag": "28", "eind_op_maand": "2", "eind_op_jaar": "2027"}
        return self.stuur(f"aanvulling/{self.items[0].pk}/", velden, op)

    def alles(self, op: datetime = NA) -> None:
        assert self.project(op=op).status_code == 302
        upload = SimpleUploadedFile("getekend.pdf", pdf("getekend"))
        assert self.stuur(f"aanvulling/{self.items[1].pk}/", {"bestand": upload}, op).status_code == 302
        assert self.stuur(f"aanvulling/{self.items[2].pk}/", {"antwoord": "De directeur."}, op).status_code == 302


def test_de_takenlijst_heeft_precies_wat_er_is_gevraagd() -> None:
    geval = Geval()
    antwoord = geval.open()
    assert [taak["naam"] for taak in antwoord.context["secties"][0]["taken"]] == [
        "Het project",
        "Offerte",
        "Handtekening",
        "Controleren en versturen",
    ]
    pagina = tekst(antwoord)
    for zin in (
        "U kunt aanvullen tot en met 11 april 2026",
        "U hebt nog 14 dagen.",
        "0 van 3 onderdelen klaar",
        "De offerte is niet getekend.",
        "De termijn staat nu stil, sinds 29 maart 2026",
    ):
        assert zin in pagina, zin


def test_bewaren_verandert_de_aanvraag_nog_niet_en_versturen_een_keer_wel() -> None:
    geval = Geval()
    voor = geval.aanvraag
    geval.alles()
    nu = geval.aanvraag
    assert (nu.omschrijving, nu.versie, nu.bijlagen.count()) == (voor.omschrijving, voor.versie, 1)
    controle = tekst(geval.open("aanvulling/controleren/"))
    assert "Teams maken zelf hun rooster." in controle
    assert "Veel langere tekst." in controle
    assert geval.aanvraag.omschrijving == "Teams maken zelf hun rooster."  # looking changed nothing
    op = NA + timedelta(days=4)
    antwoord = geval.stuur("aanvulling/controleren/", op=op)
    assert antwoord.url == f"{geval.adres}aanvullingen/{geval.verzoek.pk}/"
    nu, verzoek = geval.aanvraag, vers(geval.verzoek)
    assert (nu.status, nu.omschrijving) == (Status.IN_BEHANDELING, "Veel langere tekst.")
    assert (nu.ingediende_inhoud, nu.inhoud_sha256) == (voor.ingediende_inhoud, voor.inhoud_sha256)
    bestanden = {b.bestand.naam: b.verwijderd_op for b in nu.bijlagen.all()}
    assert bestanden == {"offerte.pdf": op, "getekend.pdf": None}
    namen = {stap: [label for label, _oud, _nieuw in regels] for stap, _titel, regels in verzoek.inhoud}
    assert namen == {"antwoorden": ["Handtekening"], "project": ["Omschrijving"], "bijlagen": ["Offerte"]}
    assert ["project", "Het project", [["Omschrijving", "Teams maken zelf hun rooster.", "Veel langere tekst."]]] in (
        verzoek.inhoud
    )
    som = hashlib.sha256(json.dumps(verzoek.inhoud, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
    assert (verzoek.inhoud_sha256, verzoek.beantwoord_op, verzoek.beantwoord_door) == (som, op, geval.gebruiker)
    assert Kladveld.objects.filter(aanvraag=nu).count() == 0
    assert geval.stuur("aanvulling/controleren/", op=op).url == geval.adres  # sending twice does nothing
    assert LogRegel.objects.filter(keten=f"aanvraag:{nu.pk}", handeling="aanvullen").count() == 1


def test_het_ontvangstbewijs_heeft_nummer_tijd_en_kopie() -> None:
    geval = Geval()
    geval.alles()
    op = NA + timedelta(days=4)
    geval.stuur("aanvulling/controleren/", op=op)
    nummer = f"{geval.aanvraag.kenmerk}-A1"
    pagina = tekst(geval.open(f"aanvullingen/{geval.verzoek.pk}/", op))
    for zin in (nummer, "1 april 2026 om 18:00:00 uur", "Veel langere tekst.", vers(geval.verzoek).inhoud_sha256):
        assert zin in pagina, zin
    bestand = geval.open(f"aanvullingen/{geval.verzoek.pk}/ontvangst.pdf", op)
    assert b"".join(bestand.streaming_content).startswith(b"%PDF")
    bericht = Postbusbericht.objects.get(sleutel=f"aanvulling-ontvangen-{geval.verzoek.pk}")
    assert nummer in bericht.tekst
    assert "Veel langere tekst" not in bericht.tekst


def test_ik_heb_dit_niet_is_een_antwoord() -> None:
    geval = Geval()
    for item in geval.items:
        geval.stuur(f"aanvulling/{item.pk}/", {"actie": "niet", "reden": "Dat bestaat niet."})
    assert "Niet alles is er" in tekst(geval.open("aanvulling/controleren/"))
    assert geval.stuur("aanvulling/controleren/").status_code == 302
    assert list(geval.verzoek.items.values_list("niet_geleverd", flat=True)) == [True, True, True]
    assert geval.aanvraag.omschrijving == "Teams maken zelf hun rooster."
    assert "Offerte: Dit kan ik niet geven: Dat bestaat niet." in vers(geval.verzoek).antwoord


def test_een_onderdeel_zonder_antwoord_houdt_het_versturen_tegen() -> None:
    geval = Geval()
    geval.project()
    antwoord = geval.stuur("aanvulling/controleren/", follow=True)
    assert meldingen(antwoord) == ["Uw aanvulling is niet verstuurd: nog niet alles is ingevuld."]
    assert geval.aanvraag.status == Status.AANVULLING_GEVRAAGD
    assert "Nog doen" not in tekst(geval.open("aanvulling/controleren/"))
    assert [item.titel for item in geval.open("aanvulling/controleren/").context["open"]] == ["Offerte", "Handtekening"]


def test_niet_gevraagd_is_niet_te_wijzigen() -> None:
    """Not through the old address, not through an item of somebody else, not through the service."""
    geval = Geval()
    assert geval.stuur("stap/project/", {"titel": "x", "versie": str(geval.aanvraag.versie)}).status_code == 409
    with pytest.raises(OvergangFout, match="al verstuurd"):
        velden_bewaren(aanvraag=geval.aanvraag, stap="project", gegevens={"titel": "x"}, actor=geval.gebruiker, op=NA)
    anders = Aanvulling.objects.get(pk=geval.verzoek.pk).items.create(
        soort=Onderdeelsoort.OVERIG, titel="t", uitleg="u"
    )
    anders.delete()
    assert geval.open(f"aanvulling/{anders.pk}/").status_code == 404
    assert geval.aanvraag.titel == "Zelf roosteren"


def test_van_een_ander_bestaat_niet() -> None:
    geval = Geval()
    vreemde = maak_gebruiker()
    eigenaar = maak_gebruiker()
    machtiging_verlenen(organisatie=geval.organisatie, gebruiker=eigenaar, soort="medewerker", actor=None, op=NA)
    paden = [
        "aanvulling/",
        f"aanvulling/{geval.items[0].pk}/",
        "aanvulling/controleren/",
        f"aanvullingen/{geval.verzoek.pk}/brief/html/",
    ]
    assert [geval.open(pad, wie=eigenaar).status_code for pad in paden] == [200] * 4
    assert [geval.open(pad, wie=vreemde).status_code for pad in paden] == [404] * 4


def test_een_fout_in_het_formulier_blijft_staan_en_gaat_niet_mee() -> None:
    geval = Geval()
    velden = {"titel": "T", "omschrijving": "O", "beeld": geval.beeld(geval.items[0])}
    velden |= {"start_op_dag": "31", "start_op_maand": "2", "start_op_jaar": "2026"}
    antwoord = geval.stuur(f"aanvulling/{geval.items[0].pk}/", velden)
    assert antwoord.status_code == 400
    assert "start_op" in antwoord.context["form"].errors
    for item in geval.items[1:]:
        geval.stuur(f"aanvulling/{item.pk}/", {"actie": "niet", "reden": "Nee."})
    verstuurd_ = geval.stuur("aanvulling/controleren/")
    assert verstuurd_.url == f"{geval.adres}aanvulling/{geval.items[0].pk}/"
    assert geval.aanvraag.status == Status.AANVULLING_GEVRAAGD
    assert geval.open(f"aanvulling/{geval.items[0].pk}/").context["form"]["titel"].value() == "T"


def test_twee_collegas_zien_elkaar() -> None:
    geval = Geval()
    oud = geval.beeld(geval.items[0])
    geval.project("Van de eerste.")
    velden = {"titel": "T", "omschrijving": "Van de tweede.", "beeld": oud}
    antwoord = geval.stuur(f"aanvulling/{geval.items[0].pk}/", velden)
    assert antwoord.status_code == 409
    assert "Iemand anders heeft dit onderdeel intussen bewaard" in tekst(antwoord)
    assert "Van de tweede." in antwoord.content.decode()
    velden["beeld"] = antwoord.context["beeld"]
    geval.stuur(f"aanvulling/{geval.items[0].pk}/", velden)
    assert Kladveld.objects.get(veld="omschrijving").waarde == ["Van de tweede."]


@pytest.mark.parametrize(("seconden", "telt"), [(0, True), (1, False)])
def test_de_laatste_seconde_telt_en_de_volgende_niet(seconden: int, telt: bool) -> None:
    """Up to 23:59:59 Dutch summer time, also when the worker looked first; the term began in winter time."""
    geval = Geval()
    geval.alles()
    aanvullingen_laten_verlopen(op=LAATSTE + timedelta(seconds=1))
    antwoord = geval.stuur("aanvulling/controleren/", op=LAATSTE + timedelta(seconds=seconden))
    if telt:
        assert antwoord.status_code == 302
        compleet = compleet_verklaren(
            aanvraag=geval.aanvraag, actor=geval.staf.behandelaar, op=LAATSTE + timedelta(days=20)
        )
        assert compleet.volledig_op == LAATSTE  # T5: when the last part came in, not when it was checked
    else:
        assert antwoord.status_code == 409
        assert "De tijd om aan te vullen is voorbij" in tekst(antwoord)
        assert "telt niet meer mee" in tekst(geval.open(op=LAATSTE + timedelta(seconds=1)))
        assert geval.aanvraag.omschrijving == "Teams maken zelf hun rooster."


def test_meer_tijd_voordat_de_termijn_voorbij_is() -> None:
    geval = Geval()
    opties = {"aanvulling": geval.verzoek, "actor": geval.staf.behandelaar, "reden": "U vroeg uitstel."}
    nieuw = (LAATSTE + timedelta(days=10)).date()
    with pytest.raises(InvoerFout):
        aanvulling_verlengen(termijn_tot=geval.verzoek.termijn_tot, op=LAATSTE, **opties)
    with pytest.raises(OvergangFout) as fout:
        aanvulling_verlengen(termijn_tot=nieuw, op=LAATSTE + timedelta(seconds=1), **opties)
    assert fout.value.code == "termijn-voorbij"
    brief = aanvullingsbrief_html(geval.verzoek)
    aanvulling_verlengen(termijn_tot=nieuw, op=LAATSTE, **opties)
    assert vers(geval.verzoek).termijn_tot == nieuw
    assert aanvullingsbrief_html(vers(geval.verzoek)) == brief  # the letter stays as it was sent
    regel = LogRegel.objects.get(keten=f"aanvraag:{geval.pk}", handeling="aanvulling_verlengen")
    assert (regel.reden, regel.gegevens) == ("U vroeg uitstel.", {"van": "2026-04-11", "tot": "2026-04-21"})
    assert "21 april 2026" in Postbusbericht.objects.get(sleutel__startswith="aanvulling-verlengd-").tekst
    geval.alles(op=LAATSTE + timedelta(days=5))
    assert geval.stuur("aanvulling/controleren/", op=LAATSTE + timedelta(days=5)).status_code == 302


def test_de_begroting_per_regel() -> None:
    geval = Geval(Gevraagd(Onderdeelsoort.STAP, "Kosten", "De uren kloppen niet.", "begroting"))
    item = geval.items[0]
    rij = {"regel-0-plek": "0", "regel-0-omschrijving": "Begeleiding", "regel-0-aantal": "80", "regel-0-tarief": "100"}
    antwoord = geval.stuur(
        f"aanvulling/{item.pk}/", {**rij, "regels": "1", "actie": "regel", "beeld": geval.beeld(item)}
    )
    assert antwoord.url.endswith("#regels")
    assert len(geval.open(f"aanvulling/{item.pk}/").context["form"]) == 2
    antwoord = geval.stuur(f"aanvulling/{item.pk}/", {**rij, "regels": "1", "beeld": geval.beeld(item)})
    assert antwoord.status_code == 302
    geval.stuur("aanvulling/controleren/")
    assert str(geval.aanvraag.gevraagd_bedrag) == "6000.00"
    assert geval.aanvraag.begroting.get().aantal == 80


def test_de_behandelaar_ziet_oud_en_nieuw_naast_elkaar() -> None:
    geval = Geval()
    geval.stuur(f"aanvulling/{geval.items[2].pk}/", {"antwoord": "Een geheim concept."})
    with time_machine.travel(NA, tick=False):
        zaak = ingelogd(geval.staf.behandelaar).get(f"/werk/zaken/{geval.pk}/")
    assert "Een geheim concept." not in zaak.content.decode()  # a draft is the applicant's
    geval.alles()
    geval.stuur("aanvulling/controleren/")
    with time_machine.travel(NA, tick=False):
        pagina = tekst(ingelogd(geval.staf.behandelaar).get(f"/werk/zaken/{geval.pk}/"))
    assert "Omschrijving Teams maken zelf hun rooster. Veel langere tekst." in pagina
    assert "De aanvrager heeft aangevuld op 28 maart 2026." in pagina


def test_zonder_bestand_zegt_de_pagina_het_en_een_bewaard_bestand_blijft() -> None:
    geval = Geval()
    pad = f"aanvulling/{geval.items[1].pk}/"
    leeg = geval.stuur(pad, {})
    assert leeg.status_code == 400
    assert "Kies een bestand." in tekst(leeg)
    assert Kladveld.objects.count() == 0
    upload = SimpleUploadedFile("getekend.pdf", pdf("getekend"))
    assert geval.stuur(pad, {"bestand": upload}).status_code == 302
    assert geval.stuur(pad, {}).status_code == 302
    assert "getekend.pdf" in tekst(geval.open(pad))
