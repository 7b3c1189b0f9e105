// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import TestSupport
import Testing

@Suite struct GeometricGridTests {
  private static let bins = GeometricGrid(numerator: 10_050, denominator: 10_000)

  /// The bin of a price by binary search in the grid's own edges.
  private static func searched(_ price: Double, in grid: GeometricGrid) throws -> Int {
    var low = grid.lowestIndex
    var high = grid.highestIndex
    while high - low > 1 {
      let middle = (low + high) / 2
      if try #require(grid.edge(middle)) <= price { low = middle } else { high = middle }
    }
    return low
  }

  @Test func `every edge of 50 bps from 1e-12 to 1e12 is the smallest double not below its power`()
  {
    let reach = ExactEdges.binReach
    #expect(ExactEdges.bins[0] < 1e-12 && ExactEdges.bins[2 * reach] > 1e12)
    for k in -reach...reach {
      #expect(Self.bins.edge(k) == ExactEdges.bins[k + reach], "edge \(k)")
    }
  }

  @Test func `an edge begins its bin and the double before it ends the bin below`() {
    for k in -ExactEdges.binReach...ExactEdges.binReach {
      let edge = ExactEdges.bins[k + ExactEdges.binReach]
      #expect(Self.bins.bin(of: edge) == k, "edge \(k)")
      #expect(Self.bins.bin(of: edge.nextUp) == k, "edge \(k)")
      #expect(Self.bins.bin(of: edge.nextDown) == k - 1, "edge \(k)")
    }
  }

  @Test func `the edges of the worked example are where it says`() {
    #expect(Self.bins.edge(923) == 99.83320213261966)
    #expect(Self.bins.edge(924) == 100.33236814328276)
    #expect(Self.bins.bin(of: 100) == 923)
    #expect(Self.bins.bin(of: 1) == 0)
  }

  /// Widths in bps with their ratios in lowest terms; 625 bps is a power of two below the line.
  @Test(
    arguments: [
      (1.0, 10_001, 10_000), (12.5, 801, 800), (100.0, 101, 100), (625.0, 17, 16),
      (1_000.0, 11, 10),
    ] as [(Double, UInt64, UInt64)]
  )
  func `edges of other widths are exact too`(_ bps: Double, _ above: UInt64, _ below: UInt64) {
    let grid = GeometricGrid(numerator: 10_000 + bps, denominator: 10_000)
    let last = min(1_200, grid.highestIndex - 2)
    let edges = ExactEdges.table(above, below, last: last)
    for k in -last...last {
      let edge = edges[k + last]
      #expect(grid.edge(k) == edge, "edge \(k)")
      #expect(grid.bin(of: edge) == k && grid.bin(of: edge.nextDown) == k - 1, "edge \(k)")
    }
  }

  @Test func `debt ticks of 1.0015 are exact as written in billionths`() {
    let grid = GeometricGrid(numerator: 1_001_500_000, denominator: 1e9)
    let reach = ExactEdges.tickReach
    for t in -reach...reach {
      #expect(grid.edge(t) == ExactEdges.ticks[t + reach], "tick \(t)")
    }
  }

  @Test(arguments: PropertySeeds.first(200))
  func `the bin of a price is that of a binary search`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      let price = random.magnitude(-18, 18)
      #expect(try Self.bins.bin(of: price) == Self.searched(price, in: Self.bins), "\(price)")
    }
  }

  @Test(arguments: [1.0, 12.5, 100])
  func `bins of other widths are those of a binary search and partition the prices`(
    _ bps: Double
  ) throws {
    let grid = GeometricGrid(numerator: 10_000 + bps, denominator: 10_000)
    var random = SplitMix64(seed: UInt64(bps * 2))
    for _ in 0..<5_000 {
      let price = random.magnitude(-18, 18)
      #expect(try grid.bin(of: price) == Self.searched(price, in: grid), "\(price)")
    }
    for k in grid.lowestIndex..<grid.highestIndex {
      guard let edge = grid.edge(k), let next = grid.edge(k + 1) else {
        Issue.record("no edge \(k)")
        continue
      }
      guard edge < next else {
        Issue.record("edge \(k) does not rise")
        continue
      }
    }
  }

  @Test(arguments: [
    0, -0.0, -1, .nan, .infinity, -.infinity, 1e18, (1e18).nextUp, (1e-18).nextDown,
    .leastNonzeroMagnitude, 1e300,
  ])
  func `prices outside have no bin`(_ price: Double) {
    #expect(Self.bins.bin(of: price) == nil)
  }

  @Test func `the ends of the table are inside`() throws {
    for price in [1e-18, (1e-18).nextUp, (1e18).nextDown] {
      #expect(try Self.bins.bin(of: price) == Self.searched(price, in: Self.bins))
    }
    #expect(Self.bins.edge(Self.bins.lowestIndex - 1) == nil)
    #expect(Self.bins.edge(Self.bins.highestIndex + 1) == nil)
    #expect(try #require(Self.bins.edge(Self.bins.lowestIndex)) <= 1e-18)
    #expect(try #require(Self.bins.edge(Self.bins.highestIndex)) > 1e18)
  }
}
