terraform {
  required_version = ">= 1.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.28, < 7"
    }
  }

  # Where the state lies is given at init: terraform init -backend-config=...
  # backend "s3" {}
}

provider "aws" {
  region = var.aws_region
}
