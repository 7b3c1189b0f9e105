// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The name of an option from the name of a property: `binWidthBPS` gives `bin-width-bps`.
///
/// A run of capitals is one word, whose last letter belongs to the next word when a small letter
/// follows: `priceUSDTotal` gives `price-usd-total`.
package func kebabCase(_ name: String) -> String {
  let letters = Array(name)
  var out = ""
  for (position, letter) in letters.enumerated() {
    let startsWord =
      position > 0 && letter.isUppercase
      && (!letters[position - 1].isUppercase
        || (position + 1 < letters.count && letters[position + 1].isLowercase))
    out += (startsWord ? "-" : "") + letter.lowercased()
  }
  return out
}
