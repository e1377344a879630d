"""Static files as they are collected: under names that browsers keep for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ScriptStorage(CompressedManifestStaticFilesStorage):
    """Our scripts, too, ask for one another by those names, or each page would ask for words.js anew.

    Django's own way reads every script there is, and finds files in those of others that are not there.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((r'(?P<matched>from "(?P<url>\./[^"]+)";)', 'from "%(url)s";'),)),
    )
