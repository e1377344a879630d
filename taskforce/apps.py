from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaskforceConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "taskforce"
    verbose_name = _("gugus tugas")
