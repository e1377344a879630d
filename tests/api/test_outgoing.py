"""Requests to addresses that people typed: never into the network of the site."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError

from api import outgoing
from api.outgoing import LONGEST, UnreachedError, clean_target, is_outside, post
from tests.api.receiver import Answer, receiving


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",  # metadata of a cloud
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",  # 127.0.0.1 behind NAT64
        "2002:7f00:1::",  # 127.0.0.1 behind 6to4
        "2001:0:1::1",  # Teredo
        "kota.go.id",
    ],
)
def test_numbers_of_this_and_other_networks_are_inside(number):
    assert not is_outside(number)


@pytest.mark.parametrize(
    "number",
    ["103.10.10.10", "172.15.255.255", "172.32.0.0", "2606:4700::1111", "64:ff9b::670a:a0a"],
)
def test_numbers_of_the_internet_are_outside(number):
    assert is_outside(number)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("http://dasbor.kota.go.id/", "https"),
        ("ftp://dasbor.kota.go.id/", "scheme"),
        ("https://127.0.0.1/", "private"),
        ("https://[::1]/", "private"),
        ("https://169.254.169.254/latest/meta-data/", "private"),
        ("https://localhost/", "private"),
        ("https://basis-data/", "private"),
        ("https://dasbor.internal/", "private"),
        ("https://2130706433/", "host"),
        ("https://0x7f.1/", "host"),
        ("https://orang:sandi@dasbor.kota.go.id/", "credentials"),
        ("http://localhost:9000/", "private"),
        ("http://127.0.0.1:9000/", "private"),
        ("https://dasbor.kota.go.id/" + "a" * LONGEST, "too_long"),
    ],
)
def test_an_address_is_https_and_open_to_the_internet(typed, code):
    with pytest.raises(ValidationError) as refused:
        clean_target(typed, is_local=False)

    assert refused.value.code == code


def test_an_address_is_kept_without_its_fragment():
    kept = clean_target(" https://Dasbor.Kota.GO.ID:8443/kla?a=1#b ", is_local=False)

    assert kept == "https://dasbor.kota.go.id:8443/kla?a=1"


def test_only_a_local_site_takes_http_and_only_to_this_machine():
    assert clean_target("http://localhost:9000/kla", is_local=True) == "http://localhost:9000/kla"
    for typed in (
        "http://192.168.1.1/",
        "http://orang@localhost/",
        "http://localhost.example.com/",
        "http://localhost:99999/",
    ):
        with pytest.raises(ValidationError):
            clean_target(typed, is_local=True)


def test_a_name_that_leads_inside_is_not_called(monkeypatch):
    """Also where only one of its numbers does, and where it led outside when it was registered."""
    called = []
    monkeypatch.setattr(socket, "create_connection", lambda *a, **_kw: called.append(a))
    for numbers in (["127.0.0.1"], ["103.10.10.10", "10.0.0.1"], ["::ffff:169.254.169.254"]):
        found = [(2, 1, 6, "", (number, 443)) for number in numbers]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, found=found, **_kw: found)
        with pytest.raises(UnreachedError, match="jaringan dalam"):
            post("https://dasbor.example.com/", b"{}", {}, is_local=True)

    assert called == []


def test_the_connection_goes_to_the_number_that_was_judged(monkeypatch):
    called = []

    def refuse(address, **_options):
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    found = [(2, 1, 6, "", ("103.10.10.10", 8443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_kw: found)
    with pytest.raises(UnreachedError, match="tidak dapat dihubungi"):
        post("https://dasbor.example.com:8443/", b"{}", {}, is_local=False)

    assert called == [("103.10.10.10", 8443)]


@pytest.mark.parametrize("is_local", [True, False])
def test_http_is_spoken_to_this_machine_by_a_local_site_alone(is_local):
    with receiving() as receiver:
        if is_local:
            assert post(receiver.url, b"{}", {"a": "b"}, is_local=True) == 204
            assert [(one.path, one.body) for one in receiver.seen] == [("/kla?dari=kota", b"{}")]
        else:
            with pytest.raises(UnreachedError):
                post(receiver.url, b"{}", {}, is_local=False)
            assert receiver.seen == []


def test_a_redirect_is_not_followed():
    with receiving() as receiver:
        receiver.answers = [Answer(302, {"Location": receiver.url})]

        assert post(receiver.url, b"{}", {}, is_local=True) == 302
        assert len(receiver.seen) == 1


def test_who_speaks_without_end_or_not_at_all_is_left(monkeypatch):
    monkeypatch.setattr(outgoing, "TIMEOUT", 0.2)
    with receiving() as receiver:
        receiver.answers = [Answer(200, body=b"a" * 5_000_000), Answer(seconds=0.6)]

        assert post(receiver.url, b"{}", {}, is_local=True) == 200
        with pytest.raises(UnreachedError, match="pada waktunya"):
            post(receiver.url, b"{}", {}, is_local=True)


def test_who_answers_in_drops_is_left_after_the_whole_time(monkeypatch):
    monkeypatch.setattr(outgoing, "TOTAL", 0.3)
    server = socket.create_server(("127.0.0.1", 0))
    began = time.monotonic()
    try:
        port = server.getsockname()[1]
        with dripping(server), pytest.raises(UnreachedError):
            post(f"http://127.0.0.1:{port}/", b"{}", {}, is_local=True)
    finally:
        server.close()

    assert time.monotonic() - began < 1.5


@contextmanager
def dripping(server):
    """Answers one byte of a header every tenth of a second."""
    stopped = threading.Event()

    def serve():
        held, _address = server.accept()
        with held:
            held.sendall(b"HTTP/1.1 200 OK\r\nX-Lama: ")
            while not stopped.wait(0.1):
                try:
                    held.sendall(b"a")
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(1)


def test_who_hangs_up_or_is_not_there_is_told_as_such():
    with receiving() as receiver:
        receiver.answers = [Answer(hangs_up=True)]
        with pytest.raises(UnreachedError, match="terputus"):
            post(receiver.url, b"{}", {}, is_local=True)
    with pytest.raises(UnreachedError, match="tidak dapat dihubungi"):
        post(receiver.url, b"{}", {}, is_local=True)
