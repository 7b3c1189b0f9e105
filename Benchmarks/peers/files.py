# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""A peer that reads the book from a file, does one task and writes CSV: a process for each run.

    files.py PEER TASK THREADS BOOK RATES OUT      PEER polars or duckdb, TASK prices or clusters
    files.py check TASK OURS THEIRS                how far two results are apart, as one line of JSON
    files.py parquet BOOK.csv OUT.parquet

RATES has asset, spot and the maintenance rate; the formula is the flat one of isolated linear perps:

    price = (entry - collateral / quantity) / (1 - sign(quantity) * rate)

`prices` writes the ten columns of liquidation_prices.csv, in the order of the book or, DuckDB on more than
one thread, in any. `clusters` counts and
sums |quantity| * price, and its squares, by asset, direction and bin floor(log(price) / log(1.005)), and
keeps the largest. Whole positions: no tiers, no partial closes, no confidence.
"""
import json
import os
import sys

BIN = 1.005


def polars_task(task, threads, book, rates, out):
    os.environ["POLARS_MAX_THREADS"] = threads
    import math

    import polars as pl

    if book.endswith(".parquet"):
        rows = pl.scan_parquet(book)
    else:
        floats = ("quantity", "entry_price", "collateral_usd")
        rows = pl.scan_csv(book, schema_overrides={name: pl.Float64 for name in floats})
    quantity, entry, collateral = pl.col("quantity"), pl.col("entry_price"), pl.col("collateral_usd")
    rows = rows.join(pl.scan_csv(rates), on="asset", how="left", maintain_order="left")
    rows = rows.with_columns(
        price=(entry - collateral / quantity) / (1 - quantity.sign() * pl.col("rate")),
        direction=pl.when(quantity > 0).then(pl.lit("below")).otherwise(pl.lit("above")),
    )
    price = pl.col("price")
    if task == "clusters":
        result = (
            rows.filter(price > 0)
            .with_columns(
                bin=(price.log() / math.log(BIN)).floor().cast(pl.Int32),
                size=quantity.abs() * price,
            )
            .group_by("asset", "direction", "bin")
            .agg(
                pl.len().alias("positions"),
                pl.col("size").sum(),
                (pl.col("size") ** 2).sum().alias("squares"),
                pl.col("size").max().alias("largest"),
            )
        )
        result.collect(engine="streaming").sort("asset", "direction", "bin").write_csv(out)
        return
    reached = price > 0
    size = (quantity.abs() * price).round(6)
    rows.select(
        "account",
        "venue",
        "asset",
        pl.when(reached).then("direction"),
        pl.when(reached).then(pl.lit("at_risk")).otherwise(pl.lit("unreachable")).alias("status"),
        pl.when(reached).then(price).alias("liquidation_price"),
        pl.when(reached).then((pl.col("spot") - price).abs() / price).alias("distance_ratio"),
        pl.when(reached).then(size).alias("notional_usd"),
        pl.when(reached).then(pl.when(size > 100_000).then(0.2).otherwise(1.0)).alias("first_share"),
        pl.when(reached).then(0.0).alias("penalty_usd"),
    ).sink_csv(out)


DUCKDB_PRICES = """
  SELECT b.account, b.venue, b.asset, b.quantity, r.spot,
    CASE WHEN quantity > 0 THEN 'below' ELSE 'above' END AS direction,
    (entry_price - collateral_usd / quantity) / (1 - sign(quantity) * rate) AS price
  FROM book b LEFT JOIN rates r ON b.asset = r.asset
"""
DUCKDB = {
    "clusters": f"""
      WITH p AS ({DUCKDB_PRICES}),
      s AS (SELECT *, abs(quantity) * price AS size,
              floor(ln(price) / ln({BIN}::DOUBLE))::INTEGER AS bin FROM p WHERE price > 0)
      SELECT asset, direction, bin, count(*) AS positions, sum(size) AS size,
        sum(size * size) AS squares, max(size) AS largest
      FROM s GROUP BY ALL ORDER BY asset, direction, bin
    """,
    "prices": f"""
      WITH p AS ({DUCKDB_PRICES}),
      s AS (SELECT *, price > 0 AS reached, round(abs(quantity) * price, 6) AS size FROM p)
      SELECT account, venue, asset, CASE WHEN reached THEN direction END AS direction,
        CASE WHEN reached THEN 'at_risk' ELSE 'unreachable' END AS status,
        CASE WHEN reached THEN price END AS liquidation_price,
        CASE WHEN reached THEN abs(spot - price) / price END AS distance_ratio,
        CASE WHEN reached THEN size END AS notional_usd,
        CASE WHEN reached THEN CASE WHEN size > 100000 THEN 0.2 ELSE 1 END END AS first_share,
        CASE WHEN reached THEN 0.0 END AS penalty_usd
      FROM s
    """,
}


def duckdb_task(task, threads, book, rates, out):
    import duckdb

    connection = duckdb.connect(":memory:", config={"threads": threads})
    connection.execute("SET enable_progress_bar = false")
    if book.endswith(".parquet"):
        source = f"read_parquet('{book}')"
    else:
        floats = "'quantity': 'DOUBLE', 'entry_price': 'DOUBLE', 'collateral_usd': 'DOUBLE'"
        source = f"read_csv('{book}', types = {{{floats}}})"
    connection.execute(f"CREATE VIEW book AS FROM {source}")
    connection.execute(f"CREATE TABLE rates AS FROM read_csv('{rates}')")
    connection.execute(f"COPY ({DUCKDB[task]}) TO '{out}' (HEADER)")


def check(task, ours, theirs):
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute("SET enable_progress_bar = false")
    if task == "clusters":
        found = [
            connection.execute(
                f"SELECT count(*), sum(positions)::BIGINT, sum({size}) FROM read_csv('{path}')"
            ).fetchone()
            for path, size in ((ours, "forced_size_usd"), (theirs, "size"))
        ]
        names = ("rows", "positions", "size")
        answer = {name: [a, b] for name, a, b in zip(names, *found)}
    else:
        types = "types = {'liquidation_price': 'DOUBLE', 'notional_usd': 'DOUBLE'}"
        answer = dict(zip(
            ("rows", "rows_apart", "priced", "largest_relative_difference"),
            connection.execute(
                f"""
                SELECT count(*), count(*) FILTER (a.venue != b.venue OR a.asset != b.asset
                    OR a.direction IS DISTINCT FROM b.direction OR a.status IS DISTINCT FROM b.status),
                  count(a.liquidation_price),
                  max(abs(a.liquidation_price - b.liquidation_price) / a.liquidation_price)
                FROM read_csv('{ours}', {types}) a
                  JOIN read_csv('{theirs}', {types}) b USING (account)
                """
            ).fetchone(),
        ))
    print(json.dumps(answer))


def parquet(book, out):
    import duckdb

    floats = "'quantity': 'DOUBLE', 'entry_price': 'DOUBLE', 'collateral_usd': 'DOUBLE'"
    duckdb.execute(
        f"COPY (FROM read_csv('{book}', types = {{{floats}}})) TO '{out}' (FORMAT parquet)"
    )


TASKS = {"polars": polars_task, "duckdb": duckdb_task, "check": check, "parquet": parquet}
TASKS[sys.argv[1]](*sys.argv[2:])
