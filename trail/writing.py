"""The only writer of trails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db.models import QuerySet

from trail import hash_chain
from trail.address import current_address, current_token
from trail.changes import recorded
from trail.models import TOKEN, TrailEntry

Entry = TypeVar("Entry", bound=TrailEntry)


def append(entries: Sequence[Entry], *, to: QuerySet[Entry], lock: Callable[[], object]) -> None:
    """Store entries, in this order, at the end of the trail `to`.

    Each comes with what was done (whose trail, deed, before, after, by, at); its position, its
    hashes and the address of the request are given here. Must be called inside the transaction
    of what the entries tell of. `lock` waits until nobody else writes to the same trail; most
    services hold that lock already, but whoever calls: two entries never follow the same one.
    """
    lock()
    last = to.order_by("-position").values_list("position", "hash").first()
    position, previous_hash = last or (0, hash_chain.START)
    chain(entries, position=position, previous_hash=previous_hash)
    to.bulk_create(entries)


def chain(entries: Sequence[TrailEntry], *, position: int, previous_hash: str) -> None:
    """Make each entry the one after the entry before it, the first after that of `position`."""
    for number, entry in enumerate(entries, position + 1):
        entry.position = number
        entry.address = current_address()
        if current_token():
            entry.after = {**entry.after, TOKEN: current_token()}
        entry.before, entry.after = recorded(entry.before), recorded(entry.after)
        entry.previous_hash = previous_hash
        entry.hash = previous_hash = entry.compute_hash()
