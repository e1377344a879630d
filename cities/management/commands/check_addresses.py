"""Report addresses that came in before they were cleaned; change nothing."""

from __future__ import annotations

import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand

from cities.emails import clean_email, is_clean
from cities.models import Invitation, User


class Command(BaseCommand):
    help = (
        "Report the e-mail addresses of accounts and open invitations that are not clean, such "
        "as those with invisible signs. Changes nothing; exit status 1 when there are any."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = False
        people = User.objects.order_by("pk").values_list("name", "email")
        guests = Invitation.objects.open().order_by("pk").values_list("name", "email")
        for what, rows in (("akun", people), ("undangan", guests)):
            for name, email in rows:
                if not is_clean(email):
                    found = True
                    self.stdout.write(f"{what} {name}: {email!a} {self.advice(email)}")
        if found:
            self.stdout.write(
                "Perbaiki akun pada halaman Orang; cabut undangannya lalu undang dengan "
                "alamat yang benar."
            )
            sys.exit(1)

    def advice(self, email: str) -> str:
        try:
            return f"seharusnya {clean_email(email)}"
        except ValidationError as error:
            return error.messages[0]
