"""Where documents lie is read once, and half a setting is refused at the start."""

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from kla.document_settings import IN_A_FOLDER, read_documents
from kla.monitoring_settings import LINE, read_collector, read_formatter

BUCKET = {"S3_BUCKET": "dokumen", "S3_PREFIX": "/kota/", "S3_ENDPOINT_URL": "https://s3.example.id"}
IN_A_BUCKET = {
    "BACKEND": "kla.bucket_storage.BucketStorage",
    "OPTIONS": {
        "bucket_name": "dokumen",
        "location": "kota",
        "region_name": "us-east-1",
        "endpoint_url": "https://s3.example.id",
    },
}


def environment(values):
    env = environ.Env()
    env.ENVIRON = values
    return env


def both(first, second):
    return {"BACKEND": "kla.two_places.TwoPlaces", "OPTIONS": {"first": first, "second": second}}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, IN_A_FOLDER),
        (BUCKET, IN_A_BUCKET),
        (BUCKET | {"KLA_DOCUMENTS": "folder"}, IN_A_FOLDER),
        (BUCKET | {"KLA_DOCUMENTS_ALSO_FROM": "folder"}, both(IN_A_BUCKET, IN_A_FOLDER)),
        (
            BUCKET | {"KLA_DOCUMENTS": "folder", "KLA_DOCUMENTS_ALSO_FROM": "s3"},
            both(IN_A_FOLDER, IN_A_BUCKET),
        ),
    ],
)
def test_documents_lie_where_it_says(values, expected):
    assert read_documents(environment(values)) == expected


def test_keys_are_handed_on_and_those_of_the_environment_count_without_them():
    keys = {"S3_ACCESS_KEY_ID": "kla", "S3_SECRET_ACCESS_KEY": "rahasia", "S3_REGION": "id-jkt"}

    options = read_documents(environment(BUCKET | keys))["OPTIONS"]

    assert (options["access_key"], options["secret_key"]) == ("kla", "rahasia")
    assert options["region_name"] == "id-jkt"
    assert (
        read_documents(environment(BUCKET | {"S3_SIGNED_SECONDS": "300"}))["OPTIONS"][
            "signed_seconds"
        ]
        == 300
    )
    assert "access_key" not in read_documents(environment(BUCKET))["OPTIONS"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"KLA_DOCUMENTS": "ftp"}, "KLA_DOCUMENTS must be folder or s3"),
        ({"KLA_DOCUMENTS": "s3"}, "S3_BUCKET is not set"),
        (BUCKET | {"S3_SIGNED_SECONDS": "-1"}, "S3_SIGNED_SECONDS is a number from 0 to 300"),
        (BUCKET | {"S3_SIGNED_SECONDS": "301"}, "S3_SIGNED_SECONDS is a number from 0 to 300"),
        ({"KLA_DOCUMENTS_ALSO_FROM": "s3"}, "S3_BUCKET is not set"),
        ({"KLA_DOCUMENTS_ALSO_FROM": "folder"}, "KLA_DOCUMENTS_ALSO_FROM names the place"),
        (BUCKET | {"KLA_DOCUMENTS_ALSO_FROM": "s3"}, "KLA_DOCUMENTS_ALSO_FROM names the place"),
        (BUCKET | {"KLA_DOCUMENTS_ALSO_FROM": "ftp"}, "KLA_DOCUMENTS_ALSO_FROM names the place"),
    ],
)
def test_half_a_setting_is_refused_with_what_to_do(values, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        read_documents(environment(values))


@pytest.mark.parametrize(
    ("package", "values", "read"),
    [
        ("storages", BUCKET, read_documents),
        ("pythonjsonlogger", {"KLA_LOG_FORMAT": "json"}, read_formatter),
        ("sentry_sdk", {"SENTRY_DSN": "https://key@errors.example.id/1"}, read_collector),
    ],
)
def test_a_package_that_is_not_installed_is_named(monkeypatch, package, values, read):
    monkeypatch.setattr(
        "kla.engine_settings.find_spec", lambda name: None if name == package else name
    )

    with pytest.raises(ImproperlyConfigured, match=f"the Python package {package} is not"):
        read(environment(values))


def test_the_log_is_for_people_unless_it_says_otherwise():
    assert read_formatter(environment({})) == LINE
    assert read_formatter(environment({"KLA_LOG_FORMAT": "json"})) == {
        "()": "kla.json_logs.JsonLines"
    }
    with pytest.raises(ImproperlyConfigured, match="must be line or json"):
        read_formatter(environment({"KLA_LOG_FORMAT": "xml"}))


def test_errors_go_nowhere_unless_it_says_so():
    assert read_collector(environment({})) == ""
