"""Senders that stall, lie or send far too much, against a real server without any proxy."""

import hashlib
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest

from tests.assessments.tus import metadata
from tests.faults.server import CSRF, Server, until_closed

pytestmark = pytest.mark.faults

SIGN_IN = "/masuk/"
STALLED = b"POST /masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\nlogin="
OURS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "X-Frame-Options",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("var")) as running:
        yield running


def headers_of(answer):
    lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return dict(line.split(": ", 1) for line in lines)


def milliseconds(server, pages=15):
    took = []
    for _ in range(pages):
        start = time.perf_counter()
        assert server.ask("GET", SIGN_IN)[0] == 200
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


def stands_at(server, address, headers):
    return server.ask("HEAD", address, headers=headers)[2]["Upload-Offset"]


def settled(ask, expected, seconds=10):
    """What is said once it is as expected, or at the end of the patience."""
    end = time.monotonic() + seconds
    while (said := ask()) != expected and time.monotonic() < end:
        time.sleep(0.1)
    return said


# --- Who stalls ---------------------------------------------------------------------------------


def test_twenty_stalled_senders_hold_up_nobody_and_are_cut_and_told(server):
    milliseconds(server)
    idle = milliseconds(server)
    with ExitStack() as stack:
        stalled = [stack.enter_context(server.connect()) for _ in range(20)]
        for connection in stalled:
            connection.sendall(STALLED)
        meanwhile = milliseconds(server)
        answers = [until_closed(connection) for connection in stalled]

    # How quick is for benchmarks/senders.py to tell; waiting for a sender takes seconds.
    assert meanwhile < 10 * idle + 500
    assert [answer.split()[1] for answer in answers] == [b"408"] * 20
    told = [line for line in server.log().splitlines() if "stalled or broke off" in line]
    assert len([line for line in told if "POST /masuk/ from 127.0.0.1, 6 of 5000" in line]) == 20


def test_pages_answer_while_twenty_send_a_kilobyte_a_second(server):
    """As many of one person as may, more of him than may, and strangers with whole forms."""
    mine = (
        f"POST {server.question}dokumen/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: {server.cookie}\r\nContent-Length: 3000000\r\n\r\n"
    ).encode()
    anybody = b"POST /masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 60000\r\n\r\n"
    milliseconds(server)
    idle = milliseconds(server)
    with ExitStack() as stack:
        slow = [stack.enter_context(server.connect()) for _ in range(20)]
        for connection, head in zip(slow, [mine] * 8 + [anybody] * 12, strict=True):
            connection.sendall(head)
        meanwhile = []
        for _second in range(2):
            for connection in slow:
                with suppress(OSError):  # refused or cut already
                    connection.sendall(b"x" * 1024)
            meanwhile.append(milliseconds(server))
        answers = [until_closed(connection).split()[1] for connection in slow]

    assert max(meanwhile) < 10 * idle + 500
    assert sorted(answers) == [b"408"] * 18 + [b"429"] * 2


def test_a_head_that_never_ends_is_cut_however_steadily_it_drips(server):
    start = time.monotonic()
    with server.connect() as connection:
        connection.sendall(b"GET /masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        try:
            while time.monotonic() - start < 25:
                connection.sendall(b"X-A: b\r\n")
                time.sleep(0.3)
        except OSError:
            pass

    assert time.monotonic() - start < 20


def test_a_body_below_the_least_rate_is_cut_though_it_never_stops(server):
    start = time.monotonic()
    with server.connect() as connection:
        connection.sendall(STALLED)
        try:
            while time.monotonic() - start < 25:
                connection.sendall(b"x" * 20)
                time.sleep(0.3)
        except OSError:
            pass

    assert time.monotonic() - start < 20


# --- Who sends too much -------------------------------------------------------------------------


def test_two_gigabytes_of_a_stranger_are_refused_by_their_declared_length(server):
    head = b"POST /masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2147483648\r\n\r\n"

    answer = server.say(head)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert "paling banyak 64 KB" in answer.decode()
    assert set(OURS) <= set(headers_of(answer))


@pytest.mark.parametrize("cookie", ["", "sessionid=nobodys"])
def test_a_body_in_chunks_is_counted_while_it_comes(server, cookie):
    head = f"POST /masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n".encode()
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"

    answer = server.say(head + b"Transfer-Encoding: chunked\r\n\r\n", chunk, chunk, chunk)

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_member_sends_no_more_than_the_form_carries(server):
    head = (
        f"POST {server.question}klaim/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {server.cookie}\r\n"
        "Content-Length: 30000000\r\n\r\n"
    )

    answer = server.say(head.encode())

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert "paling banyak 2 MB" in answer.decode()


def test_nobody_is_told_to_go_on_with_a_body_that_will_be_refused(server):
    head = (
        b"POST /masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\n"
        b"Connection: close\r\nContent-Length: "
    )

    refused = server.say(head + b"2147483648\r\n\r\n")
    taken = server.say(head + b"3\r\n\r\n", b"a=b", pause=0.5)

    assert refused.startswith(b"HTTP/1.1 413 ")
    assert taken.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 ")  # without the token
    assert taken.count(b"100 Continue") == 1


def test_twenty_one_files_get_the_sentence_of_the_form(server):
    part = '--x\r\nContent-Disposition: form-data; name="file"; filename="{}.pdf"\r\n\r\n%PDF-\r\n'
    body = "".join(part.format(number) for number in range(21)) + "--x--\r\n"
    headers = {
        "Cookie": server.cookie,
        "X-CSRFToken": CSRF,
        "Content-Type": "multipart/form-data; boundary=x",
    }

    status, page, _headers = server.ask("POST", f"{server.question}dokumen/", body, headers)

    assert status == 200
    assert "Paling banyak 20 berkas sekali unggah; Anda memilih 21." in page


def test_one_person_sends_a_bounded_number_of_bodies_at_once(server):
    head = (
        f"POST {server.question}dokumen/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: {server.cookie}\r\nContent-Length: 3000000\r\n\r\n"
    ).encode()
    with ExitStack() as stack:
        for _ in range(6):
            connection = stack.enter_context(server.connect())
            connection.sendall(head + b"x")
        time.sleep(0.5)
        one_more = server.say(head)
    time.sleep(0.5)  # the places of those who hung up are free again

    assert one_more.startswith(b"HTTP/1.1 429 ")
    assert headers_of(one_more)["Retry-After"] == "5"
    with server.connect() as connection:
        connection.sendall(head + b"x")
        connection.settimeout(1)
        with pytest.raises(TimeoutError):
            connection.recv(1)


# --- What must go on working --------------------------------------------------------------------


def test_a_piece_that_broke_off_is_kept_as_far_as_it_came(server):
    content = b"%PDF-1.4\n" + b"x" * 300_000
    made, _text, headers = server.ask(
        "POST",
        f"{server.question}unggahan/",
        headers={
            "Cookie": server.cookie,
            "X-CSRFToken": CSRF,
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(len(content)),
            "Upload-Metadata": metadata(
                filename="a.pdf", sha256=hashlib.sha256(content).hexdigest()
            ),
        },
    )
    assert made == 201
    address = headers["Location"]
    head = (
        f"PATCH {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {server.cookie}\r\n"
        f"X-CSRFToken: {CSRF}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        f"Content-Type: application/offset+octet-stream\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    with server.connect() as connection:
        connection.sendall(head.encode() + content[:100_000])
        time.sleep(0.5)
    said = {"Cookie": server.cookie, "X-CSRFToken": CSRF, "Tus-Resumable": "1.0.0"}

    assert settled(lambda: stands_at(server, address, said), "100000") == "100000"
    rest = {**said, "Upload-Offset": "100000", "Content-Type": "application/offset+octet-stream"}
    assert server.ask("PATCH", address, content[100_000:], rest)[0] == 204
    assert stands_at(server, address, said) == str(len(content))


def test_fifty_megabytes_arrive_and_leave_nothing_behind(server):
    file = b"%PDF-1.4\n" + b"x" * (5 * 1024 * 1024)
    part = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        + file
        + b"\r\n"
    )
    headers = {
        "Cookie": server.cookie,
        "X-CSRFToken": CSRF,
        "Content-Type": "multipart/form-data; boundary=x",
    }

    status, _page, _headers = server.ask(
        "POST", f"{server.question}dokumen/", part * 10 + b"--x--\r\n", headers
    )

    assert status == 200  # the form again: no file of these can be read
    # Django lets go of its copies when the answer is out, a moment after we have it.
    assert settled(lambda: [path.name for path in (server.var / "tmp").iterdir()], ["places"]) == [
        "places"
    ]


def test_a_small_body_in_chunks_and_requests_sent_ahead_are_answered_in_order(server):
    chunked = (
        b"POST /sehat/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\n0\r\n\r\n"  # without a token
    )
    page = b"GET /sehat/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"

    answer = server.say(chunked + page + b"\r\n" + page + b"Connection: close\r\n\r\n")

    assert re.findall(rb"HTTP/1\.1 (\d+) ", answer) == [b"403", b"200", b"200"]


def test_many_at_once_get_their_own_answers_over_kept_connections(server):
    def asks(number):
        return [server.ask("GET", f"/masuk/?n={number}")[0] for _ in range(5)]

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(asks, range(16))) == [[200] * 5] * 16


@pytest.mark.parametrize(
    ("request_line", "status"),
    [("GET /" + "a" * 9000 + " HTTP/1.1", 414), ("GE(T / HTTP/1.1", 400), ("GET / HTTQ", 400)],
)
def test_what_the_server_itself_refuses_carries_the_headers_of_our_pages(
    server, request_line, status
):
    ours = server.ask("GET", SIGN_IN)[2]

    answer = server.say(f"{request_line}\r\nHost: 127.0.0.1\r\n\r\n".encode())

    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert {name: headers_of(answer)[name] for name in OURS} == {name: ours[name] for name in OURS}


def test_a_server_asked_to_stop_answers_who_is_in_the_middle(tmp_path):
    with (
        Server(tmp_path, has_city=False, KLA_WORKERS="1") as server,
        server.connect() as connection,
    ):
        connection.sendall(
            b"POST /masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\n\r\na"
        )
        time.sleep(0.3)
        server.process.terminate()
        time.sleep(0.5)
        connection.sendall(b"=b")

        assert until_closed(connection).startswith(b"HTTP/1.1 403 ")
        assert server.process.wait(15) == 0


def test_a_server_asked_to_stop_hears_who_had_connected_and_refuses_who_comes(tmp_path):
    with (
        Server(tmp_path, has_city=False, KLA_WORKERS="2") as server,
        server.connect() as connection,
    ):
        server.process.terminate()
        time.sleep(1)
        with pytest.raises(ConnectionRefusedError):
            server.connect()
        connection.sendall(b"GET /sehat/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

        assert until_closed(connection).startswith(b"HTTP/1.1 200 ")
        assert server.process.wait(15) == 0
