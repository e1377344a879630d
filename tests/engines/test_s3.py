"""Documents in a bucket under a real site: handed in, opened, moved both ways, killed in between."""

import copy
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.client import HTTPException
from uuid import UUID

import pytest

from tests.assessments import corpus
from tests.assessments.test_upload_crash import LENGTH, PIECE, ROOT, Site, files_in, sha256
from tests.engines.engines import PATIENCE, S3, free_ports

pytestmark = pytest.mark.engines

MANY = 400
TO_S3 = {"KLA_DOCUMENTS": "s3", "KLA_DOCUMENTS_ALSO_FROM": "folder"}
TO_FOLDER = {"KLA_DOCUMENTS": "folder", "KLA_DOCUMENTS_ALSO_FROM": "s3"}
MAKE = f"""
import django
django.setup()
from cities.models import City, User
from tests.factories.assessments import SupportingDocumentFactory
city, user = City.objects.get(), User.objects.order_by("pk").first()
for number in range({MANY}):
    SupportingDocumentFactory(title=f"Dokumen {{number}}", city=city, uploaded_by=user)
"""
STORED = """
import django, json
django.setup()
from assessments.models import SupportingDocument
rows = SupportingDocument.objects.exclude(file="").values_list("sha256", "file")
print(json.dumps(dict(rows)))
"""


class BucketSite(Site):
    """The site of a city; `place` says where its documents lie."""

    def __init__(self, var, engine):
        super().__init__(var)
        self.bucket = engine.settings
        self.plain = self.environment
        self.environment = self.plain | {"KLA_WORKERS": "2"}

    def again_with(self, **place):
        """Killed and started with other settings, as a container is."""
        if self.server is not None:
            self.kill()
        self.environment = self.plain | {"KLA_WORKERS": "2"} | self.bucket | place
        self.start()

    def other_machine(self):
        """A second server with this database and bucket, and a folder for uploads of its own."""
        other = copy.copy(self)
        [other.port] = free_ports(1)
        own = {"PORT": str(other.port), "KLA_UPLOADS": str(self.var / "other-uploads")}
        other.environment = self.environment | own
        other.start()
        return other

    def stored(self):
        """Path of each document by its SHA-256."""
        return json.loads(self.run("-c", STORED))

    def send(self, content):
        place = self.begin(content)
        self.finish(place, content)
        return self.hand_in(place)

    def opened(self, path):
        key = UUID(path.rpartition("/")[2])
        status, _headers, body = self.ask(
            "GET", f"/kota/{self.question.split('/')[2]}/dokumen/{key}/"
        )
        return status, sha256(body)

    def moving(self):
        return subprocess.Popen(
            [sys.executable, "manage.py", "move_documents"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def move(self):
        process = self.moving()
        said, _none = process.communicate(timeout=5 * PATIENCE)
        assert process.returncode == 0, said
        return said

    def in_folder(self):
        return {str(path.relative_to(self.var / "media")) for path in files_in(self.var / "media")}


class Reader(threading.Thread):
    """Somebody who opens the same papers again and again."""

    def __init__(self, site, papers):
        super().__init__(daemon=True)
        self.site, self.papers, self.over = site, papers, threading.Event()
        self.count, self.wrong = 0, []

    def run(self):
        while not self.over.is_set():
            for digest, path in self.papers.items():
                answer = self.site.opened(path)
                self.count += 1
                if answer != (200, digest):
                    self.wrong.append((path, answer))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_exc):
        self.over.set()
        self.join(PATIENCE)


@pytest.fixture(scope="module")
def engine():
    engine = S3()
    engine.start()
    engine.client().create_bucket(Bucket="dokumen")
    yield engine
    engine.remove()


@pytest.fixture(scope="module")
def site(engine, tmp_path_factory):
    site = BucketSite(tmp_path_factory.mktemp("site"), engine)
    site.start()
    yield site
    site.kill()


def paper(number):
    name = f"paper {number}".encode()
    return corpus.large_pdf(LENGTH).replace(b"\x80" * len(name), name, 1)


def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def kill_in_the_middle(process, arrived):
    until(lambda: process.poll() is not None or arrived() > MANY // 10)
    assert process.poll() is None, process.stdout.read()
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=PATIENCE)


def in_bucket(engine):
    return {key.removeprefix("kota/") for key in engine.names()}


def whole(site):
    return "berkas utuh" in site.run("manage.py", "verify_documents")


def test_they_move_to_the_bucket_while_people_work_and_after_a_kill(site, engine):
    assert [site.send(paper(number)) for number in (1, 2)] == [302, 302]
    papers = site.stored()
    site.run("-c", MAKE)

    site.again_with(**TO_S3)
    with Reader(site, papers) as reader:
        kill_in_the_middle(site.moving(), lambda: len(engine.names()))
        assert site.send(paper(3)) == 302
        half_way = in_bucket(engine)
        assert whole(site)
        site.move()
        until(lambda: reader.count > 20)

    everything = set(site.stored().values())
    assert 0 < len(half_way) < len(everything) == MANY + 3
    assert (site.in_folder(), in_bucket(engine)) == (set(), everything)
    assert reader.wrong == []


def test_then_the_bucket_alone_is_enough(site, engine):
    site.again_with()

    assert site.send(paper(4)) == 302
    papers = site.stored()
    new = papers[sha256(paper(4))]
    assert new in in_bucket(engine)
    assert site.opened(new) == (200, sha256(paper(4)))
    assert site.in_folder() == set()
    assert whole(site)
    assert "penyimpanan dokumen: menjawab" in site.ask("GET", "/sehat/siap/")[2].decode()


def test_they_come_back_the_same_way(site, engine):
    papers = {digest: path for digest, path in site.stored().items() if digest == sha256(paper(4))}

    site.again_with(**TO_FOLDER)
    with Reader(site, papers) as reader:
        kill_in_the_middle(site.moving(), lambda: len(site.in_folder()))
        assert whole(site)
        site.move()
        until(lambda: reader.count > 20)

    everything = set(site.stored().values())
    assert len(everything) == MANY + 4
    assert (site.in_folder(), in_bucket(engine)) == (everything, set())
    assert reader.wrong == []


def test_while_the_bucket_is_away_pages_answer_and_what_was_sent_waits(site, engine):
    site.again_with(KLA_DOCUMENTS="s3")
    content = paper(5)
    place = site.begin(content)
    site.finish(place, content)
    engine.kill()

    ready = site.ask("GET", "/sehat/siap/")
    page = site.ask("GET", site.question)
    refused = site.hand_in(place)
    stored = site.stored()
    engine.start()
    engine.client().create_bucket(Bucket="dokumen")

    assert ready[0] == 503
    assert "penyimpanan dokumen: tidak menjawab" in ready[2].decode()
    assert "rahasia" not in ready[2].decode()
    assert page[0] == 200
    assert (refused, sha256(content) in stored) == (507, False)
    assert site.hand_in(place) == 302
    assert in_bucket(engine) == {site.stored()[sha256(content)]}


@pytest.mark.parametrize("point", ["half written", "written, not counted", "counted, not answered"])
def test_an_upload_goes_on_at_another_machine_when_the_first_dies(site, engine, point):
    site.again_with(KLA_DOCUMENTS="s3")
    other = site.other_machine()
    content = paper(f"at {point}")
    place = site.begin(content)
    site.patch(place, content, 0, PIECE)
    try:
        (site.var / "die_at").write_text(point)
        with suppress(OSError, HTTPException):
            site.patch(place, content, PIECE, 2 * PIECE)
        site.kill()
        uploading = other.offset(place)
        other.patch(place, content, uploading, uploading + PIECE // 2)
        site.start()
        site.finish(place, content)
        under_way = {name for name in in_bucket(engine) if name.startswith("uploads/")}
        handed_in = other.hand_in(place)
    finally:
        other.kill()

    path = site.stored()[sha256(content)]
    assert uploading == (2 * PIECE if point == "counted, not answered" else PIECE)
    assert len(under_way) >= 3
    assert (handed_in, site.opened(path)) == (302, (200, sha256(content)))
    assert not [name for name in in_bucket(engine) if name.startswith("uploads/")]
    assert files_in(site.var / "other-uploads") == []
