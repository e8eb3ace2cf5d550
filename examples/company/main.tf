# All that one environment of a company has: its network, cluster, database, secrets, bucket and topics, and the product
# import on them. Each environment has a var file, and a state of its own.
data "aws_ecr_repository" "api" {
  name = "api"
}

module "vpc" {
  source = "./modules/vpc"

  name = var.environment
  cidr = var.vpc_cidr
}

module "ecs" {
  source = "./modules/ecs"

  name = var.environment
}

module "rds" {
  source = "./modules/rds"

  name              = var.environment
  vpc_id            = module.vpc.vpc_id
  subnet_ids        = module.vpc.private_subnet_ids
  instance_class    = var.database_instance_class
  multi_az          = var.environment == "production"
  database_password = var.database_password
}

module "secrets" {
  source = "./modules/secrets"

  name           = var.environment
  encryption_key = var.encryption_key
}

module "s3" {
  source = "./modules/s3"

  name = var.environment
}

module "sns" {
  source = "./modules/sns"

  name = var.environment
}

module "product_import" {
  source = "../../modules/product-import"

  environment        = var.environment
  aws_region         = var.aws_region
  vpc_id             = module.vpc.vpc_id
  private_subnet_ids = module.vpc.private_subnet_ids

  # Redis configuration
  redis_node_type    = var.redis_node_type
  redis_num_replicas = var.redis_num_replicas
  redis_auth_token   = var.redis_auth_token

  # ECS worker configuration
  ecs_cluster_id         = module.ecs.cluster_id
  ecs_cluster_name       = module.ecs.cluster_name
  worker_image           = "${data.aws_ecr_repository.api.repository_url}:${var.api_version}"
  worker_cpu             = 2048
  worker_memory          = 4096
  worker_concurrency     = 5
  worker_min_count       = 2
  worker_max_count       = var.worker_max_count
  target_jobs_per_worker = 10

  # External dependencies
  database_secret_arn       = module.rds.database_url_secret_arn
  encryption_key_secret_arn = module.secrets.encryption_key_secret_arn
  s3_bucket_arn             = module.s3.product_images_bucket_arn
  sns_alarm_topic_arn       = module.sns.alarm_topic_arn
  sns_critical_topic_arn    = module.sns.critical_topic_arn

  tags = {
    Environment = var.environment
    Service     = "product-import"
    Terraform   = "true"
  }
}

# In the root: the group of the workers comes from the product import, which itself needs the secret of the database.
resource "aws_vpc_security_group_ingress_rule" "workers_to_database" {
  security_group_id            = module.rds.security_group_id
  description                  = "Workers of the product import"
  ip_protocol                  = "tcp"
  from_port                    = module.rds.port
  to_port                      = module.rds.port
  referenced_security_group_id = module.product_import.worker_security_group_id
}
