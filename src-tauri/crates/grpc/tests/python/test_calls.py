"""All calls of the contract by generated stubs, as clients of the reference studio make them."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.protobuf import json_format

LARGE = {"grpc.max_receive_message_length": -1}


def filled(value, names):
    """The value with each name replaced by what it stands for, the longest first."""
    if isinstance(value, str):
        for name in sorted(names, reverse=True):
            value = value.replace(f"${name}", names[name])
        return value
    if isinstance(value, list):
        return [filled(item, names) for item in value]
    if isinstance(value, dict):
        return {field: filled(item, names) for field, item in value.items()}
    return value


def learn(expected, actual, names):
    """Learn the names that stand alone in an expected value and are not known yet."""
    if (
        isinstance(expected, str)
        and expected.startswith("$")
        and "/" not in expected
        and isinstance(actual, str)
    ):
        names.setdefault(expected[1:], actual)
    elif isinstance(expected, list) and isinstance(actual, list):
        for pair in zip(expected, actual, strict=False):
            learn(*pair, names)
    elif isinstance(expected, dict) and isinstance(actual, dict):
        for field, item in expected.items():
            learn(item, actual.get(field), names)


def plain(message):
    """The set fields of a message, with 32-bit floats as they are."""
    fields = {}
    for field, value in message.ListFields():
        if field.message_type is None:
            fields[field.name] = (
                list(value)
                if isinstance(value, (list, tuple)) or hasattr(value, "append")
                else value
            )
        elif hasattr(value, "add"):
            fields[field.name] = [plain(item) for item in value]
        else:
            fields[field.name] = plain(value)
    return fields


def answer(stub, messages, call, request):
    """What a call is answered with, in the form of the table."""
    message = json_format.ParseDict(request, getattr(messages, f"{call}Request")())
    try:
        return "response", plain(getattr(stub, call)(message))
    except grpc.RpcError as error:
        assert error.code() is grpc.StatusCode.UNKNOWN
        code = dict(error.trailing_metadata())["fts-error-code"]
        return "refusal", [code, error.details()]


def test_every_call_is_answered_as_recorded(service, contract, table):
    messages, stubs = contract
    stub = stubs.FineTuningStudioStub(service.channel())
    names = {"folder": str(service.folder)}
    for step in table["steps"]:
        kind = "response" if "response" in step else "refusal"
        patience = time.monotonic() + (60 if step.get("eventually") else 0)
        while True:
            actual = answer(stub, messages, step["call"], filled(step["request"], names))
            if actual[0] == "response":
                learn(step.get("response"), actual[1], names)
            if actual == (kind, filled(step[kind], names)) or time.monotonic() > patience:
                break
            time.sleep(0.05)
        assert actual == (kind, filled(step[kind], names)), step["fact"]


def add_prompts(stub, messages, file, count):
    """Add a dataset, and prompts for it from fifty threads."""
    request = messages.AddDatasetRequest(type="project_csv", name="Rows", location=str(file))
    dataset = stub.AddDataset(request).dataset

    def add(number):
        prompt = messages.PromptMetadata(
            name=f"Prompt {number}",
            dataset_id=dataset.id,
            prompt_template="{question}{answer}" + "x" * 20_000,
            input_template="{question}",
            completion_template="{answer}",
        )
        return stub.AddPrompt(messages.AddPromptRequest(prompt=prompt)).prompt

    with ThreadPoolExecutor(50) as pool:
        return list(pool.map(add, range(count)))


def test_many_threads_lose_nothing_and_large_responses_arrive(service, contract):
    messages, stubs = contract
    with service.channel(**LARGE) as channel:
        stub = stubs.FineTuningStudioStub(channel)
        added = add_prompts(stub, messages, service.folder / "rows.csv", 300)
        listed = stub.ListPrompts(messages.ListPromptsRequest()).prompts
        assert {prompt.id for prompt in listed} == {prompt.id for prompt in added}
        exported = stub.ExportDatabase(messages.ExportDatabaseRequest()).exported_json
        assert len(exported) > 4 << 20
        assert len(json.loads(exported)["prompts"]["data"]) == 300


def test_a_deadline_passes_and_the_call_is_carried_out(service, contract):
    messages, stubs = contract
    stub = stubs.FineTuningStudioStub(service.channel())
    with pytest.raises(grpc.RpcError) as refused:
        stub.AddConfig(messages.AddConfigRequest(type="custom", config="{}"), timeout=1e-9)
    assert refused.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    # The store is free for the next.
    assert stub.AddConfig(
        messages.AddConfigRequest(type="custom", config="{}"), timeout=60
    ).config.id


def test_sigterm_ends_it_and_what_was_written_is_there(service, contract, tmp_path):
    messages, stubs = contract
    channel = service.channel()
    stub = stubs.FineTuningStudioStub(channel)
    kept = stub.AddConfig(messages.AddConfigRequest(type="custom", config='{"a": 1}')).config
    # A client that stays connected does not hold the end up.
    assert service.end() == 0
    assert kept.id.encode() in (tmp_path / "studio.db").read_bytes()
