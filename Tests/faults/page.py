# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""The page of results: one table for each group of faults, a row for each command."""

from pathlib import Path
import re

PAGE = Path(__file__).resolve().parent.parent.parent / "Documentation" / "reliability.md"
INTRODUCTION = """# Hard to break

A nightly job runs unattended on files that others made. This page says what the tool has to do when something
is wrong around it. A test runs every command under every fault, holds each run to the same promises, and writes
the table, here of a release build; "wrong" stands where a promise was broken. Known to be so:

- a sweep that is ended by a signal in the moment in which it makes its journal leaves `journal.sqlite-wal`
  there, which the next run takes in.

What it is held to:

- it ends: no run hangs, and none is ended by a signal but the one that it was sent;
- one clear message beginning with `breakwater: `, which names the file, and never a trace of the program;
- the exit status is of the list: 0 done, 65 bad data, 66 no such input, 70 our bug or too little memory,
  74 input/output;
- nothing is half-written: after a failure the old file is there, byte for byte, or none, and no temporary
  file. Only SIGKILL can leave `.NAME.PROCESS.partial`, which the next run into the same file removes;
- where the run succeeds, its bytes are those of an undisturbed run.

The cells show the statuses that were met; a signal stands where the run ends by it. A truncated or changed
text file can be good input by itself, hence 0 beside 65; files with digests (gzip, journals, parts, results)
are never taken in part, but for what is named above. A letter says why a pair is left out, a dash that no run
of it has been recorded, "skipped" that the machine could not make the fault.

    python3 Tests/faults/matrix.py .build/debug/breakwater             check (scripts/test --faults)
    python3 Tests/faults/matrix.py .build/release/breakwater --write Documentation/reliability.md
"""


def shown(statuses):
    """What a cell says: numbers in order, then the rest."""
    texts = ["skipped" if text.startswith("skipped") else text for text in statuses]
    parts = sorted({part for text in texts for part in text.split(", ")},
                   key=lambda part: (not part.isdigit(), part.zfill(4)))
    return " ".join(parts)


def groups(faults):
    """The faults under each heading, in order, no more than six in a table."""
    names = [fault[0] for fault in faults]
    return [(f"Table {number // 6 + 1}", names[number:number + 6]) for number in range(0, len(names), 6)]


def text(faults, commands, seen, counts, reasons):
    letters = {}
    for reason in reasons.values():
        letters.setdefault(reason, "abcdefgh"[len(letters)])
    lines = [INTRODUCTION, "## Faults", ""]
    for name, meaning, _, _ in faults:
        lines.append(f"- **{name}**: {meaning}")
    lines += ["", "The clock is moved by the dates of files, since the tool reads no other: durations come from a"
              " clock that only", "goes forward.", ""]
    lines += ["## Results", "", f"{sum(counts.values()):,} runs.", ""]
    for _, names in groups(faults):
        lines += ["| command | " + " | ".join(names) + " |", "| --- |" + " --- |" * len(names)]
        for command in commands:
            cells = [f"*{letters[reasons[name, command]]}*" if (name, command) in reasons
                     else shown(seen.get((name, command), {"–"})) for name in names]
            lines.append(f"| {command} | " + " | ".join(cells) + " |")
        lines.append("")
    lines += [f"*{letter}*: {reason}." + ("  " if place + 1 < len(letters) else "")
              for place, (reason, letter) in enumerate(letters.items())]
    return "\n".join(lines) + "\n"


def outline(page):
    """Commands, faults and what is left out: what has to be as the test has it."""
    rows = []
    for line in page.split("\n"):
        if line.startswith("| command "):
            rows.append(line)
        elif line.startswith("| "):
            command, *cells = line.strip("| ").split(" | ")
            rows.append((command, [cell if re.fullmatch(r"\*[a-z]\*", cell) else "" for cell in cells]))
        elif line.startswith(("- **", "*")):
            rows.append(line.rstrip())
    return rows
