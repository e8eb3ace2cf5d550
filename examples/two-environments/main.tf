# Several environments in one root: what they share stands once, what differs is in the table.
locals {
  environments = {
    staging = {
      redis_node_type    = "cache.t4g.micro"
      redis_num_replicas = 1
      worker_max_count   = 5
    }
    production = {
      redis_node_type    = "cache.r7g.large"
      redis_num_replicas = 3
      worker_max_count   = 50
    }
  }

  account = "123456789012"
}

variable "redis_auth_tokens" {
  type        = map(string)
  description = "AUTH token of Redis of each environment. Set it as TF_VAR_redis_auth_tokens, not in a file."
  sensitive   = true
}

module "product_import" {
  source   = "../../modules/product-import"
  for_each = local.environments

  environment        = each.key
  vpc_id             = "vpc-0123456789abcdef0"
  private_subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]

  redis_node_type    = each.value.redis_node_type
  redis_num_replicas = each.value.redis_num_replicas
  redis_auth_token   = var.redis_auth_tokens[each.key]

  ecs_cluster_id   = "arn:aws:ecs:us-east-1:${local.account}:cluster/${each.key}"
  ecs_cluster_name = each.key
  worker_image     = "${local.account}.dkr.ecr.us-east-1.amazonaws.com/api:1.0.0"
  worker_min_count = 1
  worker_max_count = each.value.worker_max_count

  database_secret_arn       = "arn:aws:secretsmanager:us-east-1:${local.account}:secret:${each.key}/database-AbCdEf"
  encryption_key_secret_arn = "arn:aws:secretsmanager:us-east-1:${local.account}:secret:${each.key}/key-AbCdEf"
  s3_bucket_arn             = "arn:aws:s3:::${each.key}-product-images"
  sns_alarm_topic_arn       = "arn:aws:sns:us-east-1:${local.account}:${each.key}-alarms"
  sns_critical_topic_arn    = "arn:aws:sns:us-east-1:${local.account}:${each.key}-critical"
}

output "alarms" {
  description = "ARNs of the alarms by environment."
  value       = { for environment, module in module.product_import : environment => module.alarms }
}
