"""One document, two renderings: accessible HTML and an archivable, tagged PDF (R16-R19, R45, R97)."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kern.document import (
    Afzender,
    Alinea,
    Blok,
    Document,
    Kader,
    Kop,
    Lijst,
    Ondertekening,
    Paginaeinde,
    Samenvatting,
    Tabel,
    Tekstdeel,
    code,
    inhoud_html,
    naar_html,
    naar_pdf,
    verwijzing,
    vet,
)
from kern.document.json import naar_json, uit_json
from kern.document.model import aansluitende_koppen, delen, platte_tekst
from kern.document.pdf import _breedten, _vervang, _westers, _zet, _ZetFout
from kern.document.tekst import VERVANGER, gedragen_tekens, schoon, stukken
from kern.fouten import InvoerFout

AFZENDER = Afzender(
    "Uitvoering Subsidies",
    "Afdeling Mkb",
    ("Postbus 1234", "2500 AA Voorbeeldstad"),
    (("E-mail", "post@voorbeeld.nl"),),
)
GEVAARLIJK = "#import $ \\ * `x` <script>alert(1)</script> & \" ' #{ [ ] = - @label // /* {{ 7*7 }} #sys.inputs"

BRIEF = Document(
    titel="Besluit op uw aanvraag",
    afzender=AFZENDER,
    datum=date(2026, 4, 3),
    kenmerk="STIM-2026-000123",
    betreft="Tijdvak voorjaar 2026",
    aanhef="Geachte heer, mevrouw,",
    geadresseerde=("Voorbeeldbedrijf B.V.", "Dorpsstraat 1", "1234 AB Voorbeeldstad"),
    blokken=(
        Alinea(("In deze brief leest u ons besluit. ", vet("U krijgt ten hoogste € 12.500."))),
        Samenvatting((("Aanvrager", "Voorbeeldbedrijf B.V."), ("Code", code("STIM-7K4Q")), ("Opmerking", ""))),
        Kop("Besluit"),
        Tabel(
            ("Kostenpost", "Uren", "Bedrag"),
            (("Adviseur", "160", "€ 16.000,00"), ("Totaal", "160", "€ 16.000,00")),
            ("links", "rechts", "rechts"),
            bijschrift="Begroting",
            rijkop=True,
            totaalrij=True,
        ),
        Kop("Gevolgen", 3),
        Lijst(("Begin op tijd.", ("Meld het ", vet("meteen"), "."))),
        Lijst(("Eerst.", "Dan."), geordend=True),
        Kader(
            (Alinea(("Zie ", verwijzing("onze website", "https://www.voorbeeld.nl/bezwaar?a=1&b=2"), ".")),), "Bezwaar"
        ),
        Paginaeinde(),
        Kop("Bijlage"),
        Tabel(("Naam", "Waarde"), (("a", "b"),)),
    ),
    ondertekening=Ondertekening("A. Voorbeeld", "Hoofd afdeling", ("de Minister van Voorbeeldzaken,", "namens deze,")),
    voettekst="Voorbeeldregeling",
)


def papier(*blokken: Blok, titel: str = "Ontvangstbevestiging") -> Document:
    return Document(titel, AFZENDER, date(2026, 2, 6), blokken)


ONTVANGST = papier(*(Samenvatting(((f"Vraag {n}", f"Antwoord {n}"),)) for n in range(40)))


def pdf_tekst(pdf: bytes, pad: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed, so the text of the PDF cannot be read back")
    (pad / "d.pdf").write_bytes(pdf)
    opdracht = ["pdftotext", "-raw", "-enc", "UTF-8", str(pad / "d.pdf"), "-"]
    return subprocess.run(opdracht, capture_output=True, check=True).stdout.decode()


def open_pdf(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def knopen(knoop: Any) -> Iterator[Any]:
    """All structure elements in reading order."""
    if isinstance(knoop, pikepdf.Array):
        for kind in knoop:
            yield from knopen(kind)
    elif isinstance(knoop, pikepdf.Dictionary) and "/S" in knoop:
        yield knoop
        if "/K" in knoop:
            yield from knopen(knoop.K)


def soorten(pdf: bytes, alleen: str) -> list[str]:
    with open_pdf(pdf) as bestand:
        alle = [str(knoop.S)[1:] for knoop in knopen(bestand.Root.StructTreeRoot.K)]
    return [soort for soort in alle if re.fullmatch(alleen, soort)]


# --- PDF --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", [BRIEF, ONTVANGST], ids=["brief", "ontvangst"])
def test_pdf_is_archiveerbaar_en_getagd(document: Document) -> None:
    with open_pdf(naar_pdf(document)) as pdf:
        assert str(pdf.Root.Lang) == "nl"
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) is True
        assert pdf.Root.StructTreeRoot.K is not None
        assert [str(doel.S) for doel in pdf.Root.OutputIntents] == ["/GTS_PDFA1"]
        xmp = pdf.open_metadata()
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("2", "A", "1")
        assert (xmp["dc:title"], str(pdf.docinfo["/Title"])) == (document.titel, document.titel)
        assert xmp["xmp:CreateDate"] == f"{document.datum}T00:00:00Z"
        assert str(pdf.docinfo["/CreationDate"]) == f"D:{document.datum:%Y%m%d}000000Z"
        lettertypen = [font for pagina in pdf.pages for font in pagina.Resources.Font.values()]
        ingebed = [font.DescendantFonts[0].FontDescriptor for font in lettertypen]
        assert all("/FontFile2" in font or "/FontFile3" in font for font in ingebed)
        assert not pdf.is_encrypted
        assert pdf.check_pdf_syntax() == []


def test_pdf_koppen_lijsten_en_tabellen_zijn_gemerkt() -> None:
    pdf = naar_pdf(BRIEF)
    # "Gevolgen" asks for level 3 directly under level 1: it becomes level 2, so that no level is skipped.
    assert soorten(pdf, "H[1-6]") == ["H1", "H2", "H3", "H2"]
    assert soorten(pdf, "Table|THead|TR|TH|TD") == [
        *("Table", *("TR", "TH", "TD") * 3),
        *("Table", "THead", "TR", "TH", "TH", "TH", *("TR", "TH", "TD", "TD") * 2),
        *("Table", "THead", "TR", "TH", "TH", "TR", "TD", "TD"),
    ]
    assert soorten(pdf, "L|LI") == ["L", "LI", "LI", "L", "LI", "LI"]
    assert soorten(pdf, "Link") == ["Link"]


def test_pdf_rijkoppen_hebben_hun_bereik() -> None:
    with open_pdf(naar_pdf(BRIEF)) as pdf:
        cellen = [knoop for knoop in knopen(pdf.Root.StructTreeRoot.K) if knoop.S == "/TH"]
        bereik = [str(kenmerk.Scope)[1:] for cel in cellen for kenmerk in cel.A if "/Scope" in kenmerk]
    assert bereik == ["Row"] * 3 + ["Column"] * 3 + ["Row"] * 2 + ["Column"] * 2


@pytest.mark.parametrize("document", [BRIEF, ONTVANGST], ids=["brief", "ontvangst"])
def test_zelfde_document_geeft_dezelfde_bytes(document: Document) -> None:
    assert naar_pdf(document) == naar_pdf(replace(document))
    assert naar_html(document) == naar_html(replace(document))


def test_ander_document_geeft_andere_bytes() -> None:
    assert naar_pdf(BRIEF) != naar_pdf(replace(BRIEF, datum=date(2026, 4, 4)))
    assert naar_pdf(BRIEF) != naar_pdf(replace(BRIEF, kenmerk="STIM-2026-000124"))


def test_pdf_toont_alles_van_de_brief(tmp_path: Path) -> None:
    tekst = " ".join(pdf_tekst(naar_pdf(BRIEF), tmp_path).replace("\u00a0", " ").split())
    for stuk in (
        *("Uitvoering Subsidies", "Afdeling Mkb", "2500 AA Voorbeeldstad", "post@voorbeeld.nl"),
        *("1234 AB Voorbeeldstad", "3 april 2026", "STIM-2026-000123", "Tijdvak voorjaar 2026"),
        *("Besluit op uw aanvraag", "Geachte heer, mevrouw,", "U krijgt ten hoogste € 12.500.", "STIM-7K4Q"),
        *("(niet ingevuld)", "Begroting", "€ 16.000,00", "Meld het meteen.", "2. Dan.", "onze website"),
        *("namens deze,", "A. Voorbeeld", "Hoofd afdeling", "Voorbeeldregeling", "Pagina 1 van 2", "Pagina 2 van 2"),
    ):
        assert stuk in tekst, stuk


def test_ontvangstbevestiging_bevat_elk_antwoord(tmp_path: Path) -> None:
    tekst = pdf_tekst(naar_pdf(ONTVANGST), tmp_path)
    assert re.findall(r"Antwoord (\d+)", tekst) == [str(n) for n in range(40)]
    assert re.findall(r"Antwoord (\d+)", naar_html(ONTVANGST)) == [str(n) for n in range(40)]


def test_lange_tabel_herhaalt_de_koppen_op_elke_pagina(tmp_path: Path) -> None:
    tabel = Tabel(("Rang", "Zaaknummer"), tuple((str(n), f"A-{n:04d}") for n in range(1, 201)))
    pdf = naar_pdf(papier(tabel))
    with open_pdf(pdf) as bestand:
        bladen = len(bestand.pages)
    tekst = pdf_tekst(pdf, tmp_path)
    assert bladen == 5
    assert tekst.count("Zaaknummer") == bladen
    assert re.findall(r"A-(\d{4})", tekst) == [f"{n:04d}" for n in range(1, 201)]


def test_gebruikerstekst_wordt_letterlijk_getoond(tmp_path: Path) -> None:
    document = replace(
        papier(
            Kop(GEVAARLIJK),
            Alinea(GEVAARLIJK),
            Samenvatting(((GEVAARLIJK, GEVAARLIJK),)),
            Tabel((GEVAARLIJK,), ((GEVAARLIJK,),), bijschrift=GEVAARLIJK),
            Lijst((GEVAARLIJK,)),
            Kader((), GEVAARLIJK),
            titel=GEVAARLIJK,
        ),
        kenmerk=GEVAARLIJK,
        betreft=GEVAARLIJK,
        geadresseerde=(GEVAARLIJK,),
        ondertekening=Ondertekening(GEVAARLIJK, GEVAARLIJK, (GEVAARLIJK,), GEVAARLIJK, GEVAARLIJK),
    )
    pdf = naar_pdf(document)
    with open_pdf(pdf) as bestand:
        assert str(bestand.docinfo["/Title"]) == GEVAARLIJK
    kaal = re.sub(r"[\s\u00ad]", "", pdf_tekst(pdf, tmp_path))
    assert kaal.count(re.sub(r"\s", "", GEVAARLIJK)) == 18
    html = naar_html(document)
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot; &#x27; #{") == 19  # 18 places and <title>


def test_tekens_zonder_glief_worden_zichtbaar_vervangen(tmp_path: Path) -> None:
    document = papier(
        Alinea("a \U0001f600 b \U0001f469\u200d\U0001f469\u200d\U0001f467 c \U0001f44d\U0001f3fd d \u4e2d\u6587 e")
    )
    tekst = " ".join(pdf_tekst(naar_pdf(document), tmp_path).split())
    v = VERVANGER
    assert f"a {v} b {v} c {v} d {v}{v} e" in tekst
    assert f"staat op een of meer plaatsen het teken {v}." in tekst
    assert "het teken" not in pdf_tekst(naar_pdf(papier(Alinea("gewone tekst: é ï € – ‘’ ≥ α Ж"))), tmp_path)
    assert "\U0001f469\u200d\U0001f469\u200d\U0001f467 c \U0001f44d\U0001f3fd d \u4e2d\u6587" in naar_html(document)


def test_schrift_van_rechts_naar_links(tmp_path: Path) -> None:
    tekst = pdf_tekst(naar_pdf(papier(Alinea("שלום"), Alinea("مرحبا"))), tmp_path)
    assert "שלום" in tekst
    assert "مرحبا" in tekst


@pytest.mark.parametrize(
    "tekst",
    [
        "a" * 100_000,
        "woord " * 16_667,
        "\u4e2d\u6587" * 10_000,
        "a\u0301" * 20_000 + "Z" + "\u0301\u0327\u0338" * 400,
        "\n" * 20_000,
        "ب \u06d6 ب \u06d7 ب " * 200,
        "\x00\x07\x1b\x7f\x85\ue000\ufffe\ufeff\ud800\U000e0041\U0010ffff",
        "\u202e" * 5000 + "x",
        "".join(map(chr, range(1, 0x700))),
    ],
    ids=["woord", "lang", "cjk", "accenten", "regels", "losse-accenten", "besturing", "richting", "alles"],
)
def test_uitzonderlijke_tekst_breekt_niets(tekst: str) -> None:
    document = papier(Alinea(tekst), Samenvatting((("Vraag", tekst),)), Tabel(("Kolom", "B"), ((tekst, "b"),)))
    with open_pdf(naar_pdf(document)) as pdf:
        assert pdf.open_metadata()["pdfaid:conformance"] == "A"
    html = naar_html(document).encode("utf-8").decode()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]", html)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_elke_tekst_is_te_zetten(tekst: str) -> None:
    document = papier(Alinea(tekst), Samenvatting((("Vraag", tekst),)))
    assert naar_pdf(document).startswith(b"%PDF-1.7")
    naar_html(document).encode("utf-8")


def test_laatste_redmiddel_kan_altijd_gezet_worden() -> None:
    tekens = [chr(n) for n in range(0x20, 0x3000) if unicodedata.category(chr(n)) not in ("Cn", "Cs", "Co")]
    over = _westers(schoon("".join(tekens)))
    assert {"€", "ſ", VERVANGER} <= set(over)
    assert "α" not in over
    leeg = naar_pdf(papier(Alinea(over)))
    with open_pdf(leeg) as pdf:
        assert len(pdf.pages) >= 1


def test_zetfout_noemt_de_ontbrekende_tekens() -> None:
    with pytest.raises(_ZetFout) as fout:
        _zet({}, datetime(2026, 1, 1, tzinfo=UTC))
    assert fout.value.tekens == frozenset()
    filter_ = _vervang(frozenset("\U0001f600\u200d"))
    assert filter_("x\u200d \U0001f600\u200d\U0001f600!") == f"x{VERVANGER} {VERVANGER}!"


def test_lege_blokken_zijn_toegestaan() -> None:
    leeg = papier(
        Tabel(("A", "B"), ()), Lijst(()), Samenvatting(()), Alinea(""), Kader(()), Samenvatting((("V", " "),))
    )
    assert soorten(naar_pdf(leeg), "Table|TD|TH|L") == ["Table", "TH", "TH", "TD", "Table", "TH", "TD"]
    html = naar_html(leeg)
    assert html.count("Geen gegevens.") == 1
    assert html.count("(niet ingevuld)") == 1
    assert "<ul>" not in html


def test_een_controlegetal_blijft_op_een_regel(tmp_path: Path) -> None:
    getal = "0123456789abcdef" * 4
    tekst = pdf_tekst(naar_pdf(papier(Alinea(("SHA-256 van de inhoud van dit bestand: ", code(getal))))), tmp_path)
    assert getal in tekst


@pytest.mark.traag
def test_ranglijst_van_een_hele_ronde_is_op_tijd_klaar(tmp_path: Path) -> None:
    rijen = tuple((str(n), f"A-{n:05d}", code(f"{n:016x}")) for n in range(4526))
    begin = time.process_time()
    pdf = naar_pdf(papier(Tabel(("Rang", "Zaaknummer", "Lot"), rijen, ("rechts", "links", "links"))))
    assert time.process_time() - begin < 30  # about 3 seconds; grows linearly
    assert len(set(re.findall(r"A-\d{5}", pdf_tekst(pdf, tmp_path)))) == 4526


@pytest.mark.parametrize(
    ("blokken", "bladen"),
    [
        ((Alinea("x"), Paginaeinde()), 1),
        ((Alinea("x"), Paginaeinde(), Paginaeinde(), Alinea("y"), Paginaeinde()), 2),
    ],
)
def test_paginaeinde_maakt_geen_lege_bladen(blokken: tuple[Blok, ...], bladen: int) -> None:
    with open_pdf(naar_pdf(papier(*blokken))) as pdf:
        assert len(pdf.pages) == bladen


def test_kolombreedte_volgt_de_tekst() -> None:
    rij = ("Externe adviseur voor het ontwerp van het systeem", "€ 16.000,00", "x" * 400)
    assert _breedten(Tabel(("Nr", "Naam"), (("1", "Voorbeeldbedrijf"), ("2", "B")))) == [5, 16]
    assert _breedten(Tabel(("Post", "Bedrag", "Toelichting"), (rij,), ("links", "rechts", "links"))) == [40, 0, 40]


# --- HTML -------------------------------------------------------------------------------------------------------


class Lezer(HTMLParser):
    """Collects tags in order and checks that they nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("br", "meta", "link", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def alle(self, patroon: str) -> list[str]:
        return [tag for tag, _ in self.tags if re.fullmatch(patroon, tag)]


def test_html_is_een_complete_toegankelijke_pagina() -> None:
    html = naar_html(BRIEF, css="/static/document.css?v=1&x=2")
    lezer = Lezer(html)
    assert html.startswith("<!DOCTYPE html>\n")
    assert lezer.open == []
    assert lezer.tags[0] == ("html", {"lang": "nl"})
    assert lezer.alle("title|main|article|h1") == ["title", "main", "article", "h1"]
    assert lezer.alle("h[1-6]") == ["h1", "h2", "h3", "h2"]
    assert [attrs for tag, attrs in lezer.tags if tag == "link"] == [
        {"rel": "stylesheet", "href": "/static/document.css?v=1&x=2"}
    ]
    assert [attrs["scope"] for tag, attrs in lezer.tags if tag == "th"] == ["col"] * 3 + ["row"] * 2 + ["col"] * 2
    assert [attrs["href"] for tag, attrs in lezer.tags if tag == "a"] == ["https://www.voorbeeld.nl/bezwaar?a=1&b=2"]
    assert lezer.alle("caption|code|strong|ol|ul|hr") == [
        "strong",
        "strong",
        "code",
        "caption",
        "ul",
        "strong",
        "ol",
        "strong",
        "hr",
    ]


def test_html_heeft_geen_stijl_of_script_in_de_pagina() -> None:
    lezer = Lezer(naar_html(BRIEF))
    assert lezer.alle("style|script|link|iframe|img|form|object") == []
    namen = {naam for _, attrs in lezer.tags for naam in attrs}
    assert namen == {"lang", "charset", "name", "content", "class", "dir", "scope", "href"}


def test_inhoud_voor_in_een_portaalpagina() -> None:
    lezer = Lezer(inhoud_html(BRIEF, basiskop=2))
    assert lezer.tags[0] == ("article", {"class": "document", "lang": "nl"})
    assert lezer.alle("h[1-6]|html|main") == ["h2", "h3", "h4", "h3"]
    with pytest.raises(ValueError, match="basiskop"):
        inhoud_html(BRIEF, basiskop=4)


def test_regeleinden_en_nadruk_blijven() -> None:
    html = naar_html(papier(Alinea(("een\r\ntwee\u2028drie ", Tekstdeel("vier", vet=True, code=True)))))
    assert "<p>een<br>twee<br>drie <strong><code>vier</code></strong></p>" in html


def test_een_hash_kan_op_een_smal_scherm_worden_afgebroken() -> None:
    som = "0123456789abcdef" * 4
    html = naar_html(papier(Alinea((Tekstdeel(f"H_P {som}", code=True), f" en {som}"))))
    assert f"<code>H_P {'<wbr>'.join(['0123456789abcdef'] * 4)}</code> en {som}" in html


# --- Model and text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "/pad",
        "https://a b",
        "data:text/html,x",
        "https://voorbeeld.nl/é",
        "ftp://x",
        "https://" + "a" * 2000,
    ],
)
def test_gevaarlijke_verwijzing_wordt_geweigerd(link: str) -> None:
    with pytest.raises(InvoerFout, match="verwijzing"):
        verwijzing("tekst", link)


@pytest.mark.parametrize("link", ["https://a.nl/?a=%20&b=(x)", "http://a.nl", "mailto:a@b.nl", "tel:+31701234567"])
def test_gewone_verwijzing_mag(link: str) -> None:
    assert verwijzing("tekst", link).link == link
    with open_pdf(naar_pdf(papier(Alinea(verwijzing("tekst", link))))) as pdf:
        assert [str(noot.A.URI) for pagina in pdf.pages for noot in pagina.Annots] == [link]


@pytest.mark.parametrize("tekst", ["", "  ", "\x00", "\u200b", "x" * 301])
def test_lege_of_te_lange_kop_wordt_geweigerd(tekst: str) -> None:
    with pytest.raises(InvoerFout, match="Een kop"):
        Kop(tekst)
    with pytest.raises(InvoerFout, match="De titel"):
        papier(titel=tekst)


def test_onmogelijke_documenten_worden_geweigerd() -> None:
    with pytest.raises(InvoerFout, match="niveau"):
        Kop("x", 5)
    with pytest.raises(InvoerFout, match="2 cellen"):
        Tabel(("a", "b"), (("1",),))
    with pytest.raises(InvoerFout, match="een kop"):
        Tabel(("a", " "), ())
    with pytest.raises(InvoerFout, match="uitlijning"):
        Tabel(("a", "b"), (), ("links",))
    with pytest.raises(InvoerFout, match="afzender"):
        Document("Titel", Afzender(" "), date(2026, 1, 1), ())
    with pytest.raises(InvoerFout, match="taal"):
        replace(BRIEF, taal="nl-NL")
    with pytest.raises(TypeError, match="not a moment"):
        replace(BRIEF, datum=datetime(2026, 1, 1, 12))


def test_koppen_slaan_geen_niveau_over() -> None:
    blokken = (Kop("a", 3), Kop("b", 4), Kader((Kop("c", 4), Kop("d", 1))), Kop("e", 4), Kop("f", 2))
    glad = aansluitende_koppen(blokken)
    assert glad == (Kop("a", 1), Kop("b", 2), Kader((Kop("c", 3), Kop("d", 1))), Kop("e", 2), Kop("f", 2))
    assert aansluitende_koppen(glad) == glad


def test_delen_en_platte_tekst() -> None:
    assert delen("a") == (Tekstdeel("a"),)
    assert delen(vet("a")) == (Tekstdeel("a", vet=True),)
    assert platte_tekst(("a ", vet("b"), code("c"))) == "a bc"


@pytest.mark.parametrize(
    ("vuil", "net"),
    [
        ("gewoon", "gewoon"),
        ("a\r\nb\rc\x0bd\u2029e", "a\nb\nc\nd\ne"),
        ("a\tb\x00c\x1bd\x9fe", "a bcde"),
        ("\u202eabc\u2069", "abc"),
        ("\ue000\ud800\ufdd0\U0001ffff", VERVANGER * 4),
        ("é\u200d😀\u200f", "é\u200d😀\u200f"),
    ],
)
def test_schoon(vuil: str, net: str) -> None:
    assert schoon(vuil) == net
    assert schoon(net) == net


def test_losse_accenten_krijgen_een_drager() -> None:
    assert gedragen_tekens("e\u0301 \u0301x \u0327\u0301") == f"é {VERVANGER}x {VERVANGER}{VERVANGER}"


@given(st.text(max_size=80), st.integers(1, 12))
def test_stukken_verliezen_niets(woord: str, lengte: int) -> None:
    delen_ = stukken(woord, lengte)
    assert "".join(delen_) == woord
    assert all(0 < len(deel) <= 4 * lengte for deel in delen_)


@pytest.mark.parametrize("document", [BRIEF, ONTVANGST], ids=["brief", "ontvangst"])
def test_een_document_overleeft_het_bewaren(document: Document) -> None:
    """Kept as data and read back, it renders to the same bytes."""
    terug = uit_json(json.loads(json.dumps(naar_json(document))))
    assert terug == document
    assert naar_html(terug) == naar_html(document)
    assert naar_pdf(terug) == naar_pdf(document)
