"""People and companies: global tables, outside any scope. A person inside a company is a Membership."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.codes import new_key
from oportuna.accounts.company import CompanyForeignKey, CompanyModel, SameCompany
from oportuna.errors import Refused
from oportuna.fields import FoldedField

# The first part of an address that is not a company's.
RESERVED_SLUGS = frozenset(
    "accounts admin api assets companies f favicon.ico healthz invitations login logout mcp media mfa new-company "
    "oportuna password reauthenticate robots.txt signup static switch ui vendor webhooks www".split()
)


def validate_slug(slug: str) -> None:
    """Refuse a slug that an address of ours already uses."""
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("This address is taken; choose another."), code="reserved")


def validate_time_zone(name: str) -> None:
    """Refuse a name that is not in the time zone database."""
    if name not in available_timezones():
        raise ValidationError(_("Choose a time zone of the list."), code="time_zone")


class Company(models.Model):
    """The tenant: a sales team with its own registers, people and data."""

    class Visibility(models.TextChoices):
        ALL = "all", _("Everything of the company")
        TEAM = "team", _("Their own, the unassigned and the team's")
        OWN = "own", _("Their own and the unassigned")

    name = models.CharField(_("name"), max_length=120)
    slug = models.CharField(
        _("address"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", _("Use lower-case letters, digits and hyphens only.")
            ),
            validate_slug,
        ],
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="America/Sao_Paulo", validators=[validate_time_zone]
    )
    loss_reason_required = models.BooleanField(_("a lost opportunity needs a reason"), default=True)
    visibility = models.CharField(
        _("what sellers see"), max_length=4, choices=Visibility, default=Visibility.ALL
    )
    is_demo = models.BooleanField(default=False, editable=False)
    address_key = models.CharField(max_length=32, default=new_key, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("company")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(visibility__in=["all", "team", "own"]), name="company_visibility"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the company's days begin."""
        return ZoneInfo(self.time_zone)


class UserManager(BaseUserManager["User"]):
    """Finds people by their e-mail, whatever its capitals."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who can sign in; without a password only after setting one by a link."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Someone who signs in, by e-mail; what he is in a company is his Membership."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(default=True, editable=False)
    letter_keys = models.BooleanField(_("one-letter keys"), default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name that packages show."""
        return self.name


class Role(models.TextChoices):
    """What a person may do in a company: design, section 4."""

    ADMIN = "admin", _("Administrator")
    MANAGER = "manager", _("Manager")
    SELLER = "seller", _("Seller")
    OPERATOR = "operator", _("Telemarketing")
    VIEWER = "viewer", _("Viewer")


class Membership(models.Model):
    """A person in a company, with a role. Whoever leaves is deactivated: what he did keeps his name."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="memberships", editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", editable=False)
    name = models.CharField(_("name"), max_length=120)
    name_folded = FoldedField(source="name")
    role = models.CharField(_("role"), max_length=8, choices=Role)
    team = CompanyForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    is_active = models.BooleanField(_("active"), default=True, editable=False)
    time_zone = models.CharField(
        _("time zone"), max_length=40, blank=True, validators=[validate_time_zone],
        help_text=_("Empty: the company's."),
    )  # fmt: skip
    revision = models.PositiveIntegerField(default=1, editable=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("member")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="membership_company_id"),
            models.UniqueConstraint(fields=["company", "user"], name="membership_company_user"),
            SameCompany("team", name="membership_team_same_company"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the person's own «today»."""
        return ZoneInfo(self.time_zone or self.company.time_zone)


class Team(CompanyModel):
    """A group of sellers; the company may let them see each other's opportunities."""

    name = models.CharField(_("name"), max_length=80)
    name_folded = FoldedField(source="name")
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta(CompanyModel.Meta):
        verbose_name = _("team")
        constraints = [
            *CompanyModel.Meta.constraints,
            models.UniqueConstraint(fields=["company", "name_folded"], name="team_company_name"),
        ]

    def __str__(self) -> str:
        return self.name


def hash_token(token: str) -> str:
    """What is stored of a one-time address: reading the database opens no door."""
    return hashlib.sha256(token.encode()).hexdigest()


class Invitation(models.Model):
    """A one-time address: to join a company with a role or, without a company, to open one's own as its first admin."""

    VALID_FOR = timedelta(days=7)

    company = models.ForeignKey(
        Company, models.PROTECT, null=True, related_name="invitations", editable=False
    )
    email = models.EmailField(_("e-mail"), blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.SELLER)
    team = CompanyForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="+")
    invited_by = CompanyForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("invitation")
        constraints = [
            SameCompany("team", name="invitation_team_same_company"),
            SameCompany("invited_by", name="invitation_invited_by_same_company"),
            models.UniqueConstraint(
                fields=["company", "email"],
                condition=models.Q(used_at__isnull=True),
                name="invitation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @staticmethod
    def new_token() -> str:
        """A secret of 256 bits for an address."""
        return secrets.token_urlsafe(32)

    def is_open_at(self, now: datetime) -> bool:
        """Whether the address still works."""
        return self.used_at is None and now < self.expires_at


class AuditEntry(CompanyModel):
    """Who signed in, exported, or changed rights, when: append-only."""

    class Verb(models.TextChoices):
        COMPANY_OPENED = "company_opened", _("opened the company")
        COMPANY_CHANGED = "company_changed", _("changed the company's settings")
        INVITED = "invited", _("invited")
        JOINED = "joined", _("joined")
        MEMBER_CHANGED = "member_changed", _("changed the member")
        DEACTIVATED = "deactivated", _("deactivated")
        REACTIVATED = "reactivated", _("reactivated")
        TEAM_CHANGED = "team_changed", _("changed the team")
        SIGNED_IN = "signed_in", _("signed in")
        EXPORTED = "exported", _("exported")
        REGISTER_CHANGED = "register_changed", _("changed the register")

    verb = models.CharField(max_length=20, choices=Verb)
    by = CompanyForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    about = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=dict)

    class Meta(CompanyModel.Meta):
        verbose_name = _("audit entry")
        constraints = [
            *CompanyModel.Meta.constraints,
            SameCompany("by", name="audit_by_same_company"),
        ]
        indexes = [models.Index(fields=["company", "at"], name="audit_company_at")]


class OneTimeKey(CompanyModel):
    """The key of a form that creates: sent twice, the second finds here what the first one made."""

    key = models.UUIDField()
    made = models.CharField(max_length=40)
    made_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta(CompanyModel.Meta):
        constraints = [
            *CompanyModel.Meta.constraints,
            models.UniqueConstraint(fields=["company", "key"], name="one_time_key"),
        ]

    @classmethod
    def claim(cls, key: UUID | None, model: type[models.Model]) -> int | None:
        """Claim a form's key before creating, or find the id of what it has made already.

        Of two requests at once the second waits here for the first to commit, and finds what that one made.
        """
        if key is None:
            return None
        try:
            with transaction.atomic():
                cls.objects.create(key=key, made=model._meta.label)
        except IntegrityError:
            claimed = cls.objects.filter(key=key, made=model._meta.label).first()
            if claimed is None:
                raise Refused(_("This form was sent for something else. Open it again.")) from None
            return claimed.made_id
        return None

    @classmethod
    def keep(cls, key: UUID | None, made: models.Model) -> None:
        """Remember what the form made, in the transaction that claimed its key."""
        if key is not None:
            cls.objects.filter(key=key).update(made_id=made.pk)
