# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Faults of the process and of what is around it: signals, limits, clock, language, time zone, network."""

import os
import signal
import subprocess
import time

from lab import Skipped, Wrong, check, same, wait_until

MEMORY_MB = (48, 96, 192, 384, 1024)
ZONES = ("Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", ":/nowhere")


def interrupted(case, lab):
    yield "", lambda: ended_by(case, lab, signal.SIGINT)


def terminated(case, lab):
    yield "", lambda: ended_by(case, lab, signal.SIGTERM)


def killed(case, lab):
    """SIGKILL, then the same command again: the bytes are those of an undisturbed run."""
    yield "then again", lambda: ended_by(case, lab, signal.SIGKILL)


def ended_by(case, lab, number):
    with lab.place() as place:
        before = place.snapshot()
        outcome = stopped(case, lab, place, number)
        after = place.snapshot()
        if outcome.hung:
            raise Wrong(f"did not end on signal {number}")
        if outcome.status != -number:
            raise Wrong(f"status {outcome.status}, expected the end by signal {number}: {outcome.err[-400:]}")
        # Journals hold what is finished; a killed process cannot remove what it was writing.
        leaves = [r"(out|unfinished)/journal\.sqlite"]
        if number == signal.SIGKILL:
            leaves += [r"(out|unfinished)/journal\.(sqlite.*|lock)", r"(.*/)?\.[^/]*\.partial(/.*)?"]
        if case.variant == "resume":
            # Whatever was finished meanwhile was added to it.
            for found in (before, after):
                found.pop("work/unfinished/journal.sqlite", None)
        check(case, before, after, outcome, {-number}, leaves=leaves)
        if number == signal.SIGKILL:
            again(case, lab, place)
        return "killed, 0" if number == signal.SIGKILL else f"signal {number}"


def again(case, lab, place):
    """The same command once more in what a killed one left."""
    words = (*case.long, "--resume") if case.command == "sweep" and case.long else case.words
    outcome = place.finish(place.start([lab.binary, *words]))
    after = place.snapshot()
    for name in after:
        if ".partial" in name:
            raise Wrong(f"{name} is left after the next run")
    if words == case.words:
        return same(case, lab, after, outcome)
    expected = lab.expected["sweep (resume)"].files
    if outcome.status != 0 or any(after.get(name.replace("unfinished", "out")) != data
                                  for name, data in expected.items()):
        raise Wrong(f"a resumed sweep differs from an undisturbed one, status {outcome.status}: {outcome.err}")


def stopped(case, lab, place, number):
    """Starts a case, sees to it that it cannot come to its end, and sends a signal."""
    words = case.long or case.words
    held = next((read for read in case.reads if read.pipe and not read.name.startswith("results")), None)
    if case.command == "sweep":
        return stopped_by_time(case, lab, place, number)
    if case.long and case.long[-1] != "-":
        process = place.start([lab.binary, *words])
        time.sleep(0.4)
        process.send_signal(number)
        return place.finish(process, 20)
    if held and not held.optional and not case.long:
        return stopped_at_reading(place, [lab.binary, *words], held.name, number)
    return stopped_at_writing(place, [lab.binary, *words], number)


def stopped_by_time(case, lab, place, number):
    """A sweep is met between two of its units."""
    process = place.start([lab.binary, *(case.long or case.words)])
    journal = place.path(case.writes[0]) / "journal.sqlite-wal"
    wait_until(lambda: process.poll() is not None or journal.exists(), 20)
    process.send_signal(number)
    outcome = place.finish(process, 30)
    return outcome


def stopped_at_reading(place, words, name, number):
    """One input is a pipe that gives half of the file and no end."""
    path = place.path(name)
    data = path.read_bytes()
    aside = path.with_name(path.name + ".aside")
    path.rename(aside)
    os.mkfifo(path)
    process = place.start(words)
    descriptor = []

    def opened():
        try:
            descriptor.append(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
            return True
        except OSError:
            return process.poll() is not None

    wait_until(opened)
    if descriptor:
        os.write(descriptor[0], data[:len(data) // 2])
        time.sleep(0.05)
    process.send_signal(number)
    outcome = place.finish(process, 20)
    for one in descriptor:
        os.close(one)
    path.unlink()
    aside.rename(path)
    return outcome


def stopped_at_writing(place, words, number):
    """Standard output is a pipe that is full and that nobody reads."""
    reading, writing = os.pipe()
    try:
        os.set_blocking(writing, False)
        try:
            while True:
                os.write(writing, b"x" * 4096)
        except BlockingIOError:
            pass
        os.set_blocking(writing, True)
        process = place.start(words, stdout=writing)
        time.sleep(0.25)
        process.send_signal(number)
        return place.finish(process, 20)
    finally:
        os.close(reading)
        os.close(writing)


def limited(case, lab, words, allowed, equal):
    with lab.place() as place:
        before = place.snapshot()
        outcome = place.run(case, wrapped=("bash", "-c", f'{words}; exec "$@"', "bash"))
        after = place.snapshot()
        leaves = ("unfinished/journal.*",) if case.variant == "resume" else ()
        if outcome.status == 127 and "error while loading shared libraries" in outcome.err:
            # The system's loader says so before the tool begins.
            outcome.status, outcome.err = 70, f"breakwater: {outcome.err}"
        check(case, before, after, outcome, allowed, leaves=leaves)
        if outcome.status == 0 and equal:
            same(case, lab, after, outcome)
        return outcome.status


def memory(case, lab):
    """Little address space (ulimit -v): either enough, or a message."""
    for size in MEMORY_MB:
        yield f"{size} MB", lambda size=size: little_memory(case, lab, size)


def little_memory(case, lab, size):
    return limited(case, lab, f"ulimit -v {size * 1024}", {0, 70, 74}, True)


def descriptors(case, lab):
    # All columns of a folder are written at once, each a file.
    allowed = {0, 74} if case.title == "convert" else {0}
    yield "16", lambda: limited(case, lab, "ulimit -n 16", allowed, True)


def clock(case, lab):
    """All files dated 1980 or 2100, as after a jump of the clock."""
    for name, moment in (("1980", 315_532_800), ("2100", 4_102_444_800)):
        yield name, lambda moment=moment: dated(case, lab, moment)


def dated(case, lab, moment):
    with lab.place() as place:
        for folder, folders, files in os.walk(place.folder):
            for name in folders + files:
                os.utime(os.path.join(folder, name), (moment, moment))
        return undisturbed(case, lab, place)


def undisturbed(case, lab, place, wrapped=(), environment=None):
    before = place.snapshot()
    outcome = place.run(case, wrapped, environment)
    after = place.snapshot()
    check(case, before, after, outcome, {0})
    same(case, lab, after, outcome)
    return outcome.status


def language(case, lab):
    """A language that writes 1,5 for 1.5."""
    def trial():
        if lab.locale is None:
            raise Skipped("no such locale can be made here (localedef)")
        with lab.place() as place:
            environment = lab.environment(LC_ALL="de_DE.UTF-8", LANG="de_DE.UTF-8", LOCPATH=lab.locale)
            return undisturbed(case, lab, place, environment=environment)

    yield "de_DE", trial


def zone(case, lab):
    def trial(name):
        with lab.place() as place:
            return undisturbed(case, lab, place, environment=lab.environment(TZ=name))

    for name in ZONES:
        yield name, lambda name=name: trial(name)


def network(case, lab):
    """A namespace without any network."""
    def trial():
        if subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode != 0:
            raise Skipped("no namespace without network can be made here")
        with lab.place() as place:
            return undisturbed(case, lab, place, wrapped=("unshare", "-rn"))

    yield "", trial
