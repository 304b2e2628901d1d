"""Settings for every environment; each has a safe default and one environment variable.

A fresh clone runs on the embedded SQLite database; ``DATABASE_URL`` switches to PostgreSQL.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from environs import Env

from config.settings.toegang import *  # noqa: F403  (one settings module in two files)
from config.settings.toegang import EHERKENNING_HERKOMST

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"
env = Env()


def _geheim() -> str:
    """The secret key: from the environment, or made once and kept in var/ (readable by the owner only)."""
    gegeven = env.str("STIMULANS_SECRET_KEY", "")
    if gegeven:
        return gegeven
    pad = VAR_DIR / "geheime_sleutel"
    if not pad.exists():
        VAR_DIR.mkdir(exist_ok=True)
        pad.touch(mode=0o600)
        pad.write_text(secrets.token_urlsafe(50))
    return pad.read_text()


SECRET_KEY = _geheim()
DEBUG = env.bool("STIMULANS_DEBUG", False)
DEMO = env.bool("STIMULANS_DEMO", False)
VERSIE = "0.1.0"
COMMIT = env.str("STIMULANS_COMMIT", "")
ALLOWED_HOSTS = env.list("STIMULANS_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("STIMULANS_ORIGINS", [])

INSTALLED_APPS = [
    "portalen",  # first: its templates go before those of allauth
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "portalen.eherkenning",
    "rest_framework",
    "oauth2_provider",
    "drf_spectacular",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "django_fsm",
    "rules.apps.AutodiscoverRulesConfig",
    "csp",
    "kern",
    "regeling",
    "aanvragen",
    "beoordeling",
    "uitvoering",
    "rapportage",
    "api",
]

MIDDLEWARE = [
    "kern.middleware.Verzoekstempel",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "api.middleware.ApiVersie",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.middleware.Slash",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portalen.middleware.Domeinfouten",
    "portalen.sessie.Sessieduur",
    "portalen.middleware.Tweedefactor",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portalen.context.portaal",
                "portalen.sessie.context",
            ],
        },
    },
]
FORM_RENDERER = "portalen.formulieren.weergave.Weergave"

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'stimulans.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        # One writer at a time, taken at BEGIN: a ceiling cannot be passed between a read and a write.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("STIMULANS_CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {})["connect_timeout"] = 5
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "kern.Gebruiker"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "portalen.formulieren.wachtwoord.Minimumlengte", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portalen:start"
LOGOUT_REDIRECT_URL = "portalen:home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "portalen.formulieren.account.Registratievelden"
ACCOUNT_ADAPTER = "portalen.formulieren.accountadapter.Accountadapter"
ACCOUNT_EMAIL_VERIFICATION = env.str("STIMULANS_EMAIL_VERIFICATIE", "optional" if DEMO else "mandatory")
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Stimulans: "
ACCOUNT_CHANGE_EMAIL = True

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
HTTPS = env.bool("STIMULANS_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if env.bool("STIMULANS_ACHTER_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, *EHERKENNING_HERKOMST],  # a form that leads to the broker is followed there
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
    }
}

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = env.path("STIMULANS_BESTANDEN", VAR_DIR / "bestanden")
VOORBEELDEN = env.path("STIMULANS_VOORBEELDEN", VAR_DIR / "voorbeelden")
#: Address of clamd: a path of a unix socket or "host:port"; empty: uploads are not scanned, and every page says so.
CLAMD = env.str("STIMULANS_CLAMD", "")
#: The largest request (a form with its files) that is read at all, in bytes.
VERZOEK_MAXIMUM = env.int("STIMULANS_VERZOEK_MAXIMUM_MB", 60) * 1024 * 1024
#: Files go to S3 when a bucket is named, else to disk. The bucket must be private.
_S3 = {
    "bucket_name": env.str("STIMULANS_S3_BUCKET", ""),
    "endpoint_url": env.str("STIMULANS_S3_ADRES", "") or None,
    "region_name": env.str("STIMULANS_S3_REGIO", "") or None,
    "access_key": env.str("STIMULANS_S3_SLEUTEL", "") or None,
    "secret_key": env.str("STIMULANS_S3_GEHEIM", "") or None,
    "default_acl": None,
    "querystring_auth": True,
    "file_overwrite": False,
    "signature_version": "s3v4",
}
STORAGES = {
    "default": {"BACKEND": "kern.opslag.objecten.Objecten", "OPTIONS": _S3}
    if _S3["bucket_name"]
    else {"BACKEND": "kern.opslag.schijf.Schijf"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024

EMAIL_BACKEND = env.str("STIMULANS_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR_DIR / "post"
EMAIL_HOST = env.str("STIMULANS_SMTP", "localhost")
EMAIL_PORT = env.int("STIMULANS_SMTP_POORT", 25)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("STIMULANS_AFZENDER", "stimulans@voorbeeld.example")
#: Where people reach this installation: the beginning of links in messages.
SITE_ADRES = env.str("STIMULANS_SITE", f"http://{env.str('STIMULANS_ADRES', '127.0.0.1:8000')}").rstrip("/")
#: Days that address and browser of a referee, and the address an application was sent from, are kept.
REFERENTIE_HERKOMST_DAGEN = env.int("STIMULANS_HERKOMST_DAGEN", 30)
BERICHT_DOMEIN = DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1]

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.str("REDIS_URL")}
    if env.str("REDIS_URL", "")
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

#: The KvK API: base address (https://api.kvk.nl) and key. Without an address every organisation is checked by hand.
KVK_URL = env.str("STIMULANS_KVK_URL", "")
KVK_SLEUTEL = env.str("STIMULANS_KVK_SLEUTEL", "")

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authenticatie.PartnerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["api.authenticatie.HeeftScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.invoer.StrengeJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_THROTTLE_CLASSES": ["api.drempel.Drempel"],
    "DEFAULT_THROTTLE_RATES": {"lezen": "600/min", "zoeken": "60/min", "token": "30/min"},
    # Whose address counts: the peer's own, or the one that our own proxy saw. Never what a client claims.
    "NUM_PROXIES": 1 if env.bool("STIMULANS_ACHTER_PROXY", False) else 0,
    "EXCEPTION_HANDLER": "api.problemen.afhandelen",
    "DEFAULT_VERSIONING_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Stimulans",
    "DESCRIPTION": (
        "Regelingen, tijdvakken, aanvragen, vouchers en lotingen. Volgt de NLGov REST API Design Rules. "
        "Fouten zijn `application/problem+json`. Namen die wij niet kennen, weigeren wij."
    ),
    "CONTACT": {
        "name": "Stimulans",
        "url": env.str("STIMULANS_API_CONTACT", "https://stimulans.example/contact"),
        "email": DEFAULT_FROM_EMAIL,
    },
    "LICENSE": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/nl/"},
    "SERVERS": [{"url": env.str("STIMULANS_API_ADRES", "/api/v1"), "description": "Deze omgeving"}],
    "TAGS": [
        {"name": "regelingen", "description": "Openbaar: wat een regeling inhoudt"},
        {"name": "tijdvakken", "description": "Openbaar: wanneer men kan aanvragen, en de actuele cijfers"},
        {"name": "lotingen", "description": "Openbaar: protocol, hashes en uitslag"},
        {"name": "aanvragen", "description": "De stand van aanvragen waarvoor u toestemming hebt"},
        {"name": "vouchers", "description": "Controleren of een voucher geldig is"},
        {"name": "toegang", "description": "Een token vragen"},
        {"name": "fouten", "description": "Uitleg bij soorten fouten"},
    ],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,  # docstrings are for us, and in English
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "ENUM_NAME_OVERRIDES": {
        "Aanvraagstatus": "api.codes.AANVRAAGSTATUS",
        "Tijdvakstatus": "api.codes.TIJDVAKSTATUS",
        "Lotingstatus": "api.codes.LOTINGSTATUS",
        "Voucherstand": "api.codes.Voucherstand",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "api.schema.nlgov"],
}
OAUTH2_PROVIDER = {
    "SCOPES": {
        "aanvragen:lezen": "De stand van aanvragen lezen waarvoor u toestemming hebt",
        "rondes:lezen": "Cijfers van rondes lezen",
        "vouchers:controleren": "Controleren of een voucher geldig is",
    },
    "SCOPES_BACKEND_CLASS": "api.oauth.Partnerscopes",
    "OAUTH2_VALIDATOR_CLASS": "api.oauth.Partnervalidator",
    # Client credentials and nothing else: no passwords, no redirects, no refresh tokens (R87).
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "PKCE_REQUIRED": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    # OAuth 2.0 Security Best Current Practice (RFC 9700); tokens are stored as a digest.
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"regel": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "regel"}},
    "root": {"handlers": ["console"], "level": env.str("STIMULANS_LOGNIVEAU", "WARNING")},
    # It logs addresses, and those of the trade register hold the KvK number of a sole trader.
    "loggers": {"urllib3": {"level": "ERROR"}},
}
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
ACCOUNT_FORMS = {
    naam: f"portalen.formulieren.accountformulieren.{klasse}"
    for naam, klasse in {
        "login": "InlogFormulier",
        "signup": "AccountFormulier",
        "add_email": "AdresFormulier",
        "reset_password": "HerstelFormulier",
        "reset_password_from_key": "HerstelSleutelFormulier",
        "change_password": "WijzigWachtwoordFormulier",
        "set_password": "KiesWachtwoordFormulier",
    }.items()
}
DEMO_BANNER = "Dit is een demonstratie met verzonnen gegevens. Medewerkers loggen hier in zonder tweede stap."
#: What a deployment fills in itself: name of the body, logo, theme, contact.
INSTELLING = {
    "organisatie": env.str("STIMULANS_ORGANISATIE", ""),
    "logo_url": env.str("STIMULANS_LOGO", ""),
    "logo_alt": env.str("STIMULANS_LOGO_ALT", ""),
    "thema_css": env.str("STIMULANS_THEMA_CSS", ""),
    "thema_klasse": env.str("STIMULANS_THEMA_KLASSE", ""),
    "banner": env.str("STIMULANS_BANNER", DEMO_BANNER if DEMO else ""),
    "broncode_url": env.str("STIMULANS_BRONCODE", ""),
    "contact_email": env.str("STIMULANS_CONTACT", ""),
    **{
        naam: env.str(f"STIMULANS_{naam.upper()}", "")
        for naam in (
            "toegankelijkheid_url",
            "contact_telefoon",
            "contact_tijden",
            "contact_adres",
            "klacht_url",
            "privacy_url",
            "privacy_email",
            "bewaartermijn",
        )
    },
}
#: Work that the worker repeats: seconds between runs and the function (it takes ``op``).
#: Functions of higher rooms: a person → keys of the applications that are shut off from that person (an interest).
AFGESCHERMD = ["beoordeling.selectors_commissie.belang_aanvragen"]
PERIODIEK = [
    (1, "regeling.services.tijdvak.klok_bijwerken"),
    (60, "aanvragen.services.behandeling.aanvullingen_laten_verlopen"),
    (60, "aanvragen.services.postbus.onbestelbare_volgen"),
    (300, "aanvragen.services.indienen.verlopen_concepten_opruimen"),
    (30, "aanvragen.services.register.register_bijwerken"),
    (30, "aanvragen.services.bijlagen.besmette_bijlagen_afhandelen"),
    (60, "beoordeling.services.referentie.referenties_bijwerken"),
    (3600, "beoordeling.services.beoordelingsberichten.beoordelaars_herinneren"),
    (600, "beoordeling.services.volgorde.volgorde_bijwerken"),
    (3600, "beoordeling.services.reservelijst.reservelijsten_laten_vervallen"),
    (60, "uitvoering.services.aanhouding.vouchers_aanhouden"),
    (3600, "beoordeling.services.referentie_berichten.herkomst_wissen"),
    (86400, "beoordeling.services.tekstgelijkenis.teksten_vergelijken"),
    (900, "rapportage.services.dagoverzicht.dagoverzicht_versturen"),
    (86400, "api.services.partners.tokens_opruimen"),
]
