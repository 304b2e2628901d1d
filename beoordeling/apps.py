from django.apps import AppConfig


class BeoordelingConfig(AppConfig):
    name = "beoordeling"
    default_auto_field = "django.db.models.BigAutoField"
