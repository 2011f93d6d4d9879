from django.db import migrations, models


def count_seconds(apps, schema_editor):
    """What was closed before the column was there."""
    seconds = {
        "postgresql": "FLOOR(EXTRACT(EPOCH FROM closed_at - created_at))",
        # A day is a float there: without rounding to the millisecond first some lose a second.
        "sqlite": "ROUND((julianday(closed_at) - julianday(created_at)) * 86400, 3)",
    }[schema_editor.connection.vendor]
    schema_editor.execute(
        f"UPDATE sales_opportunity SET seconds_open = CAST({seconds} AS bigint) WHERE closed_at IS NOT NULL"  # noqa: S608
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
    ]
