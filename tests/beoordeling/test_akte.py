"""The deed of a draw: facts from the stored bytes, the same bytes every time, and the attempts that did not agree."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from pathlib import Path

import pytest

from beoordeling.services.akte import akte_document
from beoordeling.services.bewijs import lotingbestand
from beoordeling.services.bronnen import dobbelstenen_invoeren
from beoordeling.services.loting import loting_trekken
from kern.document import naar_html, naar_pdf
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout
from regeling.models import Tijdvak
from tests.factories.database import zonder_triggers
from tests.factories.ronde import (
    CIJFERS,
    TREKKING,
    Staf,
    loting_tot,
    maak_compleet,
    maak_gebruiker,
    open_tijdvak,
    vers,
)
from tests.kern.test_document import pdf_tekst

pytestmark = pytest.mark.django_db


def maak_ronde(staf: Staf) -> Tijdvak:
    tijdvak = open_tijdvak(plafond=2500)
    for _ in range(3):
        maak_compleet(tijdvak, staf.behandelaar)
    return tijdvak


def test_de_akte_zegt_alles_uit_de_bestanden(staf: Staf) -> None:
    loting = loting_tot(maak_ronde(staf), staf)
    html = naar_html(akte_document(vers(loting))).replace("<wbr>", "")
    hp = hashlib.sha256(lotingbestand(loting, "protocol.json")).digest()
    prk = hmac.new(hp, f"notaris={CIJFERS}\n".encode(), hashlib.sha256).hexdigest()
    for feit in (
        loting.kenmerk,
        hp.hex(),
        prk,
        loting.deelnemers_sha256,
        loting.bestanden.get(naam="uitkomst.csv").sha256,
        "31415926 53589793 23846264 33832795",
        "€ 2.500",
        '<td class="tekst-rechts" dir="auto">2</td>',
        "python3 verifieer_loting.py",
        "Notaris: handtekening",
        "Getuige: handtekening",
        "Staatscourant",
        "STOP: past een aanvraag niet",
        "Beide keren door dezelfde persoon",
        str(staf.notaris),
    ):
        assert feit in html, feit


def test_dezelfde_loting_geeft_dezelfde_bytes(staf: Staf, tmp_path: Path) -> None:
    """And the PDF tells what the HTML tells."""
    loting = loting_tot(maak_ronde(staf), staf)
    eerste = naar_pdf(akte_document(vers(loting)))
    assert naar_pdf(akte_document(vers(loting))) == eerste
    assert loting.protocol_sha256[:20] in pdf_tekst(eerste, tmp_path).replace("\n", "").replace(" ", "")


def test_pogingen_die_verschilden_staan_in_de_akte(staf: Staf) -> None:
    loting, getuige = loting_tot(maak_ronde(staf), staf, "publiceren"), maak_gebruiker(Rol.SECRETARIS)
    anders = CIJFERS[:9] + "0" + CIJFERS[10:]
    dobbelstenen_invoeren(
        loting=loting, waarden={"notaris": CIJFERS}, poging=1, keer=1, actor=staf.notaris, op=TREKKING
    )
    with pytest.raises(InvoerFout):
        dobbelstenen_invoeren(loting=loting, waarden={"notaris": anders}, poging=1, keer=2, actor=getuige, op=TREKKING)
    straks = TREKKING + timedelta(minutes=3)
    for keer, wie in ((1, staf.notaris), (2, getuige)):
        loting = dobbelstenen_invoeren(
            loting=loting, waarden={"notaris": CIJFERS}, poging=2, keer=keer, actor=wie, op=straks
        )
    with pytest.raises(OvergangFout, match="nog niet getrokken"):
        akte_document(loting)
    html = naar_html(akte_document(loting_trekken(loting=loting, actor=staf.notaris, op=TREKKING)))
    assert "Zij verschillen bij cijfer 10 (groep 2, cijfer 2)." in html
    assert f"Ingevoerd was: {CIJFERS}; {anders}." in html
    assert f"{staf.notaris} (30 maart 2026 om 19:03:00 uur) en {getuige}" in html
    assert "Beide keren door dezelfde persoon" not in html


def test_een_akte_van_een_geknoeid_bestand_bestaat_niet(staf: Staf) -> None:
    loting = loting_tot(maak_ronde(staf), staf)
    with zonder_triggers("beoordeling_lotingbestand"):
        bestand = loting.bestanden.get(naam="protocol.json")
        bestand.inhoud = bytes(bestand.inhoud).replace(b"250000", b"950000")
        bestand.save()
    with pytest.raises(OvergangFout) as fout:
        akte_document(vers(loting))
    assert fout.value.code == "bestand-gewijzigd"
