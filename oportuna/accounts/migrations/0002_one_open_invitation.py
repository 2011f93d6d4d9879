from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone


def end_replaced(apps, schema_editor):
    """Of several open invitations of a person the newest stays."""
    invitations = apps.get_model("accounts", "Invitation").objects.using(schema_editor.connection.alias)
    open_ones = invitations.filter(company__isnull=False, used_at__isnull=True)
    newer = open_ones.filter(company=OuterRef("company"), email=OuterRef("email"), pk__gt=OuterRef("pk"))
    replaced = list(open_ones.filter(Exists(newer)).values_list("pk", flat=True))
    invitations.filter(pk__in=replaced).update(used_at=timezone.now())


class Migration(migrations.Migration):

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunPython(end_replaced, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                fields=["company", "email"],
                condition=Q(used_at__isnull=True),
                name="invitation_one_open",
            ),
        ),
    ]
