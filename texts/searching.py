"""Search that knows neither case nor accents, alike on SQLite and PostgreSQL.

PostgreSQL folds with functions of its own and needs no extension; SQLite is handed `folded`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Lookup, Q, TextField
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler

from texts.folding import folded

Compiled = tuple[str, Any]

FOLDED_ON_POSTGRESQL = (
    "LOWER(REGEXP_REPLACE(NORMALIZE(({text})::text, NFKD), "
    "'[\u0300-\u036f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]', "
    "'', 'g'))"
)
ON_POSTGRESQL = f"STRPOS({FOLDED_ON_POSTGRESQL}, {{wanted}}) > 0"


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


# --- Words, in any order ----------------------------------------------------------------------

MOST_WORDS = 8

Words = list[list[str]]  # each word as it was typed, taken apart where it is no letter or digit


def words_of(text: str) -> Words:
    """“SK 188.45/2026” as [["sk"], ["188", "45", "2026"]]: folded, at most MOST_WORDS words."""
    parts = (_parts(word) for word in folded(text).split())
    return [part for part in parts if part][:MOST_WORDS]


def _parts(word: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in word).split()


@dataclass(frozen=True, slots=True)
class TextIndex:
    """Where the words of one table are found: by each database's own full text search.

    A row is found by the beginnings of all words, in any order; the parts of one word (“1.2a”,
    “188.45/2026”) have to follow each other. SQLite looks into the FTS5 table `index`, which
    triggers keep exact (its migration says how); PostgreSQL makes the words of `columns` itself,
    by the very expression that the migration gave an index.
    """

    index: str  # the FTS5 table
    table: str
    key: str  # the column that is handed back
    columns: str  # SQL of the text that is searched
    is_keyed: bool = False  # the FTS5 table has the key in a column `ref`, not as its rowid

    def keys(self, words: Words) -> RawSQL:
        """A subquery of the keys of the rows with all words; of no words, none."""
        if connection.vendor == "postgresql":
            return RawSQL(self._on_postgresql(), [_tsquery(words)])  # noqa: S611
        return RawSQL(self._on_sqlite(), [self._match(words)])  # noqa: S611

    def vector(self) -> str:
        """SQL of the words of a row in PostgreSQL."""
        plain = FOLDED_ON_POSTGRESQL.format(text=self.columns)
        # Not [:punct:], which depends on the collation. What lies above Latin-1 is left to the parser.
        return f"TO_TSVECTOR('simple', REGEXP_REPLACE({plain}, '[^0-9a-z\u00aa-\U0010ffff]+', ' ', 'g'))"

    def _on_postgresql(self) -> str:
        found = f"{self.vector()} @@ %s::tsquery"
        return f"SELECT {self.key} FROM {self.table} WHERE {found}"  # noqa: S608 – ours

    def _on_sqlite(self) -> str:
        key = "ref" if self.is_keyed else "rowid"
        return f"SELECT {key} FROM {self.index} WHERE {self.index} MATCH %s"  # noqa: S608

    def _match(self, words: Words) -> str:
        phrases = [f'"{" ".join(parts)}"*' for parts in words] or ['""']
        return f"body : ({' AND '.join(phrases)})"


def _tsquery(words: Words) -> str:
    phrases = [
        " <-> ".join([*(f"'{part}'" for part in parts[:-1]), f"'{parts[-1]}':*"]) for parts in words
    ]
    return " & ".join(f"({phrase})" for phrase in phrases)
