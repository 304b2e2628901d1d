"""What allauth does with a login of eHerkenning: never merge accounts, ask name and address, make the mandate."""

from __future__ import annotations

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.signals import social_account_added, social_account_updated
from django.dispatch import receiver
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aanvragen.eherkenning import Eherkenningbewijs
from aanvragen.services.eherkenning import eherkenning_verwerken
from kern.models import Gebruiker

logger = logging.getLogger(__name__)
PROVIDER = "eherkenning"


class Eherkenningadapter(DefaultSocialAccountAdapter):
    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "email_taken": _(
            "Er is al een account met dit e-mailadres. Log eerst in met uw wachtwoord en koppel daarna %s."
        ),
        "invalid_token": _("Inloggen is niet gelukt. Probeer het opnieuw."),
        "no_password": _("Uw account heeft geen wachtwoord. Kies eerst een wachtwoord."),
        "no_verified_email": _("Bevestig eerst uw e-mailadres."),
        "disconnect_last": _("U kunt uw laatste manier van inloggen niet loskoppelen."),
        "connected_other": _("Deze eHerkenning hoort al bij een ander account."),
    }

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never: eHerkenning gives no name, and the address has to be the person's own."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """An account that was switched off stays off, with a page that says so."""
        if sociallogin.is_existing and not sociallogin.user.is_active:
            raise ImmediateHttpResponse(render(request, "account/account_inactive.html", status=403))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """What went wrong, short: the answer of a broker can hold personal data."""
        logger.warning("eherkenning: %s %s %.60s", error, type(exception).__name__, exception)


def bewijs_van(account: SocialAccount) -> Eherkenningbewijs:
    """The proof of the last login, as it was checked when it came in."""
    return Eherkenningbewijs(**account.extra_data["bewijs"])


def verwerk(request: HttpRequest, gebruiker: Gebruiker, sociallogin: SocialLogin | None) -> None:
    """Makes or renews the mandate of a login that is complete."""
    if sociallogin is not None and sociallogin.account.provider == PROVIDER:
        op = getattr(request, "ontvangen_op", None) or timezone.now()
        eherkenning_verwerken(gebruiker=gebruiker, bewijs=bewijs_van(sociallogin.account), op=op)


@receiver([social_account_added, social_account_updated])
def gekoppeld(sender: Any, request: HttpRequest, sociallogin: SocialLogin, **kwargs: Any) -> None:
    """allauth's signal of a person who is logged in and connects eHerkenning to the account."""
    if sociallogin.state.get("process") == "connect" and isinstance(request.user, Gebruiker):
        verwerk(request, request.user, sociallogin)
