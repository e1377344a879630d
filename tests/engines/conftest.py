"""What tests on real servers share with those that kill workers."""

from tests.faults.test_workers import notes, worker  # noqa: F401  # fixtures
