"""The figures behind the plots of a page, and the plots themselves, as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from figures.layout.shapes import Drawing
from figures.png import png_of
from figures.svg import picture_svg
from figures.values import Chart
from workbooks.downloads import download, download_file
from workbooks.writing import csv_lines, xlsx_file

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
            return download("".join(csv_lines(chart.header, chart.rows)), f"{name}.csv")
        case "xlsx":
            return download_file(xlsx_file(chart.key, chart.header, chart.rows), f"{name}.xlsx")
        case "svg" if pictures and key in pictures:
            return download(picture_svg(chart, pictures[key]()), f"{name}.svg")
        case "png" if pictures and key in pictures:
            return download(png_of(picture_svg(chart, pictures[key]())), f"{name}.png")
    raise Http404
