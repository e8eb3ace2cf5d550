"""What is asked of the module's security, and what is pinned: `make audit`, for maintainers."""
