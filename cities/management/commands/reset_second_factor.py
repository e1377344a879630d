"""Take away the lost second factor of the only site administrator."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cities.emails import comparable
from cities.models import User
from cities.services.second_factor import reset_own_on_server


class Command(BaseCommand):
    help = (
        "Take away the second factor of the only site administrator, who has lost it, and end "
        "all sessions of the account. It stands in the trails and a letter tells its owner. "
        "Wherever there is a second administrator, that one does it on the page of people."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="The address of the account.")

    def handle(self, *, email: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=comparable(email)).first()
        if user is None:
            raise CommandError(f"Tidak ada akun dengan e-mail {email}.")
        try:
            reset_own_on_server(user=user, at=timezone.now())
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        self.stdout.write(f"Faktor kedua {email} diatur ulang; semua sesinya diakhiri.")
