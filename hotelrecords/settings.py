"""Settings, read from the environment and loud about what is missing.

Nothing here asks whether the engines are embedded or a hotel's own: they are named by URL.
Unsafe combinations are refused by ``hotelrecords.checks``.
"""

from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# Where the product runs
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])
SITE_NAME = "Hotel Records"
DEMO = env.bool("DEMO", False)
TLS = env.bool("TLS", True)
TRUSTED_PROXY_HOPS = env.int("TRUSTED_PROXY_HOPS", 0)
ROOT_URLCONF = "hotelrecords.urls"
WSGI_APPLICATION = "hotelrecords.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "staff.Person"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "guardian",
    "auditlog",
    "csp",
    "django_htmx",
    "hotelrecords",
    "privacy",
    "stays",
    "staff",
    "vault",
    "audit",
]

MIDDLEWARE = [
    "hotelrecords.middleware.Unavailable",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "hotelrecords.middleware.Discretion",
    "hotelrecords.middleware.RequestId",
    "hotelrecords.middleware.Restored",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "staff.middleware.Language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "staff.middleware.OnDuty",
    "hotelrecords.middleware.Refusals",
    "audit.middleware.ChangeLog",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "staff.context.house",
            ],
            "builtins": ["staff.templatetags.house"],
        },
    }
]

# Engines: PostgreSQL holds all state, the broker is only a bell
DATABASES = {
    "default": {
        **env.dj_db_url("DATABASE_URL"),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", env.str("REDIS_URL", "redis://localhost:6379/0"))
# Who rings while the broker is away is told at once and goes on: kombu would try again for six seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "max_retries": 1, "interval_start": 0}
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 110
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "forget-old-drafts": {"task": "stays.tasks.forget_old_drafts", "schedule": crontab(minute=7)},
    "roll-call-sheets": {"task": "stays.tasks.prepare_roll_calls", "schedule": crontab(minute="*/15")},
    "roll-no-shows": {"task": "stays.tasks.roll_no_shows", "schedule": crontab(minute=2)},
    "watch-reports": {"task": "stays.tasks.watch_reports", "schedule": crontab(minute="*/5")},
    "forget-old-handovers": {"task": "stays.tasks.forget_old_handovers", "schedule": crontab(hour=19, minute=40)},
    "carry-on-imports": {"task": "stays.tasks.carry_on_imports", "schedule": crontab()},
    "forget-old-imports": {"task": "stays.tasks.forget_old_imports", "schedule": crontab(minute=33)},
    "forget-old-sessions": {"task": "staff.tasks.forget_old_sessions", "schedule": crontab(hour=3, minute=20)},
    "begin-access-reviews": {"task": "staff.tasks.begin_access_reviews", "schedule": crontab(hour=6, minute=40)},
    "watch-the-keeper": {"task": "staff.tasks.watch_keeper", "schedule": crontab()},
    "find-what-is-due": {"task": "privacy.tasks.find_what_is_due", "schedule": crontab()},
    "settle-withdrawals": {"task": "privacy.tasks.settle_withdrawals", "schedule": crontab()},
    "finish-restrictions": {"task": "privacy.tasks.finish_restrictions", "schedule": crontab(minute=27)},
    "follow-rule-changes": {"task": "privacy.tasks.follow_rule_changes", "schedule": crontab(minute=37)},
    "recheck-erasures": {"task": "privacy.tasks.recheck_erasures", "schedule": crontab(hour=2, minute=10)},
    "expire-case-files": {"task": "privacy.tasks.expire_case_files", "schedule": crontab(minute=17)},
    "plan-purges": {"task": "privacy.tasks.plan_purges", "schedule": crontab(minute="*/10")},
    "carry-on-purges": {"task": "privacy.tasks.carry_on_purges", "schedule": crontab()},
    "resume-what-waited": {"task": "privacy.tasks.resume_what_waited", "schedule": crontab(minute="4-59/10")},
    "find-holds-to-review": {"task": "privacy.tasks.find_holds_to_review", "schedule": crontab(minute=47)},
    "remind-of-processors": {"task": "privacy.tasks.remind_of_processors", "schedule": crontab(hour=1, minute=5)},
}

# Keys live outside the repository, the data and the backups
KEYS_DIR = env.path("KEYS_DIR")
PLANNED_GUESTS = env.int("PLANNED_GUESTS", 1_000_000)

# Sealed roll calls for down-time; what is not set is not kept
ROLL_CALL_DIR = env.str("ROLL_CALL_DIR", "")

# Backups: data, keys, ledger and keyring, each in a place of its own; what is not set is not kept
BACKUP_DIR = env.str("BACKUP_DIR", "")
BACKUP_KEYS_DIR = env.str("BACKUP_KEYS_DIR", "")
LEDGER_DIR = env.str("LEDGER_DIR", "")
KEYRING_DIR = env.str("KEYRING_DIR", "")
KEYRING_PASSPHRASE = env.str("KEYRING_PASSPHRASE", "")
BACKUP_DAYS = env.int("BACKUP_DAYS", 90)
BACKUP_KEYS_DAYS = env.int("BACKUP_KEYS_DAYS", 7)
BACKUP_AT_HOUR = env.int("BACKUP_AT_HOUR", 4)
DATABASE_BACKUP_URL = env.str("DATABASE_BACKUP_URL", "")
POSTGRES_BIN = env.str("POSTGRES_BIN", "")

# Mail: files in .local/mail by default, SMTP by EMAIL_URL
_email = env.dj_email_url("EMAIL_URL", "console:")
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_FILE_PATH = f"/{_email['EMAIL_FILE_PATH']}"  # the parser takes the first slash off the folder
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "hotel-records@localhost")
ANCHOR_MAIL_TO = env.list("ANCHOR_MAIL_TO", [])

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = ["hotelrecords.formats"]

# Static files, served by the web process
STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# What is uploaded is taken into memory and sealed; larger than this it is not taken at all, and never lies on a disk
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 21 << 20

# Signing in: sign-up closed, a second factor for everyone
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("staff_number", "name", "latin_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "staff.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "staff_number"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/5m/ip,5/5m/key", "login": "30/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "staff.adapters.MFAAdapter"
ACCOUNT_FORMS = {"login": "staff.forms.signing_in.SignInForm"}
MFA_FORMS = {
    "authenticate": "staff.forms.signing_in.SignInCodeForm",
    "authenticate_webauthn": "staff.forms.signing_in.SecondStepPasskeyForm",
    "login_webauthn": "staff.forms.signing_in.SignInPasskeyForm",
}
MFA_TOTP_TOLERANCE = 1
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS
MFA_TOTP_ISSUER = SITE_NAME
USERSESSIONS_TRACK_ACTIVITY = False
GUARDIAN_RAISE_403 = True
ANONYMOUS_USER_NAME = None
DESK_IDLE_MINUTES = env.int("DESK_IDLE_MINUTES", 10)
STEP_UP_MINUTES = env.int("STEP_UP_MINUTES", 5)
REVEAL_SECONDS = 30
BUSINESS_DAY_TURNS_AT_HOUR = env.int("BUSINESS_DAY_TURNS_AT_HOUR", 6)
PURGE_HOURS_BEFORE_TURN = env.int("PURGE_HOURS_BEFORE_TURN", 3)
PURGE_WAIT_HOURS = env.int("PURGE_WAIT_HOURS", 24)

# The change log of what is not personal
AUDITLOG_LOGENTRY_MODEL = "audit.Change"
AUDITLOG_DISABLE_REMOTE_ADDR = True
AUDITLOG_CID_GETTER = "audit.trace.request_id"
AUDITLOG_INCLUDE_ALL_MODELS = False

# What the browser is told
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_SSL_REDIRECT = TLS and env.bool("SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_HOPS else None
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = TLS
SECURE_REFERRER_POLICY = "same-origin"  # with "no-referrer" browsers post forms with "Origin: null"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SILENCED_SYSTEM_CHECKS: list[str] = []
CSRF_FAILURE_VIEW = "hotelrecords.views.not_allowed"
DEFAULT_EXCEPTION_REPORTER = "hotelrecords.logging.BareReporter"

# How many processes and threads share the database's connections (hotelrecords.checks compares)
WEB_PROCESSES = env.int("WEB_PROCESSES", 1)
WEB_THREADS = env.int("WEB_THREADS", 4)
WORKER_PROCESSES = env.int("WORKER_PROCESSES", 2)

# Logs: structured, no personal data, one request id everywhere
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "hotelrecords.logging.RequestIdFilter"}},
    "formatters": {"json": {"()": "hotelrecords.logging.JsonFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": "json"},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"handlers": ["console"], "propagate": False}},
}
