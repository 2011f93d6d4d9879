"""What the page sends about notices."""

from django import forms

_LARGEST = (1 << 63) - 1


class AboutForm(forms.Form):
    """What stands on the page that asks, and is read with it."""

    noun = forms.CharField(max_length=20)
    row = forms.IntegerField(min_value=1, max_value=_LARGEST)
