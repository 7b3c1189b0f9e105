// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Numerics

/// The parts of one scenario as bytes: what the journal keeps of a finished unit.
///
/// The number of every part follows from the plan, so the bytes hold values alone.
extension ByteWriter {
  mutating func put(_ parts: ScenarioParts) {
    whole(parts.durationMilliseconds)
    whole(parts.imbalance)
    for totals in parts.protection { each(of: totals) }
    for totals in parts.vault { each(of: totals) }
    for closes in parts.closes { each(of: closes) }
    for lots in parts.lots { each(of: lots) }
    for table in parts.clearTables {
      whole(table.count)
      for seconds in table { number(seconds) }
    }
    for members in parts.clearMembers {
      whole(members.count)
      for lots in members {
        whole(lots.lowerBound)
        whole(lots.upperBound)
      }
    }
    for walk in parts.walks {
      each(of: walk)
      let seconds = walk.auctions.clearing.seconds
      whole(seconds.count)
      for second in seconds { number(second) }
    }
  }

  private mutating func each(of part: some WholeNumbers) {
    // What is only read is handed out like what is filled: one list of numbers serves both.
    var part = part
    _ = part.each(&self)
  }
}

extension ByteReader {
  /// The parts of a plan, nil for bytes that do not hold them.
  mutating func parts(_ plan: StagePlan) -> ScenarioParts? {
    var parts = ScenarioParts(plan)
    guard let duration = whole(Int64.self), let imbalance = whole(UInt128.self) else { return nil }
    parts.durationMilliseconds = duration
    parts.imbalance = imbalance
    guard each(into: &parts.protection), each(into: &parts.vault), each(into: &parts.closes),
      each(into: &parts.lots)
    else { return nil }
    for place in parts.clearTables.indices {
      guard let count = count(bytesEach: 8) else { return nil }
      parts.clearTables[place].reserveCapacity(count)
      for _ in 0..<count {
        guard let seconds = number() else { return nil }
        parts.clearTables[place].append(seconds)
      }
    }
    for place in parts.clearMembers.indices {
      guard let count = count(bytesEach: 2) else { return nil }
      let lots = parts.clearTables.first?.count ?? 0
      for _ in 0..<count {
        guard let low = whole(Int32.self), let high = whole(Int32.self), low >= 0, low <= high,
          Int(high) <= parts.clearTables.map(\.count).max() ?? lots
        else { return nil }
        parts.clearMembers[place].append(low..<high)
      }
    }
    for place in parts.walks.indices {
      guard parts.walks[place].each(&self), let count = count(bytesEach: 8)
      else { return nil }
      var seconds: [Double] = []
      for _ in 0..<count {
        guard let second = number() else { return nil }
        seconds.append(second)
      }
      parts.walks[place].auctions.clearing = ClearingTimes(seconds)
    }
    return parts
  }

  private mutating func each(into parts: inout [some WholeNumbers]) -> Bool {
    for place in parts.indices where !parts[place].each(&self) { return false }
    return true
  }
}
