"""The states of answers and documents as people see them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# state: (icon, word); the colour hangs on the name of the state in badge-state.css
STATES: Mapping[str, tuple[str, Promise]] = {
    "empty": ("circle", gettext_lazy("Belum ada")),
    "answered": ("file-earmark-plus", gettext_lazy("Perlu dokumen")),
    "waiting": ("clock", gettext_lazy("Menunggu")),
    "returned": ("arrow-return-left", gettext_lazy("Dikembalikan")),
    "accepted": ("check-circle-fill", gettext_lazy("Diterima")),
    "waived": ("dash-circle", gettext_lazy("Dikecualikan")),
    "late": ("exclamation-triangle-fill", gettext_lazy("Terlambat")),
}
