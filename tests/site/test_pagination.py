"""The way through a list of several pages."""

import re

from django.core.paginator import Paginator
from django.template import RequestContext, Template
from django.template.loader import render_to_string


def test_pages_keep_the_filters_of_the_address(rf):
    page = Paginator(range(60), 25).page(2)
    request = rf.get("/daftar/", {"klaster": "2", "halaman": "2"})
    source = '{% include "components/pagination.html" with page_obj=page_obj only %}'

    html = Template(source).render(RequestContext(request, {"page_obj": page}))

    assert re.findall(r'href="([^"]*)"', html) == [
        "?klaster=2&amp;halaman=1",
        "?klaster=2&amp;halaman=3",
    ]
    assert "26–50 dari 60" in html


def test_a_single_page_has_no_way_through():
    html = render_to_string(
        "components/pagination.html", {"page_obj": Paginator(range(3), 25).page(1)}
    )

    assert html.strip() == ""
