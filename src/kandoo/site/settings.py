"""Django settings. Everything that differs between machines comes from the environment.

KANDOO_DATA      folder of the database, uploads, key and logs (default: `data` beside the code)
DATABASE_URL     any PostgreSQL 15+ instead of the embedded one
KANDOO_DB_ROLE   `owner` for migrations; otherwise the application's role, bound by row security
KANDOO_HOSTS     names the site answers to, comma-separated
KANDOO_HTTPS     `1` behind TLS: secure cookies, redirect, HSTS
KANDOO_MAIL      smtp://user:password@host:port (default: letters are written to KANDOO_DATA/mail)
"""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from kandoo.site import database

PACKAGE = Path(__file__).resolve().parents[1]
PROJECT = PACKAGE.parents[1]
DATA = Path(os.environ.get("KANDOO_DATA") or PROJECT / "data").resolve()


def _secret_key() -> str:
    """The key of this data folder, made at its first start; a passing one where there is none."""
    given = os.environ.get("KANDOO_SECRET_KEY")
    if given:
        return given
    path = DATA / "secret.key"
    if path.exists():
        return path.read_text().strip()
    key = secrets.token_urlsafe(64)
    if DATA.is_dir():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(key)
    return key


DEBUG = False
SECRET_KEY = _secret_key()
HTTPS = os.environ.get("KANDOO_HTTPS") == "1"
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *filter(None, os.environ.get("KANDOO_HOSTS", "").split(",")),
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host != "*"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "kandoo.register",
    "kandoo.ledger",
    "kandoo.selling",
    "kandoo.trace",
    "kandoo.payments",
    "kandoo.sharing",
    "kandoo.buying",
    "kandoo.benefit",
    "kandoo.programme",
    "kandoo.credit",
    "kandoo.finding",
    "kandoo.results",
    "kandoo.strategy",
    "kandoo.maturity",
    "kandoo.reports",
    "kandoo.tender",
    "kandoo.visits",
    "kandoo.demo",
    "kandoo.site",  # last: its post_migrate applies row security to every table above
]

MIDDLEWARE = [
    "kandoo.site.middleware.ReferenceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kandoo.site.middleware.RowSecurityMiddleware",
    "kandoo.site.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kandoo.site.middleware.MoneyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kandoo.site.middleware.NullMiddleware",
]

ROOT_URLCONF = "kandoo.site.urls"
WSGI_APPLICATION = "kandoo.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "site" / "templates"],  # before allauth's own
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kandoo.site.context.frame",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

DATABASES = {
    "default": {
        **database.locate(as_owner=os.environ.get("KANDOO_DB_ROLE") == "owner"),
        "ATOMIC_REQUESTS": True,
        "TIME_ZONE": "Asia/Tehran",  # so that `current_date` in the policies is the cluster's own day
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",  # shared by all workers
        "LOCATION": "site_cache",
    }
}

LANGUAGE_CODE = "fa"
LANGUAGES = [("fa", "فارسی"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "site" / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Tehran"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "kandoo.site.assets.Storage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

AUTH_USER_MODEL = "register.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "kandoo.site.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "60/m/ip"}
# How many proxies stand in front: whose word the login rate limit takes for the caller's address.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("KANDOO_PROXIES", "1" if HTTPS else "0"))
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Kandoo"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # people are added by an agent, and many have no e-mail
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # localhost without TLS

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "kandoo_session", "kandoo_csrf"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "kandoo.site.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}


def _mail() -> dict[str, object]:
    url = urlsplit(os.environ.get("KANDOO_MAIL", ""))
    if not url.hostname:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": DATA / "mail",
        }
    return {
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or 587,
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": True,
    }


globals().update(_mail())

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # The reference line of `kandoo` says it once, with the path and the traceback.
    "loggers": {
        "kandoo": {"level": "INFO"},
        "django.request": {"level": "CRITICAL"},
    },
}
