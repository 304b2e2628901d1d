"""What was typed and not saved with its page: which pages, whose, and the text itself, to be read and copied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from aanvragen.klad import Klad
from aanvragen.models import Aanvraag
from portalen.formulieren.begroting import Begroting, heeft_klad, opgeslagen_regels
from portalen.formulieren.concept import Stapformulier
from portalen.formulieren.klad import kladtekst, niet_bewaard
from portalen.formulieren.steun import opgeslagen_steun, uit_klad
from portalen.presentatie.stappen import Stap, stap_url, stappen_van
from portalen.presentatie.vragenlijst import FORMULIEREN


@dataclass(frozen=True)
class Kladdeel:
    """One person's unsaved text on one page. ``eigen``: of the reader; ``regels``: (question, text)."""

    stap: Stap
    url: str
    wie: str
    eigen: bool
    op: datetime | None
    regels: tuple[tuple[str, str], ...]


def kladdelen(aanvraag: Aanvraag, klad: Iterable[Klad], lezer: Any) -> list[Kladdeel]:
    """The parts in which something differs from what is stored, in the order of the form."""
    per_stap: dict[str, list[Klad]] = {}
    for deel in klad:
        per_stap.setdefault(deel.stap, []).append(deel)
    uit = []
    for stap in stappen_van(aanvraag.tijdvak.spec):
        for deel in per_stap.get(stap.sleutel, []):
            regels = kladregels(aanvraag, deel)
            if regels:
                eigen = deel.door == lezer
                url = stap_url(aanvraag, stap.sleutel)
                uit.append(Kladdeel(stap, url, str(deel.door or ""), eigen, deel.op, tuple(regels)))
    return uit


def kladregels(aanvraag: Aanvraag, klad: Klad) -> list[tuple[str, str]]:
    """(question, typed text) for what differs from what is stored."""
    spec = aanvraag.tijdvak.spec
    if klad.stap == "begroting":
        opgeslagen = opgeslagen_regels(aanvraag)
        rijen = Begroting(spec, opgeslagen, klad=klad)
        return _rijen(rijen, _("Kosten, regel %(n)d")) if heeft_klad(spec, opgeslagen, klad) else []
    if klad.stap == "steun":
        aangifte = uit_klad(spec, opgeslagen_steun(aanvraag), klad)
        return _rijen(aangifte, _("Eerdere steun, regel %(n)d")) if aangifte is not None else []
    klasse = FORMULIEREN.get(klad.stap)
    if klasse is None:
        return []
    formulier = klasse(spec, initial=klasse.begin(aanvraag))
    return [
        (str(formulier.fields[naam].label), kladtekst(formulier.fields[naam], ruw))
        for naam, ruw in niet_bewaard(formulier, klad.velden).items()
    ]


def _rijen(rijen: Iterable[Stapformulier], naam: str) -> list[tuple[str, str]]:
    uit = []
    for nr, rij in enumerate(rijen, 1):
        delen = [f"{veld.label}: {veld.value()}" for veld in rij if str(veld.value() or "").strip()]
        if delen:
            uit.append((naam % {"n": nr}, ", ".join(delen)))
    return uit


def uit_verzoek(stap: str, data: Mapping[str, Any]) -> Klad:
    """A posted page as unsaved text, for a page that could not be saved."""
    waarden = data.lists() if hasattr(data, "lists") else ((naam, [waarde]) for naam, waarde in data.items())
    return Klad(stap, None, {naam: [str(deel).replace("\x00", "") for deel in lijst] for naam, lijst in waarden})
