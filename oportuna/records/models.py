"""What the models of records have in common."""

from django.db import models


class Searchable(models.Model):
    """A record that is found by its text (`search.py`): the writers of `rows.py` keep its index, `search_index.keep` else."""

    search_text = models.TextField(editable=False, default="")

    class Meta:
        abstract = True
