

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('aanvragen', '0009_stuks'),
        ('beoordeling', '0005_referenties'),
        ('regeling', '0004_stap'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Dagplaats',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nummer', models.PositiveIntegerField(default=0)),
                ('uitkomst', models.CharField(choices=[('toegewezen', 'Toegewezen'), ('reserve', 'Reserve'), ('groep', 'Aanvrager is al toegewezen'), ('uit', 'Uitgesloten'), ('afgewezen', 'Geen ruimte'), ('vervallen', 'Vervallen')], max_length=12)),
                ('bedrag', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
            ],
            options={
                'verbose_name': 'plaats op een dag',
                'verbose_name_plural': 'plaatsen op een dag',
                'ordering': ['volgordedag_id', 'nummer', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Eindscore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('totaal', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='totaalscore')),
                ('criteria', models.JSONField(default=dict, verbose_name='score per criterium')),
                ('beoordelingen', models.JSONField(blank=True, default=dict, verbose_name='totaal per beoordelaar')),
                ('bron', models.CharField(max_length=40, verbose_name='waar de score vandaan komt')),
                ('vastgesteld_op', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'eindscore',
                'verbose_name_plural': 'eindscores',
            },
        ),
        migrations.CreateModel(
            name='Volgordedag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dag', models.DateField()),
                ('soort', models.CharField(choices=[('ruim', 'Alles past'), ('kritiek', 'Niet alles past: er is geloot')], max_length=10)),
                ('aantal', models.PositiveIntegerField(help_text='Complete aanvragen van deze dag')),
                ('gevraagd', models.JSONField(default=dict)),
                ('ruimte', models.JSONField(default=dict)),
                ('dicht', models.JSONField(default=list, help_text='Potten die op deze dag op raakten')),
                ('klaar_op', models.DateTimeField(help_text='Leeg zolang er nog geloot moet worden', null=True)),
                ('vastgelegd_op', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'dag van binnenkomst',
                'verbose_name_plural': 'dagen van binnenkomst',
                'ordering': ['tijdvak_id', 'dag'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='loting',
            name='loting_een_geldend',
        ),
        migrations.AddField(
            model_name='loting',
            name='dag',
            field=models.DateField(help_text='Bij volgorde van binnenkomst: de dag waarop het geld op raakte; leeg: de hele ronde', null=True),
        ),
        migrations.AddConstraint(
            model_name='loting',
            constraint=models.UniqueConstraint(condition=models.Q(('dag', None), ('status__in', ['ontwerp', 'bevroren', 'gepubliceerd', 'bronnen_volledig', 'getrokken', 'verdeeld', 'vastgesteld', 'lopend', 'gesloten'])), fields=('tijdvak',), name='loting_een_geldend', violation_error_message='Dit tijdvak heeft al een loting.'),
        ),
        migrations.AddConstraint(
            model_name='loting',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['ontwerp', 'bevroren', 'gepubliceerd', 'bronnen_volledig', 'getrokken', 'verdeeld', 'vastgesteld', 'lopend', 'gesloten'])), fields=('tijdvak', 'dag'), name='loting_een_per_dag', violation_error_message='Deze dag heeft al een loting.'),
        ),
        migrations.AddField(
            model_name='dagplaats',
            name='aanvraag',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='dagplaats', to='aanvragen.aanvraag'),
        ),
        migrations.AddField(
            model_name='eindscore',
            name='aanvraag',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='eindscore', to='aanvragen.aanvraag'),
        ),
        migrations.AddField(
            model_name='eindscore',
            name='vastgesteld_door',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='volgordedag',
            name='loting',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='volgordedag', to='beoordeling.loting'),
        ),
        migrations.AddField(
            model_name='volgordedag',
            name='tijdvak',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='volgordedagen', to='regeling.tijdvak'),
        ),
        migrations.AddField(
            model_name='volgordedag',
            name='vastgelegd_door',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='dagplaats',
            name='volgordedag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plaatsen', to='beoordeling.volgordedag'),
        ),
        migrations.AddConstraint(
            model_name='eindscore',
            constraint=models.CheckConstraint(condition=models.Q(('totaal__gte', 0), ('totaal__lte', 100)), name='eindscore_tussen_0_en_100'),
        ),
        migrations.AddConstraint(
            model_name='volgordedag',
            constraint=models.UniqueConstraint(fields=('tijdvak', 'dag'), name='volgordedag_een_keer'),
        ),
        migrations.AddConstraint(
            model_name='volgordedag',
            constraint=models.CheckConstraint(condition=models.Q(('soort__in', ['ruim', 'kritiek'])), name='volgordedag_soort_bekend'),
        ),
        migrations.AddConstraint(
            model_name='volgordedag',
            constraint=models.CheckConstraint(condition=models.Q(('soort', 'kritiek'), ('klaar_op__isnull', False), _connector='OR'), name='volgordedag_ruim_is_klaar'),
        ),
        migrations.AddConstraint(
            model_name='dagplaats',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('uitkomst', 'toegewezen'), _negated=True), ('bedrag__gt', 0), _connector='OR'), name='dagplaats_toegewezen_heeft_bedrag'),
        ),
    ]
