// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Inputs
internal import Markets
internal import TextKit

/// Answers of Hyperliquid; the book that is made of them has to be one.
@Sendable func fuzzHyperliquid(_ input: [UInt8]) {
  let path = Fuzz.write("0xaccount.json", input)
  let book = Fuzz.answer { () throws(Failure) in
    var reading = try HyperliquidImport(
      catalogue: Fuzz.catalogue,
      skipsUnknown: input.count % 2 == 1
    )
    try reading.read(path)
    return try reading.finish()
  }
  guard let book else { return }
  book.warnings.forEach(Fuzz.checkText)
  if !book.prices.isEmpty {
    let prices = Fuzz.write("prices.csv", book.priceText)
    _ = Fuzz.sure { () throws(Failure) in
      try PriceFile.read(prices, assets: Fuzz.catalogue.assets)
    }
  }
  guard !book.legs.isEmpty else { return }
  let made = Fuzz.write("book.csv", book.bookText)
  let read = Fuzz.sure { () throws(Failure) in
    try BookFile.read(made, catalogue: Fuzz.catalogue).book
  }
  if read.legCount != book.legs.count { fatalError("\(read.legCount) legs were read again") }
}
