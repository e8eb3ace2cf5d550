environment        = "production"
vpc_id             = "vpc-0123456789abcdef0"
private_subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"]

redis_node_type    = "cache.r7g.large"
redis_num_replicas = 3

ecs_cluster_id   = "arn:aws:ecs:us-east-1:123456789012:cluster/production"
ecs_cluster_name = "production"
worker_image     = "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:1.0.0"

database_secret_arn       = "arn:aws:secretsmanager:us-east-1:123456789012:secret:production/database-AbCdEf"
encryption_key_secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:production/encryption-key-AbCdEf"
s3_bucket_arn             = "arn:aws:s3:::production-product-images"
sns_alarm_topic_arn       = "arn:aws:sns:us-east-1:123456789012:production-alarms"
sns_critical_topic_arn    = "arn:aws:sns:us-east-1:123456789012:production-critical"
