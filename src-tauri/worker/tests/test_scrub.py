import subprocess
import sys

from run_folder import environment

from fine_tuning_worker.scrub import scrub, secrets


def test_short_values_are_left_alone_and_the_longest_goes_first():
    given = {"HF_TOKEN": "abc", "WANDB_API_KEY": "abcd", "MLFLOW_TRACKING_TOKEN": "abcdef"}
    assert secrets(given) == ["abcdef", "abcd"]
    assert scrub({"abcd": ["xabcdefx", 1]}, secrets(given)) == {"[secret]": ["x[secret]x", 1]}


SCRIPT = """
import os, subprocess, sys
from fine_tuning_worker.scrub import ScrubbedOutput
token = os.environ["HF_TOKEN"]
with ScrubbedOutput():
    print("mine", token)
    print("error", token, file=sys.stderr)
    sys.stdout.write(token[:5]); sys.stdout.flush()
    sys.stdout.write(token[5:] + " in halves\\n")
    os.write(1, b"bare " + token.encode() + b"\\n")
    subprocess.run([sys.executable, "-c", "import os; print('child', os.environ['HF_TOKEN'])"])
    sys.stdout.write("a" * 200_000 + token + "\\n")
    sys.stdout.write("no line end " + token)
print("after")
"""


def test_nothing_printed_shows_a_token_not_even_by_a_child():
    run = subprocess.run(
        [sys.executable, "-u", "-c", SCRIPT],
        env=environment(HF_TOKEN="hf_0123456789"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "0123456789" not in run.stdout + run.stderr
    for words in ("mine", "bare", "child"):
        assert f"{words} [secret]\n" in run.stdout
    assert "[secret] in halves\n" in run.stdout
    assert "a" * 200_000 + "[secret]\n" in run.stdout
    assert "no line end [secret]after\n" in run.stdout
    assert run.stderr == "error [secret]\n"
