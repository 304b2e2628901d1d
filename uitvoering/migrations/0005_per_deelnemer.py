"""Claims, settlements and payments of the members of a group; what was signed stays fixed, with its member."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from kern.onveranderlijk import opgeheven, vast_zodra

_eerder = import_module("uitvoering.migrations.0002_vast")
_GETEKEND = "OLD.status IN ('ondertekend', 'verzonden')"
_KOLOMMEN = [*_eerder.KOLOMMEN, "stuks"]


class Migration(migrations.Migration):

    dependencies = [
        ('aanvragen', '0012_deelnemersbedragen'),
        ('kern', '0003_berichten'),
        ('uitvoering', '0004_stuks'),
    ]

    operations = [
        opgeheven(vast_zodra("uitvoering_besluit", _GETEKEND, _KOLOMMEN)),
        migrations.RemoveConstraint(
            model_name='besluit',
            name='besluit_een_per_soort',
        ),
        migrations.AddField(
            model_name='besluit',
            name='deelnemer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='besluiten', to='aanvragen.deelnemer'),
        ),
        migrations.AddField(
            model_name='betaling',
            name='deelnemer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='betalingen', to='aanvragen.deelnemer'),
        ),
        migrations.AddField(
            model_name='declaratie',
            name='deelnemer',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='declaratie', to='aanvragen.deelnemer'),
        ),
        migrations.AlterField(
            model_name='declaratie',
            name='aanvraag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declaraties', to='aanvragen.aanvraag'),
        ),
        migrations.AlterField(
            model_name='vaststelling',
            name='aanvraag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vaststellingen', to='aanvragen.aanvraag'),
        ),
        migrations.AddConstraint(
            model_name='besluit',
            constraint=models.UniqueConstraint(condition=models.Q(('deelnemer', None)), fields=('aanvraag', 'soort'), name='besluit_een_per_soort', violation_error_message='Er is al een besluit van deze soort.'),
        ),
        migrations.AddConstraint(
            model_name='besluit',
            constraint=models.UniqueConstraint(fields=('deelnemer',), name='besluit_een_per_deelnemer', violation_error_message='Er is al een besluit over deze deelnemer.'),
        ),
        migrations.AddConstraint(
            model_name='besluit',
            constraint=models.CheckConstraint(condition=models.Q(('deelnemer', None), ('soort', 'vaststelling'), _connector='OR'), name='besluit_deelnemer_vaststelling'),
        ),
        migrations.AddConstraint(
            model_name='declaratie',
            constraint=models.UniqueConstraint(condition=models.Q(('deelnemer', None)), fields=('aanvraag',), name='declaratie_een_per_aanvraag'),
        ),
        vast_zodra("uitvoering_besluit", _GETEKEND, [*_KOLOMMEN, "deelnemer_id"]),
    ]
