"""A part has no key to its company, which the row that it refers to has, and none refers to it."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from oportuna.accounts.scope import current_company_id

_PARTS = (
    *("channel", "historyentry", "ledgerday", "ledgerline", "ledgertotal"),
    *("opportunityversion", "stageprobability"),
)


class Migration(migrations.Migration):

    dependencies = [("accounts", "0002_one_open_invitation"), ("sales", "0003_opportunity_closed")]

    operations = [
        *(migrations.RemoveConstraint(model_name=part, name=f"{part}_company_id") for part in _PARTS),
        *(
            migrations.AlterField(
                model_name=part,
                name="company",
                field=models.ForeignKey(
                    "accounts.company",
                    PROTECT,
                    db_constraint=False,
                    db_index=False,
                    default=current_company_id,
                    editable=False,
                    related_name="+",
                    verbose_name="company",
                ),
            )
            for part in _PARTS
        ),
        migrations.AddIndex(
            model_name="ledgerline", index=models.Index(fields=["company", "id"], name="line_oldest")
        ),
    ]
