"""Vouchers and places are counted apart from euros."""

from django.db import migrations, models


def een_per_aanvraag(apps, schema_editor):
    """A round that counts vouchers: each application that was begun asks one."""
    aanvragen = apps.get_model("aanvragen", "Aanvraag").objects
    aanvragen.filter(tijdvak__eenheid="stuks", gevraagd_bedrag__isnull=False).update(gevraagd_stuks=1)


class Migration(migrations.Migration):
    dependencies = [("aanvragen", "0008_volledigheid"), ("regeling", "0003_berichtsjabloon")]

    operations = [
        migrations.RemoveConstraint(model_name="aanvraag", name="aanvraag_toegekend_heeft_bedrag"),
        migrations.AddField(
            model_name="aanvraag",
            name="gevraagd_stuks",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="aantal gevraagd"),
        ),
        migrations.AddField(
            model_name="aanvraag",
            name="toegekend_stuks",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="aantal toegekend"),
        ),
        migrations.RunPython(een_per_aanvraag, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="aanvraag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status__in", ["geselecteerd", "verleend", "in_uitvoering", "vaststelling_gevraagd"]),
                        _negated=True,
                    ),
                    ("toegekend_bedrag__gt", 0),
                    ("toegekend_stuks__gt", 0),
                    _connector="OR",
                ),
                name="aanvraag_toegekend_heeft_bedrag",
            ),
        ),
    ]
