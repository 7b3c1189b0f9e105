// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD
internal import Kernels

#if arch(x86_64)
internal import KernelsV3
internal import KernelsV4
#endif

/// The vector instructions that kernels use; no result depends on them.
package enum VectorLevel: String, CaseIterable, Sendable {
  /// What every CPU of the architecture has.
  case base
  /// x86-64-v3: AVX2.
  case v3
  /// x86-64-v4: AVX-512.
  case v4

  /// The levels that this CPU and the system have, weakest first.
  package static let available: [VectorLevel] = {
    switch vectorLevelOfCPU() {
    case 4: [.base, .v3, .v4]
    case 3: [.base, .v3]
    default: [.base]
    }
  }()

  /// The strongest level of this CPU.
  package static var strongest: VectorLevel { available.last ?? .base }

  /// Prepares a chunk of accounts for a range of prices.
  func fold(
    _ tables: ScenarioTables,
    chunk: Range<Int>,
    prices: borrowing PanelMemory,
    into scratch: borrowing ChunkMemory
  ) {
    let (book, folded) = unsafe (tables.accounts, scratch.folded)
    let (lowest, highest) = unsafe (prices.lowest, prices.highest)
    let (first, count) = (chunk.lowerBound, chunk.count)
    switch self {
    #if arch(x86_64)
    case .v4:
      unsafe KernelsV4.fold(
        book,
        first: first,
        count: count,
        lowest: lowest,
        highest: highest,
        into: folded
      )
    case .v3:
      unsafe KernelsV3.fold(
        book,
        first: first,
        count: count,
        lowest: lowest,
        highest: highest,
        into: folded
      )
    #endif
    default:
      unsafe Kernels.fold(
        book,
        first: first,
        count: count,
        lowest: lowest,
        highest: highest,
        into: folded
      )
    }
  }

  /// Finds the accounts of a chunk that are not surely healthy; returns how many hits.
  func scan(
    panel: Int,
    prices: borrowing PanelMemory,
    in scratch: borrowing ChunkMemory
  ) -> Int {
    let (folded, lanes, hits) = unsafe (scratch.folded, prices.panel(panel), scratch.hits)
    switch self {
    #if arch(x86_64)
    case .v4: return unsafe KernelsV4.scan(folded, panel: lanes, hits: hits)
    case .v3: return unsafe KernelsV3.scan(folded, panel: lanes, hits: hits)
    #endif
    default: return unsafe Kernels.scan(folded, panel: lanes, hits: hits)
    }
  }

  /// Adds fallen lanes to sums; returns how many hits have lanes left for exact arithmetic.
  func settle(
    _ tables: ScenarioTables,
    first: Int,
    hitCount: Int,
    panel: Int,
    prices: borrowing PanelMemory,
    in scratch: borrowing ChunkMemory,
    sums: borrowing SumMemory
  ) -> Int {
    let (folded, rows, hits) = unsafe (scratch.folded, tables.rows, scratch.hits)
    let (lanes, sums, values) = unsafe (prices.panel(panel), sums.panel(panel), scratch.values)
    switch self {
    #if arch(x86_64)
    case .v4:
      return unsafe KernelsV4.settle(
        folded,
        rows: rows,
        first: first,
        hits: hits,
        hitCount: hitCount,
        panel: lanes,
        sums: sums,
        scratch: values
      )
    case .v3:
      return unsafe KernelsV3.settle(
        folded,
        rows: rows,
        first: first,
        hits: hits,
        hitCount: hitCount,
        panel: lanes,
        sums: sums,
        scratch: values
      )
    #endif
    default:
      return unsafe Kernels.settle(
        folded,
        rows: rows,
        first: first,
        hits: hits,
        hitCount: hitCount,
        panel: lanes,
        sums: sums,
        scratch: values
      )
    }
  }
}
