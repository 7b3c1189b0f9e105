// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Strings of C for the time of a call.
@safe
final class CTexts {
  private var pointers: [UnsafeMutablePointer<CChar>?]

  init(_ texts: [String]) {
    unsafe pointers = unsafe texts.map { unsafe strdup($0) }
  }

  deinit {
    for place in unsafe pointers.indices { unsafe free(pointers[place]) }
  }

  subscript(place: Int) -> UnsafeMutablePointer<CChar>? { unsafe pointers[place] }
}
