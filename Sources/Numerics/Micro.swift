// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// Money as whole micro-USD.
///
/// Every transfer and every comparison of money is made in these integers (SEMANTICS B0).
public typealias Micro = Int64

/// Rounds USD to whole micro-USD, `rint(x · 1e6)`, ties to even.
///
/// - Throws: a data failure when the amount is not a number or at least 2^63 micro-USD.
package func micro(_ usd: Double) throws(Failure) -> Micro {
  try wholeMicro(usd * 1e6)
}

/// Applies a rate to money, `rint(rate · Double(amount))`, ties to even.
///
/// - Throws: a data failure when the result is not a number or at least 2^63 micro-USD.
package func share(_ rate: Double, of amount: Micro) throws(Failure) -> Micro {
  try wholeMicro(rate * Double(amount))
}

/// Applies basis points to money, `rint(bps · Double(amount) / 10⁴)`, ties to even.
///
/// - Throws: a data failure when the result is not a number or at least 2^63 micro-USD.
package func basisPoints(_ bps: Double, of amount: Micro) throws(Failure) -> Micro {
  try wholeMicro(bps * Double(amount) / 1e4)
}

/// The sum of amounts.
///
/// - Throws: a data failure when it does not fit whole micro-USD.
package func sum(_ amounts: Micro...) throws(Failure) -> Micro {
  let total = amounts.reduce(Int128(0)) { $0 + Int128($1) }
  guard let sum = Micro(exactly: total) else { throw amountTooLarge(nearestDouble(total) / 1e6) }
  return sum
}

/// Micro-USD as a double of USD, `Double(amount) / 1e6`.
///
/// It is public because the compiler takes only public code into the loops of other modules.
@inlinable
public func usd(_ amount: Micro) -> Double { Double(amount) / 1e6 }

/// Rounds an amount that is in micro-USD already, ties to even.
private func wholeMicro(_ amount: Double) throws(Failure) -> Micro {
  // Adding 1.5 · 2^52 leaves no room for fractions: the same rounding without a call.
  if amount.magnitude < 0x1p51 { return Micro((amount + 0x1.8p52) - 0x1.8p52) }
  let whole = amount.rounded(.toNearestOrEven)
  guard whole.magnitude < 0x1p63 else { throw amountTooLarge(amount / 1e6) }
  return Micro(whole)
}

/// The refusal of an amount that whole micro-USD cannot hold.
package func amountTooLarge(_ usd: Double) -> Failure {
  Failure(
    .data,
    "an amount of \(NumberText.shortest(usd)) USD cannot be held in whole micro-USD"
      + " (limit 9,223,372,036,854 USD); check quantities and prices"
  )
}
