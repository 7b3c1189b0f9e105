# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Reads a CSV file and writes it again with Polars, the median of some rounds, for the time of a row.

    rows.py FILE OUT THREADS ROUNDS
"""
import json
import os
import statistics
import sys
import time

FILE, OUT, THREADS, ROUNDS = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
os.environ["POLARS_MAX_THREADS"] = THREADS

import polars  # noqa: E402  (the thread count must be set before)

table = polars.read_csv(FILE, infer_schema_length=None)
times = []
for _ in range(ROUNDS):
    start = time.perf_counter()
    table.write_csv(OUT)
    times.append(time.perf_counter() - start)
os.remove(OUT)
print(json.dumps({"seconds": statistics.median(times), "rows": table.height}))
