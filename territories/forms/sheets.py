"""A filled sheet of reports on its way in. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.forms.sheets import SheetFileForm, told
from assessments.sheets import SheetError
from territories.criteria import CriteriaSet
from territories.sheets.layout import Identity
from territories.sheets.reading import KnownUnit, read_reports


class ReportSheetForm(SheetFileForm):
    """The rows stand in `cleaned_data` under `rows`."""

    def __init__(
        self,
        *args: Any,
        identity: Identity,
        criteria: CriteriaSet,
        units: Mapping[str, KnownUnit],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.identity, self.criteria, self.units = identity, criteria, units

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "file" in data:
            try:
                data["rows"] = read_reports(
                    data["file"].read(),
                    data["file"].name,
                    identity=self.identity,
                    criteria=self.criteria,
                    units=self.units,
                )
            except SheetError as error:
                self.add_error("file", told(error))
        return data
