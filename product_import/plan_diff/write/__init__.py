"""A report on `PlanDiff`s: as text, as Markdown and as JSON."""
