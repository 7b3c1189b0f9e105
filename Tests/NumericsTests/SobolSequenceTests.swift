// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import Testing

/// The Sobol sequence against published points and by what defines it.
struct SobolSequenceTests {
  private func place(_ point: UInt32, _ dimension: Int) -> Double {
    Double(SobolSequence(dimension: dimension).digits(of: point)) * 0x1p-32
  }

  /// The first ten points in three dimensions as Joe and Kuo print them beside their numbers.
  @Test func `the first points are the published ones`() {
    let published: [[Double]] = [
      [0, 0, 0], [0.5, 0.5, 0.5], [0.75, 0.25, 0.25], [0.25, 0.75, 0.75], [0.375, 0.375, 0.625],
      [0.875, 0.875, 0.125], [0.625, 0.125, 0.875], [0.125, 0.625, 0.375],
      [0.1875, 0.3125, 0.9375], [0.6875, 0.8125, 0.4375],
    ]
    for (point, expected) in published.enumerated() {
      #expect((0..<3).map { place(UInt32(point), $0) } == expected)
    }
  }

  /// Points 1 to 9 of dimensions 4 and 5 of the same numbers.
  @Test func `further dimensions follow their polynomials`() {
    let fourth = [0.5, 0.25, 0.75, 0.875, 0.375, 0.625, 0.125, 0.4375, 0.9375]
    let fifth = [0.5, 0.75, 0.25, 0.375, 0.875, 0.625, 0.125, 0.5625, 0.0625]
    #expect((1...9).map { place($0, 3) } == fourth)
    #expect((1...9).map { place($0, 4) } == fifth)
  }

  /// Of 2^k points each part of length 2^-k has exactly one, in every dimension.
  @Test func `every dimension fills its parts evenly`() {
    for dimension in 0..<SobolSequence.dimensionCount {
      let sequence = SobolSequence(dimension: dimension)
      for bits in [1, 4, 10] {
        let parts = Set((0..<UInt32(1) << bits).map { sequence.digits(of: $0) >> (32 - bits) })
        #expect(parts.count == 1 << bits, "dimension \(dimension), 2^\(bits) points")
      }
    }
  }

  /// Property A of Sobol: of 2^d points each of the halves in d dimensions together has one; the
  /// numbers were chosen so.
  @Test func `halves of several dimensions are met together`() {
    for count in [2, 4, 8, 12] {
      let sequences = (0..<count).map { SobolSequence(dimension: $0) }
      let corners = (0..<UInt32(1) << count).map { point in
        sequences.reduce(0) { $0 << 1 | Int($1.digits(of: point) >> 31) }
      }
      #expect(Set(corners).count == 1 << count)
    }
  }
}
