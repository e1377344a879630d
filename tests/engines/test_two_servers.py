"""Two web processes behind a balancer, of which one dies and each is started anew under people.

Behind a plain balancer of connections, and behind the proxy of our compose file where it is there.
"""

import hashlib
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

import pytest

from tests.assessments.tus import metadata
from tests.engines.fronts import Caddy, RoundRobin
from tests.faults.cluster import PATIENCE, Cluster, Site, last_line
from tests.faults.conftest import CITY
from tests.faults.test_workers import until

pytestmark = pytest.mark.engines

CSRF = "k" * 32
TOO_MANY = "Terlalu banyak percobaan masuk"
PEOPLE = 4
ANSWERS = {200, 405}
SETTINGS = {"KLA_PROXIES": "1", "KLA_WORKERS": "1"}


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Two servers with one database and one folder, as two containers of one machine have."""
    cluster = Cluster(is_migrated=True)
    cluster.start()
    var = tmp_path_factory.mktemp("site")
    pair = [Site(var, cluster.address(), **SETTINGS) for _number in range(2)]
    pair[0].session, pair[0].question = last_line(pair[0].run("-c", CITY))
    for site in pair:
        site.start()
    yield pair
    for site in pair:
        site.kill()
    cluster.remove()


@pytest.fixture(scope="module", params=[RoundRobin, Caddy])
def front(request, sites):
    if request.param is Caddy and not Caddy.is_there():
        pytest.skip("no package of Caddy for this machine (requirements/dev.txt)")
    front = request.param([site.port for site in sites])
    front.start()
    yield front
    front.remove()


@pytest.fixture
def both(sites):
    """Both are there again, whatever the test before did."""
    for site in sites:
        if site.server is None:
            site.start()
    return sites


def ask(front, method, path, body=None, **headers):
    """Status, headers and text, over a connection of its own."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = front.connection()
    try:
        connection.request(method, path, body, front.headers() | said)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def signed_in(sites):
    return {"Cookie": f"sessionid={sites[0].session}; csrftoken={CSRF}", "X_CSRFToken": CSRF}


def guess(front, email, **more):
    form = {"login": email, "password": "wrong-password", "csrfmiddlewaretoken": CSRF}
    return ask(
        front,
        "POST",
        "/masuk/",
        urlencode(form),
        Cookie=f"csrftoken={CSRF}",
        Content_Type="application/x-www-form-urlencoded",
        **more,
    )


def begin_upload(front, sites, content):
    digest = hashlib.sha256(content).hexdigest()
    status, headers, _text = ask(
        front,
        "POST",
        f"{sites[0].question}unggahan/",
        **signed_in(sites),
        Tus_Resumable="1.0.0",
        Upload_Length=str(len(content)),
        Upload_Metadata=metadata(filename="a.pdf", sha256=digest),
    )
    assert status == 201
    return headers["Location"].removeprefix(front.origin)


def send_piece(front, sites, address, offset, piece):
    return ask(
        front,
        "PATCH",
        address,
        piece,
        **signed_in(sites),
        Tus_Resumable="1.0.0",
        Upload_Offset=str(offset),
        Content_Type="application/offset+octet-stream",
    )[0]


def stands_at(front, sites, address):
    """Asked again, as the browser does, where the one that was asked died over it."""
    for _try in range(5):
        with suppress(OSError, HTTPException):
            said = ask(front, "HEAD", address, **signed_in(sites), Tus_Resumable="1.0.0")
            if said[0] == 200:
                return int(said[1]["Upload-Offset"])
        time.sleep(0.5)
    raise AssertionError("nobody tells how far it came")


@contextmanager
def people_at_work(front):
    """Some read a page and send a form to one that takes none; yields what they were answered."""
    answers, stop = [], threading.Event()
    token = {"Cookie": f"csrftoken={CSRF}", "X_CSRFToken": CSRF}

    def work():
        while not stop.is_set():
            for method, path in [("GET", "/masuk/"), ("POST", "/sehat/")]:
                try:
                    answers.append(ask(front, method, path, b"a=b", **token)[0])
                except (OSError, HTTPException) as error:
                    answers.append(repr(error))

    with ThreadPoolExecutor(PEOPLE) as pool:
        done = [pool.submit(work) for _number in range(PEOPLE)]
        try:
            yield answers
        finally:
            stop.set()
    for one in done:
        one.result()


def more_than(answers, number):
    """Wait until so many further answers came."""
    goal, patience = len(answers) + number, threading.Event()
    for _step in range(PATIENCE * 20):
        if len(answers) >= goal:
            return
        patience.wait(0.05)
    raise AssertionError(f"only {len(answers)} of {goal} answers")


def restart(site):
    """As an operator does: told to stop, it finishes; then the new one comes."""
    site.server.send_signal(signal.SIGTERM)
    assert site.server.wait(PATIENCE) == 0
    site.start()


def test_a_session_holds_and_attempts_are_counted_over_both(front, both):
    pages = [ask(front, "GET", both[0].question, **signed_in(both)) for _number in range(4)]
    email = f"{type(front).__name__}@example.id"
    refused = [TOO_MANY in guess(front, email)[2] for _number in range(11)]

    assert [status for status, _headers, _text in pages] == [200] * 4
    assert refused == [False] * 10 + [True]


def test_one_is_killed_and_the_upload_goes_on_at_the_other(front, both):
    content = b"%PDF-1.4\n" + type(front).__name__.encode() + b"x" * 240_000
    pieces = [content[at : at + 40_000] for at in range(0, len(content), 40_000)]
    address = begin_upload(front, both, content)
    with people_at_work(front) as answers:
        more_than(answers, 8)
        for piece in pieces[:3]:
            offset = stands_at(front, both, address)
            assert send_piece(front, both, address, offset, piece) == 204
        both[0].kill()
        for piece in pieces[3:]:
            offset = stands_at(front, both, address)
            assert send_piece(front, both, address, offset, piece) == 204
        more_than(answers, 20)
        # The proxy keeps connections to the dead one, and notices at each of them by itself.
        until(lambda: set(answers[-20:]) == ANSWERS)

    lost = [answer for answer in answers if answer not in ANSWERS]
    # What was in its hands, and who came while the port died with it.
    assert len(lost) <= 2 * PEOPLE
    assert stands_at(front, both, address) == len(content)
    assert ask(front, "GET", both[0].question, **signed_in(both))[0] == 200


def test_one_after_the_other_started_anew_loses_no_request_and_no_upload(front, both):
    content = b"%PDF-1.4\n" + type(front).__name__.encode() + b"y" * 100_000
    address = begin_upload(front, both, content)
    with people_at_work(front) as answers:
        for site in both:
            more_than(answers, 20)
            restart(site)
        more_than(answers, 20)

    assert set(answers) == ANSWERS
    assert send_piece(front, both, address, 0, content) == 204


def test_workers_started_anew_in_place_lose_no_request(front, both):
    with people_at_work(front) as answers:
        for _round in range(2):
            more_than(answers, 20)
            both[0].server.send_signal(signal.SIGHUP)
        more_than(answers, 40)

    assert set(answers) == ANSWERS


# --- Through the proxy alone ------------------------------------------------------------------


behind_the_proxy = pytest.mark.parametrize("front", [Caddy], indirect=True)


@behind_the_proxy
def test_twenty_slow_senders_hold_up_nobody_behind_the_proxy_either(front, both):
    head = (
        f"POST {both[0].question}dokumen/ HTTP/1.1\r\nHost: localhost\r\n"
        f"Cookie: sessionid={both[0].session}\r\nContent-Length: 5000\r\n\r\n"
    ).encode()
    with ExitStack() as stack:
        slow = [stack.enter_context(front.socket()) for _number in range(20)]
        for one in slow:
            one.sendall(head + b"x" * 1024)
        pages = [ask(front, "GET", "/masuk/")[0] for _number in range(20)]
        for one in slow:
            one.sendall(b"x" * 1024)

    assert pages == [200] * 20


@behind_the_proxy
def test_the_proxy_tells_who_asks_itself_and_hides_what_is_for_inside(front, both):
    """Else each guess of a password could come from another invented address."""
    forged = [
        guess(front, f"person-{number}@example.id", X_Forwarded_For=f"203.0.113.{number}")[2]
        for number in range(21)
    ]
    inside = ask(front, "GET", "/metrik/")[0]

    assert TOO_MANY in forged[-1]
    assert inside == 404


@behind_the_proxy
def test_plain_http_is_led_to_https(front, both):
    connection = HTTPConnection("127.0.0.1", front.plain, timeout=PATIENCE)
    connection.request("GET", "/masuk/", headers={"Host": "localhost"})
    answer = connection.getresponse()
    connection.close()

    assert (answer.status, answer.headers["Location"]) == (308, "https://localhost/masuk/")
