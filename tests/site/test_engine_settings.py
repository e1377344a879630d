"""Addresses of engines are read once, and a wrong one is refused at the start."""

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from kla.engine_settings import engine_address

AMQP = ("amqp", "amqps")


def read(monkeypatch, value, client="redis"):
    monkeypatch.setenv("SOME_URL", value)
    return engine_address(environ.Env(), "SOME_URL", client=client, schemes=AMQP)


def test_the_embedded_default_stays_where_none_is_set(monkeypatch):
    monkeypatch.delenv("SOME_URL", raising=False)
    assert engine_address(environ.Env(), "SOME_URL", client="no_such", schemes=AMQP) == ""


def test_an_address_of_the_engine_is_taken_as_it_is(monkeypatch):
    assert read(monkeypatch, "amqps://kla:x@broker/kla") == "amqps://kla:x@broker/kla"


def test_an_address_of_another_engine_is_refused_without_telling_it(monkeypatch):
    with pytest.raises(ImproperlyConfigured) as refused:
        read(monkeypatch, "redis://:secret@host")
    assert str(refused.value) == "SOME_URL must begin with amqp:// or amqps://."


def test_a_client_that_is_not_installed_is_named_with_what_to_install(monkeypatch):
    with pytest.raises(ImproperlyConfigured) as refused:
        read(monkeypatch, "amqp://broker", client="no_such_client")
    assert str(refused.value) == (
        "SOME_URL is set, but the Python package no_such_client is not installed. Install "
        "requirements/engines.txt instead of requirements/base.txt."
    )
