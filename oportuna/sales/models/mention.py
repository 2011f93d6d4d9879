"""Whom the words of an activity mention."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.company import CompanyForeignKey, CompanyPart, SameCompany
from oportuna.sales.models.activity import Activity


class Mention(CompanyPart):
    """That "@" and a `name` in an activity's text mean a member, whatever he is called later.

    Whoever wrote it worked on the opportunity: no import that is taken back removes one.
    """

    activity = CompanyForeignKey(Activity, models.CASCADE, related_name="mentions")
    member = CompanyForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)

    class Meta(CompanyPart.Meta):
        verbose_name = _("mention")
        constraints = [
            SameCompany("activity", name="mention_activity_same_company"),
            SameCompany("member", name="mention_member_same_company"),
            models.UniqueConstraint(fields=["company", "activity", "member", "name"], name="mention_once"),
        ]

    def __str__(self) -> str:
        return f"@{self.name}"
