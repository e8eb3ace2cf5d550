"""What may not change: inputs, outputs, addresses and names of the hand-written module whose state goes on."""

import json
from pathlib import Path

CONTRACT = json.loads(Path(__file__).with_name("contract.json").read_text())
# What came later: optional, and with its default nothing changes.
NEW_INPUTS = [
    {"name": "queue_depth_image", "type": "string", "default": ""},
    {"name": "redis_engine_version", "type": "string", "default": "7.0"},
]
ADDRESSES = set(CONTRACT["resources"])
