"""allauth's forms with our labels and hints: ``ACCOUNT_FORMS`` (see :data:`ACCOUNT_FORMS`)."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    SignupForm,
)
from allauth.socialaccount.forms import SignupForm as SociaalFormulier
from django import forms
from django.utils.translation import gettext_lazy as _


def _benoem(formulier: forms.Form, **labels: Any) -> None:
    for naam, label in labels.items():
        if naam in formulier.fields:
            formulier.fields[naam].label = label


class _TweeWachtwoorden:
    """Says what to do when the two passwords differ."""

    def clean(self) -> Any:
        schoon = super().clean()  # type: ignore[misc]  # a mixin: the form comes after it
        eerste, tweede = schoon.get("password1"), self.data.get(self.add_prefix("password2"))  # type: ignore[attr-defined]
        if eerste and tweede and eerste != tweede and "password2" in self.errors:  # type: ignore[attr-defined]
            del self.errors["password2"]  # type: ignore[attr-defined]
            self.add_error(  # type: ignore[attr-defined]
                "password2", _("De twee wachtwoorden zijn niet gelijk. Vul twee keer hetzelfde wachtwoord in.")
            )
        return schoon


class InlogFormulier(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _benoem(self, login=_("E-mailadres"), password=_("Wachtwoord"), remember=_("Ingelogd blijven op dit apparaat"))


class AccountFormulier(_TweeWachtwoorden, SignupForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _benoem(self, email=_("E-mailadres"), password1=_("Wachtwoord"), password2=_("Wachtwoord nog een keer"))
        self.fields["email"].help_text = _("Hiermee logt u in. Wij sturen hier ook berichten over uw aanvraag naartoe.")


class AdresFormulier(AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _benoem(self, email=_("Nieuw e-mailadres"))


class HerstelFormulier(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _benoem(self, email=_("E-mailadres"))


class HerstelSleutelFormulier(_TweeWachtwoorden, ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _benoem(self, password1=_("Nieuw wachtwoord"), password2=_("Nieuw wachtwoord nog een keer"))


class WijzigWachtwoordFormulier(_TweeWachtwoorden, ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _benoem(
            self,
            oldpassword=_("Huidig wachtwoord"),
            password1=_("Nieuw wachtwoord"),
            password2=_("Nieuw wachtwoord nog een keer"),
        )


class KiesWachtwoordFormulier(_TweeWachtwoorden, SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _benoem(self, password1=_("Wachtwoord"), password2=_("Wachtwoord nog een keer"))


class AanvulFormulier(SociaalFormulier):
    """Name and address after the first login with eHerkenning: ``SOCIALACCOUNT_FORMS``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _benoem(self, email=_("E-mailadres"))
        self.fields["email"].help_text = _("Wij sturen hier berichten over uw aanvraag naartoe.")


_HIER = "portalen.formulieren.accountformulieren"
ACCOUNT_FORMS = {
    "login": f"{_HIER}.InlogFormulier",
    "signup": f"{_HIER}.AccountFormulier",
    "add_email": f"{_HIER}.AdresFormulier",
    "reset_password": f"{_HIER}.HerstelFormulier",
    "reset_password_from_key": f"{_HIER}.HerstelSleutelFormulier",
    "change_password": f"{_HIER}.WijzigWachtwoordFormulier",
    "set_password": f"{_HIER}.KiesWachtwoordFormulier",
}
