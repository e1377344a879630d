"""A small client of KLA's interface, with Python's standard library alone.

    export KLA_TOKEN=kla_…
    python3 api-client.py https://kla.example.go.id questions kota-contoh 2026
    python3 api-client.py https://kla.example.go.id claim kota-contoh 2026 1.2 0.66 "SK ada"
    python3 api-client.py https://kla.example.go.id document kota-contoh 2026 1.2 sk sk.pdf

The token stands in the environment, never on the command line, where others could read it.
"""

from __future__ import annotations

import json
import mimetypes
import os
import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

TRIES = 3


class RefusedError(Exception):
    """What the server refused: the problem that it told, with `code`, `detail` and `errors`."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')}")
        self.status, self.problem = status, problem


class Client:
    def __init__(self, base: str, token: str) -> None:
        self.base, self.token = base.rstrip("/"), token

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[Any, str]:
        """The answer as plain values, and its ETag. Waits and asks again where it came too often."""
        head = {"Authorization": f"Bearer {self.token}", **headers}
        for left in reversed(range(TRIES)):
            request = Request(f"{self.base}/api/v1{path}", body, head, method=method)  # noqa: S310
            try:
                with urlopen(request, timeout=60) as answer:  # noqa: S310 -- the address is ours
                    return json.load(answer), answer.headers.get("ETag", "")
            except HTTPError as error:
                if error.code != 429 or not left:
                    raise RefusedError(error.code, json.load(error)) from error
                time.sleep(int(error.headers.get("Retry-After", "60")))
        raise AssertionError

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every row of a list, page by page."""
        query: dict[str, str] = {"limit": "100"}
        while True:
            page, _etag = self.ask("GET", f"{path}?{urlencode(query)}")
            yield from page["items"]
            if page["next"] is None:
                return
            query["cursor"] = page["next"]

    def questions(self, city: str, year: int) -> Iterator[dict[str, Any]]:
        return self.pages(f"/cities/{city}/years/{year}/questions/")

    def claim(self, city: str, year: int, code: str, points: str, note: str = "") -> dict[str, Any]:
        """Claim points for a question; refused (412) where somebody changed it meanwhile."""
        path = f"/cities/{city}/years/{year}/questions/{quote(code, safe='')}/"
        seen, etag = self.ask("GET", path)
        told = {
            "claimed_points": points,
            "note": note,
            **({"choice": seen["question"]["choice"]} if seen["question"]["options"] else {}),
        }
        return self.send("PUT", f"{path}claim/", told, **{"If-Match": etag})

    def send(self, method: str, path: str, told: dict[str, Any], **headers: str) -> dict[str, Any]:
        """A deed, under a key of its own: asked again after a broken line, it is done once."""
        headers |= {"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(16)}
        answer, _etag = self.ask(method, path, json.dumps(told).encode(), **headers)
        return dict(answer)

    def document(self, city: str, year: int, code: str, kind: str, file: Path) -> dict[str, Any]:
        """Hand in a file for a question, in one request."""
        path = f"/cities/{city}/years/{year}/questions/{quote(code, safe='')}/documents/"
        mark = secrets.token_hex(16)
        media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        body = b"".join(
            (
                f"--{mark}\r\n".encode(),
                f'Content-Disposition: form-data; name="kind"\r\n\r\n{kind}\r\n'.encode(),
                f"--{mark}\r\n".encode(),
                f'Content-Disposition: form-data; name="file"; filename="{file.name}"\r\n'.encode(),
                f"Content-Type: {media_type}\r\n\r\n".encode(),
                file.read_bytes(),
                f"\r\n--{mark}--\r\n".encode(),
            )
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        answer, _etag = self.ask("POST", path, body, **headers)
        return dict(answer)


def main(words: list[str]) -> None:
    base, what, city, year, *rest = words
    client = Client(base, os.environ["KLA_TOKEN"])
    if what == "questions":
        for one in client.questions(city, int(year)):
            print(one["code"], one["state"], one["claimed_points"] or "-", sep="\t")  # noqa: T201
    elif what == "claim":
        print(client.claim(city, int(year), *rest)["question"]["state"])  # noqa: T201
    elif what == "document":
        code, kind, name = rest
        print(client.document(city, int(year), code, kind, Path(name))["document"]["id"])  # noqa: T201
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
