"""The base of the forms above lists: search, filters and order.

All of it is carried by the address, so that a list can be sent to a colleague or kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import OrderBy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

Words = Any  # text, translated when it is shown


Order = tuple[str | OrderBy, ...]


def search_field(label: Words) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=100)


def choice_field(
    label: Words, everything: Words, choices: list[tuple[str, Any]]
) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", everything), *choices])


class ListForm(forms.Form):
    """The filters of one list; an unknown value in the address narrows nothing.

    A list that is always in the same order has no `orders`, and no field that asks for one.
    """

    # By the value in the address: what people read, and the order. The first is the usual one.
    orders: ClassVar[Mapping[str, tuple[Words, Order]]] = {}
    order_label: ClassVar[Words] = _("Urutkan")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, label) for name, (label, _order) in self.orders.items()]
        if choices:
            self.fields["urut"] = forms.ChoiceField(
                label=self.order_label, required=False, choices=choices
            )

    @cached_property
    def wanted(self) -> dict[str, Any]:
        """What was asked for, without what the address may not say."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def narrowed_by(self) -> int:
        """How many filters are set; an order leaves nothing out."""
        return len(self.wanted.keys() - {"urut"})

    @property
    def is_filtered(self) -> bool:
        return self.narrowed_by > 0

    @property
    def order(self) -> Order:
        return self.orders[self.wanted.get("urut", "")][1]
