// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A book as CSV, plain or gzip.
@Sendable func fuzzBook(_ input: [UInt8]) {
  Fuzz.book(Fuzz.write("book.csv", input), of: input)
}
