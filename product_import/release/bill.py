"""Bills of materials, in the form of CycloneDX: what a released artefact holds or asks for, of others."""

import hashlib
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?==([^\s;]+)", re.MULTILINE)


def bill(
    name: str, version: str, licence: str, *, files: Mapping[str, bytes], components: Sequence[Component]
) -> bytes:
    """The bill of an artefact; the same arguments give the same bytes.

    Args:
        name: of the artefact.
        version: as in 1.4.0.
        licence: the text of its licence.
        files: what it is delivered as, by name.
        components: what it holds or asks for.
    """
    sums = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
    delivered = [
        ExternalReference(
            type=ExternalReferenceType.DISTRIBUTION,
            url=XsUri(file),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        )
        for file, digest in sums.items()
    ]
    artefact = Component(
        name=name,
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref=f"{name}@{version}",
        licenses=[DisjunctiveLicense(name=licence.strip())],
        external_references=delivered,
    )
    made = Bom(components=components)
    made.metadata.component = artefact
    made.register_dependency(artefact, components)
    # Without these the time and the number would be of this moment.
    made.metadata.timestamp = None  # type: ignore[assignment]
    made.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, repr((name, version, sums)))
    return (JsonV1Dot6(made).output_as_string(indent=2) + "\n").encode()


def packages(requirements: Iterable[str]) -> list[Component]:
    """The Python packages that the texts of requirement files pin."""
    pins = sorted({pin for text in requirements for pin in _PIN.findall(text)})
    return [
        Component(
            name=name,
            version=version,
            bom_ref=f"{name}=={version}",
            purl=PackageURL("pypi", name=name, version=version),
        )
        for name, version in pins
    ]


def provider(source: str, versions: str) -> Component:
    """A provider that a module requires, which the consumer's engine installs.

    Args:
        source: its address, as in hashicorp/aws.
        versions: the constraint.
    """
    group, _, name = source.rpartition("/")
    constraint = Property(name="terraform:required_providers.version", value=versions)
    return Component(group=group, name=name, bom_ref=source, properties=[constraint])
