"""Settings of logging in: second factor, session, eHerkenning. Read by `basis`; each has one environment variable."""

from __future__ import annotations

from typing import Any

from environs import Env

env = Env()
_DEMO = env.bool("STIMULANS_DEMO", False)
_HTTPS = env.bool("STIMULANS_HTTPS", False)

# --- Second factor ----------------------------------------------------------------------------------------------

#: Staff cannot work without a second factor (BIO2 5.17.01). Off in the demonstration, whose logins are public.
MFA_VERPLICHT = env.bool("STIMULANS_MFA_VERPLICHT", not _DEMO)
MFA_ADAPTER = "portalen.formulieren.mfaadapter.Mfaadapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Stimulans"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _HTTPS  # a passkey then works on http://localhost only: the browser sees to it
MFA_FORMS = {
    naam: f"portalen.formulieren.mfaformulieren.{klasse}"
    for naam, klasse in {
        "authenticate": "Codeformulier",
        "reauthenticate": "Hercodeformulier",
        "activate_totp": "Appformulier",
        "add_webauthn": "Sleutelformulier",
        "edit_webauthn": "Sleutelnaamformulier",
    }.items()
}

# --- Session ----------------------------------------------------------------------------------------------------

#: Seconds without a request after which somebody is logged out: staff (DUS-I, R98) and everybody else.
SESSIE_MEDEWERKER = env.int("STIMULANS_SESSIE_MEDEWERKER", 15 * 60)
SESSIE_ANDEREN = env.int("STIMULANS_SESSIE_SECONDEN", 60 * 60)
#: The warning comes this many seconds before (WCAG 2.2.1).
SESSIE_WAARSCHUWING = 5 * 60
#: A session row outlives the log-out, so that what was typed can be given back after logging in again.
SESSION_COOKIE_AGE = 24 * 3600
SESSION_COOKIE_NAME = "__Host-stimulans" if _HTTPS else "stimulans"
#: Whoever changes a password, address or second factor gets a message about it.
ACCOUNT_EMAIL_NOTIFICATIONS = True
#: Login attempts are reserved before the password is looked at: per account, and per address.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {"login_failed": "10/m/ip,5/300s/key", "login": "30/m/ip"}

# --- eHerkenning by an OpenID Connect broker (R92) ----------------------------------------------------------------

#: Not shown without issuer and client id.
EHERKENNING: dict[str, Any] = {
    "issuer": env.str("STIMULANS_EHERKENNING_ISSUER", ""),
    "client_id": env.str("STIMULANS_EHERKENNING_CLIENT_ID", ""),
    "client_secret": env.str("STIMULANS_EHERKENNING_CLIENT_SECRET", ""),
    "scope": env.list("STIMULANS_EHERKENNING_SCOPE", ["openid"]),
    "niveau": env.str("STIMULANS_EHERKENNING_NIVEAU", "loa3"),
    #: UUID of our service at the broker; when a login names another one, it is refused. Empty: not checked.
    "dienst": env.str("STIMULANS_EHERKENNING_DIENST", ""),
    #: Name of each attribute in the id_token. A broker whose profile differs: a JSON object with the other names.
    "claims": {
        "organisatie": "urn:etoegang:core:LegalSubjectID",
        "organisatie_soort": "namequalifier",
        "persoon": "urn:etoegang:core:ActingSubjectID",
        "vestiging": "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr",
        "dienst": "urn:etoegang:core:ServiceUUID",
        "vertegenwoordiging": "urn:etoegang:core:Representation",
        "intermediair": "urn:etoegang:1.9:IntermediateEntityID:KvKnr",
        "niveau": "acr",
        "email": "email",
        **dict(env.json("STIMULANS_EHERKENNING_CLAIMS", {})),
    },
}
#: Origins that the browser may go to from our login form: the broker's, or the page where people choose one.
EHERKENNING_HERKOMST = env.list(
    "STIMULANS_EHERKENNING_HERKOMST",
    ["/".join(EHERKENNING["issuer"].split("/")[:3])] if EHERKENNING["issuer"] else [],
)
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = (
    {
        "eherkenning": {
            "APPS": [
                {
                    "provider_id": "eherkenning",
                    "name": "eHerkenning",
                    "client_id": EHERKENNING["client_id"],
                    "secret": EHERKENNING["client_secret"],
                    "settings": {"server_url": EHERKENNING["issuer"]},
                }
            ],
            "OAUTH_PKCE_ENABLED": True,
        }
    }
    if EHERKENNING["issuer"] and EHERKENNING["client_id"]
    else {}
)
SOCIALACCOUNT_ADAPTER = "portalen.eherkenning.adapter.Eherkenningadapter"
SOCIALACCOUNT_FORMS = {"signup": "portalen.formulieren.accountformulieren.AanvulFormulier"}
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
