// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Inputs
internal import TextKit

/// A small book of every kind of venue.
private let book = Fuzz.write(
  "book.csv",
  """
  account,venue,asset,leg,quantity,entry_price,collateral_usd
  a,hyperliquid,BTC,perp,2.5,60000,12000
  b,hyperliquid,ETH,perp,-40,3000,13507.88
  c,marginfi,SOL,deposit,8000,,
  c,marginfi,USDC,borrow,900000,,
  d,kamino,SOL,deposit,9000,,
  d,kamino,USDC,borrow,930000,,
  e,drift,SOL,perp,20000,150,250000
  f,jupiter_lend,SOL,deposit,9000,,
  f,jupiter_lend,USDC,borrow,930000,,

  """.utf8
)

/// A venue file over the defaults, with a book that is read with what it says.
@Sendable func fuzzVenues(_ input: [UInt8]) {
  let path = Fuzz.write("venues.toml", input)
  // Most are no TOML, which commands find after they have read the defaults.
  let parsed = Fuzz.answer { () throws(Failure) in try ConfigValue.parseTOML(input, file: path) }
  guard parsed != nil || Fuzz.chooses(input, oneIn: 16) else { return }
  let check = Fuzz.answer { () throws(Failure) in try VenueCheck([path]) }
  check?.problems.forEach { Fuzz.checkText($0.text) }
  let found = Fuzz.answer { () throws(Failure) in try VenueFiles.catalogue([path]) }
  if (check?.errorCount == 0) != (found != nil) {
    fatalError("'venues check' and commands do not agree: \(check?.problems ?? [])")
  }
  guard found != nil, Fuzz.chooses(input, oneIn: 4) else { return }
  let call = [
    input.count % 2 == 1 ? "prices" : "clusters", "--book", book, "--prices", Fuzz.prices,
  ]
  Fuzz.run(call + ["--venues", path, "-j", "1", "-q", "-o", "out.csv"])
}
