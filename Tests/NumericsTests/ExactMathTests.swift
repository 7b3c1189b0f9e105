// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import TestSupport
import Testing

/// Expected values: mpmath with 300 bits, rounded to the nearest double.
@Suite struct ExactMathTests {
  @Test(arguments: [
    (0.5, 1.4142135623730951), (-0.5, 0.7071067811865476), (0.1, 1.0717734625362931),
    (-0.1, 0.9330329915368074), (0.3333333333333333, 1.2599210498948732),
    (0.999999999999, 1.9999999999986138), (1e-09, 1.000000000693147),
    (-1e-09, 0.9999999993068528), (10.3, 1260.691879265195), (-10.7, 0.0006011447330785727),
    (100.25, 1.5074991131288803e+30), (-99.9, 8.45480183848235e-31),
    (512.5, 1.8961503816218355e+154), (-700.123, 1.7457270676801144e-211),
    (1023.75, 1.5116737128319338e+308), (-1000.6, 6.157243637257572e-302), (1e-300, 1.0),
    (0.75, 1.681792830507429), (3.3219280948873626, 10.000000000000002),
  ])
  func `powers of two are right to four ulps`(_ x: Double, _ expected: Double) {
    #expect((ExactMath.exp2(x) - expected).magnitude <= 4 * expected.ulp)
  }

  @Test func `whole powers of two are exact, down to the smallest double`() {
    for k in -1074...1023 {
      #expect(ExactMath.exp2(Double(k)) == Double(sign: .plus, exponent: k, significand: 1))
    }
    #expect(ExactMath.exp2(1024) == .infinity)
    #expect(ExactMath.exp2(5000) == .infinity)
    #expect(ExactMath.exp2(-1080.5) == 0)
    #expect(ExactMath.exp2(-.infinity) == 0)
    #expect(ExactMath.exp2(.nan).isNaN)
  }

  /// `exp2(x · log2 e)` rounds the product, which costs another |x| ulps.
  @Test(arguments: [
    (0.5, 1.6487212707001282), (-0.5, 0.6065306597126334), (1.0, 2.718281828459045),
    (-1.0, 0.36787944117144233), (0.1, 1.1051709180756477), (1e-09, 1.000000001),
    (2.0, 7.38905609893065), (-2.0, 0.1353352832366127), (10.0, 22026.465794806718),
    (-10.5, 2.7536449349747158e-05), (30.25, 13721704977464.906),
    (-30.25, 7.287724095819692e-14), (100.0, 2.6881171418161356e+43),
    (-100.0, 3.720075976020836e-44), (300.5, 3.202519714603633e+130),
    (-300.5, 3.1225412772322846e-131), (700.0, 1.0142320547350045e+304),
    (-700.0, 9.85967654375977e-305),
  ])
  func `the exponential is right to four ulps and one more for each unit of x`(
    _ x: Double,
    _ expected: Double
  ) {
    let bound = 4 + (x.magnitude > 1 ? 2 * x.magnitude : 0)
    #expect((ExactMath.exp(x) - expected).magnitude <= bound * expected.ulp)
  }

  @Test(arguments: [
    (0.5, -0.6931471805599453), (2.0, 0.6931471805599453), (0.1, -2.3025850929940455),
    (10.0, 2.302585092994046), (3.0, 1.0986122886681098), (0.9999999999, -1.000000082790371e-10),
    (1.0000000001, 1.000000082690371e-10), (1.4142135623730951, 0.3465735902799727),
    (1.414213562373095, 0.3465735902799726), (0.7071067811865476, -0.3465735902799726),
    (0.7071067811865475, -0.34657359027997275), (1.004987541511039, 0.004975144927772871),
    (1.005, 0.004987541511038968), (0.995, -0.005012541823544286), (1e-300, -690.7755278982137),
    (1e+300, 690.7755278982137), (.leastNonzeroMagnitude, -744.4400719213812),
    (2.2250738585072014e-308, -708.3964185322641), (123456.789, 11.723646487185881),
    (0.37, -0.9942522733438669), (1.99999, 0.6931421805474453),
    (0.6666666666666666, -0.40546510810816444), (1.0000000000000002, 2.2204460492503128e-16),
    (0.9999999999999999, -1.1102230246251565e-16), (1.7976931348623157e+308, 709.782712893384),
  ])
  func `the logarithm is right to four ulps`(_ x: Double, _ expected: Double) {
    #expect((ExactMath.ln(x) - expected).magnitude <= 4 * expected.ulp)
  }

  @Test func `the logarithm keeps to its edges`() {
    #expect(ExactMath.ln(1) == 0)
    #expect(ExactMath.ln(0) == -.infinity)
    #expect(ExactMath.ln(-1).isNaN)
    #expect(ExactMath.ln(.nan).isNaN)
    #expect(ExactMath.ln(.infinity) == .infinity)
  }

  @Test(arguments: PropertySeeds.first(200))
  func `the exponential of the logarithm is the number`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<20 {
      let x = random.magnitude(-12, 12)
      #expect((ExactMath.exp(ExactMath.ln(x)) - x).magnitude <= 100 * x.ulp)
    }
  }

  /// Abramowitz and Stegun, table 26.1, and mpmath where the table ends.
  @Test(arguments: [
    (-6.0, 9.86587645037698e-10), (-4.0, 3.1671241833119924e-05), (-3.0, 0.0013498980316300946),
    (-2.0, 0.02275013194817921), (-1.96, 0.024997895148220435), (-1.0, 0.15865525393145705),
    (-0.5, 0.3085375387259869), (0.0, 0.5), (0.5, 0.6914624612740131), (1.0, 0.8413447460685429),
    (1.96, 0.9750021048517795), (2.0, 0.9772498680518208), (3.0, 0.9986501019683699),
    (4.0, 0.9999683287581669), (5.0, 0.9999997133484281), (6.0, 0.9999999990134123),
    (7.9, 0.9999999999999986), (8.0, 1.0), (-8.0, 0.0), (40.0, 1.0), (-.infinity, 0.0),
  ])
  func `the normal distribution has the published values`(_ x: Double, _ expected: Double) {
    // The series gives Φ − ½, so the bound is absolute.
    #expect((ExactMath.normalDistribution(x) - expected).magnitude <= 2e-15)
  }
}
