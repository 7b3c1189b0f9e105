// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD

/// Memory that is freed together; kernels read and write it by pointers.
@safe
final class Arena {
  private var places: [UnsafeMutableRawPointer] = unsafe []

  /// Memory for some elements of a plain type, all bits 0, at a cache line.
  func zeros<Element: BitwiseCopyable>(
    _ count: Int,
    of type: Element.Type = Element.self
  ) -> UnsafeMutablePointer<Element> {
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    let place = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    unsafe place.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    unsafe places.append(place)
    return unsafe place.bindMemory(to: Element.self, capacity: max(count, 1))
  }

  deinit { unsafe places.forEach { unsafe $0.deallocate() } }
}

/// The compiled book in the form of the kernels; filled once by threads that own disjoint parts,
/// then only read.
@safe
final class ScenarioTables: @unchecked Sendable {
  private let arena = Arena()
  let accounts: UnsafeMutablePointer<CompiledAccounts>
  let rows: UnsafeMutablePointer<SettledRows>
  let firstTerm, offset, firstTiered, firstLine: UnsafeMutablePointer<Int32>
  let tieredOffset, firstConstant: UnsafeMutablePointer<Int32>
  let slope, constant, magnitude, lineSlope, lineConstant: UnsafeMutablePointer<Double>
  let firstRow, slot, slotOffset, venueSlot: UnsafeMutablePointer<Int32>
  let quantity, equity: UnsafeMutablePointer<Double>

  init(_ size: TableSize, slots: Int) {
    unsafe (firstTerm, firstTiered) = (
      arena.zeros(size.accounts + 1), arena.zeros(size.accounts + 1)
    )
    unsafe (slope, offset) = (arena.zeros(size.terms), arena.zeros(size.terms))
    unsafe (constant, magnitude) = (arena.zeros(size.accounts), arena.zeros(size.accounts))
    unsafe (firstLine, tieredOffset) = (arena.zeros(size.tiered + 1), arena.zeros(size.tiered))
    unsafe (lineSlope, lineConstant) = (arena.zeros(size.lines), arena.zeros(size.constants))
    unsafe firstConstant = arena.zeros(size.tiered)
    unsafe (firstRow, venueSlot) = (arena.zeros(size.accounts + 1), arena.zeros(size.accounts))
    unsafe (quantity, slot) = (arena.zeros(size.rows), arena.zeros(size.rows))
    unsafe (equity, slotOffset) = (arena.zeros(size.accounts), arena.zeros(slots))
    unsafe accounts = arena.zeros(1)
    unsafe rows = arena.zeros(1)
    unsafe accounts.pointee = CompiledAccounts(
      firstTerm: firstTerm,
      slope: slope,
      offset: offset,
      constant: constant,
      magnitude: magnitude,
      firstTiered: firstTiered,
      firstLine: firstLine,
      tieredOffset: tieredOffset,
      lineSlope: lineSlope,
      firstConstant: firstConstant,
      lineConstant: lineConstant
    )
    unsafe rows.pointee = SettledRows(
      firstRow: firstRow,
      quantity: quantity,
      slot: slot,
      slotOffset: slotOffset,
      venueSlot: venueSlot,
      equity: equity
    )
  }
}

/// How much of everything a compiled book, or a part of it, has.
struct TableSize: Sendable {
  var accounts = 0
  var rows = 0
  var terms = 0
  var tiered = 0
  var lines = 0
  var constants = 0

  static func + (a: TableSize, b: TableSize) -> TableSize {
    TableSize(
      accounts: a.accounts + b.accounts,
      rows: a.rows + b.rows,
      terms: a.terms + b.terms,
      tiered: a.tiered + b.tiered,
      lines: a.lines + b.lines,
      constants: a.constants + b.constants
    )
  }
}

/// Prices of a block of scenarios in panels of 32, with the range of each asset.
///
/// Written by one thread before the others read it.
@safe
final class PanelMemory: @unchecked Sendable {
  private let arena = Arena()
  private let assets: Int
  private let prices: UnsafeMutablePointer<Double>
  let lowest: UnsafeMutablePointer<Double>
  let highest: UnsafeMutablePointer<Double>

  init(assets: Int, panels: Int) {
    self.assets = assets
    unsafe prices = arena.zeros(assets * panels * 32)
    unsafe lowest = arena.zeros(assets)
    unsafe highest = arena.zeros(assets)
  }

  func panel(_ index: Int) -> UnsafeMutablePointer<Double> {
    unsafe prices + index * assets * 32
  }

  func price(asset: Int, scenario: Int) -> Double {
    unsafe panel(scenario / 32)[asset * 32 + scenario % 32]
  }

  /// Packs prices by asset, `count` each; the lanes of the last panel repeat the last scenario.
  func pack(_ values: [Double], count: Int) {
    for asset in 0..<assets {
      let row = values[asset * count..<(asset + 1) * count]
      unsafe lowest[asset] = row.min() ?? 1
      unsafe highest[asset] = row.max() ?? 1
      for lane in 0..<(count + 31) / 32 * 32 {
        unsafe panel(lane / 32)[asset * 32 + lane % 32] =
          row[asset * count + min(lane, count - 1)]
      }
    }
  }
}

/// Scratch of one worker: its chunk, folded for the present prices.
@safe
final class ChunkMemory: @unchecked Sendable {
  private let arena = Arena()
  let folded: UnsafeMutablePointer<FoldedAccounts>
  let hits: UnsafeMutablePointer<LaneHit>
  let values: UnsafeMutablePointer<Double>

  /// Memory for chunks of at most some size, with accounts of at most some rows.
  init(_ size: TableSize, mostRows: Int) {
    unsafe hits = arena.zeros(size.accounts)
    unsafe values = arena.zeros(mostRows * 8)
    unsafe folded = arena.zeros(1)
    unsafe folded.pointee = FoldedAccounts(
      count: 0,
      firstTerm: arena.zeros(size.accounts + 1),
      slope: arena.zeros(size.terms + size.tiered),
      offset: arena.zeros(size.terms + size.tiered),
      constant: arena.zeros(size.accounts),
      bound: arena.zeros(size.accounts),
      firstBend: arena.zeros(size.accounts + 1),
      firstLine: arena.zeros(size.tiered + 1),
      bendOffset: arena.zeros(size.tiered),
      lineSlope: arena.zeros(size.lines),
      lineConstant: arena.zeros(size.lines)
    )
  }
}

/// Sums of one worker over a block: for each panel, place and kind 32 whole numbers.
@safe
final class SumMemory: @unchecked Sendable {
  private let arena = Arena()
  private let slots: Int
  private let panels: Int
  private let start: UnsafeMutablePointer<Int64>
  /// Sums of a block whose amounts may not fit 64 bits; empty for most books.
  private var wide: [Int: Int128] = [:]

  init(slots: Int, panels: Int) {
    (self.slots, self.panels) = (slots, panels)
    unsafe start = arena.zeros(slots * panels * 128)
  }

  func panel(_ index: Int) -> UnsafeMutablePointer<Int64> { unsafe start + index * slots * 128 }

  func clear() {
    unsafe start.update(repeating: 0, count: slots * panels * 128)
    wide.removeAll()
  }

  /// Adds to a sum, in 128 bits where the block asks for it.
  func add(_ amount: Int64, _ kind: SumKind, slot: Int, scenario: Int, isWide: Bool) {
    let place = place(kind, slot, scenario)
    if isWide { wide[place, default: 0] += Int128(amount) } else { unsafe start[place] += amount }
  }

  func sum(_ kind: SumKind, slot: Int, scenario: Int) -> Int128 {
    let place = place(kind, slot, scenario)
    let narrow = unsafe Int128(start[place])
    return wide.isEmpty ? narrow : narrow + (wide[place] ?? 0)
  }

  private func place(_ kind: SumKind, _ slot: Int, _ scenario: Int) -> Int {
    ((scenario / 32 * slots + slot) * 4 + kind.rawValue) * 32 + scenario % 32
  }
}

/// First fall and number of falls of each account; a thread writes the accounts of its own chunk.
@safe
final class FallMemory: @unchecked Sendable {
  private let arena = Arena()
  private let count: Int
  private let first: UnsafeMutablePointer<Int32>
  private let number: UnsafeMutablePointer<Int32>

  init(accounts: Int) {
    count = accounts
    unsafe (first, number) = (arena.zeros(accounts), arena.zeros(accounts))
    unsafe first.update(repeating: -1, count: accounts)
  }

  @inline(__always)
  func add(_ account: Int, lanes: UInt32, firstScenario: Int) {
    unsafe number[account] &+= Int32(truncatingIfNeeded: lanes.nonzeroBitCount)
    if unsafe first[account] < 0 {
      unsafe first[account] =
        Int32(truncatingIfNeeded: firstScenario &+ lanes.trailingZeroBitCount)
    }
  }

  var firstScenarios: [Int32] { unsafe Array(UnsafeBufferPointer(start: first, count: count)) }

  var falls: [Int32] { unsafe Array(UnsafeBufferPointer(start: number, count: count)) }
}
