from django.apps import AppConfig


class RegelingConfig(AppConfig):
    name = "regeling"
    default_auto_field = "django.db.models.BigAutoField"
