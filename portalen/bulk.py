"""Bulk acts on many cases: choose, look at a preview, confirm, read per case what happened.

The preview names what will probably be refused and why; the services decide. The result is kept in the session, so
that a reload shows it again without doing anything twice.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aanvragen.services.behandeling import MAXIMUM_BULK, Bulkregel, in_bulk
from kern.enums import Rol
from kern.fouten import DomeinFout, InvoerFout
from kern.models import Gebruiker
from portalen.formulieren.medewerker import Leegformulier, Medewerkerformulier
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen

_SESSIE = "bulkresultaat"


class Rij(Protocol):
    """What can be done in bulk: it has a key, a label, and a page."""

    pk: Any
    kenmerk: str


@dataclass(frozen=True)
class Bulkhandeling:
    """One bulk act. ``doe(rij, actor, verzoek, gegevens)`` does it; ``bezwaar(rij, actor)`` says why it will be
    refused, or nothing. ``per_rij(rij)`` is text that is added for each row, shown in the preview."""

    code: str
    naam: str | Promise
    knop: str | Promise
    uitleg: str | Promise
    rollen: frozenset[Rol]
    doe: Callable[[Any, Gebruiker, HttpRequest, dict[str, Any]], object]
    bezwaar: Callable[[Any, Gebruiker], str]
    formulier: type[Medewerkerformulier] = Leegformulier
    per_rij: Callable[[Any], str] = field(default=lambda rij: "")
    gevaarlijk: bool = False


@dataclass(frozen=True)
class Voorbeeldregel:
    rij: Any
    bezwaar: str
    extra: str


def mogelijk(handelingen: Iterable[Bulkhandeling], gebruiker: Gebruiker) -> list[Bulkhandeling]:
    """The acts that the roles of this person allow."""
    return [handeling for handeling in handelingen if gebruiker.rollen & handeling.rollen]


def gekozen_handeling(request: HttpRequest, handelingen: Sequence[Bulkhandeling]) -> Bulkhandeling:
    """The act in the request, if the person may do it; raises :class:`InvoerFout`."""
    for handeling in mogelijk(handelingen, gebruiker_van(request)):
        if handeling.code == request.POST.get("handeling"):
            return handeling
    raise InvoerFout(_("Kies wat u wilt doen."), actie=_("Ga terug en kies een handeling uit de lijst."))


def gekozen_sleutels(request: HttpRequest, naam: str = "gekozen") -> list[UUID]:
    """The ids that were ticked, or carried along by the preview; bounded, without doubles."""
    ruw = [deel for waarde in request.POST.getlist(naam) for deel in waarde.split()]
    if not ruw:
        raise InvoerFout(_("U hebt niets gekozen."), actie=_("Zet een vinkje bij wat u wilt doen."))
    if len(ruw) > MAXIMUM_BULK:
        raise te_veel(len(ruw))
    try:
        return list(dict.fromkeys(UUID(deel) for deel in ruw))
    except ValueError as fout:
        raise InvoerFout(_("De keuze is niet te lezen."), actie=_("Ga terug en kies opnieuw.")) from fout


def te_veel(aantal: int) -> InvoerFout:
    return InvoerFout(
        _("U koos %(aantal)d regels; het maximum is %(maximum)d.") % {"aantal": aantal, "maximum": MAXIMUM_BULK},
        actie=_("Kies er minder, bijvoorbeeld met een filter."),
    )


def bulk_afhandelen(
    request: HttpRequest,
    *,
    handeling: Bulkhandeling,
    rijen: Sequence[Any],
    terug: str,
    adres: Callable[[Any], str],
    wat: Callable[[int], str],
) -> HttpResponse:
    """Preview first; with ``bevestigd`` it is done, and the person is sent on to the result.

    ``adres`` gives the page of a row, ``wat`` counts rows in words, ``terug`` is where the person came from.
    """
    if not rijen:
        raise Http404
    actor, bevestigd = gebruiker_van(request), request.POST.get("bevestigd") == "ja"
    formulier = handeling.formulier(request.POST if bevestigd else None)
    if bevestigd and formulier.is_valid():
        gegevens = formulier.cleaned_data
        try:
            regels = in_bulk(aanvragen=rijen, handeling=lambda rij: handeling.doe(rij, actor, request, gegevens))
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            adressen = {rij.pk: adres(rij) for rij in rijen}
            return redirect(bewaar_resultaat(request, str(handeling.naam), adressen, regels, terug))
    regels_vooraf = [Voorbeeldregel(rij, handeling.bezwaar(rij, actor), handeling.per_rij(rij)) for rij in rijen]
    regels_vooraf.sort(key=lambda regel: not regel.bezwaar)
    geweigerd = sum(1 for regel in regels_vooraf if regel.bezwaar)
    context = {
        "handeling": handeling,
        "form": formulier,
        "regels": [(regel, adres(regel.rij)) for regel in regels_vooraf],
        "met_extra": any(regel.extra for regel in regels_vooraf),
        "aantal": len(rijen),
        "aantal_tekst": wat(len(rijen)),
        "aantal_goed": len(rijen) - geweigerd,
        "aantal_geweigerd": geweigerd,
        "sleutels": " ".join(str(rij.pk) for rij in rijen),
        "terug": terug,
        "voorbeeld_op": ontvangen(request).isoformat(),
    }
    return render(request, "portalen/medewerker/bulk_voorbeeld.html", context, status=400 if formulier.errors else 200)


def bewaar_resultaat(
    request: HttpRequest, naam: str, adressen: Mapping[Any, str], regels: list[Bulkregel], terug: str
) -> str:
    """Keeps the result of the last bulk act and gives the address of its page. ``adressen``: page per case."""
    sleutel = secrets.token_urlsafe(9)
    request.session[_SESSIE] = {
        "sleutel": sleutel,
        "naam": naam,
        "op": ontvangen(request).isoformat(),
        "terug": terug,
        "regels": [
            [adressen[regel.aanvraag], regel.kenmerk, regel.gelukt, regel.melding]
            for regel in sorted(regels, key=lambda regel: regel.gelukt)
        ],
    }
    return reverse("portalen:bulk_resultaat", args=[sleutel])


def _bewaard(request: HttpRequest, sleutel: str) -> dict[str, Any]:
    bewaard = request.session.get(_SESSIE)
    if not bewaard or bewaard["sleutel"] != sleutel:
        raise Http404
    return dict(bewaard)


def resultaat_csv(request: HttpRequest, sleutel: str) -> HttpResponse:
    """The same as a file: case, outcome, reason. Semicolons and a BOM, so that a spreadsheet opens it right."""
    bewaard = _bewaard(request, sleutel)
    buffer = io.StringIO()
    schrijver = csv.writer(buffer, delimiter=";")
    schrijver.writerow(["kenmerk", "handeling", "gelukt", "reden", "op"])
    for _url, kenmerk, gelukt, melding in bewaard["regels"]:
        rij = [kenmerk, bewaard["naam"], "ja" if gelukt else "nee", melding, bewaard["op"]]
        schrijver.writerow([veilige_cel(waarde) for waarde in rij])
    inhoud = ("\ufeff" + buffer.getvalue()).encode()
    antwoord = HttpResponse(inhoud, content_type="text/csv; charset=utf-8")
    antwoord["Content-Disposition"] = f'attachment; filename="resultaat-{sleutel}.csv"'
    return antwoord


def veilige_cel(tekst: str) -> str:
    """A text that a spreadsheet reads as text, never as a formula (H7)."""
    return f"'{tekst}" if tekst.lstrip()[:1] in {"=", "+", "-", "@"} else tekst


def resultaat(request: HttpRequest, sleutel: str) -> HttpResponse:
    """What a bulk act did, line by line. The last one of this session is kept."""
    bewaard = _bewaard(request, sleutel)
    regels = [
        {"url": url, "kenmerk": kenmerk, "gelukt": gelukt, "melding": melding}
        for url, kenmerk, gelukt, melding in bewaard["regels"]
    ]
    gelukt = sum(1 for regel in regels if regel["gelukt"])
    context = {
        "naam": bewaard["naam"],
        "sleutel": sleutel,
        "terug": bewaard["terug"],
        "regels": regels,
        "gelukt": gelukt,
        "geweigerd": len(regels) - gelukt,
    }
    return render(request, "portalen/medewerker/bulk_resultaat.html", context)


def zaken(aantal: int) -> str:
    """Cases in words."""
    return ngettext("%(n)d zaak", "%(n)d zaken", aantal) % {"n": aantal}
