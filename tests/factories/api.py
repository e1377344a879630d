from datetime import timedelta
from uuid import uuid4

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from api.bearer import SHOWN, digest_of, new_secret
from api.choices import Scope, WebhookEvent
from api.models import ApiToken, Delivery, Webhook
from api.services.webhooks import PURPOSE
from api.signing import new_webhook_secret
from cities.sealing import seal
from tests.factories.cities import CityFactory, UserFactory


class ApiTokenFactory(DjangoModelFactory):
    """A living token that may write; `secret` is the token itself."""

    class Meta:
        model = ApiToken
        exclude = ["secret"]

    secret = factory.LazyFunction(new_secret)
    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Sistem {n}")
    scope = Scope.WRITE
    digest = factory.LazyAttribute(lambda token: digest_of(token.secret))
    ending = factory.LazyAttribute(lambda token: token.secret[-SHOWN:])
    created_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    made_by = factory.SelfAttribute("user")
    expires_at = factory.LazyAttribute(lambda token: token.created_at + timedelta(days=90))


def key_of(user, **fields):
    """A header with a new token of the person, for the client of the tests."""
    secret = new_secret()
    ApiTokenFactory(user=user, secret=secret, **fields)
    return {"authorization": f"Bearer {secret}"}


class WebhookFactory(DjangoModelFactory):
    """Asks for everything; `plain_secret` is what its receiver knows."""

    class Meta:
        model = Webhook
        exclude = ["plain_secret"]

    plain_secret = factory.LazyFunction(new_webhook_secret)
    city = factory.SubFactory(CityFactory)
    url = factory.Sequence(lambda n: f"https://dasbor-{n}.example.com/kla")
    events = WebhookEvent.values
    secret = factory.LazyAttribute(lambda webhook: seal(webhook.plain_secret, PURPOSE))
    created_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    made_by = factory.SubFactory(UserFactory)


def delivery_of(webhook, **fields):
    """One that waits, as a deed writes it."""
    at = fields.pop("created_at", timezone.now())
    facts = {"event": "document.accepted", "key": uuid4().hex, "body": "{}", "next_try_at": at}
    return Delivery.objects.create(webhook=webhook, created_at=at, **facts | fields)
