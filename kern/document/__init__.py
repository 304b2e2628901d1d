"""One neutral document model, rendered to HTML and to PDF from the same source.

Used for receipts (a copy of everything entered, R45), decision letters and lottery deeds. Free of Django and pure:
the same document always gives the same text and the same bytes.
"""

from __future__ import annotations

from kern.document.html import blokken_html, inhoud_html, naar_html
from kern.document.model import (
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
    Tekst,
    Tekstdeel,
    code,
    verwijzing,
    vet,
)
from kern.document.pdf import naar_pdf

__all__ = [
    "Afzender",
    "Alinea",
    "Blok",
    "Document",
    "Kader",
    "Kop",
    "Lijst",
    "Ondertekening",
    "Paginaeinde",
    "Samenvatting",
    "Tabel",
    "Tekst",
    "Tekstdeel",
    "blokken_html",
    "code",
    "inhoud_html",
    "naar_html",
    "naar_pdf",
    "verwijzing",
    "vet",
]
