"""The rows of every table as lines of JSON, and back again.

The lines know tables and columns as Django's models name them, not an engine: what SQLite wrote
goes into PostgreSQL and the other way round. A backup is loaded under the very migrations that
it was written with, and migrated from there.

    {"table": "cities.city", "columns": ["id", "code", …]}
    [1, "18.72", …]
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NoReturn
from uuid import UUID

from django.apps import apps as present_apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from backups.migrating import WholeMigrationExecutor
from backups.repository import BackupError

BATCH = 500
# Signed-in browsers are not brought back.
LEFT_OUT = frozenset({"sessions.session", "cities.usersession"})
# While a restore is under way: the run whose rows are in. Gone once it is done.
MARK = "kla_restored_rows"
# Made by `migrate` itself; an installation with nothing but these is empty.
MADE_BY_MIGRATE = frozenset({"contenttypes.contenttype", "auth.permission"})


@contextmanager
def consistent_reads() -> Iterator[None]:
    """Everything read inside shows the database at one moment, while others go on writing."""
    database: Any = connection
    mode = getattr(database, "transaction_mode", None)
    database.transaction_mode = None  # SQLite: the site's own mode would keep every writer out
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                    cursor.execute("SET LOCAL statement_timeout = 0")
                else:
                    cursor.execute("SELECT COUNT(*) FROM django_migrations")  # begins the moment
            yield
    finally:
        database.transaction_mode = mode


def tables(apps: Any = present_apps) -> list[type[Model]]:
    """Every stored model, joining tables included, in the order in which rows can be added."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def file_columns() -> list[tuple[type[Model], str]]:
    """Where the database names stored files."""
    return [
        (model, field.attname)
        for model in tables()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField)
    ]


def named_files() -> Iterator[str]:
    """The path of every stored file that the database names."""
    for model, column in file_columns():
        paths = model._base_manager.order_by("pk").values_list(column, flat=True)
        for path in paths.iterator(chunk_size=BATCH):
            if path:
                yield str(path)


def dumped_rows(counts: dict[str, int]) -> Iterator[str]:
    """The lines of every table; `counts` holds the rows of each when the last line was read."""
    for model in tables():
        label = model._meta.label_lower
        columns = [field.attname for field in model._meta.concrete_fields]
        yield json.dumps({"table": label, "columns": columns})
        counts[label] = 0
        rows = model._base_manager.order_by("pk").values_list(*columns)
        for row in rows.iterator(chunk_size=BATCH):
            counts[label] += 1
            yield json.dumps(row, default=_as_text, ensure_ascii=False)


def _as_text(value: object) -> str:
    """Exact to the microsecond, which Django's own encoder is not."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no text form in a backup")


def applied_migrations() -> list[tuple[str, str]]:
    return sorted(MigrationRecorder(connection).applied_migrations())


def require_empty() -> None:
    """Raises BackupError if anything but what `migrate` makes stands in the database."""
    stored = set(connection.introspection.table_names())
    for model in tables():
        label = model._meta.label_lower
        is_there = model._meta.db_table in stored
        if is_there and label not in MADE_BY_MIGRATE and model._base_manager.exists():
            _refuse_filled(model._meta.db_table)
    with connection.cursor() as cursor:
        for name in sorted(_of_earlier_versions(stored)):
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(name)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                _refuse_filled(name)


def _refuse_filled(table: str) -> NoReturn:
    raise BackupError(
        f"Basis data ini sudah berisi ({table}). Cadangan hanya dipulihkan ke pemasangan yang "
        "kosong."
    )


def _present_tables() -> set[str]:
    return {model._meta.db_table for model in present_apps.get_models(include_auto_created=True)}


def _of_earlier_versions(stored: set[str]) -> set[str]:
    """Tables under the names of our apps that no model has any more.

    They stand where `migrate` was cut off between making a table and giving it its last name.
    """
    apps = tuple(f"{config.label}_" for config in present_apps.get_app_configs())
    return {name for name in stored - _present_tables() if name.startswith(apps)}


def rows_are_of(run: str) -> bool:
    """Whether a restore of this run was cut off after its rows had come in."""
    if MARK not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT run FROM {MARK}")  # noqa: S608 -- a name of ours
        return bool(cursor.fetchall() == [(run,)])


def bring_up_to_date() -> None:
    """Migrate restored rows from the version that they were written with to this one."""
    executor = WholeMigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def drop_mark() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {MARK}")


def load_rows(
    lines: Iterable[str],
    migrations: list[tuple[str, str]],
    *,
    run: str,
    expected: Mapping[str, int],
) -> None:
    """Fill an empty database with dumped rows under the migrations they were written with.

    They come in together, with the mark that they are there. Raises BackupError if the backup is
    of a later version than this one, or has other numbers of rows by table than expected.
    """
    known = set(MigrationExecutor(connection).loader.graph.nodes)
    later = [f"{app}.{name}" for app, name in migrations if (app, name) not in known]
    if later:
        raise BackupError(
            "Cadangan ini dari versi KLA yang lebih baru; pasang versi itu dahulu. Tidak dikenal "
            f"di sini: {', '.join(later[:3])}."
        )
    _drop_tables()
    executor = WholeMigrationExecutor(connection)
    targets = _last_of(executor, {(app, name) for app, name in migrations})
    state = executor.migrate(targets)
    with transaction.atomic():
        _require_counts(_load_tables(lines, state.apps), expected)
        _reset_sequences(state.apps)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {MARK} (run varchar(20) NOT NULL)")
            cursor.execute(f"INSERT INTO {MARK} (run) VALUES (%s)", [run])  # noqa: S608


def _require_counts(found: Mapping[str, int], expected: Mapping[str, int]) -> None:
    others = [table for table in {*found, *expected} if found.get(table) != expected.get(table)]
    if others:
        raise BackupError(f"Jumlah baris berbeda dari cadangan pada: {', '.join(sorted(others))}.")


def _last_of(
    executor: MigrationExecutor, migrations: set[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Those that no other of them builds on, within their own app."""
    graph = executor.loader.graph
    return [
        key
        for key in sorted(migrations)
        if not any(
            child.key[0] == key[0] and child.key in migrations
            for child in graph.node_map[key].children
        )
    ]


class _Table:
    """One table while its rows come in."""

    def __init__(self, head: dict[str, Any], apps: Any) -> None:
        self.label = head["table"]
        self.model = apps.get_model(self.label)
        fields = {field.attname: field for field in self.model._meta.concrete_fields}
        self.columns = [fields[name] for name in head["columns"]]
        self.waiting: list[Model] = []
        self.count = 0

    def add(self, row: list[Any]) -> None:
        values = {
            field.attname: _as_value(field, value)
            for field, value in zip(self.columns, row, strict=True)
        }
        self.waiting.append(self.model(**values))
        if len(self.waiting) == BATCH:
            self.flush()

    def flush(self) -> None:
        self.model._base_manager.bulk_create(self.waiting)
        self.count += len(self.waiting)
        self.waiting = []


def _load_tables(lines: Iterable[str], apps: Any) -> dict[str, int]:
    """Add the rows of every table; their number by table."""
    tables: list[_Table] = []
    for line in lines:
        value = json.loads(line)
        if isinstance(value, list):
            tables[-1].add(value)
            continue
        if tables:
            tables[-1].flush()
        tables.append(_Table(value, apps))
    if tables:
        tables[-1].flush()
    return {table.label: table.count for table in tables}


def _as_value(field: Any, value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    if field.remote_field:
        field = field.target_field
    return field.to_python(value)


def _reset_sequences(apps: Any) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables(apps)):
            cursor.execute(statement)


def _drop_tables() -> None:
    """Ours in an empty installation; they come back as the backup's version made them."""
    stored = set(connection.introspection.table_names())
    ours = _present_tables() | {MigrationRecorder.Migration._meta.db_table}
    names = (ours & stored) | _of_earlier_versions(stored)
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for name in sorted(names):
            quoted = connection.ops.quote_name(name)
            cascade = " CASCADE" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TABLE {quoted}{cascade}")
