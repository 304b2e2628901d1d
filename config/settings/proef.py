"""Settings of a simulated round that leaves nothing: a database in memory, files in a folder of the caller."""

from config.settings.basis import *  # noqa: F403  (a settings module extends another by star import)
from config.settings.basis import DATABASES, INSTALLED_APPS

#: ``manage.py proefronde`` runs nowhere else.
WEGWERP = True
DEBUG = False
DATABASES["default"] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": ":memory:",
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA foreign_keys=ON;"},
}
#: Tables straight from the models: much faster than all migrations, and only figures are read from it.
MIGRATION_MODULES = {app.rsplit(".", 1)[-1]: None for app in INSTALLED_APPS}
STORAGES = {
    "default": {"BACKEND": "kern.opslag.schijf.Schijf"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
#: Letters as PDF and other work for later: never done.
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
CLAMD = ""
KVK_URL = ""
