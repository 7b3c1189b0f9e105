// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Numerics

/// What the sources of every asset say along a path (seed 3, "Price Feed Robustness").
///
/// Sources are columns of the path, or are made of its prices: with errors, with a delay of the
/// last ones, with a fault of the first ones, and with an attack on the market that all of them
/// see. At the first step all agree with the path.
struct OracleMarket: Sendable {
  private var feeds: [OracleFeed] = []
  /// Source columns of each column of the path.
  private var columns: [[[Double]]] = []
  /// The last price of each column and when it was true, for now and for late sources.
  private var present: [SourceReading] = []
  private var late: [SourceReading] = []
  private var lateStep = -1
  private let start: Int64
  private let settings: OracleSettings
  private let noise: Philox
  /// Place of each column among those of the path by symbol.
  private let places: [UInt32]

  /// Most sources of an asset.
  private static let mostSources: UInt32 = 64

  init(_ settings: OracleSettings, _ input: WorldInput) {
    let path = input.path
    self.settings = settings
    start = path.times[0]
    noise = Philox(
      seed: input.seed,
      scenario: UInt32(truncatingIfNeeded: input.scenario),
      stream: .oracleNoise
    )
    let order = path.assets.indices.sorted {
      input.ranks[path.assets[$0]] < input.ranks[path.assets[$1]]
    }
    var places = Array(repeating: UInt32(0), count: order.count)
    for (place, column) in order.enumerated() { places[column] = UInt32(place) }
    self.places = places
    for (column, asset) in path.assets.enumerated() {
      let price = path.value(step: 0, column: column)
      let own = settings.sources == 0 ? path.sources.filter { $0.asset == asset } : []
      columns.append(own.map(\.values))
      let count = settings.sources > 0 ? settings.sources : own.count
      feeds.append(OracleFeed(settings, sources: count, price: price, time: start))
      present.append(SourceReading(price: price, time: start))
      late.append(SourceReading(price: price, time: start))
    }
  }

  /// Takes one step and gives the answer of each column of the path, with the market's price.
  mutating func advance(
    to step: Int,
    of path: PricePath
  ) -> [(answer: OracleFeed.Answer, spot: Double)] {
    let time = path.times[step]
    while lateStep + 1 < path.stepCount, path.times[lateStep + 1] <= time - settings.delay {
      lateStep += 1
      for column in late.indices {
        let price = path.value(step: lateStep, column: column)
        if !price.isNaN { late[column] = SourceReading(price: price, time: path.times[lateStep]) }
      }
    }
    var result: [(answer: OracleFeed.Answer, spot: Double)] = []
    for column in feeds.indices {
      let price = path.value(step: step, column: column)
      if !price.isNaN { present[column] = SourceReading(price: price, time: time) }
      if step > 0 {
        let news = self.news(column, step: step, time: time, isNew: !price.isNaN)
        feeds[column].take(news, spot: present[column].price, time: time)
      }
      result.append((feeds[column].answer, present[column].price))
    }
    return result
  }

  /// What each source of a column says at a step.
  private func news(
    _ column: Int,
    step: Int,
    time: Int64,
    isNew: Bool
  ) -> [SourceReading?] {
    let since = time - start
    let own = columns[column]
    let count = feeds[column].readings.count
    return (0..<count).map { source in
      var reading: SourceReading
      if !own.isEmpty {
        guard !own[source][step].isNaN else { return nil }
        reading = SourceReading(price: own[source][step], time: time)
      } else if settings.delay > 0 && source >= count - settings.delayedSources {
        reading = late[column]
      } else {
        guard isNew else { return nil }
        reading = present[column]
      }
      if settings.attack.isOn(at: reading.time - start) {
        reading.price *= 1 + (settings.attack.move ?? 0)
      }
      if source < settings.faultySources, settings.fault.isOn(at: since) {
        guard let move = settings.fault.move else { return nil }
        reading.price *= 1 + move
      }
      if settings.noise > 0 {
        let draw = noise.normals(
          index: UInt32(step),
          block: (places[column] * OracleMarket.mostSources + UInt32(source)) * 16
        )
        reading.price *= max(1e-6, 1 + settings.noise * draw.0)
      }
      return reading
    }
  }
}
