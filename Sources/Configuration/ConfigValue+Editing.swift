// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

extension ConfigValue {
  /// The value with another laid over it.
  ///
  /// Tables are merged key by key; anything else is replaced. Keys keep their order, new ones
  /// follow in the order of the override. Every value keeps the place in which it was written; a
  /// merged table has the override's.
  ///
  /// - Parameters:
  ///   - override: the value that wins.
  ///   - isWhole: tables that are replaced as a whole, told by both values.
  /// - Returns: the merged value, at the override's place.
  package func merging(
    _ override: ConfigValue,
    replacing isWhole: (_ base: ConfigValue, _ override: ConfigValue) -> Bool = { _, _ in false }
  ) -> ConfigValue {
    if isWhole(self, override) { return override }
    guard case .table(var entries) = kind, case .table(let changes) = override.kind else {
      return override
    }
    var positions: [String: Int] = [:]
    for (position, entry) in entries.enumerated() { positions[entry.key] = position }
    for change in changes {
      if let position = positions[change.key] {
        let merged = entries[position].value.merging(change.value, replacing: isWhole)
        entries[position] = ConfigEntry(change.key, merged)
      } else {
        positions[change.key] = entries.count
        entries.append(change)
      }
    }
    return override.with(.table(entries))
  }

  /// The value at a dotted path, such as `venues.drift.assets.SOL` or `tiers[0].lower_usd`.
  ///
  /// - Parameters:
  ///   - path: the path from here.
  ///   - source: the value in which the path was named; the failure gives its place.
  /// - Returns: the value found.
  /// - Throws: a failure with the nearest known key when there is no such path.
  package func value(
    at path: String,
    namedBy source: ConfigValue? = nil
  ) throws(Failure) -> ConfigValue {
    var found = self
    for step in try ConfigValue.steps(path, namedBy: source) {
      let position = try found.position(of: step, path, namedBy: source)
      found = found.child(position)
    }
    return found
  }

  /// The tree with another number at a dotted path that leads to a number already.
  ///
  ///     try venues.replacing(
  ///       path: "venues.drift.assets.SOL.maintenance_ratio", withNumber: 0.07)
  ///
  /// A whole number in the place of a whole number stays one.
  ///
  /// - Parameters:
  ///   - path: the path from here.
  ///   - number: the new number; has to be finite.
  ///   - source: the value in which the path was named; the failure gives its place.
  /// - Returns: the changed tree.
  /// - Throws: a failure with the nearest known key when there is no such path, and when something
  ///   else than a number stands there.
  package func replacing(
    path: String,
    withNumber number: Double,
    namedBy source: ConfigValue? = nil
  ) throws(Failure) -> ConfigValue {
    guard number.isFinite else {
      throw ConfigValue.refusal(
        "'\(ConfigPath.shown(path))': found \(number), expected a finite number",
        source
      )
    }
    let steps = try ConfigValue.steps(path, namedBy: source)
    return try replacing(steps[...], by: number, path, source)
  }

  private func replacing(
    _ steps: ArraySlice<ConfigPath.Step>,
    by number: Double,
    _ path: String,
    _ source: ConfigValue?
  ) throws(Failure) -> ConfigValue {
    guard let step = steps.first else {
      switch kind {
      case .integer:
        return with(Int64(exactly: number).map(Kind.integer) ?? .number(number))
      case .number:
        return with(.number(number))
      default:
        throw ConfigValue.refusal(
          "'\(ConfigPath.shown(path))': found \(shown), expected a number there",
          source
        )
      }
    }
    let position = try position(of: step, path, namedBy: source)
    let changed = try child(position).replacing(steps.dropFirst(), by: number, path, source)
    switch kind {
    case .table(var entries):
      entries[position] = ConfigEntry(entries[position].key, changed)
      return with(.table(entries))
    case .array(var elements):
      elements[position] = changed
      return with(.array(elements))
    default:
      return self
    }
  }

  // MARK: - Steps

  private static func steps(
    _ path: String,
    namedBy source: ConfigValue?
  ) throws(Failure) -> [ConfigPath.Step] {
    guard let steps = ConfigPath.steps(path) else {
      throw refusal("found the path '\(ConfigPath.shown(path))', expected one like 'a.b.c'", source)
    }
    return steps
  }

  private func child(_ position: Int) -> ConfigValue {
    switch kind {
    case .table(let entries): entries[position].value
    case .array(let elements): elements[position]
    default: self
    }
  }

  private func position(
    of step: ConfigPath.Step,
    _ path: String,
    namedBy source: ConfigValue?
  ) throws(Failure) -> Int {
    let unknown = "unknown setting '\(ConfigPath.shown(path))'"
    switch (kind, step) {
    case (.table(let entries), .key(let key)):
      if let position = entries.firstIndex(where: { $0.key == key }) { return position }
      let keys = entries.map(\.key)
      throw ConfigValue.refusal(unknown + suggestion(for: key, among: keys), source)
    case (.array(let elements), .index(let index)):
      if index < elements.count { return index }
      throw ConfigValue.refusal(unknown + "; '\(ConfigPath.shown(self.path))' is \(shown)", source)
    default:
      throw ConfigValue.refusal(unknown + "; '\(ConfigPath.shown(self.path))' is \(shown)", source)
    }
  }

  private static func refusal(_ message: String, _ source: ConfigValue?) -> Failure {
    Failure(.data, (source.map { "\($0.place): " } ?? "") + message)
  }
}
