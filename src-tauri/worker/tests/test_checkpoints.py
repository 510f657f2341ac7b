import json

from run_folder import checkpoint

from fine_tuning_worker.checkpoints import name_best_here, newest_complete


def cut(path, by=10):
    path.write_bytes(path.read_bytes()[:-by])


def test_the_highest_step_counts_not_the_last_name(tmp_path):
    for step in (9, 10, 100):
        checkpoint(tmp_path, step)
    (tmp_path / "checkpoint-x").mkdir()
    assert newest_complete(tmp_path).name == "checkpoint-100"


def test_there_may_be_none(tmp_path):
    assert newest_complete(tmp_path / "missing") is None
    assert newest_complete(tmp_path) is None


def test_whatever_is_damaged_is_passed_over_and_named(tmp_path):
    good = checkpoint(tmp_path, 1)
    cut(checkpoint(tmp_path, 2) / "adapter_model.safetensors", by=4)
    cut(checkpoint(tmp_path, 3) / "optimizer.pt")
    (checkpoint(tmp_path, 4) / "scheduler.pt").unlink()
    (checkpoint(tmp_path, 5) / "trainer_state.json").write_text('{"global_st')
    (checkpoint(tmp_path, 6) / "trainer_state.json").unlink()
    (checkpoint(tmp_path, 7) / "adapter_model.safetensors").unlink()
    (checkpoint(tmp_path, 8) / "trainer_state.json").write_text('{"global_step": 3}')
    (checkpoint(tmp_path, 9) / "adapter_model.safetensors").write_bytes(b"")
    passed = []
    assert newest_complete(tmp_path, lambda path, why: passed.append((path.name, why))) == good
    assert [name for name, _ in passed] == [f"checkpoint-{step}" for step in range(9, 1, -1)]
    assert all(why for _, why in passed)


def test_the_best_one_is_found_where_checkpoints_of_another_machine_are_now(tmp_path):
    best, last = checkpoint(tmp_path, 4), checkpoint(tmp_path, 6)
    state_file = last / "trainer_state.json"

    def named(path):
        state = json.loads(state_file.read_text()) | {"best_model_checkpoint": path}
        state_file.write_text(json.dumps(state))
        name_best_here(last)
        assert newest_complete(tmp_path) == last
        return json.loads(state_file.read_text())["best_model_checkpoint"]

    assert named("output/checkpoints/checkpoint-4") == str(best)
    assert named("C:\\runs\\output\\checkpoint-4") == str(best)
    assert named(str(best)) == str(best)
    assert named("/elsewhere/checkpoint-2") is None
    assert named(None) is None
