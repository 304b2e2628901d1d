"""The minutes of a meeting as a document, made once at closing: who was there, per application who left the room, the
count, the votes and the outcome."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from beoordeling.models import Agendapunt, Vergadering
from beoordeling.selectors_commissie import maatstaf_van
from kern.document import Afzender, Alinea, Blok, Document, Kop, Lijst, Samenvatting, Tabel, naar_html, naar_pdf
from kern.models import Bestand, Gebruiker
from kern.momenten import dag_in_woorden, moment_in_woorden
from kern.services.bestanden import document_opslaan
from kern.taal import in_het_nederlands


@in_het_nederlands
def notulen_document(vergadering: Vergadering, *, op: datetime, alleen: set[object] | None = None) -> Document:
    """``alleen``: keys of the applications that the reader may see; ``None`` is all. ``op``: the moment of closing."""
    tijdvak = vergadering.commissie.tijdvak
    aanwezig = [f"{rij.lid} ({rij.lid.get_rol_display().lower()})" for rij in vergadering.aanwezigen.all()]
    blokken: list[Blok] = [
        Samenvatting(
            (
                ("Commissie", vergadering.commissie.naam),
                ("Tijdvak", tijdvak.naam),
                ("Plaats", vergadering.plaats),
                ("Geopend", moment_in_woorden(vergadering.geopend_op) if vergadering.geopend_op else ""),
                ("Gesloten", moment_in_woorden(op)),
            )
        ),
        Kop("Aanwezig", 1),
        Lijst(tuple(aanwezig)),
    ]
    punten = vergadering.agenda.select_related("aanvraag__organisatie").order_by("volgorde")
    for punt in punten:
        if alleen is None or punt.aanvraag_id in alleen:
            blokken += _punt(punt)
    return Document(
        titel=f"Notulen van vergadering {vergadering.nummer}",
        afzender=Afzender(naam=tijdvak.spec.regeling.uitvoerder, onderdeel=vergadering.commissie.naam),
        datum=timezone.localdate(op),
        kenmerk=f"{tijdvak.sleutel}-vergadering-{vergadering.nummer}",
        betreft=f"Vergadering van {dag_in_woorden(timezone.localdate(vergadering.gepland_op))}",
        blokken=tuple(blokken),
    )


def _punt(punt: Agendapunt) -> list[Blok]:
    """One application: recusals, count, votes, outcome."""
    maatstaf = maatstaf_van(punt.aanvraag.tijdvak)
    weg = [f"{rij.lid}: {rij.reden}" for rij in punt.verschoningen.select_related("lid__gebruiker")]
    blokken: list[Blok] = [Kop(f"{punt.aanvraag.kenmerk}: {punt.aanvraag.organisatie.naam}", 1)]
    if weg:
        blokken += [Alinea("Deze leden waren niet in de kamer en stemden niet mee:"), Lijst(tuple(weg))]
    if punt.gesloten_op is None:
        return [*blokken, Alinea("Dit punt is niet behandeld. Het komt terug in een volgende vergadering.")]
    telling = punt.quorum
    blokken.append(
        Alinea(
            f"Er zijn {telling['stemgerechtigd']} leden die mogen stemmen. {telling['verschoond']} deden niet mee. "
            f"Nodig waren {telling['nodig']} leden; {telling['gestemd']} leden stemden."
        )
    )
    rijen = [
        (str(stem.lid), *(str(score) for score in maatstaf.rij(stem.scores)), _getal(stem.totaal))
        for stem in punt.stemmen.select_related("lid__gebruiker").order_by("lid__gebruiker__naam", "pk")
    ]
    rechts = tuple("rechts" for _ in range(len(maatstaf.codes) + 1))
    blokken += [
        Tabel(
            koppen=("Lid", *maatstaf.namen, "Totaal"),
            rijen=tuple(rijen),
            uitlijning=("links", *rechts),  # type: ignore[arg-type]  # a tuple of as many as there are members
            bijschrift=f"Stemmen over {punt.aanvraag.kenmerk}",
            rijkop=True,
        ),
        Alinea(f"De eindscore is de middelste stem: {_getal(punt.totaal)}."),
        Alinea(punt.verslag),
    ]
    return blokken


def _getal(waarde: object) -> str:
    return str(waarde).replace(".", ",")


def notulen_opslaan(vergadering: Vergadering, *, actor: Gebruiker | None, op: datetime) -> tuple[Bestand, Bestand]:
    """The stored minutes: HTML and PDF from one source."""
    document = notulen_document(vergadering, op=op)
    naam = f"notulen-{document.kenmerk}"
    html = document_opslaan(
        inhoud=naar_html(document).encode(), naam=f"{naam}.html", mime="text/html", op=op, actor=actor
    )
    pdf = document_opslaan(inhoud=naar_pdf(document), naam=f"{naam}.pdf", mime="application/pdf", op=op, actor=actor)
    return html, pdf
