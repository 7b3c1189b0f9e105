// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Reports
import TestSupport
import Testing
import TextKit

/// JSON, digests and the manifest.
@Suite struct TextTests {
  @Test(arguments: [
    ("plain", #""plain""#), (#"a"b"#, #""a\"b""#), (#"a\b"#, #""a\\b""#), ("a\nb", #""a\nb""#),
    ("\r\t", #""\r\t""#), ("\u{0}\u{1f}", #""\u0000\u001f""#), ("\u{7f}é日😀", "\"\u{7f}é日😀\""),
    ("/", #""/""#), ("", #""""#), ("\u{1}\u{10}", #""\u0001\u0010""#), ("\r\n", #""\r\n""#),
  ])
  func `JSON text is escaped`(text: String, expected: String) {
    #expect(JSONValue.text(text).text == expected + "\n")
  }

  @Test func `JSON values nest with two spaces`() {
    let value = JSONValue.object([
      ("a \"key\"", .array([.integer(-1), .number(0.1), .flag(true), .flag(false), .null])),
      ("empty", .array([])), ("none", .object([])),
      ("deep", .object([("x", .array([.text("y")]))])),
    ])
    #expect(
      value.text == """
        {
          "a \\"key\\"": [
            -1,
            0.1,
            true,
            false,
            null
          ],
          "empty": [],
          "none": {},
          "deep": {
            "x": [
              "y"
            ]
          }
        }

        """
    )
  }

  @Test func `JSON numbers are finite`() {
    #expect(JSONValue.number(.infinity).text == "null\n")
    #expect(JSONValue.number(.nan).text == "null\n")
    #expect(JSONValue.number(-0.0).text == "0\n")
    #expect(JSONValue.number(1e21).text == "1000000000000000000000\n")
    #expect(JSONValue.integer(.min).text == "-9223372036854775808\n")
  }

  /// Source: FIPS 180-4 examples and the NIST example of one million times 'a'.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func `digests are SHA-256, in memory and of a file`(text: String, digest: String) throws {
    let bytes = Array(text.utf8)
    #expect(Digest.sha256(bytes) == digest)
    let folder = WorldFolder()
    let found = try Digest.sha256(file: folder.file("x", bytes))
    #expect(found.sha256 == digest)
    #expect(found.bytes == bytes.count)
  }

  @Test func `a file larger than a block is digested whole`() throws {
    let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let folder = WorldFolder()
    #expect(try Digest.sha256(file: folder.file("x", bytes)).sha256 == Digest.sha256(bytes))
  }

  @Test func `a file that is not there is named`() {
    #expect(throws: Failure(.missingInput, "cannot open no/such/file")) {
      try Digest.sha256(file: "no/such/file")
    }
  }

  @Test func `the manifest says what went in and what came out`() throws {
    let folder = WorldFolder()
    let book = try Manifest.File(input: folder.file("book.csv", "abc"), rows: 2)
    let manifest = Manifest(
      version: "1.2.3",
      revision: "7-ab",
      spec: Manifest.File(name: "sweep.toml", rows: nil, bytes: []),
      inputs: [book, try Manifest.File(input: "-")],
      outputs: [],
      seed: .max,
      cells: 4,
      scenarios: 2,
      accounts: 9,
      wallTimeSeconds: 1.23456
    )
    let expected = """
      {
        "breakwater": "1.2.3",
        "results_revision": "7-ab",
        "spec": {
          "file": "sweep.toml",
          "bytes": 0,
          "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        },
        "seed": "18446744073709551615",
        "cells": 4,
        "scenarios": 2,
        "accounts": 9,
        "inputs": [
          {
            "file": "\(folder.path)/book.csv",
            "rows": 2,
            "bytes": 3,
            "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
          },
          {
            "file": "-",
            "bytes": 0,
            "sha256": ""
          }
        ],
        "outputs": [],
        "wall_time_s": 1.235
      }

      """
    #expect(manifest.text == expected)
  }
}
