"""Addresses of activities."""

from django.urls import URLPattern, path

from oportuna.sales.views import activities, my_day

urlpatterns: list[URLPattern] = [
    path("my-day/", my_day.my_day, name="my_day"),
    path("opportunities/<int:number>/activities/log/", activities.log_activity, name="log_activity"),
    path("opportunities/<int:number>/activities/plan/", activities.plan_activity, name="plan_activity"),
    path("activities/<code:pk>/complete/", activities.complete_activity, name="complete_activity"),
    path("activities/<code:pk>/put-back/", activities.put_back_activity, name="put_back_activity"),
    path("activities/<code:pk>/edit/", activities.edit_activity, name="edit_activity"),
]
