"""Two roles of PostgreSQL: one owns the tables and migrates, one works with them.

The triggers that let a trail only grow bind everybody but the owner of its table, who may switch
them off. So the site itself works as a role that owns nothing: `prepare`, run as the owner with
KLA_APP_DATABASE_URL set, makes that role and grants it what it needs.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from psycopg2 import sql  # type: ignore[import-untyped]

GROWING = "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = c.relname || '_append_only'"
OWNED = """
    SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind = 'r'
      AND pg_has_role(current_user, c.relowner, 'USAGE')
"""
# What the role may do with the schema and with every table in it.
GRANTS = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
)


def owned_tables() -> int:
    """How many tables the role of this connection could alter; 0 on SQLite, which has no roles."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(OWNED)
        return int(cursor.fetchone()[0])


def grant_app_role(address: str) -> str:
    """Let the role that the address names work with every table, and own none; its name.

    Made where it is missing, its password set to that of the address. Of a trail it may read and
    add lines only. To be called as the owner, after every `migrate`.

    Raises ValueError if the address names no role, or the very one that is at work.
    """
    parts = urlsplit(address)
    name, password = unquote(parts.username or ""), unquote(parts.password or "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema()")
        owner, schema = cursor.fetchone()
        if not name or name == owner:
            raise ValueError("KLA_APP_DATABASE_URL must name a role other than the owner's")
        role = sql.Identifier(name)
        cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = %s", [name])
        found = cursor.fetchone()
        if found is None:
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
        elif found[0]:  # asked only where it is so: an owner that is no superuser may not even ask
            cursor.execute(sql.SQL("ALTER ROLE {} NOSUPERUSER NOCREATEROLE").format(role))
        if password:
            statement = "ALTER ROLE {} LOGIN PASSWORD {}"
            cursor.execute(sql.SQL(statement).format(role, sql.Literal(password)))
        for grant in GRANTS:
            cursor.execute(sql.SQL(grant).format(schema=sql.Identifier(schema), role=role))
        cursor.execute(GROWING)
        for (table,) in cursor.fetchall():
            statement = "REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}"
            cursor.execute(sql.SQL(statement).format(sql.Identifier(table), role))
        migrations = sql.Identifier(MigrationRecorder.Migration._meta.db_table)
        statement = "REVOKE INSERT, UPDATE, DELETE ON {} FROM {}"
        cursor.execute(sql.SQL(statement).format(migrations, role))
    return name
