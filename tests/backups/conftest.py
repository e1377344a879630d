import pytest
from django.core.files.storage import FileSystemStorage

from backups.repository import Repository


@pytest.fixture
def folder(tmp_path):
    """Where backups go."""
    return FileSystemStorage(location=tmp_path / "backups")


@pytest.fixture
def repository(folder):
    return Repository(folder)


@pytest.fixture
def documents(settings, tmp_path):
    """Where the site's documents lie, empty."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return FileSystemStorage(location=settings.MEDIA_ROOT)
