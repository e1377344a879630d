"""Work that is killed with -9 before a step of it, in a process of its own.

A step is a statement to the database or a change of a file. The child is forked, so that it costs
no start: whoever calls has Django set up, and no connection is shared.
"""

import os
import signal
import sys
import traceback
import warnings

from django.db import connection, connections

CHANGES = {"os.rename", "os.remove", "os.link", "os.truncate", "os.mkdir", "os.rmdir"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def is_over(work, *, before):
    """Whether the work came to its end; False when it was killed before that step, from 1."""
    connections.close_all()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads; the child uses none
        child = os.fork()
    if child == 0:
        _work_and_die(work, before)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.waitstatus_to_exitcode(status) == 0, "the work failed by itself; see above"
    return True


def _work_and_die(work, before):
    try:
        _die(before)
        work()
    except BaseException:  # noqa: BLE001 -- nothing may go on in the test's own place
        traceback.print_exc(file=sys.__stderr__)
        os._exit(1)
    os._exit(0)


def _die(before):
    left = before

    def step():
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def on_file(event, arguments):
        is_writing = event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES
        if is_writing or event in CHANGES:
            step()

    def on_statement(execute, *arguments):
        step()
        return execute(*arguments)

    sys.addaudithook(on_file)
    connection.execute_wrappers.append(on_statement)


def kills(work, *, every=1, first=1):
    """Kill the work before step after step until it comes to its end; yields after each kill."""
    before = first
    while not is_over(work, before=before):
        yield before
        before += every
