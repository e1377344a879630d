"""Both gateways against servers that speak their protocol: taken, refused, slow, garbled, gone."""

from datetime import timedelta

import pytest

from outbox.gateways import (
    CloudGateway,
    FormGateway,
    GatewayError,
    OutcomeUnknown,
    TextMessage,
    configured,
)
from tests.outbox.gateway_server import (
    PHONE_NUMBER_ID,
    TEMPLATE,
    TOKEN,
    Answer,
    CloudServer,
    FormServer,
    cloud_error,
    serving,
)

SENTENCE, URL = "2 pertanyaan & “belum” lengkap", "https://kla.test/kota/a/tugas/"
KINDS = {"form": FormServer, "cloud": CloudServer}


def gateway_to(kind, url, *, token=TOKEN, template=TEMPLATE, timeout=5.0):
    if kind == "form":
        return FormGateway(f"{url}/send", token, timeout)
    return CloudGateway(f"{url}/v23.0", PHONE_NUMBER_ID, token, template, "id", timeout)


def message(to="+6281234567890", sentence=SENTENCE):
    return TextMessage(to=to, sentence=sentence, url=URL)


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def server(kind):
    with serving(KINDS[kind]) as behaviour:
        yield behaviour


def refusal(kind, server, answer, **facts):
    server.answers = [answer]
    with pytest.raises(GatewayError) as caught:
        gateway_to(kind, server.url, **facts).deliver(message())
    return caught.value


def test_the_form_gateway_posts_two_fields_and_the_bare_token():
    with serving(FormServer) as server:
        gateway_to("form", server.url).deliver(message())

    [seen] = server.seen
    assert seen.path == "/send"
    assert seen.fields == {"target": "6281234567890", "message": f"{SENTENCE}\n{URL}"}
    assert seen.headers["Authorization"] == TOKEN
    assert seen.headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_the_cloud_gateway_sends_a_template_with_the_sentence_and_the_address():
    with serving(CloudServer) as server:
        gateway_to("cloud", server.url).deliver(message(sentence="satu\ndua\t     tiga"))

    [seen] = server.seen
    assert seen.path == f"/v23.0/{PHONE_NUMBER_ID}/messages"
    assert seen.headers["Authorization"] == f"Bearer {TOKEN}"
    assert seen.json == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "6281234567890",
        "type": "template",
        "template": {
            "name": TEMPLATE,
            "language": {"code": "id"},
            "components": [
                {
                    "type": "body",
                    "parameters": [
                        {"type": "text", "text": "satu dua tiga"},
                        {"type": "text", "text": URL},
                    ],
                }
            ],
        },
    }


def test_a_wrong_token_concerns_every_message_and_is_not_repeated(kind, server):
    with pytest.raises(GatewayError) as caught:
        gateway_to(kind, server.url, token="salah-sama-sekali").deliver(message())

    assert caught.value.concerns_all is True
    assert "menolak token" in caught.value.sentence
    assert "salah-sama-sekali" not in caught.value.sentence


@pytest.mark.parametrize(
    ("said", "pause"),
    [
        ("120", timedelta(minutes=2)),
        ("9" * 30, timedelta(days=1)),
        ("Wed, 21 Oct 2026 07:28:00 GMT", timedelta()),
        ("-5", timedelta()),
        ("٣", timedelta()),
    ],
)
def test_a_busy_gateway_says_how_long_to_wait(kind, server, said, pause):
    headers = {"Retry-After": said} if said.isascii() else {}
    error = refusal(kind, server, Answer(429, {"status": False}, headers))

    assert (error.concerns_all, error.pause) == (True, pause)
    assert not isinstance(error, OutcomeUnknown)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_an_ill_gateway_lets_the_rest_wait(kind, server, status):
    error = refusal(kind, server, Answer(status, b"<h1>Internal Server Error</h1>"))

    assert error.concerns_all is True
    assert not isinstance(error, OutcomeUnknown)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"<html>selamat datang"),
        Answer(200, b""),
        Answer(200, b"[]"),
        Answer(200, b"null"),
        Answer(200, {"hello": "world"}),
        Answer(200, b"\xff\xfe\x00"),
        Answer(504, b""),
        Answer(hangs_up=True),
    ],
)
def test_an_answer_that_says_nothing_leaves_open_whether_it_was_sent(kind, server, answer):
    assert isinstance(refusal(kind, server, answer), OutcomeUnknown)


def test_a_gateway_that_is_too_slow_may_have_sent_it(kind, server):
    error = refusal(kind, server, Answer(seconds=1.0), timeout=0.2)

    assert isinstance(error, OutcomeUnknown)


def test_a_gateway_that_is_not_reached_has_sent_nothing(kind):
    with serving(KINDS[kind]) as server:
        url = server.url  # nobody listens there any more

    with pytest.raises(OSError, match="refused"):
        gateway_to(kind, url).deliver(message())


def test_no_redirect_is_followed_with_the_secret(kind, server):
    with serving(KINDS[kind]) as elsewhere:
        for status in (301, 302, 307, 308):
            answer = Answer(status, b"", {"Location": f"{elsewhere.url}/ambil"})
            assert not isinstance(refusal(kind, server, answer), OutcomeUnknown)

    assert elsewhere.seen == []


def test_a_refusal_of_one_number_concerns_it_alone():
    with serving(FormServer) as form:
        refused = Answer(200, {"status": False, "reason": "target\ninvalid"})
        error = refusal("form", form, refused)
    assert error.concerns_all is False
    assert error.sentence == "Gateway WhatsApp menolak pesan ini. Jawabannya: target invalid"

    with serving(CloudServer) as cloud:
        error = refusal("cloud", cloud, Answer(400, cloud_error(131026, "Message undeliverable")))
    assert error.concerns_all is False
    assert "131026" in error.sentence


@pytest.mark.parametrize("code", [4, 190, 200, 299, 132001, 130429])
def test_what_ails_our_account_concerns_every_message(code):
    with serving(CloudServer) as server:
        assert refusal("cloud", server, Answer(400, cloud_error(code, "x"))).concerns_all is True


@pytest.mark.parametrize("code", [100, 131026, 131056, 300])
def test_what_ails_one_message_does_not(code):
    with serving(CloudServer) as server:
        assert refusal("cloud", server, Answer(400, cloud_error(code, "x"))).concerns_all is False


def test_an_answer_that_repeats_the_secret_is_kept_without_it(kind, server):
    body = {"status": False, "reason": f"bad {TOKEN}"}
    if kind == "cloud":
        body = cloud_error(100, f"bad {TOKEN}")

    error = refusal(kind, server, Answer(400, body))

    assert "bad …" in error.sentence
    assert TOKEN not in error.sentence


def test_a_template_that_is_not_there_is_told():
    with serving(CloudServer) as server, pytest.raises(GatewayError, match="132001"):
        gateway_to("cloud", server.url, template="lain").deliver(message())


@pytest.mark.parametrize(("named", "made"), [("form", FormGateway), ("cloud", CloudGateway)])
def test_the_settings_name_the_gateway(settings, named, made):
    settings.WHATSAPP = settings.WHATSAPP | {
        "gateway": named,
        "url": "https://g.test",
        "token": "t",
    }

    assert type(configured()) is made


def test_usually_there_is_none(settings):
    assert settings.WHATSAPP["gateway"] == "none"
    assert configured() is None
