# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""`endurance.py BINARY [--sweeps N] [--stops N]`: many sweeps in a row, and one that is stopped again and again.

N sweeps run one after the other in one tree of folders: the number of files, the descriptors that are open at the
end of a run and the memory do not grow. A long sweep is stopped by SIGINT and SIGKILL in turn until it is done: its
files are those of the sweep that nobody disturbed."""

import argparse
import os
from pathlib import Path
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from fixture import GOLDEN, INPUTS, write_specs
from lab import Lab, content

FOLDERS = 10


def watched(lab, words, folder):
    """Runs the tool; gives the largest number of open descriptors that was seen, and its peak memory in kB."""
    process = subprocess.Popen([lab.binary, *words], cwd=folder, env=lab.environment(), stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    most = 0
    while True:
        try:
            most = max(most, len(os.listdir(f"/proc/{process.pid}/fd")))
        except OSError:
            pass
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        time.sleep(0.001)
    said = process.stderr.read().decode()
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"endurance: {' '.join(words)}: status {process.returncode}: {said}")
    return most, usage.ru_maxrss


def files_below(folder):
    return {str(path.relative_to(folder)): content(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def many_sweeps(lab, folder, count):
    """Sweeps into ten folders in turn, each run anew."""
    descriptors, memory, trees = [], [], []
    for number in range(count):
        most, peak = watched(lab, ["sweep", "spec.toml", "-o", f"tree/{number % FOLDERS}", "--fresh", "-q"], folder)
        descriptors.append(most)
        memory.append(peak)
        if number >= FOLDERS - 1 and number % FOLDERS == FOLDERS - 1:
            trees.append(files_below(folder / "tree"))
    problems = []
    if any(tree != trees[0] for tree in trees):
        problems.append("the files of the tree changed or grew")
    part = max(1, min(20, count // 2))
    first, last = statistics.median(memory[:part]), statistics.median(memory[-part:])
    if last > first * 1.05:
        problems.append(f"memory grew from {first} to {last} kB")
    if max(descriptors[-part:]) > max(descriptors[:part]):
        problems.append(f"descriptors grew from {max(descriptors[:part])} to {max(descriptors[-part:])}")
    print(f"endurance: {count} sweeps, {len(trees[0])} files in {FOLDERS} folders throughout, at most"
          f" {max(descriptors)} descriptors, peak memory {first / 1024:.1f} MB at first and {last / 1024:.1f} MB at"
          " last (medians)")
    return problems


def stopped_sweep(lab, folder, stops):
    """Stops a sweep by SIGINT and SIGKILL in turn, at random moments; begins anew when it got to its end."""
    words = ["sweep", "endure.toml", "-q"]
    start = time.monotonic()
    watched(lab, [*words, "-o", "whole"], folder)
    whole, duration = files_below(folder / "whole"), time.monotonic() - start
    draw, done, finished, problems = random.Random(8), 0, 0, []
    while done < stops:
        process = subprocess.Popen([lab.binary, *words, "-o", "cut", "--resume"], cwd=folder, env=lab.environment(),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        number = signal.SIGINT if done % 2 else signal.SIGKILL
        try:
            process.wait(draw.uniform(0.01, duration / 6))
        except subprocess.TimeoutExpired:
            process.send_signal(number)
        status = process.wait()
        if status == -number:
            done += 1
        elif status == 0:
            finished += 1
            problems += differences(folder, whole)
            shutil.rmtree(folder / "cut")
        else:
            problems.append(f"status {status} in place of the end by signal {number}")
            break
    watched(lab, [*words, "-o", "cut", "--resume"], folder)
    problems += differences(folder, whole)
    print(f"endurance: a sweep of {duration:.1f} s stopped {done} times (SIGKILL and SIGINT in turn), run to its end"
          f" {finished + 1} times: the files of an undisturbed run")
    return problems


def differences(folder, whole):
    found = files_below(folder / "cut")
    return [f"cut/{name} is not that of an undisturbed run" for name in sorted(found.keys() | whole.keys())
            if found.get(name) != whole.get(name)]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("binary")
    arguments.add_argument("--sweeps", type=int, default=1000)
    arguments.add_argument("--stops", type=int, default=200)
    options = arguments.parse_args()
    root = Path(tempfile.mkdtemp(prefix="breakwater-endurance-"))
    try:
        lab = Lab(options.binary, root)
        for name in INPUTS:
            shutil.copy(GOLDEN / name, root / name)
        spec = (root / "spec.toml").read_text()
        write_specs(root, spec)
        long = (root / "some.toml").read_text().replace("steps = 60", "steps = 1500").replace("best 2", "none")
        (root / "endure.toml").write_text(long)
        problems = many_sweeps(lab, root, max(options.sweeps, 2 * FOLDERS))
        problems += stopped_sweep(lab, root, options.stops)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    for problem in problems:
        print(f"endurance: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
