"""What the trail of committees says, in words: (model of the chain, act) → sentence without subject."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _l

ZINNEN_COMMISSIE = {
    ("aanvraag", "belang_vastleggen"): _l("Legde een belang van een commissielid vast"),
    ("aanvraag", "belang_opheffen"): _l("Hief een belang van een commissielid op"),
    ("aanvraag", "belang_toegang_geweigerd"): _l("Wilde iets doen ondanks een belang; dat is geweigerd"),
    ("aanvraag", "verschoning"): _l("Een commissielid deed niet mee aan de bespreking"),
    ("aanvraag", "eindscore_vastleggen"): _l("De eindscore is vastgelegd"),
    ("toewijzing", "voorstellen"): _l("Stelde een beoordelaar voor"),
    ("toewijzing", "aanvaarden"): _l("Aanvaardde de aanvraag en verklaarde geen belang te hebben"),
    ("toewijzing", "aanvaarden_geweigerd"): _l("Aanvaarden is geweigerd"),
    ("toewijzing", "weigeren"): _l("Weigerde de aanvraag te beoordelen"),
    ("toewijzing", "belang_melden"): _l("Beoordeelt niet vanwege een belang"),
    ("toewijzing", "vervallen"): _l("De toewijzing verviel"),
    ("toewijzing", "beginnen"): _l("Begon met beoordelen"),
    ("toewijzing", "scores_bewaren_geweigerd"): _l("Bewaren van scores is geweigerd"),
    ("toewijzing", "indienen"): _l("Diende de beoordeling in"),
    ("toewijzing", "beoordeling_indienen_geweigerd"): _l("Indienen van de beoordeling is geweigerd"),
    ("toewijzing", "heropenen"): _l("Heropende de beoordeling"),
    ("toewijzing", "heropenen_geweigerd"): _l("Heropenen is geweigerd"),
    ("toewijzing", "vaststellen"): _l("De beoordeling staat vast; alle beoordelingen zijn binnen"),
    ("aanvraagbeoordeling", "compleet_melden"): _l("Alle beoordelingen zijn binnen"),
    ("aanvraagbeoordeling", "consistent_verklaren"): _l("De beoordelaars zijn het eens"),
    ("aanvraagbeoordeling", "divergent_verklaren"): _l("De beoordelaars verschillen"),
    ("aanvraagbeoordeling", "bespreken"): _l("De bespreking begon"),
    ("aanvraagbeoordeling", "consensus_voorstellen"): _l("Stelde gezamenlijke scores voor"),
    ("aanvraagbeoordeling", "consensus_voorstellen_geweigerd"): _l("Een voorstel is geweigerd"),
    ("aanvraagbeoordeling", "consensus_beantwoorden"): _l("Antwoordde op het voorstel"),
    ("aanvraagbeoordeling", "consensus_beantwoorden_geweigerd"): _l("Een antwoord op het voorstel is geweigerd"),
    ("aanvraagbeoordeling", "derde_vragen"): _l("Vroeg een derde beoordelaar"),
    ("aanvraagbeoordeling", "voorleggen"): _l("Legde de aanvraag voor aan de vergadering"),
    ("aanvraagbeoordeling", "voorleggen_geweigerd"): _l("Voorleggen aan de vergadering is geweigerd"),
    ("aanvraagbeoordeling", "score_vastleggen"): _l("De eindscore staat vast"),
}
