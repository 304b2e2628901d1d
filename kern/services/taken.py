"""The queue of background tasks: rescue of what a killed worker left behind."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger(__name__)

#: A task that runs longer than this has lost its worker: our tasks take seconds, the longest a minute or two.
STIL = timedelta(minutes=10)


def taken_redden(*, op: datetime) -> int:
    """Puts tasks that stand RUNNING too long back in the queue; all our tasks are harmless to repeat."""
    with transaction.atomic():
        verweesd = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=op - STIL)
        aantal = verweesd.update(status=TaskResultStatus.READY, started_at=None)
    if aantal:
        logger.warning("%s taken van een gestopte werker opnieuw in de wachtrij gezet", aantal)
    return aantal
