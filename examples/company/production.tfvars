environment = "production"
vpc_cidr    = "10.0.0.0/16"
api_version = "1.0.0"

database_instance_class = "db.r7g.large"
redis_node_type         = "cache.r7g.large"
redis_num_replicas      = 3
worker_max_count        = 50
