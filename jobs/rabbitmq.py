"""The queue on RabbitMQ, for workers on many machines: a backend of Django's tasks interface.

`django-tasks-celery` wants Python 3.12 and keeps results; ours live in the row of the job, so a
message says "look at it" and nothing more. It is confirmed by the broker, kept on its disk and
gone as soon as a worker begins: when that worker dies, the row's hold ends and the schedule asks
again (`jobs.schedule.tick`), as it does for what a broker has lost.
"""

from __future__ import annotations

from typing import Any

from celery import Celery
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id

# A page waits so many seconds for a broker that takes the connection and says nothing.
PATIENCE = 2.0
QUEUE = "kla"

app = Celery("kla", broker=settings.CELERY_BROKER_URL, set_as_current=False)
app.conf.update(
    task_default_queue=QUEUE,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    broker_connection_timeout=PATIENCE,
    broker_transport_options={"confirm_publish": True},
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,  # a worker waits for its broker as long as it takes
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
)


@app.task(name="kla.call")
def call(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    task: Task[Any, Any] = import_string(path)
    task.call(*args, **kwargs)


class CeleryBackend(BaseTaskBackend):
    """`TASKS` by `CELERY_BROKER_URL`. Raises what the client of the broker raises."""

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        self.validate_task(task)
        identifier = get_random_id()
        call.apply_async(
            args=[task.module_path, list(args), dict(kwargs)],
            task_id=identifier,
            # Once more, for a connection kept from before the broker was started anew.
            retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0},
            confirm_timeout=PATIENCE,
        )
        return TaskResult(
            task=task,
            id=identifier,
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )

    def require_answer(self) -> None:
        """Raises what the client raises where the broker does not greet within PATIENCE."""
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE)


def work_until_told() -> None:
    """One job at a time, in a thread, so that the broker hears of us during a long one."""
    app.worker_main(
        ["worker", "--pool=threads", "--concurrency=1", "--without-gossip", "--without-mingle"]
    )
