# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""The good inputs that every trial begins with, made of the golden files by the tool itself."""

import gzip
import os
from pathlib import Path
import shutil
import signal
import subprocess

from cases import CASES
from lab import outputs, wait_until

GOLDEN = Path(__file__).resolve().parent.parent / "BreakwaterCommandsTests" / "Golden"
INPUTS = ("book.csv", "prices.csv", "fall.csv", "dip.csv", "spec.toml")
WHALE = """{"crossMarginSummary": {"accountValue": "161000.0", "totalRawUsd": "41000.0"},
 "marginSummary": {"accountValue": "161000.0", "totalRawUsd": "41000.0"}, "crossMaintenanceMarginUsed": "1500.0",
 "withdrawable": "0.0", "time": 1700000000000,
 "assetPositions": [
  {"type": "oneWay", "position": {"coin": "BTC", "szi": "2.0", "entryPx": "59000.0", "positionValue": "120000.0",
    "leverage": {"type": "cross", "value": 5}}}]}
"""
TABLE = "user,collateral,debt\na,10,900\nb,3.5,120.25\nc,0.25,1\n"
MAPPING = """[import]
venue = "kamino"
account = "user"
[[import.legs]]
leg = "deposit"
asset = "SOL"
quantity = "collateral"
[[import.legs]]
leg = "borrow"
asset = "USDC"
quantity = "debt"
"""


class Expected:
    """What a case gives when nothing is wrong."""

    def __init__(self, outcome, files):
        self.out, self.err, self.files = outcome.out, outcome.err, files


def build(lab):
    """Makes the fixture and runs every case once."""
    folder = lab.fixture
    folder.mkdir(parents=True)
    for name in INPUTS:
        shutil.copy(GOLDEN / name, folder / name)
    book = (folder / "book.csv").read_bytes()
    with gzip.GzipFile(folder / "book.csv.gz", "wb", mtime=0) as file:
        file.write(book)
    spec = (folder / "spec.toml").read_text()
    write_specs(folder, spec)
    (folder / "shocks.csv").write_text("scenario,BTC,SOL\nfall,-0.2,-0.3\ncrash,-0.5,-0.6\nrise,0.1,0.25\n")
    (folder / "whale.json").write_text(WHALE)
    (folder / "accounts.csv").write_text(TABLE)
    (folder / "mapping.toml").write_text(MAPPING)
    lines = book.decode().split("\n")
    perps = [line for line in lines[1:] if line.startswith("btc-")]
    (folder / "perps.csv").write_text("\n".join([lines[0], *perps]) + "\n")
    tool(lab, "venues", output="venues.toml")
    tool(lab, "convert", "book.csv", "book_npy", "-q")
    tool(lab, "sweep", "spec.toml", "-o", "results", "-q")
    tool(lab, "sweep", "other.toml", "-o", "other", "-q")
    for shard in ("1/2", "2/2"):
        tool(lab, "sweep", "spec.toml", "-o", "parts", "--shard", shard, "-q")
    (folder / "out.csv").write_text("old\n")
    (folder / "made.csv").write_text("old\n")
    interrupt(lab)
    for case in CASES:
        with lab.place() as place:
            outcome = place.run(case)
            if outcome.status != 0:
                raise SystemExit(f"{case.title}: status {outcome.status} without a fault: {outcome.err}")
            lab.expected[case.title] = Expected(outcome, outputs(case, place.snapshot()))


def write_specs(folder, spec):
    """Variants of the golden spec."""
    (folder / "other.toml").write_text(spec.replace("[0.02, 0.06]", "[0.02, 0.05]"))
    longer = spec.replace("seed = 2020", "seed = 2020\ngenerate = 62\nhorizon_s = 3600\nstep_s = 1")
    longer = longer.replace('"all"', '"best 2"')
    for name, steps in (("some.toml", 60), ("long.toml", 20_000)):
        (folder / name).write_text(longer.replace("[0.02, 0.06]", f"{{ from = 0.01, to = 0.9, steps = {steps} }}"))
    (folder / "vault.toml").write_text(spec.replace("auction.kappa_bps_per_s = [2, 20]", ""))
    cascade = spec.replace("book.csv", "perps.csv").replace("auction.kappa_bps_per_s = [2, 20]", "")
    cascade = cascade.replace("[settings]", '[settings]\nsimulation.mode = "cascade"\nprotection.enabled = 0')
    (folder / "cascade.toml").write_text(cascade)


def tool(lab, *words, output=None):
    """Runs the tool on the fixture; it must succeed."""
    run = subprocess.run([lab.binary, *words], cwd=lab.fixture, env=lab.environment(), capture_output=True)
    if run.returncode != 0:
        raise SystemExit(f"{' '.join(words)}: status {run.returncode}: {run.stderr.decode()}")
    if output:
        (lab.fixture / output).write_bytes(run.stdout)


def interrupt(lab):
    """A sweep that was interrupted after some of its units."""
    folder = lab.fixture / "unfinished"
    log = folder / "journal.sqlite-wal"
    words = [lab.binary, "sweep", "some.toml", "-o", "unfinished", "-q"]
    for _ in range(20):
        process = subprocess.Popen(words, cwd=lab.fixture, env=lab.environment(), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        wait_until(lambda: process.poll() is not None or (log.exists() and os.path.getsize(log) > 20_000), 120)
        process.send_signal(signal.SIGINT)
        if process.wait() == -signal.SIGINT and (folder / "journal.sqlite").exists():
            return
        shutil.rmtree(folder, ignore_errors=True)
    raise SystemExit("the sweep of some.toml could not be interrupted half-way")
