from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CitiesConfig(AppConfig):
    name = "cities"
    verbose_name = _("Kota dan orang")
    default_auto_field = "django.db.models.BigAutoField"
