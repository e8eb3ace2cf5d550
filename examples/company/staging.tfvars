environment = "staging"
vpc_cidr    = "10.1.0.0/16"
api_version = "1.1.0"
