"""Moments in Dutch words, for letters and messages."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format


def dag_in_woorden(dag: date) -> str:
    """'3 maart 2027'. Inside ``in_het_nederlands`` the month is Dutch whatever the reader's language."""
    return date_format(dag, "j F Y")


def moment_in_woorden(op: datetime) -> str:
    """'3 maart 2027 om 14:05:09 uur', Dutch time."""
    lokaal = timezone.localtime(op)
    return f"{date_format(lokaal, 'j F Y')} om {lokaal:%H:%M:%S} uur"
