"""Makes the provider known to allauth, which looks for ``provider`` in every installed app."""

from django.apps import AppConfig


class EherkenningConfig(AppConfig):
    name = "portalen.eherkenning"
    verbose_name = "eHerkenning"

    def ready(self) -> None:
        from portalen.eherkenning import adapter  # noqa: F401  (its receiver listens from here on)
