"""What scripts of the bench begin with that run in an installation's environment."""

import os
import sys
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from oportuna.accounts.models import Company


def demo_company() -> "Company":
    """The installation's demo company; without one the script ends and says so."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oportuna.settings")
    django.setup()
    from oportuna.ops import collector, demo

    collector.settle()
    company = demo.find()
    if company is None:
        sys.exit("There is no demo company.")
    return company
