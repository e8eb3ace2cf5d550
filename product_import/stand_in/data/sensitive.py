"""What the provider marks as sensitive in data sources, which the bindings do not tell.

Source: the schema of each one below internal/service/ of the provider, as of 5.4 (all of `*_data_source.go`), and
apigateway/api_keys_data_source.go, which is newer. Its `items` are blocks with a sensitive `value`; to the bindings
they are a list of objects, which is sensitive as a whole.
"""

from collections.abc import Mapping

SENSITIVE: Mapping[str, frozenset[str]] = {
    # apigateway/api_key_data_source.go and api_keys_data_source.go
    "aws_api_gateway_api_key": frozenset({"value"}),
    "aws_api_gateway_api_keys": frozenset({"items"}),
    # cognitoidp/user_pool_client_data_source.go
    "aws_cognito_user_pool_client": frozenset({"client_secret"}),
    # dms/certificate_data_source.go
    "aws_dms_certificate": frozenset({"certificate_pem", "certificate_wallet"}),
    # ecr/authorization_token_data_source.go
    "aws_ecr_authorization_token": frozenset({"authorization_token", "password"}),
    # ecrpublic/authorization_token_data_source.go
    "aws_ecrpublic_authorization_token": frozenset({"authorization_token", "password"}),
    # eks/cluster_auth_data_source.go
    "aws_eks_cluster_auth": frozenset({"token"}),
    # elasticache/user_data_source.go
    "aws_elasticache_user": frozenset({"passwords"}),
    # glue/connection_data_source.go
    "aws_glue_connection": frozenset({"connection_properties"}),
    # kms/ciphertext_data_source.go and secrets_data_source.go
    "aws_kms_ciphertext": frozenset({"plaintext"}),
    "aws_kms_secrets": frozenset({"plaintext"}),
    # redshift/cluster_credentials_data_source.go
    "aws_redshift_cluster_credentials": frozenset({"db_password"}),
    # redshiftserverless/credentials_data_source.go
    "aws_redshiftserverless_credentials": frozenset({"db_password"}),
    # secretsmanager/secret_version_data_source.go
    "aws_secretsmanager_secret_version": frozenset({"secret_binary", "secret_string"}),
    # ssm/parameter_data_source.go and parameters_by_path_data_source.go
    "aws_ssm_parameter": frozenset({"value"}),
    "aws_ssm_parameters_by_path": frozenset({"values"}),
}
