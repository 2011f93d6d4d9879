"""Django's settings, one file for every installation; what differs is read from environment variables.

OPORTUNA_DATA      the data folder (default: var beside the program)
DATABASE_URL       postgresql://… of the role that row-level security binds; empty: SQLite in the data folder
OPORTUNA_OWNER_URL postgresql://… of the role that owns the tables: migrate, backup and restore only
OPORTUNA_URL       the address people use (default http://127.0.0.1:8000): allowed host, links, https hardening
OPORTUNA_SMTP      smtp://USER:PASSWORD@HOST:PORT (smtps:// for TLS); empty: e-mails are printed on the console
"""

import os
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from oportuna.environment import PROJECT, data_folder, database, secret_key
from oportuna.ui.frontend import FRONTEND_FILES

DATA = data_folder()
SECRET_KEY = secret_key(DATA)
DEBUG = False
OPORTUNA_URL = os.environ.get("OPORTUNA_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
_address = urlsplit(OPORTUNA_URL)
HTTPS = _address.scheme == "https"
ALLOWED_HOSTS = sorted({_address.hostname or "127.0.0.1", "127.0.0.1", "localhost"})
CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}"]

INSTALLED_APPS = [
    "oportuna.ui",
    "oportuna.accounts",
    "oportuna.work",
    "oportuna.records",
    "oportuna.sales",
    "oportuna.imports",
    "oportuna.analytics",
    "oportuna.ops",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "oportuna.ui.language.speak",
    "oportuna.work.maintenance.MaintenanceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "oportuna.accounts.middleware.LoginRequiredMiddleware",
    "oportuna.accounts.middleware.CompanyMiddleware",
]

ROOT_URLCONF = "oportuna.urls"
WSGI_APPLICATION = "oportuna.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "oportuna.ui.environment.environment",
            "context_processors": ["oportuna.navigation.shell"],
        },
    },
    # For packages' own pages only.
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), DATA)}
if os.environ.get("OPORTUNA_OWNER_URL"):
    DATABASES["owner"] = database(os.environ["OPORTUNA_OWNER_URL"], DATA)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "oportuna_cache",
    }
}

LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", _("Portuguese")), ("en", _("English"))]
LOCALE_PATHS = [str(PROJECT / "oportuna" / "locale"), str(PROJECT / "oportuna" / "brazil" / "locale")]
TIME_ZONE = "America/Sao_Paulo"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = str(DATA / "static")
STATICFILES_DIRS = [("vendor", str(PROJECT / "node_modules"))]
STATICFILES_FINDERS = [
    "oportuna.ui.static_files.FrontendFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
FRONTEND = FRONTEND_FILES
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA / "files")},
    },
    "staticfiles": {"BACKEND": "oportuna.ui.static_files.HashedStaticFiles"},
}
MEDIA_ROOT = str(DATA / "files")
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_USE_FINDERS = False
# Django's own widgets, drawn by the faster engine too: half of an opportunity's page was its forms.
FORM_RENDERER = "django.forms.renderers.Jinja2"

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["oportuna.accounts.sign_in.Backend"]
SESSION_ENGINE = "oportuna.accounts.sign_in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "oportuna.accounts.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
# Behind https there is one proxy: without this all who sign in through it would share one count of failures.
ALLAUTH_TRUSTED_PROXY_COUNT = int(HTTPS)
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Oportuna"
# People come by invitation to their address; there is no second proof of it to ask for.
MFA_ALLOW_UNVERIFIED_EMAIL = True
EMAIL_TIMEOUT = 10
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

_smtp = urlsplit(os.environ.get("OPORTUNA_SMTP", ""))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _smtp.hostname else 'console'}.EmailBackend"
EMAIL_HOST = _smtp.hostname or ""
EMAIL_PORT = _smtp.port or 587
EMAIL_HOST_USER = unquote(_smtp.username or "")
EMAIL_HOST_PASSWORD = unquote(_smtp.password or "")
EMAIL_USE_SSL = _smtp.scheme == "smtps"
EMAIL_USE_TLS = bool(_smtp.hostname) and not EMAIL_USE_SSL
DEFAULT_FROM_EMAIL = os.environ.get("OPORTUNA_FROM", f"Oportuna <nao-responda@{_address.hostname}>")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "short"]}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"oportuna": {"level": "INFO"}},
}
