// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The venues that the binary knows without a venue file.
///
/// Every number carries its source and date in a comment of the text, which is what
/// `breakwater venues` prints. *verified* means that the source named was read; *unverified* is a
/// third party's word, a template or a choice of ours. All of it can be changed by the venues at
/// any time: a venue file given with `--venues` is laid over it key by key.
package enum DefaultVenues {
  /// The TOML document: `[venues.NAME]` for each venue, then `[assets]`.
  package static let text = [
    heading, hyperliquid, drift, marginfi, kamino, jupiterLend, event, assets,
  ].joined(separator: "\n")

  private static let heading = #"""
    # The venues that Breakwater knows, with the source and the date of every number.
    # verified: the source named was read. unverified: a third party's word, a template, or a
    # choice of ours, which then says so. Venues change their numbers at any time: check before use.
    # Ratios are shares of 1 (0.05 is 5 %), amounts are USD, leverages are multiples.

    """#
}
