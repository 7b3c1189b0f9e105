# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Whether Documentation/licences.md and `breakwater doctor` state the same versions of libraries."""

from pathlib import Path
import re

PAGE = Path(__file__).resolve().parent.parent.parent / "Documentation" / "licences.md"


def stated():
    """Name and tested version of the first and the third table of the page."""
    rows = re.findall(r"^\| ([^|]+?) \| ([0-9][0-9.]*) \| [^|]+ \| [^|]+ \| [^|]+ \|$", PAGE.read_text(), re.M)
    return dict(rows)


def doctor(text):
    """Name and tested version of every library that `doctor` lists."""
    found = {}
    for line in text.split("\n"):
        match = re.match(r"(\S+)  +([0-9][0-9.]*)  +\S", line)
        if match:
            found[match[1]] = match[2]
    return found


def problems(text):
    """What `doctor` and the page do not agree on."""
    page, own = stated(), doctor(text)
    if not own:
        return ["doctor lists no library with the version that was tested"]
    return [f"{name}: {PAGE.name} has {page.get(name)}, doctor {own.get(name)}" for name in sorted({*page, *own})
            if page.get(name) != own.get(name)]
