// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import TestSupport
import Testing

@Suite struct MatrixTests {
  private static func matrix(_ count: Int, _ random: inout SplitMix64) -> [Double] {
    (0..<count).map { _ in random.number(-1, 1) }
  }

  private static func isNear(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }
  }

  private static func plain(_ a: [Double], _ b: [Double], _ rows: Int, _ inner: Int) -> [Double] {
    let columns = b.count / inner
    return (0..<rows * columns).map { place in
      (0..<inner).reduce(0) {
        $0 + a[place / columns * inner + $1] * b[$1 * columns + place % columns]
      }
    }
  }

  @Test func `products are those of plain sums`() throws {
    var random = SplitMix64(seed: 1)
    let a = MatrixTests.matrix(6 * 5, &random)
    let b = MatrixTests.matrix(5 * 9, &random)
    let plain = MatrixTests.plain(a, b, 6, 5)
    let found = try LinearAlgebra.product(a, b, rows: 6, inner: 5, columns: 9)
    #expect(MatrixTests.isNear(found, plain))
    let gram = try LinearAlgebra.gram(a, rows: 6, columns: 5)
    for row in 0..<6 {
      for column in 0...row {
        let sum = (0..<5).reduce(0) { $0 + a[row * 5 + $1] * a[column * 5 + $1] }
        #expect(abs(gram[row * 6 + column] - sum) < 1e-12)
      }
    }
  }

  @Test func `a triangle multiplies what is below its diagonal only`() throws {
    var random = SplitMix64(seed: 2)
    let full = MatrixTests.matrix(7 * 7, &random)
    let lower = full.indices.map { $0 % 7 <= $0 / 7 ? full[$0] : 0 }
    let columns = MatrixTests.matrix(7 * 11, &random)
    var found = columns
    try LinearAlgebra.multiply(lowerTriangle: full, size: 7, into: &found)
    #expect(MatrixTests.isNear(found, MatrixTests.plain(lower, columns, 7, 7)))
  }

  @Test(arguments: PropertySeeds.first(20))
  func `our Cholesky factor is that of the library`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let size = random.whole(1, 64)
    let a = MatrixTests.matrix(size * size * 2, &random)
    let gram = try LinearAlgebra.gram(a, rows: size, columns: size * 2)
    let rows = (0..<size).map { i in (0..<size).map { gram[max(i, $0) * size + min(i, $0)] } }
    let found = try #require(try LinearAlgebra.choleskyFactor(rows.flatMap { $0 }, size: size))
    let ours = try CholeskyFactor(of: rows)
    for row in 0..<size {
      for column in 0..<size {
        let expected = column <= row ? ours.rows[row][column] : 0
        #expect(abs(found[row * size + column] - expected) < 1e-10)
      }
    }
    #expect(try LinearAlgebra.choleskyFactor([1, 2, 2, 1], size: 2) == nil)
  }

  @Test func `an exact sum keeps what plain addition loses`() {
    var sum = DoubleDouble(high: 1e16, low: 0) + DoubleDouble(high: 1, low: 0)
    sum = sum + DoubleDouble.exactProduct(0.1, 3)
    sum = sum + DoubleDouble(high: -1e16, low: 0)
    #expect(sum.rounded == 1.3)
    let product = DoubleDouble.exactProduct(1 + 0x1p-52, 1 - 0x1p-52)
    #expect((product + DoubleDouble(high: -1, low: 0)).rounded == -0x1p-104)
  }
}
