# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Folders in which the tool is run under a fault, and what every run is held to."""

import os
from pathlib import Path
import re
import shutil
import signal
import subprocess
import tempfile
import time

LIMIT_S = 60
# What a program says that ended by itself rather than by us.
TRACES = re.compile(r"Fatal error|Crash|Stack dump|Traceback|\bThread \d+ crashed|terminate called|panic", re.I)
PARTIAL = re.compile(r"\.partial(\.old)?(/|$)|\.sqlite\.new$|-wal$|-shm$|\.lock$")


class Wrong(Exception):
    """A run that broke its promise; the text says how."""


class Skipped(Exception):
    """A trial that cannot be made here; the text says why."""


class Outcome:
    def __init__(self, status, out, err, hung):
        self.status, self.out, self.hung = status, out, hung
        self.err = err.decode("utf-8", "replace")


class Lab:
    """The binary, the folder with good inputs, and what each case makes of them."""

    def __init__(self, binary, root):
        self.binary = str(Path(binary).resolve())
        self.root = Path(root)
        self.fixture = self.root / "fixture"
        self.expected = {}
        self.mounts = False
        self.locale = None

    def place(self):
        return Place(self)

    def environment(self, **more):
        base = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "HOME": str(self.root),
                "BREAKWATER_REPORT": "none", "BREAKWATER_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        base.update(more)
        return base


class Place:
    """A copy of the good inputs in which one trial is made; removed at the end."""

    def __init__(self, lab):
        self.lab = lab
        self.outside = Path(tempfile.mkdtemp(prefix="place-", dir=lab.root))
        self.folder = self.outside / "work"
        shutil.copytree(lab.fixture, self.folder, symlinks=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.outside, ignore_errors=True)

    def path(self, name):
        return self.folder / name

    def command(self, case, wrapped=()):
        return [*wrapped, self.lab.binary, *case.words]

    def start(self, words, environment=None, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        return subprocess.Popen(words, cwd=self.folder, env=environment or self.lab.environment(),
                                start_new_session=True, **options)

    def finish(self, process, limit=LIMIT_S):
        try:
            out, err = process.communicate(timeout=limit)
            return Outcome(process.returncode, out or b"", err or b"", False)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            return Outcome(process.returncode, out or b"", err or b"", True)

    def run(self, case, wrapped=(), environment=None, limit=LIMIT_S, **options):
        return self.finish(self.start(self.command(case, wrapped), environment, **options), limit)

    def snapshot(self):
        """Every file below the outer folder with its bytes; folders, links and pipes with what they are."""
        found = {}
        for folder, folders, files in os.walk(self.outside):
            for name in folders + files:
                path = Path(folder) / name
                key = str(path.relative_to(self.outside))
                if path.is_symlink():
                    found[key] = "link to " + os.readlink(path)
                elif path.is_file():
                    found[key] = content(path)
                else:
                    found[key] = "folder" if path.is_dir() else "stream"
        return found


def content(path):
    """The bytes of a file, of a manifest all but what depends on the clock."""
    try:
        data = path.read_bytes()
    except PermissionError:
        return "closed"
    if path.name == "manifest.json":
        return b"\n".join(line for line in data.split(b"\n") if b'"wall_time_s"' not in line)
    if path.name == "report.xlsx":
        return "a workbook"
    return data


def outputs(case, found):
    """Of a snapshot what the case writes."""
    roots = tuple("work/" + name for name in case.writes)
    return {name: data for name, data in found.items()
            if any(name == root or name.startswith(root + "/") for root in roots)}


def check(case, before, after, outcome, allowed, names=(), leaves=()):
    """Holds a run to the promises; `leaves` are names of files that may be new although it failed."""
    shown = outcome.err.strip()[-600:]
    if outcome.hung:
        raise Wrong(f"hung; it had said: {shown}")
    if outcome.status not in allowed:
        raise Wrong(f"status {outcome.status}, expected one of {sorted(allowed)}: {shown}")
    if TRACES.search(outcome.err):
        raise Wrong(f"a trace in place of a message: {shown}")
    if outcome.status > 0:
        # A library may have said something before.
        if not re.search(r"^breakwater: ", outcome.err, re.M) or len(outcome.err) > 6000:
            raise Wrong(f"no clear message: {shown!r}")
        missing = [name for name in names if name not in outcome.err]
        if missing:
            raise Wrong(f"the message does not name {missing[0]}: {shown}")
    elif names and outcome.status == 0 and outcome.err and not outcome.err.startswith("breakwater: "):
        raise Wrong(f"a message of another form: {shown}")
    own = outputs(case, {**before, **after})
    for name, data in before.items():
        if name in own and outcome.status == 0:
            continue
        if after.get(name) != data:
            raise Wrong(f"{name} was changed, though the status is {outcome.status}")
    for name in after.keys() - before.keys():
        short = name.removeprefix("work/")
        if any(re.fullmatch(pattern, short) for pattern in leaves):
            continue
        if PARTIAL.search(name):
            raise Wrong(f"{short} is left behind")
        if outcome.status != 0 or name not in own:
            if not (after[name] == "folder" and short in case.writes):
                raise Wrong(f"{short} is new, though the status is {outcome.status}")


def same(case, lab, after, outcome, ignoring=()):
    """Compares what a run made with what the same command makes undisturbed."""
    expected = lab.expected[case.title]
    if outcome.status != 0:
        raise Wrong(f"status {outcome.status}, expected 0: {outcome.err.strip()[-600:]}")
    if not case.stable:
        return
    if case.prints and outcome.out != expected.out:
        raise Wrong("standard output differs from that of an undisturbed run")
    found = outputs(case, after)
    for name in sorted(found.keys() | expected.files.keys()):
        if not any(part in name for part in ignoring) and found.get(name) != expected.files.get(name):
            raise Wrong(f"{name} differs from that of an undisturbed run")


def wait_until(condition, seconds=20):
    """Whether something became true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.005)
    return False
