# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Random settings and grids for random worlds: values that are small enough for small books."""

CHOICES = {
    "oracle.max_age_s": [30, 60, 100, 300], "oracle.outlier_mad": [3, 5],
    "clusters.bin_bps": [50, 50, 50, 50, 25, 100], "clusters.refresh_s": [30, 60, 120.5, 300, 600],
    "clusters.read_lag_slots": [0, 100, 4000], "clusters.approach": [0.005, 0.02, 0.1],
    "clusters.half_life_slots": [500, 9000, 20000], "clusters.stay": [0.5, 0.9, 0.95, 1],
    "clusters.sigmas": [0, 0.5, 1, 3],
    "clusters.use_freshness": [0, 1], "clusters.use_cross": [0, 1], "clusters.use_oracle": [0, 1],
    "vault.capital_usd": [30_000, 250_000.5, 1_000_000], "vault.deploy_usd": [10_000, 99_999.99, 1_000_000],
    "vault.min_deploy_usd": [0, 5_000, 20_000], "vault.approach": [0.01, 0.02, 0.05, 0.1],
    "vault.stop_loss": [0.003, 0.01, 0.02, 0.05], "vault.recover_bps": [2, 10, 40, 100],
    "vault.timeout_s": [45, 120, 300, 900.25, 1800], "vault.crank_delay_s": [0, 15, 60.5],
    "vault.exit_slippage_bps": [0, 7.5, 30], "vault.cycle_cost_usd": [0, 3.333333],
    "vault.same_bin_cooldown_s": [0, 60, 600, 1800], "vault.fee_bps": [0, 4, 25, 30],
    "vault.performance_fee": [0, 0.1, 0.2], "vault.inventory": ["held", "amm"],
    "market.depth_usd_per_pct": [500, 20_000, 8_000_000],
    "protection.enabled": [1, 1, 1, 0], "protection.trigger_distance": [0.01, 0.03, 0.05, 0.08],
    "protection.safe_distance": [0.1, 0.12, 0.15], "protection.max_deposit_ratio": [0.01, 0.05, 0.2, 0.5],
    "protection.cap_base": ["position", "collateral"], "protection.deposit_increment_usd": [5, 50, 333.333333, 2000],
    "protection.increment_ratio": [0, 0.05, 0.25], "protection.cooldown_s": [0, 20, 60, 90.5],
    "protection.poll_s": [1, 10, 30, 45, 90.5], "protection.poll": ["fixed", "adaptive"],
    "protection.stagger": [0, 1], "protection.wallet_usd": [0, 100, 750.25, 5000],
    "liquidation.penalty": [0, 0.0075, 0.05], "liquidation.insurance_usd": [0, 50.5, 5_000],
    "auction.kappa_bps_per_s": [0.5, 5, 20, 100], "auction.kappa_usd_per_s": [0, 0, 0.25, 12.5],
    "auction.duration_s": [20, 60, 150.75, 600], "auction.fee_bps": [0, 50, 100], "auction.buffer_bps": [0, 50, 100],
    "auction.specialists": [0, 1, 3, 5, 9], "auction.margin_min": [0, 0.005, 0.01],
    "auction.margin_max": [0.02, 0.08, 0.15], "auction.bond_min_usd": [100, 2_000, 50_000],
    "auction.bond_max_usd": [50_000, 500_000], "auction.bond_multiple": [0.5, 2, 10],
    "auction.reaction_min_s": [0, 2, 10], "auction.reaction_max_s": [10, 60, 100], "auction.gas_usd": [0, 1, 7.5],
    "auction.backstop_discount": [0, 0.05, 0.1], "auction.backstop_capacity_usd": [0, 3_000.1, 50_000, 1_000_000],
    "auction.dump_discount": [0.2, 0.35], "report.var_level": [0.5, 0.9, 0.95, 0.99],
    "vault.tip_usd": [0, 1.25], "vault.entry": ["pre", "pre", "reactive"], "vault.reactive_flow_usd": [0, 100, 20_000],
    "vault.deploy_delay_s": [0, 0, 20, 60.5], "vault.landing_probability": [1, 1, 0.5, 0.9],
    "monitor.price_age_s": [0, 0, 15, 60],
    "auction.mechanism": ["dutch", "dutch", "fixed_fee", "bid_pool"], "auction.fixed_fee": [0, 0.02, 0.05, 0.3],
    "auction.pool_window_s": [0, 10, 30, 70.5], "auction.clock": ["linear", "linear", "stairstep"],
    "auction.cut": [0.9, 0.97, 0.99], "auction.step_s": [1, 7.5, 30, 90], "auction.start_ratio": [1, 1, 0.9, 1.2],
    "auction.floor": ["reserve", "reserve", "none"], "auction.reset_s": [0, 0, 20, 75.5],
    "auction.reset_share": [0, 0, 0.5, 0.95],
}

# Without these no cluster of a small book would be deployable.
ALWAYS = {"clusters.min_size_usd": [10, 500, 5_000, 25_000], "clusters.min_confidence": [0, 1, 20, 50]}

RANGES = {  # from, to, scale
    "vault.stop_loss": (0.003, 0.06, "linear"), "vault.timeout_s": (30, 1200, "log"),
    "vault.recover_bps": (3, 90, "log"), "protection.trigger_distance": (0.01, 0.09, "linear"),
    "auction.kappa_bps_per_s": (0.3, 120, "log"), "protection.max_deposit_ratio": (0.01, 0.4, "linear"),
    "clusters.refresh_s": (20, 700, "linear"),
}


def random_settings(rng):
    settings = {name: rng.choice(values) for name, values in ALWAYS.items()}
    share = rng.choice([0.15, 0.5, 0.9])
    for name, values in CHOICES.items():
        if rng.random() < share:
            settings[name] = rng.choice(values)
    return settings


def random_grid(rng, settings):
    numeric = [name for name, values in {**CHOICES, **ALWAYS}.items()
               if not isinstance(values[0], str) and len(set(values)) > 1]
    favourites = ["vault.stop_loss", "vault.timeout_s", "protection.trigger_distance", "auction.kappa_bps_per_s"]
    grid = {}
    for _ in range(rng.choice([1, 1, 2, 2, 3])):
        name = rng.choice(favourites if rng.random() < 0.5 else numeric)
        if name in RANGES and rng.random() < 0.6:
            start, end, scale = RANGES[name]
            steps = rng.choice([2, 3])
            grid[name] = f'{{ from = {start}, to = {end}, steps = {steps}, scale = "{scale}" }}'
        else:
            values = sorted(set({**CHOICES, **ALWAYS}[name]))
            grid[name] = repr(rng.sample(values, min(len(values), rng.choice([2, 2, 3]))))
        settings.pop(name, None)
    return grid


def spec_text(rng, path_names):
    settings = random_settings(rng)
    grid = random_grid(rng, settings)
    lines = ["[inputs]", 'book = "book.csv"', 'prices = "prices.csv"', 'venues = "venues.toml"',
             "paths = [" + ", ".join(f'"{name}"' for name in path_names) + "]"]
    if rng.random() < 0.6:
        lines.append(f'bar_stamp = "{rng.choice(["start", "end"])}"')
    if rng.random() < 0.6:
        lines.append(f'bar_path = "{rng.choice(["ohlc", "olhc", "auto", "close"])}"')
    if rng.random() < 0.3:
        lines.append(f"bar_seconds = {rng.choice([20, 40])}")
    lines += ["", "[scenarios]", f"seed = {rng.choice([1, 7, rng.randrange(1, 2 ** 40)])}", "", "[settings]"]
    for name, value in settings.items():
        lines.append(f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}")
    lines += ["", "[grid]"] + [f"{name} = {value}" for name, value in grid.items()]
    lines += ["", "[output]", 'folder = "results"', 'details = "all"', ""]
    return "\n".join(lines), settings
