# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Every command of the tool with what it reads and writes: the rows of the matrix."""

from dataclasses import dataclass

TEXT = "text"        # CSV, TOML or JSON: a shorter or changed file may be a good one
SEALED = "sealed"    # has digests or lengths: nothing of a shorter file is used
COLUMN = "column"    # .npy: its length is stated, its values are not sealed


@dataclass(frozen=True)
class Read:
    """A file that a command reads, and where its answer to a fault is not the usual one."""
    name: str
    kind: str = TEXT
    missing: tuple = (66,)
    empty: tuple = (65,)
    # The command reads the file only to look whether it is unchanged.
    optional: bool = False
    # A pipe in its place cannot be read: the file is mapped, or opened by another library.
    pipe: bool = True
    # Where it is missing, the message names what it is one of.
    named: bool = True


@dataclass(frozen=True)
class Case:
    """One way to call a command."""
    command: str
    words: tuple
    reads: tuple = ()
    writes: tuple = ()
    variant: str = ""
    # Standard output holds results, not remarks.
    prints: bool = False
    # The same call gives the same bytes.
    stable: bool = True
    # Writes a folder that one run at a time may have.
    locks: bool = False
    # Words in place of `words` that take longer, to be met by a signal; with "-" at the end they write.
    long: tuple = ()

    @property
    def title(self):
        return f"{self.command} ({self.variant})" if self.variant else self.command

    @property
    def folders(self):
        return tuple(name for name in self.writes if "." not in name)


def case(line, reads=(), writes=(), command=None, **more):
    words = tuple(line.split())
    if command is None:
        command = " ".join(words[:2]) if words[0] in ("generate", "import", "bench") else words[0]
    reads = tuple(Read(one) if isinstance(one, str) else one for one in reads)
    more["long"] = tuple(more.get("long", "").split())
    return Case(command, words, reads, tuple(writes.split()) if writes else (), **more)


BOOK = "--book book.csv --prices prices.csv"
# Laid over the venues of the tool: an empty one changes nothing, which is warned of.
VENUES = Read("venues.toml", empty=(0,))
SPEC = ("spec.toml", "book.csv", "prices.csv", "fall.csv")
# What a reader of finished results holds against the manifest.
RESULTS = (Read("results/manifest.json", pipe=False),
           Read("results/sweep.csv", SEALED, missing=(65, 66), empty=(65,), pipe=False))

CASES = (
    case(f"prices {BOOK} --venues venues.toml -o out.csv", ("book.csv", "prices.csv", VENUES), "out.csv"),
    case("prices --book book.csv.gz --prices prices.csv -o out.csv", (Read("book.csv.gz", SEALED),), "out.csv",
         variant="gzip"),
    case("prices --book book_npy --prices prices.csv -o out.csv",
         (Read("book_npy/quantity.npy", COLUMN, missing=(65, 66), pipe=False),
          Read("book_npy/codes.json", missing=(65, 66), pipe=False)),
         "out.csv", variant="columns", long="prices --book book_npy --prices prices.csv -o -"),
    case(f"clusters {BOOK}", ("book.csv", "prices.csv"), prints=True),
    case(f"scenarios {BOOK} --shocks shocks.csv -o out.csv", ("book.csv", "shocks.csv"), "out.csv"),
    case("sweep spec.toml -o out", SPEC, "out", locks=True, long="sweep some.toml -o out"),
    case("sweep some.toml -o unfinished --resume",
         (Read("unfinished/journal.sqlite", SEALED, missing=(0,), pipe=False),), "unfinished", variant="resume",
         locks=True),
    case("merge parts -o out", (Read("parts/part-1-of-2.sqlite", SEALED, missing=(65,), pipe=False, named=False),
                                "spec.toml"), "out", locks=True),
    case("submit slurm spec.toml --shards 4 -o out", prints=True),
    case("verify results", (*RESULTS, Read("results/cycles.csv", SEALED, missing=(65,)),
                            Read("book.csv", SEALED, missing=(0,), optional=True))),
    case("report results", RESULTS, "results/report.html results/report.xlsx"),
    case("compare results other", RESULTS, prints=True),
    case("replay spec.toml -o out", SPEC[:2], "out", prints=True, locks=True),
    case("explain spec.toml", SPEC[:2], prints=True),
    case("generate book --accounts 300 --prices prices.csv --write-prices made.csv -o out.csv", ("prices.csv",),
         "out.csv made.csv"),
    case("generate paths --scenarios 3 --horizon-s 600 --step-s 60 --prices prices.csv -o out", ("prices.csv",),
         "out", locks=True),
    case("import hyperliquid whale.json -o out.csv --prices-out made.csv", ("whale.json",), "out.csv made.csv"),
    case("import table accounts.csv --mapping mapping.toml --venues venues.toml -o out.csv",
         ("accounts.csv", "mapping.toml"), "out.csv"),
    case("convert book.csv out", ("book.csv",), "out"),
    case("convert book_npy out.csv", (Read("book_npy/entry_price.npy", COLUMN, missing=(0,), pipe=False),),
         "out.csv", variant="to CSV", long="convert book_npy -"),
    case("settings", prints=True),
    case("venues", prints=True),
    case("venues check venues.toml", (VENUES,), prints=True, command="venues check"),
    case("bench kernels --positions 20000 --rounds 1 -j 1 -o out.csv", writes="out.csv", stable=False,
         long="bench kernels --positions 2000000 --rounds 1000 -j 1 -o out.csv"),
    case("bench scenarios --accounts 300 --assets 8 --legs 2 --scenarios 20 --rounds 1", stable=False,
         long="bench scenarios --accounts 200000 --assets 8 --legs 2 --scenarios 1000 --rounds 100"),
    case("bench vault vault.toml --rounds 1 -o out.csv", ("vault.toml", "book.csv"), "out.csv"),
    case("bench cascade cascade.toml --rounds 1", ("cascade.toml", "perps.csv"), stable=False),
    case("doctor", prints=True),
    case("help sweep", prints=True, command="help"),
    case("man sweep", prints=True, command="man"),
    case("completions zsh", prints=True, command="completions"),
)


def commands():
    """The commands in the order of the table, each once."""
    return list(dict.fromkeys(one.command for one in CASES))


def long_help(text):
    """The names in the section 'Commands:' of a help."""
    names, inside = [], False
    for line in text.split("\n"):
        if line == "Commands:":
            inside = True
        elif inside and not line.startswith("  "):
            break
        elif inside and line.startswith("  ") and line[2] != " ":
            names.append(line.split()[0])
    return names


def commands_of_the_tool(ask):
    """Every command that the binary has; `ask` gives the help of some words."""
    found = []
    for name in long_help(ask()):
        below = long_help(ask(name))
        if not below or name == "venues":
            found.append(name)
        found += [f"{name} {other}" for other in below]
    return found
