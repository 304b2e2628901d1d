"""Error texts of allauth in plain Dutch with *u*: ``ACCOUNT_ADAPTER``. allauth's own Dutch says *je*."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portalen.eherkenning.adapter import verwerk

FOUTMELDINGEN = {
    "account_inactive": _("Dit account is niet actief. Neem contact op als u denkt dat dit niet klopt."),
    "cannot_remove_primary_email": _(
        "U kunt uw hoofdadres niet verwijderen. Maak eerst een ander adres het hoofdadres."
    ),
    "duplicate_email": _("Dit e-mailadres staat al bij uw account."),
    "email_password_mismatch": _("Het e-mailadres of het wachtwoord klopt niet. Probeer het opnieuw."),
    "email_taken": _("Er is al een account met dit e-mailadres. Log in of gebruik een ander adres."),
    "enter_current_password": _("Dit is niet uw huidige wachtwoord. Probeer het opnieuw."),
    "incorrect_code": _("De code klopt niet. Controleer de code in de e-mail."),
    "incorrect_password": _("Het wachtwoord klopt niet. Probeer het opnieuw."),
    "invalid_login": _("Inloggen is niet gelukt. Probeer het opnieuw."),
    "invalid_password_reset": _("De link werkt niet meer. Vraag een nieuwe link aan."),
    "max_email_addresses": _("U kunt niet meer dan %d e-mailadressen toevoegen."),
    "rate_limited": _("U probeert het te vaak. Wacht enkele minuten en probeer het opnieuw."),
    "same_as_current": _("Vul een ander adres in dan het huidige."),
    "too_many_login_attempts": _(
        "U hebt te vaak geprobeerd in te loggen. Wacht enkele minuten en probeer het opnieuw."
    ),
    "unknown_email": _("Wij kennen geen account met dit e-mailadres."),
    "unverified_primary_email": _("Bevestig eerst uw hoofdadres. Open de link in de e-mail die wij u stuurden."),
}


class Accountadapter(DefaultAccountAdapter):
    """allauth's adapter with our texts; a login with eHerkenning that is complete gives its mandate."""

    error_messages = {**DefaultAccountAdapter.error_messages, **FOUTMELDINGEN}

    def post_login(
        self, request: HttpRequest, user: Any, *, signal_kwargs: dict[str, Any] | None, **kwargs: Any
    ) -> HttpResponse:
        """After all steps: password or broker, second factor, confirmed address."""
        verwerk(request, user, (signal_kwargs or {}).get("sociallogin"))
        return super().post_login(request, user, signal_kwargs=signal_kwargs, **kwargs)
