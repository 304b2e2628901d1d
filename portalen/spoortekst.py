"""The trail in plain words: what a line of the log means for a reader. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aanvragen.enums import Toetsuitkomst
from kern.models import LogRegel
from portalen.spoorzinnen_commissie import ZINNEN_COMMISSIE
from portalen.templatetags.stimulans import datum, datumtijd, euro, getal

_l = gettext_lazy
#: (model of the chain, act) → sentence without subject.
ZINNEN = {
    ("aanvraag", "aanvraag_beginnen"): _l("Begon met de aanvraag"),
    ("aanvraag", "stap_bewaren"): _l("Bewaarde een onderdeel van het concept"),
    ("aanvraag", "ter_ondertekening_leggen"): _l("Zette de aanvraag klaar om te ondertekenen"),
    ("aanvraag", "ter_ondertekening_teruggeven"): _l("Gaf de aanvraag terug zonder te ondertekenen"),
    ("aanvraag", "aanvraag_overdragen"): _l("Droeg de aanvraag over"),
    ("aanvraag", "machtiging_bevestigen"): _l("Bevestigde dat de aanvrager gemachtigd is"),
    ("aanvraag", "indienen"): _l("Verstuurde de aanvraag"),
    ("aanvraag", "verlopen"): _l("Het concept is verlopen"),
    ("aanvraag", "contact_wijzigen"): _l("Wijzigde de contactgegevens"),
    ("aanvraag", "in_behandeling_nemen"): _l("Nam de zaak in behandeling"),
    ("aanvraag", "aanvulling_vragen"): _l("Vroeg om aanvulling"),
    ("aanvraag", "aanvulling_verlengen"): _l("Gaf meer tijd om aan te vullen"),
    ("aanvraag", "zaak_overnemen"): _l("Nam de zaak over"),
    ("aanvraag", "zaak_overdragen"): _l("Droeg de zaak over"),
    ("aanvraag", "bericht_lezen"): _l("Las een bericht in de postbus"),
    ("aanvraag", "bericht_posten"): _l("Verstuurde een bericht per post"),
    ("aanvraag", "bericht_onbestelbaar"): _l("Een e-mail over een bericht kwam niet aan; het bericht gaat per post"),
    ("aanvraag", "aanvullen"): _l("De behandeling gaat verder"),
    ("aanvraag", "compleet_verklaren"): _l("Verklaarde de aanvraag compleet"),
    ("aanvraag", "bijlage_nasturen"): _l("Stuurde een bijlage na"),
    ("aanvraag", "bijlage_besmet"): _l("In een bijlage is een virus gevonden"),
    ("aanvraag", "papier_ontvangen"): _l("Legde de ontvangst op papier vast"),
    ("aanvraag", "papierscan_toevoegen"): _l("Voegde een scan toe"),
    ("aanvraag", "papierscan_verwijderen"): _l("Haalde een scan weg"),
    ("aanvraag", "papieraanvulling_beginnen"): _l("Legde de ontvangst van een aanvulling op papier vast"),
    ("aanvraag", "papieraanvulling_stoppen"): _l("Stopte met het invoeren van een aanvulling op papier"),
    ("aanvulling", "aanvulling_bewaren"): _l("Bewaarde een onderdeel van de aanvulling"),
    ("papieraanvulling", "papieraanvulling_beginnen"): _l("Legde de ontvangst van een aanvulling op papier vast"),
    ("papieraanvulling", "aanvulling_bewaren"): _l("Nam een onderdeel over van het papier"),
    ("papieraanvulling", "papierscan_toevoegen"): _l("Voegde een scan toe"),
    ("papieraanvulling", "papierscan_verwijderen"): _l("Haalde een scan weg"),
    ("papieraanvulling", "papieraanvulling_versturen"): _l("Verstuurde de aanvulling op papier"),
    ("papieraanvulling", "papieraanvulling_stoppen"): _l("Stopte met het invoeren van een aanvulling op papier"),
    ("aanvraag", "toets_beoordelen"): _l("Beoordeelde een toets"),
    ("aanvraag", "buiten_behandeling_stellen"): _l("De aanvraag wordt niet behandeld"),
    ("aanvraag", "in_verdeling_nemen"): _l("De aanvraag staat op de bevroren lijst"),
    ("aanvraag", "selecteren"): _l("De aanvraag is geselecteerd; het bedrag is gereserveerd"),
    ("aanvraag", "op_reservelijst_plaatsen"): _l("De aanvraag staat op de reservelijst"),
    ("aanvraag", "niet_selecteren"): _l("De aanvraag is niet geselecteerd"),
    ("aanvraag", "verlenen"): _l("De subsidie is verleend"),
    ("aanvraag", "afwijzen"): _l("De aanvraag is afgewezen"),
    ("aanvraag", "uitvoering_beginnen"): _l("Het project is begonnen"),
    ("aanvraag", "vaststelling_vragen"): _l("Vroeg om vaststelling"),
    ("aanvraag", "vaststellen"): _l("De subsidie is vastgesteld"),
    ("aanvraag", "afsluiten"): _l("De zaak is afgesloten"),
    ("aanvraag", "intrekken"): _l("Trok de aanvraag in"),
    ("aanvraag", "besluit_intrekken"): _l("De verlening is ingetrokken"),
    ("aanvraag", "terugvorderen"): _l("De subsidie wordt teruggevorderd"),
    ("aanvraag", "historisch_vastleggen"): _l("Overgenomen uit een bestand"),
    ("besluit", "voorstellen"): _l("Stelde een besluit voor"),
    ("besluit", "terugnemen"): _l("Stuurde het voorstel voor een besluit terug"),
    ("besluit", "ondertekenen"): _l("Ondertekende het besluit"),
    ("besluit", "verzenden"): _l("Verzond het besluit"),
    ("voucher", "uitgeven"): _l("De voucher is uitgegeven"),
    ("voucher", "aanhouden"): _l("De voucher is aangehouden"),
    ("voucher", "vrijgeven"): _l("Gaf de voucher weer vrij"),
    ("referentie", "blokkeren"): _l("Een regel blokkeerde de referentie"),
    ("referentie", "klaarzetten"): _l("De referentie is klaar om uit te nodigen"),
    ("referentie", "uitnodigen"): _l("De referent is uitgenodigd"),
    ("referentie", "herinneren"): _l("De referent kreeg een herinnering"),
    ("referentie", "onbestelbaar_melden"): _l("Het bericht aan de referent kwam terug"),
    ("referentie", "verlopen"): _l("De referent antwoordde niet op tijd"),
    ("referentie", "code_sturen"): _l("Iemand drukte op de knop; er is een code gestuurd"),
    ("referentie", "code_juist"): _l("De referent vulde de juiste code in"),
    ("referentie", "beantwoorden"): _l("De referent antwoordde"),
    ("referentie", "ontkennen"): _l("De referent ontkende"),
    ("referentie", "weigeren"): _l("De referent wil niet meewerken"),
    ("referentie", "in_controle_nemen"): _l("De referentie kwam in controle"),
    ("referentie", "bevestigen"): _l("De referentie is bevestigd"),
    ("referentie", "niet_bevestigen"): _l("De referentie is niet bevestigd"),
    ("referentie", "intrekken"): _l("De referentie is ingetrokken"),
    ("referentie", "vervangen_worden"): _l("De aanvrager noemde een andere referentie"),
    ("referentie", "referentie_vervangen"): _l("Kwam in de plaats van een andere referentie"),
    ("referentie", "controle_terugbellen"): _l("Belde de referent terug"),
    ("referentie", "controle_adviseur_gehoord"): _l("Hoorde de adviseur"),
    ("referentie", "controle_voorstel"): _l("Stelde voor om niet te bevestigen"),
    ("referentie", "controle_akkoord"): _l("Ging akkoord met het voorstel"),
    ("referentie", "controle_niet_akkoord"): _l("Ging niet akkoord met het voorstel"),
    ("aanvraag", "eindscore_vastleggen"): _l("Legde de eindscore vast"),
    ("aanvraag", "herstellen"): _l("De aanvraag doet weer mee na een beslissing op bezwaar"),
    ("aanvraag", "referentie_vervangen"): _l("Noemde een andere referentie"),
    ("tijdvak", "referentiesteekproef_vastleggen"): _l("Het zaad van de steekproef van referenties is vastgelegd"),
    ("tijdvak", "teksten_vergelijken"): _l("Teksten van aanvragen zijn vergeleken"),
    ("voucher", "opdragen"): _l("Legde de opdracht aan de adviseur vast"),
    ("voucher", "declareren"): _l("De voucher is gedeclareerd"),
    ("voucher", "verzilveren"): _l("De voucher is verzilverd"),
    ("voucher", "verlopen"): _l("De voucher is verlopen"),
    ("voucher", "intrekken"): _l("De voucher is ingetrokken"),
    ("declaratie", "declaratie_beginnen"): _l("Begon met de declaratie"),
    ("declaratie", "kostenregel_toevoegen"): _l("Voegde een factuur toe"),
    ("declaratie", "kostenregel_verwijderen"): _l("Haalde een factuur weg"),
    ("declaratie", "indienen"): _l("Diende de declaratie in"),
    ("declaratie", "in_controle_nemen"): _l("Nam de declaratie in controle"),
    ("declaratie", "aanvulling_vragen"): _l("Vroeg aanvulling van de declaratie"),
    ("declaratie", "aanvullen"): _l("Vulde de declaratie aan"),
    ("declaratie", "kostenregel_beoordelen"): _l("Beoordeelde een regel van de declaratie"),
    ("declaratie", "goedkeuren"): _l("Keurde de declaratie goed"),
    ("declaratie", "deels_goedkeuren"): _l("Keurde de declaratie deels goed"),
    ("declaratie", "afkeuren"): _l("Keurde de declaratie af"),
    ("aanvraag", "cursist_aanmelden"): _l("Meldde een deelnemer aan voor de leergang"),
    ("aanvraag", "cursist_afmelden"): _l("Meldde een deelnemer af voor de leergang"),
    ("aanvraag", "deelnemer_vertrekken"): _l("Legde vast dat een deelnemer vertrekt"),
    ("betaling", "klaarzetten"): _l("Zette een betaling klaar"),
    ("betaling", "accorderen"): _l("Accordeerde de betaling"),
    ("betaling", "op_lijst_zetten"): _l("Zette de betaling op een betaallijst"),
    ("betaling", "betalen"): _l("Bevestigde de betaling"),
    ("betaling", "weigeren"): _l("De bank stuurde de betaling terug"),
    ("loting", "voorbereiden"): _l("Bereidde de loting voor"),
    ("loting", "bevriezen"): _l("Bevroor de lijst"),
    ("loting", "publiceren"): _l("Publiceerde de hash"),
    ("loting", "dobbelstenen_invoeren"): _l("Voerde de cijfers van de dobbelstenen in"),
    ("loting", "dobbelstenen_verschillen"): _l("De twee invoeren van de dobbelstenen verschilden"),
    ("loting", "weigeren"): _l("Een stap van de loting is geweigerd"),
    ("loting", "bronnen_vastleggen"): _l("Legde de bronnen vast"),
    ("loting", "trekken"): _l("Voerde de trekking uit"),
    ("loting", "verdelen"): _l("Het geld is verdeeld volgens de uitslag"),
    ("loting", "vaststellen"): _l("Stelde de loting vast"),
    ("loting", "beginnen"): _l("De uitkomsten zijn in de zaken verwerkt"),
    ("loting", "sluiten"): _l("De reservelijst is vervallen"),
    ("loting", "ongeldig_verklaren"): _l("Verklaarde de loting ongeldig"),
    ("loting", "vervangen_worden"): _l("De lijst is vervangen"),
    ("tijdvak", "publiceren"): _l("Publiceerde het tijdvak"),
    ("tijdvak", "openen"): _l("Het tijdvak ging open"),
    ("tijdvak", "sluiten"): _l("Het tijdvak sloot"),
    ("tijdvak", "dag_verwerken"): _l("De aanvragen van een dag zijn verwerkt"),
    ("tijdvak", "verdeling_beginnen"): _l("De verdeling begon"),
    ("tijdvak", "verdelen"): _l("De verdeling is klaar"),
    ("tijdvak", "afhandelen"): _l("Het tijdvak is afgehandeld"),
    ("tijdvak", "intrekken"): _l("Trok het tijdvak in"),
    ("tijdvak", "verlengen"): _l("Verlengde het tijdvak na een storing"),
    ("tijdvak", "plafond_ophogen"): _l("Verhoogde het plafond"),
    ("tijdvak", "catalogus_aangemaakt"): _l("Las het tijdvak uit een regelingsbestand"),
    ("regelingvoorstel", "voorstel_maken"): _l("Begon met het voorstel"),
    ("regelingvoorstel", "voorstel_bewerken"): _l("Bewaarde een andere tekst"),
    ("regelingvoorstel", "voorstel_basis_bijwerken"): _l("Bekeek het verschil met de nieuwere versie"),
    ("regelingvoorstel", "proefronde_aanvragen"): _l("Liet een proefronde spelen"),
    ("regelingvoorstel", "aanbieden"): _l("Bood het voorstel aan"),
    ("regelingvoorstel", "terugnemen"): _l("Nam het voorstel terug"),
    ("regelingvoorstel", "publiceren"): _l("Publiceerde het voorstel"),
    ("regelingvoorstel", "afwijzen"): _l("Wees het voorstel af"),
    ("regelingvoorstel", "intrekken"): _l("Trok het voorstel in"),
    ("tijdvak", "catalogus_gewijzigd"): _l("Las een nieuwe versie uit een regelingsbestand"),
}


@dataclass(frozen=True)
class Gebeurtenis:
    """One line of the trail for a reader. ``wie`` is a name or "het systeem"."""

    op: datetime
    wie: str
    wat: str
    reden: str
    bijzonder: str


def gebeurtenissen(regels: Iterable[LogRegel]) -> list[Gebeurtenis]:
    """The lines in words, in the order given. Needs ``select_related("actor")``."""
    return [gebeurtenis(regel) for regel in regels]


def gebeurtenis(regel: LogRegel) -> Gebeurtenis:
    soort = regel.keten.partition(":")[0]
    zin = ZINNEN.get((soort, regel.handeling)) or ZINNEN_COMMISSIE.get((soort, regel.handeling))
    return Gebeurtenis(
        op=regel.op,
        wie=str(regel.actor) if regel.actor else _("het systeem"),
        wat=str(zin) if zin else regel.handeling.replace("_", " ").capitalize(),
        reden=regel.reden,
        bijzonder=_voorstel(regel.gegevens)
        if soort == "regelingvoorstel"
        else _bijzonder(regel.handeling, regel.gegevens),
    )


def _voorstel(gegevens: dict[str, Any]) -> str:
    """Which text of a scheme it was about."""
    if "sha256" not in gegevens:
        return ""
    return _("Bewerking %(nummer)s, vingerafdruk %(som)s…") % {
        "nummer": gegevens.get("nummer", ""),
        "som": gegevens["sha256"][:16],
    }


def _bijzonder(handeling: str, gegevens: dict[str, Any]) -> str:
    """What the line says besides the act, in words."""
    if handeling == "toets_beoordelen":
        oordeel = gegevens.get("oordeel", "")
        label = Toetsuitkomst(oordeel).label if oordeel in Toetsuitkomst.values else oordeel
        return _("Toets “%(toets)s”: %(oordeel)s") % {"toets": gegevens.get("toets", ""), "oordeel": label}
    if handeling == "contact_wijzigen":
        return "; ".join(f"{oud or _('leeg')} → {nieuw or _('leeg')}" for oud, nieuw in gegevens.values())
    if handeling == "stap_bewaren" and gegevens.get("velden"):
        return _("Gewijzigd: %(velden)s") % {
            "velden": ", ".join(veld.removeprefix("nulmeting_").replace("_", " ") for veld in gegevens["velden"])
        }
    if handeling in {"bericht_lezen", "bericht_posten", "bericht_onbestelbaar"}:
        return str(gegevens.get("onderwerp", ""))
    if handeling == "aanvulling_verlengen" and gegevens.get("tot"):
        return _("Tot en met %(dag)s") % {"dag": datum(date.fromisoformat(gegevens["tot"]))}
    if handeling in {"papieraanvulling_beginnen", "aanvullen"} and gegevens.get("ontvangen_op"):
        moment = datetime.fromisoformat(gegevens["ontvangen_op"])
        return _("Op papier ontvangen op %(moment)s") % {"moment": datumtijd(moment)}
    if handeling == "aanvulling_bewaren":
        return str(gegevens.get("onderdeel", ""))
    if handeling == "stap_bewaren" and gegevens.get("stap"):
        return str(gegevens["stap"]).capitalize()
    if handeling == "aanvraag_overdragen":
        return _("Van %(van)s naar %(aan)s") % {
            "van": gegevens.get("van") or _("niemand"),
            "aan": gegevens.get("aan", ""),
        }
    if handeling == "aanvulling_vragen" and gegevens.get("onderdelen"):
        return "; ".join(str(deel) for deel in gegevens["onderdelen"])
    if handeling in {"kostenregel_toevoegen", "kostenregel_verwijderen", "kostenregel_beoordelen"}:
        bedrag = gegevens.get("goedgekeurd", gegevens.get("bedrag", ""))
        return _("Factuur %(nummer)s: %(bedrag)s") % {
            "nummer": gegevens.get("factuurnummer", ""),
            "bedrag": euro(bedrag),
        }
    if handeling == "verlengen" and gegevens.get("nieuw"):
        return _("Sluit nu op %(nieuw)s") % {"nieuw": datumtijd(datetime.fromisoformat(gegevens["nieuw"]), "s")}
    if handeling == "plafond_ophogen":
        return _("Het plafond is nu %(nieuw)s") % {"nieuw": getal(gegevens.get("nieuw", ""))}
    return ""
