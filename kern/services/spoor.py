"""Writing and checking the trail."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from kern.models import Gebruiker, LogRegel, Zegel, Zegelregel
from kern.spoor import BEGIN, regelhash, zegelhash

verzoek_id: ContextVar[str] = ContextVar("verzoek_id", default="")


@dataclass(frozen=True)
class Logpost:
    """What a service wants to have on record. ``gegevens`` must be small and hold no secrets (BIO2 8.15.02)."""

    keten: str
    handeling: str
    op: datetime
    actor: Gebruiker | None = None
    van: str = ""
    naar: str = ""
    reden: str = ""
    gegevens: dict[str, Any] = field(default_factory=dict)


def keten_van(obj: models.Model) -> str:
    """Chain of an object: ``aanvraag:<pk>``."""
    return f"{obj._meta.model_name}:{obj.pk}"


def _regel(post: Logpost, volgnr: int, vorige: str) -> LogRegel:
    # The hash is taken over what the database gives back, so values pass through JSON first.
    gegevens = json.loads(json.dumps(post.gegevens, cls=DjangoJSONEncoder))
    regel = LogRegel(
        keten=post.keten,
        volgnr=volgnr,
        op=post.op,
        actor=post.actor,
        handeling=post.handeling,
        van=post.van,
        naar=post.naar,
        reden=post.reden,
        gegevens=gegevens,
        verzoek=verzoek_id.get(),
        vorige=vorige,
    )
    regel.hash = _herbereken(regel)
    return regel


def _herbereken(regel: LogRegel) -> str:
    return regelhash(
        keten=regel.keten,
        volgnr=regel.volgnr,
        op=regel.op,
        actor=regel.actor_id,
        handeling=regel.handeling,
        van=regel.van,
        naar=regel.naar,
        reden=regel.reden,
        gegevens=regel.gegevens,
        verzoek=regel.verzoek,
        vorige=regel.vorige,
    )


def log_schrijven(post: Logpost) -> LogRegel:
    """Adds one line to its chain, inside the caller's transaction."""
    with transaction.atomic():
        if connection.vendor == "postgresql":  # one writer per chain; SQLite has one writer anyway
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [post.keten])
        laatste = LogRegel.objects.filter(keten=post.keten).order_by("-volgnr").values_list("volgnr", "hash").first()
        volgnr, vorige = laatste or (0, BEGIN)
        regel = _regel(post, volgnr + 1, vorige)
        regel.save(force_insert=True)
    return regel


def log_in_bulk(posten: Sequence[Logpost]) -> None:
    """Adds at most one line to each of many chains, inside the caller's transaction.

    The caller holds the row locks of the objects; a chain that grew meanwhile breaks the unique constraint.
    """
    laatste: dict[str, tuple[int, str]] = {}
    ketens = [post.keten for post in posten]
    for begin in range(0, len(ketens), 500):
        deel = LogRegel.objects.filter(keten__in=ketens[begin : begin + 500]).order_by("volgnr")
        laatste.update({keten: (nr, hash_) for keten, nr, hash_ in deel.values_list("keten", "volgnr", "hash")})
    regels = []
    for post in posten:
        volgnr, vorige = laatste.get(post.keten, (0, BEGIN))
        regels.append(_regel(post, volgnr + 1, vorige))
    LogRegel.objects.bulk_create(regels, batch_size=500)


def log_beginnen(posten: Iterable[Logpost]) -> int:
    """First lines of many new chains in one go (imports). Fails on a chain that exists."""
    return len(LogRegel.objects.bulk_create([_regel(post, 1, BEGIN) for post in posten], batch_size=500))


def log_verzegelen(*, op: datetime) -> Zegel | None:
    """Seals all lines that have no seal yet; ``None`` when there are none. Run by the worker."""
    with transaction.atomic():
        vorig = Zegel.objects.select_for_update().order_by("-nr").first()
        regels = list(LogRegel.objects.filter(zegelregel=None).order_by("id").values_list("id", "hash"))
        if not regels:
            return None
        nr = vorig.nr + 1 if vorig else 1
        vorige = vorig.hash if vorig else BEGIN
        zegel = Zegel.objects.create(
            nr=nr,
            op=op,
            aantal=len(regels),
            vorige=vorige,
            hash=zegelhash(nr=nr, vorige=vorige, hashes=(hash_ for _, hash_ in regels)),
        )
        Zegelregel.objects.bulk_create([Zegelregel(zegel=zegel, logregel_id=pk) for pk, _ in regels], batch_size=500)
    return zegel


def spoor_controleren() -> Iterator[str]:
    """Recomputes every chain and seal; yields one Dutch line per break, nothing when all is well."""
    yield from _ketens_nalopen(LogRegel.objects.all())
    vorige = BEGIN
    for zegel in Zegel.objects.order_by("nr"):
        regels = Zegelregel.objects.filter(zegel=zegel).order_by("logregel_id")
        hashes = list(regels.values_list("logregel__hash", flat=True))
        if len(hashes) != zegel.aantal:
            yield f"zegel {zegel.nr}: {zegel.aantal - len(hashes)} regels ontbreken"
        if zegel.vorige != vorige or zegel.hash != zegelhash(nr=zegel.nr, vorige=vorige, hashes=hashes):
            yield f"zegel {zegel.nr} is verbroken"
        vorige = zegel.hash


def ketens_controleren(ketens: Sequence[str]) -> Iterator[str]:
    """The same for some chains only, without the seals: what an auditor asks about one case."""
    yield from _ketens_nalopen(LogRegel.objects.filter(keten__in=ketens))


def _ketens_nalopen(regels: models.QuerySet[LogRegel]) -> Iterator[str]:
    vorige_keten, volgnr, vorige = "", 0, BEGIN
    for regel in regels.order_by("keten", "volgnr").iterator(chunk_size=2000):
        if regel.keten != vorige_keten:
            vorige_keten, volgnr, vorige = regel.keten, 0, BEGIN
        if regel.volgnr != volgnr + 1:
            yield f"{regel.keten}: regel {volgnr + 1} ontbreekt"
        if regel.vorige != vorige:
            yield f"{regel.keten}: regel {regel.volgnr} sluit niet aan op de vorige"
        if regel.hash != _herbereken(regel):
            yield f"{regel.keten}: regel {regel.volgnr} is gewijzigd"
        volgnr, vorige = regel.volgnr, regel.hash
