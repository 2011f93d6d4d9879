"""Takes back the demo company's newest import and prints the seconds: `python -m bench.undone`, in that installation's environment."""

import sys
import time

from bench.installed import demo_company


def main() -> None:
    """Begin the undoing and do it here, as a worker would."""
    company = demo_company()
    from oportuna.accounts.actor import Via, actor_for
    from oportuna.accounts.scope import company_scope
    from oportuna.imports import actions
    from oportuna.imports.models import ImportJob
    from oportuna.work.steps import run_in_process

    began = time.perf_counter()
    with company_scope(company):
        job = ImportJob.objects.order_by("-pk")[0]
        actions.undo(job, by=actor_for(job.created_by, Via.SCREEN))
    run_in_process(company, actions.UNDO, job.pk)
    with company_scope(company):
        job.refresh_from_db()
        if job.taken_back != job.created:
            sys.exit(f"{job.taken_back} of {job.created} rows were taken back: {job.why}")
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
