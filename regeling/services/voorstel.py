"""Proposals for a version of a scheme: making, editing, offering, and publishing by a second person."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from django.db import transaction

from kern.enums import Rol
from kern.fouten import BestandFout, InvoerFout, OvergangFout, RechtenFout, Regelfout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.enums import Voorstelstatus
from regeling.lezen import MAXIMUM_BYTES, digest, lees_regeling
from regeling.models import Regeling, Regelingversie, Regelingvoorstel, Voorstelbewerking
from regeling.selectors_voorstel import (
    controleer,
    eigen_bezwaren,
    spec_van_voorstel,
    tekst_van_versie,
    versie_van_kracht,
)
from regeling.services.catalogus import Laadverslag, regeling_laden

BESTANDSNAAM_MAXIMUM = 120


def tekst_uit_bestand(inhoud: bytes, bestand: str) -> str:
    """The text of an uploaded file, with lines that end in a newline only. Raises :class:`BestandFout` when it cannot
    be kept as text; whether it is a good scheme file is another matter."""
    if len(inhoud) > MAXIMUM_BYTES:
        _weiger(bestand, "het bestand", "te-groot", "Het bestand is groter dan 1 megabyte. Maak het kleiner.")
    try:
        tekst = inhoud.decode("utf-8-sig")
    except UnicodeDecodeError as fout:
        nummer = inhoud.count(b"\n", 0, fout.start) + 1
        _weiger(
            bestand,
            f"regel {nummer}",
            "codering",
            "Hier staat een teken dat geen UTF-8 is. Bewaar het bestand als UTF-8.",
        )
    return _schoon(tekst, bestand)


def voorstel_maken(
    *,
    regeling: Regeling | None,
    actor: Gebruiker,
    op: datetime,
    inhoud: bytes | None = None,
    bestand: str = "",
) -> Regelingvoorstel:
    """A draft: from the content of a file, or without ``inhoud`` from the version in force of ``regeling``.

    A file of which the key belongs to a scheme that exists becomes a draft of that scheme.
    """
    eis_rol(actor, Rol.BEHEERDER)
    with transaction.atomic():
        if inhoud is not None:
            bestand = (bestand.replace("\\", "/").rsplit("/", 1)[-1] or "bestand.toml")[-BESTANDSNAAM_MAXIMUM:]
            tekst = tekst_uit_bestand(inhoud, bestand)
            regeling = regeling or _regeling_in(inhoud, bestand)
        basis = versie_van_kracht(regeling) if regeling else None
        if inhoud is None:
            if regeling is None or basis is None:
                raise InvoerFout("Kies een regeling of een bestand om mee te beginnen.", veld="regeling")
            bestand, tekst = f"{regeling.sleutel}.toml", tekst_van_versie(basis)
        voorstel = Regelingvoorstel.objects.create(
            regeling=regeling,
            basis=basis,
            bestand=bestand,
            tekst=tekst,
            gemaakt_op=op,
            gemaakt_door=actor,
            bewerkt_op=op,
            bewerkt_door=actor,
        )
        Voorstelbewerking.objects.create(voorstel=voorstel, nummer=1, tekst=tekst, op=op, door=actor)
        _noteer(voorstel, "voorstel_maken", actor, op, basis=basis.sha256 if basis else "")
    return voorstel


def voorstel_bewerken(
    *, voorstel: Regelingvoorstel, tekst: str, nummer: int, actor: Gebruiker, op: datetime
) -> Regelingvoorstel:
    """Keeps a new text. ``nummer``: the edit that the writer began from; when somebody saved since, it is refused with
    code ``intussen-gewijzigd`` and nothing is lost: every edit is kept. The same text writes nothing."""
    eis_rol(actor, Rol.BEHEERDER)
    with transaction.atomic():
        voorstel = vergrendel(voorstel)
        _eis_concept(voorstel)
        tekst = _schoon(tekst, voorstel.bestand)
        if tekst == voorstel.tekst:
            return voorstel
        if nummer != voorstel.nummer:
            raise OvergangFout(
                f"{voorstel.bewerkt_door} heeft dit voorstel bewaard nadat u het opende.",
                actie="Bekijk wat er is gewijzigd, neem over wat u wilt houden en bewaar opnieuw.",
                code="intussen-gewijzigd",
            )
        if len(tekst.encode()) > MAXIMUM_BYTES:
            melding = "Het bestand is groter dan 1 megabyte. Maak het kleiner."
            _weiger(voorstel.bestand, "het bestand", "te-groot", melding)
        voorstel.tekst, voorstel.nummer = tekst, voorstel.nummer + 1
        voorstel.bewerkt_op, voorstel.bewerkt_door = op, actor
        voorstel.save(update_fields=["tekst", "nummer", "bewerkt_op", "bewerkt_door"])
        Voorstelbewerking.objects.create(voorstel=voorstel, nummer=voorstel.nummer, tekst=tekst, op=op, door=actor)
        _noteer(voorstel, "voorstel_bewerken", actor, op)
    return voorstel


def voorstel_basis_bijwerken(*, voorstel: Regelingvoorstel, actor: Gebruiker, op: datetime) -> Regelingvoorstel:
    """The writer has seen the difference with the version that came into force meanwhile."""
    eis_rol(actor, Rol.BEHEERDER)
    with transaction.atomic():
        voorstel = vergrendel(voorstel)
        _eis_concept(voorstel)
        basis = versie_van_kracht(voorstel.regeling) if voorstel.regeling else None
        if basis is None or basis.pk == voorstel.basis_id:
            return voorstel
        voorstel.basis = basis
        voorstel.save(update_fields=["basis"])
        _noteer(voorstel, "voorstel_basis_bijwerken", actor, op, basis=basis.sha256)
    return voorstel


def voorstel_aanbieden(*, voorstel: Regelingvoorstel, actor: Gebruiker, op: datetime) -> Regelingvoorstel:
    """To a second person; only what could be published now. Raises :class:`BestandFout` with every objection."""
    eis_rol(actor, Rol.BEHEERDER)
    with transaction.atomic():
        voorstel = vergrendel(voorstel)
        _eis_actueel(voorstel)
        uitslag = controleer(voorstel, op)
        if uitslag.fouten or uitslag.verboden:
            raise BestandFout(
                "Dit voorstel kan nog niet worden aangeboden.",
                [*uitslag.fouten, *uitslag.verboden],
                actie="Verbeter het voorstel. Er is niets gewijzigd.",
            )
        return overgang_toepassen(
            voorstel, "aanbieden", actor=actor, op=op, vergrendeld=True, gegevens=_gegevens(voorstel)
        )


def voorstel_terugnemen(*, voorstel: Regelingvoorstel, actor: Gebruiker, op: datetime) -> Regelingvoorstel:
    """Back to the draft, to go on writing."""
    eis_rol(actor, Rol.BEHEERDER)
    return overgang_toepassen(voorstel, "terugnemen", actor=actor, op=op)


def voorstel_intrekken(*, voorstel: Regelingvoorstel, reden: str, actor: Gebruiker, op: datetime) -> Regelingvoorstel:
    """Not wanted any more; the text stays readable."""
    eis_rol(actor, Rol.BEHEERDER)
    return overgang_toepassen(voorstel, "intrekken", actor=actor, op=op, reden=_reden(reden))


def voorstel_afwijzen(*, voorstel: Regelingvoorstel, reden: str, actor: Gebruiker, op: datetime) -> Regelingvoorstel:
    """By a second person, with a reason."""
    eis_rol(actor, Rol.BEHEERDER)
    with transaction.atomic():
        voorstel = vergrendel(voorstel)
        eis_tweede(voorstel, actor)
        return overgang_toepassen(
            voorstel,
            "afwijzen",
            actor=actor,
            op=op,
            reden=_reden(reden),
            vergrendeld=True,
            gegevens=_gegevens(voorstel),
        )


def voorstel_publiceren(
    *, voorstel: Regelingvoorstel, nummer: int, actor: Gebruiker, op: datetime
) -> tuple[Regelingvoorstel, Laadverslag]:
    """Loads the text as ``laad_regelingen`` does, by somebody who never wrote in it. ``nummer``: the edit that this
    person looked at. Raises :class:`BestandFout` with every objection; then nothing changed."""
    eis_rol(actor, Rol.BEHEERDER)
    with transaction.atomic():
        if voorstel.regeling_id is not None:
            Regeling.objects.select_for_update().get(pk=voorstel.regeling_id)
        voorstel = vergrendel(voorstel)
        eis_tweede(voorstel, actor)
        if voorstel.status != Voorstelstatus.AANGEBODEN or voorstel.nummer != nummer:
            raise OvergangFout(
                f"Dit voorstel is intussen gewijzigd. Het heeft nu de status “{voorstel.get_status_display()}”.",
                actie="Bekijk het voorstel opnieuw.",
                code="intussen-gewijzigd",
            )
        _eis_actueel(voorstel)
        spec = spec_van_voorstel(voorstel)
        bezwaren = eigen_bezwaren(voorstel, spec)
        if bezwaren:
            raise BestandFout("Dit voorstel kan niet worden gepubliceerd.", bezwaren)
        verslag = regeling_laden(inhoud=voorstel.tekst.encode("utf-8"), bestand=voorstel.bestand, actor=actor, op=op)
        regeling = Regeling.objects.get(sleutel=spec.regeling.sleutel)
        versie = Regelingversie.objects.get(regeling=regeling, sha256=digest(spec))
        voorstel.regeling = regeling
        voorstel = overgang_toepassen(
            voorstel,
            "publiceren",
            actor=actor,
            op=op,
            vergrendeld=True,
            gegevens={**_gegevens(voorstel), "regelingversie": versie.sha256, "versie": versie.versie},
            versie=versie,
        )
    return voorstel, verslag


def schrijvers(voorstel: Regelingvoorstel) -> set[UUID | int]:
    """Keys of everybody who ever wrote in the text."""
    return {voorstel.gemaakt_door_id, *voorstel.bewerkingen.values_list("door_id", flat=True)}


def eis_tweede(voorstel: Regelingvoorstel, actor: Gebruiker) -> None:
    """Four eyes: who made the proposal or wrote in it does not decide on it."""
    if actor.pk in schrijvers(voorstel):
        raise RechtenFout(
            "U hebt zelf aan dit voorstel geschreven.",
            actie="Vraag een andere beheerder om het te publiceren of af te wijzen.",
            code="vier-ogen",
        )


def _eis_concept(voorstel: Regelingvoorstel) -> None:
    if voorstel.status != Voorstelstatus.CONCEPT:
        raise OvergangFout(
            f"Dit voorstel heeft de status “{voorstel.get_status_display()}” en is niet te bewerken.",
            actie="Neem een aangeboden voorstel eerst terug, of begin een nieuw voorstel.",
        )


def _eis_actueel(voorstel: Regelingvoorstel) -> None:
    geldend = versie_van_kracht(voorstel.regeling) if voorstel.regeling else None
    if geldend is not None and geldend.pk != voorstel.basis_id:
        raise OvergangFout(
            f"Sinds dit voorstel is begonnen, is versie {geldend.versie} van kracht geworden.",
            actie="Bekijk het verschil met die versie en bevestig in het concept dat u dat hebt gezien.",
            code="basis-verouderd",
        )


def _regeling_in(inhoud: bytes, bestand: str) -> Regeling | None:
    """The scheme that a file is about, if it can be read and the scheme exists."""
    try:
        spec = lees_regeling(inhoud, bestand)
    except BestandFout:
        return None
    return Regeling.objects.filter(sleutel=spec.regeling.sleutel).first()


def _schoon(tekst: str, bestand: str) -> str:
    tekst = tekst.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in tekst:
        plek = f"regel {tekst.count(chr(10), 0, tekst.index(chr(0))) + 1}"
        _weiger(bestand, plek, "tekst", "Hier staat een onzichtbaar teken. Dit lijkt geen tekstbestand.")
    return tekst


def _reden(reden: str) -> str:
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Schrijf kort op waarom.", veld="reden")
    return reden.strip()


def _weiger(bestand: str, plek: str, regel: str, melding: str) -> NoReturn:
    raise BestandFout(f"Het regelingsbestand {bestand} is geweigerd: 1 fout.", [Regelfout(plek, regel, melding)])


def _gegevens(voorstel: Regelingvoorstel) -> dict[str, Any]:
    """What of the text goes on record: which edit, and the digest of its bytes."""
    return {"nummer": voorstel.nummer, "sha256": hashlib.sha256(voorstel.tekst.encode()).hexdigest()}


def _noteer(voorstel: Regelingvoorstel, handeling: str, actor: Gebruiker, op: datetime, **gegevens: Any) -> None:
    log_schrijven(
        Logpost(
            keten=keten_van(voorstel),
            handeling=handeling,
            op=op,
            actor=actor,
            gegevens={**_gegevens(voorstel), "bestand": voorstel.bestand, **gegevens},
        )
    )
