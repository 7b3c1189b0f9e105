// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import Testing
import TextKit

@Suite struct CholeskyFactorTests {
  // The textbook example of Wikipedia, "Cholesky decomposition": whole numbers all the way.
  @Test func `the textbook matrix has its textbook factor`() throws {
    let factor = try CholeskyFactor(of: [[4, 12, -16], [12, 37, -43], [-16, -43, 98]])
    #expect(factor.rows == [[2], [6, 1], [-8, 5, 3]])
  }

  @Test func `a factor multiplies as its rows say`() throws {
    let factor = try CholeskyFactor(of: [[4, 12, -16], [12, 37, -43], [-16, -43, 98]])
    var numbers = [1.0, 10, 100]
    factor.multiply(&numbers)
    #expect(numbers == [2, 16, 342])
  }

  @Test(arguments: [
    [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]],
    [[1, 1], [1, 1]],
    [[1, -0.6, -0.6], [-0.6, 1, -0.6], [-0.6, -0.6, 1]],
    [[0]],
  ])
  func `a matrix that is not positive definite is refused`(_ matrix: [[Double]]) {
    let failure = #expect(throws: Failure.self) { _ = try CholeskyFactor(of: matrix) }
    #expect(failure?.kind == .data)
    #expect(failure?.message.contains("not positive definite") == true)
  }

  @Test(arguments: [
    ([[1, 0.5]], "row 1 of the matrix has 2 numbers, expected 1"),
    ([[1, 0.5], [0.4, 1]], "the matrix has 0.4 in row 2, column 1"),
    ([[Double.nan]], "the matrix has nan in row 1, column 1"),
  ])
  func `a matrix of another shape is refused with its place`(
    _ matrix: [[Double]],
    _ message: String
  ) {
    let failure = #expect(throws: Failure.self) { _ = try CholeskyFactor(of: matrix) }
    #expect(failure?.message.hasPrefix(message) == true)
  }
}
