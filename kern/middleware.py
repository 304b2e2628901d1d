"""Stamps each request: when the server got it (a submission in time counts, R47) and an id for the trail."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kern.services.spoor import verzoek_id


class Verzoekstempel:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.ontvangen_op = timezone.now()  # type: ignore[attr-defined]
        request.verzoek_id = str(uuid.uuid4())  # type: ignore[attr-defined]
        token = verzoek_id.set(request.verzoek_id)  # type: ignore[attr-defined]
        try:
            antwoord = self.get_response(request)
        finally:
            verzoek_id.reset(token)
        antwoord["X-Request-ID"] = request.verzoek_id  # type: ignore[attr-defined]
        return antwoord
