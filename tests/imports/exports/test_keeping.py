"""Files are kept a week, their records for good."""

from datetime import timedelta

from django.utils import timezone

from oportuna.accounts.scope import company_scope
from oportuna.imports.exports import actions
from oportuna.imports.exports.job import ExportJob
from oportuna.imports.exports.keeping import remove_old_files
from oportuna.imports.exports.storage import export_folder
from tests.factories import (
    make_actor,
)
from tests.imports.exports.lists import begun, got, long_list


def test_files_are_kept_a_week_and_their_record_for_good(db):
    ana = make_actor()
    old, new = begun(ana), begun(ana, what="customers")
    with company_scope(ana.company):
        ExportJob.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=7, minutes=1))
        remove_old_files()

    assert got(ana, "file", new).status_code == 200
    answer = got(ana, "file", old)
    assert answer.status_code == 409
    assert "Este arquivo não está mais guardado." in answer.content.decode()
    assert "Já apagado" in got(ana).content.decode()
    assert [path.name for path in export_folder().iterdir()] == [new.stored]


def test_what_a_stopped_export_left_on_disk_goes_too(db):
    ana = make_actor()
    long_list(ana)
    job = begun(ana)
    (export_folder() / f"{job.stored}.killed").mkdir(parents=True)
    with company_scope(ana.company):
        actions.cancel(job, by=ana)
        ExportJob.objects.update(finished_at=timezone.now() - timedelta(minutes=3))

        remove_old_files()

    assert list(export_folder().iterdir()) == []


def test_a_file_that_is_gone_from_the_disk_is_said_to_be(db):
    ana = make_actor()
    job = begun(ana)
    job.path.unlink()

    assert got(ana, "file", job).status_code == 409
