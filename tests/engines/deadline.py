"""The last hour before a deadline, as locust plays it: OPDs hand in, reviewers decide, leaders look.

A file for locust (`locust -f`), in a process of its own: gevent never meets the tests. It is told of
the people by KLA_PEOPLE and writes what was answered to KLA_ANSWERS, both files of JSON.
"""

import json
import os
import re
import uuid
from collections import Counter
from itertools import cycle
from pathlib import Path

from locust import HttpUser, between, events, task
from pikepdf import String

from tests.assessments import corpus

CSRF = "k" * 32
PEOPLE = json.loads(Path(os.environ["KLA_PEOPLE"]).read_text())
SEEN = {"statuses": Counter(), "handed_in": [], "decided": [], "milliseconds": []}
REVIEW = re.compile(r"/periksa/(\d+)/")


def paper(title):
    """A PDF that no other is: what was handed in before would be told as a duplicate."""
    return corpus.pdf(change=lambda document: setattr(document.Root, "Judul", String(title)))


class Person(HttpUser):
    abstract = True
    wait_time = between(0.2, 1)
    turns = None

    def on_start(self):
        cls = type(self)
        cls.turns = cls.turns or cycle(PEOPLE[self.role])
        self.me = next(cls.turns)
        self.client.cookies.update({"sessionid": self.me["session"], "csrftoken": CSRF})
        # A connection each: one that was kept and closed meanwhile would look like a lost request.
        self.client.headers.update({"X-CSRFToken": CSRF, "Connection": "close"})
        self.year = self.me["year"]

    def look(self, path, name):
        return self.client.get(f"{self.year}{path}", name=name)

    def send(self, path, name, **sent):
        answer = self.client.post(f"{self.year}{path}", name=name, allow_redirects=False, **sent)
        return answer.status_code == 302


class Opd(Person):
    role, weight = "opd", 6

    @task(2)
    def own_tasks(self):
        self.client.get(self.me["tasks"], name="tasks")

    @task(3)
    def hand_in(self):
        title = f"Surat {uuid.uuid4()}"
        path = f"pertanyaan/{self.me['question']}/"
        self.look(path, "question")
        form = {"kind": self.me["kind"], "title": title}
        files = {"file": ("surat.pdf", paper(title), "application/pdf")}
        if self.send(f"{path}dokumen/", "hand in", data=form, files=files):
            SEEN["handed_in"].append(title)


class Reviewer(Person):
    role, weight = "reviewer", 3

    @task
    def decide(self):
        waiting = REVIEW.findall(self.look("periksa/", "queue").text)
        if not waiting:
            return
        key = waiting[hash(self.me["session"]) % len(waiting)]
        self.look(f"periksa/{key}/", "document")
        said = {"verdict": "accepted", "granted_points": "5"}
        with self.client.post(
            f"{self.year}periksa/{key}/",
            said,
            name="decide",
            allow_redirects=False,
            catch_response=True,
        ) as answer:
            if answer.status_code in (302, 404, 409):  # another reviewer was first
                answer.success()
            if answer.status_code == 302:
                SEEN["decided"].append(key)


class Leader(Person):
    role, weight = "leader", 3

    @task(4)
    def year_page(self):
        self.look("", "year")

    @task(2)
    def questions(self):
        self.look("pertanyaan/", "questions")

    @task(1)
    def package(self):
        self.look("paket/", "package")

    @task(1)
    def nation(self):
        self.client.get("/peringkat/", name="nation")


@events.request.add_listener
def note(response, exception, response_time, **_more):
    status = response.status_code if response is not None else 0
    SEEN["statuses"][status or type(exception).__name__] += 1
    SEEN["milliseconds"].append(response_time)


@events.quitting.add_listener
def tell(**_more):
    Path(os.environ["KLA_ANSWERS"]).write_text(json.dumps(SEEN))
