// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

/// Numbers for people.
package enum Plain {
  /// A number with so many significant digits, without exponent, grouped from 10,000 on.
  package static func number(_ value: Double, digits: Int = 6) -> String {
    guard value.isFinite else { return "–" }
    guard value != 0 else { return "0" }
    if value.magnitude >= 10_000 {
      guard value.magnitude < 1e15 else { return NumberText.shortest(value) }
      return NumberText.grouped(Int(value.rounded()))
    }
    var scale = 1.0
    var places = 0
    while value.magnitude * scale < pow10(digits - 1), places < 12 {
      scale *= 10
      places += 1
    }
    return NumberText.shortest((value * scale).rounded() / scale)
  }

  /// USD: whole from 1,000 on, else with cents.
  package static func money(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    if value.magnitude >= 1000, value.magnitude < 1e15 {
      return NumberText.grouped(Int(value.rounded()))
    }
    return NumberText.shortest((value * 100).rounded() / 100)
  }

  /// A share in percent.
  package static func percent(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    return NumberText.shortest((value * 1000).rounded() / 10) + " %"
  }

  /// A metric by its name: USD, share or plain number.
  package static func metric(_ value: Double?, _ name: String) -> String {
    guard let value, value.isFinite else { return "–" }
    switch ColumnGlossary.unit(of: name) {
    case "USD": return money(value)
    default: return number(value)
    }
  }

  /// A time of UTC, such as `2026-01-01 00:27:55`.
  package static func time(_ milliseconds: Int64) -> String {
    let seconds = milliseconds.quotientAndRemainder(dividingBy: 1000).quotient
    let days = Int(seconds / 86_400) - (seconds % 86_400 < 0 ? 1 : 0)
    let rest = Int(seconds) - days * 86_400
    // Days to a date of the Gregorian calendar, years beginning in March.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let day = shifted - era * 146_097
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let ofYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * ofYear + 2) / 153
    let date = ofYear - (153 * month + 2) / 5 + 1
    let calendarMonth = month < 10 ? month + 3 : month - 9
    let calendarYear = year + era * 400 + (calendarMonth <= 2 ? 1 : 0)
    let clock = [rest / 3600, rest / 60 % 60, rest % 60].map(two).joined(separator: ":")
    return "\(calendarYear)-\(two(calendarMonth))-\(two(date)) \(clock)"
  }

  /// A duration such as `1 h 5 min` or `42 s`.
  package static func duration(seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e12)).rounded())
    if whole < 60 { return number(seconds, digits: 3) + " s" }
    if whole < 3600 { return "\(whole / 60) min" + (whole % 60 > 0 ? " \(whole % 60) s" : "") }
    return "\(whole / 3600) h" + (whole / 60 % 60 > 0 ? " \(whole / 60 % 60) min" : "")
  }

  private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }

  private static func pow10(_ exponent: Int) -> Double {
    (0..<max(0, exponent)).reduce(1.0) { value, _ in value * 10 }
  }
}
