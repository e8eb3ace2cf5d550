variable "environment" {
  type        = string
  description = "Name of the environment."
}

variable "aws_region" {
  type        = string
  description = "AWS region."
  default     = "us-east-1"
}

variable "vpc_cidr" {
  type        = string
  description = "Addresses of the network, a /16."
}

variable "database_instance_class" {
  type        = string
  description = "Instance class of the database."
  default     = "db.t4g.micro"
}

variable "database_password" {
  type        = string
  description = "Password of the database. Set it as TF_VAR_database_password, not in a file."
  sensitive   = true
}

variable "encryption_key" {
  type        = string
  description = "Key of the integrations. Set it as TF_VAR_encryption_key, not in a file."
  sensitive   = true
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

variable "api_version" {
  type        = string
  description = "Tag of the image in the repository `api`."
}

variable "worker_max_count" {
  type        = number
  description = "Maximum number of workers."
  default     = 5
}
