"""Settings of the server in ``test_uitval.py``: those of production, except what would only slow twenty starts down."""

from config.settings.basis import *  # noqa: F403  (a settings module extends another by star import)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


class ZonderMigraties(dict[str, None]):
    """Every app's tables straight from its models: what is tested is the server, and migrating takes half the time."""

    def __contains__(self, app: object) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


MIGRATION_MODULES = ZonderMigraties()
