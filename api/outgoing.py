"""One request to an address that somebody typed: never into the network that the site stands in.

The host is resolved once, each of its numbers is judged, and the connection goes to a number that
was judged, so that a name cannot change between looking and calling. No proxy, no redirects, an
end to the time, and only the first bytes of the answer are read.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Event, Timer
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.addresses import clean_address

TIMEOUT = 10.0  # seconds, for each step
TOTAL = 20.0  # seconds, for all of it
MOST_ANSWER_BYTES = 4096
LONGEST = 500  # characters of an address
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: leads to the IPv4 number inside


class UnreachedError(Exception):
    """No answer came; the text says why, to people."""


def clean_target(text: str, *, is_local: bool) -> str:
    """The address as it is kept: https, and outside; http to this machine where the site is local.

    Raises ValidationError (`https`, and as `clean_address` does).
    """
    typed = text.strip()
    if is_local and _is_this_machine(typed):
        return typed
    try:
        address = clean_address(typed)
    except ValidationError as error:
        if error.code != "private":
            raise
        raise ValidationError(
            _(
                "Alamat ini hanya terbuka di jaringan kantor. Pakai alamat yang terbuka di internet."
            ),
            code="private",
        ) from error
    parts = urlsplit(address)
    if parts.scheme != "https":
        raise ValidationError(_("Alamatnya harus diawali https://."), code="https")
    if len(address) > LONGEST:
        raise ValidationError(
            _("Alamat ini %(length)d karakter, melebihi batas %(limit)d."),
            code="too_long",
            params={"length": len(address), "limit": LONGEST},
        )
    return address.partition("#")[0]


def post(url: str, body: bytes, headers: Mapping[str, str], *, is_local: bool) -> int:
    """The status of the answer. Raises UnreachedError."""
    parts = urlsplit(url)
    is_secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if is_secure else 80)
    allows_local = is_local and host in LOCAL_HOSTS
    if not is_secure and not allows_local:
        raise UnreachedError(_("Alamatnya harus diawali https://."))
    kind = HTTPSConnection if is_secure else HTTPConnection
    connection = kind(host, port, timeout=TIMEOUT)
    try:
        connection.sock = _connected(host, port, is_secure=is_secure, allows_local=allows_local)
        return _answered(connection, url, body, headers)
    except TimeoutError as error:
        raise UnreachedError(_("Sistem itu tidak menjawab pada waktunya.")) from error
    except ssl.SSLError as error:
        raise UnreachedError(_("Sertifikat atau sambungan TLS sistem itu bermasalah.")) from error
    except (OSError, HTTPException, ValueError) as error:
        raise UnreachedError(_("Sambungan ke sistem itu terputus.")) from error
    finally:
        connection.close()


def _answered(connection: HTTPConnection, url: str, body: bytes, headers: Mapping[str, str]) -> int:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    is_over = Event()
    timer = Timer(TOTAL, _hang_up, [connection.sock, is_over])
    timer.daemon = True
    timer.start()
    try:
        connection.request("POST", path, body, dict(headers))
        response = connection.getresponse()
        response.read(MOST_ANSWER_BYTES)
    finally:
        timer.cancel()
        if is_over.is_set():
            raise TimeoutError
    return response.status


def _hang_up(held: socket.socket, is_over: Event) -> None:
    is_over.set()
    try:
        held.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it went by itself


def _connected(host: str, port: int, *, is_secure: bool, allows_local: bool) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachedError(_("Nama situs pada alamat itu tidak ditemukan.")) from error
    numbers = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not allows_local and not all(is_outside(number) for number in numbers):
        raise UnreachedError(_("Alamat itu menuju jaringan dalam, jadi tidak dihubungi."))
    plain = _first_open(numbers, port)
    if not is_secure:
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def _first_open(numbers: list[str], port: int) -> socket.socket:
    fault: OSError | None = None
    for number in numbers[:4]:
        try:
            return socket.create_connection((number, port), timeout=TIMEOUT)
        except OSError as error:
            fault = error
    if isinstance(fault, TimeoutError):
        raise fault
    raise UnreachedError(_("Sistem itu tidak dapat dihubungi.")) from fault


def is_outside(number: str) -> bool:
    """Whether a number belongs to the internet; what carries an IPv4 number is judged by it."""
    try:
        address: IPv4Address | IPv6Address = ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            carried = IPv4Address(address.packed[-4:])
        if address.teredo:
            return False
        if carried is not None:
            address = carried
    return address.is_global and not address.is_multicast


def _is_this_machine(typed: str) -> bool:
    try:
        parts = urlsplit(typed)
        return (
            parts.scheme == "http"
            and parts.hostname in LOCAL_HOSTS
            and "@" not in parts.netloc
            and (parts.port or 80) > 0
            and len(typed) <= LONGEST
        )
    except ValueError:
        return False
