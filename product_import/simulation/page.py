"""The HTML page of a picture: the picture, which one can zoom and read, and the figures beside it."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from product_import.simulation.colours import GREY, GRID, INK, PAPER, dark

# Beside each other where there is room for both, else the table below the picture.
STYLE = f"""
body{{background:{PAPER[0]};color:{INK[0]};margin:1rem;font-family:sans-serif;line-height:1.4}}
h1{{font-size:1.3rem;margin:0}}
.about,.hint{{color:{GREY[0]};max-width:75rem;overflow-wrap:anywhere}}
main{{display:grid;grid-template-columns:minmax(0,1fr);gap:1.5rem}}
@media (min-width:1100px){{main{{grid-template-columns:minmax(0,840px) auto;justify-content:start}}}}
.scroll{{overflow-x:auto}}
table{{border-collapse:collapse;font-size:.9rem}}
th,td{{border-bottom:1px solid {GRID[0]};padding:.25rem .75rem .25rem 0;text-align:left;vertical-align:top}}
@media screen and (prefers-color-scheme:dark){{
body{{background:{PAPER[1]};color:{INK[1]}}}.about,.hint{{color:{GREY[1]}}}th,td{{border-color:{GRID[1]}}}
svg.marks{{background-color:{PAPER[1]}!important}}}}
@media print{{.hint,details{{display:none}}}}
"""
# The picture is as wide as its place, and drawn again when that changes. Labels of axes take the rest of its width.
SCRIPT = """
const place = document.querySelector("#picture");
let drawn = 0;
async function draw() {
  const width = Math.max(200, Math.min(720, place.clientWidth - 80));
  if (width === drawn) return;
  drawn = width;
  const spec = structuredClone(picture);
  for (const panel of spec.vconcat ?? [spec]) panel.width = width;
  await vegaEmbed(place, spec, { renderer: "svg" });
  place.dataset.drawn = width;
}
addEventListener("resize", draw);
draw();
"""


def page(title: Mapping[str, Any], text: str, table: Sequence[Sequence[str]], spec: str, bundle: str) -> str:
    """The text of the page.

    Args:
        title: title and subtitle, as in the picture.
        text: paragraphs.
        table: rows; one of more than two columns has a head.
        spec: the picture, in JSON that is safe in a script.
        bundle: JavaScript of Vega.
    """
    heading = escape(title["text"])
    about = "".join(f"<p class='about'>{escape(line)}</p>" for line in [*text.splitlines(), title["subtitle"]])
    return (
        "<!doctype html>\n<html lang='en'>\n<head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{heading}</title><style>{STYLE}{dark('svg ')}</style></head>\n"
        f"<body><h1>{heading}</h1>{about}"
        "<p class='hint'>Drag to move, turn the wheel to zoom, double-click to see all; hold the pointer over a line "
        "to read it.</p>\n"
        f"<main><div id='picture'></div><div class='scroll'>{_table(table)}</div></main>\n"
        f"<script>{bundle}</script>\n<script>const picture = {spec};{SCRIPT}</script>\n</body>\n</html>\n"
    )


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows if len(rows[0]) > 2 else [(), *rows]
    lines = ["".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)] if head else []
    for name, *cells in body:
        lines.append(f"<th scope='row'>{escape(name)}</th>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells))
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
