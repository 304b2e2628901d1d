"""Running the checks and recording an officer's judgement."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from aanvragen.berekening import NUL, Berekening, bereken
from aanvragen.enums import OPEN_VOOR_BEHANDELING, Bron, Status, Toetsuitkomst
from aanvragen.models import Aanvraag, Begrotingsregel, Machtiging, Organisatie, Toets
from aanvragen.referentietoets import Referentiegegevens
from aanvragen.register.gegevens import Registergegevens, verschillen
from aanvragen.rules import handelt_voor_aanvrager, handelt_voor_deelnemer
from aanvragen.selectors import afgeschermd_voor, als_aanvrager, certificaat_geldig, emails_van, ondernemingen_rond
from aanvragen.services.steun import eigen_deel, steunbeeld, verwachte_verlening
from aanvragen.toetsen import VERSIE, Toetsinvoer, Toetsresultaat, toets_alles
from aanvragen.toetsen_onderneming import Registerbeeld
from aanvragen.vertegenwoordiging import CODE, Vertegenwoordiging, toets_vertegenwoordiging
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven

#: Until there is a decision; afterwards its grounds stand in the decision.
TE_BEOORDELEN = OPEN_VOOR_BEHANDELING | {
    Status.COMPLEET,
    Status.IN_VERDELING,
    Status.GESELECTEERD,
    Status.RESERVE,
    Status.NIET_GESELECTEERD,
}


def eis_behandelaar(actor: Gebruiker, aanvraag: Aanvraag) -> None:
    """An officer, and never for an organisation that the officer acts for."""
    eis_rol(actor, Rol.BEHANDELAAR)
    eis_geen_belang(actor, aanvraag)


def eis_geen_belang(actor: Gebruiker | None, aanvraag: Aanvraag) -> None:
    """Nobody handles, decides or pays an application that they act or acted for or have another interest in."""
    if actor is not None and handelt_voor_aanvrager(actor, aanvraag):
        raise RechtenFout(
            "U handelt zelf voor deze aanvrager en mag de aanvraag niet behandelen.", actie="Draag de zaak over."
        )
    if actor is not None and handelt_voor_deelnemer(actor, aanvraag):
        raise RechtenFout(
            "U handelt zelf voor een deelnemer van deze groep en mag de aanvraag niet behandelen.",
            actie="Draag de zaak over.",
        )
    if actor is not None and Aanvraag.objects.filter(als_aanvrager(actor), pk=aanvraag.pk).exists():
        raise RechtenFout(
            "U was zelf betrokken bij deze aanvraag, aan de kant van de aanvrager, en mag haar niet behandelen.",
            actie="Laat de zaak aan een collega.",
            code="aanvrager",
        )
    if actor is not None and Aanvraag.objects.filter(afgeschermd_voor(actor), pk=aanvraag.pk).exists():
        raise RechtenFout(
            "U hebt een belang bij deze aanvraag en mag haar niet behandelen.",
            actie="Draag de zaak over.",
            code="belang",
        )


def berekening_van(aanvraag: Aanvraag, begroting: list[Begrotingsregel]) -> Berekening:
    """Costs and subsidy of the whole; in a group where each member has its own amount, the sum of those."""
    spec = aanvraag.tijdvak.spec
    groep = spec.aanvrager.consortium
    if groep is None or not groep.bedrag_per_deelnemer:
        return bereken(spec, begroting)
    rijen = list(aanvraag.deelnemers.all())
    kosten = sum((rij.kosten or NUL for rij in rijen), NUL)
    subsidie = sum((rij.bedrag or NUL for rij in rijen), NUL)
    return Berekening(kosten=kosten, subsidie=subsidie, eigen_bijdrage=kosten - subsidie, regels=())


def toetsinvoer(aanvraag: Aanvraag, op: datetime) -> Toetsinvoer:
    """Gathers what the checks look at. Before submission ``op`` stands for the moment of receipt."""
    organisatie, adviseur, spec = aanvraag.organisatie, aanvraag.adviseur, aanvraag.tijdvak.spec
    eis = spec.adviseur
    begroting = list(aanvraag.begroting.all())
    ander = Aanvraag.objects.filter(tijdvak=aanvraag.tijdvak).exclude(pk=aanvraag.pk).exclude(kenmerk="")
    # Two requests can reach the server at the same moment: then the receipt number decides.
    moment, gelijk = aanvraag.ingediend_op or op, Q(kenmerk__lt=aanvraag.kenmerk) if aanvraag.kenmerk else Q()
    eerder = ander.filter(Q(ingediend_op__lt=moment) | (Q(ingediend_op=moment) & gelijk), organisatie=organisatie)
    eerder = eerder.exclude(status__in=["ingetrokken", "buiten_behandeling"])
    iban = aanvraag.iban
    zelfde = ander.filter(iban=iban).exclude(organisatie=organisatie) if iban else ander.none()
    return Toetsinvoer(
        ingediend_op=aanvraag.ingediend_op or op,
        sluit_op=aanvraag.tijdvak.sluit_op,
        kvk_nummer=organisatie.kvk_nummer,
        rechtsvorm=organisatie.rechtsvorm,
        sbi_code=organisatie.sbi_code,
        sbi_versie=organisatie.sbi_versie,
        provincie=organisatie.provincie,
        werkzame_personen=organisatie.werkzame_personen,
        omzet=organisatie.omzet,
        balanstotaal=organisatie.balanstotaal,
        start_op=aanvraag.start_op,
        eind_op=aanvraag.eind_op,
        contact_email=aanvraag.contact_email,
        iban=iban,
        themas=list(aanvraag.gekozen_themas.values_list("thema__code", flat=True)),
        doelen=aanvraag.doelen,
        antwoorden=aanvraag.antwoorden,
        berekening=(berekening := berekening_van(aanvraag, begroting)),
        eigen_subsidie=eigen_deel(aanvraag, berekening.subsidie, [organisatie.kvk_nummer]),
        tarieven=[(regel.kostensoort, regel.tarief) for regel in begroting],
        adviseur_email=adviseur.email if adviseur else "",
        bureau_kvk=adviseur.bureau.kvk_nummer if adviseur and adviseur.bureau else "",
        adviseur_gecertificeerd=bool(adviseur and adviseur.gecertificeerd),
        heeft_adviseur=adviseur is not None,
        referenties=[
            Referentiegegevens(r.organisatie, r.email, r.kvk_nummer, r.status) for r in aanvraag.referenties.all()
        ],
        verklaringen=dict(aanvraag.verklaringen.values_list("code", "akkoord")),
        bijlagen=frozenset(aanvraag.bijlagen.filter(verwijderd_op=None).values_list("code", flat=True)),
        eerdere_aanvragen=list(eerder.order_by("ingediend_op").values_list("kenmerk", flat=True)[:10]),
        zelfde_iban=list(zelfde.values_list("kenmerk", flat=True)[:10]),
        verstuurd=bool(aanvraag.kenmerk),
        certificaat_geldig=bool(adviseur and eis.alternatieven and certificaat_geldig(adviseur, op)),
        emails_aanvrager=emails_van(organisatie) if adviseur and eis.onafhankelijk else frozenset(),
        naam=organisatie.naam,
        stuks=aanvraag.gevraagd_stuks,
        deelnemers=list(aanvraag.deelnemers.values_list("kvk_nummer", "rol")) if spec.aanvrager.consortium else [],
        register=registerbeeld(organisatie),
        groep=ondernemingen_rond(organisatie) if spec.aanvrager.mkb else [],
        omvang_vorig=organisatie.omvang_vorig,
        publiek=organisatie.publiek,
        publiek_aandeel=organisatie.publiek_aandeel,
        steun=steunbeeld(aanvraag, verwachte_verlening(aanvraag, op))
        if spec.subsidie.staatssteun == "de-minimis"
        else None,
    )


def registerbeeld(organisatie: Organisatie) -> Registerbeeld:
    """What the register said of an organisation, against what stands there now."""
    bewaard = organisatie.register_gegevens
    gegevens = Registergegevens.uit_json(bewaard["gegevens"]) if bewaard.get("gegevens") else None
    anders = verschillen(vars(organisatie), gegevens) if gegevens else []
    return Registerbeeld(
        stand=organisatie.register_stand,
        op=organisatie.register_op,
        verschillen=[(deel.naam, deel.getypt, deel.register) for deel in anders],
        uitgeschreven_op=gegevens.uitgeschreven_op if gegevens else None,
        bron=bewaard.get("bron", "kvk"),
    )


def toetsen_vooraf(aanvraag: Aanvraag, op: datetime) -> list[Toetsresultaat]:
    """The checks as they would come out now; nothing is stored. Shown before submitting."""
    tijdvak = aanvraag.tijdvak
    return [
        *toets_alles(toetsinvoer(aanvraag, op), tijdvak.spec, tijdvak.tijdvakspec),
        *toets_vertegenwoordiging(vertegenwoordiging(aanvraag)),
    ]


def vertegenwoordiging(aanvraag: Aanvraag) -> Vertegenwoordiging | None:
    """Who acts for the applicant and whether that was established; ``None`` where no person of the portal does."""
    persoon = aanvraag.ingediend_door or aanvraag.verantwoordelijke or aanvraag.aangemaakt_door
    if persoon is None or aanvraag.bron != Bron.PORTAAL:
        return None
    machtiging = machtiging_achter(aanvraag, persoon)
    if machtiging is None:
        return Vertegenwoordiging(naam=str(persoon), bron="", bevestigd_op=None)
    return Vertegenwoordiging(
        naam=str(persoon), bron=machtiging.get_bron_display(), bevestigd_op=machtiging.bevestigd_op
    )


def machtiging_achter(aanvraag: Aanvraag, persoon: Gebruiker) -> Machtiging | None:
    """The mandate under which the person acted: a confirmed one first, else the last; also when it ended since."""
    rijen = Machtiging.objects.filter(gebruiker=persoon, organisatie=aanvraag.organisatie_id)
    return rijen.order_by(F("bevestigd_op").desc(nulls_last=True), "-verleend_op", "-pk").first()


def vertegenwoordiging_hertoetsen(*, aanvraag: Aanvraag, op: datetime) -> None:
    """Looks again at who acts, and at nothing else: the other checks stay as they were at receipt."""
    for resultaat in toets_vertegenwoordiging(vertegenwoordiging(aanvraag)):
        toets = aanvraag.toetsen.filter(code=CODE).first()
        if toets is None or toets.uitkomst == resultaat.uitkomst:
            continue
        toets.uitkomst, toets.uitleg, toets.invoer, toets.op = (
            resultaat.uitkomst, resultaat.uitleg, resultaat.invoer, op,
        )  # fmt: skip
        toets.save(force_update=True)


def toetsen_uitvoeren(*, aanvraag: Aanvraag, op: datetime, alleen: Collection[str] | None = None) -> list[Toets]:
    """Runs and stores the checks; an earlier judgement of an officer stays when the outcome is the same.

    ``alleen``: codes of the only checks that are looked at again.
    """
    resultaten = [r for r in toetsen_vooraf(aanvraag, op) if alleen is None or r.code in alleen]
    with transaction.atomic():
        oud = {toets.code: toets for toets in aanvraag.toetsen.all() if alleen is None or toets.code in alleen}
        nieuw: list[Toets] = []
        gewijzigd: list[Toets] = []
        for resultaat in resultaten:
            toets = oud.pop(resultaat.code, None) or Toets(aanvraag=aanvraag, code=resultaat.code)
            # With another explanation "judge yourself" asks something else than what the officer answered.
            anders = resultaat.uitkomst == Toetsuitkomst.HANDMATIG and toets.uitleg != resultaat.uitleg
            if toets.uitkomst != resultaat.uitkomst or anders:
                toets.oordeel, toets.oordeel_reden, toets.oordeel_op, toets.oordeel_door = "", "", None, None
            toets.naam, toets.artikel, toets.soort = resultaat.naam, resultaat.artikel, resultaat.soort
            toets.uitkomst, toets.uitleg, toets.invoer = resultaat.uitkomst, resultaat.uitleg, resultaat.invoer
            toets.versie, toets.op = VERSIE, op
            (gewijzigd if toets.pk else nieuw).append(toets)
        Toets.objects.bulk_create(nieuw)
        for toets in gewijzigd:
            toets.save(force_update=True)
        aanvraag.toetsen.filter(pk__in=[toets.pk for toets in oud.values()]).delete()
    return [*gewijzigd, *nieuw]


def toetsen_herhalen(*, organisatie: Organisatie, codes: frozenset[str], op: datetime) -> int:
    """Runs these checks again on every application of an organisation that waits for a decision."""
    zaken = Aanvraag.objects.filter(organisatie=organisatie, status__in=TE_BEOORDELEN).exclude(bron=Bron.IMPORT)
    wachtend = list(zaken.order_by("pk"))
    for aanvraag in wachtend:
        with transaction.atomic():
            aanvraag = vergrendel(aanvraag)
            if aanvraag.status in TE_BEOORDELEN:
                toetsen_uitvoeren(aanvraag=aanvraag, op=op, alleen=codes)
    return len(wachtend)


def toets_beoordelen(*, toets: Toets, oordeel: Toetsuitkomst, reden: str, actor: Gebruiker, op: datetime) -> Toets:
    """An officer's judgement over one check, with a reason."""
    eis_behandelaar(actor, toets.aanvraag)
    if oordeel == Toetsuitkomst.HANDMATIG:
        raise InvoerFout("Kies of de aanvraag aan deze eis voldoet of niet.")
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Schrijf kort op waarom u dit vindt.", veld="reden")
    with transaction.atomic():
        aanvraag = vergrendel(toets.aanvraag)
        if aanvraag.status not in TE_BEOORDELEN:
            raise OvergangFout(
                f"De aanvraag is “{aanvraag.get_status_display()}”; een toets beoordelen kan niet meer.",
                actie="De gronden staan in het besluit.",
            )
        toets = Toets.objects.select_for_update(of=("self",)).select_related("aanvraag").get(pk=toets.pk)
        toets.oordeel, toets.oordeel_reden, toets.oordeel_op, toets.oordeel_door = oordeel, reden.strip(), op, actor
        toets.save(force_update=True)
        gegevens: dict[str, Any] = {"toets": toets.code, "uitkomst": toets.uitkomst, "oordeel": str(oordeel)}
        log_schrijven(
            Logpost(
                keten=keten_van(toets.aanvraag),
                handeling="toets_beoordelen",
                op=op,
                actor=actor,
                reden=reden.strip(),
                gegevens=gegevens,
            )
        )
    return toets
