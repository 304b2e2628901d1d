"""Members of a group: what each was granted, what it turned out to be, and who left."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('aanvragen', '0011_papieraanvulling'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='deelnemer',
            name='iban',
            field=models.CharField(blank=True, max_length=34, verbose_name='rekeningnummer (IBAN)'),
        ),
        migrations.AddField(
            model_name='deelnemer',
            name='toegekend_bedrag',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name='deelnemer',
            name='vastgesteld_bedrag',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name='deelnemer',
            name='vertrekreden',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='deelnemer',
            name='vertrokken_door',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='deelnemer',
            name='vertrokken_op',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='deelnemer',
            constraint=models.CheckConstraint(condition=models.Q(('vastgesteld_bedrag', None), models.Q(('toegekend_bedrag__isnull', False), ('vastgesteld_bedrag__lte', models.F('toegekend_bedrag'))), _connector='OR'), name='deelnemer_niet_boven_eigen_bedrag', violation_error_message='Een deelnemer krijgt nooit meer dan het eigen bedrag.'),
        ),
        migrations.AddConstraint(
            model_name='deelnemer',
            constraint=models.CheckConstraint(condition=models.Q(('vertrokken_op', None), models.Q(('vastgesteld_bedrag', None), models.Q(('vertrekreden', ''), _negated=True)), _connector='OR'), name='deelnemer_vertrokken_heeft_reden'),
        ),
    ]
