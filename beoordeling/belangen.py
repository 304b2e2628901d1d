"""Finds interests of a committee member in an application (design 05 part 3). Pure: facts in, reasons out.

A fact that is missing (no KvK number, a public mail provider) is no match. Finding nothing is no proof: the member
still signs a statement per application.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from aanvragen.contactgegevens import eigen_domein, mail_genormaliseerd, zelfde_domein
from beoordeling.enums_commissie import Belangsoort


@dataclass(frozen=True)
class Lidfeiten:
    """What we know of a member. ``samenwerkingen``: KvK number → what they did together. ``organisaties``: keys of the
    organisations that the member may act for; ``machtigt_kvk``: their KvK numbers. ``adviseerde``: keys of applicants
    that the member advised before. Addresses as ``adres_genormaliseerd`` gives them."""

    email: str
    kvk: str = ""
    adres: str = ""
    samenwerkingen: dict[str, str] = field(default_factory=dict)
    organisaties: frozenset[object] = frozenset()
    machtigt_kvk: frozenset[str] = frozenset()
    adviseerde: frozenset[object] = frozenset()

    @property
    def mailbox(self) -> str:
        return mail_genormaliseerd(self.email)

    @property
    def domein(self) -> str:
        return eigen_domein(self.email)


@dataclass(frozen=True)
class Zaakfeiten:
    """What we know of an application. ``kvk``: the applicant's, of the firms in its group and of who applies along.
    ``domeinen``: own domains of the contact and of who may act for any of those that apply. Advisers and referees by
    normalised mailbox and KvK number."""

    organisatie: object
    naam: str
    kvk: frozenset[str]
    adres: str = ""
    domeinen: frozenset[str] = frozenset()
    adviseurs: frozenset[str] = frozenset()
    adviseur_kvk: frozenset[str] = frozenset()
    referenten: frozenset[str] = frozenset()
    referent_kvk: frozenset[str] = frozenset()


def vind_belangen(lid: Lidfeiten, zaak: Zaakfeiten) -> list[tuple[Belangsoort, str]]:
    """(kind, reason in Dutch) of every interest, each kind at most once."""
    return list(_zoek(lid, lid.mailbox, lid.domein, zaak))


def _zoek(lid: Lidfeiten, mailbox: str, domein: str, zaak: Zaakfeiten) -> Iterator[tuple[Belangsoort, str]]:
    if zaak.organisatie in lid.organisaties:
        yield Belangsoort.GEMACHTIGD, f"Het lid mag handelen voor {zaak.naam}."
    elif groep := sorted(zaak.kvk & lid.machtigt_kvk):
        yield Belangsoort.GEMACHTIGD, f"Het lid mag handelen voor een bedrijf in de groep (KvK {groep[0]})."
    if lid.kvk and lid.kvk in zaak.kvk:
        yield (
            Belangsoort.WERKGEVER,
            f"Het lid werkt bij de aanvrager of een bedrijf in zijn groep (KvK {lid.kvk}).",
        )
    if any(zelfde_domein(domein, ander) for ander in zaak.domeinen):
        yield Belangsoort.MAILDOMEIN, f"Het lid en de aanvrager mailen allebei vanaf {domein}."
    if mailbox in zaak.adviseurs:
        yield Belangsoort.ADVISEUR, "Het lid is adviseur bij deze aanvraag."
    elif lid.kvk and lid.kvk in zaak.adviseur_kvk:
        yield Belangsoort.ADVISEUR, f"Het adviesbureau bij deze aanvraag (KvK {lid.kvk}) is de werkgever van het lid."
    if mailbox in zaak.referenten:
        yield Belangsoort.REFERENT, "Het lid is referent bij deze aanvraag."
    elif lid.kvk and lid.kvk in zaak.referent_kvk:
        yield (
            Belangsoort.REFERENT,
            f"Een referent bij deze aanvraag werkt bij dezelfde organisatie (KvK {lid.kvk}).",
        )
    gedeeld = sorted(zaak.kvk & lid.samenwerkingen.keys())
    if gedeeld:
        yield Belangsoort.SAMENWERKING, f"Het lid werkte samen met de aanvrager: {lid.samenwerkingen[gedeeld[0]]}"
    elif zaak.organisatie in lid.adviseerde:
        yield Belangsoort.SAMENWERKING, "Het lid was adviseur bij een eerdere aanvraag van deze aanvrager."
    if lid.adres and lid.adres == zaak.adres:
        yield Belangsoort.ADRES, "Het lid en de aanvrager hebben hetzelfde adres."
