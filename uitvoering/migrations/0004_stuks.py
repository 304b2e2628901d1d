"""A decision can give vouchers or places; what was signed stays fixed, with their number."""

from importlib import import_module

from django.db import migrations, models

from kern.onveranderlijk import opgeheven, vast_zodra

_eerder = import_module("uitvoering.migrations.0002_vast")
_GETEKEND = "OLD.status IN ('ondertekend', 'verzonden')"


class Migration(migrations.Migration):
    dependencies = [("aanvragen", "0009_stuks"), ("uitvoering", "0003_referenties")]

    operations = [
        opgeheven(vast_zodra("uitvoering_besluit", _GETEKEND, _eerder.KOLOMMEN)),
        migrations.RemoveConstraint(model_name="besluit", name="besluit_verlening_heeft_bedrag"),
        migrations.AddField(
            model_name="besluit", name="stuks", field=models.PositiveIntegerField(blank=True, null=True)
        ),
        migrations.AddConstraint(
            model_name="besluit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("soort__in", ["verlening", "vaststelling"]), _negated=True),
                    ("bedrag__isnull", False),
                    models.Q(("soort", "verlening"), ("stuks__gt", 0)),
                    _connector="OR",
                ),
                name="besluit_verlening_heeft_bedrag",
            ),
        ),
        migrations.AlterField(
            model_name="besluit",
            name="grond",
            field=models.CharField(
                blank=True,
                choices=[
                    ("plafond", "Het subsidieplafond is bereikt"),
                    ("een_per_aanvrager", "Er is al een aanvraag van dezelfde aanvrager"),
                    ("doelgroep", "De aanvrager hoort niet tot de doelgroep"),
                    ("voorwaarden", "De aanvraag voldoet niet aan de voorwaarden"),
                    ("activiteiten", "De activiteiten gaan waarschijnlijk niet door"),
                    ("verplichtingen", "De aanvrager houdt zich waarschijnlijk niet aan de verplichtingen"),
                    ("onjuist", "De gegevens zijn onjuist of onvolledig"),
                    ("score", "De aanvraag haalt een drempel van de beoordeling niet"),
                    ("staatssteun", "De subsidie is niet toegestaan volgens de staatssteunregels"),
                ],
                max_length=30,
            ),
        ),
        vast_zodra("uitvoering_besluit", _GETEKEND, [*_eerder.KOLOMMEN, "stuks"]),
    ]
