"""Several people in the same moment, each in a thread with a connection of their own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.core.exceptions import ValidationError
from django.db import connection


def at_once(*deeds):
    """Start all deeds at the same moment; for each, what it returned or its refusal's code."""
    barrier = threading.Barrier(len(deeds), timeout=30)

    def run(deed):
        try:
            barrier.wait()
            return deed()
        except ValidationError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, d) for d in deeds]]


def done_at_once(*deeds):
    """The same, with "done" for whatever a deed returned."""

    def finishing(deed):
        def run():
            deed()
            return "done"

        return run

    return at_once(*map(finishing, deeds))
