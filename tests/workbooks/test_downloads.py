"""Files that a browser saves."""

from io import BytesIO

import pytest

from workbooks.downloads import download, download_file, download_stream


@pytest.mark.parametrize(
    "response",
    [
        lambda name: download("a;b", name),
        lambda name: download_file(BytesIO(b"a;b"), name),
        lambda name: download_stream(["a;", "b"], name),
    ],
)
def test_each_way_of_sending_says_the_name_and_what_the_file_is(response):
    sent = response("jejak-kota.csv")
    assert b"".join(sent) == b"a;b"
    assert sent["Content-Type"] == "text/csv; charset=utf-8"
    assert sent["Content-Disposition"] == 'attachment; filename="jejak-kota.csv"'


def test_a_name_that_is_not_plain_is_sent_encoded():
    sent = download(b"", "Matriks “1.1”.xlsx")
    assert sent["Content-Disposition"] == (
        "attachment; filename*=utf-8''Matriks%20%E2%80%9C1.1%E2%80%9D.xlsx"
    )


def test_an_ending_without_a_media_type_is_refused():
    with pytest.raises(KeyError):
        download(b"", "laporan.docx")
