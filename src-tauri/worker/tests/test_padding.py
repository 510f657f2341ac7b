from types import SimpleNamespace

import pytest

from fine_tuning_worker.failure import Failure
from fine_tuning_worker.padding import choose


def tokenizer(pad=None, pad_id=None, unk=None, eos="</s>", added=()):
    return SimpleNamespace(
        pad_token=pad,
        pad_token_id=pad_id,
        unk_token=unk,
        eos_token=eos,
        added_tokens_decoder=dict(enumerate(added)),
    )


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        (tokenizer(pad="<pad>", pad_id=3, unk="<unk>"), "<pad>"),
        (tokenizer(pad="<pad>", pad_id=-1, unk="<unk>"), "<unk>"),
        (tokenizer(pad="</s>", pad_id=2, unk="<unk>"), "<unk>"),
        (tokenizer(unk="<unk>", added=["<|padding|>"]), "<unk>"),
        (tokenizer(unk="</s>", added=["<|reserved_0|>", "<|right_pad_id|>"]), "<|right_pad_id|>"),
        (tokenizer(added=["<x>", "<|reserved_0|>", "<|reserved_1|>"]), "<|reserved_0|>"),
    ],
)
def test_the_first_that_will_do(given, chosen):
    assert choose(given) == chosen


@pytest.mark.parametrize(
    "given",
    [
        tokenizer(pad="<|endoftext|>", pad_id=0, unk="<|endoftext|>", eos="<|endoftext|>"),
        tokenizer(unk="</s>", added=["<x>"]),
        tokenizer(),
    ],
)
def test_refused_where_there_is_none(given):
    with pytest.raises(Failure) as failure:
        choose(given)
    assert "padding" in failure.value.message and failure.value.hint
