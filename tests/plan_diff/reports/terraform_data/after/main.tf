variable "token" {
  type      = string
  sensitive = true
  default   = "the-new-token-2"
}

resource "terraform_data" "worker" {
  input = {
    count = 3
    container_definitions = jsonencode([{
      name        = "import-worker"
      image       = "api:1.4.2"
      environment = [{ name = "LOG", value = "a|b `c` <b>@d</b>\n" }, { name = "QUEUE", value = "product-import" }]
    }])
    subnets = ["a", "b", "c"]
    token   = var.token
  }
}

resource "terraform_data" "network" {
  triggers_replace = ["10.1.0.0/16"]
}

resource "terraform_data" "new_name" {
  input = "moved"
}

moved {
  from = terraform_data.old_name
  to   = terraform_data.new_name
}

removed {
  from = terraform_data.abandoned

  lifecycle {
    destroy = false
  }
}

resource "terraform_data" "added" {
  input = "added in ${terraform_data.network.id}"
}

resource "terraform_data" "imported" {
}

import {
  to = terraform_data.imported
  id = "3f0c"
}

output "workers" {
  value = 3
}

output "added" {
  value = ["added"]
}

output "token" {
  value     = var.token
  sensitive = true
}
