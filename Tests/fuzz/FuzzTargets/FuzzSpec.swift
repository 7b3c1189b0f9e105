// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Inputs
internal import Sweeps
internal import TextKit

/// The specification of a sweep.
@Sendable func fuzzSpec(_ input: [UInt8]) {
  let path = Fuzz.write("spec.toml", input)
  let spec = Fuzz.answer { () throws(Failure) in try SweepSpec.read(path) }
  guard let spec, spec.grid.count > 0 else { return }
  _ = Fuzz.answer { () throws(Failure) in
    try spec.grid.validate()
    _ = try spec.catalogue(spec.grid.cell(spec.grid.count - 1).venueValues)
  }
}
