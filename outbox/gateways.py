"""WhatsApp gateways: two forms of one thing that takes a short message to a telephone number.

- `FormGateway`: the form of the local providers. POST with the fields `target` and `message`, the
  token alone in the header Authorization; the answer is JSON with `status` true or false.
- `CloudGateway`: the official WhatsApp Cloud API. A message that nobody asked for has to be a
  template that Meta approved; ours has two places in its body: the sentence and the address.

Either stands in the loop of `sending.py` where the connection to a mail server stands otherwise.
A request follows no redirect, for it carries a secret, and no fault repeats the secret.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.utils.translation import gettext as _

MOST_ANSWER_BYTES = 64 * 1024
MOST_SAID = 200  # characters of a gateway's own answer that are kept
LONGEST_PAUSE = timedelta(days=1)

# Codes of the Cloud API that speak of our account, token or template, not of the one message.
CLOUD_ACCOUNT = frozenset(
    {0, 3, 10, 190, 368, 131005, 131031, 131042, 132000, 132001, 132005, 132007, 132012, 132015}
) | frozenset(range(200, 300))
CLOUD_BUSY = frozenset({4, 80007, 130429, 131048})


class GatewayError(Exception):
    """The gateway did not take a message. `sentence` says why, to people.

    `concerns_all`: the next message would fare the same, so that the rest waits.
    `pause`: how long the gateway asked us to wait.
    """

    def __init__(
        self, sentence: str, *, concerns_all: bool = False, pause: timedelta = timedelta()
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.concerns_all = concerns_all
        self.pause = pause


class OutcomeUnknown(GatewayError):
    """The request went out and no answer that can be read came back: it may have been sent.

    It is not sent again: rather never by this way than twice.
    """


@dataclass
class TextMessage:
    """A sentence and an address for a number in E.164 (“+6281…”); sent like a letter."""

    to: str
    sentence: str
    url: str
    connection: Any = None

    def send(self) -> None:
        self.connection.deliver(self)


class Gateway(Protocol):
    """What the loop of the outbox needs of a way out."""

    def open(self) -> None: ...

    def close(self) -> None: ...

    def deliver(self, message: TextMessage) -> None:
        """Hand the message over. Raises GatewayError, OutcomeUnknown and, unreached, OSError."""


@dataclass(frozen=True, slots=True)
class FormGateway:
    url: str
    token: str
    timeout: float

    def open(self) -> None:
        """Nothing is held open between messages."""

    def close(self) -> None:
        """Nothing is held open between messages."""

    def deliver(self, message: TextMessage) -> None:
        fields = {
            "target": message.to.removeprefix("+"),
            "message": f"{message.sentence}\n{message.url}",
        }
        answer = _posted(
            self.url,
            urlencode(fields).encode(),
            {"Content-Type": "application/x-www-form-urlencoded", "Authorization": self.token},
            secret=self.token,
            timeout=self.timeout,
        )
        status = answer.body.get("status")
        if answer.is_good and status is True:
            return
        if answer.is_good and status is not False:
            raise OutcomeUnknown(_("Jawaban gateway WhatsApp tidak dapat dibaca."))
        raise answer.refusal(str(answer.body.get("reason") or answer.body.get("detail") or ""))


@dataclass(frozen=True, slots=True)
class CloudGateway:
    url: str  # https://graph.facebook.com/v23.0
    phone_number_id: str
    token: str
    template: str
    language: str
    timeout: float

    def open(self) -> None:
        """Nothing is held open between messages."""

    def close(self) -> None:
        """Nothing is held open between messages."""

    def deliver(self, message: TextMessage) -> None:
        # A parameter of a template may not hold a line break, a tab or many spaces.
        words = (" ".join(text.split()) for text in (message.sentence, message.url))
        body = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": message.to.removeprefix("+"),
            "type": "template",
            "template": {
                "name": self.template,
                "language": {"code": self.language},
                "components": [
                    {
                        "type": "body",
                        "parameters": [{"type": "text", "text": text} for text in words],
                    }
                ],
            },
        }
        answer = _posted(
            f"{self.url}/{self.phone_number_id}/messages",
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
            secret=self.token,
            timeout=self.timeout,
        )
        error = answer.body.get("error")
        if answer.is_good and not error:
            if answer.body.get("messages"):
                return
            raise OutcomeUnknown(_("Jawaban gateway WhatsApp tidak dapat dibaca."))
        facts = error if isinstance(error, dict) else {}
        said = f"{facts.get('code', '')} {facts.get('message', '')}".strip()
        code = facts.get("code")
        raise answer.refusal(said, concerns_all=code in CLOUD_ACCOUNT or code in CLOUD_BUSY)


def configured() -> Gateway | None:
    """The gateway that the settings name; None without one, and then nothing offers to send."""
    facts: Mapping[str, str] = settings.WHATSAPP
    if facts["gateway"] == "form":
        return FormGateway(facts["url"], facts["token"], settings.EMAIL_TIMEOUT)
    if facts["gateway"] == "cloud":
        return CloudGateway(
            facts["url"],
            facts["phone_number_id"],
            facts["token"],
            facts["template"],
            facts["language"],
            settings.EMAIL_TIMEOUT,
        )
    return None


# --- One request ------------------------------------------------------------------------------


class _NoRedirects(HTTPRedirectHandler):
    """A redirect becomes an error, for the next host must not be handed the secret."""

    def redirect_request(self, *_args: object) -> None:
        return None


_opener = build_opener(_NoRedirects)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: dict[str, Any]  # empty where it was no JSON object
    pause: timedelta
    secret: str

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    def refusal(self, said: str, *, concerns_all: bool = False) -> GatewayError:
        sentence = _("Gateway WhatsApp menolak pesan ini.")
        if self.status in (401, 403):
            sentence = _("Gateway WhatsApp menolak token situs ini.")
        elif self.status == 429:
            sentence = _("Gateway WhatsApp meminta menunggu; akan dicoba lagi.")
        elif self.status >= 500:
            sentence = _("Gateway WhatsApp sedang terganggu; akan dicoba lagi.")
        plain = "".join(sign if sign.isprintable() else " " for sign in said)
        plain = " ".join(plain.replace(self.secret, "…").split())[:MOST_SAID]
        if plain:
            sentence = _("%(sentence)s Jawabannya: %(said)s") % {
                "sentence": sentence,
                "said": plain,
            }
        is_ill = self.status in (401, 403, 429) or self.status >= 500
        return GatewayError(sentence, concerns_all=concerns_all or is_ill, pause=self.pause)


def _posted(
    url: str, data: bytes, headers: Mapping[str, str], *, secret: str, timeout: float
) -> _Answer:
    """The answer to one POST. Raises OSError where the gateway was not reached, and
    OutcomeUnknown where it was and said nothing that can be read.
    """
    request = Request(url, data, {**headers, "Accept": "application/json"}, method="POST")  # noqa: S310 – a check lets only http(s) through
    try:
        with _opener.open(request, timeout=timeout) as response:
            return _Answer(response.status, _object(response), timedelta(), secret)
    except HTTPError as error:
        with error:
            if error.code == HTTPStatus.GATEWAY_TIMEOUT:
                raise OutcomeUnknown(_("Gateway WhatsApp tidak menjawab pada waktunya.")) from None
            return _Answer(error.code, _object(error), _asked_pause(error), secret)
    except URLError as error:
        # urllib says so only of what failed before the request was out: nothing was sent.
        raise ConnectionError(str(error.reason)) from None
    except (OSError, HTTPException) as error:
        raise OutcomeUnknown(_("Gateway WhatsApp tidak menjawab pada waktunya.")) from error


def _object(response: Any) -> dict[str, Any]:
    try:
        value = json.loads(response.read(MOST_ANSWER_BYTES))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _asked_pause(error: HTTPError) -> timedelta:
    """Retry-After in seconds; the form with a date, which no gateway uses, asks for no pause."""
    said = str(error.headers.get("Retry-After", "")).strip()
    seconds = int(said) if said.isascii() and said.isdigit() else 0
    return min(timedelta(seconds=min(seconds, 10**6)), LONGEST_PAUSE)
