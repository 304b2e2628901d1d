from django.apps import AppConfig


class AanvragenConfig(AppConfig):
    name = "aanvragen"
    default_auto_field = "django.db.models.BigAutoField"
