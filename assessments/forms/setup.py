"""Setting up a city: its OPDs, its first year, who leads what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.forms.years import OpenAssessmentForm
from assessments.models import Answer
from assessments.queries.setup import AgencyLine
from cities.forms.opds import OpdForm
from cities.models import AgencyAlias, City, Opd, OpdKind
from cities.roles import Role
from cities.services.agencies import AgencyChoice, AgencyState

INTO = "into:"
BLANK_ROWS = 3
IN_BRACKETS = re.compile(r"\s*\([^)]*\)\s*$")


class CityChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: City) -> str:
        return f"{obj.name}, {obj.province.name}"


class FirstAdminForm(forms.Form):
    """The city to begin with, and who will administer it."""

    city = CityChoiceField(
        City.objects.none(),
        label=_("Kabupaten/kota"),
        to_field_name="code",
        empty_label=_("Pilih kabupaten/kota"),
    )
    name = forms.CharField(label=_("Nama admin kota"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail admin kota"),
        max_length=254,
        help_text=_("Ke alamat ini dikirim undangan dengan tautan yang berlaku 7 hari."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cities = City.objects.select_related("province").order_by("code")
        self.fields["city"].queryset = cities  # type: ignore[attr-defined]

    @property
    def person(self) -> dict[str, Any]:
        """Arguments of a `Guest`."""
        email = self.cleaned_data["email"].lower()
        name = self.cleaned_data["name"]
        return {"email": email, "name": name, "role": Role.ADMIN_KOTA, "opd": None}


# --- OPDs -------------------------------------------------------------------------------------


class AgencyForm(forms.Form):
    """What the city makes of one agency of the instrument."""

    part = forms.ChoiceField(label=_("Di kota ini"))
    name = forms.CharField(label=_("Nama di kota ini"), required=False, max_length=150)
    kind = forms.ChoiceField(label=_("Jenis"), choices=OpdKind.choices)

    def __init__(
        self, *args: Any, line: AgencyLine, targets: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        into = [(f"{INTO}{code}", name) for code, name in targets if code != line.code]
        self.fields["part"].choices = [  # type: ignore[attr-defined]
            (AgencyState.OWN.value, _("OPD tersendiri")),
            (AgencyState.ABSENT.value, _("Tidak ada di kota ini")),
            (_("Digabung dengan"), into),
        ]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name == "name" else "form-select"
            field.widget.attrs["aria-label"] = f"{field.label}: {line.code}"

    def clean(self) -> dict[str, Any]:
        cleaned = cast("dict[str, Any]", super().clean())
        if cleaned.get("part") == AgencyState.OWN and not cleaned.get("name"):
            self.add_error("name", _("Tuliskan nama OPD ini di kota Anda."))
        return cleaned

    @property
    def choice(self) -> AgencyChoice:
        part, name, kind = (self.cleaned_data[key] for key in ("part", "name", "kind"))
        if part.startswith(INTO):
            return AgencyChoice(self.line.code, AgencyState.MERGED, into=part.removeprefix(INTO))
        return AgencyChoice(self.line.code, AgencyState(part), name=name, kind=kind)


class OwnOpdForm(OpdForm):
    """An OPD that the instrument does not name; left empty, there is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name == "kind" else "form-control"
            field.help_text = ""

    @property
    def choice(self) -> AgencyChoice:
        data = self.cleaned_data
        return AgencyChoice(data["code"], AgencyState.OWN, name=data["name"], kind=data["kind"])


class AgenciesForm:
    """A row for each agency of the instrument, and empty ones for OPDs of the city's own."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, city: City, lines: Sequence[AgencyLine]
    ) -> None:
        opds = {opd.code: opd for opd in city.opds.all()}
        aliases = {alias.code: alias for alias in city.agency_aliases.select_related("opd")}
        codes = {line.code for line in lines}
        self.others = [o for o in opds.values() if o.is_active and o.code not in codes]
        targets = [(line.code, _short(line.name)) for line in lines]
        targets += [(opd.code, opd.name) for opd in self.others]
        self.rows = [
            AgencyForm(
                data,
                prefix=f"agency-{number}",
                line=line,
                targets=targets,
                initial=_initial(line, opds.get(line.code), aliases.get(line.code)),
            )
            for number, line in enumerate(lines)
        ]
        kind = {"kind": OpdKind.PERANGKAT_DAERAH}
        self.own = [OwnOpdForm(data, prefix=f"own-{n}", initial=kind) for n in range(BLANK_ROWS)]
        self.refusals: list[str] = []

    def is_valid(self) -> bool:
        faulty = [form for form in (*self.rows, *self.own) if not form.is_valid()]
        return not faulty  # each was asked, so that each shows what is wrong with it

    def choices(self) -> list[AgencyChoice]:
        own = [form.choice for form in self.own if form.has_changed()]
        return [*(form.choice for form in self.rows), *own]


def _initial(line: AgencyLine, opd: Opd | None, alias: AgencyAlias | None) -> dict[str, str]:
    part: str = AgencyState.OWN
    if alias is not None and not (opd and opd.is_active):
        part = f"{INTO}{alias.opd.code}" if alias.opd else AgencyState.ABSENT
    elif opd is not None and not opd.is_active:
        part = AgencyState.ABSENT
    name = opd.name if opd else _short(line.name)
    kind = opd.kind if opd else OpdKind.suggested(line.code)
    return {"part": part, "name": name, "kind": kind}


def _short(name: str) -> str:
    """Without what the instrument explains in brackets."""
    return IN_BRACKETS.sub("", name)


# --- The year ---------------------------------------------------------------------------------


class SetupYearForm(OpenAssessmentForm):
    """The year that a city begins with; its questions are shared out before anybody answers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        year = timezone.localdate().year
        kwargs["initial"] = {
            "year": year,
            "evidence_from": date(year - 2, 1, 1),
            "evidence_to": date(year - 1, 12, 31),
        }
        super().__init__(*args, **kwargs)
        del self.fields["prepare_first"]


class LeadsForm(forms.Form):
    """Who leads each of the questions on one page of those that nobody leads."""

    def __init__(
        self, *args: Any, answers: Sequence[Answer], opds: Iterable[Opd], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.opds = {str(opd.pk): opd for opd in opds}
        offered = [("", _("Pilih OPD")), *((pk, opd.name) for pk, opd in self.opds.items())]
        self.answers = {f"lead-{answer.pk}": answer for answer in answers}
        for name, answer in self.answers.items():
            label = _("Penanggung jawab %(code)s") % {"code": answer.question.code}
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                choices=offered,
                widget=forms.Select(attrs={"class": "form-select", "aria-label": label}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = cast("dict[str, Any]", super().clean())
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(
                _("Pilih OPD untuk sedikitnya satu pertanyaan."), code="nobody_chosen"
            )
        return cleaned

    def rows(self) -> Iterator[tuple[Answer, forms.BoundField]]:
        return ((answer, self[name]) for name, answer in self.answers.items())

    @property
    def leads(self) -> dict[int, Opd]:
        """The OPD for each answer that one was chosen for."""
        chosen = {answer.pk: self.cleaned_data[name] for name, answer in self.answers.items()}
        return {pk: self.opds[opd] for pk, opd in chosen.items() if opd}
