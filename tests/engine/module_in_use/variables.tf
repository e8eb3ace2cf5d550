variable "environment" { type = string }
variable "aws_region" {
  type    = string
  default = "us-east-1"
}
variable "vpc_id" { type = string }
variable "private_subnet_ids" { type = list(string) }
variable "tags" {
  type    = map(string)
  default = {}
}
variable "redis_node_type" {
  type    = string
  default = "cache.r7g.large"
}
variable "redis_num_replicas" {
  type    = number
  default = 3
}
variable "redis_auth_token" {
  type      = string
  sensitive = true
}
variable "ecs_cluster_id" { type = string }
variable "ecs_cluster_name" { type = string }
variable "worker_image" { type = string }
variable "worker_cpu" {
  type    = number
  default = 2048
}
variable "worker_memory" {
  type    = number
  default = 4096
}
variable "worker_concurrency" {
  type    = number
  default = 5
}
variable "worker_min_count" {
  type    = number
  default = 2
}
variable "worker_max_count" {
  type    = number
  default = 50
}
variable "target_jobs_per_worker" {
  type    = number
  default = 10
}
variable "database_secret_arn" { type = string }
variable "encryption_key_secret_arn" { type = string }
variable "s3_bucket_arn" { type = string }
variable "sns_alarm_topic_arn" { type = string }
variable "sns_critical_topic_arn" { type = string }
