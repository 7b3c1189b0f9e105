// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Numerics

/// What cascades need of one path, made once for all cells that agree on clusters, oracle and
/// half-life.
package final class CascadePath: Sendable {
  let ground: CascadeGround
  let times: [Int64]
  /// By place of the asset in the ground.
  let columns: [PriceColumn]
  /// The same prices as logarithms, in which an impact is a difference; near to about 1e-12.
  let logs: [PriceColumn]
  let fading: CascadeFading
  /// The last steps of which the clusters are computed, −1 for those before the first step.
  let refreshes: [Int]
  /// Forced flow in the world in which flow moves no price, micro-USD.
  let forcedAlone: Int128
  /// Prices of the first step by asset, NaN for those that the path does not have.
  let first: [Double]

  /// Prepares a path without stale prices.
  package init(_ ground: CascadeGround, _ track: OracleTrack, halfLifeSeconds: Double) {
    self.ground = ground
    times = track.times
    columns = ground.assets.compactMap { track.spot[$0] }
    logs = columns.map { PriceColumn($0.values.map(CascadeMark.nearlyLn)) }
    fading = CascadeFading(track.times, halfLifeSeconds: halfLifeSeconds)
    refreshes = ClusterTimeline.refreshes(ground.settings, track.times)
    first = track.spot.map { $0?.values[0] ?? .nan }
    var alone: Int128 = 0
    for place in columns.indices {
      let (below, above) = (ground.below[place], ground.above[place])
      alone += below.flow[below.fallen(at: columns[place].lowest, from: 0)]
      alone += above.flow[above.fallen(at: columns[place].highest, from: 0)]
    }
    forcedAlone = alone
  }
}

/// What is left of an impact some steps later.
struct CascadeFading: Sendable {
  private let halfLifeSeconds: Double
  private let times: [Int64]
  /// By the number of steps, where all are equally long; else empty.
  private let shares: [Double]

  init(_ times: [Int64], halfLifeSeconds: Double) {
    self.times = times
    self.halfLifeSeconds = halfLifeSeconds
    let spacing = times.count > 1 ? times[1] - times[0] : 1
    let isRegular = times.indices.allSatisfy { times[$0] == times[0] + Int64($0) * spacing }
    shares =
      isRegular
      ? times.map { CascadeImpact.decay($0 - times[0], halfLifeSeconds: halfLifeSeconds) } : []
  }

  /// The share that is left, as `CascadeImpact.decay` has it.
  @inline(__always)
  func share(from start: Int, to step: Int) -> Double {
    if !shares.isEmpty { return shares[step - start] }
    return CascadeImpact.decay(times[step] - times[start], halfLifeSeconds: halfLifeSeconds)
  }

  /// The same, near to a few units of 1e-12.
  @inline(__always)
  func nearShare(from start: Int, to step: Int) -> Double {
    if !shares.isEmpty { return shares[step - start] }
    let halves = Double(times[step] - times[start]) * 0.001 / halfLifeSeconds
    return CascadeMark.nearlyExp2(-halves)
  }
}

/// Prices of one asset under an impact.
enum CascadeMark {
  /// Two to the power of a number up to a few units of 1e-12, without a division.
  @inline(__always)
  static func nearlyExp2(_ x: Double) -> Double {
    if x < -1000 { return 0 }
    let whole = (x + 0x1.8p52) - 0x1.8p52
    let y = (x - whole) * 0.693147180559945309
    var sum = 1 + y * 0.1
    sum = 1 + y * 0.1111111111111111 * sum
    sum = 1 + y * 0.125 * sum
    sum = 1 + y * 0.14285714285714285 * sum
    sum = 1 + y * 0.16666666666666666 * sum
    sum = 1 + y * 0.2 * sum
    sum = 1 + y * 0.25 * sum
    sum = 1 + y * 0.3333333333333333 * sum
    sum = 1 + y * 0.5 * sum
    sum = 1 + y * sum
    return sum * Double(bitPattern: UInt64(1023 + Int(whole)) << 52)
  }

  /// The natural logarithm up to a few units of 1e-12, by one division.
  ///
  /// - Edge cases: 0 and less give −infinity, infinity and NaN themselves.
  @inline(__always)
  static func nearlyLn(_ x: Double) -> Double {
    guard x > 0 else { return x.isNaN ? x : -.infinity }
    guard x < .infinity else { return x }
    // Prices are no smaller than 1e-100, so the exponent is that of a normal number.
    let bits = x.bitPattern
    var exponent = Double(Int(bits >> 52) - 1023)
    var m = Double(bitPattern: bits & 0xF_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
    if m > 1.4142135623730951 {
      m *= 0.5
      exponent += 1
    }
    let z = (m - 1) / (m + 1)
    let q = z * z
    var sum = 0.076923076923076923
    sum = 0.090909090909090909 + q * sum
    sum = 0.1111111111111111 + q * sum
    sum = 0.14285714285714285 + q * sum
    sum = 0.2 + q * sum
    sum = 0.3333333333333333 + q * sum
    sum = 1 + q * sum
    return exponent * 0.693147180559945309 + 2 * z * sum
  }
}
