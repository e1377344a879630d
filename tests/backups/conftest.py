import threading

import boto3
import pytest
from django.core.files.storage import FileSystemStorage
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from backups.bucket import Bucket
from backups.folder import Folder
from backups.repository import Repository


class Quiet(WSGIRequestHandler):
    def log(self, *_args):
        pass


class OpenBucket(Bucket):
    """Lets a test put things there as it does in a folder."""

    def save(self, name, content):
        self.replace(name, content)


@pytest.fixture(scope="session")
def s3_address():
    """A server that speaks S3, over a real connection."""
    application = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def s3(s3_address, monkeypatch):
    """A client of it, and the environment by which ours finds it; one empty bucket: cadangan."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_address)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "kla")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "rahasia")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    client = boto3.client("s3")
    client.create_bucket(Bucket="cadangan")
    yield client
    for one in client.list_objects_v2(Bucket="cadangan").get("Contents", []):
        client.delete_object(Bucket="cadangan", Key=one["Key"])
    client.delete_bucket(Bucket="cadangan")


@pytest.fixture(params=["folder", "bucket"])
def folder(request, tmp_path):
    """Where backups go."""
    if request.param == "folder":
        return Folder(tmp_path / "backups")
    request.getfixturevalue("s3")
    return OpenBucket("s3://cadangan/kla/utama")


@pytest.fixture
def repository(folder):
    return Repository(folder)


@pytest.fixture
def documents(settings, tmp_path):
    """Where the site's documents lie, empty."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return FileSystemStorage(location=settings.MEDIA_ROOT)
