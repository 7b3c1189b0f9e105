# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Random price paths with gaps, jumps and prices exactly on thresholds."""

import csv
import math

from arithmetic import bins_of, plain
from book import Market, PriceFile, read_book
from lines import stand
from venues import load_venues


class PathMaker:
    """Needs `rng`, `folder` and `spot` (asset to price)."""

    def write(self, name, header, rows):
        with open(self.folder / name, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)

    def thresholds(self, settings):
        """Prices at which something is decided: roots, edges, deploy and exit levels, and their neighbours."""
        _, venues = load_venues(self.folder / "venues.toml")
        price_file = PriceFile(self.folder / "prices.csv")
        some = next(iter(venues.values())).assets
        market = Market(some, price_file.prices, confidences=price_file.confidences)
        accounts = read_book(self.folder / "book.csv", venues, price_file)
        special = {asset: [] for asset in self.spot}
        grid = bins_of(float(settings.get("clusters.bin_bps", 50)))
        for account in accounts:
            for row in account.rows(market, account.carried_in):
                root = stand(account, row, market.price(row.asset)).root if row.asset in special else None
                if root is None:
                    continue
                k = grid.largest_at_most(root)
                low, high = grid.edge(k), grid.edge(k + 1)
                middle = math.sqrt(low * high)
                special[row.asset] += [
                    root, root, math.nextafter(root, 0), math.nextafter(root, math.inf), low, high,
                    high * (1.0 + settings.get("vault.approach", 0.02)),
                    middle * (1.0 - settings.get("vault.stop_loss", 0.05)),
                    middle * (1.0 + settings.get("vault.recover_bps", 100) / 10000.0)]
        return special

    def walk(self, special):
        """A generator of price rows."""
        rng = self.rng
        now = {asset: price * rng.choice([1.0, 1.0, rng.uniform(0.99, 1.01)]) for asset, price in self.spot.items()}
        drift = rng.choice([-0.002, -0.0005, 0.0, 0.001])
        sd = rng.choice([0.001, 0.004, 0.008])
        while True:
            yield dict(now)
            shared = rng.gauss(drift, sd)
            for asset, price in now.items():
                price *= 1 + 0.6 * shared + rng.gauss(0, 0.6 * sd)
                if rng.random() < 0.02:
                    price *= 1 + rng.choice([-0.08, -0.03, 0.03, 0.06])
                near = [x for x in special.get(asset, []) if abs(x / price - 1) < 0.03]
                if near and rng.random() < 0.15:
                    price = rng.choice(near)
                elif rng.random() < 0.5:
                    price = float(f"{price:.5g}")
                if asset == "EVT":
                    price = min(price, 0.99)
                now[asset] = price

    def wide(self, name, special):
        rng = self.rng
        t = 1_750_000_000_000 + rng.randrange(1000)
        gap_rate = rng.choice([0, 0.05, 0.2])
        assets = list(self.spot)
        rng.shuffle(assets)
        rows = []
        steps = self.walk(special)
        for index in range(rng.randrange(10, 121)):
            prices = next(steps)
            rows.append([t] + ["" if index and rng.random() < gap_rate else plain(prices[a]) for a in assets])
            t += rng.choice([1000, 15_000, 30_000, 60_000, rng.randrange(1000, 120_001)])
        self.write(name, ["timestamp_ms", *assets], rows)

    def bars(self, name):
        rng = self.rng
        t, spacing = 1_750_000_020_000, rng.choice([60_000, 120_000, 50_000])
        steps = self.walk({})
        rows = []
        for index in range(rng.randrange(4, 25)):
            points = [next(steps) for _ in range(4)]
            for asset in self.spot:
                prices = [point[asset] for point in points]
                if rng.random() < 0.1:
                    prices[3] = prices[0]
                if index and rng.random() < 0.08:
                    continue
                rows.append([t, asset, *(plain(p) for p in (prices[0], max(prices), min(prices), prices[3]))])
            t += spacing * (2 if rng.random() < 0.05 else 1)
        self.write(name, ["timestamp_ms", "asset", "open", "high", "low", "close"], rows)
