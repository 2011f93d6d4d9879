"""Whether a customer is not to be contacted for another reason than one import."""

from django.db.models import Q

from oportuna.imports.models import ImportJob, ImportRow, Outcome, Undone
from oportuna.imports.suppression.lookup import Suppressed
from oportuna.sales.models import Customer

_HEARD = (Outcome.CREATED, Outcome.UPDATED, Outcome.DUPLICATE)


def asks_still(customer: Customer, *, but: ImportJob) -> bool:
    """Whether the suppression list, or a row of another import that was not undone, says that nobody contacts this customer."""
    others = ImportRow.objects.filter(
        ~Q(job=but),
        ~Q(undone__in=(Undone.GONE, Undone.RESTORED)),
        customer=customer,
        outcome__in=_HEARD,
        values__do_not_contact=True,
    )
    if others.exists():
        return True
    listed = Suppressed()
    listed.prepare([])
    listed.prepare_customers([customer])
    return listed.find_customer(customer.pk) is not None
