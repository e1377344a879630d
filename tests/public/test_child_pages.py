"""The pages for children: how hard their words are, and messages without a name."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.urls import reverse

from cities.models import CityActivity
from public.choices import MessageState
from public.models import PublicMessage
from public.sections import Section
from public.services.messages import MOST_WAITING, send_message, settle_message
from tests.assessments.situations import admin_of, later, refused
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.public import PublicMessageFactory
from tests.factories.territories import UnitFactory
from tests.public.situations import publisher_of, release

# --- How hard the words are -----------------------------------------------------------------

# Fry's graph (Journal of Reading 21, 1977) by sentences and syllables of a hundred words. For
# Indonesian, whose words are longer, the syllables count 0.6 (Harjasujana and Mulyati, Membaca 2,
# 1996, pages 116-120). Children of ten are in class 4, whose field lies around 8 sentences and 128
# syllables: more sentences and fewer syllables are easier.
SENTENCES, SYLLABLES, OF_INDONESIAN = 8, 128, 0.6
LONGEST_SENTENCE = 10  # words
DIPHTHONG = re.compile(r"(?:ai|au|oi)\b")
VOWEL = re.compile(r"[aiueo]")


class Sentences(HTMLParser):
    """The sentences of the page's own words; names of the city and of places are not ours."""

    BLOCKS = {"p", "li", "h1", "h2", "span", "a", "label", "button"}
    NAMES = {"strong", "option"}

    def __init__(self):
        super().__init__()
        self.parts, self.inside, self.names = [""], False, 0

    def handle_starttag(self, tag, attributes):
        self.inside |= tag == "main"
        self.names += tag in self.NAMES or (bool(self.names) and tag not in ("img", "br"))
        if ("data-names", None) in attributes:
            self.names += 1
        if tag in self.BLOCKS:
            self.parts.append("")

    def handle_endtag(self, tag):
        self.inside &= tag != "main"
        self.names -= bool(self.names)
        if tag in self.BLOCKS:
            self.parts.append("")

    def handle_data(self, data):
        if self.inside and not self.names:
            self.parts[-1] += data

    @classmethod
    def of(cls, html):
        parser = cls()
        parser.feed(html)
        found = (one for part in parser.parts for one in re.split(r"[.!?:]", part))
        return [words for one in found if (words := re.findall(r"[a-zA-Z]+", one))]


def syllables(word):
    """As many as vowels; ai, au and oi at the end are one."""
    return max(len(VOWEL.findall(DIPHTHONG.sub("a", word.lower()))), 1)


def test_syllables_are_counted_as_they_are_spoken():
    words = {"main": 2, "pulau": 2, "sungai": 2, "sekolah": 3, "kotamu": 3, "di": 1, "mendengar": 3}

    assert {word: syllables(word) for word in words} == words


CHILDREN = ("child_page", "message_send", "message_sent")


def test_a_child_of_ten_reads_the_pages(client, year):
    """All of them together, for the graph wants a hundred words."""
    release(year)
    pages = [client.get(page_of(year, name)).content.decode() for name in CHILDREN]
    sentences = [one for page in pages for one in Sentences.of(page)]
    words = [word for sentence in sentences for word in sentence]

    assert len(words) > 200
    assert [one for one in sentences if len(one) > LONGEST_SENTENCE] == []
    assert 100 * len(sentences) / len(words) >= SENTENCES
    assert 100 * sum(map(syllables, words)) / len(words) * OF_INDONESIAN <= SYLLABLES


def page_of(year, name="message_send"):
    return reverse(f"public:{name}", args=[year.city.slug, year.year])


def test_help_stands_on_every_page_for_children(client, year):
    release(year)

    for name in CHILDREN:
        text = client.get(page_of(year, name)).content.decode()
        assert "SAPA 129" in text
        assert 'href="tel:129"' in text


@pytest.mark.parametrize(("section", "kinds"), [(Section.SCORE, 0), (Section.FACILITIES, 2)])
def test_the_child_sees_what_is_there_only_where_it_is_released(client, year, section, kinds):
    release(year, section)

    assert len(client.get(page_of(year, "child_page")).context["places"]) == kinds


# --- Messages -------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def no_attempts():
    cache.clear()


def post(client, year, **fields):
    return client.post(page_of(year), fields, headers={"Origin": "http://testserver"})


def test_a_message_is_kept_without_anything_about_its_sender(client, year):
    release(year)
    unit = year.city.units.get(name="Mekar")

    answer = post(client, year, text=" Lampu jalan mati. ", unit=unit.pk)

    assert answer.url == page_of(year, "message_sent")
    assert answer.cookies == {}
    message = PublicMessage.objects.get()
    assert (message.text, message.unit, message.state) == ("Lampu jalan mati.", unit, "baru")
    kept = {field.name for field in PublicMessage._meta.get_fields()}
    assert kept == {"id", "city", "unit", "text", "on", "state", "settled_at", "settled_by"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Telepon aku 0812 3456 7890", "nomor telepon"),
        ("NIK-ku 1871012345678901", "16 angka seperti NIK"),
        ("Tulis ke ani@contoh.example", "alamat e-mail"),
        ("Lihat https://contoh.example", "alamat situs"),
    ],
)
def test_what_points_at_a_person_is_not_kept(client, year, text, said):
    release(year)

    answer = post(client, year, text=text)

    assert said in answer.content.decode()
    assert PublicMessage.objects.count() == 0


def test_a_form_of_another_site_sends_nothing(client, year):
    release(year)

    for headers in ({"Origin": "https://jahat.example"}, {}):
        assert client.post(page_of(year), {"text": "Halo"}, headers=headers).status_code == 403
    assert PublicMessage.objects.count() == 0


def test_a_kelurahan_of_another_city_cannot_be_named(client, year):
    release(year)
    elsewhere = UnitFactory()

    answer = post(client, year, text="Lampu mati", unit=elsewhere.pk)

    assert answer.status_code == 200
    assert PublicMessage.objects.count() == 0


def test_one_network_sends_so_many_an_hour_and_no_more(client, year, settings):
    settings.ACCOUNT_RATE_LIMITS = {"public_message": "2/h/ip"}
    release(year)

    codes = [post(client, year, text=f"Lampu {number} mati").status_code for number in range(3)]

    assert codes == [302, 302, 429]
    assert PublicMessage.objects.count() == 2


def test_where_nobody_reads_any_more_nothing_is_added(db):
    city = CityFactory()
    PublicMessageFactory.create_batch(MOST_WAITING - 1, city=city)
    PublicMessageFactory(city=city, state=MessageState.READ)
    send_message(city_id=city.pk, unit=None, text="Yang terakhir", on=date(2026, 3, 2))

    with refused("full"):
        send_message(city_id=city.pk, unit=None, text="Satu lagi", on=date(2026, 3, 2))


def test_a_message_is_marked_and_the_trail_tells_it_without_its_words(year):
    message = PublicMessageFactory(city=year.city)
    by = admin_of(year)

    settle_message(message=message, state=MessageState.PASSED_ON, by=by, at=later())

    message.refresh_from_db()
    assert (message.state, message.settled_by) == (MessageState.PASSED_ON, by)
    entry = CityActivity.objects.filter(city=year.city).first()
    assert (entry.before, entry.after) == ({"state": "Baru"}, {"state": "Diteruskan"})
    assert message.text not in entry.target


def test_only_messages_of_ones_own_city_are_on_the_list(client, year):
    own = PublicMessageFactory(city=year.city)
    PublicMessageFactory()
    PublicMessageFactory(city=year.city, state=MessageState.REJECTED)
    client.force_login(publisher_of(year).user)

    address = reverse("public:message_list", args=[year.city.slug])

    assert list(client.get(address, {"keadaan": "baru"}).context["page_obj"]) == [own]


def test_a_message_is_marked_on_the_list(client, year):
    message = PublicMessageFactory(city=year.city)
    client.force_login(publisher_of(year).user)
    address = reverse("public:message_settle", args=[year.city.slug, message.pk, "ditolak"])

    client.post(address)

    message.refresh_from_db()
    assert message.state == MessageState.REJECTED


def test_a_message_is_not_made_new_again(client, year):
    message = PublicMessageFactory(city=year.city, state=MessageState.READ)
    client.force_login(MembershipFactory(gugus_tugas=True, city=year.city).user)

    address = reverse("public:message_settle", args=[year.city.slug, message.pk, "baru"])

    assert client.post(address).status_code == 404
