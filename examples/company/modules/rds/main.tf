# The database, and a secret with its URL.
variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "instance_class" {
  type = string
}

variable "multi_az" {
  type = bool
}

variable "database_password" {
  type      = string
  sensitive = true
}

resource "aws_db_subnet_group" "this" {
  name       = "${var.name}-products"
  subnet_ids = var.subnet_ids
}

resource "aws_security_group" "this" {
  name_prefix = "${var.name}-products-database-"
  description = "Database of the products"
  vpc_id      = var.vpc_id
}

resource "aws_db_instance" "this" {
  identifier              = "${var.name}-products"
  engine                  = "postgres"
  engine_version          = "16"
  instance_class          = var.instance_class
  allocated_storage       = 20
  storage_encrypted       = true
  db_name                 = "products"
  username                = "products"
  password                = var.database_password
  db_subnet_group_name    = aws_db_subnet_group.this.name
  vpc_security_group_ids  = [aws_security_group.this.id]
  multi_az                = var.multi_az
  backup_retention_period = 7
  skip_final_snapshot     = true
}

resource "aws_secretsmanager_secret" "database_url" {
  name = "${var.name}/database-url"
}

resource "aws_secretsmanager_secret_version" "database_url" {
  secret_id = aws_secretsmanager_secret.database_url.id
  secret_string = format("postgresql://%s:%s@%s/%s",
    aws_db_instance.this.username,
    urlencode(var.database_password),
    aws_db_instance.this.endpoint,
    aws_db_instance.this.db_name,
  )
}

output "database_url_secret_arn" {
  # Of the version: the workers start when the URL is there.
  value = aws_secretsmanager_secret_version.database_url.arn
}

output "security_group_id" {
  value = aws_security_group.this.id
}

output "port" {
  value = aws_db_instance.this.port
}
