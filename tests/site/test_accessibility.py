"""What the site says of who can use it."""

import re

import pytest
from django.urls import reverse


@pytest.mark.django_db
def test_everybody_reads_it_signed_in_or_not_from_the_foot_of_every_page(client):
    address = reverse("accessibility")
    assert f'href="{address}"' in client.get(reverse("account_login")).text

    answer = client.get(address)

    assert answer.status_code == 200
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", answer.text)
    assert headings == [
        "Acuan",
        "Yang diperiksa pada setiap perubahan",
        "Kekurangan yang diketahui",
        "Bila ada yang tidak dapat Anda pakai",
    ]
