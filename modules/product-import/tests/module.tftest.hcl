# Run it in the module's folder, without an account: `terraform init && terraform test` (Terraform 1.7 or OpenTofu 1.8).
# Without the next block the same runs on the provider itself: it then makes real resources and destroys them.
mock_provider "aws" {
  # A mock makes up random text. The provider takes no such text for an ARN, and the alarms name each node.
  mock_resource "aws_appautoscaling_policy" {
    defaults = {
      arn = "arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:01234567-89ab-cdef-0123-456789abcdef:resource/ecs/service/main/worker:policyName/mocked"
    }
  }
  mock_resource "aws_elasticache_replication_group" {
    defaults = {
      member_clusters = ["test-product-import-002", "test-product-import-004"]
    }
  }
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/mocked"
    }
  }
}

variables {
  environment               = "test"
  vpc_id                    = "vpc-0123456789abcdef0"
  private_subnet_ids        = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  redis_auth_token          = "s3cret-Token!&#$^<>"
  ecs_cluster_id            = "arn:aws:ecs:us-east-1:123456789012:cluster/main"
  ecs_cluster_name          = "main"
  worker_image              = "api:latest"
  database_secret_arn       = "arn:aws:secretsmanager:us-east-1:123456789012:secret:database-AbCdEf"
  encryption_key_secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:encryption-AbCdEf:key::"
  s3_bucket_arn             = "arn:aws:s3:::product-images"
  sns_alarm_topic_arn       = "arn:aws:sns:us-east-1:123456789012:alarms"
  sns_critical_topic_arn    = "arn:aws:sns:us-east-1:123456789012:critical"
}

run "names_begin_with_the_environment" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.redis.replication_group_id == "test-product-import"
    error_message = "The replication group must be called <environment>-product-import."
  }
  assert {
    condition     = output.worker_service_name == "test-product-import-worker"
    error_message = "The service must be called <environment>-product-import-worker."
  }
  assert {
    condition     = output.worker_log_group_name == "/ecs/test/product-import-worker"
    error_message = "The workers' log group must be called /ecs/<environment>/product-import-worker."
  }
}

run "redis_is_safe_for_a_queue" {
  command = plan

  assert {
    condition = [
      for parameter in aws_elasticache_parameter_group.redis.parameter : parameter.value
      if parameter.name == "maxmemory-policy"
    ] == ["noeviction"]
    error_message = "Redis must never drop a job."
  }
  assert {
    condition     = aws_elasticache_replication_group.redis.transit_encryption_enabled
    error_message = "Redis must be encrypted in transit."
  }
  assert {
    condition     = tostring(aws_elasticache_replication_group.redis.at_rest_encryption_enabled) == "true"
    error_message = "Redis must be encrypted at rest."
  }
}

run "one_node_has_no_failover" {
  command = plan

  variables {
    redis_num_replicas = 1
  }

  assert {
    condition = !(
      aws_elasticache_replication_group.redis.automatic_failover_enabled ||
      aws_elasticache_replication_group.redis.multi_az_enabled
    )
    error_message = "Failover and Multi-AZ need a second node."
  }
}

run "six_nodes_fail_over" {
  command = plan

  variables {
    redis_num_replicas = 6
  }

  assert {
    condition = (
      aws_elasticache_replication_group.redis.automatic_failover_enabled &&
      aws_elasticache_replication_group.redis.multi_az_enabled
    )
    error_message = "Failover and Multi-AZ must be on from two nodes on."
  }
}

run "autoscaling_keeps_the_bounds" {
  command = plan

  variables {
    worker_min_count       = 3
    worker_max_count       = 7
    target_jobs_per_worker = 2.5
  }

  assert {
    condition = (
      aws_appautoscaling_target.import_worker.min_capacity == 3 &&
      aws_appautoscaling_target.import_worker.max_capacity == 7
    )
    error_message = "The target must have the bounds of the inputs."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.worker_count_low.threshold == 3
    error_message = "The alarm must tell when fewer workers than the minimum run."
  }
}

run "alarms_notify_their_topics" {
  command = plan

  assert {
    condition = alltrue([
      for alarm in [
        aws_cloudwatch_metric_alarm.redis_cpu_high,
        aws_cloudwatch_metric_alarm.redis_memory_high,
        aws_cloudwatch_metric_alarm.worker_count_low,
      ] : tolist(alarm.alarm_actions) == tolist([var.sns_alarm_topic_arn])
    ])
    error_message = "These alarms must notify the alarm topic."
  }
  assert {
    condition = (
      tolist(aws_cloudwatch_metric_alarm.queue_overload.alarm_actions) == tolist([var.sns_critical_topic_arn])
    )
    error_message = "An overloaded queue must notify the critical topic."
  }
}

run "what_is_there_fits_together" {
  variables {
    worker_image = "api/\"quoted\":1"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.import_worker.container_definitions)[0].image == var.worker_image
    error_message = "The image must arrive as it is."
  }
  assert {
    condition = contains(
      jsondecode(aws_ecs_task_definition.import_worker.container_definitions)[0].secrets,
      { name = "REDIS_URL", valueFrom = "${aws_secretsmanager_secret.redis_url.arn}:url::" }
    )
    error_message = "REDIS_URL must be the key url of the secret."
  }
  assert {
    condition = jsondecode(aws_secretsmanager_secret_version.redis_url.secret_string) == {
      url = join("", [
        "rediss://:s3cret-Token%21%26%23%24%5E%3C%3E@",
        aws_elasticache_replication_group.redis.primary_endpoint_address,
        ":6379",
      ])
    }
    error_message = "The secret must be the URL alone, with the token percent-encoded."
  }
  assert {
    condition = toset(flatten([
      for query in aws_cloudwatch_metric_alarm.redis_memory_high.metric_query :
      [for metric in query.metric : metric.dimensions.CacheClusterId]
    ])) == aws_elasticache_replication_group.redis.member_clusters
    error_message = "The alarm must read each node that there is."
  }
  assert {
    condition     = output.autoscaling_target_id == "service/main/${regex("[^/]+$", output.worker_service_id)}"
    error_message = "The autoscaling target must be the service in its cluster."
  }
  assert {
    condition     = length(output.alarms) == 4
    error_message = "The module must have four alarms."
  }
}

run "bad_inputs_are_refused" {
  command = plan

  variables {
    environment            = "Test"
    private_subnet_ids     = []
    redis_node_type        = "cache.t1.micro"
    redis_num_replicas     = 7
    worker_image           = "api latest"
    worker_cpu             = 300
    worker_min_count       = 0
    target_jobs_per_worker = 0
    s3_bucket_arn          = "product-images"
  }

  expect_failures = [
    var.environment,
    var.private_subnet_ids,
    var.redis_node_type,
    var.redis_num_replicas,
    var.worker_image,
    var.worker_cpu,
    var.worker_min_count,
    var.target_jobs_per_worker,
    var.s3_bucket_arn,
  ]
}
