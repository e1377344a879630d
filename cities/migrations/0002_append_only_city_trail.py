"""The database itself refuses to change or delete what the trail of a city says.

SQLite makes a table anew for many alterations and then loses its triggers: a later migration
that alters this table calls `refuse_changes` again as its last operation.
"""

from django.db import migrations

TABLE = "cities_cityactivity"

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION cities_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$
"""
POSTGRESQL_TRIGGERS = {
    "append_only": f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW",
    "not_emptied": f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT",
}
SQLITE_EVENTS = ("UPDATE", "DELETE")


def refuse_changes(apps, schema_editor):
    allow_changes(apps, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION, params=None)
        for name, when in POSTGRESQL_TRIGGERS.items():
            schema_editor.execute(
                f"CREATE TRIGGER {TABLE}_{name} {when} EXECUTE FUNCTION cities_append_only()",
                params=None,
            )
        return
    for event in SQLITE_EVENTS:
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_{event.lower()} BEFORE {event} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} only grows: {event} refused'); END",
            params=None,
        )


def allow_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in POSTGRESQL_TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{name} ON {TABLE}", params=None)
        schema_editor.execute("DROP FUNCTION IF EXISTS cities_append_only()", params=None)
        return
    for event in SQLITE_EVENTS:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{event.lower()}", params=None)


class Migration(migrations.Migration):
    dependencies = [("cities", "0001_initial")]
    operations = [migrations.RunPython(refuse_changes, allow_changes)]
