"""How an address says from which list one came to an opportunity."""

from typing import Any

from django import forms

from oportuna.accounts.codes import CodedChoiceField
from oportuna.sales.models import Activity, Stage

LONGEST_PLACE = 200


class TrailForm(forms.Form):
    """The place in a list (`at`), the column (`stage`) or the activity; what names nothing is left out."""

    at = forms.CharField(max_length=LONGEST_PLACE, required=False, strip=False)
    stage = CodedChoiceField(Stage.objects.select_related("pipeline"), required=False)
    activity = CodedChoiceField(Activity.objects.all(), required=False)

    def __init__(self, asked: Any) -> None:
        super().__init__(asked)
        self.is_valid()

    @property
    def place(self) -> str:
        """The place, as the address says it."""
        return str(self.cleaned_data.get("at") or "")
