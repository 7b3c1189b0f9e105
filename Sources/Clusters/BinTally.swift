// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD
internal import Glibc
package import Liquidation
internal import Numerics
package import TextKit

/// The memory in which one thread's fused passes add up, and the way of its sums to a builder.
///
/// Sums of one asset and direction stay here until another comes or they could overflow. Nothing is
/// allocated while rows are added.
@safe
package final class BinTally {
  /// Rows by status; the others are unreachable.
  package private(set) var atRisk = 0
  package private(set) var liquidatable = 0
  private let table: BinCells
  private let memory: UnsafeMutablePointer<BinMemory>
  private let pass: UnsafeMutablePointer<FusedPass>
  private let storage: UnsafeMutableRawPointer
  private let allocation: UnsafeMutableRawPointer
  private let isWeighed: Bool
  private var owner: (asset: Int, terms: IsolatedTerms)?

  /// Makes memory for one thread, nil where the bins are too narrow for the kernels.
  ///
  /// * `isWeighed`: whether rows have weights of their own.
  package init?(binBPS: Double, isWeighed: Bool) {
    guard let table = BinCells.cells(binBPS: binBPS) else { return nil }
    self.table = table
    self.isWeighed = isWeighed
    let cell = isWeighed ? MemoryLayout<WeighedSums>.size : MemoryLayout<EvenSums>.size
    let sums = ((table.binCount + 1) * cell + 63) / 64 * 64
    let block = 512
    let rungs = block * (8 + 16 + 4 + 4) + 256 * (4 + 5 * 8 + 16) + 16 * 64
    let records = 512
    let bytes = sums + rungs + records
    // Most bins are never met: memory from the system is zero and costs nothing until then.
    guard let room = unsafe calloc(1, bytes + 64) else { return nil }
    unsafe allocation = room
    unsafe storage = room.alignedUp(toMultipleOf: 64)
    var place = unsafe storage + sums
    func take<Element>(_ count: Int, _ type: Element.Type = Element.self)
      -> UnsafeMutablePointer<Element>
    {
      defer { unsafe place += (count * MemoryLayout<Element>.stride + 63) / 64 * 64 }
      return unsafe place.bindMemory(to: Element.self, capacity: count)
    }
    unsafe memory = take(1)
    unsafe pass = take(1)
    let start = unsafe storage
    unsafe memory.pointee = BinMemory(
      cells: table.cells,
      firstCell: Int64(table.firstCell),
      shift: Int64(table.shift),
      lowestPrice: GeometricGrid.lowestPrice,
      highestPrice: GeometricGrid.highestPrice,
      noPrice: BinCells.noPrice,
      even: isWeighed ? nil : start.bindMemory(to: EvenSums.self, capacity: table.binCount + 1),
      weighed: isWeighed
        ? start.bindMemory(to: WeighedSums.self, capacity: table.binCount + 1) : nil,
      rungPrice: take(block),
      rungSize: take(block),
      rungBin: take(block),
      rungWeight: take(block),
      isAtRisk: take(32),
      isLiquidatable: take(32),
      isPartial: take(32),
      splitRow: take(256),
      splitQuantity: take(256),
      splitConstant: take(256),
      splitRoot: take(256),
      splitSize: take(256),
      totals: take(1),
      tailQuantity: take(256),
      tailConstant: take(256)
    )
    unsafe pass.pointee = BinTally.emptyPass
  }

  deinit { unsafe free(allocation) }

  private static let emptyPass = FusedPass(
    next: 0,
    reason: Int32(PASS_DONE),
    atRisk: 0,
    liquidatable: 0,
    lowestPrice: .infinity,
    highestPrice: 0,
    sizes: 0,
    squares: 0
  )

  /// Adds rows of one asset, table and side.
  ///
  /// * `quantity`, `constant`: `count` rows, as `IsolatedTerms.fits` allows; no alignment is
  ///   needed.
  /// * `weights`: probability of each in 1/65,536, for a weighed tally and only there.
  /// * `builder`: gets what the kernels cannot hold, and the sums of another asset or side.
  /// - Throws: a data failure when a size or a sum is too large.
  package func add(
    _ terms: IsolatedTerms,
    asset: Int,
    quantity: UnsafePointer<Double>,
    constant: UnsafePointer<Double>,
    weights: UnsafePointer<Int32>?,
    count: Int,
    level: VectorLevel,
    to builder: inout ClusterBuilder
  ) throws(Failure) {
    precondition(unsafe (weights != nil) == isWeighed, "Invariant: weights for a weighed tally")
    try prepare(terms, asset, &builder)
    unsafe pass.pointee.next = 0
    while true {
      unsafe level.fuse(
        terms.group,
        quantity: quantity,
        constant: constant,
        weights: weights,
        count: count,
        memory: memory,
        pass: pass
      )
      switch unsafe Int(pass.pointee.reason) {
      case Int(PASS_DONE): return
      case Int(PASS_SUMS_ARE_FULL): try drain(to: &builder)
      default:
        let first = unsafe Int(pass.pointee.next)
        let end = min(count, first + 256)
        for row in first..<end {
          let weight = unsafe weights.map { unsafe Int64($0[row]) } ?? Int64(terms.weight)
          try unsafe addPlain(terms, asset, quantity[row], constant[row], weight, &builder)
        }
        unsafe pass.pointee.next = Int64(end)
      }
    }
  }

  /// Adds rows whose roots are known, whole; `count` is a multiple of 8.
  ///
  /// Rows that need wider arithmetic are refused, because this is for measuring.
  package func addPriced(
    _ terms: IsolatedTerms,
    asset: Int,
    quantity: UnsafePointer<Double>,
    prices: UnsafePointer<Double>,
    count: Int,
    level: VectorLevel,
    to builder: inout ClusterBuilder
  ) throws(Failure) {
    try prepare(terms, asset, &builder)
    unsafe pass.pointee.next = 0
    while true {
      unsafe level.binColumn(
        terms.group,
        quantity: quantity,
        prices: prices,
        count: count,
        memory: memory,
        pass: pass
      )
      switch unsafe Int(pass.pointee.reason) {
      case Int(PASS_DONE): return
      case Int(PASS_SUMS_ARE_FULL): try drain(to: &builder)
      default: throw Failure(.data, "found a size of 2^50 micro-USD or a price outside the grid")
      }
    }
  }

  private func prepare(
    _ terms: IsolatedTerms,
    _ asset: Int,
    _ builder: inout ClusterBuilder
  ) throws(Failure) {
    if let owner, owner.asset == asset, owner.terms.isLong == terms.isLong,
      isWeighed || owner.terms.weight == terms.weight
    {
      return
    }
    try drain(to: &builder)
    owner = (asset, terms)
  }

  private func addPlain(
    _ terms: IsolatedTerms,
    _ asset: Int,
    _ quantity: Double,
    _ constant: Double,
    _ weight: Int64,
    _ builder: inout ClusterBuilder
  ) throws(Failure) {
    let (assessment, rungs) = terms.plain(quantity: quantity, constant: constant)
    atRisk += assessment.status == .atRisk ? 1 : 0
    liquidatable += assessment.status == .liquidatable ? 1 : 0
    for rung in rungs {
      try builder.add(
        asset: asset,
        direction: terms.isLong ? .below : .above,
        price: rung.price,
        size: try micro((quantity.magnitude * rung.price) * rung.share),
        weight: weight
      )
    }
  }

  /// Hands all sums to a builder and begins again at nothing.
  package func drain(to builder: inout ClusterBuilder) throws(Failure) {
    let state = unsafe pass.pointee
    atRisk += Int(state.atRisk)
    liquidatable += Int(state.liquidatable)
    defer {
      unsafe pass.pointee = BinTally.emptyPass
      unsafe pass.pointee.next = state.next
    }
    guard let owner, state.highestPrice > 0 else { return }
    let direction: Direction = owner.terms.isLong ? .below : .above
    // What rows without a size left.
    unsafe isWeighed
      ? (memory.pointee.weighed[table.binCount] = WeighedSums())
      : (memory.pointee.even[table.binCount] = EvenSums())
    for bin in place(of: state.lowestPrice)...place(of: state.highestPrice) {
      let sums = isWeighed ? takeWeighed(bin) : takeEven(bin, owner.terms.weight)
      if sums.positions > 0 {
        try builder.add(sums, asset: owner.asset, direction: direction, place: bin)
      }
    }
  }

  private func place(of price: Double) -> Int {
    let cell = unsafe table.cells[Int(price.bitPattern >> UInt64(table.shift)) - table.firstCell]
    return Int(cell.bin) + (price.bitPattern >= cell.edge ? 1 : 0)
  }

  private func takeEven(_ bin: Int, _ weight: Int32) -> ClusterBuilder.BinSums {
    let sums = unsafe memory.pointee.even[bin]
    if sums.positions != 0 { unsafe memory.pointee.even[bin] = EvenSums() }
    let share = Int128(weight)
    return ClusterBuilder.BinSums(
      weighted: share * Int128(sums.total),
      variance: share * (65_536 - share) * Int128(sums.squares),
      total: Int128(sums.total),
      largest: sums.largest,
      positions: Int(sums.positions)
    )
  }

  private func takeWeighed(_ bin: Int) -> ClusterBuilder.BinSums {
    let sums = unsafe memory.pointee.weighed[bin]
    if sums.positions != 0 { unsafe memory.pointee.weighed[bin] = WeighedSums() }
    return ClusterBuilder.BinSums(
      weighted: Int128(sums.weightedHigh) << 64 | Int128(sums.weightedLow),
      variance: Int128(sums.varianceHigh) << 64 | Int128(sums.varianceLow),
      total: Int128(sums.total),
      largest: sums.largest,
      positions: Int(sums.positions)
    )
  }
}
