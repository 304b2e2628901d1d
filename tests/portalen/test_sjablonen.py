"""Pages and style sheets of the portal's look: error pages, style guide, e-mail texts, page weight."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory, override_settings
from django.utils import translation

import portalen

SJABLONEN = Path(portalen.__file__).parent / "templates"
FOUTPAGINAS = ["400", "403", "403_csrf", "404", "429", "500", "503"]
LEGE_ELEMENTEN = {"meta", "link", "img", "input", "br", "hr", "path", "rect", "line", "circle"}


@pytest.fixture(autouse=True)
def _nederlands():
    with translation.override("nl"), override_settings(FORM_RENDERER="portalen.formulieren.weergave.Weergave"):
        yield


class Bouw(HTMLParser):
    """Checks nesting and collects ids, headings and inline code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.koppen: list[str] = []
        self.ingebed: list[str] = []
        self.verwijzingen: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        eigenschappen = dict(attrs)
        if tag not in LEGE_ELEMENTEN:
            self.open.append(tag)
        if "id" in eigenschappen:
            self.ids.append(eigenschappen["id"])
        if re.fullmatch("h[1-6]", tag):
            self.koppen.append(tag)
        if (
            tag in {"style", "script"}
            or "style" in eigenschappen
            or any(naam.startswith("on") for naam in eigenschappen)
        ):
            self.ingebed.append(self.get_starttag_text())
        for naam in ("src", "action", "href") if tag != "a" else ():
            if str(eigenschappen.get(naam, "")).startswith(("http:", "https:", "//")):
                self.verwijzingen.append(eigenschappen[naam])
        for naam in ("for", "aria-labelledby", "aria-describedby"):
            for doel in str(eigenschappen.get(naam) or "").split():
                self.ids_gezocht.append(doel)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in LEGE_ELEMENTEN:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> sluit niets"
        assert self.open.pop() == tag

    @property
    def ids_gezocht(self) -> list[str]:
        return self.__dict__.setdefault("_gezocht", [])


#: Inline style or script; a file of ours and a block of data that is no script are fine.
BUITEN_CSP = r"<style|<script(?! src=\"{% static |[^>]*application/json)|\sstyle=|\son[a-z]+=\""


def verzoek():
    request = RequestFactory().get("/zomaar/")
    request.user = AnonymousUser()
    return request


def keur(html: str) -> Bouw:
    bouw = Bouw(html)
    assert bouw.open == []
    assert bouw.ingebed == []
    assert bouw.verwijzingen == []
    assert sorted(bouw.ids) == sorted(set(bouw.ids))
    assert set(bouw.ids_gezocht) <= set(bouw.ids)
    niveaus = [int(kop[1]) for kop in bouw.koppen]
    assert niveaus[0] == 1
    assert niveaus.count(1) == 1
    assert all(na - voor <= 1 for voor, na in zip(niveaus, niveaus[1:], strict=False))
    return bouw


@pytest.mark.parametrize("code", FOUTPAGINAS)
def test_error_page(code):
    html = render_to_string(f"{code}.html", request=verzoek())
    keur(html)
    assert '<html lang="nl"' in html
    assert 'lang="en"' in html


@pytest.mark.parametrize("code", FOUTPAGINAS)
def test_error_page_without_any_context(code):
    html = get_template(f"{code}.html").render()
    keur(html)


def test_500_needs_no_static_manifest():
    with override_settings(
        STATIC_URL="/vast/",
        STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}},
        STATIC_ROOT="/bestaat/niet",
    ):
        html = get_template("500.html").render()
    assert '<link rel="stylesheet" href="/vast/portalen/css/stimulans.css">' in html


def test_500_and_503_do_not_use_the_frame():
    for code in ("500", "503"):
        bron = (SJABLONEN / f"{code}.html").read_text()
        assert "{% extends" not in bron
        assert "{% static " not in bron


def test_error_page_shows_the_message_of_a_domain_error():
    html = render_to_string(
        "403.html", {"melding": "U hebt <geen> machtiging.", "actie": "Vraag die aan.", "kenmerk": "k-1"}
    )
    assert "U hebt &lt;geen&gt; machtiging." in html
    assert "Vraag die aan." in html
    assert "<strong>k-1</strong>" in html


def test_style_guide_is_well_built():
    html = render_to_string("portalen/stijlgids.html", request=verzoek())
    keur(html)
    assert html.count('id="foutoverzicht-kop"') == 1


@pytest.mark.parametrize("naam", ["toegankelijkheid", "privacy", "contact"])
def test_information_pages_mark_what_is_not_set(naam):
    leeg = render_to_string(f"portalen/{naam}.html", {"instelling": {}}, request=verzoek())
    keur(leeg)
    assert "[De uitvoerder vul" in leeg
    alles = {
        "organisatie": "Uitvoerder X",
        "contact_email": "hulp@voorbeeld.example",
        "contact_telefoon": "000 000 00 00",
        "contact_adres": "Straat 1\n1234 AB Plaats",
        "privacy_email": "fg@voorbeeld.example",
        "bewaartermijn": "Tien jaar.",
    }
    vol = render_to_string(f"portalen/{naam}.html", {"instelling": alles}, request=verzoek())
    keur(vol)
    assert "[De uitvoerder vul" not in vol


def test_frame_shows_the_phase_banner_and_the_menu():
    context = {
        "instelling": {"banner": "Proef <1>", "organisatie": "Uitvoerder X"},
        "hoofdnavigatie": [{"naam": "Regelingen", "url": "/r", "actief": True}, {"naam": "Zaken", "url": "/z"}],
    }
    html = render_to_string("portalen/privacy.html", context, request=verzoek())
    keur(html)
    assert "Proef &lt;1&gt;" in html
    assert html.count('aria-current="page"') == 1
    assert html.index('class="utrecht-skip-link"') < html.index("<header")


MAILS = sorted(pad.name.removesuffix("_message.txt") for pad in (SJABLONEN / "account/email").glob("*_message.txt"))
MAILS.remove("base")


@pytest.mark.parametrize("naam", MAILS)
def test_mail_is_plain_text_with_a_one_line_subject(naam):
    context = {
        "activate_url": "https://voorbeeld.example/x?a=1&b=2",
        "password_reset_url": "https://voorbeeld.example/x?a=1&b=2",
        "signup_url": "https://voorbeeld.example/x?a=1&b=2",
        "code": "ABC-123" if "code" in naam else "",
        "email": "a&b@voorbeeld.example",
        "from_email": "oud&@voorbeeld.example",
        "to_email": "nieuw&@voorbeeld.example",
        "deleted_email": "oud&@voorbeeld.example",
        "ip": "192.0.2.1",
        "user_agent": "Browser 'x' & y",
        "timestamp": datetime(2026, 11, 21, 16, 0, tzinfo=UTC),
    }
    onderwerp = render_to_string(f"account/email/{naam}_subject.txt", context).strip()
    tekst = render_to_string(f"account/email/{naam}_message.txt", context)
    assert onderwerp
    assert "\n" not in onderwerp
    assert "&amp;" not in tekst
    assert "&#x27;" not in tekst
    assert re.search(r"\b(je|jij|jouw)\b", tekst) is None
    assert tekst.strip().startswith("Goedendag,")
    if "timestamp" in (SJABLONEN / "account/email/base_notification.txt").read_text() and "IP-adres" in tekst:
        assert "21 november 2026 om 17:00 uur" in tekst


def test_no_template_has_inline_style_or_script():
    overtreders = [
        str(pad.relative_to(SJABLONEN))
        for pad in sorted(SJABLONEN.rglob("*.html"))
        # A script from a file of ours, or a block of data that is no script: nothing that the CSP blocks.
        if re.search(
            r"<style|<script(?! src=\"{% static |[^>]*application/json)|\sstyle=|\son[a-z]+=\"", pad.read_text()
        )
    ]
    assert overtreders == []


def css(naam: str) -> str:
    pad = finders.find(f"portalen/css/{naam}")
    assert pad is not None
    return Path(pad).read_text()


def test_all_css_is_under_45_kb():
    assert len(css("tokens.css").encode()) + len(css("stimulans.css").encode()) < 45_000


def test_every_token_that_is_used_is_defined_and_the_other_way_round():
    gedefinieerd = set(re.findall(r"^\s*(--[a-z0-9-]+):", css("tokens.css"), re.M))
    gebruikt = set(re.findall(r"var\((--[a-z0-9-]+)", css("tokens.css") + css("stimulans.css")))
    assert gebruikt == gedefinieerd


def test_css_asks_nothing_from_elsewhere():
    alles = css("tokens.css") + css("stimulans.css")
    assert re.findall(r"url\(|@import|@font-face", alles) == []
    assert "position: sticky" not in alles
    assert "position: fixed" not in alles


def test_class_names_in_templates_exist_in_the_css():
    stijl = css("stimulans.css")
    namen: set[str] = set()
    for pad in [
        *SJABLONEN.glob("*.html"),
        *SJABLONEN.glob("account/*.html"),
        *SJABLONEN.glob("portalen/*.html"),
        *SJABLONEN.glob("portalen/onderdelen/*.html"),
    ]:
        for lijst in re.findall(r'class="([^"{]*)"', pad.read_text()):
            namen |= {naam for naam in lijst.split() if naam.startswith(("utrecht-", "stimulans-"))}
    # Names that only mark a part for a theme and need no rule of our own.
    zonder_regel = {
        "stimulans-taal",
        "stimulans-enkel",
        "utrecht-breadcrumb-nav__link",
        "utrecht-table__header-cell",
        "utrecht-table__cell",
        "stimulans-takenlijst__voortgang",
        "stimulans-takenlijst__klaar",
        "stimulans-takenlijst__stand",
        "utrecht-form-field--checkbox",
    }
    assert {naam for naam in namen if f".{naam}" not in stijl} - zonder_regel == set()


def helderheid(kleur: str) -> float:
    def lineair(deel: int) -> float:
        c = deel / 255
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    rood, groen, blauw = (lineair(int(kleur[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * rood + 0.7152 * groen + 0.0722 * blauw


def contrast(voor: str, achter: str) -> float:
    licht, donker = sorted((helderheid(voor), helderheid(achter)), reverse=True)
    return (licht + 0.05) / (donker + 0.05)


@pytest.mark.parametrize(
    ("voor", "achter", "minimum"),
    [
        ("ink", "white", 7),
        ("grey-700", "white", 4.5),
        ("grey-700", "grey-100", 4.5),
        ("grey-700", "accent-50", 4.5),
        ("accent-700", "white", 4.5),
        ("accent-700", "accent-100", 4.5),
        ("accent-700", "warning-100", 4.5),
        ("accent-800", "accent-100", 4.5),
        ("white", "accent-700", 4.5),
        ("white", "accent-900", 4.5),
        ("white", "error", 4.5),
        ("ok", "ok-100", 4.5),
        ("warning", "warning-100", 4.5),
        ("error", "error-100", 4.5),
        ("error", "white", 4.5),
        ("ink", "focus", 4.5),
        ("focus", "accent-900", 3),
        ("grey-500", "white", 3),
        ("grey-500", "grey-50", 3),
        ("accent-500", "white", 3),
    ],
)
def test_contrast_of_the_palette(voor, achter, minimum):
    palet = dict(re.findall(r"--stm-color-([a-z0-9-]+): (#[0-9a-f]{6})", css("tokens.css")))
    assert contrast(palet[voor], palet[achter]) >= minimum
