from django.db import migrations, models


def count_seconds(apps, schema_editor):
    """What was closed before the column was there."""
    seconds = {
        "postgresql": "FLOOR(EXTRACT(EPOCH FROM closed_at - created_at))",
        # Whole seconds are counted as such, a day there is a float; what stands behind them compares as text.
        "sqlite": (
            "CAST(strftime('%s', substr(closed_at, 1, 19)) AS bigint) - CAST(strftime('%s', substr(created_at, 1, 19)) AS bigint)"
            " - (substr(closed_at, 20) < substr(created_at, 20))"
        ),
    }[schema_editor.connection.vendor]
    schema_editor.execute(
        f"UPDATE sales_opportunity SET seconds_open = CAST({seconds} AS bigint) WHERE closed_at IS NOT NULL",  # noqa: S608
        params=None,
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
