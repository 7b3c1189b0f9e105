// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Seconds from opening to acceptance of some lots.
///
/// Worlds that open the same lots under the same clock share one list and remember only which of
/// its lots are theirs, so that a sweep's memory holds each time once.
package struct ClearingTimes: Sendable, Equatable {
  /// Times of a table of lots, NaN for those that nobody took, and which of them belong here.
  private var table: [Double] = []
  private var members: [Range<Int32>] = []
  /// Times of this world alone.
  private var own: [Double] = []

  package init() {}

  /// Lots of a table that many worlds share.
  package init(table: [Double], members: [Range<Int32>]) {
    self.table = table
    self.members = members
  }

  /// Times of one world.
  package init(_ seconds: [Double]) { own = seconds }

  mutating func add(_ seconds: Double) { own.append(seconds) }

  /// All times in no order.
  package var seconds: [Double] {
    var list = own
    for range in members {
      for index in range where !table[Int(index)].isNaN { list.append(table[Int(index)]) }
    }
    return list
  }

  /// Equal when the same times occur equally often.
  package static func == (a: ClearingTimes, b: ClearingTimes) -> Bool {
    a.seconds.sorted() == b.seconds.sorted()
  }
}
