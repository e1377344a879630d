"""Migrations that stand recorded the moment they stand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState


class WholeMigrationExecutor(MigrationExecutor):
    """Changes the tables and records the migration in one transaction.

    Django records a migration with late statements, such as its indexes, only after its
    transaction. Whoever is killed in between finds "table already exists" at the next start.
    """

    def apply_migration(
        self,
        state: ProjectState,
        migration: Migration,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> ProjectState:
        with self._whole(migration):
            return super().apply_migration(state, migration, fake, fake_initial)

    @contextmanager
    def _whole(self, migration: Migration) -> Iterator[None]:
        if not migration.atomic:
            yield
            return
        # SQLite minds foreign keys while it makes tables, and cannot be told inside a transaction.
        with (
            self.connection.constraint_checks_disabled(),
            transaction.atomic(using=self.connection.alias),
        ):
            yield
