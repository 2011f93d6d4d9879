"""Work that ends for good says why, in a sentence, on the row that it works for: nobody waits for what will not come."""

import logging
from collections.abc import Callable
from functools import wraps

from oportuna.errors import NotAllowed, Refused
from oportuna.work.steps import RETRY_AFTER, Lease, LeaseLost, find

StepFunction = Callable[[Lease], None]

log = logging.getLogger("oportuna.work")


def ends_in_words(
    fail: Callable[[Lease, Exception], None],
    *,
    at_once: tuple[type[Exception], ...] = (Refused, NotAllowed),
    let_go: Callable[[], None] = lambda: None,
) -> Callable[[StepFunction], StepFunction]:
    """Have a step function end its work by `fail` when an error of `at_once` comes, or any other at the last attempt.

    `fail` records why in a transaction of its own and finishes the lease. Before the last attempt other errors are left
    to the worker, which tries again later. A lost lease is no failure: another worker goes on with the work, so only
    `let_go` is called, to give up what this process keeps open between steps.
    """

    def decorate(run: StepFunction) -> StepFunction:
        @wraps(run)
        def guarded(lease: Lease) -> None:
            try:
                run(lease)
            except LeaseLost:
                let_go()
                raise
            except at_once as error:
                fail(lease, error)
            except Exception as error:
                if not _is_last_attempt(lease):
                    raise
                log.exception("%s %s gave up", lease.kind, lease.row)
                fail(lease, error)

        return guarded

    return decorate


def _is_last_attempt(lease: Lease) -> bool:
    with lease.reading():
        work = find(lease.kind, lease.row)
    return work is not None and work.attempts >= len(RETRY_AFTER)
