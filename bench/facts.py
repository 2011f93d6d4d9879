"""What the load needs to know of a database, as JSON: `python -m bench.facts`, in that installation's environment."""

import json
import sys

from bench.installed import demo_company


def main() -> None:
    """Print the addresses to ask for, and the opportunities that may be moved and lost."""
    company = demo_company()
    from django.urls import reverse

    from oportuna.accounts.scope import company_scope
    from oportuna.ops import demo
    from oportuna.sales.models import LossReason, Opportunity, Stage

    email, password, _role = demo.SIGN_INS[1]
    with company_scope(company):
        open_ones = Opportunity.objects.filter(status="open", deleted_at__isnull=True)
        step = max(1, Opportunity.objects.count() // 2000)
        shown = Opportunity.objects.filter(number__in=range(1, 2000 * step, step), deleted_at__isnull=True)
        json.dump(
            {
                "email": email,
                "password": password,
                "login": reverse("account_login"),
                "board": reverse("sales:board", args=[company.slug]),
                "list": reverse("sales:opportunities", args=[company.slug]),
                "customers": reverse("sales:customers", args=[company.slug]),
                "funnel": reverse("analytics:funnel", args=[company.slug]),
                "open": list(open_ones.order_by("-created_at").values_list("number", flat=True)[:4000]),
                "stages": list(Stage.objects.values_list("pk", flat=True)),
                "reason": LossReason.objects.filter(asks_competitor=False).values_list("pk", flat=True)[0],
                "shown": list(shown.values_list("number", flat=True)),
            },
            sys.stdout,
        )


if __name__ == "__main__":
    main()
