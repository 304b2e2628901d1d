"""allauth's forms of the second factor with our labels and hints: ``MFA_FORMS``."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


def _code(formulier: forms.Form, hulp: Any) -> None:
    veld = formulier.fields["code"]
    veld.label, veld.help_text = _("Code"), hulp
    veld.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "stimulans-breedte-7"}


class Codeformulier(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, _("De 6 cijfers uit uw app, of een van uw herstelcodes."))


class Hercodeformulier(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, _("De 6 cijfers uit uw app, of een van uw herstelcodes."))


class Appformulier(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, _("De 6 cijfers die uw app nu laat zien."))


class Sleutelformulier(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Naam van deze sleutel")
        self.fields["name"].help_text = _("Zo herkent u haar later, bijvoorbeeld “Laptop van het werk”.")
        self.fields["passwordless"].label = _("Met deze sleutel ook zonder wachtwoord inloggen (passkey)")
        self.fields["passwordless"].help_text = _("Uw apparaat vraagt dan om uw vinger, gezicht of pincode.")


class Sleutelnaamformulier(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Naam van deze sleutel")
