// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Pages
import Testing

struct PageTests {
  @Test func textOfFilesIsEscaped() {
    #expect(HTML.escaped("<b> & \"x\"\u{1}\n") == "&lt;b&gt; &amp; &quot;x&quot;\u{FFFD} ")
    var table = HTMLTable([.text("a<b"), .number("n")], caption: "<i>")
    table.add([HTMLTable.Cell("<script>", isHeading: true), HTMLTable.Cell("1", shade: 3)])
    #expect(table.text.contains("<th scope=\"col\">a&lt;b</th>"))
    #expect(table.text.contains("<th scope=\"row\">&lt;script&gt;</th>"))
    #expect(table.text.contains("<td class=\"n s3\">1</td>"))
    #expect(!table.text.contains("<script") && !table.text.contains("<i>"))
  }

  @Test func longNamesMayBreak() {
    #expect(HTML.breakable("bps/s") == "bps/s")
    #expect(HTML.breakable("vault_pnl_usd <1>") == "vault_<wbr>pnl_<wbr>usd &lt;1&gt;")
    let digest = String(repeating: "0123456789abcdef", count: 4)
    let parts = HTML.breakable(digest).split(separator: "<wbr>")
    #expect(parts.allSatisfy { $0 == "0123456789abcdef" } && parts.count == 4)
  }

  @Test func pageStandsAlone() {
    var page = Page(title: "A & B")
    page.section("First", id: "first")
    page.add(HTML.paragraph("text"))
    let text = page.text
    #expect(text.contains("<a href=\"#first\">First</a>"))
    #expect(text.contains("<h2 id=\"first\">First</h2>"))
    #expect(text.contains("prefers-color-scheme: dark") && text.contains("@media print"))
    for word in ["http:", "https:", "<script", "src=", "url("] { #expect(!text.contains(word)) }
  }

  private static func figure(_ id: String, _ command: String) -> Figure {
    let data = [(name: "d", rows: ["1 2", "2 3", "3 1"])]
    return Figure(
      id: id,
      width: 300,
      height: 200,
      title: "A <figure>",
      data: data,
      commands: [command]
    )
  }

  @Test(.enabled(if: Gnuplot.path != nil, "gnuplot is not installed"))
  func picturesTakeTheColoursOfThePage() throws {
    let plot = "plot $d using 1:2 with linespoints linecolor rgb '\(Ink.series[0])' notitle"
    let pictures = try Gnuplot.draw([PageTests.figure("one", plot), PageTests.figure("two", plot)])
    #expect(pictures.count == 2)
    for (picture, id) in zip(pictures, ["one", "two"]) {
      #expect(picture.hasPrefix("<svg role=\"img\" aria-label=\"A &lt;figure&gt;\""))
      #expect(picture.contains("var(--c1)") && picture.contains("var(--ink)"))
      #expect(picture.contains("id=\"\(id)-") && !picture.contains("id=\"gnuplot"))
      #expect(!picture.contains("http") && !picture.contains("rgb("))
    }
    #expect(try Gnuplot.draw([PageTests.figure("one", plot)])[0] == pictures[0])
  }

  @Test(.enabled(if: Gnuplot.path != nil, "gnuplot is not installed"))
  func failureOfGnuplotIsTold() {
    #expect(throws: (any Error).self) {
      try Gnuplot.draw([PageTests.figure("one", "plot nonsense(")])
    }
  }

  @Test func textForGnuplotIsQuoted() {
    #expect(Gnuplot.quoted("a \"b\" \\ `c`\n") == "\"a \\\"b\\\" \\\\ 'c' \"")
  }
}
