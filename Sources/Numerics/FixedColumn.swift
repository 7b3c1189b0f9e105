// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Values that stand still, for hot loops on many threads: reading them counts no references.
///
/// An array that threads share has one count of its owners, which all of them write to when they
/// pick it up. A view of a column is a plain value instead; whoever keeps one keeps the column too.
@safe
package final class FixedColumn<Element: Sendable>: @unchecked Sendable {
  package let view: FixedView<Element>
  private let start: UnsafeMutablePointer<Element>

  package init(_ values: [Element]) {
    unsafe start = .allocate(capacity: max(1, values.count))
    for (place, value) in values.enumerated() { unsafe (start + place).initialize(to: value) }
    view = unsafe FixedView(UnsafePointer(start), count: values.count)
  }

  deinit {
    unsafe start.deinitialize(count: view.count)
    unsafe start.deallocate()
  }
}

/// What a column holds; good for as long as the column is.
///
/// It is public because the compiler takes only public code into the loops of other modules.
@safe
public struct FixedView<Element: Sendable>: @unchecked Sendable {
  @usableFromInline let start: UnsafePointer<Element>
  /// How many values there are.
  public let count: Int

  fileprivate init(_ start: UnsafePointer<Element>, count: Int) {
    unsafe self.start = start
    self.count = count
  }

  /// The value at a place of the column.
  @inlinable public subscript(place: Int) -> Element {
    @inline(__always) get {
      assert(place >= 0 && place < count, "Invariant: a place of the column")
      return unsafe start[place]
    }
  }

  /// How many values from `start` on, in order, meet a condition that no later one meets again.
  ///
  /// Looks at a few before it halves: most searches end at once.
  @inlinable
  @inline(__always)
  public func end(of isMet: (Element) -> Bool, from first: Int) -> Int {
    var end = first
    let near = min(first + 8, count)
    while end < near, isMet(self[end]) { end += 1 }
    guard end == near else { return end }
    var (low, high) = (end, count)
    while low < high {
      let middle = (low + high) / 2
      if isMet(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
