"""Search that knows neither case nor accents, alike on SQLite and PostgreSQL.

PostgreSQL folds with functions of its own and needs no extension; SQLite is handed `folded`.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Lookup, Q, TextField
from django.db.models.sql.compiler import SQLCompiler

from texts.folding import folded

Compiled = tuple[str, Any]

ON_POSTGRESQL = (
    "STRPOS(LOWER(REGEXP_REPLACE(NORMALIZE(({text})::text, NFKD), "
    "'[\u0300-\u036f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]', "
    "'', 'g')), {wanted}) > 0"
)


@CharField.register_lookup
@TextField.register_lookup
class Finds(Lookup):
    """`title__finds="cafe"`: the text stands somewhere in it, folded on both sides."""

    lookup_name = "finds"

    def get_prep_lookup(self) -> str:
        return folded(str(self.rhs))

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Compiled:
        return self._filled(ON_POSTGRESQL, compiler, connection)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_more: Any
    ) -> Compiled:
        connection.ensure_connection()
        connection.connection.create_function("KLA_FOLD", 1, _folded, deterministic=True)
        return self._filled("INSTR(KLA_FOLD({text}), {wanted}) > 0", compiler, connection)

    def _filled(self, sql: str, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Compiled:
        text, text_params = self.process_lhs(compiler, connection)
        wanted, wanted_params = self.process_rhs(compiler, connection)
        return sql.format(text=text, wanted=wanted), [*text_params, *wanted_params]


def _folded(text: object) -> str | None:
    """NULL stays NULL, as in PostgreSQL."""
    return None if text is None else folded(str(text))


def found(text: str, *fields: str) -> Q:
    """The rows in which one of the fields has the text. Spaces around it do not count."""
    wanted = Q()
    for name in fields:
        wanted |= Q(**{f"{name}__finds": text.strip()})
    return wanted


def searched(*fields: str) -> list[str]:
    """The `search_fields` of an admin page, which then searches in the same way."""
    return [f"{name}__finds" for name in fields]
