# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Settings with their defaults, sweep specs, grids and cell ids (DESIGN 9, B22)."""

import itertools
import math
import tomllib

from arithmetic import BadData, fnv1a64, plain, six_significant

DEFAULTS = {
    "oracle.max_age_s": 60, "oracle.outlier_mad": 5,
    "clusters.bin_bps": 50, "clusters.refresh_s": 600, "clusters.read_lag_slots": 0, "clusters.approach": 0.02,
    "clusters.min_size_usd": 1_000_000, "clusters.min_confidence": 80, "clusters.half_life_slots": 9000,
    "clusters.stay": 0.95, "clusters.sigmas": 3,
    "clusters.use_freshness": 1, "clusters.use_cross": 1, "clusters.use_oracle": 1,
    "vault.capital_usd": 10_000_000, "vault.deploy_usd": 1_000_000, "vault.min_deploy_usd": 0,
    "vault.approach": 0.02, "vault.stop_loss": 0.05, "vault.recover_bps": 100, "vault.timeout_s": 1800,
    "vault.crank_delay_s": 0, "vault.exit_slippage_bps": 0, "vault.cycle_cost_usd": 0,
    "vault.same_bin_cooldown_s": 1800, "vault.fee_bps": 25, "vault.performance_fee": 0.20,
    "vault.inventory": "held", "vault.tip_usd": 0, "vault.entry": "pre", "vault.reactive_flow_usd": 1_000_000,
    "vault.deploy_delay_s": 0, "vault.landing_probability": 1, "monitor.price_age_s": 0,
    "market.depth_usd_per_pct": 8_000_000,
    "protection.enabled": 1, "protection.trigger_distance": 0.05, "protection.safe_distance": 0.15,
    "protection.max_deposit_ratio": 0.50, "protection.cap_base": "position",
    "protection.deposit_increment_usd": 5, "protection.increment_ratio": 0, "protection.cooldown_s": 60,
    "protection.poll_s": 30, "protection.poll": "fixed", "protection.stagger": 0, "protection.wallet_usd": 0,
    "liquidation.penalty": 0, "liquidation.insurance_usd": 0,
    "auction.kappa_bps_per_s": 5, "auction.kappa_usd_per_s": 0, "auction.duration_s": 600,
    "auction.fee_bps": 100, "auction.buffer_bps": 100, "auction.specialists": 5,
    "auction.margin_min": 0.01, "auction.margin_max": 0.08,
    "auction.bond_min_usd": 50_000, "auction.bond_max_usd": 500_000, "auction.bond_multiple": 10,
    "auction.reaction_min_s": 2, "auction.reaction_max_s": 60, "auction.gas_usd": 1,
    "auction.backstop_discount": 0.10, "auction.backstop_capacity_usd": 1_000_000, "auction.dump_discount": 0.20,
    "auction.mechanism": "dutch", "auction.fixed_fee": 0.05, "auction.pool_window_s": 30,
    "auction.clock": "linear", "auction.cut": 0.99, "auction.step_s": 90, "auction.start_ratio": 1,
    "auction.floor": "reserve", "auction.reset_s": 0, "auction.reset_share": 0,
    "simulation.mode": "replay", "cascade.half_life_s": 300, "cascade.oracle_passthrough": 0.5,
    "cascade.flow_share": 1, "cascade.max_impact": 0.5,
    "report.var_level": 0.95,
}

WORDS = {
    "vault.inventory": ("held", "amm"), "protection.cap_base": ("position", "collateral"),
    "protection.poll": ("fixed", "adaptive"), "auction.mechanism": ("dutch", "fixed_fee", "bid_pool"),
    "auction.clock": ("linear", "stairstep"), "auction.floor": ("reserve", "none"), "simulation.mode": ("replay",),
    "vault.entry": ("pre", "reactive"),
}


class Settings:
    def __init__(self, values):
        self.values = dict(DEFAULTS)
        for name, value in values.items():
            if name not in DEFAULTS:
                raise BadData(f"unknown setting {name}")
            if name in WORDS:
                if value not in WORDS[name]:
                    raise BadData(f"{name}: {value!r} is not one of {WORDS[name]}")
                self.values[name] = value
            else:
                self.values[name] = float(value)
        for name, value in self.values.items():
            if name not in WORDS:
                self.values[name] = float(value)
        self.check()

    def __getitem__(self, name):
        return self.values[name]

    def check(self):
        """Constraints of SEMANTICS, "Settings"."""
        refused = [
            (self["protection.safe_distance"] < self["protection.trigger_distance"], "safe_distance < trigger_distance"),
            (not 0 < self["vault.stop_loss"] < 1, "stop_loss outside (0, 1)"),
            (self["vault.recover_bps"] <= 0, "recover_bps <= 0"),
            (self["vault.timeout_s"] <= 0, "timeout_s <= 0"),
            (self["protection.poll_s"] <= 0, "poll_s <= 0"),
            (self["clusters.refresh_s"] <= 0, "refresh_s <= 0"),
            (self["auction.margin_min"] > self["auction.margin_max"], "margin_min > margin_max"),
        ]
        for broken, text in refused:
            if broken:
                raise BadData(f"refused setting: {text}")

    def cell_id(self):
        """FNV-1a-64 of every setting that differs from its default, sorted by name."""
        lines = ""
        for name in sorted(self.values, key=str.encode):
            default = DEFAULTS[name] if name in WORDS else float(DEFAULTS[name])
            if self.values[name] != default:
                lines += f"{name}={text(self.values[name])}\n"
        return f"{fnv1a64(lines.encode()):016x}"


def text(value):
    return value if isinstance(value, str) else plain(value)


def parse_value(name, raw):
    """A value of --set."""
    return raw if name in WORDS else float(raw)


def flatten(table, prefix=""):
    """Dotted names of a TOML table; a table with `from` is an axis."""
    result = {}
    for name, value in table.items():
        if isinstance(value, dict) and "from" not in value:
            result.update(flatten(value, prefix + name + "."))
        else:
            result[prefix + name] = value
    return result


def axis(value):
    """Values of one axis (B22)."""
    if isinstance(value, list):
        values = [v if isinstance(v, str) else float(v) for v in value]
    else:
        start, end, steps = float(value["from"]), float(value["to"]), int(value["steps"])
        if steps == 1:
            values = [start]
        elif value.get("scale", "linear") == "log":
            values = [start * math.pow(end / start, i / (steps - 1)) for i in range(steps)]
        else:
            values = [start + (end - start) * float(i) / float(steps - 1) for i in range(steps)]
        if steps > 1:
            values[-1] = end
        values = [six_significant(v) for v in values]
    if len(set(values)) != len(values):
        raise BadData("equal values in an axis")
    return values


class Spec:
    """A sweep spec; paths in it are relative to its folder."""

    def __init__(self, path):
        with open(path, "rb") as file:
            table = tomllib.load(file)
        self.inputs = table["inputs"]
        self.seed = int(table.get("scenarios", {}).get("seed", 1))
        self.settings = flatten(table.get("settings", {}))
        self.axes = {name: axis(value) for name, value in flatten(table.get("grid", {})).items()}
        self.names = sorted(self.axes, key=str.encode)
        self.details = table.get("output", {}).get("details", "none")

    def cells(self):
        """(swept values, settings) of every cell, last axis fastest."""
        for combination in itertools.product(*(self.axes[name] for name in self.names)):
            swept = dict(zip(self.names, combination))
            yield swept, Settings({**self.settings, **swept})
