from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from kla.checks import (
    code_is_not_older_than_data,
    fonts_are_installed,
    scanner_is_set,
    scanner_is_there,
    site_owns_no_tables,
    whatsapp_is_set_whole,
)


class KlaConfig(AppConfig):
    name = "kla"
    verbose_name = _("Kota Layak Anak")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(fonts_are_installed)
        register(whatsapp_is_set_whole)
        register(code_is_not_older_than_data, Tags.database)
        register(scanner_is_set)
        register(scanner_is_there, Tags.security, deploy=True)
        register(site_owns_no_tables, Tags.database)
