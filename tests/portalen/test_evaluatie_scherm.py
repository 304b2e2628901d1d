"""The analyst's page: start an export, download it."""

from __future__ import annotations

import io
import zipfile

import pytest

from rapportage.models import Export
from tests.factories.portaal_medewerker import LATER, als, gelote_ronde, meldingen, op_moment, tekst
from tests.factories.ronde import maak_tijdvak, open_tijdvak

pytestmark = pytest.mark.django_db
PAGINA = "/werk/evaluatie/"


@pytest.fixture
def ronde():
    ronde = gelote_ronde(3)
    with op_moment(LATER):
        yield ronde


def keuze(ronde, **anders) -> dict[str, str]:
    return {
        "tijdvak": ronde.tijdvak.sleutel,
        "profiel": "onderzoeker",
        "formaat": "xlsx",
        "voor_wie": "Onderzoeksbureau",
        "doel": "Evaluatie",
        **anders,
    }


def test_an_export_is_made_kept_and_downloaded(ronde):
    client = als(ronde.ploeg.analist)
    antwoord = client.post(PAGINA, keuze(ronde))
    assert meldingen(antwoord) == ["De export is klaar. U kunt hem hieronder downloaden."]
    export = Export.objects.get()
    assert (export.tijdvak, export.formaat, export.profiel, export.door) == (
        ronde.tijdvak,
        "xlsx",
        "onderzoeker",
        ronde.ploeg.analist,
    )
    lijst = client.get(PAGINA)
    assert list(lijst.context["pagina"]) == [export]
    bestand = client.get(f"{PAGINA}{export.pk}/")
    inhoud = b"".join(bestand.streaming_content)
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(inhoud)).namelist()
    assert bestand["Content-Disposition"] == f'attachment; filename="evaluatie-{ronde.tijdvak.sleutel}.xlsx"'


@pytest.mark.parametrize("veld", ["tijdvak", "profiel", "formaat", "voor_wie", "doel"])
def test_every_choice_is_needed(ronde, veld):
    antwoord = als(ronde.ploeg.analist).post(PAGINA, keuze(ronde, **{veld: ""}))
    assert antwoord.status_code == 400
    assert list(antwoord.context["form"].errors) == [veld]
    assert Export.objects.count() == 0


def test_a_round_without_applications_is_not_offered(ronde):
    maak_tijdvak()
    leeg = open_tijdvak()
    client = als(ronde.ploeg.analist)
    assert [sleutel for sleutel, _naam in client.get(PAGINA).context["form"].fields["tijdvak"].choices] == [
        "",
        ronde.tijdvak.sleutel,
    ]
    assert client.post(PAGINA, keuze(ronde, tijdvak=leeg.sleutel)).status_code == 400


def test_nobody_else_exports_or_downloads(ronde):
    als(ronde.ploeg.analist).post(PAGINA, keuze(ronde, profiel="openbaar", formaat="csv"))
    export = Export.objects.get()
    for wie in (ronde.ploeg.behandelaar, ronde.ploeg.beheerder, ronde.ploeg.auditor, ronde.ploeg.aanvrager):
        client = als(wie)
        assert client.get(PAGINA).status_code == 403
        assert client.post(PAGINA, keuze(ronde)).status_code == 403
        assert client.get(f"{PAGINA}{export.pk}/").status_code == 403
    assert Export.objects.count() == 1


def test_an_export_without_file_is_not_found(ronde):
    als(ronde.ploeg.analist).post(PAGINA, keuze(ronde))
    Export.objects.update(bestand=None)
    client = als(ronde.ploeg.analist)
    assert client.get(f"{PAGINA}{Export.objects.get().pk}/").status_code == 404
    assert "niet bewaard in Stimulans" in tekst(client.get(PAGINA))


def test_same_number_of_queries_for_one_and_three_exports(ronde, django_assert_num_queries):
    client = als(ronde.ploeg.analist)
    client.post(PAGINA, keuze(ronde, formaat="csv"))
    client.get(PAGINA)
    with django_assert_num_queries(6):
        assert len(client.get(PAGINA).context["pagina"]) == 1
    for _ in range(2):
        client.post(PAGINA, keuze(ronde, formaat="csv"))
    client.get(PAGINA)
    with django_assert_num_queries(6):
        assert len(client.get(PAGINA).context["pagina"]) == 3
