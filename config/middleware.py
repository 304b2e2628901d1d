"""Trailing slashes: pages for people have one and are redirected to it; the API has none and says 404 (ADR, T7)."""

from django.http import HttpRequest
from django.middleware.common import CommonMiddleware


class Slash(CommonMiddleware):
    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        return not request.path_info.startswith("/api/") and super().should_redirect_with_slash(request)
