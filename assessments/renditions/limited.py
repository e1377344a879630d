"""Run one piece of work on a file of a stranger in a process of its own, within limits.

A file that unpacks to gigabytes, or keeps a parser busy for ever, ends that process and
nothing else.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
LAST_WORDS = 2_000  # characters of the process's complaint that are kept for operators


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


def run(task: str, source: Path, target: Path, *, limits: Limits, **options: Any) -> Made:
    """Do `task` on the file `source`, writing `target`. Raises WorkFailedError.

    The process sees neither our settings nor our secrets: its environment is empty but for
    what Python needs. It and whatever it started is gone when this returns.
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
    with subprocess.Popen(
        [sys.executable, "-m", "assessments.renditions.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "HOME": str(target.parent),
            "TMPDIR": str(target.parent),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        start_new_session=True,
    ) as process:
        try:
            told, complaint = process.communicate(order.encode(), timeout=limits.seconds)
        except subprocess.TimeoutExpired as error:
            raise WorkFailedError(f"not done within {limits.seconds} seconds") from error
        finally:
            _end(process)
    if process.returncode:
        words = complaint.decode(errors="replace").strip()[-LAST_WORDS:]
        raise WorkFailedError(f"ended with status {process.returncode}: {words}")
    try:
        result = json.loads(told)
    except ValueError as error:
        raise WorkFailedError("told nothing of its result") from error
    return Made(result["media_type"], result.get("changes", {}), result.get("attachments", ()))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process with all that it started; they form a group of their own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
