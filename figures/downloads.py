"""The figures behind the plots of a page, and the plots themselves, as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from figures.layout.shapes import Drawing
from figures.png import png_of
from figures.svg import picture_svg
from figures.values import Chart
from workbooks.writing import csv_lines, xlsx_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# By the key of a chart: what draws it, called only when somebody asks for the picture.
Pictures = Mapping[str, Callable[[], Drawing]]


def with_pictures(charts: Iterable[Chart], pictures: Pictures) -> dict[str, Chart]:
    """The charts by key, marked where the page offers a picture as well."""
    return {chart.key: replace(chart, is_drawn=chart.key in pictures) for chart in charts}


def chart_file(
    request: HttpRequest,
    charts: Iterable[Chart],
    stem: str,
    pictures: Pictures | None = None,
) -> HttpResponseBase | None:
    """The chart that the address asks for (`?data=<key>&format=csv`, `xlsx`, `svg` or `png`).

    None where the address asks for no chart, so that the page itself is the answer; 404 for a
    chart or a format that there is none of. `stem` begins the name of the file.
    """
    key = request.GET.get("data")
    if key is None:
        return None
    chart = next((chart for chart in charts if chart.key == key), None)
    if chart is None:
        raise Http404
    name = f"{stem}-{chart.key}"
    match request.GET.get("format"):
        case "csv":
            return _csv(chart, name)
        case "xlsx":
            return _xlsx(chart, name)
        case "svg" | "png" as kind if pictures and key in pictures:
            return _picture(picture_svg(chart, pictures[key]()), kind, name)
    raise Http404


def _picture(svg: str, kind: str, name: str) -> HttpResponse:
    content, content_type = (svg, "image/svg+xml") if kind == "svg" else (png_of(svg), "image/png")
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _csv(chart: Chart, name: str) -> HttpResponse:
    lines = "".join(csv_lines(chart.header, chart.rows))
    response = HttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _xlsx(chart: Chart, name: str) -> FileResponse:
    file = xlsx_file(chart.key, chart.header, chart.rows)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
