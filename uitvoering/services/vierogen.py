"""Four eyes over a whole case: who handled, judged or proposed does not sign, and none of those pays.

Everything comes from the trail: losing a role, handing the case over or proposing anew changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from aanvragen.services.overdracht import behandelaars_van
from kern.fouten import RechtenFout
from kern.models import Gebruiker, LogRegel
from uitvoering.models import Besluit, Betaling, Declaratie

#: Acts by which somebody checked a claim.
CONTROLE = ("in_controle_nemen", "kostenregel_beoordelen", "goedkeuren", "deels_goedkeuren", "afkeuren")

Personen = dict[UUID, set[int]]


def beoordelaars_van(aanvragen: Collection[UUID]) -> Personen:
    """Per application: who had it in hand, judged a check, or checked a claim. The number of queries is fixed."""
    declaraties = Declaratie.objects.filter(aanvraag__in=aanvragen).values_list("pk", "aanvraag")
    ketens = {f"declaratie:{pk}": aanvraag for pk, aanvraag in declaraties}
    return _samen(behandelaars_van(aanvragen), _actoren(ketens, CONTROLE))


def mag_niet_ondertekenen(aanvragen: Collection[UUID]) -> Personen:
    """Per application who does not sign its decisions: those, and who ever proposed one."""
    return _samen(beoordelaars_van(aanvragen), _actoren(_besluitketens(aanvragen), ("voorstellen",)))


def mag_niet_accorderen(aanvragen: Collection[UUID]) -> Personen:
    """Per application who does not approve its payments: who handled or judged it, proposed, signed or sent."""
    besloten = _actoren(_besluitketens(aanvragen), ("voorstellen", "ondertekenen", "verzenden"))
    return _samen(beoordelaars_van(aanvragen), besloten)


def eis_tweede_persoon(betaling: Betaling, actor: Gebruiker) -> None:
    """Raises :class:`RechtenFout` for who put the payment ready, or had any part in what led to it."""
    zaak = betaling.aanvraag_id
    if actor == betaling.klaargezet_door:
        reden = "Wie de betaling klaarzet, accordeert haar niet."
    elif actor.pk in mag_niet_accorderen([zaak])[zaak]:
        reden = "Wie de zaak behandelde, de declaratie controleerde of het besluit nam, accordeert de betaling niet."
    else:
        return
    raise RechtenFout(reden, actie="Vraag een collega.", code="vier-ogen")


def eis_ondertekenaar(besluit: Besluit, actor: Gebruiker) -> None:
    """Raises :class:`RechtenFout` for who prepared the decision in any way."""
    aanvraag = besluit.aanvraag
    if actor in {besluit.voorgesteld_door, aanvraag.behandelaar}:
        reden = "Wie de aanvraag behandelt of het besluit voorstelt, ondertekent het niet."
    elif actor.pk in mag_niet_ondertekenen([aanvraag.pk])[aanvraag.pk]:
        reden = "Wie de aanvraag behandelde, een toets beoordeelde of de declaratie controleerde, ondertekent niet."
    else:
        return
    raise RechtenFout(reden, actie="Vraag een andere beslisser.", code="vier-ogen")


def _besluitketens(aanvragen: Collection[UUID]) -> dict[str, UUID]:
    besluiten = Besluit.objects.filter(aanvraag__in=aanvragen).values_list("pk", "aanvraag")
    return {f"besluit:{pk}": aanvraag for pk, aanvraag in besluiten}


def _actoren(ketens: dict[str, UUID], handelingen: Iterable[str]) -> Personen:
    """Who did one of these acts, per application; ``ketens``: chain of the trail → application."""
    regels = LogRegel.objects.filter(keten__in=ketens, handeling__in=list(handelingen), actor__isnull=False)
    uit: Personen = {}
    for keten, actor in regels.values_list("keten", "actor"):
        uit.setdefault(ketens[keten], set()).add(actor)
    return uit


def _samen(eerste: Personen, tweede: Personen) -> Personen:
    return {pk: personen | tweede.get(pk, set()) for pk, personen in eerste.items()}
