// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Inputs
internal import Markets
internal import TextKit

/// Current prices.
@Sendable func fuzzPrices(_ input: [UInt8]) {
  let path = Fuzz.write("prices.csv", input)
  let assets = Fuzz.catalogue.assets
  let found = Fuzz.answer { () throws(Failure) in
    let found = try PriceFile.read(path, assets: assets)
    let all = assets.assets.indices.filter { assets[$0].underlying == $0 && !assets[$0].isQuote }
    try PriceFile.check(found.snapshot, of: path, covers: all, assets: assets)
    return found
  }
  found?.warnings.forEach(Fuzz.checkText)
}
