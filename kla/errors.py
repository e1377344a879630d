"""Errors to a collector (`SENTRY_DSN`), without personal data. Needs the group `observability`.

GlitchTip and Sentry both speak this protocol, and a city can run the first by itself.
"""

from __future__ import annotations

from typing import Any

import sentry_sdk
from django.conf import settings
from sentry_sdk.integrations.django import DjangoIntegration

from jobs.current import job_id
from kla.request_ids import request_id

# Of an event, what is neither typed by anybody nor about them.
KEPT = frozenset(
    {
        "contexts",
        "environment",
        "event_id",
        "exception",
        "level",
        "logger",
        "modules",
        "platform",
        "release",
        "sdk",
        "tags",
        "timestamp",
        "transaction",  # the name of the view
    }
)
FRAME = frozenset({"abs_path", "filename", "function", "in_app", "lineno", "module"})


def collect() -> None:
    """Begin to send what is logged as an error and what no view has caught."""
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        environment=settings.SENTRY_ENVIRONMENT,
        before_send=without_people,
        integrations=[DjangoIntegration(transaction_style="function_name")],
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=None,
        send_client_reports=False,
        auto_session_tracking=False,
    )


def without_people(event: Any, hint: dict[str, Any]) -> Any:
    """Kind and place of the error, with the names of request and job that the log has too."""
    kept = {name: value for name, value in event.items() if name in KEPT}
    for one in kept.get("exception", {}).get("values", []):
        one["value"] = ""  # the words of an exception repeat what was typed
        frames = (one.get("stacktrace") or {}).get("frames", [])
        one["stacktrace"] = {
            "frames": [{name: frame[name] for name in FRAME & frame.keys()} for frame in frames]
        }
    if "logentry" in event:  # the sentence of our code, without what was put into it
        kept["logentry"] = {"message": event["logentry"].get("message", "")}
    tags = {"request_id": request_id.get(), "job_id": job_id.get()}
    kept["tags"] = {name: str(value) for name, value in tags.items() if value is not None}
    return kept
