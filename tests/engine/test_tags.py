"""The rules on tags in Python and in Terraform agree on every character."""

import json
import sys
from itertools import groupby
from unicodedata import category

from product_import.engine import Engine
from product_import.inputs import INPUTS

TAGS = next(row for row in INPUTS if row.name == "tags")
# As long as a value may be.
LONGEST = 256


def runs() -> list[str]:
    """All characters that Unicode of this Python knows, in strings of neighbours that Python judges alike."""
    known = (chr(point) for point in range(sys.maxunicode + 1))
    # Surrogates are in no text, marks join what is before them, and an engine may be older or newer.
    given = [each for each in known if category(each) not in ("Cs", "Cn") and category(each)[0] != "M"]
    judged = groupby(given, lambda each: (TAGS.rules[0].accepts({"a": each}), category(each)))
    return [
        text[start : start + LONGEST]
        for text in ("".join(group) for _, group in judged)
        for start in range(0, len(text), LONGEST)
    ]


def test_both_languages_agree_on_every_character(engine: Engine) -> None:
    """In a run that Terraform judges otherwise there may only be characters that its Unicode does not know."""
    texts = runs()
    any_of_it = r"[^\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Z}\\p{C}]"
    condition = TAGS.rules[0].condition("each")
    engine.write("texts.json", json.dumps(texts))
    engine.write(
        "main.tf",
        f"""
        locals {{
          texts = jsondecode(file("texts.json"))
          found = [for text in local.texts : [for each in [{{ a = text }}] : {condition}][0]]
          unknown = [for text in local.texts : join("", regexall("{any_of_it}", text))]
        }}
        output "found" {{ value = local.found }}
        output "unknown" {{ value = local.unknown }}
        """,
    )
    engine.init()
    outputs = engine.plan()["planned_values"]["outputs"]
    found, unknown = outputs["found"]["value"], outputs["unknown"]["value"]
    expected = [TAGS.rules[0].accepts({"a": text}) for text in texts]
    assert True in expected
    assert False in expected
    differing = [
        (text[:5], is_so)
        for text, is_so, of_engine, new in zip(texts, expected, found, unknown, strict=True)
        if is_so != of_engine and not new
    ]
    assert differing == []
