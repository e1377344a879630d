"""A job that takes a moment and writes what it did to a file."""

import os
import time
from pathlib import Path

from jobs.kinds import job


@job("Catatan")
def note(number, *, now):
    time.sleep(0.3)
    with Path(os.environ["KLA_TEST_NOTES"]).open("a") as file:
        file.write(f"{number}\n")
