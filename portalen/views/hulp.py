"""What the views of applicants share: whose application it is, where to go on to, safe downloads."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from aanvragen.enums import Bron, Machtigingbereik
from aanvragen.models import Aanvraag, Organisatie
from aanvragen.rules import eis_recht
from aanvragen.selectors import aanvragen_zichtbaar_voor, eigen_aanvragen, organisaties_van, papier_in_invoer
from kern.enums import Scanuitslag
from kern.fouten import DomeinFout, OvergangFout, RechtenFout
from kern.models import Bestand
from portalen.toegang import gebruiker_van


def eigen_aanvraag(request: HttpRequest, pk: UUID, *, recht: str | None = None) -> Aanvraag:
    """An application that a mandate of the person covers, or one on paper that this officer is typing.

    Without ``recht``: reading for a safe method, filling in (``aanvragen.wijzigen``) for any other, so that a new view
    is not open by accident. A view of a formal act asks for ``aanvragen.indienen``.
    404 for who may not know of the case; 403 for who may read but not do this, and for staff (own screens).
    """
    gebruiker = gebruiker_van(request)
    zichtbaar = Q(pk__in=eigen_aanvragen(gebruiker).values("pk")) | Q(pk__in=papier_in_invoer(gebruiker).values("pk"))
    eigen = Aanvraag.objects.filter(zichtbaar, pk=pk)
    rijen = eigen.select_related(
        "tijdvak__regelingversie__regeling", "organisatie", "adviseur__bureau", "voucher", "plaats__rangschikking",
        "verantwoordelijke",
    )  # fmt: skip
    aanvraag = rijen.prefetch_related("declaraties").first()
    if aanvraag is None:
        if aanvragen_zichtbaar_voor(gebruiker).filter(pk=pk).exists():
            raise PermissionDenied
        raise Http404
    nodig = recht or (None if request.method in {"GET", "HEAD"} else "aanvragen.wijzigen")
    if nodig is not None:
        eis_recht(gebruiker, nodig, aanvraag)
    return aanvraag


def peilmoment(aanvraag: Aanvraag, nu: datetime) -> datetime:
    """The moment that decides whether a draft can still be sent: now, or the stamp on a letter that is being typed."""
    return (aanvraag.ingediend_op if aanvraag.bron == Bron.PAPIER else None) or nu


def formeel(request: HttpRequest) -> str | None:
    """The right for a page that shows a form to who may read, and does a formal act (signing, withdrawing) on POST."""
    return None if request.method in {"GET", "HEAD"} else "aanvragen.indienen"


def eigen_organisatie(request: HttpRequest, pk: UUID, *, minstens: Machtigingbereik | None = None) -> Organisatie:
    """An organisation that the person acts for; changing it asks for a mandate to fill in. 404 or 403 as above."""
    gebruiker = gebruiker_van(request)
    organisatie = get_object_or_404(organisaties_van(gebruiker), pk=pk)
    nodig = minstens or (Machtigingbereik.LEZEN if request.method in {"GET", "HEAD"} else Machtigingbereik.INVULLEN)
    if not organisaties_van(gebruiker, nodig).filter(pk=pk).exists():
        raise RechtenFout(
            _("Uw machtiging is hiervoor niet ruim genoeg."),
            actie=_("Vraag een beheerder van uw organisatie om dit te doen of om uw machtiging te verruimen."),
            code="machtiging-te-beperkt",
        )
    return organisatie


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


def eis_gescand(bestand: Bestand) -> None:
    """Raises :class:`OvergangFout` for a file that waits for the virus scanner."""
    if bestand.scan == Scanuitslag.WACHT:
        raise OvergangFout(
            _("Wij controleren “%(naam)s” nog op virussen. U kunt het nog niet openen.") % {"naam": bestand.naam},
            actie=_("Probeer het over een paar minuten opnieuw."),
            code="bestand-wacht-op-scan",
        )


def veilig(antwoord: HttpResponse | FileResponse, naam: str) -> HttpResponse | FileResponse:
    """Headers for something that is to be saved, not shown: no sniffing, no scripts, not kept by proxies."""
    antwoord["Content-Disposition"] = content_disposition_header(True, naam) or "attachment"
    antwoord["X-Content-Type-Options"] = "nosniff"
    antwoord["Content-Security-Policy"] = "default-src 'none'; sandbox"
    antwoord["Cache-Control"] = "private, no-store"
    return antwoord


def bestand_antwoord(bestand: Bestand) -> HttpResponse | FileResponse:
    """A stored file as a download; an infected one, or one that still has to be scanned, does not leave the system."""
    if bestand.scan == Scanuitslag.BESMET:
        raise Http404
    eis_gescand(bestand)
    try:
        inhoud = bestand.inhoud.open("rb")
    except FileNotFoundError:
        raise Http404
    return veilig(FileResponse(inhoud, content_type=bestand.mime), bestand.naam)
