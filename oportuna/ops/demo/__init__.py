"""The demo company: two years of believable work up to the day before today, always the same on the same day."""

from oportuna.accounts.models import Role
from oportuna.ops.demo.cast import PARTS, PASSWORD, SLUG
from oportuna.ops.demo.company import DEFAULT, MOST, build, erase, find

# E-mail, password and role of everyone who may look around; printed by `serve` and `demo`.
SIGN_INS: list[tuple[str, str, Role]] = [(part.email, PASSWORD, part.role) for part in PARTS]

__all__ = ["DEFAULT", "MOST", "SIGN_INS", "SLUG", "build", "erase", "find"]
