"""The one gate for files from outside: what a person uploads is inspected here, whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.files import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from assessments.filetypes.kinds import CSV, Kind
from assessments.filetypes.names import extension_of, safe_name
from assessments.filetypes.sniffing import inspect
from assessments.filetypes.upload import Upload

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
        upload, sha256 = _measure(file, max_bytes)
        kind = inspect(upload)
        _refuse_mislabelled(upload, kind)
        return FileFacts(kind.media_type, kind.extension, upload.size, sha256)
    finally:
        file.seek(0)


def _measure(file: File[bytes], max_bytes: int) -> tuple[Upload, str]:
    """Count and hash the bytes, and stop reading at the first one over the limit."""
    name = safe_name(file.name or "")
    digest, size = hashlib.sha256(), 0
    for chunk in Upload(name, file, 0).chunks():
        digest.update(chunk)
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(Upload(name, file, max(size, file.size)), max_bytes)
    upload = Upload(name, file, size)
    if not size:
        raise upload.refusal(
            "empty",
            _("Berkas “%(name)s” kosong (%(size)s). Pilih berkas yang berisi, lalu unggah lagi."),
        )
    return upload, digest.hexdigest()


def _too_large(upload: Upload, max_bytes: int) -> ValidationError:
    return upload.refusal(
        "too_large",
        _(
            "Berkas “%(name)s” berukuran %(size)s, melebihi batas %(limit)s. Kompres atau bagi "
            "menjadi beberapa berkas, lalu unggah kembali."
        ),
        limit=filesizeformat(max_bytes),
    )


def _refuse_mislabelled(upload: Upload, kind: Kind) -> None:
    """The name must agree with the content. Without an extension the content decides.

    Except for CSV: any text could be one, so the name has to say it.
    """
    extension = extension_of(upload.name)
    if extension in kind.extensions or (not extension and kind is not CSV):
        return
    raise upload.refusal(
        "mislabelled",
        _(
            "Nama berkas “%(name)s” (%(size)s) tidak sesuai dengan isinya, yaitu %(kind)s. Ubah "
            "akhiran namanya menjadi .%(extension)s bila isinya benar, lalu unggah kembali."
        ),
        kind=kind.label,
        extension=kind.extension,
    )
