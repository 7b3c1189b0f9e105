// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Testing

import Reports

@Suite struct LatticeDigestTests {
  private func digest(_ rows: [String]) -> String {
    var digest = LatticeDigest()
    for row in rows { digest.add(row.utf8) }
    return digest.text
  }

  /// Worked out with Python's hashlib and the ChaCha20 of its cryptography package.
  @Test func `digests are those of another implementation`() {
    #expect(
      digest([]) == "200823e5158b3774c11b5c61850ada762f8264144a9bebec3ebac5a2adde67b8"
    )
    #expect(
      digest(["a\n"]) == "83104b1b4095592c48d712207e8917024f9dcddf66023a74563f788a4b905457"
    )
    #expect(
      digest(["a\n", "b\n"])
        == "3025186a16373762b52d16c07e375f1c112dd26f37e9365bf205ac3da22ffebc"
    )
    #expect(
      digest(["a\n", "a\n"])
        == "6c9751b10928fe467836f0e510b15f1417785546d2c9bff91c776bf36c5ef35f"
    )
  }

  @Test func `order and parts do not matter, rows and their number do`() {
    let rows = (0..<50).map { "row \($0 % 40)\n" }
    let whole = digest(rows)
    #expect(whole == digest(rows.reversed()))
    for cut in [0, 1, 17, 50] {
      var (first, second) = (LatticeDigest(), LatticeDigest())
      for row in rows[..<cut] { first.add(row.utf8) }
      for row in rows[cut...] { second.add(row.utf8) }
      second.add(first)
      #expect(second.text == whole)
      #expect(second.count == rows.count)
    }
    #expect(whole != digest(Array(rows.dropLast())))
    #expect(whole != digest(rows + [rows[0]]))
  }
}
