"""IAM. The files named here are in internal/service/iam/ of the provider."""

import json
import re
from collections.abc import Callable, Mapping

from product_import.stand_in.data.asked import Asked
from product_import.stand_in.data.known import Values

# IAM's user guide, "AWS managed policies": how the names of most of them begin or end.
_MANAGED = re.compile(r"(Amazon|AWS|Cloud|EC2|Elastic|IAM|Lambda)\w*|\w+(Access|Administrator|Audit|User)")
_SESSION = re.compile(r"arn:[^:]+:sts::\d*:assumed-role/(?:.+/)?([^/]+)/([^/]{2,})")


def _policy(asked: Asked) -> Values:
    """policy_data_source.go: a policy that the root does not make is AWS's where its name looks like one of theirs."""
    config, subject = asked.config, asked.subject
    arn = config["arn"]
    name = config["name"] or (arn.rpartition("/")[2] if arn else subject.unique)
    path = config["path_prefix"] or (f"/{arn.split('/', 1)[1].removesuffix(name)}" if arn else "/")
    owner = "aws" if _MANAGED.fullmatch(name) else asked.account
    arn = arn or f"arn:{asked.partition.name}:iam::{owner}:policy{path}{name}"
    return {"arn": arn, "id": arn, "name": name, "path": path, "policy_id": f"ANPA{subject.unique[:16].upper()}"}


def _role(asked: Asked) -> Values:
    """role_data_source.go."""
    return {
        "assume_role_policy": json.dumps({"Version": "2012-10-17", "Statement": []}, separators=(",", ":")),
        "max_session_duration": 3600,
        "permissions_boundary": "",
        "role_last_used": [],
        "unique_id": f"AROA{asked.subject.unique[:16].upper()}",
    }


def _session_context(asked: Asked) -> Values:
    """session_context_data_source.go."""
    arn = asked.config["arn"]
    session = _SESSION.fullmatch(arn)
    if session is None:
        return {"id": arn, "issuer_arn": arn, "issuer_id": "", "issuer_name": "", "session_name": ""}
    role, name = session.groups()
    known = asked.known.found(asked.run, asked.region, ("aws_iam_role",))
    found = next((each for each in known if each["name"] == role), None)
    return {
        "id": arn,
        "issuer_arn": found["arn"] if found else f"arn:{asked.partition.name}:iam::{arn.split(':')[4]}:role/{role}",
        "issuer_id": found["unique_id"] if found else f"AROA{asked.subject.unique[:16].upper()}",
        "issuer_name": role,
        "session_name": name,
    }


def _user(asked: Asked) -> Values:
    """user_data_source.go."""
    return {"permissions_boundary": "", "user_id": f"AIDA{asked.subject.unique[:16].upper()}"}


EXACT: Mapping[str, Callable[[Asked], Values]] = {
    "aws_iam_policy": _policy,
    "aws_iam_role": _role,
    "aws_iam_session_context": _session_context,
    "aws_iam_user": _user,
}
