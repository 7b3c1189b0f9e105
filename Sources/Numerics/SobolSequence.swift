// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// One dimension of a Sobol sequence: points that fill the way from 0 to 1 evenly, in every prefix.
///
/// Points come in Gray code order (Antonov and Saleev, 1979), the first one at 0, and directions
/// follow from the polynomial of the dimension and its first numbers m:
///
///     v_k = m_k·2^(32−k)          k ≤ s
///     v_k = v_(k−s) ⊕ (v_(k−s) >> s) ⊕ a_1·v_(k−1) ⊕ … ⊕ a_(s−1)·v_(k−s+1)
///     x_i = ⊕ of v_k over the bits k of i ⊕ (i >> 1)
///
/// Numbers: S. Joe and F. Y. Kuo, SIAM J. Sci. Comput. 30 (2008), new-joe-kuo-6.21201.
package struct SobolSequence: Sendable {
  /// How many dimensions there are.
  package static let dimensionCount = numbers.count + 1

  private let directions: [UInt32]

  /// Makes a dimension, from 0; the first one is van der Corput's sequence.
  package init(dimension: Int) {
    precondition((0..<SobolSequence.dimensionCount).contains(dimension), "Invariant: known numbers")
    var directions = (0..<32).map { UInt32(1) << (31 - $0) }
    if dimension > 0 {
      let a = SobolSequence.numbers[dimension - 1][0]
      let m = SobolSequence.numbers[dimension - 1].dropFirst()
      let degree = m.count
      for (place, number) in m.enumerated() { directions[place] = number << (31 - place) }
      for place in degree..<32 {
        var next = directions[place - degree] ^ (directions[place - degree] >> degree)
        for term in 1..<max(1, degree) where a >> (degree - 1 - term) & 1 == 1 {
          next ^= directions[place - term]
        }
        directions[place] = next
      }
    }
    self.directions = directions
  }

  /// The 32 binary digits after the point of one point's place, the highest first.
  package func digits(of point: UInt32) -> UInt32 {
    var bits = point ^ (point >> 1)
    var digits: UInt32 = 0
    while bits != 0 {
      digits ^= directions[bits.trailingZeroBitCount]
      bits &= bits - 1
    }
    return digits
  }

  /// The inner coefficients a of each dimension's polynomial as one number, then its m.
  private static let numbers: [[UInt32]] = [
    [0, 1],
    [1, 1, 3],
    [1, 1, 3, 1],
    [2, 1, 1, 1],
    [1, 1, 1, 3, 3],
    [4, 1, 3, 5, 13],
    [2, 1, 1, 5, 5, 17],
    [4, 1, 1, 5, 5, 5],
    [7, 1, 1, 7, 11, 19],
    [11, 1, 1, 5, 1, 1],
    [13, 1, 1, 1, 3, 11],
    [14, 1, 3, 5, 5, 31],
    [1, 1, 3, 3, 9, 7, 49],
    [13, 1, 1, 1, 15, 21, 21],
    [16, 1, 3, 1, 13, 27, 49],
    [19, 1, 1, 1, 15, 7, 5],
    [22, 1, 3, 1, 15, 13, 25],
    [25, 1, 1, 5, 5, 19, 61],
    [1, 1, 3, 7, 11, 23, 15, 103],
    [4, 1, 3, 7, 13, 13, 15, 69],
    [7, 1, 1, 3, 13, 7, 35, 63],
    [8, 1, 3, 5, 9, 1, 25, 53],
    [14, 1, 3, 1, 13, 9, 35, 107],
    [19, 1, 3, 1, 5, 27, 61, 31],
    [21, 1, 1, 5, 11, 19, 41, 61],
    [28, 1, 3, 5, 3, 3, 13, 69],
    [31, 1, 1, 7, 13, 1, 19, 1],
    [32, 1, 3, 7, 5, 13, 19, 59],
    [37, 1, 1, 3, 9, 25, 29, 41],
    [41, 1, 3, 5, 13, 23, 1, 55],
    [42, 1, 3, 7, 3, 13, 59, 17],
    [50, 1, 3, 1, 3, 5, 53, 69],
    [55, 1, 1, 5, 5, 23, 33, 13],
    [56, 1, 1, 7, 7, 1, 61, 123],
    [59, 1, 1, 7, 9, 13, 61, 49],
    [62, 1, 3, 3, 5, 3, 55, 33],
    [14, 1, 3, 1, 15, 31, 13, 49, 245],
    [21, 1, 3, 5, 15, 31, 59, 63, 97],
    [22, 1, 3, 1, 11, 11, 11, 77, 249],
    [38, 1, 3, 1, 11, 27, 43, 71, 9],
    [47, 1, 1, 7, 15, 21, 11, 81, 45],
    [49, 1, 3, 7, 3, 25, 31, 65, 79],
    [50, 1, 3, 1, 1, 19, 11, 3, 205],
    [52, 1, 1, 5, 9, 19, 21, 29, 157],
    [56, 1, 3, 7, 11, 1, 33, 89, 185],
    [67, 1, 3, 3, 3, 15, 9, 79, 71],
    [70, 1, 3, 7, 11, 15, 39, 119, 27],
    [84, 1, 1, 3, 1, 11, 31, 97, 225],
    [97, 1, 1, 1, 3, 23, 43, 57, 177],
    [103, 1, 3, 7, 7, 17, 17, 37, 71],
    [115, 1, 3, 1, 5, 27, 63, 123, 213],
    [122, 1, 1, 3, 5, 11, 43, 53, 133],
    [8, 1, 3, 5, 5, 29, 17, 47, 173, 479],
    [13, 1, 3, 3, 11, 3, 1, 109, 9, 69],
    [16, 1, 1, 1, 5, 17, 39, 23, 5, 343],
    [22, 1, 3, 1, 5, 25, 15, 31, 103, 499],
    [25, 1, 1, 1, 11, 11, 17, 63, 105, 183],
    [44, 1, 1, 5, 11, 9, 29, 97, 231, 363],
    [47, 1, 1, 5, 15, 19, 45, 41, 7, 383],
    [52, 1, 3, 7, 7, 31, 19, 83, 137, 221],
    [55, 1, 1, 1, 3, 23, 15, 111, 223, 83],
    [59, 1, 1, 5, 13, 31, 15, 55, 25, 161],
    [62, 1, 1, 3, 13, 25, 47, 39, 87, 257],
  ]
}
