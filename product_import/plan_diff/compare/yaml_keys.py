"""Which keys a line of a YAML document is in.

They are found by the indentation: a parser would be one more package, and its values lose quotes and comments.
"""

import re

# The keys are looked for in so many lines above.
MOST_LINES_ABOVE = 200
_START = re.compile(r"---|- |[\w./\"'-]+:(\s|$)")
# A key with its value on the lines below, also the first one of an element of a list.
_KEY = re.compile(r" *(?:- +)*([\w./-]+):\s*(?:[|>&!].*)?$")


def keys_above(lines: list[str], index: int) -> str:
    """The keys that the line at `index` is in, as `image.pull`; "" in a text that is no YAML."""
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
