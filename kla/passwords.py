"""What a new password must be: long, and not among the first that somebody would try.

Length over classes of signs, a list of known ones, no change by the calendar: NIST SP 800-63B-4
(3.1.1.2), ASVS 5.0 (6.2). Passwords of before keep working; nothing is judged at signing in.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from cities.models import City

if TYPE_CHECKING:
    from cities.models import User

SHORTEST = 12
# Signs that have to stand beside whatever everybody knows of the person and the city.
OWN_SIGNS = 8
# By the estimate of zxcvbn, 10 to the power of this many guesses.
LEAST_GUESSES = 9
LONGEST_JUDGED = 72  # signs that zxcvbn looks at; what is longer is no easier
SITE_WORDS = ("kla", "kota", "kabupaten", "layak", "anak", "gugus", "tugas", "admin", "sandi")
# Words and names that Indonesians choose first; zxcvbn brings those of the world's leaks.
COMMON_WORDS = tuple((Path(__file__).parent / "common_words.txt").read_text("utf-8").split())


class LongEnough:
    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) < SHORTEST:
            raise ValidationError(
                _("Kata sandi ini %(length)d tanda; buat sedikitnya %(shortest)d."),
                code="password_too_short",
                params={"length": len(password), "shortest": SHORTEST},
            )

    def get_help_text(self) -> str:
        return _("Sedikitnya %(shortest)d tanda.") % {"shortest": SHORTEST}


class NotOfThePerson:
    """Not made of the person's name or address, a city's name or the site's own words."""

    def validate(self, password: str, user: User | None = None) -> None:
        rest = password.lower()
        for word in sorted(_words_around(user), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(re.sub(r"[\W_]", "", rest)) < OWN_SIGNS:
            raise ValidationError(
                _(
                    "Kata sandi ini hampir hanya berisi nama, e-mail, kota, atau kata situs ini. "
                    "Pakai beberapa kata yang tidak berhubungan dengan Anda."
                ),
                code="password_too_similar",
            )

    def get_help_text(self) -> str:
        return _("Tanpa nama Anda, e-mail, dan nama kota.")


class HardToGuess:
    """Not among the passwords of known leaks, nor a word or a row of keys with a few digits."""

    def validate(self, password: str, user: User | None = None) -> None:
        words = [*SITE_WORDS, *_words_around(user), *COMMON_WORDS]
        guessed = zxcvbn(password[:LONGEST_JUDGED], user_inputs=words)
        if guessed["guesses_log10"] < LEAST_GUESSES:
            raise ValidationError(
                _(
                    "Kata sandi ini mudah ditebak: termasuk yang pertama kali dicoba orang. "
                    "Pakai beberapa kata yang tidak berhubungan, misalnya empat."
                ),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return _("Bukan kata sandi yang umum atau urutan tombol.")


def _words_around(user: User | None) -> set[str]:
    """What everybody knows of the person and of where this is, in small letters."""
    texts = [*SITE_WORDS]
    if user is not None:
        invited = City.objects.filter(invitations__email=user.email)
        cities = City.objects.filter(memberships__user=user.pk) if user.pk else invited
        texts += [user.name, user.email, *cities.distinct().values_list("name", flat=True)]
    words = {word for text in texts for word in re.split(r"[\W_]+", text.lower())}
    return {word for word in words if len(word) >= 3}
