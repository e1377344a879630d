"""Secrets may stand in files, as containers and systemd hand them over."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from kla.environment import Environment, SecretFiles


@pytest.fixture
def environment(tmp_path):
    """An environment with one secret in a file; the file's path too."""
    path = tmp_path / "secret"

    class Own(Environment):
        ENVIRON = SecretFiles({"PLAIN": "word", "SECRET_FILE": str(path), "EMPTY_FILE": ""})

    return Own(), path


def test_a_secret_is_read_from_its_file_without_the_line_end(environment):
    env, path = environment
    path.write_text("dari berkas\n")

    assert env.str("SECRET") == "dari berkas"


def test_what_stands_in_no_file_is_read_as_ever(environment):
    env, _path = environment

    assert env.str("PLAIN") == "word"
    assert env.str("EMPTY", default="none named") == "none named"
    assert env.int("ABSENT", default=3) == 3


def test_what_is_said_for_one_command_wins_over_the_file_of_the_installation(environment):
    env, path = environment
    path.write_text("dari berkas")
    env.ENVIRON.env["SECRET"] = ""

    assert env.str("SECRET") == ""


def test_a_file_that_is_not_there_stops_the_start_and_is_named(environment):
    env, path = environment

    with pytest.raises(ImproperlyConfigured) as refused:
        env.str("SECRET", default="")

    assert str(refused.value).startswith(f"SECRET_FILE names {path}, which cannot be read: ")


def test_a_file_of_no_text_is_refused_without_telling_what_is_in_it(environment):
    env, path = environment
    path.write_bytes(b"\xff\xfesecret")

    with pytest.raises(ImproperlyConfigured) as refused:
        env.str("SECRET")

    assert "SECRET_FILE" in str(refused.value)
    assert "secret'" not in str(refused.value)
