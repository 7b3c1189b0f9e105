// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import COpenBLAS
package import TextKit

/// Products of matrices by the library. Its order of additions differs from CPU to CPU, so whatever
/// is written must be decided by plain sums where a rounding could differ.
extension LinearAlgebra {
  /// Writes `L · X` over X, by `dtrmm`.
  ///
  /// * `triangle`: L by rows, n · n numbers, what is above the diagonal is not read.
  /// * `columns`: X by rows, n rows of equal length.
  /// - Precondition: X has whole rows for L.
  package static func multiply(
    lowerTriangle triangle: [Double],
    size: Int,
    into columns: inout [Double]
  ) throws(Failure) {
    guard size > 0, !columns.isEmpty else { return }
    precondition(
      triangle.count == size * size && columns.count % size == 0,
      "Invariant: a square triangle and whole rows"
    )
    try load()
    try LibraryBuffers.lend {
      unsafe copenblas_multiply_lower(
        Int32(size),
        Int32(columns.count / size),
        triangle,
        &columns
      )
    }
  }

  /// `A · B` of row-major matrices, by `dgemm`.
  ///
  /// * `rows`, `inner`, `columns`: A has rows · inner numbers, B inner · columns.
  package static func product(
    _ a: [Double],
    _ b: [Double],
    rows: Int,
    inner: Int,
    columns: Int
  ) throws(Failure) -> [Double] {
    var c = Array(repeating: 0.0, count: rows * columns)
    guard rows > 0, columns > 0, inner > 0 else { return c }
    precondition(
      a.count == rows * inner && b.count == inner * columns,
      "Invariant: matrices of the stated sizes"
    )
    try load()
    try LibraryBuffers.lend {
      unsafe copenblas_product(Int32(rows), Int32(columns), Int32(inner), a, b, &c)
    }
    return c
  }

  /// `A · Aᵀ` of a row-major matrix, its lower triangle, by `dsyrk`; the rest is 0.
  package static func gram(
    _ a: [Double],
    rows: Int,
    columns: Int
  ) throws(Failure) -> [Double] {
    var c = Array(repeating: 0.0, count: rows * rows)
    guard rows > 0, columns > 0 else { return c }
    precondition(a.count == rows * columns, "Invariant: a matrix of the stated size")
    try load()
    try LibraryBuffers.lend {
      unsafe copenblas_gram(Int32(rows), Int32(columns), a, &c)
    }
    return c
  }

  /// The Cholesky factor of a symmetric matrix by `dpotrf`: L by rows, 0 above the diagonal.
  ///
  /// For checks of `CholeskyFactor`, whose bits do not depend on the CPU.
  /// - Returns: nil when the matrix is not positive definite.
  package static func choleskyFactor(
    _ matrix: [Double],
    size: Int
  ) throws(Failure) -> [Double]? {
    guard size > 0 else { return [] }
    precondition(matrix.count == size * size, "Invariant: a square matrix")
    var factor = matrix
    try load()
    let status = try LibraryBuffers.lend { unsafe copenblas_cholesky(Int32(size), &factor) }
    guard status == 0 else { return nil }
    for row in 0..<size {
      for column in (row + 1)..<max(row + 1, size) { factor[row * size + column] = 0 }
    }
    return factor
  }
}
