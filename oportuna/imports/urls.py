"""Addresses of imports."""

from django.urls import URLPattern, path

from oportuna.imports.views import check, suppression, template, undo, wizard

app_name = "imports"
urlpatterns: list[URLPattern] = [
    path("", wizard.jobs, name="jobs"),
    path("do-not-contact/", suppression.suppressions, name="suppressions"),
    path("do-not-contact/load/", suppression.load_suppressions, name="load_suppressions"),
    path("do-not-contact/<code:pk>/remove/", suppression.remove_suppression, name="remove_suppression"),
    path("template/", template.template, name="template"),
    path("<code:pk>/", wizard.job, name="job"),
    path("<code:pk>/table/", wizard.choose_table, name="choose_table"),
    path("<code:pk>/columns/", wizard.columns, name="columns"),
    path("<code:pk>/columns/anew/", wizard.start_anew, name="start_anew"),
    path("<code:pk>/check/", wizard.check, name="check"),
    path("<code:pk>/rows/<int:number>/", check.row, name="row"),
    path("<code:pk>/rows/<int:number>/out/", check.leave_out, name="leave_out"),
    path("<code:pk>/answers/", check.answers, name="answers"),
    path("<code:pk>/run/", wizard.run, name="run"),
    path("<code:pk>/progress/", wizard.progress, name="progress"),
    path("<code:pk>/undo/", undo.undo, name="undo"),
    path("<code:pk>/cancel/", wizard.cancel, name="cancel"),
    path("<code:pk>/rejected/", wizard.rejected, name="rejected"),
    path("<code:pk>/file/", wizard.file, name="file"),
]
