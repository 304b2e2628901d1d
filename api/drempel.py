"""Rate limits per view (`throttle_scope`), counted per partner, or per address without a token."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from rest_framework.settings import api_settings
from rest_framework.throttling import ScopedRateThrottle


class Drempel(ScopedRateThrottle):
    def get_rate(self) -> Any:
        """Read at each request, so that a changed setting counts at once; a scope without a rate is a mistake."""
        tarieven = api_settings.DEFAULT_THROTTLE_RATES
        if self.scope not in tarieven:
            raise ImproperlyConfigured(f"DEFAULT_THROTTLE_RATES heeft geen tarief voor “{self.scope}”.")
        return tarieven[self.scope]
