"""Addresses of customers and of the people at them."""

from django.urls import path

from oportuna.sales.views import contacts, customers

urlpatterns = [
    path("customers/", customers.customers, name="customers"),
    path("customers/new/", customers.new_customer, name="new_customer"),
    path("customers/options/", customers.customer_options, name="customer_options"),
    path("customers/duplicates/", customers.customer_duplicates, name="customer_duplicates"),
    path("customers/<code:pk>/", customers.customer, name="customer"),
    path("customers/<code:pk>/edit/", customers.edit_customer, name="edit_customer"),
    path("customers/<code:pk>/delete/", customers.delete_customer, name="delete_customer"),
    path("customers/<code:pk>/restore/", customers.restore_customer, name="restore_customer"),
    path("customers/<code:pk>/do-not-contact/", customers.mark_do_not_contact, name="mark_do_not_contact"),
    path("customers/<code:pk>/contacts/new/", contacts.new_contact, name="new_contact"),
    path("contacts/<code:pk>/edit/", contacts.edit_contact, name="edit_contact"),
]
