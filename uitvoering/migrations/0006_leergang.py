"""Courses: groups, meetings, participants, presence, certificates and proposals."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('aanvragen', '0012_deelnemersbedragen'),
        ('kern', '0003_berichten'),
        ('regeling', '0004_stap'),
        ('uitvoering', '0005_per_deelnemer'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Cohort',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('naam', models.CharField(max_length=100, verbose_name='naam van de groep')),
                ('aangemaakt_op', models.DateTimeField()),
                ('aangemaakt_door', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tijdvak', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cohorten', to='regeling.tijdvak')),
            ],
            options={
                'verbose_name': 'groep van een leergang',
                'verbose_name_plural': 'groepen van een leergang',
                'ordering': ['aangemaakt_op', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Bijeenkomst',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nummer', models.PositiveSmallIntegerField()),
                ('begint_op', models.DateTimeField(verbose_name='begin')),
                ('plaats', models.CharField(max_length=200, verbose_name='plaats')),
                ('presentie_op', models.DateTimeField(null=True)),
                ('presentie_door', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bijeenkomsten', to='uitvoering.cohort')),
            ],
            options={
                'verbose_name': 'bijeenkomst',
                'verbose_name_plural': 'bijeenkomsten',
                'ordering': ['nummer'],
            },
        ),
        migrations.CreateModel(
            name='Cursist',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('naam', models.CharField(max_length=200, verbose_name='naam')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mailadres')),
                ('aangemeld_op', models.DateTimeField()),
                ('afgemeld_op', models.DateTimeField(null=True)),
                ('certificaat_op', models.DateTimeField(null=True)),
                ('aangemeld_door', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('aanvraag', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cursisten', to='aanvragen.aanvraag')),
                ('certificaat', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kern.bestand')),
                ('cohort', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cursisten', to='uitvoering.cohort')),
            ],
            options={
                'verbose_name': 'deelnemer aan een leergang',
                'verbose_name_plural': 'deelnemers aan een leergang',
                'ordering': ['aangemeld_op', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Presentie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bijeenkomst', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presentie', to='uitvoering.bijeenkomst')),
                ('cursist', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presentie', to='uitvoering.cursist')),
            ],
            options={
                'verbose_name': 'aanwezigheid bij een bijeenkomst',
                'verbose_name_plural': 'aanwezigheid bij bijeenkomsten',
            },
        ),
        migrations.CreateModel(
            name='Voorstel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('titel', models.CharField(max_length=200, verbose_name='titel')),
                ('omschrijving', models.TextField(verbose_name='omschrijving')),
                ('ingediend_op', models.DateTimeField()),
                ('aanvraag', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voorstel', to='aanvragen.aanvraag')),
                ('cursist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voorstellen', to='uitvoering.cursist')),
                ('ingediend_door', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'voorstel uit een leergang',
                'verbose_name_plural': 'voorstellen uit een leergang',
                'ordering': ['ingediend_op', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='cohort',
            constraint=models.UniqueConstraint(fields=('tijdvak', 'naam'), name='cohort_naam_uniek'),
        ),
        migrations.AddConstraint(
            model_name='bijeenkomst',
            constraint=models.UniqueConstraint(fields=('cohort', 'nummer'), name='bijeenkomst_nummer_uniek'),
        ),
        migrations.AddConstraint(
            model_name='cursist',
            constraint=models.UniqueConstraint(condition=models.Q(('afgemeld_op', None)), fields=('aanvraag', 'email'), name='cursist_een_keer', violation_error_message='Deze deelnemer is al aangemeld.'),
        ),
        migrations.AddConstraint(
            model_name='cursist',
            constraint=models.CheckConstraint(condition=models.Q(('certificaat', None), models.Q(('certificaat_op__isnull', False), ('cohort__isnull', False)), _connector='OR'), name='cursist_certificaat_heeft_moment'),
        ),
        migrations.AddConstraint(
            model_name='presentie',
            constraint=models.UniqueConstraint(fields=('bijeenkomst', 'cursist'), name='presentie_een_keer'),
        ),
    ]
