from django.apps import AppConfig


class UitvoeringConfig(AppConfig):
    name = "uitvoering"
    default_auto_field = "django.db.models.BigAutoField"
