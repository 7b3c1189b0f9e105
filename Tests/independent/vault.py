# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""The vault: one position at a time, held and amm inventories side by side (DESIGN 6.1, B14)."""

import math

from arithmetic import log_of_bin, micro, milliseconds, rate_times, rint, uniforms, usd
from lines import BELOW

LANDING = 8     # stream number


class Cycle:
    """One deploy to exit round trip."""

    def __init__(self, settings, number, cluster, t, spot, capital):
        self.settings = settings
        self.number, self.cluster, self.deployed_at = number, cluster, t
        self.low, self.high = cluster.low, cluster.high
        self.forced_size, self.confidence = cluster.total, cluster.confidence
        self.deployed = capital
        self.root_low, self.root_high = math.sqrt(self.low), math.sqrt(self.high)
        self.price = math.sqrt(self.low * self.high)
        self.liquidity = usd(capital) / (self.root_high - self.root_low)
        self.stop_price = self.price * (1.0 - settings["vault.stop_loss"])
        self.recover_price = self.price * (1.0 + settings["vault.recover_bps"] / 10000.0)
        density = settings["vault.deploy_usd"] / log_of_bin(settings["clusters.bin_bps"])
        self.share = density / (density + 100.0 * settings["market.depth_usd_per_pct"])
        self.lowest = spot
        self.last_spot = spot
        self.last_quote = self.quote(self.high)
        self.amm_traded = 0
        self.first_stop = self.filled_since = None
        self.reason = None

    def quote(self, clamped):
        """Q(c): own quote in the range at a clamped price."""
        return micro(self.liquidity * (math.sqrt(clamped) - self.root_low))

    def clamp(self, price):
        return min(max(price, self.low), self.high)

    def step(self, spot, flow):
        """(a) fill, and the volume that trades against the vault's own liquidity."""
        self.lowest = min(self.lowest, spot)
        quote = self.quote(self.clamp(spot))
        moved = abs(quote - self.last_quote)
        touched = min(spot, self.last_spot) <= self.high and max(spot, self.last_spot) >= self.low
        if touched:
            moved = max(moved, rint(self.share * float(flow)))
        self.amm_traded += moved
        self.last_quote, self.last_spot = quote, spot

    def recovers(self, t, seen, age):
        """The monitor reads old prices, and knows of the first fill as late as of a price."""
        if not self.lowest < self.high:
            return False
        if self.filled_since is None:
            self.filled_since = t
        return t - self.filled_since >= age and seen is not None and seen >= self.recover_price

    def stops(self, t, spot, delay):
        """First step not before the first passage + delay at which the price is still at or under the stop."""
        if not spot <= self.stop_price:
            return False
        if self.first_stop is None:
            self.first_stop = t
        return t >= self.first_stop + delay

    def close(self, reason, t, spot):
        s = self.settings
        self.reason, self.exited_at = reason, t
        slip = s["vault.exit_slippage_bps"] if reason == "stop_loss" else 0.0
        self.exit_price = spot * (1.0 - slip / 10000.0) if reason == "stop_loss" else spot
        c = self.clamp(self.lowest)
        self.filled = (self.root_high - math.sqrt(c)) / (self.root_high - self.root_low)
        self.base = self.liquidity * (1.0 / math.sqrt(c) - 1.0 / self.root_high)
        self.spent = micro(usd(self.deployed) * self.filled)
        self.gap_loss = micro(self.base * max(0.0, self.stop_price - self.exit_price))
        self.cost = micro(s["vault.cycle_cost_usd"]) + micro(s["vault.tip_usd"])
        held = micro(self.base * self.exit_price)
        c = self.clamp(spot)
        base = self.liquidity * (1.0 / math.sqrt(c) - 1.0 / self.root_high)
        amm = micro(base * self.exit_price) + micro(self.liquidity * (math.sqrt(c) - self.root_low))
        self.results = {"held": self.result(held, self.spent, self.spent),
                        "amm": self.result(amm, self.deployed, self.amm_traded)}
        self.pnl, self.fees, self.performance_fee = self.results[s["vault.inventory"]]

    def result(self, proceeds, spent, traded):
        """(pnl, LP fees, performance fee) of one inventory; one rounding each a cycle."""
        fees = rate_times(self.settings["vault.fee_bps"] / 10000.0, traded)
        gross = proceeds - spent + fees - self.cost
        performance_fee = rate_times(self.settings["vault.performance_fee"], max(0, gross))
        return gross - performance_fee, fees, performance_fee


class Vault:
    def __init__(self, settings, seed, scenario):
        self.settings = settings
        self.draw = lambda number: uniforms(seed, LANDING, scenario, number, 0)[0]
        self.age = milliseconds(settings["monitor.price_age_s"])
        self.wait = milliseconds(settings["vault.deploy_delay_s"])
        self.reactive = settings["vault.entry"] == "reactive"
        self.least_flow = max(1, micro(settings["vault.reactive_flow_usd"]))
        self.past = []
        self.pending = None
        self.attempts = self.missed = 0
        self.capital = micro(settings["vault.capital_usd"])
        self.delay = milliseconds(settings["vault.crank_delay_s"])
        self.timeout = milliseconds(settings["vault.timeout_s"]) + self.delay
        self.cooldown = milliseconds(settings["vault.same_bin_cooldown_s"])
        self.blocked = {}
        self.cycle = None
        self.cycles = []

    def step(self, t, clusters, prices, flow_of, stale):
        """Step 7: (a) fill, (b) deploy if idle at the start, (c) recover, (d) stop-loss, (e) timeout."""
        self.past.append((t, {asset: price for asset, price in prices.items() if asset not in stale}))
        known = next((then for time, then in reversed(self.past) if time <= t - self.age), {})
        if self.cycle is None:
            self.deploy(t, clusters, prices, known, flow_of, stale)
        else:
            asset = self.cycle.cluster.asset
            self.cycle.step(prices[asset], flow_of(asset))
        if self.cycle is None:
            return
        asset = self.cycle.cluster.asset
        spot = prices[asset]
        if asset not in stale and self.cycle.recovers(t, known.get(asset), self.age):
            self.exit("recover", t, spot)
        elif self.cycle.stops(t, spot, self.delay):
            self.exit("stop_loss", t, spot)
        elif t - self.cycle.deployed_at >= self.timeout:
            self.exit("timeout", t, spot)

    def deploy(self, t, clusters, prices, known, flow_of, stale):
        """A decision on known prices, and a bundle that lands or is missed some time later."""
        amount = min(micro(self.settings["vault.deploy_usd"]), self.capital)
        if self.pending is None and amount > 0 and amount >= micro(self.settings["vault.min_deploy_usd"]):
            cluster = self.choice(t, clusters, known, flow_of, stale)
            if cluster is not None:
                self.pending = (cluster, t + self.wait)
        if self.pending is None or t < self.pending[1]:
            return
        cluster, _ = self.pending
        self.pending = None
        number, self.attempts = self.attempts, self.attempts + 1
        likely = self.settings["vault.landing_probability"]
        lands = (likely == 1 or self.draw(number) < likely) and cluster.asset not in stale
        if not lands or prices[cluster.asset] < cluster.high or amount <= 0:
            self.missed += 1
            return
        self.cycle = Cycle(self.settings, len(self.cycles) + 1, cluster, t, prices[cluster.asset], amount)

    def choice(self, t, clusters, known, flow_of, stale):
        best = None
        for cluster in clusters:
            spot = known.get(cluster.asset)
            if not cluster.deployable or cluster.direction != BELOW or cluster.asset in stale or spot is None:
                continue
            if self.reactive and flow_of(cluster.asset) < self.least_flow:
                continue
            if not cluster.high <= spot <= cluster.high * (1.0 + self.settings["vault.approach"]):
                continue
            exited = self.blocked.get((cluster.asset, cluster.k))
            if exited is not None and t - exited < self.cooldown:
                continue
            rank = (cluster.distance(spot), -cluster.total, cluster.asset.encode(), cluster.low)
            if best is None or rank < best[0]:
                best = (rank, cluster)
        return best and best[1]

    def exit(self, reason, t, spot):
        cycle = self.cycle
        cycle.close(reason, t, spot)
        self.capital += cycle.pnl
        self.cycles.append(cycle)
        if reason in ("stop_loss", "timeout"):
            self.blocked[(cycle.cluster.asset, cycle.cluster.k)] = t
        self.cycle = None

    def end(self, t, spot_of):
        """End of the path: an open cycle exits at the last spot."""
        if self.cycle is not None:
            self.exit("end", t, spot_of(self.cycle.cluster.asset))
