"""Pages that everybody may see."""

from django.urls import path
from django.views.generic import TemplateView

from portalen import omzetters  # noqa: F401  (registers the kinds of part that an address may have)
from portalen.views import geschiktheid, loting_openbaar, publiek, regelingen, zelfscan

#: One draw of a round; order of receipt can have a draw per day.
EEN_LOTING = "regelingen/<slug:sleutel>/lotingen/<slug:kenmerk>/"

urlpatterns = [
    path("", publiek.home, name="home"),
    path("start/", publiek.start, name="start"),
    path("regelingen/", regelingen.regelingen, name="regelingen"),
    path("regelingen/<slug:sleutel>/", regelingen.regeling, name="regeling"),
    path("regelingen/<slug:sleutel>/vragen/", regelingen.vragen, name="regeling_vragen"),
    path("regelingen/<slug:sleutel>/vragen/vragenlijst.pdf", regelingen.vragen_pdf, name="regeling_vragen_pdf"),
    path("regelingen/<slug:sleutel>/kom-ik-in-aanmerking/", geschiktheid.geschiktheid, name="geschiktheid"),
    path("zelfscan/", zelfscan.zelfscan, name="zelfscan"),
    path("regelingen/<slug:sleutel>/loting/", loting_openbaar.loting, name="loting_openbaar"),
    path("regelingen/<slug:sleutel>/loting/bewijspakket.zip", loting_openbaar.pakket, name="loting_pakket"),
    path("regelingen/<slug:sleutel>/loting/<str:naam>", loting_openbaar.bestand, name="loting_bestand"),
    path(EEN_LOTING, loting_openbaar.loting, name="loting_openbaar"),
    path(f"{EEN_LOTING}uitleg/", loting_openbaar.uitleg, name="loting_uitleg"),
    path(f"{EEN_LOTING}akte/<documentvorm:vorm>/", loting_openbaar.akte, name="loting_akte_openbaar"),
    path(f"{EEN_LOTING}bewijspakket.zip", loting_openbaar.pakket, name="loting_pakket"),
    path(f"{EEN_LOTING}<str:naam>", loting_openbaar.bestand, name="loting_bestand_openbaar"),
    path(
        "toegankelijkheid/",
        TemplateView.as_view(template_name="portalen/toegankelijkheid.html"),
        name="toegankelijkheid",
    ),
    path("privacy/", TemplateView.as_view(template_name="portalen/privacy.html"), name="privacy"),
    path("contact/", TemplateView.as_view(template_name="portalen/contact.html"), name="contact"),
    path("stijlgids/", publiek.stijlgids, name="stijlgids"),
    path("livez/", publiek.livez, name="livez"),
    path("readyz/", publiek.readyz, name="readyz"),
    path(".well-known/security.txt", publiek.security_txt, name="security_txt"),
]
