from django.db import migrations, models
from django.db.models import Q


def count_seconds(apps, schema_editor):
    """What was closed before the column was there."""
    table = schema_editor.connection.ops.quote_name("sales_opportunity")
    seconds = {
        "postgresql": "EXTRACT(EPOCH FROM closed_at - created_at)",
        "sqlite": "(julianday(closed_at) - julianday(created_at)) * 86400",
    }[schema_editor.connection.vendor]
    schema_editor.execute(
        f"UPDATE {table} SET seconds_open = CAST({seconds} AS bigint) WHERE closed_at IS NOT NULL"  # noqa: S608
    )


class Migration(migrations.Migration):

    dependencies = [("sales", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="opportunity",
            name="seconds_open",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.RunPython(count_seconds, migrations.RunPython.noop),
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
