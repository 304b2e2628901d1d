"""Path converters: parts of an address that take only certain words. Importing this module registers them."""

from __future__ import annotations

from django.urls import register_converter
from django.urls.converters import StringConverter


class Documentvorm(StringConverter):
    """How a document is given."""

    regex = "pdf|html"


register_converter(Documentvorm, "documentvorm")
