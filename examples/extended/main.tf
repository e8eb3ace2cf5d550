# What a root adds with the module's outputs: topics, a client of Redis, a right of the workers, more workers by day, an alarm.
locals {
  account = "123456789012"
  vpc_id  = "vpc-0123456789abcdef0"
}

variable "redis_auth_token" {
  type        = string
  description = "AUTH token of Redis. Set it as TF_VAR_redis_auth_token, not in a file."
  sensitive   = true
}

resource "aws_sns_topic" "alarms" {
  for_each = toset(["alarms", "critical"])
  name     = "production-${each.key}"
}

# What adds the jobs. Redis lets its group in by the module's input: the module's own groups take no rules from outside.
resource "aws_security_group" "api" {
  name   = "production-api"
  vpc_id = local.vpc_id
}

module "product_import" {
  source = "../../modules/product-import"

  environment        = "production"
  vpc_id             = local.vpc_id
  private_subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]

  redis_auth_token                = var.redis_auth_token
  redis_client_security_group_ids = [aws_security_group.api.id]

  ecs_cluster_id   = "arn:aws:ecs:us-east-1:${local.account}:cluster/production"
  ecs_cluster_name = "production"
  worker_image     = "${local.account}.dkr.ecr.us-east-1.amazonaws.com/api:1.0.0"

  database_secret_arn       = "arn:aws:secretsmanager:us-east-1:${local.account}:secret:production/database-AbCdEf"
  encryption_key_secret_arn = "arn:aws:secretsmanager:us-east-1:${local.account}:secret:production/key-AbCdEf"
  s3_bucket_arn             = "arn:aws:s3:::production-product-images"
  sns_alarm_topic_arn       = aws_sns_topic.alarms["alarms"].arn
  sns_critical_topic_arn    = aws_sns_topic.alarms["critical"].arn
}

resource "aws_vpc_security_group_egress_rule" "api_to_redis" {
  security_group_id            = aws_security_group.api.id
  description                  = "Redis of the product import"
  ip_protocol                  = "tcp"
  from_port                    = module.product_import.redis_port
  to_port                      = module.product_import.redis_port
  referenced_security_group_id = module.product_import.redis_security_group_id
}

# A further right of the workers, on the task role that the module made.
resource "aws_iam_role_policy" "worker_reads_prices" {
  name = "reads-prices"
  role = join("-", [module.product_import.worker_task_definition_family, "task"])
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "dynamodb:GetItem", Resource = "arn:aws:dynamodb:us-east-1:${local.account}:table/prices" }]
  })
}

# Ten workers and more on working days. Terraform does not know of it: a plan by day shows the minimum as changed, and an
# apply sets it back until the next morning.
resource "aws_appautoscaling_scheduled_action" "workers" {
  for_each = {
    by_day   = { schedule = "cron(0 7 ? * MON-FRI *)", least = 10 }
    by_night = { schedule = "cron(0 19 ? * MON-FRI *)", least = 2 }
  }

  name               = "production-import-workers-${replace(each.key, "_", "-")}"
  service_namespace  = "ecs"
  resource_id        = module.product_import.autoscaling_target_id
  scalable_dimension = "ecs:service:DesiredCount"
  schedule           = each.value.schedule
  timezone           = "Europe/Berlin"

  scalable_target_action {
    min_capacity = each.value.least
  }
}

resource "aws_cloudwatch_metric_alarm" "worker_memory_high" {
  alarm_name          = "production-product-import-worker-memory-high"
  alarm_description   = "The workers are nearly out of memory: then they are killed with the jobs that they have."
  namespace           = "AWS/ECS"
  metric_name         = "MemoryUtilization"
  dimensions          = { ClusterName = "production", ServiceName = module.product_import.worker_service_name }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 90
  period              = 60
  evaluation_periods  = 3
  alarm_actions       = [aws_sns_topic.alarms["alarms"].arn]
  ok_actions          = [aws_sns_topic.alarms["alarms"].arn]
}

output "alarms" {
  description = "ARNs of the module's alarms, and of the one beside them."
  value       = merge(module.product_import.alarms, { worker_memory_high = aws_cloudwatch_metric_alarm.worker_memory_high.arn })
}
