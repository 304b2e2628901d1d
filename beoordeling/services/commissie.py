"""Setting up a committee: the committee itself, members with terms, knowledge, earlier work, and the scoring term."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from aanvragen.models.organisatie import kvk_geldig
from beoordeling.commissieregels import eis_reden
from beoordeling.enums_commissie import SCHRIJFBAAR, Commissierol, Kennis, Toewijzingstatus
from beoordeling.models import Commissie, Commissielid, Deskundigheid, Samenwerking, Toewijzing
from beoordeling.selectors_commissie import ROL_NODIG, lidmaatschappen
from beoordeling.services.belang_zoeken import lid_nazien
from kern.enums import Rol
from kern.fouten import DomeinFout, InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.models import Thema, Tijdvak


@contextmanager
def weigering_in_spoor(obj: models.Model, handeling: str, *, actor: Gebruiker | None, op: datetime) -> Iterator[None]:
    """Writes a refusal to the trail of ``obj`` before it goes on to the caller. Wrap it round the transaction."""
    try:
        yield
    except DomeinFout as fout:
        log_schrijven(
            Logpost(
                keten=keten_van(obj),
                handeling=f"{handeling}_geweigerd",
                op=op,
                actor=actor,
                reden=str(fout),
                gegevens={"code": fout.code},
            )
        )
        raise


def eis_commissierol(commissie: Commissie, actor: Gebruiker | None, *rollen: Commissierol, op: datetime) -> None:
    """:class:`RechtenFout` unless the person has one of these roles in this committee now. ``None`` is the system."""
    if actor is None:
        return
    plaatsen = lidmaatschappen(actor, timezone.localdate(op)).filter(commissie=commissie, rol__in=rollen)
    if not plaatsen.exists():
        namen = " of ".join(str(rol.label).lower() for rol in rollen)
        raise RechtenFout(
            f"Dit mag alleen de {namen} van deze commissie.", actie="Vraag een collega met deze rol om het te doen."
        )


def commissie_instellen(
    *, tijdvak: Tijdvak, naam: str, scoren_tot: datetime, actor: Gebruiker | None, op: datetime
) -> Commissie:
    """One committee per round, for a scheme that has criteria."""
    eis_rol(actor, Rol.BEHEERDER)
    if not tijdvak.spec.criteria:
        raise OvergangFout(
            "Deze regeling heeft geen criteria; een commissie beoordeelt hier niets.",
            actie="Zet de criteria in het regelingsbestand.",
            code="geen-criteria",
        )
    _eis_toekomst(scoren_tot, op)
    with transaction.atomic():
        if Commissie.objects.filter(tijdvak=tijdvak).exists():
            raise OvergangFout("Dit tijdvak heeft al een commissie.", actie="Ga verder met die commissie.")
        commissie = Commissie.objects.create(
            tijdvak=tijdvak,
            naam=naam.strip() or f"Commissie {tijdvak.naam}",
            scoren_tot=scoren_tot,
            zaad=secrets.token_hex(32),
            ingesteld_op=op,
            ingesteld_door=actor,
        )
        _log(commissie, "commissie_instellen", actor, op, scoren_tot=scoren_tot)
    return commissie


def _eis_toekomst(scoren_tot: datetime, op: datetime) -> None:
    if scoren_tot <= op:
        raise InvoerFout(
            "De laatste dag om te beoordelen ligt in het verleden.", actie="Kies een latere dag.", veld="scoren_tot"
        )


def _log(commissie: Commissie, handeling: str, actor: Gebruiker | None, op: datetime, **gegevens: object) -> None:
    log_schrijven(Logpost(keten=keten_van(commissie), handeling=handeling, op=op, actor=actor, gegevens=gegevens))


@dataclass(frozen=True)
class Lidgegevens:
    """``van`` and ``tot``: first and last day. Employer and address serve to find interests, and nothing else."""

    rol: Commissierol
    van: date
    tot: date | None = None
    organisatie: str = ""
    kvk_nummer: str = ""
    straat: str = ""
    postcode: str = ""
    hoogstens: int | None = None


def _eis_gegevens(gebruiker: Gebruiker, gegevens: Lidgegevens) -> None:
    nodig = ROL_NODIG[gegevens.rol]
    if nodig not in gebruiker.rollen:
        raise InvoerFout(
            f"{gebruiker} heeft de rol {Rol(nodig).label.lower()} niet.",
            actie="Geef deze persoon eerst die rol bij Beheer.",
            veld="gebruiker",
        )
    if gegevens.tot is not None and gegevens.tot < gegevens.van:
        raise InvoerFout("De laatste dag ligt voor de eerste.", actie="Verbeter de datums.", veld="tot")
    if gegevens.kvk_nummer:
        try:
            kvk_geldig(gegevens.kvk_nummer)
        except ValidationError as fout:
            raise InvoerFout(str(fout.message), actie="Controleer het nummer.", veld="kvk_nummer") from fout


def lid_benoemen(
    *, commissie: Commissie, gebruiker: Gebruiker, gegevens: Lidgegevens, actor: Gebruiker | None, op: datetime
) -> Commissielid:
    """Appoints a member, or changes term and facts of one. A term that has ended can be given a later end.
    Interests in the applications of the round are looked for at once: chair and secretary see them all."""
    eis_rol(actor, Rol.BEHEERDER)
    if actor is not None and actor == gebruiker:
        raise RechtenFout("U kunt uzelf niet benoemen.", actie="Vraag een andere beheerder.", code="vier-ogen")
    _eis_gegevens(gebruiker, gegevens)
    with transaction.atomic():
        lid, nieuw = Commissielid.objects.update_or_create(
            commissie=commissie,
            gebruiker=gebruiker,
            defaults=asdict(gegevens),
            create_defaults={**asdict(gegevens), "benoemd_op": op, "benoemd_door": actor},
        )
        handeling = "lid_benoemen" if nieuw else "lid_wijzigen"
        tot = gegevens.tot.isoformat() if gegevens.tot else ""
        _log(commissie, handeling, actor, op, lid=str(gebruiker), rol=gegevens.rol, van=gegevens.van, tot=tot)
        lid_nazien(lid, op=op, actor=actor)
    return lid


def deskundigheid_bewaren(
    *, lid: Commissielid, niveaus: Mapping[Thema, Kennis], actor: Gebruiker | None, op: datetime
) -> None:
    """What the member knows, for all themes at once; a theme that is not named is no particular knowledge."""
    _eis_zelf_of_leiding(lid, actor, op)
    with transaction.atomic():
        lid.deskundigheden.all().delete()
        Deskundigheid.objects.bulk_create(
            [Deskundigheid(lid=lid, thema=thema, niveau=niveau) for thema, niveau in niveaus.items()]
        )
        themas = {thema.code: str(niveau) for thema, niveau in niveaus.items()}
        _log(lid.commissie, "deskundigheid_bewaren", actor, op, lid=str(lid), themas=themas)


def _eis_zelf_of_leiding(lid: Commissielid, actor: Gebruiker | None, op: datetime) -> None:
    if actor is not None and actor.pk != lid.gebruiker_id and Rol.BEHEERDER not in actor.rollen:
        eis_commissierol(lid.commissie, actor, Commissierol.SECRETARIS, op=op)


def samenwerking_melden(
    *, lid: Commissielid, organisatie: str, kvk_nummer: str, toelichting: str, actor: Gebruiker | None, op: datetime
) -> Samenwerking:
    """An organisation that the member worked with; its applications go to others from now on."""
    _eis_zelf_of_leiding(lid, actor, op)
    toelichting = eis_reden(toelichting, "Wat u samen deed,", "toelichting")
    try:
        kvk_geldig(kvk_nummer)
    except ValidationError as fout:
        raise InvoerFout(str(fout.message), actie="Controleer het nummer.", veld="kvk_nummer") from fout
    with transaction.atomic():
        rij, _nieuw = Samenwerking.objects.update_or_create(
            lid=lid,
            kvk_nummer=kvk_nummer,
            defaults={"organisatie": organisatie.strip()[:200], "toelichting": toelichting[:300], "op": op},
        )
        _log(lid.commissie, "samenwerking_melden", actor, op, lid=str(lid), kvk_nummer=kvk_nummer)
        lid_nazien(lid, op=op, actor=actor)
    return rij


def beoordeeltermijn_verlengen(
    *, commissie: Commissie, scoren_tot: datetime, reden: str, actor: Gebruiker | None, op: datetime
) -> Commissie:
    """Gives all who still have to hand in more time, with a reason."""
    eis_commissierol(commissie, actor, Commissierol.SECRETARIS, Commissierol.VOORZITTER, op=op)
    reden = eis_reden(reden, "De reden")
    _eis_toekomst(scoren_tot, op)
    with transaction.atomic():
        commissie = Commissie.objects.select_for_update().get(pk=commissie.pk)
        if scoren_tot <= commissie.scoren_tot:
            raise InvoerFout("Dit is geen verlenging.", actie="Kies een latere dag dan nu.", veld="scoren_tot")
        oud, commissie.scoren_tot = commissie.scoren_tot, scoren_tot
        commissie.save(update_fields=["scoren_tot"])
        Toewijzing.objects.filter(
            lid__commissie=commissie,
            status__in=[*SCHRIJFBAAR, Toewijzingstatus.VOORGESTELD],
            scoren_tot__lt=scoren_tot,
        ).update(scoren_tot=scoren_tot)
        log_schrijven(
            Logpost(
                keten=keten_van(commissie),
                handeling="beoordeeltermijn_verlengen",
                op=op,
                actor=actor,
                reden=reden,
                gegevens={"van": oud, "tot": scoren_tot},
            )
        )
    return commissie
