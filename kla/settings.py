"""All settings, read from the environment: safe by default, loud when wrong.

Three ways to run, from strict to lax:
  (nothing set)   production: HTTPS only; needs SECRET_KEY and ALLOWED_HOSTS
  KLA_LOCAL=1     one machine, plain http on 127.0.0.1, no debug pages (`make run`)
  DEBUG=1         as KLA_LOCAL, with Django's debug pages
A secret may stand in a file instead: X_FILE=/run/secrets/x in place of X.
"""

import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from kla.document_settings import read_documents
from kla.engine_settings import engine_address
from kla.environment import Environment
from kla.monitoring_settings import read_collector, read_formatter, read_networks, read_token
from kla.sso_settings import origins, read_local_sign_in, read_providers

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()

DEBUG = env.bool("DEBUG", default=False)
IS_LOCAL = DEBUG or env.bool("KLA_LOCAL", default=False)

# Everything this installation writes: database, documents, temporary files, collected assets.
VAR_DIR = Path(env.str("KLA_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)


def local_secret_key(path: Path) -> str:
    """The key of this machine, made at the first use and readable by its owner only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


def required(name: str, how_to_fix: str) -> str:
    """The value of an environment variable without which production must not start."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {how_to_fix}")
    return value


if IS_LOCAL:
    SECRET_KEY = env.str("SECRET_KEY", default="") or local_secret_key(VAR_DIR / "secret_key")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
else:
    SECRET_KEY = required(
        "SECRET_KEY",
        "Set it to a long random text, for example the output of "
        "`python3 -c 'import secrets; print(secrets.token_urlsafe(64))'`, and keep it secret. "
        "To try the site on your own machine, set KLA_LOCAL=1 instead.",
    )
    required(
        "ALLOWED_HOSTS",
        "Set it to the host names people use, separated by commas, for example kla.example.go.id.",
    )
    ALLOWED_HOSTS = [host.strip() for host in env.list("ALLOWED_HOSTS")]
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured(
            "SECRET_KEY is shorter than 50 characters. Make a new one with "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(64))'`."
        )
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS contains *, which lets anybody choose the host name in the links "
            "that we e-mail. Name the hosts."
        )

# Keys of before, which still open what they signed and sealed, second factors among it.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# --- Applications -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "kla",
    "outbox",
    "jobs",
    "figures",
    "cities",
    "clusters",
    "assessments",
    "registers",
    "territories",
    "facilities",
    "childdata",
    "regulations",
    "meetings",
    "taskforce",
    "plans",
    "actionplan",
    "monitoring",
    "public",
    "nomenclature",
    "imports",
    "api",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # its templates, so that ours can override them
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_tasks",
    "django_tasks_db",
]

# Registers that know why a document may not count; assessments/cautions.py says what they get.
CAUTION_SOURCES = ["regulations.queries.cautions.REGULATIONS"]

MIDDLEWARE = [
    "kla.request_ids.request_ids",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Below WhiteNoise: its files are compressed when they are collected, and its answers are
    # public and cached for a year; ours are private.
    "kla.middleware.CompressedPages",
    "kla.middleware.private_pages",
    # Above sessions: nobody is signed in on pages for everybody or where a token says who asks.
    "kla.middleware.without_cookies",
    "kla.languages.in_chosen_language",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kla.middleware.ComposedText",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kla.unsent.KeepUnsent",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kla.second_factor.second_factor_first",
    "kla.sessions.noted_sessions",
    "kla.once.OneDeedPerForm",  # the last one, for it runs the view
]

# Whoever watches this installation: the figures at /metrik/ (nobody reads them unless one of the
# first two is set), queries that take longer than so many milliseconds (0: none is logged), and the
# collector of errors.
KLA_METRICS_NETWORKS = read_networks(env)
KLA_METRICS_TOKEN = read_token(env)
KLA_METRICS_DIR = VAR_DIR / "metrics"
KLA_SLOW_QUERY_MS = env.int("KLA_SLOW_QUERY_MS", default=0)
SENTRY_DSN = read_collector(env)
SENTRY_ENVIRONMENT = env.str("SENTRY_ENVIRONMENT", default="production")
if KLA_METRICS_NETWORKS or KLA_METRICS_TOKEN:
    MIDDLEWARE.insert(0, "kla.metrics.count_requests")

ROOT_URLCONF = "kla.urls"
WSGI_APPLICATION = "kla.wsgi.application"

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

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
                "kla.form_tokens.form_secret",
            ],
            # Below the framework's own, so that {% csrf_token %} is ours.
            "builtins": ["kla.templatetags.form_tokens"],
        },
    },
]

# --- Database ---------------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'kla.sqlite3'}")

# WAL lets people read while somebody writes. IMMEDIATE takes the write lock when a transaction
# begins: without it, two that read and then write fail at once with "database is locked".
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
# A worker that waits for a lock, or for a query nobody awaits any more, serves no one.
POSTGRESQL_OPTIONS = {
    "connect_timeout": 3,
    "options": "-c lock_timeout=5s -c statement_timeout=60s",
}

DATABASES = {
    "default": dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True)
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # What the address itself asks for comes last and wins.
    DATABASES["default"]["OPTIONS"] = POSTGRESQL_OPTIONS | DATABASES["default"].get("OPTIONS", {})
    if env.bool("KLA_PGBOUNCER", default=False):
        # In transaction mode the next statement may meet another connection: no cursor lasts
        # beyond its transaction, and pgbouncer itself sets the limits above (docs/scaling.md).
        DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
        DATABASES["default"]["OPTIONS"].pop("options")
else:
    raise ImproperlyConfigured(
        "DATABASE_URL must begin with postgres:// or sqlite:///, for example "
        "postgres://user:password@host:5432/kla."
    )

# A copy that follows the primary; the pages that may be a little old read it (cities/replica.py).
DATABASE_REPLICA_URL = env.str("DATABASE_REPLICA_URL", default="")
if DATABASE_REPLICA_URL:
    if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_REPLICA_URL needs PostgreSQL in DATABASE_URL too.")
    if not DATABASE_REPLICA_URL.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured("DATABASE_REPLICA_URL must begin with postgres://.")
    DATABASES["replica"] = DATABASES["default"] | dj_database_url.parse(
        DATABASE_REPLICA_URL, conn_max_age=600, conn_health_checks=True
    )
    DATABASES["replica"]["OPTIONS"] = DATABASES["default"]["OPTIONS"] | DATABASES["replica"].get(
        "OPTIONS", {}
    )
    DATABASE_ROUTERS = ["cities.replica.ReplicaRouter"]
    MIDDLEWARE.insert(
        MIDDLEWARE.index("kla.unsent.KeepUnsent"),
        "kla.middleware.noted_deeds",
    )

# Set for `prepare` alone, which then runs as the owner of the tables: the address under which the
# site itself works. That role is made and granted what it needs; see docs/database-roles.md.
KLA_APP_DATABASE_URL = env.str("KLA_APP_DATABASE_URL", default="")

# In the database, because the throttle on sign-in must count over all workers.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kla_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}
# With it the cache is on Redis, and in the database only while that is away (kla/caches.py).
REDIS_URL = engine_address(env, "REDIS_URL", client="redis", schemes=("redis", "rediss", "unix"))
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "kla.caches.RedisOrDatabaseCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "kla",
        },
        "database": CACHES["default"],
    }

# --- Signing in -------------------------------------------------------------------------------

AUTH_USER_MODEL = "cities.User"
AUTHENTICATION_BACKENDS = ["kla.accounts.PeopleBackend"]

# A quarter of the CPU of Django's default, and harder to attack with graphics cards.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# For new passwords alone; kla/passwords.py says where each rule comes from.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "kla.passwords.LongEnough"},
    {"NAME": "kla.passwords.NotOfThePerson"},
    {"NAME": "kla.passwords.HardToGuess"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "kla.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "kla.forms.SignInForm",
    "reset_password": "kla.forms.PasswordResetRequestForm",
    "reset_password_from_key": "kla.forms.PasswordResetForm",
    "change_password": "kla.forms.PasswordChangeForm",
    "set_password": "kla.forms.PasswordSetForm",
    "reauthenticate": "kla.forms.PasswordConfirmForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password is told to its owner
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers whose address somebody typed
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[KLA] "
ACCOUNT_SESSION_REMEMBER = False  # the session ends with the browser: desks are shared
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if IS_LOCAL else "https"
# Counted before the password is hashed, so that guessing costs the guesser more than us.
# Each lapses by itself; the longer somebody goes on, the longer the wait. See kla/accounts.py.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,10/5m/key,30/h/key",  # an account from one network
    "login_failed_anywhere": "100/h/key",  # an account from all networks together
    "login_failed_known_device": "10/5m/key,40/h/key",  # where it has signed in before
    "reset_password": "10/m/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "accept_invitation": "20/m/ip",
    "change_email": "5/h/user",
    "test_letter": "5/h/user",
    "sign_attendance": "60/m/ip",  # a hall full of people behind one address
    "public_message": "30/h/ip",  # a school class behind one address
}

# --- Second factor ----------------------------------------------------------------------------

# Who must have one before anything else opens: site_admin and roles of cities/roles.py, or none.
# On this machine nobody, so that the demonstration opens with its passwords alone.
KLA_SECOND_FACTOR = env.list(
    "KLA_SECOND_FACTOR", default=["none"] if IS_LOCAL else ["site_admin", "admin_kota"]
)
KLA_SECOND_FACTOR = frozenset(KLA_SECOND_FACTOR) - {"none"}
SECOND_FACTOR_ROLES = frozenset(
    [
        "site_admin",
        "admin_kota",
        "gugus_tugas",
        "verifikator",
        "opd",
        "pimpinan",
        "pendamping",
        "wilayah",
        "forum_anak",
    ]
)
if unknown := KLA_SECOND_FACTOR - SECOND_FACTOR_ROLES:
    raise ImproperlyConfigured(
        f"KLA_SECOND_FACTOR names no role of ours: {', '.join(sorted(unknown))}. "
        f"Name some of {', '.join(sorted(SECOND_FACTOR_ROLES))}, or none."
    )

MFA_ADAPTER = "kla.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "KLA"
MFA_TOTP_TOLERANCE = 1  # clocks of phones go wrong by half a minute
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator made the account and vouches for the address
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_LOCAL
MFA_FORMS = {
    "authenticate": "kla.second_factor.CodeForm",
    "reauthenticate": "kla.second_factor.CodeAgainForm",
    "activate_totp": "kla.second_factor.AppForm",
    "add_webauthn": "kla.second_factor.PasskeyForm",
    "edit_webauthn": "kla.second_factor.PasskeyNameForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds; then a deed of weight asks again

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kla.views.csrf_failure"

# The city's own sign-in; kla/sso_settings.py names the variables of the environment.
SSO_PROVIDERS = read_providers(env, is_local=IS_LOCAL)
KLA_LOCAL_SIGN_IN = read_local_sign_in(env, SSO_PROVIDERS)
SOCIALACCOUNT_ADAPTER = "kla.sso.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = {"sso": {"APPS": SSO_PROVIDERS}}
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: the content policy would hold a form here
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # kla/sso.py joins, by what is verified alone

# --- HTTPS and headers ------------------------------------------------------------------------

USES_HTTPS = env.bool("KLA_HTTPS", default=not IS_LOCAL)

SESSION_COOKIE_SECURE = USES_HTTPS
CSRF_COOKIE_SECURE = USES_HTTPS
SECURE_SSL_REDIRECT = USES_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sehat/", r"^metrik/$"]  # asked over plain http from the same machine
SECURE_HSTS_SECONDS = env.int("KLA_HSTS_SECONDS", default=365 * 24 * 60 * 60) if USES_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = USES_HTTPS
SECURE_HSTS_PRELOAD = USES_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# How many proxies of ours stand in front. Above 0 their X-Forwarded-* headers are believed,
# so a proxy must set them itself; at 0 anybody could forge them.
PROXIES = env.int("KLA_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's icons inside its CSS
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # Signing out is a form that leads on to the provider.
        "form-action": [SELF, *origins(SSO_PROVIDERS)],
    }
}

# --- Static files -----------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("KLA_STATIC", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
# Served from the top of the site: a service worker reaches no further than its own folder.
WHITENOISE_ROOT = BASE_DIR / "static" / "root"
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
STATICFILES_FINDERS = [
    "kla.finders.SheetFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "kla.finders.NpmFinder",
]
STORAGES = {
    "default": read_documents(env),  # a folder (KLA_MEDIA) or a bucket; kla/document_settings.py
    "staticfiles": {
        "BACKEND": "kla.script_storage.ScriptStorage",
        # Public, unlike documents: the account that serves them need not be the one that collects.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "jpg", "jpeg", "webp", "woff", "woff2", "gz"]

# The one sheet that pages load, made by kla/styles.py; and whom it must still serve:
# without this list the tool writes media queries that a phone of 2021 does not read.
STYLE_SHEET = "css/site.css"
STYLE_SHEETS_APART = {"css/public.css"}  # of pages that load nothing else
STYLE_ROOT = VAR_DIR / "styles"
STYLE_BROWSERS = [
    "chrome >= 90",
    "edge >= 90",
    "firefox >= 90",
    "safari >= 14.1",
    "ios_saf >= 14.5",
    "samsung >= 15",
]

# The files that pages use out of node_modules, and the maps that those files name.
NPM_ROOT = BASE_DIR / "node_modules"
NPM_FILES = [
    "pdfjs-dist/build/pdf.min.mjs",
    "pdfjs-dist/build/pdf.worker.min.mjs",
    # Decoders for scanned pages; pdf.js asks for them by these very names.
    "pdfjs-dist/wasm/jbig2.wasm",
    "pdfjs-dist/wasm/openjpeg.wasm",
    "pdfjs-dist/wasm/openjpeg_nowasm_fallback.js",
    "pdfjs-dist/wasm/qcms_bg.wasm",
    "idb/build/index.js",
    "tus-js-client/dist/tus.min.js",
    "tus-js-client/dist/tus.min.js.map",
    "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2",
]

# --- Uploaded documents -----------------------------------------------------------------------

# No MEDIA_URL: documents leave through a view that asks who wants them, never by their path.
MEDIA_ROOT = Path(env.str("KLA_MEDIA", default=str(VAR_DIR / "media")))
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "tmp"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True, mode=0o700)
# Files on their way; on the file system of MEDIA_ROOT, a whole one is moved there without copying.
KLA_UPLOADS = Path(env.str("KLA_UPLOADS", default=str(VAR_DIR / "uploads")))
KLA_MAX_UPLOAD_BYTES = env.int("KLA_MAX_UPLOAD_BYTES", default=25 * 1024 * 1024)
# How much is taken in, in files and bytes; 0 is no limit. Of one person within an hour, in all
# cities together, and of one city altogether; told from 80 percent on.
KLA_PERSON_HOURLY_FILES = env.int("KLA_PERSON_HOURLY_FILES", default=200)
KLA_PERSON_HOURLY_BYTES = env.int("KLA_PERSON_HOURLY_BYTES", default=2 * 1024**3)
KLA_CITY_FILES = env.int("KLA_CITY_FILES", default=50_000)
KLA_CITY_BYTES = env.int("KLA_CITY_BYTES", default=200 * 1024**3)
# A package or report with more documents, or a package of more bytes, is made outside of the request.
KLA_BACKGROUND_FILES = env.int("KLA_BACKGROUND_FILES", default=500)
KLA_BACKGROUND_BYTES = env.int("KLA_BACKGROUND_BYTES", default=200 * 1024**2)
DATA_UPLOAD_MAX_NUMBER_FILES = 100  # above what the form takes, whose own sentence says so

# Bodies are received before a thread is given to them, see kla/serving.py: seconds, bytes a second,
# and how many of more than 64 KB are under way at once.
KLA_HEAD_SECONDS = env.float("KLA_HEAD_SECONDS", default=10.0)
KLA_STALL_SECONDS = env.float("KLA_STALL_SECONDS", default=20.0)
KLA_LEAST_RATE = env.int("KLA_LEAST_RATE", default=2048)
KLA_BODIES_PER_PERSON = env.int("KLA_BODIES_PER_PERSON", default=6)
KLA_BODIES = env.int("KLA_BODIES", default=40)

# A ClamAV daemon that looks into each file before anybody can open it: by the socket of one on this
# machine (/run/clamav/clamd.ctl), or as host:port; neither: nothing is scanned. Its StreamMaxLength
# must be above KLA_MAX_UPLOAD_BYTES, and AlertExceedsMax on. Seconds are those without an answer.
CLAMAV_SOCKET = env.str("CLAMAV_SOCKET", default="")
CLAMAV_HOST = env.str("CLAMAV_HOST", default="")
CLAMAV_SECONDS = env.float("CLAMAV_SECONDS", default=60.0)

# What pages show of a document is made from it in a process of its own, within these limits
# (bytes, seconds).
KLA_RENDITION_MEMORY = env.int("KLA_RENDITION_MEMORY", default=1536 * 1024 * 1024)
KLA_RENDITION_SECONDS = env.int("KLA_RENDITION_SECONDS", default=60)

# How often a token of another system may ask within a minute.
KLA_API_RATE = env.int("KLA_API_RATE", default=120)

# --- Jobs -------------------------------------------------------------------------------------

# The queue that brings jobs to workers; what is asked for is safe in the database (jobs/).
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
# With it the queue is on RabbitMQ, for workers on many machines (jobs/rabbitmq.py).
CELERY_BROKER_URL = engine_address(
    env, "CELERY_BROKER_URL", client="celery", schemes=("amqp", "amqps")
)
if CELERY_BROKER_URL:
    TASKS = {"default": {"BACKEND": "jobs.rabbitmq.CeleryBackend", "QUEUES": []}}
KLA_SCHEDULE = "kla.schedule.SCHEDULE"

# --- Backups ----------------------------------------------------------------------------------

# Public keys (age1…, ssh-ed25519 …) that backups are sealed for; empty means not at all. The
# secret key never comes to this machine until something has to be brought back.
KLA_BACKUP_RECIPIENTS = env.list("KLA_BACKUP_RECIPIENTS", default=[])
# How many years things are kept, by rule of `manage.py apply_retention`; empty: for ever. Files
# of documents go only where an installation says so.
KLA_RETENTION = {
    "notices": env.str("KLA_KEEP_NOTICES_YEARS", default="2"),  # since they were written
    "invitations": env.str("KLA_KEEP_INVITATIONS_YEARS", default="1"),  # since they were settled
    "accounts": env.str("KLA_KEEP_ACCOUNTS_YEARS", default="5"),  # since they were closed
    "renditions": env.str("KLA_KEEP_RENDITIONS_YEARS", default="5"),  # since the year was closed
    "documents": env.str("KLA_KEEP_DOCUMENTS_YEARS", default=""),  # since the year was closed
    # Of the public, since they were marked, unread ones since they came; also every night.
    "messages": env.str("KLA_KEEP_MESSAGES_YEARS", default="1"),
    # Of webhooks, since the event; also every night.
    "deliveries": env.str("KLA_KEEP_DELIVERIES_YEARS", default="1"),
    # Names and signatures on lists of attendance, since the minutes were closed; also every night.
    "attendances": env.str("KLA_KEEP_ATTENDANCES_YEARS", default=""),
}
# Where the nightly backup goes; empty leaves that to somebody else.
KLA_BACKUP_TO = env.str("KLA_BACKUP_TO", default="")
# Where `manage.py keep_trail_heads` keeps the heads of the trails: a folder of another machine, and
# addresses outside. Whoever takes over this one cannot reach back there.
KLA_TRAIL_HEADS_DIR = env.str("KLA_TRAIL_HEADS_DIR", default="")
KLA_TRAIL_HEADS_TO = env.list("KLA_TRAIL_HEADS_TO", default=[])
# A good backup older than so many hours is told to the site administrators; 0: none is waited for.
KLA_BACKUP_LATE_HOURS = env.int("KLA_BACKUP_LATE_HOURS", default=0 if IS_LOCAL else 26)
KLA_BACKUP_STAMP = VAR_DIR / "backup-made-at"  # when the last one was made; /sehat/ tells its age
# A LibreOffice (/usr/bin/soffice) that prints office documents for showing; without it they
# are attachments only.
KLA_LIBREOFFICE = env.str("KLA_LIBREOFFICE", default="")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # assigning 274 questions at once posts several each

# --- Language, time, mail, log ----------------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
# Chosen in a browser, for whoever reads there; nobody's rights or papers depend on it.
LANGUAGE_COOKIE_NAME = "bahasa"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = USES_HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
LOCALE_PATHS = [BASE_DIR / "locale"]

# "none" says on purpose that there is no mail server; not set, it is the same on this machine.
EMAIL_URL = env.str("EMAIL_URL", default="none")
vars().update(env.email_url_config("dummymail://" if EMAIL_URL == "none" else EMAIL_URL))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="KLA <kla@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10

# Where the links in e-mail lead: a command that sends mail has no request to read it from.
KLA_BASE_URL = env.str("KLA_BASE_URL", default="").rstrip("/") or (
    f"http://127.0.0.1:{env.str('PORT', default='8000')}"
    if IS_LOCAL
    else f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
)
if not KLA_BASE_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured(
        "KLA_BASE_URL must begin with https://, for example https://kla.example.go.id."
    )

# The gateway that takes reminders to WhatsApp: none, "form" (a local provider: URL and token) or
# "cloud" (the official Cloud API: token, phone number id, name of the approved template).
WHATSAPP = {
    "gateway": env.str("KLA_WHATSAPP", default="none"),
    "url": env.str("KLA_WHATSAPP_URL", default="").rstrip("/"),
    "token": env.str("KLA_WHATSAPP_TOKEN", default=""),
    "phone_number_id": env.str("KLA_WHATSAPP_PHONE_NUMBER_ID", default=""),
    "template": env.str("KLA_WHATSAPP_TEMPLATE", default=""),
    "language": env.str("KLA_WHATSAPP_LANGUAGE", default="id"),
}
if WHATSAPP["gateway"] == "cloud" and not WHATSAPP["url"]:
    WHATSAPP["url"] = "https://graph.facebook.com/v23.0"

LOG_FORMATTER = read_formatter(env)  # KLA_LOG_FORMAT: line for people, json for programs
IS_JSON_LOG = "()" in LOG_FORMATTER
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"chosen": LOG_FORMATTER},
    "filters": {"ids": {"()": "kla.request_ids.Ids"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "chosen", "filters": ["ids"]}
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Django's own handlers would print each line a second time.
        "django": {"handlers": [], "propagate": True},
        # A line for each request, where a program reads them.
        "kla.requests": {"level": "INFO" if IS_JSON_LOG else "WARNING"},
        # The server writes to handlers of its own, which know nothing of JSON.
        **({"gunicorn.error": {"handlers": [], "propagate": True}} if IS_JSON_LOG else {}),
        "pikepdf": {"level": "WARNING"},  # greets at every start
        "botocore": {"level": "WARNING"},  # tells where it found its settings
        "fontTools": {"level": "ERROR"},  # tells every step of making the font of icons
    },
}

# What this site counts, and what a question's page shows of it; see registers/contract.py.
KLA_REGISTERS = [
    "territories.register.TERRITORIES",
    "facilities.register.FACILITIES",
    "childdata.register.CHILDREN",
    "taskforce.register.TASKFORCE",
]
# By how much the figure of an answer may differ from what was taken before it is told: percentage
# points of a share, units of a count.
KLA_REGISTER_TOLERANCE = env.amount("KLA_REGISTER_TOLERANCE", default="0.5")
KLA_QUESTION_PARTS = ["registers.question_part.from_register"]
# What an OPD is told on the page of its tasks; see assessments/task_notes.py.
KLA_TASK_NOTES = ["meetings.queries.followup.own_decisions_note"]
# What is told on the first page of a city's year; see assessments/year_notes.py.
KLA_YEAR_NOTES = ["plans.queries.register_gaps.register_note"]
# Which picture of the years stands on the sheet for the mayor; see assessments/queries/years_picture.py.
KLA_YEARS_PICTURE = "monitoring.queries.path.path_picture"
# What else is kept of a year when it is closed; see assessments/closing.py.
KLA_CLOSING = ["territories.services.closing.keep_rules"]
# Whose documents keep their file, however long a year is closed; see services/retention.py.
KLA_DOCUMENTS_IN_USE = ["public.queries.documents.documents_in_use"]
# What the page of a unit or a facility tells of other packages; see territories/place_notes.py.
KLA_PLACE_NOTES = ["meetings.queries.followup.decisions_about_place"]
# What other packages put on the agenda of a meeting; see meetings/queries/agenda.py.
KLA_AGENDA_SOURCES = [
    "monitoring.agenda.agenda_of_plans",
    "regulations.queries.drafts.agenda_of_drafts",
]
# What of packages above `meetings` a decision may be about; see meetings/subjects.py.
KLA_DECISION_SUBJECTS = ["monitoring.decision_subject.ACTIONS"]
# Numbers of children: a change of more per cent than this must be explained at entry, unless both
# years are below the second; open data keep back counts from 1 to below the third. No source
# names them.
KLA_CHILD_DATA_JUMP_PERCENT = env.int("KLA_CHILD_DATA_JUMP_PERCENT", default=50)
KLA_CHILD_DATA_SMALL = env.int("KLA_CHILD_DATA_SMALL", default=20)
KLA_SMALL_CELL = env.int("KLA_SMALL_CELL", default=5)

# What packages above `assessments` remind of, in the same run.
KLA_REMINDER_SOURCES = [
    "facilities.services.expiry.write_expiry_reminders",
    "facilities.services.finding_reminders.write_finding_reminders",
    "api.services.events.tell_of_deadlines",
]
# Who above `assessments` hears of each entry in the trail of a year, in its transaction.
KLA_TRAIL_LISTENERS = [
    "api.services.events.tell_of_entry",
    "public.services.documents.withdraw_sensitive",
]
