// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Markets
internal import TextKit

/// `breakwater venues`: the embedded venue parameters.
struct Venues: Command {
  static let name = "venues"
  static let about = "Print the embedded venue file, with source and date of every number"
  static let details: String? = """
    Example:
      breakwater venues > venues.toml      a copy to edit; give it back with --venues
      breakwater venues check venues.toml  everything that is wrong with it
    """
  static let subcommands: [any Command.Type] = [VenuesCheck.self]

  mutating func run() throws(Failure) {
    let text = DefaultVenues.text
    try Output.standard(text.hasSuffix("\n") ? text : text + "\n")
  }
}
