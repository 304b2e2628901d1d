"""What the views of applicants share: whose application it is, where to go on to, safe downloads."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme

from aanvragen.models import Aanvraag, Organisatie
from aanvragen.selectors import aanvragen_zichtbaar_voor, organisaties_van
from kern.enums import Scanuitslag
from kern.fouten import DomeinFout
from kern.models import Bestand
from portalen.toegang import gebruiker_van


def eigen_aanvraag(request: HttpRequest, pk: UUID) -> Aanvraag:
    """An application of an organisation that the person acts for.

    403 for staff who may read the case (they have their own screens), 404 for everybody else.
    """
    gebruiker = gebruiker_van(request)
    eigen = Aanvraag.objects.filter(organisatie__in=organisaties_van(gebruiker), pk=pk)
    aanvraag = eigen.select_related(
        "tijdvak__regelingversie__regeling", "organisatie", "adviseur__bureau", "voucher", "declaratie",
        "plaats__rangschikking",
    ).first()  # fmt: skip
    if aanvraag is not None:
        return aanvraag
    if aanvragen_zichtbaar_voor(gebruiker).filter(pk=pk).exists():
        raise PermissionDenied
    raise Http404


def eigen_organisatie(request: HttpRequest, pk: UUID) -> Organisatie:
    return get_object_or_404(organisaties_van(gebruiker_van(request)), pk=pk)


def volgende_adres(request: HttpRequest) -> str:
    """Address to go on to after this page, when it is one of ours; else empty."""
    adres = str(request.POST.get("volgende") or request.GET.get("volgende") or "")
    eigen = url_has_allowed_host_and_scheme(
        adres, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return adres if eigen and adres.startswith("/") else ""


def fout_in_formulier(formulier: BaseForm, fout: DomeinFout) -> None:
    """Shows a refusal at the field that it is about, else above the form."""
    formulier.add_error(fout.veld if fout.veld in formulier.fields else None, str(fout))


def veilig(antwoord: HttpResponse | FileResponse, naam: str) -> HttpResponse | FileResponse:
    """Headers for something that is to be saved, not shown: no sniffing, no scripts, not kept by proxies."""
    antwoord["Content-Disposition"] = content_disposition_header(True, naam) or "attachment"
    antwoord["X-Content-Type-Options"] = "nosniff"
    antwoord["Content-Security-Policy"] = "default-src 'none'; sandbox"
    antwoord["Cache-Control"] = "private, no-store"
    return antwoord


def bestand_antwoord(bestand: Bestand) -> HttpResponse | FileResponse:
    """A stored file as a download; an infected one does not leave the system."""
    if bestand.scan == Scanuitslag.BESMET:
        raise Http404
    try:
        inhoud = bestand.inhoud.open("rb")
    except FileNotFoundError:
        raise Http404
    return veilig(FileResponse(inhoud, content_type=bestand.mime), bestand.naam)
