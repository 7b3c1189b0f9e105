# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""One peer in a process of its own: reads task names, runs each once, answers with one line of JSON.

    worker.py PEER THREADS FOLDER

Every peer works on the flat columns that `breakwater bench kernels --data` wrote: entry, size (signed),
collateral, and rate and deduction of the tier that holds, so that no peer has to look for it:

    price = (entry - (collateral + deduction) / size) / (1 - sign(size) * rate)

`price` writes a column; `fused` counts and sums |size| * price of the rows at risk by asset, direction and
50 bps bin, in floating point; `tiers` finds the tier by a search and prices.
"""
import json
import math
import os
import sys
import time

PEER, THREADS, FOLDER = sys.argv[1], int(sys.argv[2]), sys.argv[3]
for name in ("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(THREADS)

import numpy as np  # noqa: E402  (the thread counts must be set before)

PRICES = np.load(os.path.join(FOLDER, "price.npy"))
TIERS = np.load(os.path.join(FOLDER, "tiers.npy"))
ASSETS = len(PRICES)
INVERSE = 1 / math.log(1.005)
# Bins are counted from one below the present price's, in a window that holds every row.
ORIGIN = np.floor(np.log(PRICES) * INVERSE) - 3000
WIDTH = 4096


def column(name):
    return np.ascontiguousarray(np.load(os.path.join(FOLDER, name + ".npy")))


class NumPy:
    """Chunks that stay in the caches, threads over chunks."""

    chunk = 16384

    def __init__(self):
        from concurrent.futures import ThreadPoolExecutor

        self.pool = ThreadPoolExecutor(THREADS)
        names = ("entry", "size", "collateral", "rate", "deduction")
        self.columns = [column(name) for name in names]
        self.asset = column("asset").astype(np.uint8)
        self.rows = len(self.asset)
        self.out = np.zeros(self.rows)
        np.seterr(all="ignore")

    def fill(self, low, high, a, b):
        entry, size, collateral, rate, deduction = (c[low:high] for c in self.columns)
        out = self.out[low:high]
        a, b = a[: high - low], b[: high - low]
        np.copysign(rate, size, out=b)
        np.subtract(1.0, b, out=b)
        np.add(collateral, deduction, out=a)
        np.divide(a, size, out=a)
        np.subtract(entry, a, out=a)
        np.divide(a, b, out=out)

    def span(self, worker):
        a, b = np.empty(self.chunk), np.empty(self.chunk)
        first, last = worker * self.rows // THREADS, (worker + 1) * self.rows // THREADS
        for low in range(first, last, self.chunk):
            self.fill(low, min(low + self.chunk, last), a, b)

    def price(self):
        list(self.pool.map(self.span, range(THREADS)))
        return {}

    def fused(self):
        cells = ASSETS * 2 * WIDTH

        def part(worker):
            a, b = np.empty(self.chunk), np.empty(self.chunk)
            count, total = np.zeros(cells), np.zeros(cells)
            square = np.zeros(cells)
            first, last = worker * self.rows // THREADS, (worker + 1) * self.rows // THREADS
            for low in range(first, last, self.chunk):
                high = min(low + self.chunk, last)
                self.fill(low, high, a, b)
                price, size = self.out[low:high], self.columns[1][low:high]
                asset = self.asset[low:high]
                spot = PRICES[asset]
                keep = (price > 0) & np.where(size > 0, price <= spot, price >= spot)
                price, size, asset = price[keep], size[keep], asset[keep]
                bins = np.floor(np.log(price) * INVERSE) - ORIGIN[asset]
                np.clip(bins, 0, WIDTH - 1, out=bins)
                key = (asset.astype(np.int64) * 2 + (size < 0)) * WIDTH + bins.astype(np.int64)
                value = np.abs(size) * price
                count += np.bincount(key, minlength=cells)
                total += np.bincount(key, value, cells)
                square += np.bincount(key, value * value, cells)
            return count.sum(), total.sum()

        parts = list(self.pool.map(part, range(THREADS)))
        return {"at_risk": int(sum(p[0] for p in parts)), "forced": float(sum(p[1] for p in parts))}

    def check(self):
        return {"prices": float(self.out[self.out > 0].sum())}


class Numba:
    """Compiled loops; the fused one in chunks with a table for each thread."""

    def __init__(self):
        import numba as nb

        parallel = THREADS > 1
        threads = THREADS
        width, inverse = WIDTH, INVERSE
        self.columns = [column(n) for n in ("entry", "size", "collateral", "rate", "deduction")]
        self.asset = column("asset").astype(np.uint8)
        self.out = np.zeros(len(self.asset))
        self.table = np.zeros((THREADS, ASSETS, 2, WIDTH, 3))

        @nb.njit(parallel=parallel, error_model="numpy")
        def price(entry, size, collateral, rate, deduction, out):
            for i in nb.prange(size.shape[0]):
                side = 1.0 if size[i] > 0 else -1.0
                out[i] = (entry[i] - (collateral[i] + deduction[i]) / size[i]) / (1.0 - side * rate[i])

        @nb.njit(parallel=parallel, error_model="numpy")
        def tiers(entry, size, collateral, asset, table, out):
            for i in nb.prange(size.shape[0]):
                q = size[i]
                side = 1.0 if q > 0 else -1.0
                t = table[asset[i]]
                found = math.nan
                for k in range(t.shape[0]):
                    p = (entry[i] - (collateral[i] + t[k, 2]) / q) / (1.0 - side * t[k, 1])
                    notional = abs(q) * p
                    upper = t[k + 1, 0] if k + 1 < t.shape[0] else math.inf
                    if notional < upper or k + 1 == t.shape[0]:
                        found = p
                        break
                out[i] = found

        @nb.njit(
            parallel=parallel, error_model="numpy", fastmath={"arcp", "contract", "nsz", "afn"}
        )
        def fused(entry, size, collateral, rate, deduction, asset, spot, origin, table):
            rows = size.shape[0]
            for t in nb.prange(threads):
                own = table[t]
                own[:] = 0.0
                prices, bins = np.empty(1024), np.empty(1024)
                low, high = t * rows // threads, (t + 1) * rows // threads
                for first in range(low, high, 1024):
                    last = min(first + 1024, high)
                    for j in range(last - first):
                        i = first + j
                        side = 1.0 if size[i] > 0 else -1.0
                        prices[j] = (entry[i] - (collateral[i] + deduction[i]) / size[i]) / (
                            1.0 - side * rate[i]
                        )
                    for j in range(last - first):
                        bins[j] = math.log(prices[j]) * inverse
                    for j in range(last - first):
                        a, q, p = asset[first + j], size[first + j], prices[j]
                        if p > 0 and (p <= spot[a] if q > 0 else p >= spot[a]):
                            b = int(math.floor(bins[j] - origin[a]))
                            b = min(max(b, 0), width - 1)
                            v = abs(q) * p
                            d = 0 if q > 0 else 1
                            own[a, d, b, 0] += 1.0
                            own[a, d, b, 1] += v
                            own[a, d, b, 2] += v * v
            return table

        self.kernels = (price, tiers, fused)

    def price(self):
        self.kernels[0](*self.columns, self.out)
        return {}

    def tiers(self):
        entry, size, collateral = self.columns[:3]
        self.kernels[1](entry, size, collateral, self.asset, TIERS, self.out)
        return {}

    def fused(self):
        self.kernels[2](*self.columns, self.asset, PRICES, ORIGIN, self.table)
        return {"at_risk": int(self.table[..., 0].sum()), "forced": float(self.table[..., 1].sum())}

    def check(self):
        return {"prices": float(self.out[self.out > 0].sum())}


class Polars:
    """Lazy expressions; the fused query on the faster of its two engines."""

    def __init__(self):
        import polars as pl

        self.pl = pl
        names = ("entry", "size", "collateral", "rate", "deduction", "asset")
        frame = pl.DataFrame({name: column(name) for name in names})
        frame = frame.with_columns(pl.col("asset").cast(pl.UInt8))
        index = frame["asset"].to_numpy()
        self.frame = frame.with_columns(
            spot=pl.Series(PRICES[index]), origin=pl.Series(ORIGIN[index])
        )
        c = pl.col
        side = pl.when(c("size") > 0).then(1.0).otherwise(-1.0)
        self.expression = (
            (c("entry") - (c("collateral") + c("deduction")) / c("size")) / (1.0 - side * c("rate"))
        ).alias("price")
        self.out = None

    def price(self):
        self.out = self.frame.lazy().select(self.expression).collect()
        return {}

    def fused(self):
        pl = self.pl
        c = pl.col
        value = (c("size").abs() * c("price")).alias("value")
        at_risk = (c("price") > 0) & pl.when(c("size") > 0).then(
            c("price") <= c("spot")
        ).otherwise(c("price") >= c("spot"))
        bins = ((c("price").log() * INVERSE).floor() - c("origin")).cast(pl.Int32)
        key = ((c("asset").cast(pl.Int32) * 2 + (c("size") < 0)) * WIDTH + bins).alias("key")
        found = (
            self.frame.lazy()
            .with_columns(self.expression)
            .filter(at_risk)
            .select(key, value)
            .group_by("key")
            .agg(pl.len().alias("n"), c("value").sum().alias("s"), (c("value") ** 2).sum().alias("q"))
            .collect(engine="streaming")
        )
        return {"at_risk": int(found["n"].sum()), "forced": float(found["s"].sum())}

    def check(self):
        prices = self.out["price"].to_numpy()
        return {"prices": float(prices[prices > 0].sum())}


class DuckDB:
    """SQL over a table of its own in memory; prices go into a table, too."""

    def __init__(self):
        import duckdb
        import pyarrow as pa

        self.con = duckdb.connect(":memory:", config={"threads": str(THREADS)})
        names = ("entry", "size", "collateral", "rate", "deduction", "asset")
        table = pa.table({n: column(n) for n in names})
        self.con.register("arrow", table)
        self.con.execute(
            "create table book as select * replace (asset::utinyint as asset) from arrow"
        )
        self.con.unregister("arrow")
        spots = pa.table(
            {"asset": np.arange(ASSETS, dtype=np.uint8), "spot": PRICES, "origin": ORIGIN}
        )
        self.con.register("spots_arrow", spots)
        self.con.execute("create table spots as select * from spots_arrow")
        self.formula = (
            "(entry - (collateral + deduction) / size)"
            " / (1.0::double - (case when size > 0 then rate else -rate end))"
        )

    def price(self):
        self.con.execute(f"create or replace temp table o as select {self.formula} as p from book")
        return {}

    def fused(self):
        rows = self.con.execute(
            f"""
            select sum(n), sum(s) from (
              select asset, size < 0 as d, floor(ln(p) * {INVERSE!r} - origin)::int as bin,
                count(*) as n, sum(abs(size) * p) as s, sum((size * p) * (size * p)) as q
              from (select asset, size, spot, origin, {self.formula} as p
                    from book join spots using (asset))
              where p > 0 and (case when size > 0 then p <= spot else p >= spot end)
              group by all)
            """
        ).fetchone()
        return {"at_risk": int(rows[0]), "forced": float(rows[1])}

    def check(self):
        sums = self.con.execute("select sum(p) from o where p > 0").fetchone()
        return {"prices": float(sums[0])}


def serve():
    peer = {"numpy": NumPy, "numba": Numba, "polars": Polars, "duckdb": DuckDB}[PEER]()
    print(json.dumps({"ready": PEER}), flush=True)
    for line in sys.stdin:
        task = line.strip()
        start = time.perf_counter()
        answer = getattr(peer, task)()
        answer["seconds"] = time.perf_counter() - start
        print(json.dumps(answer), flush=True)


serve()
