"""Shape and type of what people type about themselves, their company and its teams."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.models import Company, Membership, User
from oportuna.brazil.text import clean

# How Brazilians call their zones; the others keep the names of the time zone database.
BRAZIL = {
    "America/Sao_Paulo": _("Brasília (South, Southeast, Goiás, DF)"),
    "America/Bahia": _("Bahia"),
    "America/Maceio": _("Alagoas and Sergipe"),
    "America/Recife": _("Pernambuco"),
    "America/Fortaleza": _("Ceará, Maranhão, Paraíba, Piauí, Rio Grande do Norte"),
    "America/Belem": _("Pará (East) and Amapá"),
    "America/Santarem": _("Pará (West)"),
    "America/Araguaina": _("Tocantins"),
    "America/Campo_Grande": _("Mato Grosso do Sul (UTC-4)"),
    "America/Cuiaba": _("Mato Grosso (UTC-4)"),
    "America/Manaus": _("Amazonas (UTC-4)"),
    "America/Boa_Vista": _("Roraima (UTC-4)"),
    "America/Porto_Velho": _("Rondônia (UTC-4)"),
    "America/Rio_Branco": _("Acre (UTC-5)"),
    "America/Noronha": _("Fernando de Noronha (UTC-2)"),
}


def zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The time zones to choose from, Brazil's first."""
    others = sorted(
        name
        for name in available_timezones()
        if "/" in name and name not in BRAZIL and not name.startswith(("Etc/", "SystemV/", "Brazil/"))
    )
    return [
        (gettext("Brazil"), [(name, str(label)) for name, label in BRAZIL.items()]),
        (gettext("Other countries"), [(name, name.replace("_", " ")) for name in others]),
    ]


class PlainText(forms.CharField):
    """One line of text without invisible characters."""

    def to_python(self, value: Any) -> str:
        """The cleaned text; nothing is the empty text."""
        return " ".join(clean(str(value)).split()) if value not in self.empty_values else ""


class ZoneField(forms.ChoiceField):
    """A time zone; `empty` is the label of none, and without it one is needed."""

    def __init__(self, *, empty: Any = None, **kwargs: Any) -> None:
        super().__init__(choices=lambda: [*([("", empty)] if empty else []), *zones()], **kwargs)


def password_field(label: Any) -> forms.CharField:
    """A password that is being chosen: kept as it is typed, blanks too."""
    return forms.CharField(
        label=label,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class NewPersonForm(forms.Form):
    """Somebody without an account: a name, and a password twice."""

    name = PlainText(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = password_field(_("Password"))
    again = password_field(_("Repeat the password"))

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        self._invited = email
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = _("At least 10 characters; not your name, not a common word.")

    def clean(self) -> dict[str, Any]:
        """The password fits the rules and was typed the same twice."""
        data = super().clean() or self.cleaned_data
        password = data.get("password")
        if not password:
            return data
        try:
            validate_password(
                password, User(email=data.get("email", self._invited), name=data.get("name", ""))
            )
        except ValidationError as error:
            self.add_error("password", error)
        if data.get("again") and data["again"] != password:
            self.add_error("again", _("The two passwords differ. Type the same one twice."))
        return data


class CompanyForm(forms.Form):
    """The company's own settings."""

    name = PlainText(label=_("Company's name"), max_length=120)
    time_zone = ZoneField(label=_("Time zone"), help_text=_("The company's days begin and end in it."))
    visibility = forms.ChoiceField(
        label=_("What sellers and telemarketing see"),
        choices=Company.Visibility.choices,
        widget=forms.RadioSelect,
        help_text=_("Managers, administrators and viewers see everything."),
    )
    loss_reason_required = forms.BooleanField(
        label=_("Ask for the reason of every lost opportunity"), required=False
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def showing(cls, company: Company) -> "CompanyForm":
        """The form with what the company has now."""
        return cls(initial={name: getattr(company, name) for name in cls.base_fields})

    def changes(self) -> dict[str, Any]:
        """What the action gets."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class ProfileForm(forms.Form):
    """What somebody sets for himself."""

    name = PlainText(label=_("Your name"), max_length=120)
    time_zone = ZoneField(
        label=_("Your time zone"),
        required=False,
        empty=_("The company's"),
        help_text=_("Decides when “today” begins for you."),
    )
    letter_keys = forms.BooleanField(
        label=_("One-letter shortcuts (N, I F, G…)"),
        required=False,
        help_text=_("Turn them off if you dictate or use a screen reader. Ctrl shortcuts go on working."),
    )

    @classmethod
    def showing(cls, member: Membership) -> "ProfileForm":
        """The form with what the person has now."""
        return cls(
            initial={
                "name": member.name,
                "time_zone": member.time_zone,
                "letter_keys": member.user.letter_keys,
            }
        )


class TeamForm(forms.Form):
    """A team's name."""

    name = PlainText(label=_("Team's name"), max_length=80)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class TeamMemberForm(forms.Form):
    """Somebody who enters or leaves a team."""

    member = forms.ModelChoiceField(
        queryset=Membership.objects.none(), label=_("Person"), empty_label=_("Choose a person")
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField
