from django.db import migrations

from kern.onveranderlijk import alleen_toevoegen


class Migration(migrations.Migration):
    """The ledger is append-only in the database itself."""

    dependencies = [("regeling", "0001_initial")]
    operations = [alleen_toevoegen("regeling_boeking")]
