// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics

/// The state of one scenario while it is made.
struct PathWalk {
  private let processes: [AssetProcess]
  private let factor: CholeskyFactor
  private let course: PathCourse
  private let stepYears: Double
  private let rootOfStepYears: Double
  private let stepDays: Double
  private let jumpMultiple: Double
  private let volatilityMultiple: Double
  private let normals: Philox
  private let jumps: Philox
  private var tails: PathTails
  private let outcomes: Philox
  /// Prices of resolved events.
  private var resolved: [Double?]
  /// Logarithms of prices relative to the first step, logits of events.
  private var states: [Double]
  private var numbers: [Double]
  private var crashLevel = 0.0

  init(
    processes: [AssetProcess],
    factor: CholeskyFactor,
    course: PathCourse,
    tails: PathTails,
    stepYears: Double,
    stepDays: Double,
    jumpMultiple: Double,
    volatilityMultiple: Double,
    normals: Philox,
    jumps: Philox,
    outcomes: Philox
  ) {
    self.processes = processes
    self.factor = factor
    self.course = course
    self.tails = tails
    self.stepYears = stepYears
    rootOfStepYears = stepYears.squareRoot()
    self.stepDays = stepDays
    self.jumpMultiple = jumpMultiple
    self.volatilityMultiple = volatilityMultiple
    self.normals = normals
    self.jumps = jumps
    self.outcomes = outcomes
    resolved = processes.map { _ in nil }
    states = processes.map { $0.isEvent ? ExactMath.ln($0.price / (1 - $0.price)) : 0 }
    numbers = Array(repeating: 0, count: processes.count)
  }

  /// Goes to a step, from 1.
  mutating func advance(step: UInt32, seconds: Double) {
    for (column, process) in processes.enumerated() where resolved[column] == nil {
      guard let time = process.resolvesAtSeconds, seconds >= time else { continue }
      let isTrue = outcomes.uniforms(index: UInt32(column), block: 0).0 < price(column)
      resolved[column] = isTrue ? 0.999999 : 1e-6
    }
    if case .history(let blocks, let source) = course {
      for (column, change) in blocks.changes(step: step, source).enumerated() {
        states[column] += change
      }
      return
    }
    let isFalling = course.isFalling(at: seconds)
    let level = course.level(at: seconds)
    let drop = level - crashLevel
    crashLevel = level
    draw(from: normals, step: step, firstBlock: 0)
    tails.stretch(&numbers, step: step)
    for (column, process) in processes.enumerated() {
      let volatility = process.volatility * (isFalling ? volatilityMultiple : 1)
      let decay = process.isEvent ? 0 : volatility * volatility / 2
      states[column] +=
        (process.drift - decay) * stepYears + volatility * rootOfStepYears * numbers[column]
        + process.crashBeta * drop
    }
    if tails.hasJumps { jump(step: step, multiple: isFalling ? jumpMultiple : 1) }
  }

  /// The price of a column, rounded to six significant digits.
  func price(_ column: Int) -> Double {
    if let resolved = resolved[column] { return resolved }
    let process = processes[column]
    guard process.isEvent else {
      let price = process.price * ExactMath.exp(states[column])
      let rounded = DecimalRounding.significant(price, digits: 6)
      return min(max(rounded, 1e-12), PricePath.highestPrice)
    }
    let probability = 1 / (1 + ExactMath.exp(-states[column]))
    return min(max(DecimalRounding.significant(probability, digits: 6), 1e-6), 0.999999)
  }

  /// Jumps of one step: one moment for all assets, a size for each.
  private mutating func jump(step: UInt32, multiple: Double) {
    let moment = jumps.uniforms(index: step, block: 0).0
    func takesPart(_ process: AssetProcess) -> Bool {
      moment < min(1, process.jumpsPerDay * multiple * stepDays)
    }
    guard processes.contains(where: takesPart) else { return }
    draw(from: jumps, step: step, firstBlock: 16)
    for (column, process) in processes.enumerated() where takesPart(process) {
      states[column] += process.jumpMean + process.jumpDeviation * numbers[column]
    }
  }

  /// Correlated standard normal numbers, one for each asset.
  private mutating func draw(from source: Philox, step: UInt32, firstBlock: UInt32) {
    var block = firstBlock
    var column = 0
    while column < numbers.count {
      let pair = source.normals(index: step, block: block)
      numbers[column] = pair.0
      if column + 1 < numbers.count { numbers[column + 1] = pair.1 }
      column += 2
      block += 16
    }
    factor.multiply(&numbers)
  }
}
