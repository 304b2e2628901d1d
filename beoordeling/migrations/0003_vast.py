from django.db import migrations

from kern.onveranderlijk import alleen_toevoegen


class Migration(migrations.Migration):
    """Files of a draw are written once."""

    dependencies = [("beoordeling", "0002_initial")]
    operations = [alleen_toevoegen("beoordeling_lotingbestand")]
