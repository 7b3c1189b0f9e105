// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD

/// Sums a column: the speed of reading.
///
/// * `count`: a multiple of 32.
@inline(never)
package func memoryRead(_ column: UnsafePointer<Double>, count: Int) -> Double {
  typealias Vector = SIMD8<Double>
  var (a, b) = (Vector(repeating: 0), Vector(repeating: 0))
  var (c, d) = (a, b)
  var row = 0
  while row < count {
    a = unsafe a + lanesLoad(column + row)
    b = unsafe b + lanesLoad(column + row + 8)
    c = unsafe c + lanesLoad(column + row + 16)
    d = unsafe d + lanesLoad(column + row + 24)
    row &+= 32
  }
  return lanesSum((a + b) + (c + d))
}

/// Copies a column with ordinary stores.
///
/// * `count`: a multiple of 8.
@inline(never)
package func memoryCopy(
  _ from: UnsafePointer<Double>,
  to: UnsafeMutablePointer<Double>,
  count: Int
) {
  var row = 0
  while row < count {
    unsafe lanesStore(lanesLoad(from + row), to + row)
    row &+= 8
  }
}

/// `to = first + factor · second` with ordinary stores.
///
/// * `count`: a multiple of 8.
@inline(never)
package func memoryTriad(
  _ first: UnsafePointer<Double>,
  _ second: UnsafePointer<Double>,
  factor: Double,
  to: UnsafeMutablePointer<Double>,
  count: Int
) {
  let scale = SIMD8<Double>(repeating: factor)
  var row = 0
  while row < count {
    unsafe lanesStore(lanesLoad(first + row) + scale * lanesLoad(second + row), to + row)
    row &+= 8
  }
}

/// `to = first + factor · second` with stores past the caches: the limit of the price kernel, which
/// moves the same bytes.
///
/// * `to`: at a multiple of 64 bytes.
/// * `count`: a multiple of 8.
@inline(never)
package func memoryStreamingTriad(
  _ first: UnsafePointer<Double>,
  _ second: UnsafePointer<Double>,
  factor: Double,
  to: UnsafeMutablePointer<Double>,
  count: Int
) {
  let scale = SIMD8<Double>(repeating: factor)
  var row = 0
  while row < count {
    unsafe lanesStoreStreaming(lanesLoad(first + row) + scale * lanesLoad(second + row), to + row)
    row &+= 8
  }
  storesFinish()
}
