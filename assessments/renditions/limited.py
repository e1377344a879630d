"""Runs work on an untrusted file in a process of its own, with limits.

A file that unpacks to gigabytes, or keeps a parser busy for ever, ends that process and
nothing else.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from assessments.renditions.worker import NO_ROOM, OUT_OF_LIMITS, UNREADABLE

ROOT = Path(__file__).resolve().parent.parent.parent
LAST_WORDS = 2_000  # bytes of the process's complaint that are kept for operators
LONGEST_RESULT = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory` in bytes of address space, `seconds` of the clock, `output` in bytes of a file."""

    memory: int
    seconds: int
    output: int


@dataclass(frozen=True, slots=True)
class Made:
    """What the process wrote: of which type, what it changed on the way, each with how often.

    `attachments` are the names of the files that were attached to the original.
    """

    media_type: str
    changes: Mapping[str, int]
    attachments: Sequence[str]


class WorkFailedError(Exception):
    """The work ended without a result; the message is for operators."""


class UnshowableError(WorkFailedError):
    """The file cannot be read, or not within the limits; the next try would end alike."""


def run(task: str, source: Path, target: Path, *, limits: Limits, **options: Any) -> Made:
    """Do `task` on the file `source`, writing `target`. Raises WorkFailedError, OSError of a full disk.

    The process sees neither our settings nor our secrets: its environment is empty but for
    what Python needs. It and whatever it started is gone when this returns. What it says goes
    through files, so that no amount of it fills our memory.
    """
    order = json.dumps(
        {
            "task": task,
            "source": str(source),
            "target": str(target),
            "memory": limits.memory,
            "seconds": limits.seconds,
            "output": limits.output,
            "options": options,
        }
    )
    with (
        tempfile.TemporaryFile(dir=target.parent) as told,
        tempfile.TemporaryFile(dir=target.parent) as complaint,
    ):
        status = _ended(order.encode(), target.parent, told, complaint, seconds=limits.seconds)
        words = _end_of(complaint)
        if status in (UNREADABLE, OUT_OF_LIMITS):
            raise UnshowableError(words)
        if status == NO_ROOM:
            raise OSError(errno.ENOSPC, words)
        if status:
            raise WorkFailedError(f"ended with status {status}: {words}")
        told.seek(0)
        try:
            result = json.loads(told.read(LONGEST_RESULT))
        except ValueError as error:
            raise WorkFailedError("told nothing of its result") from error
    return Made(result["media_type"], result.get("changes", {}), result.get("attachments", ()))


def _ended(
    order: bytes, folder: Path, told: IO[bytes], complaint: IO[bytes], *, seconds: int
) -> int:
    with subprocess.Popen(
        [sys.executable, "-m", "assessments.renditions.worker"],
        stdin=subprocess.PIPE,
        stdout=told,
        stderr=complaint,
        cwd=ROOT,
        env={
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        start_new_session=True,
    ) as process:
        try:
            process.communicate(order, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise WorkFailedError(f"not done within {seconds} seconds") from error
        finally:
            _end(process)
    return process.returncode


def _end_of(complaint: IO[bytes]) -> str:
    size = complaint.seek(0, os.SEEK_END)
    complaint.seek(max(0, size - LAST_WORDS))
    return complaint.read().decode(errors="replace").strip()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process with all that it started; they form a group of their own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
