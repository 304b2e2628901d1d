"""State diagrams from the code: ``docs/toestanden.md``. A test fails when the file is stale."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand
from django.core.management.base import CommandParser

from kern.status import StatusModel, StatusVeld

KOP = """# Toestanden

Gemaakt uit de code met `python manage.py toestanden --schrijf`; niet met de hand wijzigen.
Elke pijl is een methode met `@transition`; alleen `kern.services.overgang` voert haar uit.
"""


def statusveld(model: type[StatusModel]) -> StatusVeld:
    return next(veld for veld in model._meta.concrete_fields if isinstance(veld, StatusVeld))


def overgangen(model: type[StatusModel]) -> list[tuple[str, str, str]]:
    """(from, to, name) of every transition, in a fixed order; a transition with several targets gives one each."""
    veld = statusveld(model)
    regels = set()
    for overgang in veld.get_all_transitions(model):
        doelen = getattr(overgang.target, "allowed_states", None) or [overgang.target]
        regels |= {(str(overgang.source), str(doel), overgang.name) for doel in doelen}
    return sorted(regels)


def document() -> str:
    """The whole file."""
    modellen = sorted(
        (model for model in apps.get_models() if issubclass(model, StatusModel)), key=lambda model: model.__name__
    )
    delen = [KOP]
    for model in modellen:
        begin = statusveld(model).get_default()
        pijlen = "\n".join(f"    {van} --> {naar}: {naam}" for van, naar, naam in overgangen(model))
        delen.append(
            f"## {str(model._meta.verbose_name).capitalize()} (`{model._meta.label}`)\n\n"
            f"```mermaid\nstateDiagram-v2\n    [*] --> {begin}\n{pijlen}\n```\n"
        )
    return "\n".join(delen)


class Command(BaseCommand):
    help = "Drukt de toestandsdiagrammen af, of schrijft ze naar docs/toestanden.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--schrijf", action="store_true", help="schrijf docs/toestanden.md")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["schrijf"]:
            Path(settings.BASE_DIR, "docs", "toestanden.md").write_text(document(), encoding="utf-8")
        else:
            self.stdout.write(document())
