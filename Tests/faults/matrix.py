# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""`matrix.py BINARY [--write PAGE] [--only WORD] [--results FILE]`: every command under every fault.

Ends with status 1 when a run broke a promise, or when the page of results has other commands or faults. With a file
of results the faults may be tried in several runs of one binary: what the file has of others is kept."""

import argparse
from concurrent.futures import ThreadPoolExecutor
import hashlib
import json
import os
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile
import time

import input_faults as inputs
import names
import output_faults as outs
import process_faults as processes
from cases import CASES, commands, commands_of_the_tool
from fixture import build
from lab import Lab, Skipped, Wrong
import page
import supply

NO_FILE = "reads no file"
NO_OUTPUT = "writes no file"
WHOLE = "what it writes appears whole under its name, so of two runs the later one stands"
IN_FOLDER = "says nothing on standard output and names its files itself, in a folder: see *no space*"
NO_NAMES = "takes no names from files"


def needs_files(case):
    return None if case.reads else NO_FILE


def needs_stream(case):
    return IN_FOLDER if case.command in ("report", "convert") and case.folders or case.command == "report" else None


def needs_lock(case):
    return None if case.locks else WHOLE if case.writes else NO_OUTPUT


def needs_output(case):
    return None if case.writes else NO_OUTPUT


def needs_names(case):
    return None if names.hostile(case) else NO_NAMES if case.reads else NO_FILE


def always(_):
    return None


# Name, what it is, the trials, and why a case is left out.
FAULTS = (
    ("missing", "a file that it reads is not there", inputs.missing, needs_files),
    ("unreadable", "the file may not be read (mode 000, as an ordinary user)", inputs.unreadable, needs_files),
    ("folder", "a folder in place of the file", inputs.folder, needs_files),
    ("empty", "a file of 0 bytes", inputs.empty, needs_files),
    ("truncated", "cut off after every 64th part, and before the last byte", inputs.truncated, needs_files),
    ("bit flips", "one bit changed, at 24 places of the file", inputs.flipped, needs_files),
    ("link loop", "a symbolic link to itself", inputs.link_loop, needs_files),
    ("pipe", "a named pipe that gives the same bytes", inputs.pipe, needs_files),
    ("empty pipe", "a named pipe that is closed at once", inputs.empty_pipe, needs_files),
    ("full device", "/dev/full as output or standard output", outs.full_device, needs_stream),
    ("closed streams", "standard output, error or input closed; the reader gone", outs.closed_streams, always),
    ("no space", "a full file system; a limit of 0 bytes on files (`ulimit -f`)", outs.no_space, needs_output),
    ("two at once", "a sweep writes into the folder already", outs.two_at_once, needs_lock),
    ("umask", "umask 027 and 077", outs.umask, needs_output),
    ("SIGINT", "while it reads, computes or writes", processes.interrupted, always),
    ("SIGTERM", "the same", processes.terminated, always),
    ("SIGKILL", "the same; then the command again (a sweep with `--resume`)", processes.killed, always),
    ("memory", "`ulimit -v` of 48 to 1,024 MB", processes.memory, always),
    ("descriptors", "`ulimit -n 16`", processes.descriptors, always),
    ("clock", "all files dated 1980, or 2100", processes.clock, needs_files),
    ("decimal comma", "the locale de_DE.UTF-8", processes.language, always),
    ("time zone", "four values of TZ, one of them wrong", processes.zone, always),
    ("no network", "a namespace without network (`unshare -rn`)", processes.network, always),
    ("names", "accounts, assets and scenarios called `../../x`, `/x` or as a shell command", names.escapes,
     needs_names),
)


def trial(function):
    """The outcome of one trial: what is shown, and what is wrong."""
    try:
        return str(function()), None
    except Skipped as reason:
        return f"skipped: {reason}", None
    except Wrong as problem:
        return "wrong", str(problem)
    except Exception as problem:  # A trial that fails by itself is a failure, not the end of the run.
        return "wrong", f"{type(problem).__name__}: {problem}"


def run(lab, only):
    """Results by fault and command: what was seen, how many trials; and the problems."""
    planned = []
    for name, _, trials, reason in FAULTS:
        for case in CASES:
            if only and not any(word in f"{name}: {case.title}" for word in only):
                continue
            if reason(case) is None:
                planned += [(name, case, label, function) for label, function in trials(case, lab)]
    seen, counts, problems = {}, {}, []
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        for (name, case, label, _), (shown, problem) in zip(planned, pool.map(lambda one: trial(one[3]), planned)):
            key = (name, case.command)
            seen.setdefault(key, set()).add(shown)
            counts[key] = counts.get(key, 0) + 1
            if problem:
                problems.append(f"{name}: {case.title}{': ' + label if label else ''}: {problem}")
                print(problems[-1], flush=True)
    return seen, counts, problems


def left_out():
    """The reason for every fault and command of which no case is tried."""
    reasons = {}
    for name, _, _, reason in FAULTS:
        for command in commands():
            found = [reason(case) for case in CASES if case.command == command]
            if all(found):
                reasons[name, command] = found[0]
    return reasons


def together(path, binary, seen, counts):
    """Results of this run and of earlier ones of the same binary, which the file then has."""
    digest = hashlib.sha256(Path(binary).read_bytes()).hexdigest()
    kept = json.loads(path.read_text()) if path.exists() else {}
    if kept.get("binary") != digest:
        kept = {"binary": digest, "pairs": {}}
    for (name, command), texts in seen.items():
        kept["pairs"][f"{name}\t{command}"] = [sorted(texts), counts[name, command]]
    path.write_text(json.dumps(kept, indent=1))
    pairs = {tuple(key.split("\t")): pair for key, pair in kept["pairs"].items()}
    return {key: set(texts) for key, (texts, _) in pairs.items()}, {key: count for key, (_, count) in pairs.items()}


def prepare(lab):
    """Finds out what this machine allows."""
    place = lab.root / "mount"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", place], capture_output=True)
    lab.mounts = made.returncode == 0
    if lab.mounts:
        subprocess.run(["umount", place], check=True)
    locales = lab.root / "locales"
    locales.mkdir()
    if shutil.which("localedef"):
        words = ["localedef", "-i", "de_DE", "-f", "UTF-8", str(locales / "de_DE.UTF-8")]
        if subprocess.run(words, capture_output=True).returncode == 0:
            lab.locale = str(locales)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("binary")
    arguments.add_argument("--write", metavar="PAGE")
    arguments.add_argument("--only", metavar="WORD", action="append", help="faults or commands with this word")
    arguments.add_argument("--results", metavar="FILE", type=Path, help="results of several runs, in JSON")
    options = arguments.parse_args()
    start = time.monotonic()
    root = tempfile.mkdtemp(prefix="breakwater-faults-")
    try:
        os.chmod(root, 0o755)
        lab = Lab(options.binary, root)
        known = commands_of_the_tool(
            lambda *words: subprocess.run([lab.binary, *words, "--help"], capture_output=True, text=True).stdout)
        problems = [f"the matrix has no '{name}'" for name in known if name not in commands()]
        problems += [f"the tool has no '{name}'" for name in commands() if name not in known]
        doctor = subprocess.run([lab.binary, "doctor"], capture_output=True, text=True).stdout
        problems += supply.problems(doctor)
        print("".join(problem + "\n" for problem in problems), end="")
        prepare(lab)
        build(lab)
        seen, counts, wrong = run(lab, options.only)
        problems += wrong
        tried = sum(counts.values()), len(counts)
        if options.results:
            seen, counts = together(options.results, options.binary, seen, counts)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    skipped = sorted({text for texts in seen.values() for text in texts if text.startswith("skipped")})
    text = page.text(FAULTS, commands(), seen, counts, left_out())
    if options.write:
        Path(options.write).write_text(text)
    elif not options.only and page.outline(page.PAGE.read_text()) != page.outline(text):
        problems.append(f"{page.PAGE}: has other commands or faults; write it again with --write")
        print(problems[-1])
    for line in skipped:
        print(line)
    print(f"fault matrix: {tried[0]} runs of {tried[1]} pairs of {len(commands())} commands and"
          f" {len(FAULTS)} faults in {time.monotonic() - start:.0f} s, {len(problems)} wrong")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
