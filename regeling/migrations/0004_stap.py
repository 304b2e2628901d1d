

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('regeling', '0003_berichtsjabloon'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='tijdvak',
            name='stap',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='tijdvak',
            name='vorige_stap',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='volgende_stap', to='regeling.tijdvak'),
        ),
        migrations.AddConstraint(
            model_name='tijdvak',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stap', 1), ('vorige_stap', None)), models.Q(('stap', 2), ('vorige_stap__isnull', False)), _connector='OR'), name='tijdvak_stap_klopt'),
        ),
    ]
