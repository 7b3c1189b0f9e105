# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Names in files that others made: paths out of the folder and commands of a shell are only names."""

from lab import check

NAMES = ("../../evil", "/evil", "..", "$(touch evil)", "`touch evil`", "'; touch evil; '", "evil\x1b[2J")
ACCOUNTS = ("btc-00", "btc-01", "btc-02", "btc-03", "sol-drift", "jupiter", "event")
ASSET = "A`touch evil`';system 'touch evil'/../x"
VENUE = """[venues.hyperliquid.assets]
"{name}" = {{ margin_table = "BTC" }}
"""


def hostile(case):
    """Whether some text of the case's files is a name that a command could use."""
    return any(read.name in ("book.csv", "spec.toml", "shocks.csv", "whale.json", "accounts.csv", "venues.toml",
                             "results/manifest.json", "parts/part-1-of-2.sqlite", "prices.csv", "perps.csv")
               for read in case.reads)


def escapes(case, lab):
    yield "", lambda: named(case, lab)


def named(case, lab):
    with lab.place() as place:
        rename(place)
        before = place.snapshot()
        outcome = place.run(case, environment=lab.environment(BREAKWATER_REPORT="all"))
        after = place.snapshot()
        check(case, before, after, outcome, {0, 65, 66})
        return outcome.status


def rename(place):
    """Puts the names into every input that has room for them."""
    book = place.path("book.csv").read_text()
    for account, name in zip(ACCOUNTS, NAMES):
        quoted = '"' + name.replace('"', '""') + '"'
        book = book.replace(f"\n{account},", f"\n{quoted},")
    place.path("book.csv").write_text(book)
    place.path("shocks.csv").write_text("scenario,BTC\n" + "".join(f"\"{name}\",-0.{number}\n" for number, name
                                                                   in enumerate(NAMES[:5], 1)))
    accounts = "user,collateral,debt\n" + "".join(f"\"{name}\",10,900\n" for name in NAMES)
    place.path("accounts.csv").write_text(accounts)
    whale = place.path("whale.json").read_text()
    place.path("whale.json").write_text("{" + ",".join(f'"{name}": {whale}' for name in NAMES[:6]) + "}")
    manifest = place.path("results/manifest.json")
    text = manifest.read_text().replace('"cycles.csv"', '"../../evil/cycles.csv"')
    manifest.write_text(text)
