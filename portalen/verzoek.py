"""What the middleware stamped on a request, typed."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest


def ontvangen(request: HttpRequest) -> datetime:
    """The moment (aware) at which the server got the request; every service call of a view uses it as ``op``."""
    op: datetime = request.ontvangen_op  # type: ignore[attr-defined]
    return op
