from django.apps import AppConfig


class PortalenConfig(AppConfig):
    name = "portalen"
    default_auto_field = "django.db.models.BigAutoField"
