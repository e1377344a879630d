"""Where documents lie, read and checked at the start: a folder, a bucket, or one moving to the other.

S3_BUCKET, S3_PREFIX, S3_ENDPOINT_URL, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY
KLA_DOCUMENTS            folder or s3: where new ones go (s3 as soon as S3_BUCKET is set)
KLA_DOCUMENTS_ALSO_FROM  the other one, while documents still lie there
"""

from __future__ import annotations

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from kla.engine_settings import require_client

LONGEST_LINK = 300  # seconds
FOLDER, S3 = "folder", "s3"
IN_A_FOLDER = {"BACKEND": "django.core.files.storage.FileSystemStorage"}


def read_documents(env: environ.Env) -> dict[str, Any]:
    """The value of STORAGES["default"]. Raises ImproperlyConfigured."""
    first = env.str("KLA_DOCUMENTS", default=S3 if env.str("S3_BUCKET", default="") else FOLDER)
    second = env.str("KLA_DOCUMENTS_ALSO_FROM", default="")
    if first not in (FOLDER, S3):
        raise ImproperlyConfigured("KLA_DOCUMENTS must be folder or s3.")
    if second not in ("", FOLDER, S3) or second == first:
        raise ImproperlyConfigured(
            "KLA_DOCUMENTS_ALSO_FROM names the place that documents move from: folder or s3, and "
            "not that of KLA_DOCUMENTS."
        )
    if not second:
        return _place(env, first)
    options = {"first": _place(env, first), "second": _place(env, second)}
    return {"BACKEND": "kla.two_places.TwoPlaces", "OPTIONS": options}


def _place(env: environ.Env, name: str) -> dict[str, Any]:
    if name == FOLDER:
        return IN_A_FOLDER
    bucket = env.str("S3_BUCKET", default="")
    if not bucket:
        raise ImproperlyConfigured("S3_BUCKET is not set. Name the bucket that documents lie in.")
    require_client("S3_BUCKET", "storages")
    require_client("S3_BUCKET", "boto3")
    seconds = env.int("S3_SIGNED_SECONDS", default=0)
    if not 0 <= seconds <= LONGEST_LINK:
        raise ImproperlyConfigured(
            f"S3_SIGNED_SECONDS is a number from 0 to {LONGEST_LINK}: whoever has such a link opens "
            "the document until it ends."
        )
    given = {
        "signed_seconds": seconds,
        "endpoint_url": env.str("S3_ENDPOINT_URL", default=""),
        "access_key": env.str("S3_ACCESS_KEY_ID", default=""),
        "secret_key": env.str("S3_SECRET_ACCESS_KEY", default=""),
    }
    options = {
        "bucket_name": bucket,
        "location": env.str("S3_PREFIX", default="").strip("/"),
        "region_name": env.str("S3_REGION", default="") or "us-east-1",
        **{name: value for name, value in given.items() if value},
    }
    return {"BACKEND": "kla.bucket_storage.BucketStorage", "OPTIONS": options}
