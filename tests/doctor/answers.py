"""Answers of AWS beside those of the emulator: for calls and states that it does not know.

Each is held against botocore's model of the service, as botocore's own Stubber does: what AWS cannot say, no test says.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.engine.aws_models import session

from botocore.awsrequest import AWSResponse  # type: ignore[import-untyped]
from botocore.model import OperationModel  # type: ignore[import-untyped]
from botocore.validate import validate_parameters  # type: ignore[import-untyped]

Answer = dict[str, Any]


class Answers:
    """A session whose clients get answers from here, where there are, and else from the emulator.

    Attributes:
        session: for the doctor.
        asked: the actions of all calls, in their order.
    """

    def __init__(self) -> None:
        self.session = session()
        self.session.events.register("before-call", self._before)
        self.session.events.register("after-call", self._after)
        self.reset()

    def reset(self) -> None:
        """Forget all answers."""
        self.asked: list[str] = []
        self._given: dict[str, Callable[[Answer], tuple[int, Answer]]] = {}
        self._amendments: dict[str, list[Callable[[Answer], object]]] = {}

    def give(self, action: str, answer: Answer | Callable[[Answer], Answer]) -> None:
        """The answer to a call; a function makes it of the call's body, the fields of a form or JSON."""
        self._given[action] = lambda sent: (200, answer(sent) if callable(answer) else answer)

    def refuse(self, action: str, code: str, message: str = "") -> None:
        """The answer is an error."""
        self._given[action] = lambda _: (400, {"Error": {"Code": code, "Message": message}})

    def fail(self, action: str, error: Exception) -> None:
        """There is no answer."""

        def raised(_: Answer) -> tuple[int, Answer]:
            raise error

        self._given[action] = raised

    def amend(self, action: str, change: Callable[[Answer], object]) -> None:
        """Change the answer that there is, the emulator's or one that was given."""
        self._amendments.setdefault(action, []).append(change)

    def _before(
        self, model: OperationModel, params: Mapping[str, Any], **_: object
    ) -> tuple[AWSResponse, Answer] | None:
        action = f"{model.service_model.service_name}:{model.name}"
        self.asked.append(action)
        if action not in self._given:
            return None
        body = params["body"]
        status, answer = self._given[action](body if isinstance(body, dict) else json.loads(body))
        if status == 200:
            answer = self._amended(action, answer)
            _valid(answer, model)
        return AWSResponse("https://aws.example/", status, {}, None), answer

    def _after(self, model: OperationModel, parsed: Answer, http_response: AWSResponse, **_: object) -> None:
        action = f"{model.service_model.service_name}:{model.name}"
        if action in self._given or action not in self._amendments or http_response.status_code != 200:
            return
        self._amended(action, parsed)
        _valid({key: value for key, value in parsed.items() if key != "ResponseMetadata"}, model)

    def _amended(self, action: str, answer: Answer) -> Answer:
        for change in self._amendments.get(action, []):
            change(answer)
        return answer


def _valid(answer: Answer, model: OperationModel) -> None:
    if model.output_shape or answer:
        validate_parameters(_as_sent(answer), model.output_shape)


def _as_sent(value: Any) -> Any:
    """An answer with the policies as text, which botocore decodes."""
    if isinstance(value, list):
        return [_as_sent(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: json.dumps(item) if key.endswith("PolicyDocument") and isinstance(item, dict) else _as_sent(item)
        for key, item in value.items()
    }
