from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from clusters.library import PACKAGED, packaged_codes
from kla.database_roles import grant_app_role
from kla.versions import require_known_data
from territories.services.closing import keep_rules_of_closed_years


class Command(BaseCommand):
    help = "Bring the database to where the site can be served. Keeps what was entered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="Load the demonstration cities and accounts too."
        )

    def handle(self, *, demo: bool, **options: object) -> None:
        try:
            require_known_data()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        if settings.KLA_APP_DATABASE_URL:
            try:
                grant_app_role(settings.KLA_APP_DATABASE_URL)
            except (ValueError, DatabaseError) as error:
                raise CommandError(f"The role of the site was not granted: {error}") from error
        call_command("load_regions")
        call_command("load_awards")
        for code in packaged_codes():
            call_command("load_instrument", str(PACKAGED / f"{code}.yaml"))
        call_command("load_band_tables")
        call_command("load_mapping")
        keep_rules_of_closed_years(at=timezone.now())
        call_command("sweep_uploads")
        if demo:
            call_command("load_demo")
        call_command("make_renditions")
