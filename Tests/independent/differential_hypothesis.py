# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""`differential_hypothesis.py BINARY [--examples N]`: the differential test with Hypothesis, which shrinks a failure
to a small venue file and an account of few legs and plain numbers.

The same choices as `differential.py` makes with its generator; the run is deterministic and keeps no database."""

import argparse
from collections import Counter
from pathlib import Path
import sys
import tempfile

from hypothesis import HealthCheck, assume, given, settings, strategies

from differential import check_world, fitting, leave_out
from random_book import VENUES, Maker, price_file, venue_file


class Drawn:
    """Choices of Hypothesis."""

    def __init__(self, data):
        self.data = data

    def integer(self, low, high):
        return self.data.draw(strategies.integers(low, high))

    def choice(self, items):
        return self.data.draw(strategies.sampled_from(list(items)))

    def chance(self, percent):
        # Shrinks to "no".
        return self.data.draw(strategies.integers(0, 99)) >= 100 - percent


def differential(binary, examples, without, most, counts):
    @settings(max_examples=examples, derandomize=True, database=None, deadline=None, print_blob=False,
              suppress_health_check=list(HealthCheck))
    @given(strategies.data())
    def prices_agree_with_exact_health(data):
        maker = Maker(Drawn(data))
        world = maker.world([data.draw(strategies.sampled_from(VENUES))])
        leave_out(world, without)
        accounts = fitting(world, [maker.account(world, "a", most)])
        assume(accounts)
        with tempfile.TemporaryDirectory(prefix="breakwater-hypothesis-") as folder:
            problems = check_world(binary, Path(folder), world, accounts, counts)
        counts["accounts"] += len(accounts)
        if problems:
            text = "\n".join(problems)
            raise AssertionError(f"{text}\n\n{price_file(world)}\n{venue_file(world)}")

    prices_agree_with_exact_health()


def run():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--most", type=int, default=5, help="most legs of an account")
    parser.add_argument("--without", action="append", default=[], metavar="KEY")
    arguments = parser.parse_args()
    counts = Counter()
    try:
        differential(arguments.binary, arguments.examples, arguments.without, arguments.most, counts)
    except AssertionError as failed:
        print(failed)
        return 1
    print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())))
    return 0


if __name__ == "__main__":
    sys.exit(run())
