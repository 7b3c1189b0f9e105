// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
package import Markets
package import Settings
package import TextKit

/// A whole small sweep, drawn from a seed: venues of the six kinds, a book of 1 to 60 accounts, one
/// to four paths of 1 to 400 steps, settings, and a grid of up to four axes.
///
/// The same seed gives the same world. Accounts gather below the spot so that some fall, protection
/// acts and the vault deploys in most worlds; prices meet roots and thresholds exactly.
package struct RandomWorld: Sendable {
  /// An axis of a setting, or of a number of the venue file (`venues.…`).
  package struct Axis: Sendable, Equatable {
    package var name: String
    package var values: [Double]
  }

  /// A number of the venue file at a value.
  package struct VenueNumber: Sendable, Equatable {
    package var path: String
    package var value: Double
  }

  package let seed: UInt64
  /// The venue file.
  package let venues: String
  /// Numbers of the venue file as they stand in it, by dotted path.
  package let venueDefaults: [String: Double]
  package let venueBase: [VenueNumber]
  package let book: Book
  package private(set) var paths: [PricePath]
  package let confidenceRatios: [Double]
  package let slot0: Int64
  package private(set) var base: Settings
  package private(set) var axes: [Axis]
  /// Columns that move together in the grid, of axes by these names; none in most worlds.
  package let zipped: [Axis]
  /// What every cell has to fulfil.
  package let constraints: [String]

  /// Parts with random numbers of their own, so that a change of one leaves the others.
  private enum Part: UInt64 {
    case venues = 1
    case book, paths, settings, grid
  }

  /// Draws a world.
  ///
  /// * `mechanisms`: whether waterfall, keepers and penalties are on for sure.
  /// * `everything`: whether every mechanism is on that is off by default.
  /// * `mostCells`: axes are shortened until the grid has no more cells.
  /// * `mostSteps`: of a path.
  package init(
    seed: UInt64,
    mechanisms: Bool = false,
    everything: Bool = false,
    mostCells: Int = 48,
    mostSteps: Int = 400
  ) throws(Failure) {
    self.seed = seed
    let made = RandomWorldVenues(
      seed: RandomWorld.seed(seed, .venues),
      hasWaterfall: mechanisms || everything || RandomWorldMechanisms.areOn(seed: seed),
      isFull: everything
    )
    venues = made.text
    venueDefaults = made.defaults
    let catalogue = try TestCatalogue.read(made.text)
    var random = SplitMix64(seed: RandomWorld.seed(seed, .settings))
    (base, axes) = RandomWorld.settings(made, mostCells: mostCells, &random)
    RandomWorldMechanisms.draw(&base, seed: seed, always: mechanisms || everything)
    if everything { RandomWorldMechanisms.switchAllOn(&base, seed: seed) }
    var shape = SplitMix64(seed: RandomWorld.seed(seed, .grid))
    zipped = RandomWorld.zipped(of: axes, &shape)
    constraints = RandomWorld.constraints(on: axes, zipped: zipped, &shape)
    venueBase =
      random.once(in: 4) ? [RandomWorld.number(of: made, except: axes.map(\.name), &random)] : []
    slot0 = random.pick([0, 300_000_000])

    random = SplitMix64(seed: RandomWorld.seed(seed, .book))
    let (spots, ratios) = RandomWorld.prices(catalogue.assets, &random)
    confidenceRatios = ratios
    var maker = RandomWorldBook(
      seed: random.next(),
      catalogue,
      spots: spots,
      confidenceRatios: ratios
    )
    book = try maker.book(random.once(in: 6) ? random.whole(1, 5) : random.whole(6, 60))

    paths = []
    random = SplitMix64(seed: RandomWorld.seed(seed, .paths))
    var walker = RandomWorldPath(
      seed: random.next(),
      try RandomWorld.catalogue(made.text, venueBase.map { ($0.path, $0.value) }),
      book,
      spots: spots,
      confidenceRatios: ratios
    )
    for number in 0..<random.pick([1, 1, 2, 3, 4]) {
      let range = random.pick([1...1, 2...40, 41...150, 41...150, 41...150, 151...400, 151...400])
      let steps = min(mostSteps, random.whole(range.lowerBound, range.upperBound))
      let path = try walker.path("path\(number)", steps: steps, settings: someCell(&random))
      paths.append(number % 2 == 0 ? path : path.with(funding: RandomWorld.rates(of: path)))
    }
  }

  private static func seed(_ seed: UInt64, _ part: Part) -> UInt64 {
    var random = SplitMix64(seed: seed &* 8 &+ part.rawValue)
    return random.next()
  }

  /// The base with one value of every axis.
  private func someCell(_ random: inout SplitMix64) -> Settings {
    var settings = base
    for axis in axes {
      let value = random.pick(axis.values)
      if let setting = Setting.all.first(where: { $0.name == axis.name }) {
        settings[setting.key] = value
      }
    }
    return settings
  }

  // MARK: - Venues

  /// The venues with some numbers replaced, by dotted path.
  package func catalogue(
    replacing numbers: [(path: String, value: Double)] = []
  ) throws(Failure) -> VenueCatalogue {
    try RandomWorld.catalogue(venues, numbers)
  }

  private static func catalogue(
    _ text: String,
    _ numbers: [(path: String, value: Double)]
  ) throws(Failure) -> VenueCatalogue {
    var document = try ConfigValue.parseTOML(Array(text.utf8), file: "venues.toml")
    for (path, value) in numbers {
      document = try document.replacing(path: path, withNumber: value)
    }
    return try VenueCatalogue(document)
  }

  private static func number(
    of venues: RandomWorldVenues,
    except taken: [String],
    _ random: inout SplitMix64
  ) -> VenueNumber {
    let free = venues.numbers.filter { !taken.contains($0.path) }
    let number = random.pick(free)
    return VenueNumber(path: number.path, value: random.pick(number.values))
  }

  // MARK: - Prices

  private static func prices(
    _ assets: AssetTable,
    _ random: inout SplitMix64
  ) -> (spots: [Double], ratios: [Double]) {
    var spots = Array(repeating: Double.nan, count: assets.count)
    var ratios = Array(repeating: 0.0, count: assets.count)
    for (asset, entry) in assets.assets.enumerated() where entry.underlying == asset {
      let known = ["BTC": 60_000.0, "ETH": 3_000, "SOL": 150, "EVT": 0.62][entry.symbol]
      spots[asset] = entry.isQuote ? 1 : (known ?? 1) * random.number(0.9, 1.1)
      if !entry.isQuote {
        ratios[asset] = random.pick([0, 0.0005, 0.0015, random.number(0, 0.03)])
      }
    }
    return (spots, ratios)
  }

  /// Rates that follow the prices, every third one missing.
  private static func rates(of path: PricePath) -> FundingTrack {
    var values: [Double] = []
    for place in path.values.indices {
      let price = path.values[place]
      let move = price / path.values[place % path.assets.count] - 1
      values.append(place % 3 == 1 || price.isNaN ? .nan : move / 10)
    }
    return FundingTrack(assets: path.assets, values: values)
  }

  // MARK: - Settings and axes

  private static func settings(
    _ venues: RandomWorldVenues,
    mostCells: Int,
    _ random: inout SplitMix64
  ) -> (Settings, [Axis]) {
    var base = Settings()
    // Without these no cluster of a small book would be deployable.
    if !random.once(in: 12) {
      base[.clustersMinSize] = random.pick([0, 10, 500, 5_000])
      base[.clustersMinConfidence] = random.pick([0, 0, 1, 20])
      base[.clustersSigmas] = random.pick([0, 0, 0.5, 1])
    }
    // These do nothing at their defaults, or nothing to small accounts.
    base[.protectionIncrementRatio] = random.pick([0, 0.05, 0.25])
    base[.clustersReadLag] = random.pick([0, 100, 4_000])
    (base[.auctionBondMin], base[.auctionBondMax]) = random.pick([
      (50_000, 500_000), (0, 3_000), (100, 30_000),
    ])
    let share = random.pick([0.1, 0.3, 0.6])
    let given: [SettingKey] = [.clustersMinSize, .clustersMinConfidence, .clustersSigmas]
    for key in RandomWorldMechanisms.others
    where random.number(0, 1) < (given.contains(key) ? 0.05 : share) {
      let value = RandomWorldSettings.draw(key, &random)
      if !RandomWorldSettings.switches.contains(key) { base[key] = value }
    }
    // Mechanisms that no stage shares come together, in one world of five.
    if random.once(in: 5) {
      for key in SettingKey.allCases
      where RandomWorldSettings.switches.contains(key) && random.once(in: 4) {
        base[key] = random.pick(RandomWorldSettings.choices(key).filter { $0 != 0 })
      }
    }
    var axes: [Axis] = []
    for _ in 0..<random.pick([0, 1, 1, 2, 2, 2, 3, 3, 4]) {
      let axis = axis(venues, &random)
      if axes.contains(where: { $0.name == axis.name }) { continue }
      axes.append(axis)
    }
    while axes.reduce(1, { $0 * $1.values.count }) > mostCells {
      let longest = axes.indices.max { axes[$0].values.count < axes[$1].values.count } ?? 0
      axes[longest].values.removeLast()
    }
    for pair in RandomWorldSettings.orderedPairs { order(pair.low, pair.high, &base, &axes) }
    return (base, axes)
  }

  private static func axis(_ venues: RandomWorldVenues, _ random: inout SplitMix64) -> Axis {
    let favourites: [SettingKey] = [
      .vaultStopLoss, .vaultRecover, .vaultTimeout, .vaultDeploy, .protectionTrigger,
      .protectionMaxDeposit, .protectionPoll, .auctionKappaBPS, .auctionDuration, .clustersRefresh,
      .oracleMaxAge,
    ]
    let count = random.whole(1, 5)
    var values: [Double] = []
    let isVenue = random.once(in: 8)
    let number = random.pick(venues.numbers)
    let key = random.pick(random.once(in: 3) ? favourites : RandomWorldMechanisms.others)
    for _ in 0..<2 * count where values.count < count {
      let value =
        isVenue ? random.pick(number.values) : RandomWorldSettings.draw(key, &random)
      if !values.contains(value) { values.append(value) }
    }
    return Axis(name: isVenue ? number.path : key.name, values: values)
  }

  /// Raises what must not be below another setting, in the base and on the axes.
  private static func order(
    _ low: SettingKey,
    _ high: SettingKey,
    _ base: inout Settings,
    _ axes: inout [Axis]
  ) {
    let lows = axes.first { $0.name == low.name }?.values ?? [base[low]]
    let least = lows.max() ?? 0
    guard let place = axes.firstIndex(where: { $0.name == high.name }) else {
      base[high] = max(base[high], least)
      // The base stands under the axes.
      base[low] = min(base[low], base[high])
      return
    }
    var values: [Double] = []
    for value in axes[place].values where !values.contains(max(value, least)) {
      values.append(max(value, least))
    }
    axes[place].values = values
    base[high] = max(base[high], base[low])
  }
}
