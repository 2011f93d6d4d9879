from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("sales", "0002_opportunity_seconds_open")]

    operations = [
        migrations.RemoveConstraint(model_name="opportunity", name="opportunity_closed_unless_open"),
        migrations.AddConstraint(
            model_name="opportunity",
            constraint=models.CheckConstraint(
                condition=Q(
                    status="open", closed_at__isnull=True, closed_on__isnull=True, seconds_open__isnull=True
                )
                | (
                    ~Q(status="open")
                    & Q(closed_at__isnull=False, closed_on__isnull=False, seconds_open__isnull=False)
                ),
                name="opportunity_closed_unless_open",
            ),
        ),
        migrations.RemoveIndex(model_name="opportunity", name="opportunity_closed"),
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(
                fields=[
                    *("company", "status", "stage", "loss_reason", "closed_on"),
                    *("owner", "source", "value", "seconds_open", "deleted_at"),
                ],
                name="opportunity_closed",
                condition=Q(deleted_at__isnull=True, closed_on__isnull=False),
            ),
        ),
    ]
