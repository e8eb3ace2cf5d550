# Secrets that several services share.
variable "name" {
  type = string
}

variable "encryption_key" {
  type      = string
  sensitive = true
}

resource "aws_secretsmanager_secret" "encryption_key" {
  name = "${var.name}/integration-encryption-key"
}

resource "aws_secretsmanager_secret_version" "encryption_key" {
  secret_id     = aws_secretsmanager_secret.encryption_key.id
  secret_string = var.encryption_key
}

output "encryption_key_secret_arn" {
  # Of the version: the workers start when the key is there.
  value = aws_secretsmanager_secret_version.encryption_key.arn
}
