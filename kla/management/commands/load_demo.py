import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.choices import ScoreKind
from assessments.models import Assessment, Evidence
from figures.numbers import NOTHING, format_points
from kla.demo.build import NotReadyError, accounts, build, is_built
from kla.demo.cast import CITY_NAME

PASSWORD_VARIABLE = "KLA_DEMO_PASSWORD"  # noqa: S105 - the name of a variable
PUBLIC_PASSWORD = "layak-anak-2024"  # noqa: S105 - anybody can read it here


class Command(BaseCommand):
    help = (
        "Load the demonstration: a fictional city with accounts and a year of work. "
        "A second time changes nothing. "
        f"{PASSWORD_VARIABLE} sets the accounts' password."
    )

    def handle(self, *args: object, **options: object) -> None:
        password = os.environ.get(PASSWORD_VARIABLE) or PUBLIC_PASSWORD
        if is_built():
            self.stdout.write(
                _("%(city)s sudah ada, tidak ada yang berubah.") % {"city": CITY_NAME}
            )
        else:
            self.build(password)
        self.show_accounts(password)

    def build(self, password: str) -> None:
        if password == PUBLIC_PASSWORD and not settings.IS_LOCAL:
            raise CommandError(
                _("Kata sandi peragaan diketahui umum. Isi %(variable)s dengan kata sandi lain.")
                % {"variable": PASSWORD_VARIABLE}
            )
        try:
            assessment = build(password=password, at=timezone.now())
        except NotReadyError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(summary(assessment))

    def show_accounts(self, password: str) -> None:
        rows = [
            (
                account.role,
                account.email,
                password if account.has_password else _("(sudah diganti)"),
            )
            for account in accounts(password)
        ]
        table = [(_("Peran"), _("E-mail"), _("Kata sandi")), *rows]
        widths = [max(len(row[column]) for row in table) for column in range(2)]
        for role, email, secret in table:
            self.stdout.write(f"  {role:<{widths[0]}}  {email:<{widths[1]}}  {secret}")


def summary(assessment: Assessment) -> str:
    totals = {row.kind: row for row in assessment.totals.all()}
    claimed, evidenced = totals[ScoreKind.CLAIMED], totals[ScoreKind.EVIDENCED]
    return _(
        "%(year)s: diklaim %(claimed)s (%(claimed_predikat)s), terbukti %(evidenced)s "
        "(%(evidenced_predikat)s), %(documents)d dokumen."
    ) % {
        "year": assessment,
        "claimed": format_points(claimed.points),
        "claimed_predikat": claimed.predikat or NOTHING,
        "evidenced": format_points(evidenced.points),
        "evidenced_predikat": evidenced.predikat or NOTHING,
        "documents": Evidence.objects.filter(answer__assessment=assessment).count(),
    }
