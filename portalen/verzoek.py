"""What the middleware stamped on a request, typed."""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def ontvangen(request: HttpRequest) -> datetime:
    """The moment (aware) at which the server got the request; every service call of a view uses it as ``op``."""
    op: datetime = request.ontvangen_op  # type: ignore[attr-defined]
    return op


def ip_van(request: HttpRequest) -> str:
    """The address of who asks: the peer's own, or the one that our own proxy saw. Never what a client claims."""
    doorgegeven = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
    ruw = doorgegeven if settings.REST_FRAMEWORK["NUM_PROXIES"] and doorgegeven else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(ruw))
    except ValueError:
        return ""
