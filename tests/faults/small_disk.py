"""A disk of a few megabytes, which can be filled."""

import os
import subprocess
from contextlib import contextmanager, suppress

import pytest


class SmallDisk:
    def __init__(self, path):
        self.path = path
        self.filler = path / "filler"

    def fill(self, *, leave=0):
        """Take all room but `leave` bytes."""
        with self.filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        if leave:
            os.truncate(self.filler, self.filler.stat().st_size - leave)

    def free(self):
        self.filler.unlink()

    def files(self):
        found = (path.relative_to(self.path) for path in self.path.rglob("*") if path.is_file())
        return sorted(str(path) for path in found if path.name != "filler")


@contextmanager
def small_disk(path, kilobytes):
    """A file system of its own in memory. Skips where none may be mounted."""
    path.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=700", "tmpfs", path],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "-l", path], check=True)
