"""Takes values out of an instrument file and keeps a list of everything wrong with them."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from clusters.plain_yaml import Fault
from clusters.spec import MAX_CODE, MAX_NAME

MAX_POINTS = Decimal("9999.999")
DECIMALS = 3
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Check:
    """Takes values out of a mapping and notes what is wrong with them.

    A wrong value is replaced by a neutral one of its type: the reading goes on to the
    next fault, and `read` lets none of it out.
    """

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults

    def fault(self, path: str, message: str, *, finding: str = "", **params: object) -> None:
        self.faults.append(Fault(path, message % params if params else message, finding))

    def mapping(
        self,
        value: object,
        path: str,
        *,
        required: str,
        optional: str = "",
    ) -> dict[str, object]:
        """`value` as a mapping of exactly the named keys."""
        if not isinstance(value, dict):
            self.fault(path or _("berkas"), _("Harus berupa pasangan kunci dan isi."))
            return {}
        known = {*required.split(), *optional.split()}
        for key in value:
            if key not in known:
                self.fault(within(path, key), _("Kunci ini tidak dikenal."))
        for key in required.split():
            if key not in value:
                self.fault(within(path, key), _("Kunci ini wajib ada."))
        return value

    def items(
        self, mapping: Mapping[str, object], key: str, path: str, *, may_be_empty: bool = False
    ) -> list[tuple[str, object]]:
        """Each item of a list with its path; a list that is left out is empty."""
        if key not in mapping:
            return []
        value, path = mapping[key], within(path, key)
        if not isinstance(value, list):
            self.fault(path, _("Harus berupa daftar."))
            return []
        if not value and not may_be_empty:
            self.fault(path, _("Daftar ini tidak boleh kosong."), finding="empty")
        return [(f"{path}[{index}]", item) for index, item in enumerate(value)]

    def text(
        self, mapping: Mapping[str, object], key: str, path: str, *, longest: int = MAX_NAME
    ) -> str:
        if key not in mapping:
            return ""
        return self.sentence(mapping[key], within(path, key), longest=longest)

    def sentence(self, value: object, path: str, *, longest: int = MAX_NAME) -> str:
        if isinstance(value, Decimal):
            self.fault(path, _("Harus teks; tulis dalam tanda petik."))
        elif not isinstance(value, str):
            self.fault(path, _("Harus teks."))
        elif not value.strip():
            self.fault(path, _("Tidak boleh kosong."))
        elif len(value) > longest:
            self.fault(path, _("Paling panjang %(longest)d karakter."), longest=longest)
        else:
            return value.strip()
        return ""

    def code(
        self,
        mapping: Mapping[str, object],
        path: str,
        *,
        pattern: re.Pattern[str] = CODE,
    ) -> str:
        code = self.text(mapping, "code", path, longest=MAX_CODE)
        if code and not pattern.fullmatch(code):
            self.fault(
                within(path, "code"),
                _("Kode “%(code)s” memuat karakter yang tidak boleh ada dalam kode."),
                code=code,
            )
        return code

    def number(self, mapping: Mapping[str, object], key: str, path: str) -> Decimal | None:
        """A plain decimal, not negative, small and short enough to be stored exactly."""
        if key not in mapping:
            return None
        value, path = mapping[key], within(path, key)
        if not isinstance(value, Decimal):
            self.fault(path, _("Harus angka."))
        elif value < 0:
            self.fault(path, _("Tidak boleh kurang dari nol."))
        elif value > MAX_POINTS:
            self.fault(path, _("Terlalu besar."))
        elif -int(value.as_tuple().exponent) > DECIMALS:
            self.fault(path, _("Paling banyak tiga angka di belakang koma."))
        else:
            return value
        return None

    def points(
        self, mapping: Mapping[str, object], path: str, *, may_be_zero: bool = False
    ) -> Decimal:
        points = self.number(mapping, "max_points", path)
        if points == 0 and not may_be_zero:
            message = _("Harus lebih dari nol.")
            self.fault(within(path, "max_points"), message, finding="no_points")
        return points or Decimal(0)

    def choice(
        self, mapping: Mapping[str, object], key: str, path: str, *, among: Iterable[str]
    ) -> str:
        value = self.text(mapping, key, path)
        if value and value not in among:
            self.unknown(within(path, key), value)
        return value

    def unknown(self, path: str, value: str) -> None:
        self.fault(path, _("“%(value)s” tidak dikenal."), value=value)

    def once(self, seen: dict[str, str], value: str, path: str, *, finding: str = "") -> None:
        """Notes a fault if `value` was seen before, and where it was."""
        if value and value in seen:
            self.fault(
                path,
                _("“%(value)s” sudah dipakai di %(first)s."),
                finding=finding,
                value=value,
                first=seen[value],
            )
        seen.setdefault(value, path)

    def known_codes(
        self, mapping: Mapping[str, object], key: str, path: str, *, among: Iterable[str]
    ) -> list[str]:
        """The codes of a list, each of them known and named once."""
        seen: dict[str, str] = {}
        for item_place, item in self.items(mapping, key, path, may_be_empty=True):
            code = self.sentence(item, item_place)
            if code and code not in among:
                self.unknown(item_place, code)
            self.once(seen, code, item_place)
        return list(seen)


def within(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
