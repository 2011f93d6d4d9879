"""The web application that Granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from oportuna.ops import collector

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oportuna.settings")
application = get_wsgi_application()
collector.settle()
