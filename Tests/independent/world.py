# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""The reference world: one scenario, a plain loop over its steps (DESIGN 6, B9 to B19)."""

import auction
from arithmetic import micro, milliseconds, rint
from book import Market
import clusters
from ladder import ladder
from lines import LIQUIDATABLE, reported, stand
from protection import Protection
from vault import Vault


class Sale:
    """A row of liquidations.csv: one leg of a fallen account that is sold, at market or as a lot."""

    def __init__(self, fall, leg, quantity, mark):
        self.fall, self.asset, self.quantity, self.mark = fall, leg.asset, quantity, mark
        self.notional = micro(quantity * mark)
        self.penalty = self.shortfall = 0


class Fall:
    """One liquidated account: what is sold of it (all of it at once; the ladder is of the flow only), and its estate
    (cash and surplus), at the end its equity."""

    def __init__(self, state, t, kind):
        self.account, self.time, self.kind, self.root = state.account, t, kind, state.root
        self.sales = []
        self.open_lots = 0
        self.equity = 0

    def sell(self, leg, quantity, mark):
        self.sales.append(Sale(self, leg, quantity, mark))
        return self.sales[-1]


class State:
    """An account in the world. The standing of its rows is looked at afresh in every step."""

    def __init__(self, account):
        self.account = account
        self.deposited = account.carried_in
        self.protection = None
        self.fall = None
        self.look_at = None

    def look(self, market):
        self.rows = self.account.rows(market, self.deposited)
        self.standings = [(row, stand(self.account, row, market.price(row.asset))) for row in self.rows]
        index = reported(self.standings, market)
        row, standing = self.standings[0 if index is None else index]
        self.root_asset, self.root = row.asset, standing.root
        self.distance = standing.distance(market.price(row.asset))

    def fallen(self):
        return any(standing.status == LIQUIDATABLE for _, standing in self.standings)

    def risk(self, market):
        """Lowest health / notional of all rows first; without notional before all; then the account (B10)."""
        notional = 0.0
        for row in self.rows:
            notional += row.quantity * market.price(row.asset)
        health = self.account.health(self.rows, market, self.deposited)
        ratio = (0, 0.0) if notional == 0 else (1, health / notional)
        return ratio + self.account.order()


class World:
    def __init__(self, settings, accounts, inputs, steps, scenario, seed, with_vault=True):
        self.settings, self.inputs, self.steps, self.scenario = settings, inputs, steps, scenario
        self.t0, self.t_last = steps[0][0], steps[-1][0]
        self.prices, self.seen, self.stale = {}, {}, set()
        self.read_prices(0)
        self.market = Market(inputs.assets, self.prices, shares=inputs.shares)
        self.states = [State(account) for account in accounts]
        if settings["protection.enabled"]:
            for state in self.states:
                if state.account.protected:
                    state.protection = Protection(settings, state.account, self.market, self.t0)
        self.vault = Vault(settings, seed, scenario) if with_vault else None
        self.bidders = auction.specialists(settings, seed, scenario)
        self.insurance = micro(settings["liquidation.insurance_usd"])
        self.capacity = micro(settings["auction.backstop_capacity_usd"])
        self.insurance_paid = self.backstop_paid = self.bad_debt = self.peak_committed = 0
        self.falls, self.lots, self.open_lots, self.events = [], [], [], []
        self.flow = {}

    # The loop --------------------------------------------------------------------------------------------------------

    def run(self):
        refresh = milliseconds(self.settings["clusters.refresh_s"])
        if self.vault:
            self.compute_clusters()
        last_refresh = self.t0
        previous = None
        for index, (t, _) in enumerate(self.steps):
            self.t, self.last_step = t, index == len(self.steps) - 1
            self.read_prices(index)
            self.liquidate()
            self.auctions(None if self.last_step else self.steps[index + 1][0])
            self.protect(previous)
            if self.vault:
                self.vault.step(t, self.clusters, self.prices, self.flow_below, self.stale)
                if t - last_refresh >= refresh:
                    self.compute_clusters()
                    last_refresh = t
            previous = t
        if self.vault:
            self.vault.end(self.t_last, self.market.price)
        self.events.sort(key=lambda event: event["time"])
        return self

    def read_prices(self, index):
        """Step 1: an empty cell carries the price, and its age grows (B10)."""
        t, given = self.steps[index]
        for asset, price in given.items():
            self.prices[asset] = price
            self.seen[asset] = t
        limit = milliseconds(self.settings["oracle.max_age_s"])
        self.stale = {asset for asset, seen in self.seen.items() if t - seen > limit}

    def flow_below(self, asset):
        return self.flow.get((asset, "below"), 0)

    def checks_blocked(self, account):
        return any(asset in self.stale for asset in account.underlyings)

    # Steps 3 and 4 ---------------------------------------------------------------------------------------------------

    def liquidate(self):
        """Who falls is decided by the comparison of price and root (B2); lending first, then perps, by risk."""
        self.flow = {}
        falling = []
        for state in self.states:
            if state.fall or state.account.is_empty or self.checks_blocked(state.account):
                continue
            state.look(self.market)
            if state.fallen():
                falling.append((state.account.is_perp, state.risk(self.market), state))
        falling.sort(key=lambda item: item[:2])
        for is_perp, _, state in falling:
            for row, standing in state.standings:
                if standing.root is not None:
                    key = (row.asset, standing.direction)
                    self.flow[key] = self.flow.get(key, 0) + sum(
                        rung.size(row.quantity) for rung in ladder(state.account, row, standing, self.market))
            if is_perp or state.account.venue.liquidation == "market":
                self.close_at_market(state)
            else:
                self.open_lots_of(state)
            self.falls.append(state.fall)

    def take_insurance(self, amount):
        paid = min(self.insurance, amount)
        self.insurance -= paid
        self.insurance_paid += paid
        return paid

    def close_at_market(self, state):
        """B11."""
        account = state.account
        fall = state.fall = Fall(state, self.t, "market")
        notional = 0.0
        for leg in account.sold_legs():
            sale = fall.sell(leg, abs(leg.quantity), account.leg_price(leg, self.market))
            notional += sale.quantity * sale.mark
        first = fall.sales[0]
        equity = account.equity(self.market, state.deposited)
        if equity >= 0:
            first.penalty = min(equity, micro(notional * self.settings["liquidation.penalty"]))
            self.insurance += first.penalty
            fall.equity = equity - first.penalty
        else:
            first.shortfall = -equity
            self.bad_debt += first.shortfall - self.take_insurance(first.shortfall)
        self.give_back(state, self.t)

    def give_back(self, state, t):
        """min(deposited, equity left) returns to the wallet (B13)."""
        amount = min(state.deposited, max(state.fall.equity, 0))
        if state.protection and amount > 0:
            self.record(state, t, "returned", amount, 0)

    def open_lots_of(self, state):
        """B15: a lot for every deposit with a quantity, in leg order; the account's debt in proportion to their opens."""
        account = state.account
        fall = state.fall = Fall(state, self.t, "auction")
        debt = sum(micro(account.leg_value(leg, self.market)) for leg in account.borrows)
        sold = [leg for leg in account.deposits if leg.quantity > 0]
        if not sold:
            sold = [(account.deposits or account.borrows)[0]]
        marks = [account.leg_price(leg, self.market) - account.leg_confidence(leg, self.market) for leg in sold]
        sizes = [leg.quantity if leg.kind == "deposit" else 0.0 for leg in sold]
        debts = apportioned(debt, [micro(size * mark) for size, mark in zip(sizes, marks)])
        factor = health_factor(account, self.market, state.deposited)
        fall.equity = account.cash(state.deposited)
        for leg, size, mark, owed in zip(sold, sizes, marks, debts):
            lot = auction.Lot(self.settings, len(self.lots) + 1, account, self.t, size, mark, owed)
            lot.state, lot.leg, lot.asset, lot.health_factor = state, leg, leg.asset, factor
            lot.sale = fall.sell(leg, size, account.leg_price(leg, self.market))
            fall.open_lots += 1
            self.lots.append(lot)
            self.open_lots.append(lot)

    # Step 5 ----------------------------------------------------------------------------------------------------------

    def auctions(self, t_next):
        """Open lots in account order: the ladder when time is up, else the bids of this step (B16 to B18)."""
        still_open = []
        for lot in sorted(self.open_lots, key=lambda lot: (lot.account.order(), lot.number)):
            spot = lot.account.leg_price(lot.leg, self.market)
            timed_out = lot.seconds(self.t) >= self.settings["auction.duration_s"]
            if lot.underwater or timed_out or self.last_step:
                part = lot.sell_to_backstop(self.t, spot, self.capacity)
                self.capacity -= part
                self.backstop_paid += part
            else:
                lot.restart(self.t, spot - lot.account.leg_confidence(lot.leg, self.market))
                offer = lot.bid(self.bidders, spot, self.t, t_next)
                if offer is None:
                    still_open.append(lot)
                    continue
                lot.accept(offer, spot)
            fall = lot.state.fall
            surplus, uncovered, estate = lot.settle(fall.equity)
            lot.sale.shortfall = uncovered
            lot.bad_debt = uncovered - self.take_insurance(uncovered)
            fall.equity = estate + surplus
            fall.open_lots -= 1
            if fall.open_lots == 0:
                self.give_back(lot.state, lot.closed_at)
        self.open_lots = still_open

    # Step 6 ----------------------------------------------------------------------------------------------------------

    def protect(self, previous):
        for state in self.states:
            if state.fall or not state.protection or state.account.is_empty or self.checks_blocked(state.account):
                continue
            if previous is None:
                state.look(self.market)
                state.protection.triggered_at_entry = (
                    state.distance is not None and state.distance < state.protection.trigger)
            if state.protection.is_due(self.t, previous):
                state.look(self.market)
                after, events = state.protection.act(self.t, state.deposited, state.distance)
                for word, amount in events:
                    self.record(state, self.t, word, amount, after if word in ("deposit", "withdrawal") else state.deposited)
                state.deposited = after
        committed = sum(state.deposited for state in self.states if state.protection and not state.fall)
        self.peak_committed = max(self.peak_committed, committed)

    def record(self, state, t, word, amount, total):
        price = self.market.price(state.root_asset)
        distance = None
        if state.root is not None:
            distance = next(standing.distance(price) for row, standing in state.standings
                            if row.asset == state.root_asset)
        self.events.append({"account": state.account, "asset": state.root_asset, "time": t, "event": word,
                            "amount": amount, "total": total, "price": price, "root": state.root,
                            "distance": distance})

    # Step 8 ----------------------------------------------------------------------------------------------------------

    def compute_clusters(self):
        """B9: accounts still open, at this step's prices; protected ones with the rest of their cap."""
        age = self.settings["clusters.read_lag_slots"]
        entries = []
        for state in self.states:
            if not state.fall:
                held = state.deposited
                if state.protection:
                    held = max(held, state.protection.cap)
                entries.append((state.account, held, age))
        self.clusters, _ = clusters.build(self.settings, entries, self.market,
                                          lambda asset: self.inputs.shares.get(asset, 0.0))

    # Results ---------------------------------------------------------------------------------------------------------

    def end_equity(self, state):
        """Equity at the end, floored at 0; a fallen account's after its close (B13)."""
        equity = state.fall.equity if state.fall else state.account.equity(self.market, state.deposited)
        return max(0, equity)


def apportioned(debt, opens):
    """A debt in proportion to the opens of an account's lots; the last takes the remainder."""
    total, parts = sum(opens), []
    for size in opens[:-1]:
        parts.append(rint(float(debt) * float(size) / float(total)) if total != 0 else 0)
    return [*parts, debt - sum(parts)]


def health_factor(account, market, deposited):
    """Weighted collateral / weighted debt, for the report (B4)."""
    collateral = debt = 0.0
    for leg, slope in zip(account.legs, account.slopes):
        if leg.kind == "deposit":
            collateral += slope * market.price(leg.underlying)
        else:
            debt += -slope * market.price(leg.underlying)
    cut = account.conservative_cut(market)
    weighted = account.constant(collateral, cut, deposited / 1e6)
    return weighted / debt if debt != 0 else None
