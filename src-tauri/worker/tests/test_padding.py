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
        # Not in the vocabulary.
        (tokenizer(pad="<pad>", pad_id=-1, unk="<unk>"), "</s>"),
        (tokenizer(pad="</s>", pad_id=2, unk="<unk>"), "</s>"),
        (tokenizer(pad="<|endoftext|>", pad_id=0, eos="<|endoftext|>"), "<|endoftext|>"),
        (tokenizer(unk="<unk>", added=["<|padding|>"]), "</s>"),
        (tokenizer(), "</s>"),
    ],
)
def test_the_tokens_of_trl(given, chosen):
    assert choose(given) == chosen


def test_a_token_without_an_embedding_is_none():
    added = tokenizer(pad="[PAD]", pad_id=1000)
    assert choose(added, rows=1000) == "</s>"
    assert choose(added, rows=1001) == "[PAD]"


def test_refused_where_there_is_none():
    with pytest.raises(Failure) as failure:
        choose(tokenizer(eos=None))
    assert "padding" in failure.value.message and failure.value.hint
