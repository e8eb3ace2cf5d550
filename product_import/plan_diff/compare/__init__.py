"""What a plan would do, told by its two sides: the `PlanDiff` of a `Plan`."""
