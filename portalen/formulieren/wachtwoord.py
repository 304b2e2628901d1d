"""A minimum length for passwords that explains itself: Django 5.2 has no Dutch text for this error."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext


class Minimumlengte(MinimumLengthValidator):
    """For ``AUTH_PASSWORD_VALIDATORS``; option ``min_length`` in characters."""

    def get_error_message(self) -> str:
        return gettext("Kies een wachtwoord van ten minste %(aantal)s tekens.") % {"aantal": self.min_length}

    def get_help_text(self) -> str:
        tekst = gettext(
            "Gebruik ten minste %(aantal)s tekens. Een zin van enkele woorden is sterk en goed te onthouden."
        )
        return tekst % {"aantal": self.min_length}
