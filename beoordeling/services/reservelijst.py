"""The end of a reserve list, on the day that was published."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from beoordeling.enums import Lotingstatus, Uitkomst
from beoordeling.models import Loting, Plaats
from beoordeling.selectors_behandelvolgorde import ONGETOETST_OP_RESERVE
from beoordeling.services.rangschikking import rangschikking_vergrendelen
from kern.services.overgang import overgang_toepassen, overgangen_toepassen, vergrendel
from regeling.enums import Herkomst


def reservelijsten_laten_vervallen(*, op: datetime) -> int:
    """Ends the reserve lists whose last day is over: who still waits is not selected, and nobody is called any more.
    Returns how many lists. Run by the worker; not for simulated rounds, whose dates are in the past."""
    vandaag, gedaan = timezone.localdate(op), 0
    lopend = Loting.objects.filter(status=Lotingstatus.LOPEND, dag=None).exclude(tijdvak__herkomst=Herkomst.SIMULATIE)
    for loting in lopend.select_related("tijdvak__regelingversie"):
        tot = loting.tijdvak.tijdvakspec.reservelijst_tot
        if tot is None or tot >= vandaag:
            continue
        with transaction.atomic():
            if rangschikking_vergrendelen(loting.tijdvak) is None:
                continue
            wacht = Q(status=Status.RESERVE) | ONGETOETST_OP_RESERVE
            wachtend = Aanvraag.objects.filter(wacht, tijdvak=loting.tijdvak)
            rijen = list(wachtend.order_by("plaats__rang"))
            overgangen_toepassen(rijen, "niet_selecteren", actor=None, op=op, reden="De reservelijst is vervallen.")
            Plaats.objects.filter(aanvraag__in=rijen).update(uitkomst=Uitkomst.AFGEWEZEN)
            overgang_toepassen(vergrendel(loting), "sluiten", actor=None, op=op, vergrendeld=True)
        gedaan += 1
    return gedaan
