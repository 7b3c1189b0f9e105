// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import CSIMD
internal import Kernels

#if arch(x86_64)
internal import KernelsV3
internal import KernelsV4
#endif

/// Kernels over columns of isolated perps, with the instructions of a level.
extension VectorLevel {
  /// Liquidation prices of a group's rows; see `Kernels.priceColumn`.
  package func priceColumn(
    _ group: UnsafePointer<IsolatedGroup>,
    quantity: UnsafePointer<Double>,
    constant: UnsafePointer<Double>,
    prices: UnsafeMutablePointer<Double>,
    count: Int
  ) {
    switch self {
    #if arch(x86_64)
    case .v4:
      unsafe KernelsV4.priceColumn(
        group,
        quantity: quantity,
        constant: constant,
        prices: prices,
        count: count
      )
    case .v3:
      unsafe KernelsV3.priceColumn(
        group,
        quantity: quantity,
        constant: constant,
        prices: prices,
        count: count
      )
    #endif
    default:
      unsafe Kernels.priceColumn(
        group,
        quantity: quantity,
        constant: constant,
        prices: prices,
        count: count
      )
    }
  }

  /// Prices a group's rows and adds them to bins; see `Kernels.fuse`.
  package func fuse(
    _ group: UnsafePointer<IsolatedGroup>,
    quantity: UnsafePointer<Double>,
    constant: UnsafePointer<Double>,
    weights: UnsafePointer<Int32>?,
    count: Int,
    memory: UnsafePointer<BinMemory>,
    pass: UnsafeMutablePointer<FusedPass>
  ) {
    switch self {
    #if arch(x86_64)
    case .v4:
      unsafe KernelsV4.fuse(
        group,
        quantity: quantity,
        constant: constant,
        weights: weights,
        count: count,
        memory: memory,
        pass: pass
      )
    case .v3:
      unsafe KernelsV3.fuse(
        group,
        quantity: quantity,
        constant: constant,
        weights: weights,
        count: count,
        memory: memory,
        pass: pass
      )
    #endif
    default:
      unsafe Kernels.fuse(
        group,
        quantity: quantity,
        constant: constant,
        weights: weights,
        count: count,
        memory: memory,
        pass: pass
      )
    }
  }

  /// Adds rows of known prices to bins; see `Kernels.binColumn`.
  package func binColumn(
    _ group: UnsafePointer<IsolatedGroup>,
    quantity: UnsafePointer<Double>,
    prices: UnsafePointer<Double>,
    count: Int,
    memory: UnsafePointer<BinMemory>,
    pass: UnsafeMutablePointer<FusedPass>
  ) {
    switch self {
    #if arch(x86_64)
    case .v4:
      unsafe KernelsV4.binColumn(
        group,
        quantity: quantity,
        prices: prices,
        count: count,
        memory: memory,
        pass: pass
      )
    case .v3:
      unsafe KernelsV3.binColumn(
        group,
        quantity: quantity,
        prices: prices,
        count: count,
        memory: memory,
        pass: pass
      )
    #endif
    default:
      unsafe Kernels.binColumn(
        group,
        quantity: quantity,
        prices: prices,
        count: count,
        memory: memory,
        pass: pass
      )
    }
  }

  /// What memory itself can do: one of the loops of `Kernels/Memory`.
  package enum MemoryLoop: CaseIterable, Sendable {
    case read, copy, triad, streamingTriad
  }

  /// Runs a memory loop over columns of `count` doubles, a multiple of 32.
  package func run(
    _ loop: MemoryLoop,
    _ first: UnsafePointer<Double>,
    _ second: UnsafePointer<Double>,
    to: UnsafeMutablePointer<Double>,
    count: Int
  ) -> Double {
    switch (loop, self) {
    #if arch(x86_64)
    case (.read, .v4): return unsafe KernelsV4.memoryRead(first, count: count)
    case (.read, .v3): return unsafe KernelsV3.memoryRead(first, count: count)
    case (.streamingTriad, .v4):
      unsafe KernelsV4.memoryStreamingTriad(first, second, factor: 3, to: to, count: count)
    case (.streamingTriad, .v3):
      unsafe KernelsV3.memoryStreamingTriad(first, second, factor: 3, to: to, count: count)
    #endif
    case (.read, _): return unsafe Kernels.memoryRead(first, count: count)
    case (.copy, _): unsafe Kernels.memoryCopy(first, to: to, count: count)
    // Ordinary stores are no faster with wider vectors.
    case (.triad, _): unsafe Kernels.memoryTriad(first, second, factor: 3, to: to, count: count)
    case (.streamingTriad, _):
      unsafe Kernels.memoryStreamingTriad(first, second, factor: 3, to: to, count: count)
    }
    return 0
  }
}
