// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// A condition on the settings of a cell, such as `vault.timeout_s >= 10 * protection.poll_s`.
///
/// Numbers, names of numeric settings and of numbers of the venue file, `+ - * /`, comparisons
/// `< <= > >= == !=`, `and or not` and round brackets, in the usual order of binding. Arithmetic is
/// binary64; a comparison with what is not a number (0/0) is false, `!=` true.
package struct Constraint: Sendable, Equatable {
  /// The condition as it was written.
  package let text: String
  /// The length from which a condition is refused: 64 KiB.
  package static let mostBytes = 1 << 16
  /// The names in it, each once.
  package let terms: [AxisTarget]
  private let steps: [ConstraintStep]
  /// How many numbers, names and signs it has.
  var partCount: Int { steps.count }

  /// Reads a condition.
  ///
  /// - Throws: a data failure with the position in the text, what was found and what was expected.
  package init(_ text: String) throws(Failure) {
    guard text.utf8.count <= Constraint.mostBytes else {
      throw Failure(
        .data,
        "where: found a condition of \(text.utf8.count) bytes, expected at most"
          + " \(Constraint.mostBytes); split it at 'and'"
      )
    }
    var parser = try ConstraintParser(text)
    try parser.parse()
    self.text = text
    terms = parser.terms
    steps = parser.steps
  }

  /// Whether the condition holds for the values of its terms.
  ///
  /// * `stack`: memory that calls may share.
  func isFulfilled(by values: [Double], _ stack: inout [Double]) -> Bool {
    stack.removeAll(keepingCapacity: true)
    for step in steps {
      switch step {
      case .number(let number): stack.append(number)
      case .term(let place): stack.append(values[place])
      case .negate: stack.append(-stack.removeLast())
      case .not: stack.append(stack.removeLast() == 0 ? 1 : 0)
      default:
        let right = stack.removeLast()
        stack.append(step.joined(stack.removeLast(), right))
      }
    }
    return stack.last != 0
  }
}

/// One step of a condition in postfix order; truth is 1 or 0.
enum ConstraintStep: Sendable, Equatable {
  case number(Double)
  case term(Int)
  case negate, not
  case add, subtract, multiply, divide
  case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
  case and, or

  /// The result of a step that takes two values.
  fileprivate func joined(_ left: Double, _ right: Double) -> Double {
    func truth(_ value: Bool) -> Double { value ? 1 : 0 }
    switch self {
    case .add: return left + right
    case .subtract: return left - right
    case .multiply: return left * right
    case .divide: return left / right
    case .less: return truth(left < right)
    case .lessOrEqual: return truth(left <= right)
    case .greater: return truth(left > right)
    case .greaterOrEqual: return truth(left >= right)
    case .equal: return truth(left == right)
    case .notEqual: return truth(left != right)
    case .and: return truth(left != 0 && right != 0)
    case .or: return truth(left != 0 || right != 0)
    case .number, .term, .negate, .not: return .nan
    }
  }
}
