"""What Terraform plans would change, as a report for a pull request or a terminal."""
