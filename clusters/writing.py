"""Instrument files: the text that reads back as exactly the same instrument.

The mirror of `plain_yaml`: a decimal is written bare, and a text that would be read as
anything else stands in quotes.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import yaml

from clusters.choices import Measure
from clusters.library import SCHEMA, InstrumentError, checksum, read_document
from clusters.plain_yaml import NUMBER, WORDS, Fault
from clusters.spec import (
    CLUSTER_FIELDS,
    INDICATOR_FIELDS,
    BandSpec,
    ClusterSpec,
    IndicatorSpec,
    InstrumentSpec,
    QuestionSpec,
    fields_of,
    plain_number,
)

LINE_WIDTH = 100
SHORT = 3

Document = dict[str, object]


def write(spec: InstrumentSpec) -> str:
    """The instrument as YAML; `library.read` gives back an equal one."""
    return yaml.emit(
        _file(document_of(spec)),
        Dumper=yaml.SafeDumper,
        allow_unicode=True,
        width=LINE_WIDTH,
    )


def faults_of(spec: InstrumentSpec) -> list[Fault]:
    """What the reader of files would refuse in the instrument; nothing if it may be published."""
    try:
        read_document(document_of(spec), [])
    except InstrumentError as error:
        return error.faults
    return []


def mark_of(spec: InstrumentSpec) -> str:
    """What a file remembers of the content from which it was made, as SHA-256.

    Without the code, for a file of one instrument may become the draft of another.
    """
    return checksum(replace(spec, code=""))


def document_of(spec: InstrumentSpec) -> Document:
    """The instrument as dicts, lists, texts, decimals and booleans; what is empty is left out.

    `exported` says from which content a file was made, so that who brings it back learns what
    changed here in the meantime.
    """
    return {
        "schema": Decimal(SCHEMA),
        "exported": mark_of(spec),
        "instrument": _head(spec),
        "agencies": [{"code": item.code, "name": item.name} for item in spec.agencies],
        "evidence_kinds": [{"code": kind.code, "name": kind.name} for kind in spec.evidence_kinds],
        "clusters": [_cluster(cluster) for cluster in spec.clusters],
    }


def _head(spec: InstrumentSpec) -> Document:
    return _filled(
        code=spec.code,
        title=spec.title,
        title_en=spec.title_en,
        legal_basis=list(spec.legal_basis),
        provenance=spec.provenance,
        measure=spec.measure if spec.measure != Measure.POINTS else "",
        corrects=spec.corrects,
        correction_note=spec.correction_note,
        max_points=spec.max_points,
        bands=[_band(band) for band in spec.bands],
        bands_note=spec.bands_note,
    ) | {"stages": [{"code": stage.code, "name": stage.name} for stage in spec.stages]}


def _band(band: BandSpec) -> Document:
    return {"predikat": band.predikat, "min": band.minimum, "max": band.maximum}


def _cluster(cluster: ClusterSpec) -> Document:
    return _filled(**fields_of(cluster, CLUSTER_FIELDS)) | {
        "indicators": [_indicator(row) for row in cluster.indicators]
    }


def _indicator(row: IndicatorSpec) -> Document:
    return _filled(**fields_of(row, INDICATOR_FIELDS) | {"number": Decimal(row.number)}) | {
        "questions": [_question(question) for question in row.questions]
    }


def _question(question: QuestionSpec) -> Document:
    return _filled(
        code=question.code,
        text=question.text,
        text_en=question.text_en,
        max_points=question.max_points,
        answer_type=question.answer_type,
        options=list(question.options),
        usual_fractions=list(question.usual_fractions),
        direction=question.direction,
        note=question.note,
        evidence=list(question.evidence),
        agencies=list(question.agencies),
    )


def _filled(**fields: object) -> Document:
    """The fields that say something; an empty text or list is not written."""
    return {key: value for key, value in fields.items() if value not in ("", [])}


# --- YAML -----------------------------------------------------------------------------------


def _file(document: Document) -> Iterator[yaml.Event]:
    yield yaml.StreamStartEvent()
    yield yaml.DocumentStartEvent(explicit=False)
    yield from _events(document)
    yield yaml.DocumentEndEvent(explicit=False)
    yield yaml.StreamEndEvent()


def _events(value: object) -> Iterator[yaml.Event]:
    if isinstance(value, dict):
        yield yaml.MappingStartEvent(None, None, implicit=True, flow_style=_is_short(value))
        for key, item in value.items():
            yield _scalar(key)
            yield from _events(item)
        yield yaml.MappingEndEvent()
    elif isinstance(value, list):
        is_flat = not any(isinstance(item, dict) for item in value)
        yield yaml.SequenceStartEvent(None, None, implicit=True, flow_style=is_flat)
        for item in value:
            yield from _events(item)
        yield yaml.SequenceEndEvent()
    else:
        yield _scalar(value)


def _is_short(values: Document) -> bool:
    """A code with its name, or a band: such read best on one line."""
    return len(values) <= SHORT and not any(isinstance(v, dict | list) for v in values.values())


def _scalar(value: object) -> yaml.Event:
    if isinstance(value, bool):
        text, may_be_bare = str(value).lower(), True
    elif isinstance(value, Decimal):
        text, may_be_bare = plain_number(value), True
    else:
        text = str(value)
        may_be_bare = not NUMBER.fullmatch(text) and text not in WORDS
    # Written as it is, this sign of old mainframes ends a line and comes back as another one.
    style = '"' if "\x85" in text else None
    return yaml.ScalarEvent(
        anchor=None, tag=None, implicit=(may_be_bare, True), value=text, style=style
    )
