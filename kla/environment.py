"""The environment as settings read it, with secrets from files.

Where X_FILE names a file, X is what stands in it; containers and systemd hand secrets over so. A
line end that an editor put there does not count. X itself wins: it is said for one command, as
`verify_backup` does to stay away from the database of the site.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping


class SecretFiles(FileAwareMapping):
    """Raises ImproperlyConfigured, naming variable and file, where one cannot be read."""

    def __getitem__(self, key: str) -> str:
        if key in self.env:
            return str(self.env[key])
        try:
            return str(super().__getitem__(key)).strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(
                f"{key}_FILE names {self.env[f'{key}_FILE']}, which cannot be read: {error}."
            ) from error


class Environment(environ.Env):
    ENVIRON = SecretFiles()

    def amount(self, name: str, *, default: str) -> Decimal:
        """A number of at least 0, written 0.5. Raises ImproperlyConfigured for anything else."""
        text = str(self.str(name, default=default)).strip()
        try:
            amount = Decimal(text)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount < 0:
            raise ImproperlyConfigured(
                f"{name} is “{text}”. Write a number of at least 0 with a point, such as {default}."
            )
        return amount
