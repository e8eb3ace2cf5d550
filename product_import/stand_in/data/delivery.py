"""Buckets, topics, load balancers, zones and CDNs. The files named here are below internal/service/ of the provider."""

from collections.abc import Callable, Mapping

from product_import.stand_in.data.asked import Asked
from product_import.stand_in.data.known import Values

# CloudFront's developer guide, "Use managed cache policies", "Use managed origin request policies" and "Use managed
# response headers policies".
_MANAGED = {
    "aws_cloudfront_cache_policy": {
        "Managed-Amplify": "2e54312d-136d-493c-8eb9-b001f22f67d2",
        "Managed-CachingDisabled": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "Managed-CachingOptimized": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        "Managed-CachingOptimizedForUncompressedObjects": "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
        "Managed-Elemental-MediaPackage": "08627262-05a9-4f76-9ded-b50ca2e3a84f",
        "UseOriginCacheControlHeaders": "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
        "UseOriginCacheControlHeaders-QueryStrings": "4cc15a8a-d715-48a4-82b8-cc0b614638fe",
    },
    "aws_cloudfront_origin_request_policy": {
        "Managed-AllViewer": "216adef6-5c7f-47e4-b989-5492eafa07d3",
        "Managed-AllViewerAndCloudFrontHeaders-2022-06": "33f36d7e-f396-46d9-90e0-52428a34d9dc",
        "Managed-AllViewerExceptHostHeader": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
        "Managed-CORS-CustomOrigin": "59781a5b-3903-41f3-afcb-af62929ccde1",
        "Managed-CORS-S3Origin": "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
        "Managed-Elemental-MediaTailor-PersonalizedManifests": "775133bc-15f2-49f9-abea-afb2e0bf67d2",
        "Managed-UserAgentRefererHeaders": "acba4595-bd28-49b8-b9fe-13317c0390fa",
    },
    "aws_cloudfront_response_headers_policy": {
        "Managed-CORS-and-SecurityHeadersPolicy": "e61eb60c-9c35-4d20-a928-2b84e02af89c",
        "Managed-CORS-With-Preflight": "5cc3b908-e619-4b99-88e5-2cf7f45965bd",
        "Managed-CORS-with-preflight-and-SecurityHeadersPolicy": "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
        "Managed-SecurityHeadersPolicy": "67f7725c-6f97-4210-82d7-5512b31e9d03",
        "Managed-SimpleCORS": "60669652-455b-4ae9-85a4-c4c02393f86c",
    },
}


def _bucket(asked: Asked) -> Values:
    """s3/bucket_data_source.go: a bucket without a website has no endpoint of one."""
    bucket, suffix = asked.config["bucket"], asked.partition.dns_suffix
    return {
        "bucket_domain_name": f"{bucket}.s3.{suffix}",
        "bucket_region": asked.region,
        "bucket_regional_domain_name": f"{bucket}.s3.{asked.region}.{suffix}",
        "hosted_zone_id": f"Z{asked.subject.unique[:13].upper()}",
        "id": bucket,
        "region": asked.region,
        "website_domain": "",
        "website_endpoint": "",
    }


def _queue(asked: Asked) -> Values:
    """sqs/queue_data_source.go; SQS's developer guide, "Queue and message identifiers"."""
    url = f"https://sqs.{asked.region}.{asked.partition.dns_suffix}/{asked.account}/{asked.config['name']}"
    return {"id": url, "url": url}


def _load_balancer(asked: Asked) -> Values:
    """elbv2/load_balancer_data_source.go; the attributes are those of its API Reference, LoadBalancerAttribute."""
    arn, subject = asked.config["arn"] or asked.subject.arn, asked.subject
    name = asked.config["name"] or (arn.split("/")[2] if arn.count("/") > 1 else subject.unique)
    return {
        "access_logs": [{"bucket": "", "enabled": False, "prefix": ""}],
        "arn": arn,
        "arn_suffix": arn.partition("loadbalancer/")[2],
        "connection_logs": [{"bucket": "", "enabled": False, "prefix": ""}],
        "customer_owned_ipv4_pool": "",
        "desync_mitigation_mode": "defensive",
        "dns_name": f"{name}-{int(subject.unique[:8], 16)}.{asked.region}.elb.{asked.partition.dns_suffix}",
        "enable_cross_zone_load_balancing": True,
        "enable_http2": True,
        "id": arn,
        "idle_timeout": 60,
        "ipam_pools": [],
        "load_balancer_type": "network" if "loadbalancer/net/" in arn else "application",
        "name": name,
        "subnet_mapping": [],
        "xff_header_processing_mode": "append",
        "zone_id": f"Z{subject.unique[:13].upper()}",
    }


def _hosted_zone_id(asked: Asked) -> Values:
    """elbv2/hosted_zone_id_data_source.go and its like: the zone of the service in a region."""
    return {"id": f"Z{asked.subject.unique[:13].upper()}"}


def _zone(asked: Asked) -> Values:
    """route53/zone_data_source.go."""
    config = asked.config
    zone = config["zone_id"] or f"Z{asked.subject.unique[:16].upper()}"
    servers = [f"ns-{number}.awsdns-{number:02}.{top}" for number, top in enumerate(("com", "net", "org", "co.uk"))]
    return {
        "arn": f"arn:{asked.partition.name}:route53:::hostedzone/{zone}",
        "id": zone,
        "linked_service_description": "",
        "linked_service_principal": "",
        "name": (config["name"] or f"{asked.subject.unique}.example.com").removesuffix("."),
        "name_servers": servers,
        "primary_name_server": servers[0],
        "private_zone": bool(config["private_zone"]),
        "zone_id": zone,
    }


def _managed_policy(asked: Asked) -> Values:
    """cloudfront/cache_policy_data_source.go and its like: by the names of AWS's own."""
    ids, config = _MANAGED[asked.source.name], asked.config
    name = config["name"] or next((name for name, each in ids.items() if each == config["id"]), "made-up")
    policy = config["id"] or ids.get(name, asked.subject.unique)
    kind = asked.subject.noun.replace("_", "-")
    return {
        "arn": f"arn:{asked.partition.name}:cloudfront::{asked.account}:{kind}/{policy}",
        "id": policy,
        "name": name,
    }


def _certificate(asked: Asked) -> Values:
    """acm/certificate_data_source.go."""
    return {"certificate": "", "certificate_chain": "", "id": asked.subject.arn, "status": "ISSUED"}


EXACT: Mapping[str, Callable[[Asked], Values]] = {
    "aws_acm_certificate": _certificate,
    **dict.fromkeys(("aws_alb", "aws_lb"), _load_balancer),
    **dict.fromkeys(_MANAGED, _managed_policy),
    **dict.fromkeys(
        ("aws_elastic_beanstalk_hosted_zone", "aws_elb_hosted_zone_id", "aws_lb_hosted_zone_id"), _hosted_zone_id
    ),
    "aws_route53_zone": _zone,
    "aws_s3_bucket": _bucket,
    "aws_sqs_queue": _queue,
}
