# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Random venue files for random worlds: one venue of every kind, every number that decides how much it closes drawn.

The names are not those of the venues that the tool knows, so that keys left out have the defaults of their kind."""

from random_book import toml_table, toml_value

VOLATILE = ["SOL", "BTC", "ETH", "JITOSOL"]
LISTED = {"tiered": VOLATILE, "sized": [*VOLATILE, "USDC"], "weighted": [*VOLATILE, "USDC"],
          "ltv": [*VOLATILE, "USDC"], "ticked": [*VOLATILE, "USDC"], "events": ["EVT", "SOL", "USDC"]}
GROUPS = {"lst": (["SOL", "JITOSOL"], "SOL"), "stable": (VOLATILE, "USDC")}


class VenueMaker:
    """Needs `rng`."""

    def venue_file(self):
        rng = self.rng
        self.ratio = rng.choice([1.21, 1.0, 1.0873])
        made = {"tiered": self.tiered(), "sized": self.sized(), "weighted": self.weighted(), "ltv": self.ltv(),
                "ticked": self.ticked(), "events": self.events()}
        lines = ["[assets]", f'JITOSOL = {{ priced_from = "SOL", ratio = {toml_value(self.ratio)} }}',
                 "USDC = { quote = true }"]
        for name, table in made.items():
            lines += ["", *toml_table(f"venues.{name}", table)]
        return "\n".join(lines) + "\n"

    def some(self, table, likely=0.7, **choices):
        """Adds each key with a likelihood, its value one of the choices."""
        for key, values in choices.items():
            if self.rng.random() < likely:
                table[key] = self.rng.choice(values)
        return table

    def venue(self, kind, equality, **choices):
        table = self.some({"kind": kind, "liquidates_at_equality": equality}, 0.8, **choices)
        return self.some(table, 0.25, close_factor=[0.1, 0.2, 0.5, 0.8, 1.0])

    def tiered(self):
        rng = self.rng
        table = self.venue("perp_tiered", False, penalty=[0.0, 0.01], partial_share=[0.2, 0.2, 0.5, 1.0, 0.03],
                           partial_above_usd=[0, 1_000.5, 10_000, 100_000])
        first, second = rng.choice([20_000, 50_000.5]), rng.choice([100_000, 400_000])
        table["margin_tables"] = {
            "BTC": {"tiers": [{"lower_usd": 0, "max_leverage": 40}, {"lower_usd": first, "max_leverage": 20},
                              {"lower_usd": second, "max_leverage": 5}]},
            "ETH": {"tiers": [{"lower_usd": 0, "maintenance_rate": 0.02},
                              {"lower_usd": first, "maintenance_rate": 0.0333}]},
            "SOL": {"tiers": [{"lower_usd": 0, "max_leverage": 20}]}}
        table["assets"] = {"BTC": {"margin_table": "BTC"}, "ETH": {"margin_table": "ETH"},
                           "SOL": {"margin_table": "SOL"}, "JITOSOL": {"margin_table": "ETH"}}
        if rng.random() < 0.3:
            table["assets"]["SOL"]["penalty"] = 0.004
        return table

    def sized(self):
        rng = self.rng
        table = self.venue("perp_sized", rng.random() < 0.5, penalty=[0.0, 0.015],
                           liquidation_margin_buffer=[0.02, 0.01, 0.05, 0.001, 0.0],
                           initial_liquidation_share=[1.0, 1.0, 0.1, 0.5],
                           full_liquidation_below_usd=[50, 0, 500, 20_000])
        table["assets"] = {
            "SOL": {"maintenance_ratio": 0.05, "imf_factor": rng.choice([0, 0.0002, 0.02]), "asset_weight": 0.90,
                    "liability_weight": 1.10, "spot_imf_factor": 0.00125},
            "BTC": {"maintenance_ratio": 0.03, "imf_factor": 0, "asset_weight": 0.90, "liability_weight": 1.10,
                    "spot_imf_factor": 0.105},
            "ETH": {"maintenance_ratio": 0.0333, "imf_factor": 0.0002, "asset_weight": 0.85,
                    "liability_weight": 1.10, "spot_imf_factor": 0},
            "JITOSOL": {"maintenance_ratio": 0.10, "imf_factor": 0, "asset_weight": 0.80, "liability_weight": 1.20,
                        "spot_imf_factor": 0.0005},
            "USDC": {"asset_weight": 1.0, "liability_weight": 1.0}}
        for entry in table["assets"].values():
            self.some(entry, 0.4, liquidator_fee=[0.0, 0.005, 0.01, 0.04], insurance_fee=[0.0, 0.01, 0.02],
                      spot_liquidator_fee=[0.0, 0.005, 0.02, 0.06], spot_insurance_fee=[0.0, 0.005, 0.02],
                      penalty=[0.01])
        return table

    def weighted(self):
        rng = self.rng
        table = self.venue("lending_weighted", True, penalty=[0.0, 0.05], liquidation=["auction", "market"],
                           liquidator_fee=[0.025, 0.01, 0.0, 0.1], insurance_fee=[0.025, 0.0, 0.05],
                           confidence_multiplier=[2.12, 1.0], confidence_cap=[0.05, 0.005])
        table["assets"] = {
            "SOL": {"asset_weight": 0.90, "liability_weight": 1.10},
            "BTC": {"asset_weight": 0.87, "liability_weight": 1.15},
            "ETH": {"asset_weight": 0.85, "liability_weight": 1.20},
            "JITOSOL": {"asset_weight": 0.80, "liability_weight": 1.20},
            "USDC": {"asset_weight": 1.0, "liability_weight": 1.0}}
        for entry in table["assets"].values():
            self.some(entry, 0.2, penalty=[0.025])
            self.some(entry, 0.3, emode_tag=["LST", "MAJOR"])
            if rng.random() < 0.4:
                entry["emode"] = self.some({}, 0.8, LST=[0.95, 0.99, 1.051], MAJOR=[0.88, 0.93])
        if rng.random() < 0.3:
            table["assets"][rng.choice(VOLATILE)]["isolated"] = True
        return table

    def ltv(self):
        table = self.venue("lending_ltv", True, penalty=[0.0, 0.02, 0.1], liquidation=["auction", "market"],
                           insolvency_ltv=[0.95, 0.8, 1.5], full_liquidation_below_usd=[2, 0, 1_000, 30_000],
                           max_liquidatable_at_once_usd=[500_000, 2_000.25, 50_000])
        if self.rng.random() < 0.8:
            table["close_factor"] = self.rng.choice([0.2, 0.1, 0.5, 0.9])
        table["assets"] = {
            "SOL": {"liquidation_threshold": 0.75, "borrow_factor": 1.25},
            "BTC": {"liquidation_threshold": 0.80, "borrow_factor": 1.0},
            "ETH": {"liquidation_threshold": 0.78, "borrow_factor": 1.1},
            "JITOSOL": {"liquidation_threshold": 0.72, "borrow_factor": 1.3},
            "USDC": {"liquidation_threshold": 0.90, "borrow_factor": 1.0}}
        for entry in table["assets"].values():
            self.some(entry, 0.3, penalty=[0.0, 0.03])
            if self.rng.random() < 0.6:
                self.some(entry, 0.95, min_bonus_bps=[0, 100, 500, 3_000], max_bonus_bps=[500, 1_000, 5_000],
                          bad_debt_bonus_bps=[99, 10, 0])
                if "max_bonus_bps" in entry and entry.get("min_bonus_bps", 0) > entry["max_bonus_bps"]:
                    del entry["min_bonus_bps"]
        table["elevation_groups"] = {
            name: self.some({"liquidation_threshold": 0.9, "assets": assets, "debt": debt}, 0.6,
                            max_bonus_bps=[0, 50, 300, 700])
            for name, (assets, debt) in GROUPS.items()}
        return table

    def ticked(self):
        table = self.venue("lending_ticked", False, penalty=[0.0, 0.01, 0.2], liquidation=["auction", "market"],
                           tick_base=[1.0015, 1.001])
        table["assets"] = {
            "SOL": {"liquidation_threshold": 0.85}, "BTC": {"liquidation_threshold": 0.88},
            "ETH": {"liquidation_threshold": 0.86}, "JITOSOL": {"liquidation_threshold": 0.84},
            "USDC": {"liquidation_threshold": 0.90}}
        for entry in table["assets"].values():
            self.some(entry, 0.4, penalty=[0.01, 0.02, 0.1, 0.3], supply_exchange_price=[1.0, 1.0123, 1.3],
                      borrow_exchange_price=[1.05, 1.2])
        return table

    def events(self):
        table = self.venue("event", False, penalty=[0.0, 0.05], liquidation=["auction", "market"])
        table["assets"] = {"EVT": {"liquidation_threshold": 0.80}, "SOL": {"liquidation_threshold": 0.70},
                           "USDC": {"liquidation_threshold": 1.0}}
        self.some(table["assets"]["EVT"], 0.3, penalty=[0.1])
        return table

    # What keeps an account within its venue's rules ------------------------------------------------------------------

    def fit(self, venue, legs):
        """Groups and thresholds of positions; an isolated debt is the only one."""
        rng = self.rng
        deposits = [leg for leg in legs if leg["leg"] == "deposit"]
        borrows = [leg for leg in legs if leg["leg"] == "borrow"]
        if venue == "ltv" and rng.random() < 0.5:
            for name, (assets, debt) in GROUPS.items():
                if all(leg["asset"] in assets for leg in deposits) and all(leg["asset"] == debt for leg in borrows):
                    for leg in legs:
                        leg["elevation_group"] = name
                    return
        if venue in ("ltv", "events", "ticked", "weighted") and deposits and rng.random() < 0.15:
            threshold = rng.choice([0.5, 0.77, 0.85])
            for leg in deposits if venue == "ticked" else [rng.choice(deposits)]:
                leg["liquidation_threshold"] = threshold
        if venue == "weighted" and len({leg["asset"] for leg in borrows}) > 1:
            for leg in borrows:
                if self.entries[venue][leg["asset"]].get("isolated"):
                    leg["leg"] = "deposit"
