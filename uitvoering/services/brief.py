"""The letter of a decision: HTML at once, PDF/A in the background or at the first request."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from aanvragen.enums import Correspondentie
from aanvragen.services.postbus import bericht_aan_lid, bericht_plaatsen
from kern.document.html import naar_html
from kern.document.json import naar_json, uit_json
from kern.document.pdf import naar_pdf
from kern.fouten import OvergangFout
from kern.models import Bestand
from kern.momenten import dag_in_woorden
from kern.services.bestanden import document_opslaan
from kern.services.overgang import vergrendel
from kern.taal import in_het_nederlands
from uitvoering.brieven import KOP, besluitbrief
from uitvoering.enums import Besluitsoort
from uitvoering.models import Besluit


@in_het_nederlands
def brief_maken(besluit: Besluit, op: datetime) -> None:
    """Stores the letter (HTML), tells the applicant that it is there, and has the PDF made in the background."""
    if besluit.bezwaar_tot is None:
        raise OvergangFout("Dit besluit is nog niet verzonden.")
    document = besluitbrief(besluit, verzonden=timezone.localtime(op).date(), bezwaar_tot=besluit.bezwaar_tot)
    besluit.brief_html = document_opslaan(
        inhoud=naar_html(document).encode(), naam=f"besluit-{besluit.aanvraag.kenmerk}.html", mime="text/html", op=op
    )
    besluit.brief_document = naar_json(document)
    besluit.save(update_fields=["brief_html", "brief_document"])
    besluit_id = str(besluit.pk)
    transaction.on_commit(lambda: brief_pdf_maken.enqueue(besluit_id))
    per_post = besluit.aanvraag.correspondentie == Correspondentie.POST
    velden = {"besluit": KOP[Besluitsoort(besluit.soort)], "bezwaar_tot": dag_in_woorden(besluit.bezwaar_tot)}
    bericht_plaatsen(
        aanvraag=besluit.aanvraag,
        code="besluit",
        sleutel=f"besluit-{besluit.pk}",
        op=op,
        actor=besluit.verzonden_door,
        velden=velden,
        bestand=brief_pdf(besluit=besluit) if per_post else besluit.brief_html,
    )
    if besluit.deelnemer is not None:
        bericht_aan_lid(
            deelnemer=besluit.deelnemer,
            code="lid_besluit",
            sleutel=f"lidbesluit-{besluit.pk}",
            op=op,
            actor=besluit.verzonden_door,
            velden=velden,
            bestand=besluit.brief_html,
        )


@task()
def brief_pdf_maken(besluit_id: str) -> str:
    """Background work: the PDF of a letter that was sent; harmless to repeat. Returns its SHA-256."""
    return brief_pdf(besluit=Besluit.objects.get(pk=besluit_id)).sha256


@in_het_nederlands
def brief_pdf(*, besluit: Besluit) -> Bestand:
    """The letter as PDF/A, made once and kept; the same decision gives the same bytes."""
    with transaction.atomic():
        besluit = vergrendel(besluit)
        if besluit.brief_pdf is not None:
            return besluit.brief_pdf
        if besluit.verzonden_op is None or not besluit.brief_document:
            raise OvergangFout(
                "Dit besluit is nog niet verzonden.", actie="De brief is er zodra het besluit is verzonden."
            )
        besluit.brief_pdf = document_opslaan(
            inhoud=naar_pdf(uit_json(besluit.brief_document)),
            naam=f"besluit-{besluit.aanvraag.kenmerk}.pdf",
            mime="application/pdf",
            op=besluit.verzonden_op,
        )
        besluit.save(update_fields=["brief_pdf"])
    return besluit.brief_pdf
