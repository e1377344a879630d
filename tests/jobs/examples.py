"""Jobs that tests ask for; what they did stands in `done`."""

from datetime import timedelta

from jobs.kinds import job

done = []
faults = []  # taken one by one and raised
meanwhile = []  # called one by one while the job runs


def forget():
    done.clear()
    faults.clear()
    meanwhile.clear()


@job("Contoh", hold=timedelta(minutes=5), tries=3)
def example(*arguments, now):
    if meanwhile:
        meanwhile.pop(0)()
    if faults:
        raise faults.pop(0)
    done.append((arguments, now()))


@job("Contoh lain")
def other(*, now):
    done.append(("other", now()))


no_job = example.function
