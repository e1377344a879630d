"""The database itself refuses to change or delete what the trail and the records of points say.

SQLite makes a table anew for many alterations and then loses its triggers: a later migration
that alters one of these tables calls `refuse_changes` again as its last operation.
"""

from django.db import migrations

TABLES = ("assessments_activity", "assessments_pointsrecord")

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION assessments_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$
"""
POSTGRESQL_TRIGGERS = {
    "append_only": "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW",
    "not_emptied": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
}
SQLITE_EVENTS = ("UPDATE", "DELETE")


def refuse_changes(apps, schema_editor):
    allow_changes(apps, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION, params=None)
    for statement in _creations(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def allow_changes(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        names = POSTGRESQL_TRIGGERS if vendor == "postgresql" else map(str.lower, SQLITE_EVENTS)
        on_table = f" ON {table}" if vendor == "postgresql" else ""
        for name in names:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{on_table}", params=None)
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS assessments_append_only()", params=None)


def _creations(vendor):
    for table in TABLES:
        if vendor == "postgresql":
            for name, when in POSTGRESQL_TRIGGERS.items():
                yield (
                    f"CREATE TRIGGER {table}_{name} {when.format(table=table)} "
                    "EXECUTE FUNCTION assessments_append_only()"
                )
        else:
            for event in SQLITE_EVENTS:
                yield (
                    f"CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} only grows: {event} refused'); END"
                )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]
    operations = [migrations.RunPython(refuse_changes, allow_changes)]
