// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import CSIMD
import Kernels
import TestSupport
import Testing

#if arch(x86_64)
import KernelsV3
import KernelsV4
#endif

/// Memory of a test that is freed with it.
private final class Memory {
  private var free: [() -> Void] = []

  func make<Element>(_ values: [Element]) -> UnsafeMutablePointer<Element> {
    let place = UnsafeMutablePointer<Element>.allocate(capacity: max(values.count, 1))
    unsafe place.initialize(from: values, count: values.count)
    free.append { unsafe place.deallocate() }
    return unsafe place
  }

  deinit { for action in free { action() } }
}

/// Accounts of random rows, half of them with lines that cross amid the prices.
@safe private struct RandomRows {
  static let assets = 5
  let memory = Memory()
  let count: Int
  let book: UnsafeMutablePointer<CompiledAccounts>
  let rows: UnsafeMutablePointer<SettledRows>
  let lowest: UnsafeMutablePointer<Double>
  let highest: UnsafeMutablePointer<Double>
  let panel: UnsafeMutablePointer<Double>
  let (terms, tiered, lines, most): (Int, Int, Int, Int)

  init(_ random: inout SplitMix64, accounts: Int) {
    count = accounts
    var (firstTerm, slope, offset): ([Int32], [Double], [Int32]) = ([0], [], [])
    var (firstTiered, firstLine, tieredOffset): ([Int32], [Int32], [Int32]) = ([0], [0], [])
    var (lineSlope, lineConstant): ([Double], [Double]) = ([], [])
    var (firstRow, quantity, slot): ([Int32], [Double], [Int32]) = ([0], [], [])
    var constant: [Double] = []
    for _ in 0..<accounts {
      for asset in 0..<RandomRows.assets where random.once(in: 2) {
        let size = random.number(-10, 10)
        quantity.append(size)
        slot.append(Int32(asset + 1))
        if random.once(in: 2) {
          slope.append(size - abs(size) * 0.05)
          offset.append(Int32(asset * 32))
          continue
        }
        tieredOffset.append(Int32(asset * 32))
        for tier in 0..<random.whole(2, 4) {
          lineSlope.append(size - abs(size) * 0.03 * Double(tier + 1))
          lineConstant.append(abs(size) * 2.8 * Double(tier))
        }
        firstLine.append(Int32(lineSlope.count))
      }
      firstTerm.append(Int32(slope.count))
      firstTiered.append(Int32(tieredOffset.count))
      firstRow.append(Int32(quantity.count))
      constant.append(random.once(in: 10) ? 0 : random.number(-300, 300))
    }
    let panel = (0..<RandomRows.assets * 32).map { _ in random.number(60, 140) }
    let rows = (0..<RandomRows.assets).map { panel[$0 * 32..<($0 + 1) * 32] }
    unsafe lowest = memory.make(rows.map { $0.min() ?? 0 })
    unsafe highest = memory.make(rows.map { $0.max() ?? 0 })
    unsafe self.panel = memory.make(panel)
    (terms, tiered, lines, most) = (slope.count, tieredOffset.count, lineSlope.count, 5)
    unsafe book = memory.make([
      CompiledAccounts(
        firstTerm: memory.make(firstTerm),
        slope: memory.make(slope),
        offset: memory.make(offset),
        constant: memory.make(constant),
        magnitude: memory.make(constant.map(abs)),
        firstTiered: memory.make(firstTiered),
        firstLine: memory.make(firstLine),
        tieredOffset: memory.make(tieredOffset),
        lineSlope: memory.make(lineSlope),
        firstConstant: memory.make(firstLine),
        lineConstant: memory.make(lineConstant)
      )
    ])
    unsafe self.rows = memory.make([
      SettledRows(
        firstRow: memory.make(firstRow),
        quantity: memory.make(quantity),
        slot: memory.make(slot),
        slotOffset: memory.make((0...Int32(RandomRows.assets)).map { max(0, $0 - 1) * 32 }),
        venueSlot: memory.make(Array(repeating: Int32(0), count: accounts)),
        equity: memory.make(constant)
      )
    ])
  }
}

/// What the kernels of one level write.
private struct Written: Equatable {
  var constants: [UInt64] = []
  var bounds: [UInt64] = []
  var hits: [[Int64]] = []
  var left: [[Int64]] = []
  var sums: [Int64] = []

  init(_ rows: RandomRows, level: Int) {
    let memory = Memory()
    let none = Array(repeating: 0.0, count: rows.terms + rows.tiered + rows.lines)
    let zeros = Array(repeating: Int32(0), count: rows.count + rows.terms + rows.tiered + 2)
    let folded = unsafe memory.make([
      FoldedAccounts(
        count: 0,
        firstTerm: memory.make(zeros),
        slope: memory.make(none),
        offset: memory.make(zeros),
        constant: memory.make(Array(repeating: 0, count: rows.count)),
        bound: memory.make(Array(repeating: 0, count: rows.count)),
        firstBend: memory.make(zeros),
        firstLine: memory.make(zeros),
        bendOffset: memory.make(zeros),
        lineSlope: memory.make(none),
        lineConstant: memory.make(none)
      )
    ])
    let hits = unsafe memory.make(Array(repeating: LaneHit(), count: rows.count))
    let sums = unsafe memory.make(
      Array(repeating: Int64(0), count: (RandomRows.assets + 1) * 128)
    )
    let scratch = unsafe memory.make(Array(repeating: 0.0, count: rows.most * 8))
    func shown(_ count: Int) -> [[Int64]] {
      (0..<count).map {
        unsafe [Int64(hits[$0].account), Int64(hits[$0].below), Int64(hits[$0].near)]
      }
    }
    let all = rows.count
    let (book, low, high) = unsafe (rows.book, rows.lowest, rows.highest)
    let (panel, table) = unsafe (rows.panel, rows.rows)
    var found = 0
    switch level {
    #if arch(x86_64)
    case 4:
      unsafe KernelsV4.fold(
        book,
        first: 0,
        count: all,
        lowest: low,
        highest: high,
        into: folded
      )
      found = unsafe KernelsV4.scan(folded, panel: panel, hits: hits)
    case 3:
      unsafe KernelsV3.fold(
        book,
        first: 0,
        count: all,
        lowest: low,
        highest: high,
        into: folded
      )
      found = unsafe KernelsV3.scan(folded, panel: panel, hits: hits)
    #endif
    default:
      unsafe Kernels.fold(book, first: 0, count: all, lowest: low, highest: high, into: folded)
      found = unsafe Kernels.scan(folded, panel: panel, hits: hits)
    }
    self.hits = shown(found)
    constants = (0..<all).map { unsafe folded.pointee.constant[$0].bitPattern }
    bounds = (0..<all).map { unsafe folded.pointee.bound[$0].bitPattern }
    var left = 0
    switch level {
    #if arch(x86_64)
    case 4:
      left = unsafe KernelsV4.settle(
        folded,
        rows: table,
        first: 0,
        hits: hits,
        hitCount: found,
        panel: panel,
        sums: sums,
        scratch: scratch
      )
    case 3:
      left = unsafe KernelsV3.settle(
        folded,
        rows: table,
        first: 0,
        hits: hits,
        hitCount: found,
        panel: panel,
        sums: sums,
        scratch: scratch
      )
    #endif
    default:
      left = unsafe Kernels.settle(
        folded,
        rows: table,
        first: 0,
        hits: hits,
        hitCount: found,
        panel: panel,
        sums: sums,
        scratch: scratch
      )
    }
    self.left = shown(left)
    self.sums = (0..<(RandomRows.assets + 1) * 128).map { unsafe sums[$0] }
  }
}

@Suite struct LevelTests {
  private static var levels: [Int] {
    #if arch(x86_64)
    [3, 4].filter { $0 <= vectorLevelOfCPU() }
    #else
    []
    #endif
  }

  @Test(arguments: PropertySeeds.first(50))
  func `every level of the CPU writes the same bits`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let rows = RandomRows(&random, accounts: random.whole(1, 200))
    let base = Written(rows, level: 1)
    for level in LevelTests.levels { #expect(Written(rows, level: level) == base) }
  }

  @Test func `most lanes are settled without exact arithmetic`() {
    var random = SplitMix64(seed: 1)
    let written = Written(RandomRows(&random, accounts: 2_000), level: 1)
    let below = written.hits.reduce(0) { $0 + $1[1].nonzeroBitCount }
    let left = written.left.reduce(0) { $0 + $1[2].nonzeroBitCount }
    #expect(below > 10_000)
    #expect(left < below / 20)
  }
}
