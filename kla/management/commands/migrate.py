from unittest.mock import patch

from django.core.management.commands import migrate

from backups.migrating import WholeMigrationExecutor


class Command(migrate.Command):
    def handle(self, *args: object, **options: object) -> None:
        # The command names its executor and offers no other way to give it one.
        with patch.object(migrate, "MigrationExecutor", WholeMigrationExecutor):
            super().handle(*args, **options)
