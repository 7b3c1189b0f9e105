# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Faults of the files that a command reads. Each function gives the trials of a case: a name and what to do."""

import errno
import os
import threading
import time

from cases import COLUMN, SEALED
from lab import Wrong, check, same

PIECES = 64
FLIPS = 24


def faulty(case, read, lab, harm, allowed, names=True, prefix=()):
    """Runs a case after `harm` was done to one of its files."""
    with lab.place() as place:
        harm(place.path(read.name))
        before = place.snapshot()
        outcome = place.run(case, wrapped=prefix)
        after = place.snapshot()
        # A file in a folder is named with it or by its folder.
        name = (read.name,) if names and read.named and 0 not in allowed else ()
        if case.variant == "columns" or case.variant == "to CSV" or case.command == "merge":
            name = tuple(one.split("/")[-1 if case.command == "merge" else 0] for one in name)
        check(case, before, after, outcome, allowed, name)
        return outcome


def missing(case, lab):
    for read in case.reads:
        # A file that may be left out changes nothing but what is made of it.
        yield read.name, lambda read=read: faulty(case, read, lab, lambda path: path.unlink(), read.missing).status


def unreadable(case, lab):
    """The mode 000, met as an ordinary user: the superuser may read everything."""
    for read in case.reads:
        yield read.name, lambda read=read: as_nobody(case, read, lab)


def as_nobody(case, read, lab):
    with lab.place() as place:
        place.path(read.name).chmod(0)
        options = {}
        if os.geteuid() == 0:
            for folder, folders, files in os.walk(place.outside):
                for name in [folder] + [os.path.join(folder, one) for one in folders + files]:
                    os.chown(name, 65534, 65534, follow_symlinks=False)
            options = {"user": 65534, "group": 65534, "extra_groups": []}
        before = place.snapshot()
        outcome = place.run(case, **options)
        allowed = read.missing if 0 not in read.missing else (65, 66)
        check(case, before, place.snapshot(), outcome, {*allowed, 66, *((0,) if read.optional else ())})
        return outcome.status


def folder(case, lab):
    def harm(path):
        path.unlink()
        path.mkdir()

    for read in case.reads:
        # Two folders to be converted are a wrong command line.
        allowed = {64 if case.title == "convert" else 65, 66, *((0,) if read.optional else ())}
        yield read.name, lambda read=read, allowed=allowed: faulty(case, read, lab, harm, allowed).status


def empty(case, lab):
    def harm(path):
        path.write_bytes(b"")

    for read in case.reads:
        yield read.name, lambda read=read: faulty(case, read, lab, harm, read.empty).status


def truncated(case, lab):
    """Every sixty-fourth part of a file, and all but its last byte."""
    for read in case.reads:
        size = lab.fixture.joinpath(read.name).stat().st_size
        for cut in sorted({size * piece // PIECES for piece in range(1, PIECES)} | {size - 1}):
            yield f"{read.name} after {cut} bytes", lambda read=read, cut=cut: cut_off(case, read, lab, cut)


def cut_off(case, read, lab, cut):
    whole = lab.fixture.joinpath(read.name).read_bytes()
    good = {65} if read.kind in (SEALED, COLUMN) else {0, 65, 66}
    if read.kind == SEALED and whole[cut:].strip() == b"":
        good.add(0)
    outcome = faulty(case, read, lab, lambda path: path.write_bytes(whole[:cut]), good, names=False)
    if outcome.status == 0 and read.kind != SEALED and not whole[:cut].endswith(b"\n") and cut < len(whole) - 1:
        if "line" not in outcome.err:
            raise Wrong(f"took a last line that was cut off at {cut}, without a warning")
    return outcome.status


def flipped(case, lab):
    """Single bits of a file, spread over the whole of it."""
    for read in case.reads:
        size = lab.fixture.joinpath(read.name).stat().st_size
        for place in range(FLIPS):
            offset, bit = (2 * place + 1) * size // (2 * FLIPS), place * 5 % 8
            yield (f"{read.name} byte {offset} bit {bit}",
                   lambda read=read, offset=offset, bit=bit: flip(case, read, lab, offset, bit))


def flip(case, read, lab, offset, bit):
    def harm(path):
        data = bytearray(path.read_bytes())
        data[offset] ^= 1 << bit
        path.write_bytes(data)

    # In a file of SQLite or gzip there are bytes that mean nothing: then the results are the same.
    good = {0, 65} if read.kind == SEALED else {0, 65, 66}
    with lab.place() as place:
        harm(place.path(read.name))
        before = place.snapshot()
        outcome = place.run(case)
        after = place.snapshot()
        check(case, before, after, outcome, good)
        if outcome.status == 0 and read.kind == SEALED:
            same(case, lab, after, outcome)
        return outcome.status


def link_loop(case, lab):
    def harm(path):
        path.unlink()
        path.symlink_to(path.name)

    for read in case.reads:
        allowed = {66, *(read.missing if read.missing != (66,) else ()), *((0,) if read.optional else ())}
        if read.name.endswith(".sqlite"):
            allowed |= {65, 74}
        yield read.name, lambda read=read, allowed=allowed: faulty(case, read, lab, harm, allowed).status


def feed(path, data, ended):
    """Gives data to the first who opens a pipe for reading; a thread."""
    while not ended.is_set():
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                return
            time.sleep(0.002)
            continue
        os.set_blocking(descriptor, True)
        try:
            view = memoryview(data)
            while view and not ended.is_set():
                view = view[os.write(descriptor, view):]
        except BrokenPipeError:
            pass
        os.close(descriptor)
        return


def piped(case, read, lab, data, allowed, equal):
    with lab.place() as place:
        path = place.path(read.name)
        path.unlink()
        os.mkfifo(path)
        ended = threading.Event()
        writer = threading.Thread(target=feed, args=(path, data, ended))
        writer.start()
        before = place.snapshot()
        try:
            outcome = place.run(case, limit=15)
        finally:
            ended.set()
            writer.join()
        after = place.snapshot()
        check(case, before, after, outcome, allowed)
        if equal and outcome.status == 0:
            # What passes by has no digest.
            same(case, lab, after, outcome, ignoring=("manifest.json",))
        return outcome.status


def pipe(case, lab):
    """A named pipe in place of a file, with a writer that gives the same bytes."""
    for read in case.reads:
        data = lab.fixture.joinpath(read.name).read_bytes()
        allowed = {0} if read.pipe and not read.optional and read.kind != SEALED else {0, 65, 66, 74}
        yield read.name, lambda read=read, data=data, allowed=allowed: piped(case, read, lab, data, allowed, True)


def empty_pipe(case, lab):
    """A named pipe whose writer closes it at once."""
    for read in case.reads:
        allowed = set(read.empty) if read.pipe and not read.optional else {0, 65, 66, 74}
        yield read.name, lambda read=read, allowed=allowed: piped(case, read, lab, b"", allowed, False)
