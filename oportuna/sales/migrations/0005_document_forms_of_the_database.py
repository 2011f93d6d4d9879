"""SQLite looks at a document's form itself: Python's regular expressions let a line break at its end pass.

No action of ours ever wrote such a document; where somebody else did, the migration refuses and changes nothing.
"""

from django.db import migrations, models
from django.db.models import Q

from oportuna.sales.models.document_form import HasForm

_FORMS = (
    ("customer", "cnpj", "[0-9A-Z]" * 12 + "[0-9]" * 2),
    ("customer", "cpf", "[0-9]" * 11),
    ("contact", "cpf", "[0-9]" * 11),
)


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0002_one_open_invitation"),
        ("sales", "0004_parts_have_no_key_of_their_own"),
    ]

    operations = [
        operation
        for model, document, form in _FORMS
        for operation in (
            migrations.RemoveConstraint(model_name=model, name=f"{model}_{document}_form"),
            migrations.AddConstraint(
                model_name=model,
                constraint=models.CheckConstraint(
                    condition=Q(**{f"{document}__isnull": True}) | Q(HasForm(document, form)),
                    name=f"{model}_{document}_form",
                ),
            ),
        )
    ]
