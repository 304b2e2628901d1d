"""HTML from the document model: a complete accessible page, or only its content for use inside a page of a portal.

No inline styles or scripts (CSP). Class names, for a style sheet: ``document``, ``document-afzender``,
``document-adres``, ``document-kenmerken``, ``document-samenvatting``, ``document-tabel``, ``document-kader``,
``document-kadertitel``, ``document-ondertekening``, ``document-voettekst``, ``document-leeg``,
``document-nieuwe-pagina``, ``rij-totaal``, ``tekst-rechts``, ``tekst-midden``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from kern.document.model import (
    GEEN_RIJEN,
    LEEG,
    Alinea,
    Blok,
    Document,
    Kader,
    Kop,
    Lijst,
    Paginaeinde,
    Samenvatting,
    Tabel,
    Tekst,
    aansluitende_koppen,
    delen,
    platte_tekst,
)
from kern.document.tekst import schoon
from kern.feestdagen import datum_tekst

#: A digest has no place to break, and a plain page no style sheet that allows it anywhere.
_HASH = re.compile(r"[0-9a-f]{32,}")


def _met_afbreekpunten(gevonden: re.Match[str]) -> str:
    """A break may come after every sixteen digits; copying the text leaves nothing of it."""
    return "<wbr>".join(re.findall(".{1,16}", gevonden[0]))


def _esc(tekst: str) -> str:
    return escape(schoon(tekst), quote=True)


def _tekst(tekst: Tekst) -> str:
    uit = []
    for deel in delen(tekst):
        stuk = _esc(deel.tekst).replace("\n", "<br>")
        if deel.code:
            stuk = f"<code>{_HASH.sub(_met_afbreekpunten, stuk)}</code>"
        if deel.vet:
            stuk = f"<strong>{stuk}</strong>"
        if deel.link:
            stuk = f'<a href="{escape(deel.link, quote=True)}">{stuk}</a>'
        uit.append(stuk)
    return "".join(uit)


def _regels(regels: Iterable[str]) -> str:
    return "<br>".join(_esc(regel) for regel in regels)


def _paren(paren: Iterable[tuple[str, Tekst]], klasse: str) -> list[str]:
    """A description list; ``dir="auto"`` so that a right-to-left answer reads well."""
    uit = [f'<dl class="{klasse}">']
    for label, waarde in paren:
        leeg = not platte_tekst(waarde).strip()
        inhoud = f'<span class="document-leeg">{LEEG}</span>' if leeg else _tekst(waarde)
        uit.append(f'<div><dt>{_esc(label)}</dt><dd dir="auto">{inhoud}</dd></div>')
    return [*uit, "</dl>"]


def _tabel(tabel: Tabel) -> list[str]:
    klassen = [{"links": "", "rechts": ' class="tekst-rechts"', "midden": ' class="tekst-midden"'}[tabel.lijn(k)]
               for k in range(len(tabel.koppen))]  # fmt: skip
    uit = ['<table class="document-tabel">']
    if tabel.bijschrift:
        uit.append(f"<caption>{_esc(tabel.bijschrift)}</caption>")
    koppen = "".join(
        f'<th scope="col"{klasse}>{_esc(kop)}</th>' for kop, klasse in zip(tabel.koppen, klassen, strict=True)
    )
    uit.append(f"<thead><tr>{koppen}</tr></thead><tbody>")
    for nummer, rij in enumerate(tabel.rijen, 1):
        cellen = []
        for kolom, (cel, klasse) in enumerate(zip(rij, klassen, strict=True)):
            if tabel.rijkop and kolom == 0:
                cellen.append(f'<th scope="row"{klasse}>{_tekst(cel)}</th>')
            else:
                cellen.append(f'<td{klasse} dir="auto">{_tekst(cel)}</td>')
        totaal = ' class="rij-totaal"' if tabel.totaalrij and nummer == len(tabel.rijen) else ""
        uit.append(f"<tr{totaal}>{''.join(cellen)}</tr>")
    if not tabel.rijen:
        uit.append(f'<tr><td colspan="{len(tabel.koppen)}">{GEEN_RIJEN}</td></tr>')
    return [*uit, "</tbody></table>"]


def _blok(blok: Blok, basis: int) -> list[str]:
    match blok:
        case Kop():
            niveau = min(basis + blok.niveau, 6)
            return [f"<h{niveau}>{_esc(blok.tekst)}</h{niveau}>"]
        case Alinea():
            return [f"<p>{_tekst(blok.tekst)}</p>"]
        case Lijst() if blok.items:
            soort = "ol" if blok.geordend else "ul"
            return [f"<{soort}>", *(f"<li>{_tekst(item)}</li>" for item in blok.items), f"</{soort}>"]
        case Tabel():
            return _tabel(blok)
        case Samenvatting() if blok.regels:
            return _paren(blok.regels, "document-samenvatting")
        case Kader():
            titel = [f'<p class="document-kadertitel"><strong>{_esc(blok.titel)}</strong></p>'] if blok.titel else []
            return ['<div class="document-kader">', *titel, *_blokken(blok.blokken, basis), "</div>"]
        case Paginaeinde():
            return ['<hr class="document-nieuwe-pagina">']
        case _:  # a list or summary without lines
            return []


def _blokken(blokken: Iterable[Blok], basis: int) -> list[str]:
    return [regel for blok in blokken for regel in _blok(blok, basis)]


def blokken_html(blokken: Iterable[Blok], *, basiskop: int = 1) -> str:
    """Only the blocks, to put in a page that has its own title as ``h<basiskop>``. Fully escaped."""
    return "\n".join(_blokken(aansluitende_koppen(tuple(blokken)), basiskop))


def kenmerken(document: Document) -> list[tuple[str, str]]:
    """The reference lines of a document: date, reference number, extra lines, subject."""
    paren = [("Datum", datum_tekst(document.datum)), ("Ons kenmerk", document.kenmerk), *document.kenmerken]
    paren.append(("Betreft", document.betreft))
    return [(label, waarde) for label, waarde in paren if waarde.strip()]


def inhoud_html(document: Document, *, basiskop: int = 1) -> str:
    """The document as an ``<article>`` to put in a page; its title becomes ``h<basiskop>`` (1 to 3). Fully escaped."""
    if not 1 <= basiskop <= 3:
        raise ValueError("basiskop must be 1, 2 or 3")
    afzender = document.afzender
    uit = [f'<article class="document" lang="{document.taal}">', '<div class="document-afzender">']
    uit.append(f"<p><strong>{_esc(afzender.naam)}</strong></p>")
    if adres := [regel for regel in (afzender.onderdeel, *afzender.adres) if regel]:
        uit.append(f"<p>{_regels(adres)}</p>")
    if afzender.contact:
        uit += _paren(afzender.contact, "document-contact")
    uit.append("</div>")
    if document.geadresseerde:
        uit.append(f'<p class="document-adres">{_regels(document.geadresseerde)}</p>')
    uit += _paren(kenmerken(document), "document-kenmerken")
    uit.append(f"<h{basiskop}>{_esc(document.titel)}</h{basiskop}>")
    if document.aanhef:
        uit.append(f"<p>{_esc(document.aanhef)}</p>")
    uit += _blokken(aansluitende_koppen(document.blokken), basiskop)
    if slot := document.ondertekening:
        uit.append('<div class="document-ondertekening">')
        uit.append(f"<p>{_esc(slot.groet)}</p>")
        if slot.namens:
            uit.append(f"<p>{_regels(slot.namens)}</p>")
        uit.append(f"<p>{_regels(filter(None, (slot.naam, slot.functie)))}</p>")
        if slot.toelichting:
            uit.append(f"<p>{_tekst(slot.toelichting)}</p>")
        uit.append("</div>")
    if document.voettekst:
        uit.append(f'<p class="document-voettekst">{_tekst(document.voettekst)}</p>')
    return "\n".join([*uit, "</article>"])


def naar_html(document: Document, *, css: str = "") -> str:
    """A complete page. ``css``: address of a style sheet (same origin); without it the page is plain but readable."""
    stijl = f'<link rel="stylesheet" href="{escape(css, quote=True)}">\n' if css else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{document.taal}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_esc(document.titel)}</title>\n{stijl}</head>\n<body>\n<main>\n"
        f"{inhoud_html(document)}\n</main>\n</body>\n</html>\n"
    )
