"""Which devices a run may use. Needs no torch."""

import pytest

from fine_tuning_worker import device
from fine_tuning_worker.failure import Failure


@pytest.mark.parametrize(
    ("seen", "chosen", "left"),
    [
        (None, [1, 0], "1,0"),
        ("4,GPU-8a,2", [1], "GPU-8a"),
        ("4, 2", [0, 1], "4,2"),
        ("3", None, "3"),
        ("3", [], "3"),
    ],
)
def test_devices_are_counted_among_those_in_sight(monkeypatch, seen, chosen, left):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if seen:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", seen)
    device.restrict(chosen)
    assert device.os.environ["CUDA_VISIBLE_DEVICES"] == left


def test_a_device_out_of_sight_is_refused(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,2")
    with pytest.raises(Failure, match="GPU 2 is chosen, and CUDA_VISIBLE_DEVICES shows 2"):
        device.restrict([2])
