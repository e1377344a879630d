"""How much memory a package of 5 GB takes while it is sent.

    .venv/bin/python -m benchmarks.package [GIGABYTES]

The documents are zeros that no disk holds, so only our own work is measured: naming, hashing,
packing and the indexes. What counts is that the peak does not grow with the package.
"""

from __future__ import annotations

import hashlib
import io
import os
import resource
import sys
import time
from datetime import UTC, datetime
from typing import Any

import django
from django.core.files.storage import Storage

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kla.settings")
os.environ.setdefault("KLA_LOCAL", "1")
django.setup()

from assessments.packaging.contents import Package, PackedFile, PackedQuestion  # noqa: E402
from assessments.packaging.stream import stream  # noqa: E402

SIZE = 5_000_000
AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class Zeros(io.RawIOBase):
    """A file of zeros that takes no room anywhere."""

    def __init__(self, size: int) -> None:
        self.size = self.left = size

    def seek(self, place: int, whence: int = 0) -> int:
        self.left = self.size - place
        return place

    def read(self, size: int = -1) -> bytes:
        size = min(size, self.left)
        self.left -= size
        return bytes(size)


class ZeroStorage(Storage):
    def _open(self, name: str, mode: str = "rb") -> Any:
        return Zeros(SIZE)


def package(count: int) -> Package:
    digest = hashlib.sha256(bytes(SIZE)).hexdigest()
    files = tuple(
        PackedFile(
            path=f"01 Kelembagaan/01 Peraturan/1.1 Bentuk aturan/{number:04d} Berkas.pdf",
            stored_name=f"documents/{number}",
            question="1.1",
            title=f"Berkas {number}",
            original_name="berkas.pdf",
            number="",
            issued_on=None,
            kind="Dokumen",
            media_type="application/pdf",
            size=SIZE,
            sha256=digest,
            original_sha256=digest,
            shown_instead="",
            verdict="waiting",
            opd="",
            uploaded_by="Sari",
            uploaded_at=AT,
            decided_by="",
            decided_at=None,
        )
        for number in range(1, count + 1)
    )
    question = PackedQuestion("1.1", "Bentuk aturan", "1 Peraturan", "Kelembagaan", "empty", files)
    return Package(
        city="Kota Contoh",
        year=2026,
        instrument="Instrumen",
        scope={},
        only_accepted=False,
        made_by="Sari",
        made_at=AT,
        questions=(question,),
    )


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    gigabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    count = round(gigabytes * 1e9 / SIZE)
    sum(map(len, stream(package(1), storage=ZeroStorage())))  # what a first package loads once
    before, start = peak_megabytes(), time.perf_counter()
    sent = sum(map(len, stream(package(count), storage=ZeroStorage())))
    seconds = time.perf_counter() - start
    print(
        f"{sent / 1e9:.2f} GB in {count} files, {seconds:.1f} s, "
        f"peak {before:.0f} MB -> {peak_megabytes():.0f} MB"
    )


if __name__ == "__main__":
    main()
