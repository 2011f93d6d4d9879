"""From a Django form field to the control that the page shows."""

from typing import Literal

from django.forms import BoundField, widgets
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

# Django's own sentence; its translation says "email", as nobody here does.
SAID_BY_DJANGO = (_("Enter a valid email address."),)

Kind = Literal["input", "select", "textarea", "checkbox", "choices", "file", "hidden"]

_CLASSES: dict[Kind, str] = {
    "input": "form-control",
    "select": "form-select",
    "textarea": "form-control",
    "checkbox": "form-check-input",
    "file": "form-control",
    "choices": "",
    "hidden": "",
}


def html_attrs(attrs: dict[str, object]) -> SafeString:
    """Macro arguments as HTML attributes: `hx_get` is hx-get, `class_` is class.

    None and False leave one out, True writes it bare. Values are escaped.
    """
    written = []
    for name, value in attrs.items():
        if value is None or value is False:
            continue
        attribute = name.rstrip("_").replace("_", "-")
        written.append(
            format_html(" {}", attribute) if value is True else format_html(' {}="{}"', attribute, value)
        )
    return format_html_join("", "{}", ((one,) for one in written))


def field_kind(bound: BoundField) -> Kind:
    """Which control a field is, from its widget."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, widgets.CheckboxInput):
        return "checkbox"
    if isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, widgets.Select):
        return "select"
    if isinstance(widget, widgets.Textarea):
        return "textarea"
    return "file" if isinstance(widget, widgets.FileInput) else "input"


def control(bound: BoundField, attrs: dict[str, object] | None = None) -> SafeString:
    """The field's control with our classes; Django adds aria-invalid and aria-describedby.

    `attrs` are further attributes, written as for `html_attrs`. The ids it points at are the field's own with
    `_helptext` and `_error` behind.
    """
    own = {name.rstrip("_").replace("_", "-"): value for name, value in (attrs or {}).items()}
    classes = [_CLASSES[field_kind(bound)], "is-invalid" if bound.errors else ""]
    classes += [str(bound.field.widget.attrs.get("class", "")), str(own.pop("class", ""))]
    extra: dict[str, str | bool] = {
        name: value if isinstance(value, bool) else str(value)
        for name, value in own.items()
        if value is not None
    }
    return bound.as_widget(attrs={**extra, "class": " ".join(filter(None, classes))})
