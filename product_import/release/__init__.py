"""What maintainers make of a version: archives, a wheel, bills of materials."""
