#!/usr/bin/env python3
# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Times SciPy's sparse product and a dense dgemm on the data of `breakwater bench scenarios --data`.

Health of every account in every scenario, in blocks that stay in the cache, and how many accounts are
below 0 in each scenario; nothing else of what the engine makes. The counts must be those of the engine.
"""

import sys
import time

import numpy as np
import scipy.sparse

ROWS = 2048
# A block as one would write it without a thought for the cache: 128 MB of health.
LARGE = (65_536, 256)
ROUNDS = 3


def read(folder, name):
    return np.load(f"{folder}/{name}.npy")


def best(name, work, blocks, run):
    """Runs all blocks some times; prints billions of account-scenarios a second of the best."""
    times = {"product": [], "counted": []}
    for _ in range(ROUNDS):
        product = counted = 0.0
        counts = 0
        for block in blocks:
            start = time.perf_counter()
            health = run(block)
            middle = time.perf_counter()
            counts = counts + np.count_nonzero(health < -block["constant"][:, None], axis=0)
            product += middle - start
            counted += time.perf_counter() - start
        times["product"].append(product)
        times["counted"].append(counted)
    for part, seconds in times.items():
        print(f"{name}_{part}_billion_account_scenarios_per_s {work / min(seconds) / 1e9:.4g}")
    return counts


def large(book, constants, prices):
    """Times SciPy's product in large blocks; counting included and apart."""
    product = counted = 0.0
    for first in range(0, book.shape[0], LARGE[0]):
        part = book[first : first + LARGE[0]]
        constant = constants[first : first + LARGE[0], None]
        for column in range(0, prices.shape[1], LARGE[1]):
            some = np.ascontiguousarray(prices[:, column : column + LARGE[1]])
            start = time.perf_counter()
            health = part @ some
            product += time.perf_counter() - start
            np.count_nonzero(health < -constant, axis=0)
            counted += time.perf_counter() - start
    work = book.shape[0] * prices.shape[1]
    for part, seconds in (("product", product), ("counted", counted)):
        print(f"scipy_csr_large_{part}_billion_account_scenarios_per_s {work / seconds / 1e9:.4g}")


def main():
    folder = sys.argv[1]
    indptr, indices = read(folder, "indptr"), read(folder, "indices")
    slopes, constants = read(folder, "slopes"), read(folder, "constants")
    prices, ours = read(folder, "prices"), read(folder, "counts")
    accounts = len(constants)
    book = scipy.sparse.csr_array((slopes, indices, indptr), shape=(accounts, len(prices)))
    blocks = []
    for first in range(0, accounts, ROWS):
        part = book[first : first + ROWS]
        blocks.append(
            {"sparse": part, "dense": part.toarray(), "constant": constants[first : first + ROWS]}
        )
    work = accounts * prices.shape[1]
    for name, run in (
        ("scipy_csr", lambda block: block["sparse"] @ prices),
        ("dense_dgemm", lambda block: block["dense"] @ prices),
    ):
        different = int(np.abs(best(name, work, blocks, run) - ours).sum())
        print(f"{name}_counts_that_differ {different}")
        # Sums of another order may differ where health is 0 within its rounding.
        if different > work * 1e-9:
            sys.exit(f"{name}: {different} of {work} decisions differ from the engine's")
    large(book, constants, prices)


main()
