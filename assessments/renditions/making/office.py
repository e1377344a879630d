"""Office documents as PDF, where an installation names a LibreOffice to do it."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from assessments.renditions.making import pdf
from assessments.renditions.worker import UnreadableError


def make(source: Path, target: Path, *, program: str, extension: str) -> dict[str, Any]:
    """Let `program` print the file, then keep of that PDF what any PDF may keep."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        named = Path(folder) / f"source.{extension}"
        named.symlink_to(source)
        subprocess.run(  # noqa: S603 -- the program that the installation names, no shell
            [
                program,
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--norestore",
                "--convert-to",
                "pdf",
                "--outdir",
                folder,
                str(named),
            ],
            check=True,
            capture_output=True,
        )
        printed = named.with_suffix(".pdf")
        if not printed.exists():
            raise UnreadableError("LibreOffice printed nothing")
        return pdf.make(printed, target) | {"changes": {"printed": 1}}
