from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NomenclatureConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "nomenclature"
    verbose_name = _("nomenklatur program dan kegiatan")
