from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from kla import slow_queries
from kla.checks import (
    code_is_not_older_than_data,
    fonts_are_installed,
    scanner_is_set,
    scanner_is_there,
    site_owns_no_tables,
    whatsapp_is_set_whole,
    words_are_compiled,
)

# By name, for its client is installed only where errors are collected.
COLLECT_ERRORS = "kla.errors.collect"


class KlaConfig(AppConfig):
    name = "kla"
    verbose_name = _("Kota Layak Anak")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(fonts_are_installed)
        register(whatsapp_is_set_whole)
        register(words_are_compiled)
        register(code_is_not_older_than_data, Tags.database)
        register(scanner_is_set)
        register(scanner_is_there, Tags.security, deploy=True)
        register(site_owns_no_tables, Tags.database)
        slow_queries.watch()
        if settings.SENTRY_DSN:
            import_string(COLLECT_ERRORS)()
