"""The second factor in plain Dutch, with its secrets encrypted at rest: ``MFA_ADAPTER``."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kern.models import Gebruiker

_l = gettext_lazy
#: Kinds that count as a second factor; recovery codes only exist beside one of these.
FACTOREN = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def _sleutelbos() -> MultiFernet:
    """Keys derived from the secret key and its predecessors: an old secret can still be read after a change."""
    geheimen = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"stimulans.mfa:" + str(geheim).encode()).digest()))
        for geheim in geheimen
    )


def heeft_tweede_factor(gebruiker: Gebruiker) -> bool:
    return Authenticator.objects.filter(user=gebruiker, type__in=FACTOREN).exists()


class Mfaadapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _l("U kunt geen e-mailadres toevoegen zolang de tweede stap aanstaat."),
        "cannot_delete_authenticator": _l(
            "Medewerkers loggen altijd in met een tweede stap. Stel eerst een andere manier in."
        ),
        "cannot_generate_recovery_codes": _l("Stel eerst een tweede stap in. Daarna kunt u herstelcodes maken."),
        "incorrect_code": _l("De code klopt niet. Kijk in uw app of er al een nieuwe code staat."),
        "unverified_email": _l("Bevestig eerst uw e-mailadres. Daarna kunt u de tweede stap instellen."),
    }

    def encrypt(self, text: str) -> str:
        return _sleutelbos().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _sleutelbos().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keeps at least one second factor."""
        gebruiker = authenticator.user
        if not (settings.MFA_VERPLICHT and gebruiker.is_medewerker) or authenticator.type not in FACTOREN:
            return True
        rest = Authenticator.objects.filter(user=gebruiker, type__in=FACTOREN).exclude(pk=authenticator.pk)
        return rest.exists()

    def generate_authenticator_name(self, user: Gebruiker, type: Authenticator.Type) -> str:
        """``type`` is allauth's name of the argument."""
        aantal = Authenticator.objects.filter(user=user, type=type).count()
        return _("Sleutel %(nummer)s") % {"nummer": aantal + 1}
