// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD
internal import Kernels

#if arch(x86_64)
internal import KernelsV3
internal import KernelsV4
#endif

/// The vector instructions with which columns of text are read; no result depends on them.
package enum TextLevel: CaseIterable, Sendable {
  /// What every CPU of the architecture has.
  case base
  /// x86-64-v3: AVX2.
  case v3
  /// x86-64-v4: AVX-512.
  case v4

  /// The levels that this CPU and the system have, weakest first.
  package static let available: [TextLevel] = {
    switch vectorLevelOfCPU() {
    case 4: [.base, .v3, .v4]
    case 3: [.base, .v3]
    default: [.base]
    }
  }()

  /// The strongest level of this CPU.
  package static var strongest: TextLevel { available.last ?? .base }

  func findFieldEnds(
    _ text: UnsafePointer<UInt8>,
    count: Int,
    places: UnsafeMutablePointer<UInt32>,
    feeds: UnsafeMutablePointer<Int>,
    returns: UnsafeMutablePointer<Int>
  ) -> Int {
    #if arch(x86_64)
    let find =
      switch self {
      case .base: unsafe Kernels.findFieldEnds
      case .v3: unsafe KernelsV3.findFieldEnds
      case .v4: unsafe KernelsV4.findFieldEnds
      }
    #else
    let find = unsafe Kernels.findFieldEnds
    #endif
    return unsafe find(text, count, places, feeds, returns)
  }

  func readNumbers(
    _ column: UnsafePointer<TextColumn>,
    values: UnsafeMutablePointer<Double>,
    count: Int,
    nothing: Double,
    powers: UnsafePointer<Double>,
    odd: UnsafeMutablePointer<Int32>
  ) -> Int {
    #if arch(x86_64)
    let read =
      switch self {
      case .base: unsafe Kernels.readNumbers
      case .v3: unsafe KernelsV3.readNumbers
      case .v4: unsafe KernelsV4.readNumbers
      }
    #else
    let read = unsafe Kernels.readNumbers
    #endif
    return unsafe read(column, values, count, nothing, powers, odd)
  }

  func readWholes(
    _ column: UnsafePointer<TextColumn>,
    values: UnsafeMutablePointer<Int64>,
    count: Int,
    scales: UnsafePointer<UInt64>
  ) -> Bool {
    #if arch(x86_64)
    let read =
      switch self {
      case .base: unsafe Kernels.readWholes
      case .v3: unsafe KernelsV3.readWholes
      case .v4: unsafe KernelsV4.readWholes
      }
    #else
    let read = unsafe Kernels.readWholes
    #endif
    return unsafe read(column, values, count, scales)
  }

  func findPhrases(
    _ column: UnsafePointer<TextColumn>,
    more: Int,
    _ phrases: PhraseTable,
    places: UnsafeMutablePointer<Int32>,
    count: Int
  ) -> Int {
    #if arch(x86_64)
    let find =
      switch self {
      case .base: unsafe Kernels.findPhrases
      case .v3: unsafe KernelsV3.findPhrases
      case .v4: unsafe KernelsV4.findPhrases
      }
    #else
    let find = unsafe Kernels.findPhrases
    #endif
    return unsafe find(column, more, phrases.entries, phrases.mask, places, count)
  }

  func readPhrases(
    _ places: UnsafePointer<Int32>,
    _ phrases: PhraseTable,
    word: Int,
    values: UnsafeMutablePointer<Int32>,
    count: Int
  ) {
    // Wider instructions would fetch no faster.
    unsafe Kernels.readPhrases(
      places,
      entries: phrases.entries,
      word: word,
      values: values,
      count: count
    )
  }

  func readFlags(
    _ column: UnsafePointer<TextColumn>,
    values: UnsafeMutablePointer<UInt8>,
    count: Int
  ) -> Bool {
    // Too little work for wider instructions.
    unsafe Kernels.readFlags(column, values: values, count: count)
  }

  func readTexts(_ column: UnsafePointer<TextColumn>, _ texts: TextStarts, count: Int) -> Bool {
    #if arch(x86_64)
    let read =
      switch self {
      case .base: unsafe Kernels.readTexts
      case .v3: unsafe KernelsV3.readTexts
      case .v4: unsafe KernelsV4.readTexts
      }
    #else
    let read = unsafe Kernels.readTexts
    #endif
    return unsafe read(column, texts.offsets, texts.lengths, texts.highs, texts.lows, count)
  }
}
