// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Inputs
internal import Markets
internal import TextKit

/// A price path: wide, or bars.
@Sendable func fuzzBars(_ input: [UInt8]) {
  let path = Fuzz.write("path.csv", input)
  var options = PathOptions()
  if input.count % 2 == 1 {
    (options.stamp, options.order, options.barSeconds) = (.end, .ohlc, 60)
    options.toMilliseconds = 1_700_000_000_000
  }
  let assets = Fuzz.catalogue.assets
  let found = Fuzz.answer { () throws(Failure) in
    try PathFile.read(path, assets: assets, options: options)
  }
  found?.warnings.forEach(Fuzz.checkText)
}
