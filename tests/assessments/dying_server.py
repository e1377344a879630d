"""The site as it is, except that a worker kills itself at the point named in a file, once."""

import os
import signal
from pathlib import Path

from kla.wsgi import application

# The application above must be set up before its parts can be imported.
from assessments.services import documents, upload_storage  # isort: skip
from assessments.views import uploads  # isort: skip

__all__ = ["application"]

ORDER = Path(os.environ["KLA_VAR"]) / "die_at"


def die_if_told(point):
    if ORDER.exists() and ORDER.read_text() == point:
        ORDER.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def dying_before(module, name, point):
    original = getattr(module, name)

    def dying(*args, **kwargs):
        die_if_told(point)
        return original(*args, **kwargs)

    setattr(module, name, dying)


def dying_after(module, name, point):
    original = getattr(module, name)

    def dying(*args, **kwargs):
        result = original(*args, **kwargs)
        die_if_told(point)
        return result

    setattr(module, name, dying)


def dying_copy(source, target, length=0):
    """Half of what is to be written reaches the disk."""
    data = source.read()
    target.write(data[: len(data) // 2])
    target.flush()
    die_if_told("half written")
    target.write(data[len(data) // 2 :])


dying_after(upload_storage, "received", "received")
upload_storage.shutil.copyfileobj = dying_copy
dying_after(upload_storage, "write", "written, not counted")
dying_before(uploads, "_standing", "counted, not answered")
dying_after(documents, "hand_over", "about to be stored")
dying_before(documents, "record", "stored, not committed")
dying_before(upload_storage, "remove", "committed, not cleaned up")
