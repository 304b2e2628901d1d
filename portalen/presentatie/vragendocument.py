"""All questions of a round as a tagged PDF, to read and discuss on paper before anybody logs in (R45)."""

from __future__ import annotations

from functools import lru_cache

from kern.document.model import Afzender, Alinea, Blok, Document, Kop, Lijst, Samenvatting, Tabel, Tekst, Tekstdeel, vet
from kern.document.pdf import naar_pdf
from kern.taal import in_het_nederlands
from portalen.presentatie.regelingtekst import bijlage_eisen, klaarleggen
from portalen.presentatie.vragenlijst import Vraag, vragenlijst
from portalen.templatetags.stimulans import datumtijd
from regeling.models import Tijdvak
from regeling.schema import Regelingspec

#: From this many choices on a question says "a list" instead of naming them.
LANGE_LIJST = 15


@in_het_nederlands
def vragendocument(tijdvak: Tijdvak) -> Document:
    """The same questions as on the page, from the same source."""
    spec = tijdvak.spec
    blokken: list[Blok] = [
        Alinea("U kunt deze vragen lezen en bespreken voordat u aanvraagt. U vult het formulier in op de site."),
        Samenvatting(
            (
                ("Regeling", spec.regeling.naam),
                ("Tijdvak", tijdvak.naam),
                ("Open", f"{datumtijd(tijdvak.open_op)} (Nederlandse tijd)"),
                ("Sluit", f"{datumtijd(tijdvak.sluit_op)} (Nederlandse tijd)"),
                ("Versie van de regeling", tijdvak.regelingversie.versie),
            )
        ),
        Kop("Wat u klaarlegt", 1),
        Lijst(tuple(klaarleggen(spec))),
    ]
    blokken += _definitie(spec)
    for nr, deel in enumerate(vragenlijst(spec), 1):
        blokken.append(Kop(f"{nr}. {deel.stap.naam}", 1))
        if deel.inleiding:
            blokken.append(Alinea(deel.inleiding))
        if deel.stap.sleutel == "bijlagen":
            blokken.append(_bijlagen(spec))
        else:
            blokken.append(Lijst(tuple(_vraag(vraag) for vraag in deel.vragen)))
    return Document(
        titel="Alle vragen van het formulier",
        afzender=Afzender(naam=spec.regeling.uitvoerder),
        datum=tijdvak.regelingversie.geladen_op.date(),
        betreft=f"{spec.regeling.naam}, {tijdvak.naam}",
        blokken=tuple(blokken),
    )


def vragen_pdf(tijdvak: Tijdvak) -> bytes:
    """The PDF. Made once per process for each text of the questions: the same document gives the same bytes."""
    return _pdf(vragendocument(tijdvak))


@lru_cache(maxsize=32)
def _pdf(document: Document) -> bytes:
    return naar_pdf(document)


def _vraag(vraag: Vraag) -> Tekst:
    delen: list[str | Tekstdeel] = [vet(vraag.tekst)]
    if not vraag.nodig and "(niet verplicht)" not in vraag.tekst:
        delen.append(" (niet verplicht)")
    if vraag.uitleg:
        delen.append(f"\n{vraag.uitleg}")
    if 0 < len(vraag.keuzes) < LANGE_LIJST:
        delen.append("\n".join(["", f"{vraag.antwoord}:", *(f"• {keuze}" for keuze in vraag.keuzes)]))
    elif vraag.keuzes:
        delen.append(f"\n{vraag.antwoord} uit een lijst.")
    elif vraag.antwoord:
        delen.append(f"\nAntwoord: {vraag.antwoord.lower()}.")
    return tuple(delen)


def _definitie(spec: Regelingspec) -> list[Blok]:
    if spec.definitie is None:
        return []
    waarden = tuple((vet(f"{w.naam}. "), w.uitleg) for w in spec.definitie.kernwaarden)
    return [Kop("Waar wij naar kijken", 1), Alinea(spec.definitie.tekst), Lijst(waarden)]


def _bijlagen(spec: Regelingspec) -> Tabel:
    return Tabel(
        koppen=("Document", "Nodig", "Soort en grootte", "Toelichting"),
        rijen=tuple(
            (b.naam, "ja" if b.verplicht else "nee", bijlage_eisen(b), " ".join((b.uitleg or "").split()) or "geen")
            for b in spec.bijlagen
            if b.bij == "aanvraag"
        ),
        rijkop=True,
    )
