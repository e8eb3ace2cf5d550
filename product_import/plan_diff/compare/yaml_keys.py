"""Find the keys above a line of a YAML document.

The indentation tells them. A parser would be another package, and its values lose quotes and comments.
"""

import re

# The search for keys covers so many lines above.
MOST_LINES_ABOVE = 200
_START = re.compile(r"---|- |[\w./\"'-]+:(\s|$)")
# A key with its value on the lines below. It may be the first key of an element of a list.
_KEY = re.compile(r" *(?:- +)*([\w./-]+):\s*(?:[|>&!].*)?$")


def keys_above(lines: list[str], index: int) -> str:
    """Return the keys above the line at `index`, as `image.pull`; "" for a text that is not YAML."""
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    if not _START.match(first):
        return ""
    keys: list[str] = []
    dash = lines[index].lstrip(" ").startswith("- ")
    column = len(lines[index]) - len(lines[index].lstrip(" ")) + dash  # its list may start at the column of the key
    for line in reversed(lines[max(index - MOST_LINES_ABOVE, 0) : index]):
        if (key := _KEY.match(line)) and key.start(1) < column:
            column = key.start(1)
            keys.append(key[1])
    return ".".join(reversed(keys))
