# A deployment for tests of the stand-in itself: all types of imports/resource_types.py, at the addresses that the module
# has. The module's own tests are elsewhere; nothing here follows it.

terraform {
  required_version = ">= 1.0"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

variable "environment" {
  type    = string
  default = "production"
}

variable "auth_token" {
  type      = string
  sensitive = true
  default   = "the-first-auth-token"
}

variable "image" {
  type    = string
  default = "registry.example/worker:1"
}

variable "nodes" {
  type    = number
  default = 3
}

variable "workers" {
  type    = number
  default = 2
}

variable "vpc_id" {
  type    = string
  default = "vpc-0a1b2c3d"
}

variable "subnet_ids" {
  type    = list(string)
  default = ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]
}

provider "aws" {
  region = "eu-central-1"
}

locals {
  name   = "${var.environment}-product-import"
  worker = "${var.environment}-product-import-worker"
  tags   = { Environment = var.environment }
  queue  = { Environment = var.environment, QueueName = "product-import" }
  trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_elasticache_subnet_group" "redis" {
  name       = "${local.name}-redis"
  subnet_ids = var.subnet_ids
  tags       = local.tags
}

resource "aws_elasticache_parameter_group" "redis" {
  name   = "${local.name}-redis-params"
  family = "redis7"

  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
  parameter {
    name  = "timeout"
    value = "300"
  }
}

resource "aws_elasticache_replication_group" "redis" {
  replication_group_id       = local.name
  description                = "Queue of the product import"
  engine                     = "redis"
  engine_version             = "7.0"
  node_type                  = "cache.r7g.large"
  num_cache_clusters         = var.nodes
  port                       = 6379
  parameter_group_name       = aws_elasticache_parameter_group.redis.name
  subnet_group_name          = aws_elasticache_subnet_group.redis.name
  security_group_ids         = [aws_security_group.redis.id]
  automatic_failover_enabled = var.nodes > 1
  multi_az_enabled           = var.nodes > 1
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = var.auth_token
  snapshot_retention_limit   = 5
  snapshot_window            = "03:00-05:00"
  maintenance_window         = "mon:05:00-mon:07:00"
  tags                       = local.tags

  log_delivery_configuration {
    destination      = aws_cloudwatch_log_group.redis_slow_log.name
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }
  log_delivery_configuration {
    destination      = aws_cloudwatch_log_group.redis_engine_log.name
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "engine-log"
  }
}

resource "aws_security_group" "redis" {
  name_prefix = "${local.name}-redis-"
  description = "Redis"
  vpc_id      = var.vpc_id
  egress      = []

  ingress {
    description     = "Redis from the workers"
    from_port       = 6379
    to_port         = 6379
    protocol        = "tcp"
    security_groups = [aws_security_group.import_worker.id]
  }
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "import_worker" {
  name_prefix = "${local.worker}-"
  description = "Workers"
  vpc_id      = var.vpc_id
  ingress     = []

  dynamic "egress" {
    for_each = ["0.0.0.0/0"]
    content {
      from_port   = 0
      to_port     = 0
      protocol    = "-1"
      cidr_blocks = [egress.value]
    }
  }
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "redis_slow_log" {
  name              = "/aws/elasticache/${local.name}/slow-log"
  retention_in_days = 7
}

resource "aws_cloudwatch_log_group" "redis_engine_log" {
  name              = "/aws/elasticache/${local.name}/engine-log"
  retention_in_days = 7
}

resource "aws_cloudwatch_log_group" "import_worker" {
  name              = "/ecs/${var.environment}/product-import-worker"
  retention_in_days = 30
  tags              = local.tags
}

resource "aws_ecs_task_definition" "import_worker" {
  family                   = local.worker
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 2048
  memory                   = 4096
  execution_role_arn       = aws_iam_role.ecs_execution_role.arn
  task_role_arn            = aws_iam_role.ecs_task_role.arn
  tags                     = local.tags

  container_definitions = jsonencode([{
    name        = "worker"
    image       = var.image
    essential   = true
    command     = ["node", "worker.js"]
    environment = [{ name = "NODE_ENV", value = var.environment }]
    secrets     = [{ name = "REDIS_URL", valueFrom = "${aws_secretsmanager_secret.redis_url.arn}:url::" }]
    stopTimeout = 60
    healthCheck = { command = ["CMD-SHELL", "true"], interval = 30, timeout = 5, retries = 3, startPeriod = 60 }
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.import_worker.name
        awslogs-region        = "eu-central-1"
        awslogs-stream-prefix = "worker"
      }
    }
  }])
}

resource "aws_ecs_service" "import_worker" {
  name                               = local.worker
  cluster                            = "arn:aws:ecs:eu-central-1:123456789012:cluster/main"
  task_definition                    = aws_ecs_task_definition.import_worker.arn
  desired_count                      = var.workers
  launch_type                        = "FARGATE"
  deployment_maximum_percent         = 200
  deployment_minimum_healthy_percent = 100
  tags                               = local.tags

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.import_worker.id]
    assign_public_ip = false
  }
}

resource "aws_appautoscaling_target" "import_worker" {
  min_capacity       = var.workers
  max_capacity       = 50
  resource_id        = "service/main/${aws_ecs_service.import_worker.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  service_namespace  = "ecs"
}

resource "aws_appautoscaling_policy" "import_worker_queue_depth" {
  name               = "${var.environment}-import-worker-queue-depth"
  policy_type        = "TargetTrackingScaling"
  resource_id        = aws_appautoscaling_target.import_worker.resource_id
  scalable_dimension = aws_appautoscaling_target.import_worker.scalable_dimension
  service_namespace  = aws_appautoscaling_target.import_worker.service_namespace

  target_tracking_scaling_policy_configuration {
    target_value       = 10
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    customized_metric_specification {
      metrics {
        id          = "depth"
        return_data = false
        metric_stat {
          stat = "Average"
          metric {
            namespace   = "AVNZ/ProductImport"
            metric_name = "BullQueueDepth"
            dynamic "dimensions" {
              for_each = local.queue
              content {
                name  = dimensions.key
                value = dimensions.value
              }
            }
          }
        }
      }
      metrics {
        id          = "tasks"
        return_data = false
        metric_stat {
          stat = "SampleCount"
          metric {
            namespace   = "AWS/ECS"
            metric_name = "CPUUtilization"
            dimensions {
              name  = "ServiceName"
              value = aws_ecs_service.import_worker.name
            }
          }
        }
      }
      metrics {
        id         = "backlog"
        expression = "depth / tasks"
      }
    }
  }
}

resource "aws_appautoscaling_policy" "import_worker_cpu" {
  name               = "${var.environment}-import-worker-cpu"
  policy_type        = "TargetTrackingScaling"
  resource_id        = aws_appautoscaling_target.import_worker.resource_id
  scalable_dimension = aws_appautoscaling_target.import_worker.scalable_dimension
  service_namespace  = aws_appautoscaling_target.import_worker.service_namespace

  target_tracking_scaling_policy_configuration {
    target_value = 70
    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_iam_role" "ecs_execution_role" {
  name               = "${local.worker}-execution"
  assume_role_policy = local.trust
  tags               = local.tags
}

resource "aws_iam_role" "ecs_task_role" {
  name               = "${local.worker}-task"
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy_attachment" "ecs_execution_role_policy" {
  role       = aws_iam_role.ecs_execution_role.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role_policy" "ecs_execution_secrets" {
  name = "${local.worker}-secrets"
  role = aws_iam_role.ecs_execution_role.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = aws_secretsmanager_secret.redis_url.arn
    }]
  })
}

resource "aws_iam_role_policy" "ecs_task_s3" {
  name = "${local.worker}-s3"
  role = aws_iam_role.ecs_task_role.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
      Resource = "arn:aws:s3:::images/*"
    }]
  })
}

resource "aws_iam_role_policy" "ecs_task_cloudwatch" {
  name = "${local.worker}-cloudwatch"
  role = aws_iam_role.ecs_task_role.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "cloudwatch:PutMetricData"
      Resource  = "*"
      Condition = { StringEquals = { "cloudwatch:namespace" = "AVNZ/ProductImport" } }
    }]
  })
}

resource "aws_secretsmanager_secret" "redis_url" {
  name_prefix             = "${local.name}-redis-url-"
  description             = "Where the queue is"
  recovery_window_in_days = 7
  tags                    = local.tags
}

resource "aws_secretsmanager_secret_version" "redis_url" {
  secret_id = aws_secretsmanager_secret.redis_url.id
  secret_string = jsonencode({
    url = "rediss://:${var.auth_token}@${aws_elasticache_replication_group.redis.primary_endpoint_address}:6379"
  })
}

resource "aws_cloudwatch_metric_alarm" "redis_cpu_high" {
  alarm_name          = "${local.name}-redis-cpu-high"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 75
  alarm_actions       = ["arn:aws:sns:eu-central-1:123456789012:alarms"]

  metric_query {
    id          = "highest"
    expression  = "MAX(METRICS())"
    return_data = true
  }
  dynamic "metric_query" {
    for_each = range(1, var.nodes + 1)
    content {
      id = "node${metric_query.value}"
      metric {
        namespace   = "AWS/ElastiCache"
        metric_name = "EngineCPUUtilization"
        period      = 300
        stat        = "Average"
        dimensions  = { CacheClusterId = "${local.name}-00${metric_query.value}", CacheNodeId = "0001" }
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "redis_memory_high" {
  alarm_name          = "${local.name}-redis-memory-high"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "DatabaseMemoryUsagePercentage"
  namespace           = "AWS/ElastiCache"
  period              = 300
  statistic           = "Maximum"
  threshold           = 85
  dimensions          = { CacheClusterId = "${local.name}-001", CacheNodeId = "0001" }
}

resource "aws_cloudwatch_metric_alarm" "queue_overload" {
  alarm_name          = "${local.name}-queue-overload"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "BullQueueDepth"
  namespace           = "AVNZ/ProductImport"
  period              = 300
  statistic           = "Average"
  threshold           = 10000
  treat_missing_data  = "breaching"
  dimensions          = local.queue
  tags                = local.tags
}

resource "aws_cloudwatch_metric_alarm" "worker_count_low" {
  alarm_name          = "${local.name}-worker-count-low"
  comparison_operator = "LessThanThreshold"
  evaluation_periods  = 3
  metric_name         = "CPUUtilization"
  namespace           = "AWS/ECS"
  period              = 60
  statistic           = "SampleCount"
  threshold           = var.workers
  treat_missing_data  = "breaching"
  dimensions          = { ServiceName = aws_ecs_service.import_worker.name }
}

output "redis_endpoint" {
  value = aws_elasticache_replication_group.redis.primary_endpoint_address
}

output "redis_configuration_endpoint" {
  value = aws_elasticache_replication_group.redis.configuration_endpoint_address
}
