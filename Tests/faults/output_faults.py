# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Faults of where a command writes: devices, streams, full disks, other runs, modes of new files."""

import os
import shutil
import signal
import stat
import subprocess

from lab import Skipped, Wrong, check, same, wait_until


def redirected(case, lab, redirection, allowed, names=(), equal=False):
    """Runs a case with one of its streams changed by a shell."""
    with lab.place() as place:
        before = place.snapshot()
        outcome = place.run(case, wrapped=("bash", "-c", f'exec "$@" {redirection}', "bash"))
        after = place.snapshot()
        # Remarks on standard output come last, when files are complete.
        if outcome.status == 74 and case.writes:
            complete(case, lab, after)
            before = {**before, **{name: data for name, data in after.items()
                                   if name.startswith(tuple("work/" + one for one in case.writes))}}
        for found in (before, after):
            found.pop("work/unfinished/journal.sqlite", None)
        if "2>" in redirection:
            outcome.err = "breakwater: nobody hears it"
        check(case, before, after, outcome, allowed, names)
        if equal:
            if outcome.status == 0:
                outcome.out = lab.expected[case.title].out
            same(case, lab, after, outcome)
        return outcome.status


def complete(case, lab, after):
    """Nothing that a command writes is there in part."""
    if not case.stable:
        return
    for name, data in lab.expected[case.title].files.items():
        found = after.get(name)
        if found not in (None, data) and found != b"old\n" and "journal" not in name:
            raise Wrong(f"{name} is neither the old one nor complete")


def full_device(case, lab):
    """/dev/full as the output and as standard output."""
    if case.prints or not case.writes or case.folders or case.command == "report":
        talks = bool(lab.expected[case.title].out)
        yield "standard output", lambda: redirected(case, lab, "> /dev/full", {74} if talks else {0})
    for name in case.writes:
        if not case.folders and case.command != "report":
            yield name, lambda name=name: device(case, lab, name)


def device(case, lab, name):
    with lab.place() as place:
        words = tuple("/dev/full" if word == name else word for word in case.words)
        before = place.snapshot()
        outcome = place.finish(place.start([lab.binary, *words]))
        after = place.snapshot()
        before.update({f"work/{one}": after[f"work/{one}"] for one in case.writes if one != name})
        # A folder is converted into what is called .csv.
        allowed, said = ({64}, ()) if case.variant == "to CSV" else ({74}, ("/dev/full",))
        check(case, before, after, outcome, allowed, said)
        return outcome.status


def closed_streams(case, lab):
    """Standard output, standard error and standard input closed; a reader that has gone."""
    talks = bool(lab.expected[case.title].out)
    yield "standard output", lambda: redirected(case, lab, ">&-", {74} if talks else {0}, equal=not talks)
    yield "standard error", lambda: redirected(case, lab, "2>&-", {0}, equal=True)
    yield "standard input", lambda: redirected(case, lab, "<&-", {0}, equal=True)
    yield "output and error", lambda: redirected(case, lab, ">&- 2>&-", {74} if talks else {0}, equal=not talks,)
    yield "reader gone", lambda: without_reader(case, lab)


def without_reader(case, lab):
    with lab.place() as place:
        reading, writing = os.pipe()
        os.close(reading)
        before = place.snapshot()
        process = place.start(place.command(case), stdout=writing)
        os.close(writing)
        outcome = place.finish(process)
        after = place.snapshot()
        check(case, before, after, outcome, {0})
        complete(case, lab, after)
        return outcome.status


def no_space(case, lab):
    """A small file system that is full; where none can be mounted, the trial is left out."""
    yield "file system", lambda: on_full_disk(case, lab)
    yield "file size limit", lambda: under_size_limit(case, lab)


def on_full_disk(case, lab):
    if not lab.mounts:
        raise Skipped("no file system can be mounted here")
    with lab.place() as place:
        # Some commands write where they read.
        inner = case.writes[0].split("/")[0] if case.writes else ""
        reads = any(read.name.startswith(inner + "/") for read in case.reads)
        target = place.path(inner if reads else "full")
        words = [case_word if reads or case_word not in case.writes else "full/" + case_word
                 for case_word in case.words]
        aside = place.outside / "aside"
        if reads:
            target.rename(aside)
        target.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m" if reads else "size=64k", "none", target], check=True)
        try:
            if reads:
                shutil.copytree(aside, target, dirs_exist_ok=True)
            fill(target / "filler")
            with open(target / "printed", "wb") as printed:
                before = place.snapshot()
                outcome = place.finish(place.start([lab.binary, *words], stdout=printed))
            after = place.snapshot()
            allowed = {74} if case.writes or lab.expected[case.title].out else {0}
            if reads:
                # A log that was merged into its journal, say.
                for found in (before, after):
                    found.pop("work/unfinished/journal.sqlite", None)
            check(case, before, after, outcome, allowed, leaves=("full/out",))
        finally:
            subprocess.run(["umount", "-l", target], check=False)
        return outcome.status


def fill(path):
    """Leaves no room on the file system of a new file."""
    with open(path, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass


def under_size_limit(case, lab):
    """No file may grow at all, which stands for a disk that is full."""
    with lab.place() as place:
        before = place.snapshot()
        outcome = place.run(case, wrapped=("bash", "-c", 'ulimit -f 0; exec "$@"', "bash"))
        after = place.snapshot()
        leaves = ("unfinished/journal.sqlite.*",) if case.variant == "resume" else ()
        check(case, before, after, outcome, {74} if case.writes else {0}, leaves=leaves)
        return outcome.status


def two_at_once(case, lab):
    """The first run is a sweep that writes into the folder; the second one is this command."""
    yield "during a sweep", lambda: second(case, lab)


def second(case, lab):
    with lab.place() as place:
        folder = case.writes[0]
        if case.variant == "resume":
            folder = "unfinished"
        first = place.start([lab.binary, "sweep", "long.toml", "-o", folder, "--fresh", "-q"])
        try:
            lock = place.path(folder) / "journal.lock"
            if not wait_until(lambda: lock.exists() and (place.path(folder) / "journal.sqlite").exists()):
                raise Wrong(f"the first run has no lock: {place.finish(first, 1).err}")
            before = place.snapshot()
            outcome = place.run(case)
            after = place.snapshot()
            # The first run goes on meanwhile.
            for found in (before, after):
                for name in [name for name in found if "/journal" in name]:
                    del found[name]
            check(case, before, after, outcome, {74}, (f"process {first.pid} on ",))
        finally:
            first.send_signal(signal.SIGKILL)
            place.finish(first)
        return outcome.status


def umask(case, lab):
    """New files and folders have the modes that the user's umask leaves."""
    for mask in (0o027, 0o077):
        yield f"{mask:03o}", lambda mask=mask: masked(case, lab, mask)


def masked(case, lab, mask):
    with lab.place() as place:
        for name in case.writes:
            if place.path(name).is_file():
                place.path(name).unlink()
        before = place.snapshot()
        outcome = place.run(case, umask=mask)
        after = place.snapshot()
        check(case, before, after, outcome, {0})
        for name in after.keys() - before.keys():
            path = place.outside / name
            mode = stat.S_IMODE(path.stat().st_mode)
            wanted = (0o777 if path.is_dir() else 0o666) & ~mask
            if mode != wanted:
                raise Wrong(f"{name} has mode {mode:03o} under umask {mask:03o}, expected {wanted:03o}")
        return outcome.status
