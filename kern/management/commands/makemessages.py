"""``makemessages``: Django's, which also finds the second names that this project gives to the functions of gettext."""

from __future__ import annotations

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    #: Where a module needs the text at once and later: ``_`` is the one, and this the other.
    xgettext_options = [
        *makemessages.Command.xgettext_options,
        "--keyword=_l",
        "--keyword=_t",
        "--keyword=_g",
    ]
