"""Asking a ClamAV daemon (clamd) about a file, by a socket of this machine or over the network.

What is not said clearly to be clean is no answer: whoever asks keeps the file shut then.
"""

from __future__ import annotations

from typing import BinaryIO, cast

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings

PORT = 3310


class ScannerError(Exception):
    """The daemon gave no answer about this file that can be relied on."""


class ScannerAwayError(ScannerError):
    """The daemon cannot be reached, so no other file would be answered either."""


def is_set_up() -> bool:
    return bool(settings.CLAMAV_SOCKET or settings.CLAMAV_HOST)


def scan(content: BinaryIO) -> str:
    """The name of what was found in the content; empty where it is clean.

    Raises ScannerError, and OSError where the content itself cannot be read.
    """
    daemon = _daemon()
    try:
        daemon.ping()
    except (ClamdError, OSError) as error:
        daemon.clamd_socket.close()  # the client leaves one open that was not connected
        raise ScannerAwayError(str(error)) from error
    try:
        answer = daemon.instream(content)
    except ClamdError as error:
        raise ScannerError(str(error) or "an answer that means nothing") from error
    except ConnectionError as error:  # it hung up, as it does on a file above StreamMaxLength
        raise ScannerError(f"hung up: {error}") from error
    match list(answer.values()):
        case [("OK", None)]:
            return ""
        case [("FOUND", str(name))]:
            return name
        case other:
            raise ScannerError(f"no clear answer: {other}")


def _daemon() -> ClamdNetworkSocket:
    if settings.CLAMAV_SOCKET:
        # Written for whole seconds, but handed on to the socket as it is.
        return ClamdUnixSocket(settings.CLAMAV_SOCKET, timeout=cast("int", settings.CLAMAV_SECONDS))
    host, _colon, port = settings.CLAMAV_HOST.partition(":")
    return ClamdNetworkSocket(host, int(port or PORT), timeout=settings.CLAMAV_SECONDS)
