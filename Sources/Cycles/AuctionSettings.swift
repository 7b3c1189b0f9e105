// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics
package import Settings
package import TextKit

/// The settings that auctions read.
package struct AuctionSettings: Sendable, Equatable {
  package var kappaBPSPerSecond: Double
  package var kappaUSDPerSecond: Double
  package var durationSeconds: Double
  package var feeBPS: Double
  package var bufferBPS: Double
  package var specialists: Int
  package var margin: ClosedRange<Double>
  package var bondUSD: ClosedRange<Double>
  package var bondMultiple: Double
  package var reactionSeconds: ClosedRange<Double>
  package var gas: Micro
  package var backstopDiscount: Double
  package var backstopCapacity: Micro
  package var dumpDiscount: Double
  package var selling: SellingRule
  package var events: EventSettings

  package init(_ settings: SettingsView) throws(Failure) {
    kappaBPSPerSecond = settings[.auctionKappaBPS]
    kappaUSDPerSecond = settings[.auctionKappaUSD]
    durationSeconds = settings[.auctionDuration]
    feeBPS = settings[.auctionFee]
    bufferBPS = settings[.auctionBuffer]
    specialists = Int(settings[.auctionSpecialists])
    margin = settings[.auctionMarginMin]...settings[.auctionMarginMax]
    bondUSD = settings[.auctionBondMin]...settings[.auctionBondMax]
    bondMultiple = settings[.auctionBondMultiple]
    reactionSeconds = settings[.auctionReactionMin]...settings[.auctionReactionMax]
    gas = try micro(settings[.auctionGas])
    backstopDiscount = settings[.auctionBackstopDiscount]
    backstopCapacity = try micro(settings[.auctionBackstopCapacity])
    dumpDiscount = settings[.auctionDumpDiscount]
    selling = SellingRule(settings)
    events = EventSettings(settings)
  }
}

/// A bonded bidder: what it wants to earn, how large a lot its bond allows, how fast it is.
package struct Specialist: Sendable, Equatable {
  package var margin: Double
  /// The highest price its bond allows, `bond · bond_multiple`.
  package var bondLimit: Micro
  package var reactionSeconds: Double
  package var bondUSD: Double
  /// Errors about events, standard normal, by asset; empty where nobody errs.
  package var errors: [Int: Double] = [:]

  package init(
    margin: Double,
    bondLimit: Micro,
    reactionSeconds: Double,
    bondUSD: Double = .infinity
  ) {
    self.margin = margin
    self.bondLimit = bondLimit
    self.reactionSeconds = reactionSeconds
    self.bondUSD = bondUSD
  }

  /// Draws the specialists of a scenario; the key is (seed, scenario, stream, j), never the lot.
  package static func draw(
    _ settings: AuctionSettings,
    seed: UInt64,
    scenario: Int,
    events: EventMarket = EventMarket()
  ) throws(Failure) -> [Specialist] {
    let draws = Philox(
      seed: seed,
      scenario: UInt32(truncatingIfNeeded: scenario),
      stream: .specialists
    )
    var list: [Specialist] = []
    for j in 0..<settings.specialists {
      let first = draws.uniforms(index: UInt32(j + 1), block: 0)
      let second = draws.uniforms(index: UInt32(j + 1), block: 1)
      let bond = settings.bondUSD.at(first.1)
      var specialist = Specialist(
        margin: settings.margin.at(first.0),
        bondLimit: try micro(bond * settings.bondMultiple),
        reactionSeconds: settings.reactionSeconds.at(second.0),
        bondUSD: bond
      )
      if settings.events.mispricing > 0 {
        specialist.errors = events.errors(of: j + 1, seed: seed, scenario: scenario)
      }
      list.append(specialist)
    }
    return list
  }
}

extension ClosedRange where Bound == Double {
  /// `low + (high − low) · u`.
  fileprivate func at(_ u: Double) -> Double { lowerBound + (upperBound - lowerBound) * u }
}
