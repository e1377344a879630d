"""Web addresses that people hand in as evidence. Pure; nothing is ever fetched."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_LENGTH = 2000  # characters of an address, percent signs and all
SCHEMES = {"http": 80, "https": 443}  # with the port that nobody has to write
KEPT_IN_PATHS = "%/:?#[]@!$&'()*+,;=~-._"
# A letter that older browsers open as another address than newer ones.
UNCERTAIN_LETTERS = frozenset("ßς")
HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
NUMBER = re.compile(r"0x[0-9a-f]*|\d+")
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
PORT = re.compile(r"\d{1,5}([/?#]|$)")
OFFICE_ENDINGS = (".local", ".localhost", ".lan", ".internal", ".intranet", ".home.arpa")
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|igshid|igsh|mibextid", re.IGNORECASE)


def clean_address(text: str) -> str:
    """The address as it is stored: ASCII only, its host in lower case and as the network knows it.

    Invisible characters go, a missing scheme becomes https. Raises ValidationError (`required`,
    `scheme`, `credentials`, `several`, `host`, `private`, `too_long`) with what to do.
    """
    typed = _visible(text)
    if not typed:
        raise ValidationError(_("Tuliskan alamat tautannya."), code="required")
    if re.search(r"\shttps?:", typed, re.IGNORECASE):
        raise ValidationError(
            _("Isian ini memuat lebih dari satu alamat. Ajukan satu tautan setiap kali."),
            code="several",
        )
    parts = _split(_with_scheme(typed))
    if "@" in parts.netloc:
        raise ValidationError(
            _(
                "Alamat ini memuat nama pengguna atau kata sandi (“…@” sebelum nama situs). "
                "Hapus bagian itu, lalu ajukan kembali."
            ),
            code="credentials",
        )
    authority = _host(parts) + _port(parts)
    path = quote(parts.path, safe=KEPT_IN_PATHS)
    query = quote(parts.query, safe=KEPT_IN_PATHS)
    fragment = quote(parts.fragment, safe=KEPT_IN_PATHS)
    address = urlunsplit((parts.scheme.lower(), authority, path or "/", query, fragment))
    if len(address) > MAX_LENGTH:
        raise ValidationError(
            _(
                "Alamat ini %(length)d karakter, melebihi batas %(limit)d. Pakai tautan bagikan "
                "yang lebih pendek dari situsnya."
            ),
            code="too_long",
            params={"length": len(address), "limit": MAX_LENGTH},
        )
    return address


def host_of(address: str) -> str:
    """The host of a cleaned address, as the network knows it: letters of other scripts, which
    can look like Latin ones, stand as `xn--…`.
    """
    return urlsplit(address).hostname or ""


def same_page(address: str) -> str:
    """What two cleaned addresses of one page have in common, to be compared and never shown.

    Scheme, `www.`, a last slash, the fragment and what only tells where somebody
    clicked do not make another page.
    """
    parts = urlsplit(address)
    host = parts.netloc.removeprefix("www.")
    path = unicodedata.normalize("NFC", unquote(parts.path)).rstrip("/")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([pair for pair in pairs if not TRACKING.fullmatch(pair[0])])
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return f"{host}\n{path}\n{query}\n{fragment}"


def _visible(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    seen = "".join(
        character
        for character in composed
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )
    return " ".join(seen.split())


def _with_scheme(typed: str) -> str:
    named = SCHEME.match(typed)
    if named is None or _is_host_with_port(typed, named):
        return f"https://{typed.removeprefix('//')}"
    if named[1].lower() not in SCHEMES or not typed[named.end() :].startswith("//"):
        raise ValidationError(
            _("Hanya alamat yang diawali https:// atau http:// dapat diajukan."), code="scheme"
        )
    return typed


def _is_host_with_port(typed: str, named: re.Match[str]) -> bool:
    """`kota.go.id:8080/berita` names no scheme."""
    return "." in named[1] and PORT.match(typed, named.end()) is not None


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 -- reading it is what checks it
    except ValueError as error:
        raise _no_host() from error
    return parts


def _port(parts: SplitResult) -> str:
    usual = SCHEMES[parts.scheme.lower()]
    return "" if parts.port in (None, usual) else f":{parts.port}"


def _host(parts: SplitResult) -> str:
    typed = (parts.hostname or "").rstrip(".")
    if parts.netloc.startswith("[") or NUMBER.fullmatch(typed.rpartition(".")[2]):
        return _public_number(typed)
    if UNCERTAIN_LETTERS & set(typed):
        raise _no_host()
    try:
        host = typed.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise _no_host() from error
    if "." not in host or f".{host}".endswith(OFFICE_ENDINGS):
        raise _private(host)
    if not HOST.fullmatch(host):
        raise _no_host()
    return host


def _public_number(typed: str) -> str:
    """Browsers also open `2130706433` and `0x7f.1`; only what reads as an address may pass."""
    try:
        number = ipaddress.ip_address(typed)
    except ValueError as error:
        raise _no_host() from error
    if not number.is_global:
        raise _private(typed)
    return f"[{number}]" if number.version == 6 else str(number)


def _no_host() -> ValidationError:
    return ValidationError(
        _("Nama situs pada alamat ini tidak terbaca. Salin alamatnya dari peramban, lalu tempel."),
        code="host",
    )


def _private(host: str) -> ValidationError:
    return ValidationError(
        _(
            "Alamat “%(host)s” hanya terbuka di jaringan kantor, jadi pemeriksa tidak dapat "
            "melihatnya. Unggah salinannya sebagai berkas."
        ),
        code="private",
        params={"host": host},
    )
