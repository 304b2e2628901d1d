"""Not selected without having been assessed: its turn in the drawn order never came."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("aanvragen", "0013_provincienamen")]

    operations = [
        migrations.RemoveConstraint(model_name="aanvraag", name="aanvraag_compleet_heeft_moment"),
        migrations.AddConstraint(
            model_name="aanvraag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "status__in",
                            [
                                "compleet",
                                "in_verdeling",
                                "geselecteerd",
                                "reserve",
                                "verleend",
                                "in_uitvoering",
                                "vaststelling_gevraagd",
                                "vastgesteld",
                                "afgesloten",
                                "besluit_ingetrokken",
                                "teruggevorderd",
                            ],
                        ),
                        _negated=True,
                    ),
                    ("volledig_op__isnull", False),
                    _connector="OR",
                ),
                name="aanvraag_compleet_heeft_moment",
            ),
        ),
    ]
