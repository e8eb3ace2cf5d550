# One environment of the module, beside resources that other roots own.
module "product_import" {
  source = "../../modules/product-import"

  environment        = var.environment
  aws_region         = var.aws_region
  vpc_id             = var.vpc_id
  private_subnet_ids = var.private_subnet_ids

  redis_node_type    = var.redis_node_type
  redis_num_replicas = var.redis_num_replicas
  redis_auth_token   = var.redis_auth_token

  ecs_cluster_id   = var.ecs_cluster_id
  ecs_cluster_name = var.ecs_cluster_name
  worker_image     = var.worker_image

  worker_cpu             = 2048
  worker_memory          = 4096
  worker_concurrency     = 5
  worker_min_count       = 2
  worker_max_count       = 50
  target_jobs_per_worker = 10

  database_secret_arn       = var.database_secret_arn
  encryption_key_secret_arn = var.encryption_key_secret_arn
  s3_bucket_arn             = var.s3_bucket_arn
  sns_alarm_topic_arn       = var.sns_alarm_topic_arn
  sns_critical_topic_arn    = var.sns_critical_topic_arn

  tags = {
    Environment = var.environment
    Service     = "product-import"
    Terraform   = "true"
  }
}
