"""Full text search over questions, documents, OPDs and people, by each database's own means.

SQLite: an FTS5 table for each, kept exact by triggers in the transaction of whoever writes. SQLite
makes a table anew for many alterations and then loses its triggers: a later migration that alters
one of these tables calls `make_search` again as its last operation. PostgreSQL needs no more than
an index on the expression that `texts.searching.TextIndex.vector` asks for.
"""

from django.db import migrations

# index: (table, key is the rowid, columns of the text)
SOURCES = {
    "search_question": ("clusters_question", True, ("code", "text")),
    "search_document": (
        "assessments_supportingdocument",
        False,
        ("title", "number", "original_name"),
    ),
    "search_opd": ("cities_opd", True, ("code", "name")),
    "search_user": ("cities_user", True, ("name", "email")),
}
VECTOR = (
    "TO_TSVECTOR('simple', REGEXP_REPLACE(LOWER(REGEXP_REPLACE(NORMALIZE(({text})::text, NFKD), "
    "'[\u0300-\u036f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]', "
    "'', 'g')), '[^0-9a-z\u00aa-\U0010ffff]+', ' ', 'g'))"
)


def make_search(apps, schema_editor):
    remove_search(apps, schema_editor)
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, source in SOURCES.items():
        for statement in _on_postgresql(name, *source) if is_postgresql else _on_sqlite(name, *source):
            schema_editor.execute(statement, params=None)


def remove_search(apps, schema_editor):
    for name in SOURCES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}", params=None)
            continue
        for event in ("insert", "update", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}_{event}", params=None)
        schema_editor.execute(f"DROP TABLE IF EXISTS {name}", params=None)


def _on_postgresql(name, table, is_rowid, columns):
    vector = VECTOR.format(text=" || ' ' || ".join(columns))
    yield f"CREATE INDEX {name} ON {table} USING GIN ({vector})"


def _on_sqlite(name, table, is_rowid, columns):
    key = "rowid" if is_rowid else "ref"
    text = " || ' ' || ".join(f"{{row}}{column}" for column in columns)
    added = f"INSERT INTO {name} ({key}, body) VALUES (new.id, {text.format(row='new.')})"
    # A key that is no number is a word of its own column, so that its row is found by the index.
    gone = f"DELETE FROM {name} WHERE rowid = old.id"
    if not is_rowid:
        wanted = f"SELECT rowid FROM {name} WHERE {name} MATCH 'ref : ' || old.id"
        gone = f"DELETE FROM {name} WHERE rowid IN ({wanted})"
    stored = "body" if is_rowid else "ref, body"
    yield (
        f"CREATE VIRTUAL TABLE {name} USING fts5("
        f"{stored}, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
    )
    yield f"INSERT INTO {name} ({key}, body) SELECT id, {text.format(row='')} FROM {table}"
    yield f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN {added}; END"
    yield f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {gone}; END"
    changed = ", ".join(columns)
    yield (
        f"CREATE TRIGGER {name}_update AFTER UPDATE OF {changed} ON {table} BEGIN {gone}; {added}; END"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0011_words"),
        ("cities", "0007_leases_to_the_outbox"),
        ("clusters", "0003_keep_imports_until_decided"),
    ]

    operations = [migrations.RunPython(make_search, remove_search)]
