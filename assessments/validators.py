"""The one gate for files from outside: what a person uploads is inspected here, whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _

from assessments.filetypes.findings import FileFinding
from assessments.filetypes.inspected import InspectedFile
from assessments.filetypes.kinds import ALL_EXTENSIONS, CSV, TXT, Content
from assessments.filetypes.names import extension_of, safe_name
from assessments.filetypes.sniffing import inspect
from figures.numbers import too_large_facts

__all__ = ["FileFacts", "inspect_file", "safe_name"]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the content says. `extension` is the usual one of the kind, without its dot.

    `findings` counts what was found in a file that is taken all the same (FileFinding).
    """

    media_type: str
    extension: str
    size: int
    sha256: str
    findings: Mapping[str, int] = field(default_factory=dict)


def inspect_file(file: File[bytes], *, max_bytes: int) -> FileFacts:
    """Read the file as a stream and say what it is; its position is 0 afterwards.

    Raises ValidationError (`empty`, `too_large`, `unknown_type`, `not_allowed`, `mislabelled`,
    `active_content`, `encrypted`, `broken`, `too_many_pixels`, `too_big_inside`) with a
    sentence for the person who uploads. Neither the browser's media type nor the declared
    size is believed.
    """
    try:
        inspected, sha256 = _measure(file, max_bytes)
        content = inspect(inspected)
        findings = _with_name(inspected, content)
        kind = content.kind
        return FileFacts(kind.media_type, kind.extension, inspected.size, sha256, findings)
    finally:
        file.seek(0)


def _measure(file: File[bytes], max_bytes: int) -> tuple[InspectedFile, str]:
    """Count and hash the bytes, and stop reading at the first one over the limit."""
    name = safe_name(file.name or "")
    digest, size = hashlib.sha256(), 0
    for chunk in InspectedFile(name, file, 0).chunks():
        digest.update(chunk)
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(InspectedFile(name, file, max(size, file.size)), max_bytes)
    inspected = InspectedFile(name, file, size)
    if not size:
        raise inspected.refusal(
            "empty",
            _("Berkas “%(name)s” kosong (%(size)s). Pilih berkas yang berisi, lalu unggah lagi."),
        )
    return inspected, digest.hexdigest()


def _too_large(inspected: InspectedFile, max_bytes: int) -> ValidationError:
    return inspected.refusal(
        "too_large",
        _(
            "Berkas “%(name)s” berukuran %(size)s, melebihi batas %(limit)s. Kompres atau bagi "
            "menjadi beberapa berkas, lalu unggah kembali."
        ),
        **too_large_facts(inspected.size, max_bytes),
    )


def _with_name(inspected: InspectedFile, content: Content) -> dict[str, int]:
    """What was found, the name included: a right file under a wrong ending is taken.

    A phone can't rename a file. Except for text: any program could be one, so its name has to
    end like some document's, if it ends like anything.
    """
    kind, extension = content.kind, extension_of(inspected.name)
    if not extension or extension in kind.extensions:
        return dict(content.findings)
    if kind in (CSV, TXT) and extension not in ALL_EXTENSIONS:
        raise inspected.refusal(
            "mislabelled",
            _(
                "Berkas “%(name)s” (%(size)s) berisi teks, tetapi namanya berakhiran lain. Yang "
                "diterima sebagai teks: .csv dan .txt. Unggah dokumen atau fotonya sebagai gantinya."
            ),
        )
    return {**content.findings, FileFinding.RENAMED.value: 1}
