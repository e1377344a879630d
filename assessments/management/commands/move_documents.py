"""Move stored documents to where new ones go already."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.services.moving import Outcome, move_files

WORDS = {
    Outcome.MOVED: "dipindahkan",
    Outcome.ALREADY: "sudah ada di tempat baru",
    Outcome.GONE: "ditarik selagi dipindahkan",
    Outcome.DAMAGED: "rusak, tetap di tempat lama",
    Outcome.UNKNOWN: "tanpa pemilik, tetap di tempat lama",
}


class Command(BaseCommand):
    help = (
        "Move every document and preview from the place that KLA_DOCUMENTS_ALSO_FROM names to that "
        "of KLA_DOCUMENTS, each compared with its SHA-256. The site goes on meanwhile. Killed and "
        "started again it goes on where it stopped. Exit status 1 where a file had to stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--keep", action="store_true", help="Leave them in the old place as well."
        )

    def handle(self, *, keep: bool, **options: Any) -> None:
        places = getattr(storages["default"], "places", None)
        if places is None:
            raise CommandError(
                "KLA_DOCUMENTS_ALSO_FROM belum diisi, jadi tidak ada yang dipindahkan. Isi dengan "
                "tempat lama (folder atau s3), mulai ulang situs, lalu jalankan lagi.",
                returncode=2,
            )
        target, source = places
        done = move_files(source=source, target=target, keep=keep, told=self._tell)
        self._tell(done)
        if done[Outcome.DAMAGED] or done[Outcome.UNKNOWN]:
            raise CommandError(
                "Sebagian berkas tetap di tempat lama. Jalankan verify_documents untuk melihat yang "
                "mana, lalu pulihkan dari cadangan.",
                returncode=1,
            )

    def _tell(self, done: Counter[Outcome]) -> None:
        said = [f"{done[outcome]} {words}" for outcome, words in WORDS.items() if done[outcome]]
        self.stdout.write(", ".join(said) or "Tidak ada yang perlu dipindahkan.")
