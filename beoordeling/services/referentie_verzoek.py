"""The referee's side: a link, a button, a code, a form. Nothing here changes by merely opening a page.

The link is a secret of 256 bits of which only the digest is stored. The code (6 digits, ten minutes, five tries) goes
to the address of the invitation, so a forwarded link is worth nothing. After the right code the browser holds a second
secret; the final submit uses the link up.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from aanvragen.enums import Referentiestatus
from aanvragen.models import Referentie
from beoordeling.enums import Signaalsoort
from beoordeling.models import Referentieantwoord, Referentiesignaal, Referentieverzoek
from beoordeling.referentie import vragen
from beoordeling.referentie.regels import VERSIE, VLAG, Antwoord, signalen
from beoordeling.referentie.steekproef import kenmerk, lot
from beoordeling.services.referentie import (
    LOOPT,
    LOPEND,
    geldig_tot,
    referentie_vergrendelen,
    signalen_vastleggen,
    toets_herzien,
)
from beoordeling.services.referentie_berichten import aanvrager_inlichten, code_sturen, wissen_op
from beoordeling.services.referentie_gegevens import andere_teksten, invoer_van
from beoordeling.services.referentie_steekproef import in_steekproef, steekproef_vastleggen
from kern.fouten import InvoerFout, OvergangFout
from kern.geheim import nieuw_geheim, nieuwe_code, vingerafdruk
from kern.services.overgang import overgang_toepassen
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands

CODE_GELDIG = timedelta(minutes=10)
#: After the right code the form stays open this long.
SESSIE_GELDIG = timedelta(minutes=60)
POGINGEN, CODES = 5, 5
TUSSEN_CODES = timedelta(seconds=30)


@dataclass(frozen=True)
class Herkomst:
    """Where an answer came from. ``eigen_sessie``: somebody of the applicant is logged in in the same browser."""

    ip: str = ""
    browser: str = ""
    eigen_sessie: bool = False


def verzoek_bij_link(geheim: str) -> Referentieverzoek | None:
    """The request that this link belongs to, whatever its state."""
    rijen = Referentieverzoek.objects.select_related(
        "referentie__adviseur", "referentie__aanvraag__organisatie", "referentie__aanvraag__tijdvak__regelingversie"
    )
    return rijen.filter(token_sha256=vingerafdruk(geheim)).first()


def waarom_niet(verzoek: Referentieverzoek, op: datetime) -> str:
    """Why a link does not work (any more): ``verbruikt``, ``ingetrokken``, ``verlopen``; empty when it does."""
    if verzoek.verbruikt_op is not None:
        return "verbruikt"
    if op >= verzoek.verloopt_op or verzoek.referentie.status == Referentiestatus.VERLOPEN:
        return "verlopen"
    beeindigd = verzoek.referentie.status not in LOOPT or verzoek.referentie.aanvraag.status not in LOPEND
    return "ingetrokken" if verzoek.ingetrokken_op is not None or beeindigd else ""


_MELDING = {
    "verbruikt": ("U hebt deze vraag al beantwoord.", "U hoeft niets meer te doen."),
    "verlopen": ("Deze link werkt niet meer: de termijn is voorbij.", "De adviseur kan u een nieuwe laten sturen."),
    "ingetrokken": ("Deze link werkt niet meer.", "Kijk of u een nieuwer bericht van ons hebt."),
}


def _geldig(verzoek: Referentieverzoek, op: datetime) -> tuple[Referentie, Referentieverzoek]:
    """Locks and reads again; :class:`OvergangFout` when the link no longer works."""
    referentie = referentie_vergrendelen(verzoek.referentie)
    vers = Referentieverzoek.objects.select_for_update(of=("self",)).get(pk=verzoek.pk)
    vers.referentie = referentie
    reden = waarom_niet(vers, op)
    if vers.token_sha256 != verzoek.token_sha256:
        reden = "ingetrokken"
    if reden:
        melding, actie = _MELDING[reden]
        raise OvergangFout(melding, actie=actie, code=f"link-{reden}")
    return referentie, vers


def code_aanvragen(*, verzoek: Referentieverzoek, op: datetime) -> Referentieverzoek:
    """The button: counts as opening and mails a code to the address of the invitation."""
    with transaction.atomic():
        referentie, verzoek = _geldig(verzoek, op)
        if verzoek.code_verstuurd_op is not None and op - verzoek.code_verstuurd_op < TUSSEN_CODES:
            return verzoek  # a double click: the code is on its way
        if verzoek.codes_verstuurd >= CODES:
            raise OvergangFout(
                "Wij hebben u al vijf codes gestuurd.",
                actie="Wacht op een herinnering, of neem contact met ons op.",
                code="te-veel-codes",
            )
        code = nieuwe_code()
        verzoek.code_sha256, verzoek.code_pogingen, verzoek.sessie_sha256 = vingerafdruk(_zout(verzoek, code)), 0, ""
        verzoek.code_verstuurd_op, verzoek.code_verloopt_op = op, op + CODE_GELDIG
        verzoek.codes_verstuurd += 1
        verzoek.geopend += 1
        verzoek.save()
        code_sturen(verzoek=verzoek, code=code, minuten=int(CODE_GELDIG.total_seconds() // 60), op=op)
        log_schrijven(Logpost(keten=keten_van(referentie), handeling="code_sturen", op=op))
    return verzoek


def _zout(verzoek: Referentieverzoek, code: str) -> str:
    """A code counts for one request only."""
    return f"{verzoek.pk}:{code}"


def code_controleren(*, verzoek: Referentieverzoek, code: str, op: datetime) -> str:
    """Returns the secret for this browser. The try is counted and stored before the code is looked at."""
    with transaction.atomic():
        _, verzoek = _geldig(verzoek, op)
        if not verzoek.code_sha256 or verzoek.code_verloopt_op is None or op >= verzoek.code_verloopt_op:
            raise InvoerFout(
                "Deze code werkt niet meer.", actie="Vraag een nieuwe code aan.", code="code-verlopen", veld="code"
            )
        if verzoek.code_pogingen >= POGINGEN:
            raise InvoerFout(
                "U hebt vijf keer een verkeerde code ingevuld.",
                actie="Vraag een nieuwe code aan.",
                code="te-veel-pogingen",
                veld="code",
            )
        verzoek.code_pogingen += 1
        verzoek.save(update_fields=["code_pogingen"])
    kaal = "".join(teken for teken in code if teken.isdigit())
    if not hmac.compare_digest(vingerafdruk(_zout(verzoek, kaal)), verzoek.code_sha256):
        raise InvoerFout(
            "Deze code klopt niet.",
            actie="Kijk in ons laatste bericht en typ de 6 cijfers over.",
            code="code-onjuist",
            veld="code",
        )
    geheim, afdruk = nieuw_geheim()
    with transaction.atomic():
        referentie, vers = _geldig(verzoek, op)
        if vers.code_sha256 != verzoek.code_sha256:
            raise InvoerFout("Er is intussen een nieuwe code gestuurd.", actie="Gebruik die code.", veld="code")
        vers.sessie_sha256, vers.code_sha256 = afdruk, ""
        vers.code_verloopt_op = op + SESSIE_GELDIG
        vers.save(update_fields=["sessie_sha256", "code_sha256", "code_verloopt_op"])
        log_schrijven(Logpost(keten=keten_van(referentie), handeling="code_juist", op=op))
    return geheim


def sessie_klopt(verzoek: Referentieverzoek, sessie: str, op: datetime) -> bool:
    """Whether this browser typed the right code, less than an hour ago."""
    if not (sessie and verzoek.sessie_sha256) or verzoek.code_verloopt_op is None or op >= verzoek.code_verloopt_op:
        return False
    return hmac.compare_digest(vingerafdruk(sessie), verzoek.sessie_sha256)


@in_het_nederlands
def referentie_beantwoorden(
    *,
    verzoek: Referentieverzoek,
    sessie: str,
    uitkomst: str,
    antwoorden: dict[str, Any],
    herkomst: Herkomst,
    op: datetime,
    taal: str = "nl",
) -> Referentie:
    """The final submit: stores the answer with its evidence, uses the link up, runs the flag rules and concludes.

    ``uitkomst``: ``bevestigd``, ``ontkend`` or ``geweigerd``. Two at once: one answer, the other is told so.
    """
    overgang = {
        vragen.BEVESTIGD: "beantwoorden",
        vragen.ONTKEND: "ontkennen",
        vragen.GEWEIGERD: "weigeren",
    }.get(uitkomst)
    vreemd = set(antwoorden) - set(vragen.VRAGEN)
    if overgang is None or vreemd:
        raise InvoerFout("Dit antwoord hoort niet bij de vragen.", actie="Kies een van de antwoorden op de pagina.")
    with transaction.atomic():
        referentie, verzoek = _geldig(verzoek, op)
        if not sessie_klopt(verzoek, sessie, op):
            raise OvergangFout("Uw code is verlopen.", actie="Vraag een nieuwe code aan.", code="code-verlopen")
        inhoud = {**antwoorden, "uitkomst": uitkomst, "taal": taal}
        antwoord = Referentieantwoord.objects.create(
            verzoek=verzoek,
            antwoorden=inhoud,
            tekst_sha256=vragen.tekst_sha256(taal),
            sha256=vragen.digest(inhoud),
            op=op,
            ip=herkomst.ip or None,
            browser=herkomst.browser[:300],
            herkomst_wissen_op=wissen_op(op),
        )
        verzoek.verbruikt_op, verzoek.code_sha256, verzoek.sessie_sha256 = op, "", ""
        verzoek.save(update_fields=["verbruikt_op", "code_sha256", "sessie_sha256"])
        referentie = overgang_toepassen(
            referentie,
            overgang,
            actor=None,
            op=op,
            vergrendeld=True,
            gegevens={"antwoord_sha256": antwoord.sha256, "tekst_sha256": antwoord.tekst_sha256},
        )
        if uitkomst == vragen.GEWEIGERD:
            aanvrager_inlichten(referentie=referentie, code="referentie_geweigerd", op=op)
        else:
            referentie = _afronden(referentie, antwoord, herkomst, op)
        toets_herzien(referentie.aanvraag, op=op)
    return referentie


def _afronden(referentie: Referentie, antwoord: Referentieantwoord, herkomst: Herkomst, op: datetime) -> Referentie:
    """To control when a rule fired or the lot fell on it, else confirmed."""
    vlaggen = signalen(invoer_van(referentie, _antwoord(referentie, antwoord, herkomst)), VLAG)
    signalen_vastleggen(referentie, vlaggen, op=op)
    codes = [signaal.code for signaal in vlaggen]
    if not codes and in_steekproef(referentie, op=op):
        _steekproefsignaal(referentie, op)
        codes = ["steekproef"]
    gegevens = {"regels": codes, "regelversie": VERSIE}
    if codes:
        return overgang_toepassen(
            referentie, "in_controle_nemen", actor=None, op=op, vergrendeld=True, gegevens=gegevens
        )
    return overgang_toepassen(
        referentie,
        "bevestigen",
        actor=None,
        op=op,
        vergrendeld=True,
        geldig_tot=geldig_tot(referentie, op),
        gegevens=gegevens,
    )


def _antwoord(referentie: Referentie, antwoord: Referentieantwoord, herkomst: Herkomst) -> Antwoord:
    bericht, inhoud = antwoord.verzoek.bericht, antwoord.antwoorden
    verstuurd = bericht.verzonden_op if bericht is not None else None
    ips = referentie.aanvraag.herkomst.filter(wissen_op__gt=antwoord.op).values_list("ip", flat=True)
    return Antwoord(
        op=antwoord.op,
        verstuurd_op=verstuurd or antwoord.verzoek.verstuurd_op,
        tekst=str(inhoud.get("werk", "")),
        ip=herkomst.ip,
        ips_aanvrager=frozenset(ips),
        eigen_sessie=herkomst.eigen_sessie,
        relatie=inhoud.get("relatie") == "ja",
        ontkend=inhoud["uitkomst"] == vragen.ONTKEND,
        andere_teksten=andere_teksten(referentie),
    )


def _steekproefsignaal(referentie: Referentie, op: datetime) -> None:
    steekproef = steekproef_vastleggen(tijdvak=referentie.aanvraag.tijdvak, op=op)
    Referentiesignaal.objects.get_or_create(
        referentie=referentie,
        code="steekproef",
        defaults={
            "soort": Signaalsoort.STEEKPROEF,
            "uitleg": "Het lot viel op deze referentie. Er is geen aanwijzing dat er iets niet klopt.",
            "gegevens": {
                "kenmerk": kenmerk(referentie.pk),
                "lot": lot(bytes.fromhex(steekproef.zaad), referentie.pk),
                "promille": steekproef.promille,
            },
            "regelversie": VERSIE,
            "op": op,
        },
    )
