"""Settings of the test suite: throw-away storage, fast hashing, tasks at once."""

import tempfile
from pathlib import Path

from config.settings.basis import *  # noqa: F403  (a settings module extends another by star import)
from config.settings.basis import DATABASES, REST_FRAMEWORK

SECRET_KEY = "alleen-voor-de-tests-" + "x" * 40
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="stimulans-test-"))
VOORBEELDEN = Path(tempfile.mkdtemp(prefix="stimulans-voorbeelden-"))
CLAMD = ""
STATIC_ROOT = Path(tempfile.mkdtemp(prefix="stimulans-static-"))  # WhiteNoise wants it to exist
STORAGES = {
    "default": {"BACKEND": "kern.opslag.schijf.Schijf"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
ACCOUNT_RATE_LIMITS = False
KVK_URL = ""  # a test that needs the register starts the stand-in itself
MFA_VERPLICHT = False  # the tests of the second factor turn it on
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": dict.fromkeys(REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the concurrency tests open it from many threads.
    DATABASES["default"]["TEST"] = {"NAME": f"{tempfile.mkdtemp(prefix='stimulans-test-')}/test.sqlite3"}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
