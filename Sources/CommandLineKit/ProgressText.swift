// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import TextKit

/// The text of progress at one moment.
package struct ProgressText: Sendable {
  private let label: String
  private let count: Int
  private let total: Int?
  private let unit: String
  private let seconds: Double
  private let isLast: Bool

  /// Takes what is known at the moment.
  ///
  /// - Parameters:
  ///   - label: what is done.
  ///   - count: steps done.
  ///   - total: steps until the end; nil when unknown.
  ///   - unit: what a step is; empty where the label says it.
  ///   - seconds: time since the start.
  ///   - isLast: tells the time that was needed instead of the time that is left.
  package init(
    label: String,
    count: Int,
    total: Int?,
    unit: String = "",
    seconds: Double,
    isLast: Bool
  ) {
    (self.label, self.count, self.total, self.unit) = (label, count, total, unit)
    (self.seconds, self.isLast) = (seconds, isLast)
  }

  /// Between 0 and 1; nil when the end is unknown.
  private var share: Double? {
    guard let total else { return nil }
    return total > 0 ? min(max(Double(count) / Double(total), 0), 1) : 1
  }

  /// A plain line: `sweep: 42 %, 420 of 1,000, 123/s, 5 s left`.
  package var line: String { "\(label): " + facts.joined(separator: ", ") }

  /// A line for programs, such as
  /// `{"event":"progress","label":"sweep","done":420,"total":1000,"seconds":2.5,…}`.
  ///
  /// `event` is `end` in the last one; `per_s` and `remaining_s` are null while they are unknown.
  package var json: String {
    let rate = seconds > 0 ? Double(count) / seconds : nil
    let rest = total.flatMap { total in
      rate.flatMap { $0 > 0 ? Double(max(0, total - count)) / $0 : nil }
    }
    func number(_ value: Double?) -> String {
      value.map { NumberText.shortest(($0 * 1000).rounded() / 1000) } ?? "null"
    }
    let name = label.filter { $0 != "\"" && $0 != "\\" && $0 >= " " }
    return "{\"event\":\"\(isLast ? "end" : "progress")\",\"label\":\"\(name)\",\"done\":\(count),"
      + "\"total\":\(total.map(String.init) ?? "null"),\"seconds\":\(number(seconds)),"
      + "\"per_s\":\(number(rate)),\"remaining_s\":\(number(isLast ? 0 : rest))}"
  }

  /// A line with a bar that fits the width; on a narrow terminal the bar goes first, then facts.
  package func bar(width: Int, colour: Bool) -> String {
    // The last column stays free: some terminals break the line there.
    let room = max(width - 1, 0)
    var facts = facts
    var text = label + "  " + facts.joined(separator: "  ")
    let space = room - text.count - 1
    if let share, space >= 8 {
      let length = min(space, 40)
      let full = Int(share * Double(length))
      let drawn =
        String(repeating: "█", count: full) + String(repeating: "░", count: length - full)
      return label + " " + (colour ? "\u{1B}[36m\(drawn)\u{1B}[0m" : drawn) + "  "
        + facts.joined(separator: "  ")
    }
    while text.count > room && facts.count > 1 {
      facts.removeLast()
      text = label + "  " + facts.joined(separator: "  ")
    }
    return String((text.count > room ? facts[0] : text).prefix(room))
  }

  /// What is known, the most important first.
  private var facts: [String] {
    var facts: [String] = []
    if let share { facts.append("\(Int(share * 100)) %") }
    let count = NumberText.grouped(self.count)
    let steps = total.map { "\(count) of \(NumberText.grouped($0))" } ?? count
    facts.append(unit.isEmpty ? steps : "\(steps) \(unit)")
    let rate = seconds > 0 ? Double(self.count) / seconds : 0
    facts.append(ProgressText.rate(rate))
    if isLast {
      facts.append("took " + ProgressText.duration(seconds))
    } else if let share, let total, rate > 0, share < 1 {
      facts.append(ProgressText.duration(Double(total - self.count) / rate) + " left")
    }
    return facts
  }

  /// Steps in a second with about three digits: `0.25/s`, `12.5/s`, `1,234/s`.
  package static func rate(_ value: Double) -> String {
    guard value.isFinite, value < 1e15 else { return "-/s" }
    if value >= 99.95 { return NumberText.grouped(Int(value + 0.5)) + "/s" }
    let (scale, places) = value >= 9.995 ? (10.0, 1) : (100.0, 2)
    return decimal(Int(value * scale + 0.5), places: places) + "/s"
  }

  /// A time to read: `0.4 s`, `42 s`, `3 min 20 s`, `2 h 05 min`, `3 d 4 h`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e12 else { return "very long" }
    if seconds < 9.95 { return decimal(Int(max(seconds, 0) * 10 + 0.5), places: 1) + " s" }
    let whole = Int(seconds + 0.5)
    if whole < 60 { return "\(whole) s" }
    if whole < 3_600 { return "\(whole / 60) min \(padded(whole % 60)) s" }
    if whole < 86_400 { return "\(whole / 3_600) h \(padded(whole % 3_600 / 60)) min" }
    return "\(NumberText.grouped(whole / 86_400)) d \(whole % 86_400 / 3_600) h"
  }

  private static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  /// A whole number of tenths or hundredths.
  private static func decimal(_ value: Int, places: Int) -> String {
    let digits = String(value)
    let padded = String(repeating: "0", count: max(places + 1 - digits.count, 0)) + digits
    return padded.dropLast(places) + "." + padded.suffix(places)
  }
}
