"""The colours of pictures, each in light and in dark."""

PAPER = ("#ffffff", "#0d1117")
INK = ("#24292f", "#e6edf3")
GRID = ("#d8dee4", "#30363d")
BLUE = ("#0969da", "#58a6ff")
ORANGE = ("#bc4c00", "#f0883e")
RED = ("#cf222e", "#ff7b72")
GREY = ("#6e7781", "#8b949e")
COLOURS = (PAPER, INK, GRID, BLUE, ORANGE, RED, GREY)


def dark(prefix: str) -> str:
    """CSS that gives what is drawn in light colours the dark ones, on a dark screen."""
    rules = "".join(
        f'{prefix}[{attribute}="{light}"]{{{attribute}:{dark_one}}}'
        for light, dark_one in COLOURS
        for attribute in ("fill", "stroke")
    )
    return f"@media screen and (prefers-color-scheme:dark){{{rules}}}"
