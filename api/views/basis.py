"""Base of every view: Dutch texts, strict input before anything else happens, pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from rest_framework.exceptions import MethodNotAllowed, ParseError, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from api.authenticatie import HeeftScope, PartnerToken, Partnerverzoeker
from api.invoer import Invoer
from api.models import Partner
from api.paginering import Pagina, pagineer
from api.problemen import Invoerfouten, plat

M = TypeVar("M", bound=Model)


class Basisview(APIView):
    """``vraag_klasse`` describes the query, ``body_klasse`` the body of a POST; both are checked together, so that the
    client gets all errors at once (R81). ``self.vraag`` and ``self.invoer`` hold what was understood."""

    http_method_names = ["get", "head", "post"]
    throttle_scope = "lezen"
    vraag_klasse: type[Invoer] = Invoer
    body_klasse: type[Invoer] | None = None
    vraag: dict[str, Any]
    invoer: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # The API speaks Dutch, whatever Accept-Language says: its texts are part of the contract.
        translation.activate("nl")
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        methode = (request.method or "").lower()
        if methode not in self.http_method_names or not hasattr(self, methode):
            raise MethodNotAllowed(methode.upper())
        if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
            # The server would hand us an empty body, and the client would get a puzzling error.
            raise ParseError("Stuur de header Content-Length mee: een body in stukken lezen wij niet.")
        fouten: list[dict[str, str]] = []
        self.vraag = _gelezen(self.vraag_klasse, request.query_params, "query", fouten)
        if methode == "post" and self.body_klasse is not None:
            self.invoer = _gelezen(self.body_klasse, request.data, "body", fouten)
        if fouten:
            raise Invoerfouten(fouten)

    def bladzijde(
        self, rijen: QuerySet[M], *, velden: tuple[str, ...], vraag: Mapping[str, Any], plek: str = "query"
    ) -> Pagina[M]:
        return pagineer(rijen, velden=velden, cursor=vraag.get("cursor", ""), grootte=vraag["paginaGrootte"], plek=plek)

    def lijst(self, request: Request, pagina: Pagina[Any], serializer: Serializer) -> Response:
        """The envelope of a list that is read with GET: `volgende` is the address of the next page."""
        volgende = None
        if pagina.cursor is not None:
            query = request.query_params.copy()
            query["cursor"] = pagina.cursor
            volgende = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        return Response({"resultaten": serializer.data, "volgende": volgende})


def _gelezen(klasse: type[Invoer], data: Any, plek: str, fouten: list[dict[str, str]]) -> dict[str, Any]:
    serializer = klasse(data=data)
    try:
        serializer.is_valid(raise_exception=True)
    except ValidationError as fout:
        fouten += plat(fout.detail, plek)
        return {}
    return dict(serializer.validated_data)


class Openbaar(Basisview):
    """Needs no token, and ignores one."""

    authentication_classes = []
    permission_classes = [AllowAny]


class VoorPartners(Basisview):
    """Needs a token with ``vereiste_scope``."""

    authentication_classes = [PartnerToken]
    permission_classes = [HeeftScope]
    vereiste_scope: str

    @property
    def partner(self) -> Partner:
        verzoeker = self.request.user
        assert isinstance(verzoeker, Partnerverzoeker)  # HeeftScope let nobody else in
        return verzoeker.partner
