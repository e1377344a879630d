import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from clusters.mapping_files import GroupSpec, MappingSpec, write
from clusters.mappings import groups_of
from clusters.models import Mapping


class Command(BaseCommand):
    help = "Write a mapping in which everything is confirmed as a file to review and to load."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("before", help="The code of the earlier instrument.")
        parser.add_argument("after", help="The code of the later instrument.")

    def handle(self, *, before: str, after: str, **options: Any) -> None:
        mapping = Mapping.objects.filter(before__code=before, after__code=after).first()
        if mapping is None:
            self.stderr.write(_("Pemetaan itu belum ada."))
            sys.exit(2)
        groups = groups_of(mapping)
        waiting = sum(not group.is_confirmed for group in groups)
        if waiting:
            self.stderr.write(_("%(count)d pasangan belum dipastikan.") % {"count": waiting})
            sys.exit(1)
        spec = MappingSpec(
            before,
            after,
            tuple(
                GroupSpec(
                    group.kind,
                    tuple(question.code for question in group.before),
                    tuple(question.code for question in group.after),
                )
                for group in groups
            ),
        )
        self.stdout.write(write(spec), ending="")
