# What the module's inputs name: a network with a way out, a cluster, a topic, a secret and a bucket. Each output is an
# input of the module. provider.tf.json beside it, written by root.py, has the account, the tags and the state's place.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.28, < 7"
    }
  }
}

variable "name" {
  description = "Of the run. All that can have a name has this one."
  type        = string
}

variable "zones" {
  description = "Two availability zones."
  type        = list(string)
}

resource "aws_vpc" "this" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
  tags                 = { Name = var.name }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = var.name }
}

resource "aws_subnet" "public" {
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = var.zones[0]
  tags              = { Name = "${var.name}-public" }
}

resource "aws_subnet" "private" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.0.${count.index + 1}.0/24"
  availability_zone = var.zones[count.index]
  tags              = { Name = "${var.name}-private" }
}

resource "aws_eip" "this" {
  domain     = "vpc"
  tags       = { Name = var.name }
  depends_on = [aws_internet_gateway.this]
}

resource "aws_nat_gateway" "this" {
  allocation_id = aws_eip.this.id
  subnet_id     = aws_subnet.public.id
  tags          = { Name = var.name }
  # AWS detaches no internet gateway while the network has a public address.
  depends_on = [aws_internet_gateway.this]
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-public" }
}

resource "aws_route" "public" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route_table_association" "public" {
  route_table_id = aws_route_table.public.id
  subnet_id      = aws_subnet.public.id
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-private" }
}

resource "aws_route" "private" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this.id
}

resource "aws_route_table_association" "private" {
  count          = 2
  route_table_id = aws_route_table.private.id
  subnet_id      = aws_subnet.private[count.index].id
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  # Enabled by an account's default, Container Insights writes a log group that stays when the cluster goes.
  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

resource "aws_sns_topic" "this" {
  name = var.name
}

resource "aws_secretsmanager_secret" "this" {
  name                    = var.name
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "this" {
  secret_id     = aws_secretsmanager_secret.this.id
  secret_string = "nothing"
}

resource "aws_s3_bucket" "this" {
  bucket        = var.name
  force_destroy = true
}

output "vpc_id" {
  value = aws_vpc.this.id
}

# The workers reach AWS through the gateway, by routes that the subnets' ids do not wait for.
output "private_subnet_ids" {
  value      = aws_subnet.private[*].id
  depends_on = [aws_route.private, aws_route_table_association.private]
}

output "ecs_cluster_id" {
  value = aws_ecs_cluster.this.arn
}

output "ecs_cluster_name" {
  value = aws_ecs_cluster.this.name
}

output "database_secret_arn" {
  value = aws_secretsmanager_secret.this.arn
}

output "encryption_key_secret_arn" {
  value = aws_secretsmanager_secret.this.arn
}

output "s3_bucket_arn" {
  value = aws_s3_bucket.this.arn
}

output "sns_alarm_topic_arn" {
  value = aws_sns_topic.this.arn
}

output "sns_critical_topic_arn" {
  value = aws_sns_topic.this.arn
}
