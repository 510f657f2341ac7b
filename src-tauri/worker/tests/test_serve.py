"""Try it: the tiny real model and its adapter, asked over standard input."""

import json
import os
import subprocess
import sys

import chat_rows
import pytest
import run_folder
from tiny_model import CONTEXT

pytestmark = pytest.mark.stack


class Asked:
    """A worker that serves, and what it answers."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "fine_tuning_worker", "serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=run_folder.environment(),
        )

    def say(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()

    def until(self, last):
        """The answers up to the first for which ``last`` holds."""
        found = []
        for line in self.process.stdout:
            found.append(json.loads(line))
            if last(found[-1]):
                return found
        raise AssertionError(f"it ended first: {found}")

    def finished(self):
        return self.until(lambda one: one["answer"] in ("finished", "error"))


@pytest.fixture(scope="module")
def asked(recipe, trained):
    made = Asked()
    made.say(
        request="load",
        model={"name": "tiny", "source": recipe["model"]},
        adapters=[{"id": "one", "name": "labels", "source": str(trained / "output" / "adapter")}],
        quantization=None,
    )
    reported = made.until(lambda one: one.get("status") == "ready" or one["answer"] == "error")
    assert [one.get("status") for one in reported] == ["loading", "model", "ready"]
    assert reported[-1]["context_length"] == CONTEXT
    yield made
    made.process.stdin.close()
    assert made.process.wait() == 0


def text(answers, target):
    return "".join(
        one["text"] for one in answers if one["answer"] == "text" and one["target"] == target
    )


def test_base_and_adapter_answer_side_by_side(asked, recipe):
    row = recipe["held_out"][0]
    asked.say(
        request="generate", id="7", prompt=row["prompt"], targets=["base", "one"],
        generation=recipe["generation"],
    )  # fmt: skip
    reported = asked.finished()
    assert text(reported, "one").strip() == row["completion"].strip()
    assert text(reported, "base").strip() != row["completion"].strip()
    done = [one for one in reported if one["answer"] == "done"]
    assert [one["target"] for one in done] == ["base", "one"]
    for one in done:
        assert one["id"] == "7" and one["cancelled"] is False
        assert one["input_tokens"] > 0 and one["output_tokens"] > 0 and one["latency"] > 0
    assert reported[-1] == {"answer": "finished", "id": "7"}


def test_text_comes_in_pieces_and_is_that_of_an_evaluation(asked, recipe):
    prompt = recipe["held_out"][1]["prompt"]
    wanted = {"do_sample": False, "max_new_tokens": 30, "eos_token_id": -1}
    asked.say(request="generate", id="8", prompt=prompt, targets=["base"], generation=wanted)
    reported = asked.finished()
    assert len([one for one in reported if one["answer"] == "text"]) > 3


def test_penalties_keep_an_answer_from_what_it_has_said(asked):
    def tokens(**more):
        wanted = {"do_sample": False, "max_new_tokens": 30, "eos_token_id": -1}
        asked.say(
            request="generate", id="p", prompt="Ticket:", targets=["base"], generation=wanted,
            logprobs=0, **more,
        )  # fmt: skip
        reported = [one for one in asked.finished() if one["answer"] == "text"]
        return [token["token"] for one in reported for token in one["tokens"]]

    plain, none = tokens(), tokens(penalties={"presence": 0.0, "frequency": 0.0})
    assert plain == none and len(set(plain)) < len(plain)
    apart = tokens(penalties={"presence": 1000.0, "frequency": 0.0})
    assert len(set(apart)) > len(set(plain)) and apart[0] == plain[0]
    assert tokens(penalties={"frequency": 1000.0}) == apart


def test_a_cancel_comes_through_while_generating(asked, recipe):
    endless = {"do_sample": False, "max_new_tokens": 100_000, "eos_token_id": -1}
    asked.say(
        request="generate", id="9", prompt="Ticket:", targets=["base", "one"], generation=endless
    )
    asked.until(lambda one: one["answer"] == "text")
    asked.say(request="cancel", id="9")
    reported = asked.finished()
    done = [one for one in reported if one["answer"] == "done"]
    assert [(one["target"], one["cancelled"]) for one in done] == [("base", True), ("one", True)]
    assert done[0]["output_tokens"] < 100_000


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"request": "generate", "id": "1", "prompt": "x", "targets": ["two"]}, "“two”"),
        ({"request": "generate", "id": "1", "prompt": ""}, "empty"),
        (
            {"request": "generate", "id": "1", "prompt": "x", "generation": {"warmth": 1}},
            "“warmth”",
        ),
        ({"request": "sing", "id": "1"}, "'sing'"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_model_stays(asked, request_, said):
    asked.say(**request_)
    [error] = asked.finished()
    assert error["answer"] == "error" and error["id"] == "1" and said in error["message"]
    asked.say(request="generate", id="2", prompt="x", generation={"max_new_tokens": 1})
    assert asked.finished()[-1]["answer"] == "finished"


def test_a_line_that_is_no_request_is_answered(asked):
    asked.process.stdin.write("nonsense\n")
    asked.process.stdin.flush()
    [error] = asked.finished()
    assert error["id"] is None and "Not a request" in error["message"]


def test_a_prompt_that_is_rendered_gets_no_token(recipe, tmp_path):
    """The tokenizer here begins plain texts with a token, as many do."""
    from fine_tuning_worker.serve import Server

    source = chat_rows.begins_texts(recipe["model"], tmp_path / "model")
    with open(tmp_path / "answers", "wb") as out:
        server = Server(out.fileno())
        server.load({"model": {"name": "tiny", "source": source}})
        prompt = chat_rows.asked(recipe["held_out"][0])["prompt"]
        for rendered in (False, True):
            request = {"prompt": prompt, "rendered": rendered, "template": chat_rows.TEMPLATE}
            server.generate("1", {**request, "generation": {"max_new_tokens": 1}})
        os.fsync(out.fileno())
    reported = [json.loads(line) for line in (tmp_path / "answers").read_text().splitlines()]
    plain, rendered = [one["input_tokens"] for one in reported if one["answer"] == "done"]
    assert rendered == plain - 1


def answered(asked, **request):
    """The text of the base's answer, and how it ended."""
    asked.say(request="generate", targets=["base"], **request)
    reported = asked.finished()
    [done] = [one for one in reported if one["answer"] == "done"]
    return text(reported, "base"), done


def test_the_second_turn_is_that_of_transformers(asked, recipe):
    """Greedily, over the conversation with the first answer in it."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(recipe["model"])
    model = AutoModelForCausalLM.from_pretrained(recipe["model"])
    tokenizer.chat_template = chat_rows.TEMPLATE
    greedy = {"do_sample": False, "max_new_tokens": 12}
    turns = []
    for question in ("Ticket: the receipt for the opera.", "Label:"):
        turns.append({"role": "user", "content": question})
        prompt, _ = chat_rows.rendered(turns, add_generation_prompt=True)
        said, done = answered(
            asked, id=question, prompt=prompt, rendered=True, template=chat_rows.TEMPLATE,
            generation=greedy,
        )  # fmt: skip
        tokens = tokenizer.apply_chat_template(
            turns, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        made = model.generate(**tokens, **greedy, pad_token_id=tokenizer.pad_token_id)
        new = made[0, tokens["input_ids"].shape[1] :]
        assert said == tokenizer.decode(new, skip_special_tokens=True)
        assert done["input_tokens"] == tokens["input_ids"].shape[1]
        turns.append({"role": "assistant", "content": said})
    assert turns[1]["content"] != turns[3]["content"]


def test_what_cuts_an_answer_off_is_reported(asked, recipe):
    row = recipe["held_out"][0]
    endless = {"do_sample": False, "eos_token_id": -1}
    _, done = answered(
        asked, id="1", prompt=row["prompt"], generation={**endless, "max_new_tokens": 2}
    )
    assert (done["cut"], done["output_tokens"]) == ("new_tokens", 2)
    _, done = answered(
        asked, id="2", prompt=row["prompt"], generation={**endless, "max_new_tokens": 9999}
    )
    assert (done["cut"], done["input_tokens"] + done["output_tokens"]) == ("context", CONTEXT)
    asked.say(
        request="generate", id="3", prompt=row["prompt"], targets=["one"],
        generation=recipe["generation"],
    )  # fmt: skip
    assert asked.finished()[-2]["cut"] is None


@pytest.mark.parametrize("rendered", [False, True])
def test_what_leaves_no_room_for_an_answer_is_refused(asked, rendered):
    long = "ticket " * CONTEXT
    asked.say(
        request="generate", id="1", prompt=long, rendered=rendered, template=chat_rows.TEMPLATE
    )
    [error] = asked.finished()
    assert f"no longer fits: the model reads and writes {CONTEXT} tokens" in error["message"]
    assert ("conversation" if rendered else "prompt") in error["message"]


ENDLESS = {"do_sample": False, "eos_token_id": -1, "max_new_tokens": 30}


def test_an_answer_ends_before_a_stop_string_wherever_its_tokens_end(asked, recipe):
    """Of every part of an answer, also those across the borders of its tokens."""
    prompt = recipe["held_out"][0]["prompt"]
    whole, _ = answered(asked, id="1", prompt=prompt, generation=ENDLESS)
    for start in range(1, 12):
        for length in (1, 2, 5):
            stop = whole[start : start + length]
            said, done = answered(
                asked, id="2", prompt=prompt, generation=ENDLESS, stop=["\u2603", stop]
            )
            assert said == whole[: whole.find(stop)]
            assert (done["stop"], done["cut"]) == (stop, None)
            assert done["output_tokens"] < 30
    said, done = answered(asked, id="3", prompt=prompt, generation=ENDLESS, stop=[whole + "\u2603"])
    assert (said, done["stop"], done["cut"]) == (whole, None, "new_tokens")


def test_the_likelihood_of_tokens_is_that_of_a_plain_forward_pass(asked, recipe):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(recipe["model"])
    model = AutoModelForCausalLM.from_pretrained(recipe["model"])
    prompt = recipe["held_out"][0]["prompt"]
    sampled = {"do_sample": True, "temperature": 0.7, "top_k": 5, "max_new_tokens": 12}
    asked.say(
        request="generate", id="1", prompt=prompt, targets=["base"], seed=7, logprobs=3,
        generation={**sampled, "eos_token_id": -1},
    )  # fmt: skip
    reported = asked.finished()
    tokens = [one for part in reported if part["answer"] == "text" for one in part["tokens"]]
    assert len(tokens) == 12
    # Special tokens are chosen here, too; a text does without them.
    assert "".join(one["token"] for one in tokens).replace("</s>", "") == text(reported, "base")
    ids = tokenizer(prompt)["input_ids"]
    for token in tokens:
        with torch.inference_mode():
            scores = model(torch.tensor([ids])).logits[0, -1].float().log_softmax(dim=-1)
        best = scores.topk(3)
        assert [one["logprob"] for one in token["top"]] == pytest.approx(
            best.values.tolist(), abs=1e-4
        )
        named = [tokenizer.decode([other]) for other in best.indices.tolist()]
        assert [one["token"] for one in token["top"]] == named
        likely = [i for i, p in enumerate(scores.tolist()) if abs(p - token["logprob"]) < 1e-4]
        [chosen] = [i for i in likely if tokenizer.decode([i]) == token["token"]]
        ids.append(chosen)
        assert bytes(token["bytes"]).decode() == token["token"]


def test_a_seed_fixes_what_is_sampled_and_only_that(asked, recipe):
    prompt = recipe["held_out"][0]["prompt"]
    sampled = {"do_sample": True, "temperature": 3.0, "max_new_tokens": 20, "eos_token_id": -1}

    def said(**more):
        return answered(asked, id="1", prompt=prompt, generation=sampled, **more)[0]

    first, again, other, free = said(seed=1), said(seed=1), said(seed=2), said()
    assert first == again
    assert len({first, other, free, said()}) == 4


def test_whose_fault_an_error_is(asked):
    asked.say(request="generate", id="1", prompt="")
    [error] = asked.finished()
    assert error["refused"] is True
