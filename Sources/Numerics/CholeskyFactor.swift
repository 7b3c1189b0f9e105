// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// The lower triangle L with `L · Lᵀ` equal to a symmetric positive definite matrix.
///
/// Plain loops in a fixed order, so the bits are the same on every machine, unlike a library's.
package struct CholeskyFactor: Sendable, Equatable {
  /// Rows of the triangle, row i with i + 1 numbers.
  package let rows: [[Double]]

  /// Decomposes a matrix by rows.
  ///
  ///     L_ij = (a_ij − Σ_k<j L_ik · L_jk) / L_jj        L_ii = √(a_ii − Σ_k<i L_ik²)
  ///
  /// - Throws: a data failure for a matrix that is not square, not symmetric, holds something else
  ///   than finite numbers, or is not positive definite.
  package init(of matrix: [[Double]]) throws(Failure) {
    let count = matrix.count
    for (i, row) in matrix.enumerated() {
      guard row.count == count else {
        throw Failure(
          .data,
          "row \(i + 1) of the matrix has \(row.count) numbers, expected \(count)"
        )
      }
      for j in 0...i {
        guard row[j].isFinite, row[j] == matrix[j][i] else {
          throw Failure(
            .data,
            "the matrix has \(row[j]) in row \(i + 1), column \(j + 1), expected a number equal to"
              + " \(matrix[j][i]) in row \(j + 1), column \(i + 1)"
          )
        }
      }
    }
    var rows: [[Double]] = []
    for i in 0..<count {
      var row: [Double] = []
      for j in 0...i {
        var sum = matrix[i][j]
        for k in 0..<j { sum -= row[k] * (j == i ? row[k] : rows[j][k]) }
        if j < i {
          row.append(sum / rows[j][j])
          continue
        }
        guard sum > 1e-12 else {
          throw Failure(
            .data,
            "the matrix is not positive definite: pivot \(i + 1) is"
              + " \(NumberText.shortest(DecimalRounding.significant(sum, digits: 3)));"
              + " bring the correlations nearer to 0"
          )
        }
        row.append(sum.squareRoot())
      }
      rows.append(row)
    }
    self.rows = rows
  }

  /// Writes `L · x` over x.
  ///
  /// - Precondition: as many numbers as rows.
  package func multiply(_ x: inout [Double]) {
    precondition(x.count == rows.count, "Invariant: one number for each row")
    for i in rows.indices.reversed() {
      let row = rows[i]
      var sum = 0.0
      for j in 0...i { sum += row[j] * x[j] }
      x[i] = sum
    }
  }
}
