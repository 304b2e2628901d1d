"""Pages that everybody may see."""

from django.urls import path
from django.views.generic import TemplateView

from portalen.views import geschiktheid, loting_openbaar, publiek, regelingen, zelfscan

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
