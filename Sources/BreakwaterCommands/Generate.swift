// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit

/// `breakwater generate`: synthetic books and paths, the same bytes for a seed on every machine.
struct Generate: Command {
  static let name = "generate"
  static let about = "Make a synthetic book or synthetic price paths, from a seed"
  static let details: String? = """
    Nothing here is measured: the data shows what the tool does, not what a market did.
    Examples:
      breakwater generate book --accounts 20000 -o book.csv --write-prices prices.csv
      breakwater generate paths --model crash --scenarios 8 --prices prices.csv -o paths
    """
  static let subcommands: [any Command.Type] = [GenerateBook.self, GeneratePaths.self]
}
