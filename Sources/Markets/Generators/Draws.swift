// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics

/// Random numbers of one item in the order in which they are asked for.
///
/// They depend on the source's seed, scenario and stream and on the item's index, on nothing else.
struct Draws {
  private let source: Philox
  private let index: UInt32
  private var block: UInt32 = 0
  private var spareUniform: Double?
  private var spareNormal: Double?

  init(_ source: Philox, index: UInt32) {
    self.source = source
    self.index = index
  }

  /// A number within [0, 1).
  mutating func uniform() -> Double {
    if let spare = spareUniform {
      spareUniform = nil
      return spare
    }
    let pair = source.uniforms(index: index, block: block)
    block += 1
    spareUniform = pair.1
    return pair.0
  }

  /// A number between two bounds.
  mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A standard normal number.
  mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let pair = source.normals(index: index, block: block)
    // A draw of two may take sixteen blocks.
    block += 16
    spareNormal = pair.1
    return pair.0
  }

  /// Whether something of a probability happens.
  mutating func happens(_ probability: Double) -> Bool { uniform() < probability }

  /// One of several choices.
  mutating func pick<Value>(_ choices: WeightedChoices<Value>) -> Value {
    choices.value(at: uniform())
  }
}

/// Values with weights.
struct WeightedChoices<Value: Sendable>: Sendable {
  private let values: [Value]
  /// Sums of the weights up to and with each value.
  private let sums: [Double]

  /// Keeps the choices of a weight above 0; nil when there are none.
  init?(_ choices: [(value: Value, weight: Double)]) {
    var values: [Value] = []
    var sums: [Double] = []
    for choice in choices where choice.weight > 0 {
      values.append(choice.value)
      sums.append((sums.last ?? 0) + choice.weight)
    }
    guard !values.isEmpty else { return nil }
    self.values = values
    self.sums = sums
  }

  /// The value at a share of all weight.
  func value(at share: Double) -> Value {
    let place = share * sums[sums.count - 1]
    for (index, sum) in sums.enumerated() where place < sum { return values[index] }
    return values[values.count - 1]
  }
}
