from django.db import migrations

from kern.onveranderlijk import vast_zodra

KOLOMMEN = [
    "aanvraag_id", "soort", "bedrag", "grond", "artikel", "motivering", "plafondstand", "voorgesteld_op",
    "voorgesteld_door_id", "ondertekend_op", "ondertekend_door_id",
]


class Migration(migrations.Migration):
    """A signed decision does not change (design 04)."""

    dependencies = [("uitvoering", "0001_initial")]
    operations = [vast_zodra("uitvoering_besluit", "OLD.status IN ('ondertekend', 'verzonden')", KOLOMMEN)]
