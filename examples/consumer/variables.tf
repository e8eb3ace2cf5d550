variable "environment" {
  type        = string
  description = "Name of the environment."
}

variable "aws_region" {
  type        = string
  description = "AWS region."
  default     = "us-east-1"
}

variable "vpc_id" {
  type        = string
  description = "ID of the VPC."
}

variable "private_subnet_ids" {
  type        = list(string)
  description = "IDs of the private subnets."
}

variable "redis_node_type" {
  type        = string
  description = "Node type of Redis."
  default     = "cache.t4g.micro"
}

variable "redis_num_replicas" {
  type        = number
  description = "Number of Redis nodes, the primary among them."
  default     = 1
}

variable "redis_auth_token" {
  type        = string
  description = "AUTH token of Redis. Set it as TF_VAR_redis_auth_token, not in a file."
  sensitive   = true
}

variable "ecs_cluster_id" {
  type        = string
  description = "ARN of the ECS cluster."
}

variable "ecs_cluster_name" {
  type        = string
  description = "Name of the ECS cluster."
}

variable "worker_image" {
  type        = string
  description = "Docker image of the worker."
}

variable "database_secret_arn" {
  type        = string
  description = "ARN of the secret with DATABASE_URL."
}

variable "encryption_key_secret_arn" {
  type        = string
  description = "ARN of the secret with INTEGRATION_ENCRYPTION_KEY."
}

variable "s3_bucket_arn" {
  type        = string
  description = "ARN of the bucket of product images."
}

variable "sns_alarm_topic_arn" {
  type        = string
  description = "ARN of the SNS topic of alarms."
}

variable "sns_critical_topic_arn" {
  type        = string
  description = "ARN of the SNS topic of critical alarms."
}
