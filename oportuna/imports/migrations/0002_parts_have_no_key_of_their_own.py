"""A part has no key to its company, which the row that it refers to has, and none refers to it."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from oportuna.accounts.scope import current_company_id


class Migration(migrations.Migration):

    dependencies = [("accounts", "0002_one_open_invitation"), ("imports", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="importrow", name="importrow_company_id"),
        migrations.AlterField(
            model_name="importrow",
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
        ),
    ]
