"""What is published says the same before and after the tables change."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from clusters.library import checksum, packaged
from clusters.models import Instrument
from clusters.services import spec_of
from tests.factories.clusters import make_instrument

FIRST = [("clusters", "0001_initial")]
KLA_2023 = "0164bd5dd93ec51efb761313b9718dbdecc55e8211b66af891b6bdc8ef57ca5a"


@pytest.mark.django_db(transaction=True)
def test_every_migration_since_the_first_leaves_a_published_instrument_as_it_was():
    make_instrument(packaged("kla-2023"))

    try:
        MigrationExecutor(connection).migrate(FIRST)
    finally:
        call_command("migrate", verbosity=0)

    stored = Instrument.objects.get()
    assert (stored.checksum, checksum(spec_of(stored))) == (KLA_2023, KLA_2023)
