"""Which register answers a question, where people say otherwise than the file beside the instrument."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clusters.models.instrument import Question
from clusters.spec import MAX_CODE

MAX_KEY = 300


class QuestionSource(models.Model):
    """What answers a question in place of what `registers/*.yaml` says (`register_files.SourceSpec`).

    An empty register means that none does. It stands beside the question and is no part of the
    instrument; without such a row the file holds.
    """

    question = models.OneToOneField(
        Question, models.CASCADE, related_name="changed_source", verbose_name=_("pertanyaan")
    )
    register = models.CharField(_("register"), max_length=MAX_CODE, blank=True)
    key = models.CharField(_("kunci"), max_length=MAX_KEY, blank=True)
    files_as = models.CharField(_("diajukan sebagai"), max_length=MAX_CODE, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("pada"))

    class Meta:
        verbose_name = _("register pertanyaan")
        verbose_name_plural = _("register pertanyaan")
        constraints = [
            models.CheckConstraint(
                name="clusters_questionsource_whole",
                condition=Q(register="", key="", files_as="") | ~Q(register="") & ~Q(key=""),
                violation_error_message=_("Pilih register beserta ukurannya, atau tidak ada."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.register} {self.key}".rstrip()
