"""The daily mail to staff: what there is to do, per role; for who asked for it, and only when there is something."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from aanvragen.enums import OPEN_VOOR_BEHANDELING, Bron, Referentiestatus, Status
from aanvragen.models import Aanvraag, Aanvulling, Postbusbericht, Referentie
from aanvragen.selectors import afgeschermd_voor
from kern.enums import Berichtsoort, Berichtstatus, Rol
from kern.models import Bericht, Gebruiker, Roltoekenning
from kern.momenten import dag_in_woorden
from kern.services.berichten import berichten_klaarzetten
from kern.services.voorkeuren import wil_email
from kern.taal import in_het_nederlands

#: The mail goes out from this hour on (Dutch time).
VANAF_UUR = 6
#: Decisions due within so many days are named.
DAGEN = 7
#: Numbers named per part; the rest is counted.
GENOEMD = 10


def _open_zaken(gebruiker: Gebruiker) -> QuerySet[Aanvraag]:
    """Cases of this person, or of nobody."""
    rijen = Aanvraag.objects.filter(Q(behandelaar=gebruiker) | Q(behandelaar=None)).exclude(bron=Bron.IMPORT)
    return rijen.exclude(afgeschermd_voor(gebruiker))


def _nieuw(gebruiker: Gebruiker, dag: date) -> Iterable[str]:
    return _kenmerken(_open_zaken(gebruiker).filter(status=Status.INGEDIEND))


def _termijnen(gebruiker: Gebruiker, dag: date) -> Iterable[str]:
    staten = (OPEN_VOOR_BEHANDELING - {Status.AANVULLING_GEVRAAGD}) | {
        Status.COMPLEET,
        Status.GESELECTEERD,
        Status.NIET_GESELECTEERD,
    }
    return _kenmerken(
        _open_zaken(gebruiker).filter(status__in=staten, beslissen_uiterlijk_op__lte=dag + timedelta(days=DAGEN))
    )


def _verlopen(gebruiker: Gebruiker, dag: date) -> Iterable[str]:
    rijen = Aanvulling.objects.filter(
        aanvraag__status=Status.AANVULLING_GEVRAAGD,
        aanvraag__in=_open_zaken(gebruiker),
        beantwoord_op=None,
        termijn_tot__lt=dag,
    )
    return rijen.order_by("termijn_tot", "pk").values_list("aanvraag__kenmerk", flat=True)


def _referenties(gebruiker: Gebruiker, dag: date) -> Iterable[str]:
    rijen = Referentie.objects.filter(status=Referentiestatus.IN_CONTROLE, aanvraag__in=_open_zaken(gebruiker))
    return rijen.order_by("aanvraag__kenmerk").values_list("aanvraag__kenmerk", flat=True).distinct()


def _post(gebruiker: Gebruiker, dag: date) -> Iterable[str]:
    rijen = Postbusbericht.objects.filter(per_post=True, gepost_op=None, aanvraag__in=_open_zaken(gebruiker))
    return rijen.order_by("aanvraag__kenmerk").values_list("aanvraag__kenmerk", flat=True).distinct()


def _onbesteld(gebruiker: Gebruiker, dag: date) -> Iterable[str]:
    aantal = Bericht.objects.filter(status__in=[Berichtstatus.MISLUKT, Berichtstatus.ONBESTELBAAR]).count()
    return [f"{aantal} e-mails"] if aantal else []


def _te_tekenen(gebruiker: Gebruiker, dag: date) -> Iterable[str]:
    rijen = Aanvraag.objects.filter(besluiten__status="voorgesteld").exclude(
        besluiten__voorgesteld_door=gebruiker, besluiten__status="voorgesteld"
    )
    return _kenmerken(rijen.exclude(afgeschermd_voor(gebruiker)))


def _kenmerken(rijen: QuerySet[Aanvraag]) -> Iterable[str]:
    return rijen.order_by("beslissen_uiterlijk_op", "kenmerk").values_list("kenmerk", flat=True)


Onderdeel = tuple[str, frozenset[Rol], Callable[[Gebruiker, date], Iterable[str]]]
ONDERDELEN: tuple[Onderdeel, ...] = (
    ("Nieuwe zaken", frozenset({Rol.BEHANDELAAR}), _nieuw),
    (f"Besluit nodig binnen {DAGEN} dagen, of te laat", frozenset({Rol.BEHANDELAAR}), _termijnen),
    ("Termijn om aan te vullen voorbij", frozenset({Rol.BEHANDELAAR}), _verlopen),
    ("Referenties om te controleren", frozenset({Rol.BEHANDELAAR}), _referenties),
    ("Berichten die op de post moeten", frozenset({Rol.BEHANDELAAR}), _post),
    ("Besluiten om te ondertekenen", frozenset({Rol.BESLISSER}), _te_tekenen),
    ("E-mails die niet aankwamen", frozenset({Rol.BEHEERDER}), _onbesteld),
)


def overzicht_van(gebruiker: Gebruiker, dag: date) -> list[tuple[str, list[str]]]:
    """(heading, receipt numbers) of what this person has to do; parts without anything are left out."""
    delen = [(naam, list(wat(gebruiker, dag))) for naam, rollen, wat in ONDERDELEN if gebruiker.rollen & rollen]
    return [(naam, regels) for naam, regels in delen if regels]


@in_het_nederlands
def dagoverzicht_maken(*, op: datetime, dag: date | None = None) -> int:
    """Puts the mails of one day (default: today) in the outbox; once per person and day. Returns how many are new."""
    dag = dag or timezone.localdate(op)
    met_rol = Roltoekenning.objects.filter(ingetrokken_op=None).values_list("gebruiker", flat=True)
    mensen = Gebruiker.objects.filter(is_active=True, pk__in=met_rol)
    willen = wil_email(mensen.values_list("pk", flat=True), Berichtsoort.DAGOVERZICHT)
    gemaakt = set(
        Bericht.objects.filter(sleutel__in=[_sleutel(pk, dag) for pk in willen]).values_list("sleutel", flat=True)
    )
    berichten = []
    for gebruiker in Gebruiker.objects.filter(pk__in=willen).order_by("pk"):
        delen = overzicht_van(gebruiker, dag) if _sleutel(gebruiker.pk, dag) not in gemaakt else []
        if delen:
            berichten.append(_bericht(gebruiker, dag, delen, op))
    berichten_klaarzetten(berichten)
    return len(berichten)


def dagoverzicht_versturen(*, op: datetime) -> int:
    """The same by the clock: not before six in the morning. Run by the worker."""
    return dagoverzicht_maken(op=op) if timezone.localtime(op).hour >= VANAF_UUR else 0


def _sleutel(gebruiker: int, dag: date) -> str:
    return f"dagoverzicht-{gebruiker}-{dag.isoformat()}"


def _bericht(gebruiker: Gebruiker, dag: date, delen: list[tuple[str, list[str]]], op: datetime) -> Bericht:
    regels = [f"Overzicht van {dag_in_woorden(dag)}.", ""]
    for naam, kenmerken in delen:
        regels.append(f"{naam}: {len(kenmerken)}")
        regels += [f"- {kenmerk}" for kenmerk in kenmerken[:GENOEMD]]
        if len(kenmerken) > GENOEMD:
            regels.append(f"- en nog {len(kenmerken) - GENOEMD}")
        regels.append("")
    regels.append("Wilt u deze e-mail niet meer? Kies dat in Stimulans bij “Hoe krijgt u bericht?”.")
    return Bericht(
        sleutel=_sleutel(gebruiker.pk, dag),
        soort=Berichtsoort.DAGOVERZICHT,
        aan=gebruiker.email,
        onderwerp=f"Stimulans: wat er te doen is op {dag_in_woorden(dag)}",
        tekst="\n".join(regels) + "\n",
        aangemaakt_op=op,
        volgende_poging_op=op,
    )
