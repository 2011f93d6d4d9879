"""The empty spreadsheet to fill in and import."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from oportuna.accounts import policies
from oportuna.accounts.http import CompanyRequest
from oportuna.imports.template import template_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def template(request: CompanyRequest) -> HttpResponse:
    """Hand out the company's template."""
    request.actor.require(policies.import_rows)
    answer = HttpResponse(template_of(request.actor), content_type=_XLSX)
    name = _("template-opportunities.xlsx")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
