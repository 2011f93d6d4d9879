"""Addresses of the administrator's registers."""

from django.urls import path

from oportuna.sales.views import registers, stages

_ON, _OFF = {"active": True}, {"active": False}

urlpatterns = [
    path("registers/", stages.registers, name="registers"),
    path("registers/pipelines/<code:pk>/", stages.pipeline, name="pipeline"),
    path("registers/pipelines/<code:pk>/order/", stages.arrange_stages, name="arrange_stages"),
    path("registers/pipelines/<code:pk>/stages/new/", stages.new_stage, name="new_stage"),
    path("registers/stages/<code:pk>/edit/", stages.edit_stage, name="edit_stage"),
    path("registers/stages/<code:pk>/activate/", stages.switch_stage, _ON, name="activate_stage"),
    path("registers/stages/<code:pk>/deactivate/", stages.switch_stage, _OFF, name="deactivate_stage"),
    path("registers/<slug:kind>/", registers.register, name="register"),
    path("registers/<slug:kind>/new/", registers.new_register, name="new_register"),
    path("registers/<slug:kind>/order/", registers.arrange_register, name="arrange_register"),
    path("registers/<slug:kind>/<code:pk>/edit/", registers.edit_register, name="edit_register"),
    path(
        "registers/<slug:kind>/<code:pk>/activate/",
        registers.switch_register,
        _ON,
        name="activate_register",
    ),
    path(
        "registers/<slug:kind>/<code:pk>/deactivate/",
        registers.switch_register,
        _OFF,
        name="deactivate_register",
    ),
]
