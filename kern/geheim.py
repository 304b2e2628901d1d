"""Secrets for links and codes: 256 random bits go out, only their SHA-256 is stored."""

from __future__ import annotations

import hashlib
import secrets


def vingerafdruk(geheim: str) -> str:
    """SHA-256 (hex) of a secret; what the database holds."""
    return hashlib.sha256(geheim.encode()).hexdigest()


def nieuw_geheim() -> tuple[str, str]:
    """A new secret of 32 random bytes, safe in a URL, and its digest."""
    geheim = secrets.token_urlsafe(32)
    return geheim, vingerafdruk(geheim)


def nieuwe_code() -> str:
    """Six digits to type over; only good together with a link, a short life and few tries."""
    return f"{secrets.randbelow(1_000_000):06d}"
