"""The module's README and what stands in it, made from the synthesized tree."""
