"""What `terraform show -json` printed, as the members that a review needs."""
