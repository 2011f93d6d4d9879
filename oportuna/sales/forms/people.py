"""What an administrator types about people, and a founder about his company."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.forms import NewPersonForm, PlainText
from oportuna.accounts.models import RESERVED_SLUGS, Company, Membership, Role, Team
from oportuna.sales.forms.fields import RevisionField

_SLUG = Company._meta.get_field("slug")


class RoleForm(forms.Form):
    """A role and perhaps a team."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.SELLER)
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), required=False)

    def __init__(self, *args: Any, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.queryset, team.empty_label = teams, _("No team")

    def clean_role(self) -> Role:
        """The role as the actions take it."""
        return Role(self.cleaned_data["role"])


class InviteForm(RoleForm):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    name = PlainText(label=_("Name"), max_length=120, required=False)
    field_order = ["email", "name", "role", "team"]


class MemberForm(RoleForm):
    """What a member is in the company."""

    name = PlainText(label=_("Name"), max_length=120)
    revision = RevisionField()
    field_order = ["name", "role", "team"]

    @classmethod
    def showing(cls, member: Membership, teams: QuerySet[Team]) -> "MemberForm":
        """The form with what the member is now."""
        now = {"name": member.name, "role": member.role, "team": member.team_id, "revision": member.revision}
        return cls(initial=now, teams=teams)

    def changes(self) -> dict[str, Any]:
        """What the action gets."""
        return {name: self.cleaned_data[name] for name in ("name", "role", "team")}


class HeirForm(forms.Form):
    """Who takes over from somebody who leaves; asked for only where there is something to take over."""

    heir = forms.ModelChoiceField(
        label=_("Who takes over"), queryset=Membership.objects.none(), empty_label=_("Choose a person")
    )

    def __init__(self, *args: Any, heirs: QuerySet[Membership], required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        heir: Any = self.fields["heir"]
        heir.queryset, heir.required = heirs, required


class FoundForm(forms.Form):
    """A new company's name and address; the address is made from the name when it is left empty."""

    company = PlainText(
        label=_("Company's name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    slug = forms.CharField(
        label=_("Address"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_slug(self) -> str:
        """The address, which nobody else has; without one, the first free one that the name gives."""
        slug: str = self.cleaned_data["slug"].lower()
        if not slug:
            return suggest_slug(self.cleaned_data.get("company", ""))
        for validate in _SLUG.validators:
            validate(slug)
        if Company.objects.filter(slug=slug).exists():
            raise ValidationError(_("This address is taken; choose another."), code="taken")
        return slug


class FoundAsNewPersonForm(FoundForm, NewPersonForm):
    """The same, and who opens it."""

    email = forms.EmailField(
        label=_("Your e-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    field_order = ["company", "slug", "name", "email", "password", "again"]


def suggest_slug(name: str) -> str:
    """The first free address that a company's name gives: "Café São João" is cafe-sao-joao, or cafe-sao-joao-2."""
    base = slugify(name).replace("_", "-").strip("-")[:36].strip("-") or "empresa"
    taken = RESERVED_SLUGS | set(Company.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    tries = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in tries if slug not in taken)
