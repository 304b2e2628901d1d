"""Who did what with an application, for the applicant's own people.

From the trail, but not all of it: what the body does is shown only where the applicant knows of it, and without the
names of its staff. A selection, a judgement or a proposal stays inside until there is a decision.
"""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from aanvragen.models import Aanvraag, Machtiging
from kern.models import LogRegel
from portalen.spoortekst import Gebeurtenis, gebeurtenis
from portalen.zaakstand import ketens

#: Acts of the applicant's side: always shown, with the name.
EIGEN = {
    ("aanvraag", "aanvraag_beginnen"),
    ("aanvraag", "stap_bewaren"),
    ("aanvraag", "indienen"),
    ("aanvraag", "aanvullen"),
    ("aanvraag", "intrekken"),
    ("aanvraag", "aanvraag_overdragen"),
    ("voucher", "opdragen"),
    ("declaratie", "declaratie_beginnen"),
    ("declaratie", "kostenregel_toevoegen"),
    ("declaratie", "kostenregel_verwijderen"),
    ("declaratie", "indienen"),
    ("declaratie", "aanvullen"),
}
#: Acts of the body that the applicant is told about; shown without a name or reason.
BEKEND = {
    ("aanvraag", "verlopen"),
    ("aanvraag", "in_behandeling_nemen"),
    ("aanvraag", "aanvulling_vragen"),
    ("aanvraag", "buiten_behandeling_stellen"),
    ("aanvraag", "verlenen"),
    ("aanvraag", "afwijzen"),
    ("aanvraag", "uitvoering_beginnen"),
    ("aanvraag", "vaststellen"),
    ("aanvraag", "besluit_intrekken"),
    ("besluit", "verzenden"),
    ("voucher", "uitgeven"),
    ("voucher", "verlopen"),
    ("declaratie", "aanvulling_vragen"),
}


def geschiedenis_van(aanvraag: Aanvraag) -> list[Gebeurtenis]:
    """Newest first."""
    regels = LogRegel.objects.filter(keten__in=ketens(aanvraag)).select_related("actor").order_by("-op", "-id")
    machtigingen = Machtiging.objects.filter(organisatie=aanvraag.organisatie_id)
    eigen_mensen = set(machtigingen.values_list("gebruiker", flat=True))
    uit = []
    for regel in regels:
        soort = (regel.keten.partition(":")[0], regel.handeling)
        van_ons = regel.actor_id in eigen_mensen
        if soort in BEKEND or soort in EIGEN:
            uit.append(_regel(regel, van_ons, aanvraag))
    return uit


def _regel(regel: LogRegel, van_ons: bool, aanvraag: Aanvraag) -> Gebeurtenis:
    gevonden = gebeurtenis(regel)
    if van_ons:
        return gevonden
    wie = aanvraag.tijdvak.spec.regeling.uitvoerder if regel.actor_id else _("Stimulans")
    return replace(gevonden, wie=wie, reden="")
