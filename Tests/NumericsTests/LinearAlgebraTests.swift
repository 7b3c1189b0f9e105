// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import TestSupport
import Testing

@Suite struct LinearAlgebraTests {
  @Test(arguments: [0, 1, 7, 8, 9, 1_000])
  func `the library's dot product is ours within its bound`(_ count: Int) throws {
    var random = SplitMix64(seed: UInt64(count))
    let x = (0..<count).map { _ in random.number(-1, 1) }
    let y = (0..<count).map { _ in random.number(-1, 1) }
    let plain = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    let size = zip(x, y).reduce(0) { $0 + ($1.0 * $1.1).magnitude }
    let bound = Double(count + 1) * 0x1p-52 * size
    #expect((try LinearAlgebra.dot(x, y) - plain).magnitude <= bound)
  }

  @Test func `the library says what it is`() {
    #expect(LinearAlgebra.libraryDescription.contains("OpenBLAS"))
  }
}
