"""Meetings leave this package for `meetings`, whose 0001 takes them over where they stand.

No table changes but that of commitments, which tell in words where they were given. Its column
`meeting_id` stays for the version that still writes it while this runs; nothing reads it any
more, and a later release may drop it.
"""

from zoneinfo import ZoneInfo

from django.db import migrations, models

from figures.numbers import format_date


def tell_occasions(apps, schema_editor):
    """The title and day, in the city, of the meeting that a commitment named."""
    commitments = apps.get_model("taskforce", "Commitment").objects.filter(occasion="")
    for commitment in commitments.exclude(meeting=None).select_related("meeting", "city").iterator():
        meeting = commitment.meeting
        day = meeting.starts_at.astimezone(ZoneInfo(commitment.city.timezone)).date()
        commitment.occasion = f"{meeting.title}, {format_date(day)}"
        commitment.save(update_fields=["occasion"])


class Migration(migrations.Migration):

    dependencies = [
        ('taskforce', '0001_taskforce'),
    ]

    operations = [
        migrations.AddField(
            model_name='commitment',
            name='occasion',
            field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='disampaikan pada'),
        ),
        migrations.RunPython(tell_occasions, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name='commitment', name='meeting'),
                migrations.DeleteModel(name='Decision'),
                migrations.DeleteModel(name='Attendance'),
                migrations.DeleteModel(name='Addendum'),
                migrations.DeleteModel(name='Photo'),
                migrations.DeleteModel(name='Meeting'),
            ],
        ),
    ]
