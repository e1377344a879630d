"""The limited process: reads its order from stdin, sets its limits, then does the work.

The order comes as JSON on standard input, the result goes out as JSON. Exit status 3 says
that the file cannot be shown, 4 that the limits were met, 5 that the disk is full; anything else
is a fault of ours.
"""

from __future__ import annotations

import errno
import importlib
import json
import resource
import shutil
import sys
from pathlib import Path
from typing import Any

TASKS = {
    "pdf": "assessments.renditions.making.pdf",
    "picture": "assessments.renditions.making.pictures",
    "text": "assessments.renditions.making.texts",
    "office": "assessments.renditions.making.office",
    "attachment": "assessments.renditions.making.attachments",
    "mark": "assessments.renditions.making.marks",
    "words": "assessments.renditions.making.words",
    "whole_text": "assessments.renditions.making.whole_text",
}
UNREADABLE, OUT_OF_LIMITS, NO_ROOM = 3, 4, 5
LEAST_ROOM = 64 * 1024  # bytes; a disk with less is full, whatever a library says of it


class UnreadableError(Exception):
    """Nothing that can be shown could be read out of the file."""


def main() -> int:
    order = json.load(sys.stdin)
    # LibreOffice reserves far more address space than it uses; its own clock still holds.
    if order["task"] != "office":
        resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"], order["seconds"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (order["output"], order["output"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        # Only the libraries that this task needs, and only now that the limits hold.
        maker: Any = importlib.import_module(TASKS[order["task"]])
        result = maker.make(Path(order["source"]), Path(order["target"]), **order["options"])
    except MemoryError:
        sys.stderr.write("out of memory\n")
        return OUT_OF_LIMITS
    except Exception as error:  # noqa: BLE001 -- whatever a library raises on a damaged file ends here
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return NO_ROOM if _is_full(error, Path(order["target"]).parent) else UNREADABLE
    json.dump(result, sys.stdout)
    return 0


def _is_full(error: Exception, folder: Path) -> bool:
    """Libraries in C tell of a full disk in words of their own."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return shutil.disk_usage(folder).free < LEAST_ROOM


if __name__ == "__main__":
    sys.exit(main())
