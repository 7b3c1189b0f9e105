// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The exit levels of some settings, each with a number.
struct ExitLevels: Sendable {
  /// A stop-loss with its crank.
  struct Stop: Comparable {
    var share: Double
    var delay: Int64

    static func < (left: Stop, right: Stop) -> Bool {
      (left.delay, left.share) < (right.delay, right.share)
    }
  }

  /// The numbers of one variant's levels.
  struct Numbers: Sendable {
    var stop: Int32
    var wait: Int32
    var recover: Int32
  }

  /// By delay, shares rising.
  let stops: [Stop]
  let waits: [Int64]
  let recovers: [Double]
  /// By place of the variant.
  let numbers: [Numbers]
  var count: Int { stops.count + waits.count + recovers.count }

  init(_ settings: [VaultSettings]) {
    func levels<Level: Comparable>(_ level: (VaultSettings) -> Level) -> ([Level], [Int32]) {
      let own = settings.map(level)
      var levels: [Level] = []
      for one in own.sorted() where one != levels.last { levels.append(one) }
      let numbers = own.map { one in
        var (low, high) = (0, levels.count)
        while low < high {
          let middle = (low + high) / 2
          if levels[middle] < one { low = middle + 1 } else { high = middle }
        }
        return Int32(low)
      }
      return (levels, numbers)
    }
    let (stops, stopOf) = levels(\.stop)
    let (waits, waitOf) = levels(\.wait)
    let (recovers, recoverOf) = levels(\.recoverBPS)
    (self.stops, self.waits, self.recovers) = (stops, waits, recovers)
    numbers = settings.indices.map {
      Numbers(stop: stopOf[$0], wait: waitOf[$0], recover: recoverOf[$0])
    }
  }
}

extension VaultSettings {
  fileprivate var stop: ExitLevels.Stop {
    ExitLevels.Stop(share: stopLoss, delay: crankDelayMilliseconds)
  }
  fileprivate var wait: Int64 { timeoutMilliseconds + crankDelayMilliseconds }
}
