"""Screens of an answer on paper: from the case to the letter on the post, on the pages of the applicant (R44)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from aanvragen.enums import Correspondentie, Machtigingsoort, Status
from aanvragen.models import Aanvraag, Bijlage, Kladveld, Papieraanvulling, Postbusbericht
from aanvragen.services.behandeling import aanvullingen_laten_verlopen
from aanvragen.services.organisatie import machtiging_verlenen
from aanvragen.services.papieraanvulling import AANVULPOSTREGEL, AANVULSCAN
from kern.enums import Rol
from tests.aanvragen.test_papieraanvulling import INVOER, LAATSTE, STEMPEL, Zaak
from tests.factories.portaal_aanvrager import pdf
from tests.factories.portaal_medewerker import als, op_moment
from tests.factories.ronde import TIJDENS, maak_gebruiker
from tests.portalen.lezen import bytes_van, meldingen, tekst

pytestmark = pytest.mark.django_db


def adres(naam: str, *args: Any) -> str:
    return reverse(f"portalen:{naam}", args=args)


def stempel(**anders: Any) -> dict[str, Any]:
    """1 April 2026, 18:00 Dutch time: the moment STEMPEL."""
    gegevens = {
        "ontvangen_dag_dag": "1",
        "ontvangen_dag_maand": "4",
        "ontvangen_dag_jaar": "2026",
        "ontvangen_tijd": "18:00",
        "straat": "Kade 1",
        "postcode": "1234 AB",
        "plaats": "Voorbeeldstad",
        "scans": SimpleUploadedFile("antwoord.pdf", pdf("antwoord"), "application/pdf"),
    }
    return {**gegevens, **anders}


class Scherm:
    """Somebody at the pages of a supplement."""

    def __init__(self, zaak: Zaak, wie: Any) -> None:
        self.zaak, self.client = zaak, als(wie)
        self.begin = f"/aanvragen/{zaak.pk}/aanvulling/"

    def pad(self, nr: int) -> str:
        return f"{self.begin}{self.zaak.items[nr].pk}/"

    def project(self, omschrijving: str) -> Any:
        velden = {"titel": "Zelf roosteren", "omschrijving": omschrijving}
        velden["beeld"] = self.client.get(self.pad(0)).context["beeld"]
        velden |= {"start_op_dag": "1", "start_op_maand": "9", "start_op_jaar": "2026"}
        velden |= {"eind_op_dag": "28", "eind_op_maand": "2", "eind_op_jaar": "2027"}
        return self.client.post(self.pad(0), velden)

    def alles(self, woorden: str) -> None:
        assert self.project(woorden).status_code == 302
        upload = SimpleUploadedFile(f"{woorden}.pdf", pdf(woorden))
        assert self.client.post(self.pad(1), {"bestand": upload}).status_code == 302
        assert self.client.post(self.pad(2), {"antwoord": woorden}).status_code == 302

    def verstuur(self) -> Any:
        return self.client.post(f"{self.begin}controleren/")


def begonnen(zaak: Zaak) -> Scherm:
    """A clerk who recorded the receipt; inside the frozen time."""
    scherm = Scherm(zaak, zaak.typer)
    antwoord = scherm.client.post(adres("zaak_papieraanvulling", zaak.pk), stempel())
    assert antwoord.url == adres("zaak_papieraanvulling", zaak.pk)
    return scherm


def test_van_zaak_tot_post() -> None:
    """The officer's whole walk, three days after the term, with the stamp in time."""
    zaak = Zaak()
    aanvullingen_laten_verlopen(op=INVOER)
    with op_moment(INVOER):
        client = als(zaak.typer)
        zaakpagina = client.get(adres("zaak", zaak.pk))
        assert "Aanvulling op papier invoeren" in [stap.naam for stap in zaakpagina.context["stappen"]]
        nieuw = tekst(client.get(adres("zaak_papieraanvulling", zaak.pk)))
        for zin in (AANVULPOSTREGEL, "De laatste dag om aan te vullen is 11 april 2026.", "Straat en huisnummer"):
            assert zin in nieuw, zin
        scherm = begonnen(zaak)
        assert Papieraanvulling.objects.get().ontvangen_op == STEMPEL
        assert [s.naam for s in client.get(adres("zaak", zaak.pk)).context["stappen"]] == [
            "Verder met de aanvulling op papier"
        ]
        assert "antwoord.pdf" in tekst(client.get(adres("zaak_papieraanvulling", zaak.pk)))
        assert zaak.aanvraag.kenmerk in tekst(client.get(adres("papier")))
        lijst = client.get(scherm.begin)
        assert [taak["naam"] for taak in lijst.context["secties"][0]["taken"]][:3] == [i.titel for i in zaak.items]
        balk = "U neemt de aanvulling op papier van Proefbakkerij over"
        for pad in (scherm.begin, scherm.pad(0), scherm.pad(1), scherm.pad(2), f"{scherm.begin}controleren/"):
            assert balk in tekst(client.get(pad)), pad
        scherm.alles("van papier")
        assert "3 van 3 onderdelen zijn overgenomen" in tekst(client.get(adres("zaak_papieraanvulling", zaak.pk)))
        controle = tekst(client.get(f"{scherm.begin}controleren/"))
        assert "Als moment van ontvangst telt 1 april 2026 om 18:00 uur." in controle
        assert zaak.aanvraag.omschrijving == "Teams maken zelf hun rooster."
        verstuurd = scherm.verstuur()
        assert verstuurd.url == adres("zaak", zaak.pk)
        pagina = tekst(client.get(adres("zaak", zaak.pk)))
        for zin in (
            f"Op papier ontvangen. Verstuurd op 14 april 2026 om 23:59 uur door {zaak.typer.naam}.",
            f"Wie invoerde, beslist niet over deze zaak: {zaak.typer.naam}.",
            "Op papier ontvangen op 1 april 2026 om 18:00 uur",
            "antwoord.pdf",
        ):
            assert zin in pagina, zin
        brief = Postbusbericht.objects.get(sleutel=f"aanvulling-ontvangen-{zaak.verzoek.pk}")
        assert brief.onderwerp in tekst(client.get(adres("post")))
        assert client.get(adres("post_brief", brief.pk)).content[:5] == b"%PDF-"
        assert client.get(scherm.begin).status_code == 403  # the right is over
        bewijs = als(zaak.gebruiker).get(f"/aanvragen/{zaak.pk}/aanvullingen/{zaak.verzoek.pk}/")
        assert "U, op papier. Een medewerker nam het over." in tekst(bewijs)
        assert zaak.typer.naam not in tekst(bewijs)


@pytest.mark.parametrize(
    ("anders", "zin"),
    [
        ({"ontvangen_dag_dag": "12"}, "Deze aanvulling is te laat"),
        ({"ontvangen_dag_dag": "14", "ontvangen_tijd": "23:59"}, "te laat"),
        ({"ontvangen_dag_dag": "15"}, "op of voor 14 april 2026"),
        ({"ontvangen_dag_dag": "1", "ontvangen_dag_maand": "3"}, "ligt voor ons verzoek"),
        ({"scans": SimpleUploadedFile("brief.pdf", b"niets")}, "geen bestand van de soort"),
        ({"scans": ""}, "Kies een bestand bij"),
        ({"straat": ""}, "Straat en huisnummer"),
    ],
)
def test_wat_niet_kan_zegt_wat_te_doen(anders: dict[str, Any], zin: str) -> None:
    zaak = Zaak()
    with op_moment(INVOER):
        antwoord = als(zaak.typer).post(adres("zaak_papieraanvulling", zaak.pk), stempel(**anders))
    assert (antwoord.status_code, Papieraanvulling.objects.count()) == (400, 0)
    assert zin in tekst(antwoord)


def test_zonder_open_verzoek_is_er_niets_in_te_voeren() -> None:
    zaak = Zaak()
    with op_moment(LAATSTE):
        online = Scherm(zaak, zaak.gebruiker)
        online.alles("online")
        online.verstuur()
        client = als(zaak.typer)
        for antwoord in (
            client.get(adres("zaak_papieraanvulling", zaak.pk)),
            client.post(adres("zaak_papieraanvulling", zaak.pk), stempel()),
        ):
            assert antwoord.url == adres("zaak", zaak.pk)
        assert Papieraanvulling.objects.count() == 0


def test_twee_medewerkers_beginnen() -> None:
    """The second is told, and can go on with the entry of the first."""
    zaak = Zaak()
    with op_moment(INVOER):
        begonnen(zaak)
        collega = als(zaak.staf.behandelaar)
        antwoord = collega.post(adres("zaak_papieraanvulling", zaak.pk), stempel())
        assert antwoord.status_code == 409
        assert "Deze aanvulling op papier is al in invoer." in tekst(antwoord)
        assert Papieraanvulling.objects.count() == 1
        scherm = Scherm(zaak, zaak.staf.behandelaar)
        scherm.alles("van papier")
        scherm.verstuur()
        assert zaak.aanvraag.omschrijving == "van papier"


def test_de_aanvrager_was_eerst() -> None:
    """Whoever types from paper sees so on every page, also with what was just typed; stopping is what is left."""
    zaak = Zaak()
    with op_moment(LAATSTE):
        medewerker = begonnen(zaak)
        medewerker.alles("van papier")
        beeld = medewerker.client.get(medewerker.pad(0)).context["beeld"]
        online = Scherm(zaak, zaak.gebruiker)
        assert "Wij hebben van u een aanvulling op papier ontvangen" in tekst(online.client.get(online.begin))
        online.alles("online")
        assert online.verstuur().status_code == 302
        for antwoord, status in (
            (medewerker.client.get(medewerker.begin), 200),
            (medewerker.client.post(medewerker.pad(0), {"omschrijving": "Net getypt", "beeld": beeld}), 409),
            (medewerker.client.post(medewerker.pad(2), {"antwoord": "Net getypt"}), 409),
            (medewerker.verstuur(), 409),
        ):
            assert antwoord.status_code == status
            assert "De aanvrager heeft zelf online aangevuld, op 11 april 2026 om 23:59:00 uur." in tekst(antwoord)
            if antwoord.wsgi_request.POST:
                assert "Net getypt" in tekst(antwoord)
        assert zaak.aanvraag.omschrijving == "online"
        zaakpagina = medewerker.client.get(adres("zaak", zaak.pk))
        assert "Aanvulling op papier: niet verstuurd" in [stap.naam for stap in zaakpagina.context["stappen"]]
        invoer = tekst(medewerker.client.get(adres("zaak_papieraanvulling", zaak.pk)))
        assert "Antwoorden overnemen" not in invoer
        medewerker.client.post(adres("zaak_papieraanvulling_stoppen", zaak.pk), {"reden": "Online beantwoord."})
        assert medewerker.client.get(medewerker.begin).status_code == 403
        assert Bijlage.objects.filter(code=AANVULSCAN.code).count() == 0


def test_het_papier_was_eerst() -> None:
    """The applicant who was answering online reads what was kept and what was just typed; nothing is lost."""
    zaak = Zaak()
    with op_moment(LAATSTE):
        medewerker, online = begonnen(zaak), Scherm(zaak, zaak.gebruiker)
        medewerker.alles("van papier")
        online.alles("online")
        assert "Wij ontvingen haar op 1 april 2026 om 18:00 uur" in tekst(
            online.client.get(f"{online.begin}controleren/")
        )
        beeld = online.client.get(online.pad(0)).context["beeld"]
        assert medewerker.verstuur().status_code == 302
        getypt = online.client.post(online.pad(0), {"omschrijving": "Net getypt", "beeld": beeld})
        for antwoord, status in ((online.client.get(online.begin), 200), (getypt, 409), (online.verstuur(), 409)):
            pagina = tekst(antwoord)
            assert antwoord.status_code == status
            assert "Uw aanvulling op papier is verwerkt" in pagina
            assert [(i.titel, regels) for i, regels in antwoord.context["bewaard"]] == [
                (
                    "Het project",
                    [
                        ("Titel van het project", "Zelf roosteren"),
                        ("Wat gaat u doen?", "online"),
                        ("Wanneer begint het project?", "1 9 2026"),
                        ("Wanneer is het project klaar?", "28 2 2027"),
                    ],
                ),
                ("Offerte", [("Bestand", "online.pdf")]),
                ("Handtekening", [("Uw antwoord", "online")]),
            ]
        assert "Net getypt" in tekst(getypt)
        assert bytes_van(online.client.get(f"{online.pad(1)}bestand/")) == pdf("online")
        stand = tekst(online.client.get(f"/aanvragen/{zaak.pk}/"))
        assert "Aangevuld op papier, ontvangen op 1 april 2026 om 18:00 uur" in stand
        assert zaak.aanvraag.omschrijving == "van papier"
        # Nobody else reads that draft: not the officer, not on the page of the case.
        assert "online.pdf" not in tekst(medewerker.client.get(adres("zaak", zaak.pk)))


def test_scan_erbij_eraf_bekijken_en_stoppen() -> None:
    zaak = Zaak()
    with op_moment(INVOER):
        client = begonnen(zaak).client
        papier = Papieraanvulling.objects.get()
        naar = adres("zaak_papieraanvulling_scan", zaak.pk)
        client.post(naar, {"scans": SimpleUploadedFile("twee.pdf", pdf("twee"))})
        eerste, tweede = papier.scans.all()
        assert bytes_van(client.get(adres("zaak_papierscan", zaak.pk, tweede.pk))) == pdf("twee")
        assert client.get(adres("zaak_papierscan_bekijken", zaak.pk, tweede.pk)).status_code == 200
        assert client.get(adres("zaak_papierscan_bladzijde", zaak.pk, tweede.pk, 1))["Content-Type"] == "image/png"
        client.post(naar, {"verwijder": eerste.pk})
        assert client.get(adres("zaak_papierscan", zaak.pk, eerste.pk)).status_code == 404
        assert client.post(naar, {"verwijder": "x"}).status_code == 404
        assert client.post(naar, {"scans": SimpleUploadedFile("x.pdf", b"niets")}).status_code == 400
        stoppen = adres("zaak_papieraanvulling_stoppen", zaak.pk)
        assert client.post(stoppen, {"reden": ""}).status_code == 400
        antwoord = client.post(stoppen, {"reden": "Andere zaak."})
        assert meldingen(client.get(antwoord.url))[-1] == (
            "Het invoeren is gestopt. Aan de aanvraag is niets veranderd."
        )
        assert client.get(adres("zaak_papierscan", zaak.pk, tweede.pk)).status_code == 404
        assert client.post(stoppen, {"reden": "Nog eens."}).status_code == 404
        assert "Andere zaak." in tekst(client.get(adres("zaak", zaak.pk)))
        assert (Kladveld.objects.count(), Aanvraag.objects.get().bijlagen.count()) == (0, 1)


def test_wie_er_mag_komen() -> None:
    """Officers without an interest; for the rest the address of the case says what it always said."""
    zaak = Zaak()
    eigen = maak_gebruiker(Rol.BEHANDELAAR)
    machtiging_verlenen(
        organisatie=zaak.aanvraag.organisatie,
        gebruiker=eigen,
        soort=Machtigingsoort.MEDEWERKER,
        actor=None,
        op=TIJDENS,
    )
    with op_moment(INVOER - timedelta(days=4)):
        begonnen(zaak)
        scan = Papieraanvulling.objects.get().scans.get()
        staf = [
            adres("zaak_papieraanvulling", zaak.pk),
            adres("zaak_papierscan", zaak.pk, scan.pk),
            adres("zaak_papierscan_bekijken", zaak.pk, scan.pk),
        ]
        mensen = {
            maak_gebruiker(Rol.BEHANDELAAR): (200, 200),
            maak_gebruiker(Rol.BESLISSER): (403, 403),
            maak_gebruiker(Rol.AUDITOR): (403, 403),
            zaak.gebruiker: (403, 200),
            eigen: (404, 200),  # as the applicant that this person also is, not as officer
            maak_gebruiker(): (403, 404),
        }
        for wie, (als_staf, formulier) in mensen.items():
            client = als(wie)
            for pad in staf:
                antwoord = client.get(pad)
                assert antwoord.status_code == als_staf, pad
                if antwoord.streaming:
                    bytes_van(antwoord)
            assert client.get(f"/aanvragen/{zaak.pk}/aanvulling/").status_code == formulier
        assert als(eigen).get(f"/aanvragen/{zaak.pk}/aanvulling/").context["papier"] is None
        niet = als(eigen).post(adres("zaak_papieraanvulling_stoppen", zaak.pk), {"reden": "x"})
        assert (niet.status_code, Papieraanvulling.objects.get().gestopt_op) == (404, None)


@pytest.mark.parametrize(("per_post", "hoofd"), [(True, True), (False, False)])
def test_de_knop_staat_vooraan_bij_wie_per_post_schrijft(per_post: bool, hoofd: bool) -> None:
    zaak = Zaak()
    if per_post:
        Aanvraag.objects.filter(pk=zaak.pk).update(correspondentie=Correspondentie.POST)
    with op_moment(STEMPEL):
        stappen = als(zaak.typer).get(adres("zaak", zaak.pk)).context["stappen"]
    assert [(stap.naam, stap.hoofd) for stap in stappen] == [
        ("Aanvulling op papier invoeren", hoofd),
        ("Termijn verlengen", False),
    ]
    assert zaak.aanvraag.status == Status.AANVULLING_GEVRAAGD
