# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Writes the notebooks, executes them and exports pages that need no network: export.py [--check]."""

import pathlib
import sys

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from sources import NOTEBOOKS

HERE = pathlib.Path(__file__).resolve().parent


def built(cells):
    book = nbformat.v4.new_notebook()
    book.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
                     "language_info": {"name": "python"}}
    for place, (kind, text) in enumerate(cells):
        make = nbformat.v4.new_markdown_cell if kind == "text" else nbformat.v4.new_code_cell
        # Ids of their own, so that the same sources give the same files.
        book.cells.append(make(text, id=f"cell-{place}"))
    return book


def main():
    check = "--check" in sys.argv[1:]
    for name, cells in NOTEBOOKS.items():
        book = built(cells)
        if not check:
            nbformat.write(book, HERE / f"{name}.ipynb")
        NotebookClient(book, timeout=300, resources={"metadata": {"path": str(HERE)}}).execute()
        for cell in book.cells:
            cell.metadata.pop("execution", None)
        # Neither mathematics nor modules are fetched from anywhere.
        exporter = HTMLExporter(mathjax_url="", require_js_url="", embed_images=True, sanitize_html=False)
        page, _ = exporter.from_notebook_node(book)
        if not check:
            (HERE / f"{name}.html").write_text(page, encoding="utf-8")
        print(f"{name}: {len(cells)} cells ran, page of {len(page) // 1000} kB")


if __name__ == "__main__":
    main()
