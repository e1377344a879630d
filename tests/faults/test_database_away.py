"""The database goes away and comes back under a running site."""

import pytest

pytestmark = pytest.mark.faults

WORDS = "Basis data tidak menjawab, sehingga halaman ini belum dapat ditampilkan."
ASKED = 12  # enough for every thread of both workers to be asked


@pytest.fixture
def running(site):
    site.start()
    yield site
    site.kill()


def ask(site):
    return site.get(site.question, Cookie=f"sessionid={site.session}")


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_pages_say_so_at_once_and_every_first_request_after_it_is_answered(running, cluster, how):
    assert [ask(running)[0] for _ in range(ASKED)] == [200] * ASKED

    getattr(cluster, how)()
    away = [ask(running) for _ in range(ASKED)]
    health = running.get("/sehat/")
    cluster.start()
    after = [ask(running)[0] for _ in range(ASKED)]

    assert [answer[0] for answer in away] == [503] * ASKED
    assert {answer[1]["Retry-After"] for answer in away} == {"30"}
    assert all(WORDS in answer[2] and "Traceback" not in answer[2] for answer in away)
    assert max(answer[3] for answer in away) < 10  # seconds; a database that is waited for takes 30
    assert health[0] == 503
    assert after == [200] * ASKED


def test_what_was_acknowledged_before_a_kill_is_there_after_it(running, cluster):
    before = running.manage("verify_trail").stdout

    cluster.kill()
    cluster.start()

    assert running.manage("verify_trail").stdout == before
    running.manage("verify_documents")
