"""Reading pages in tests."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.utils.html import strip_tags

_BLOKKEN = re.compile(r"<(/?(?:p|dt|dd|li|h[1-6]|td|th|br|div|label|legend|option|button)\b)")


def tekst(antwoord: Any) -> str:
    """The text of the main part of a page, white space as one space."""
    hoofd = antwoord.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", unescape(strip_tags(_BLOKKEN.sub(r" <\1", "<main" + hoofd)))).strip()


def meldingen(antwoord: Any) -> list[str]:
    """The messages on a page."""
    return [str(bericht) for bericht in antwoord.context["messages"]]


def fouten(formulier: Any) -> dict[str, list[str]]:
    """The errors of a form by field."""
    return {naam: [str(fout) for fout in lijst] for naam, lijst in formulier.errors.items()}


def bytes_van(antwoord: Any) -> bytes:
    """The bytes of a download; the test client closes the file after the last one."""
    return b"".join(antwoord.streaming_content)
