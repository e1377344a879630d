"""Addresses that people hand in: what is cleaned, what is refused, what is the same page."""

import pytest
from django.core.exceptions import ValidationError

from assessments.addresses import clean_address, host_of, same_page


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://jdih.kota.go.id/sk", "https://jdih.kota.go.id/sk"),
        ("  www.kompas.com/berita ", "https://www.kompas.com/berita"),
        ("HTTP://Kota.GO.ID:80", "http://kota.go.id/"),
        ("kota.go.id:8080/x", "https://kota.go.id:8080/x"),
        ("https://ko\u200bta.go.id/\u202eberita", "https://kota.go.id/berita"),
        ("https://kota.go.id/Perda No 5.pdf", "https://kota.go.id/Perda%20No%205.pdf"),
        ("https://kota.go.id/é?q=ü", "https://kota.go.id/%C3%A9?q=%C3%BC"),
        ("https://kota.go.id/%C3%A9", "https://kota.go.id/%C3%A9"),
        ('https://kota.go.id/a"><script>', "https://kota.go.id/a%22%3E%3Cscript%3E"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
    ],
)
def test_an_address_is_cleaned(typed, stored):
    assert clean_address(typed) == stored
    assert clean_address(stored) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("\u200b", "required"),
        ("javascript:alert(1)", "scheme"),
        ("data:text/html,x", "scheme"),
        ("ftp://kota.go.id", "scheme"),
        ("mailto:a@kota.go.id", "scheme"),
        ("https:/kota.go.id", "scheme"),
        ("https://budi:rahasia@kota.go.id/", "credentials"),
        ("https://evil.com\\@kota.go.id", "credentials"),
        ("https://kota.go.id https://kota.go.id/b", "several"),
        ("https://kota..go.id", "host"),
        ("https://kota.go.id:99999/", "host"),
        ("https://[::1", "host"),
        ("http://2130706433/", "host"),
        ("http://0x7f.1/", "host"),
        ("https://faß.de", "host"),
        ("http://localhost:8000", "private"),
        ("http://intranet/x", "private"),
        ("http://server.local/x", "private"),
        ("http://192.168.1.4/x", "private"),
        ("http://[::1]/", "private"),
        ("https://kota.go.id/" + "a" * 2000, "too_long"),
    ],
)
def test_an_address_that_nobody_else_can_open_safely_is_refused(typed, code):
    with pytest.raises(ValidationError) as refusal:
        clean_address(typed)

    assert refusal.value.code == code


def test_a_host_in_letters_that_look_like_others_is_shown_as_the_network_knows_it():
    address = clean_address("https://раураl.com/")  # Cyrillic, but for one letter

    assert host_of(address) == "xn--l-7sba6dbr.com"


@pytest.mark.parametrize(
    "other",
    [
        "http://www.kota.go.id/berita/1/",
        "https://kota.go.id:443/berita/1#atas",
        "https://KOTA.go.id/berita/1?utm_source=wa&fbclid=x",
        "kota.go.id/%62erita/1",
    ],
)
def test_ways_of_writing_one_page(other):
    assert same_page(clean_address(other)) == same_page("https://kota.go.id/berita/1")


@pytest.mark.parametrize(
    "other",
    [
        "https://kota.go.id/berita/2",
        "https://kota.go.id/berita/1?halaman=2",
        "https://arsip.kota.go.id/berita/1",
        "https://kota.go.id:8443/berita/1",
        "https://kota.go.id/berita/1#/foto",
    ],
)
def test_other_pages_are_other_pages(other):
    assert same_page(clean_address(other)) != same_page("https://kota.go.id/berita/1")
