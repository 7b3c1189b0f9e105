// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// One wrong input with the whole of what the user then reads.
struct BadInput: CustomTestStringConvertible, Sendable {
  var name: String
  /// Files beside the golden inputs, or instead of them.
  var files: [String: Data] = [:]
  var arguments: [String]
  var input: Data?
  var status: Int32
  /// Standard error without the leading `breakwater: ` and the last line break.
  var message: String

  var testDescription: String { name }

  /// A book that is wrong; `bad.csv` is its name.
  static func book(_ name: String, _ text: String, _ message: String) -> BadInput {
    bookBytes(name, Data(text.utf8), message)
  }

  static func bookBytes(
    _ name: String,
    _ bytes: Data,
    _ message: String,
    file: String = "bad.csv"
  ) -> BadInput {
    BadInput(
      name: name,
      files: [file: bytes],
      arguments: ["prices", "--book", file, "--prices", "prices.csv", "-o", "out.csv"],
      status: 65,
      message: message
    )
  }

  /// Rows below the usual header.
  static func rows(_ name: String, _ rows: String..., message: String) -> BadInput {
    book(name, BadInput.header + rows.map { $0 + "\n" }.joined(), message)
  }

  static let header = "account,venue,asset,leg,quantity,entry_price,collateral_usd\n"

  /// The words of a message that wants a book.
  static let wantedColumns = """
    a header line with columns account, venue, asset, leg, quantity, entry_price, collateral_usd, \
    max_leverage, protected, margin_mode, observed_slot, liquidation_price, \
    protection_deposited_usd, protection_cap_usd, trigger_distance, safe_distance, \
    stop_loss_price, liquidation_threshold, elevation_group
    """

  /// Prices that are wrong; `bad.csv` is their name.
  static func prices(_ name: String, _ text: String, _ message: String) -> BadInput {
    BadInput(
      name: name,
      files: ["bad.csv": Data(text.utf8)],
      arguments: ["clusters", "--book", "book.csv", "--prices", "bad.csv", "-o", "out.csv"],
      status: 65,
      message: message
    )
  }

  /// The golden spec with one text replaced by another; `bad.toml` is its name.
  static func spec(
    _ name: String,
    _ old: String,
    _ new: String,
    _ message: String,
    status: Int32 = 65,
    path: String? = nil
  ) -> BadInput {
    let spec = (try? String(contentsOf: Golden.url("spec.toml"), encoding: .utf8)) ?? ""
    var files = [
      "bad.toml": Data(
        spec.contains(old) ? spec.replacingOccurrences(of: old, with: new).utf8 : "".utf8
      )
    ]
    if let path { files["bad.csv"] = Data(path.utf8) }
    return BadInput(
      name: name,
      files: files,
      arguments: ["sweep", "bad.toml", "-o", "results"],
      status: status,
      message: message
    )
  }

  /// A path that is wrong; `bad.csv` is its name.
  static func path(_ name: String, _ text: String, _ message: String) -> BadInput {
    spec(name, "\"fall.csv\", ", "\"bad.csv\", ", message, path: text)
  }

  /// A command line that is wrong.
  static func words(
    _ name: String,
    _ arguments: String,
    status: Int32 = 64,
    _ message: String
  ) -> BadInput {
    BadInput(
      name: name,
      arguments: arguments.split(separator: " ").map(String.init),
      status: status,
      message: message
    )
  }

  /// Runs the binary on the input: it fails with this message, and nothing else has changed.
  func check() throws {
    let place = try Workdir()
    for (name, bytes) in files { try place.write(name, bytes) }
    try place.write("out.csv", "old\n")
    let before = place.names
    let outcome = try place.run(arguments, input: input, expecting: status)
    #expect(outcome.diagnostics == "breakwater: " + message + "\n")
    #expect(outcome.text == "", "an error writes nothing to standard output")
    #expect(place.names == before, "an error leaves no file behind")
    #expect(try place.text("out.csv") == "old\n", "an error leaves the old file")
  }
}
