# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Protection: elastic collateral of the protected accounts (DESIGN 6.2, B12, B13)."""

from arithmetic import micro, milliseconds


def initial_collateral(account, market):
    """Collateral at t0 in USD: deposits less borrows plus cash, floored at 0."""
    value = 0.0
    for leg in account.deposits:
        value += account.leg_value(leg, market)
    for leg in account.borrows:
        value -= account.leg_value(leg, market)
    return max(value + account.collateral, 0.0)


def position_value(account, market):
    """The perps of an account as they were opened, and its deposits at t0, leg by leg."""
    value = 0.0
    for leg in account.legs:
        if leg.kind == "perp":
            value += abs(leg.quantity) * leg.entry_price
        elif leg.kind == "deposit":
            value += account.leg_value(leg, market)
    return value


def deposit_cap(settings, account, market):
    """The most that protection may have deposited, micro-USD."""
    own = account.setting("protection_cap_usd")
    if own is not None:
        return micro(own)
    if settings["protection.cap_base"] == "collateral":
        base = initial_collateral(account, market)
    else:
        base = position_value(account, market)
    return max(0, micro(settings["protection.max_deposit_ratio"] * base))


class Protection:
    """State of one protected account."""

    def __init__(self, settings, account, market, t0):
        self.account = account
        self.t0 = t0
        own_trigger, own_safe = account.setting("trigger_distance"), account.setting("safe_distance")
        self.trigger = settings["protection.trigger_distance"] if own_trigger is None else own_trigger
        self.safe = settings["protection.safe_distance"] if own_safe is None else own_safe
        self.cap = deposit_cap(settings, account, market)
        wanted = max(settings["protection.deposit_increment_usd"],
                     settings["protection.increment_ratio"] * initial_collateral(account, market))
        self.increment = min(self.cap, micro(wanted))
        self.cooldown = milliseconds(settings["protection.cooldown_s"])
        self.unlimited = settings["protection.wallet_usd"] == 0
        self.wallet = micro(settings["protection.wallet_usd"])
        self.adaptive = settings["protection.poll"] == "adaptive"
        self.poll = milliseconds(settings["protection.poll_s"])
        self.shift = (account.number * 1000) % self.poll if settings["protection.stagger"] else 0
        self.last_poll = None
        self.interval = None
        self.last_action = None
        self.paused = False
        self.exhausted = False
        self.deposits = self.withdrawals = self.wallet_empty = 0
        self.deposited_gross = self.withdrawn_gross = 0
        self.triggered_at_entry = False

    def is_due(self, t, previous):
        """B12: fixed polls at t0 + shift + k*poll; adaptive ones by the distance seen at the last poll."""
        if self.adaptive and self.last_poll is not None:
            return t - self.last_poll >= self.interval
        if previous is None:
            return self.shift == 0
        return (t - self.t0 - self.shift) // self.poll > (previous - self.t0 - self.shift) // self.poll

    def act(self, t, deposited, distance):
        """One poll: the new deposited amount and its events [(word, amount)] (B13)."""
        self.last_poll = t
        self.interval = adaptive_interval(distance)
        if distance is None:
            return deposited, []
        events = []
        if distance < self.trigger and deposited >= self.cap and not self.exhausted:
            self.exhausted = True
            events.append(("exhausted", 0))
        rested = self.last_action is None or t - self.last_action > self.cooldown
        if distance < self.trigger and deposited < self.cap:
            if rested and not self.paused:
                amount = min(self.increment, self.cap - deposited)
                if not self.unlimited and self.wallet < amount:
                    self.wallet_empty += 1
                    self.paused = True
                    events.append(("wallet_empty", 0))
                elif amount > 0:
                    deposited += amount
                    self.move(t, -amount)
                    self.deposits += 1
                    self.deposited_gross += amount
                    events.append(("deposit", amount))
        elif distance > self.safe and deposited > 0 and rested and not self.account.strict:
            amount = min(self.increment, deposited)
            if amount > 0:
                deposited -= amount
                self.move(t, amount)
                self.withdrawals += 1
                self.withdrawn_gross += amount
                events.append(("withdrawal", amount))
        return deposited, events

    def move(self, t, to_wallet):
        self.last_action = t
        if not self.unlimited:
            self.wallet += to_wallet
        self.paused = False

    @property
    def outstanding(self):
        """Deposits less withdrawals of the run, without what the book carried in."""
        return self.deposited_gross - self.withdrawn_gross


def adaptive_interval(distance):
    """Classes of seed 1, strict; no root is 300 s. Milliseconds."""
    if distance is None or distance > 0.20:
        return 300_000
    if distance > 0.10:
        return 60_000
    if distance > 0.05:
        return 30_000
    return 10_000
