variable "token" {
  type      = string
  sensitive = true
  default   = "the-old-token-1"
}

resource "terraform_data" "worker" {
  input = {
    count = 2
    container_definitions = jsonencode([{
      name        = "import-worker"
      image       = "api:1.4.1"
      environment = [{ name = "NODE_ENV", value = "production" }, { name = "QUEUE", value = "product-import" }]
    }])
    subnets = ["a", "c"]
    token   = var.token
  }
}

resource "terraform_data" "network" {
  triggers_replace = ["10.0.0.0/16"]
}

resource "terraform_data" "old_name" {
  input = "moved"
}

resource "terraform_data" "abandoned" {
  input = "forgotten"
}

resource "terraform_data" "gone" {
  input = "destroyed"
}

output "workers" {
  value = 2
}

output "dropped" {
  value = "dropped"
}

output "token" {
  value     = var.token
  sensitive = true
}
