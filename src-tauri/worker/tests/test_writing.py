"""What becomes of an answer's text while it grows."""

import itertools

import pytest

from fine_tuning_worker.writing import Detokenizer, Stops

TEXT = "ab\n\naab\nabc"


def pieces(text: str):
    """Some ways to cut a text into pieces."""
    for cuts in itertools.combinations(range(1, len(text)), 3):
        ends = [0, *cuts, len(text)]
        yield [text[a:b] for a, b in itertools.pairwise(ends)]


@pytest.mark.parametrize(
    "stops", [["aab"], ["abc"], ["\n\n"], ["b\na", "ab\na"], ["abd"], ["aab", "b\n"], [], [""]]
)
def test_a_text_ends_at_its_first_stop_however_it_is_cut(stops):
    places = [TEXT.find(stop) for stop in stops if stop and stop in TEXT]
    wanted = TEXT[: min(places)] if places else TEXT
    for cut in pieces(TEXT):
        seen = Stops(stops)
        said = ""
        for piece in cut:
            said += seen.add(piece)
            assert wanted.startswith(said)
            if seen.found is not None:
                break
        else:
            said += seen.rest()
        assert said == wanted
        assert (seen.found is not None) == bool(places)


def test_nothing_is_held_that_begins_no_stop():
    seen = Stops(["<end>"])
    assert seen.add("a < b") == "a < b"
    assert [seen.add("<en"), seen.add("ough"), seen.add(" <"), seen.rest()] == [
        "",
        "<enough",
        " ",
        "<",
    ]


class Bytes:
    """A tokenizer whose tokens are the bytes of a text."""

    def decode(self, tokens, **_):
        return bytes(tokens).decode(errors="replace")


def test_a_character_of_several_tokens_comes_whole():
    text = "Łódź 🎭の!"
    seen = Detokenizer(Bytes())
    said = [seen.add(byte) for byte in text.encode()]
    assert "".join(said) + seen.rest() == text
    assert [piece for piece in said if piece] == list(text)


def test_half_a_character_at_the_end_is_not_lost():
    seen = Detokenizer(Bytes())
    assert [seen.add(byte) for byte in "a🎭".encode()[:3]] == ["a", "", ""]
    assert seen.rest() == "\ufffd"
