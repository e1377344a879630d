from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChildDataConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "childdata"
    verbose_name = _("data anak")
