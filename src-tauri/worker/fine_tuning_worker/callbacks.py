"""Writes the progress of a training as events, and ends it when asked."""

import os
import time

from . import ranks
from .events import Events
from .stop import Stop, Stopped

SAVED_AFTER = 300
"""Seconds after which a checkpoint is due even if its number of steps has not come: where a step
takes a minute, 500 of them are too much to lose."""


def numbers(logs: dict) -> dict:
    """What a trainer logs, as far as it is a number: some log tables and texts beside."""
    return {
        name: value
        for name, value in logs.items()
        if name != "epoch"
        and (isinstance(value, (int, float)) or getattr(value, "ndim", None) == 0)
    }


def reporter(events: Events, stop: Stop, saves: bool):
    """The Trainer callback. ``saves`` = also save by the clock (the job named no rhythm)."""
    from transformers import TrainerCallback

    class Reporter(TrainerCallback):
        def __init__(self):
            self._saved = time.monotonic()
            self._evaluating = False

        def on_step_end(self, args, state, control, **_):
            self._progress(state)
            late = saves and time.monotonic() - self._saved > SAVED_AFTER
            asked, due = ranks.agree(stop.requested, late)
            if asked or due:
                control.should_save = True
            if asked:
                control.should_training_stop = True
            return control

        def on_prediction_step(self, args, state, control, **_):
            if any(ranks.agree(stop.requested)):
                raise Stopped
            if not self._evaluating:
                self._evaluating = True
                events.status("evaluating", "Evaluating on the rows kept for it")

        def on_evaluate(self, args, state, control, **_):
            self._evaluating = False
            events.status("training", "Training")

        def on_log(self, args, state, control, logs=None, **_):
            if values := numbers(logs or {}):
                events.send("metrics", step=state.global_step, epoch=state.epoch, values=values)

        def on_save(self, args, state, control, **_):
            self._saved = time.monotonic()
            path = os.path.join(args.output_dir, f"checkpoint-{state.global_step}")
            events.send("checkpoint", step=state.global_step, path=path)

        def on_train_begin(self, args, state, control, **_):
            self._saved = time.monotonic()
            events.status("training", "Training")
            self._progress(state, last=True)

        def on_train_end(self, args, state, control, **_):
            self._progress(state, last=True)

        def _progress(self, state, last=False):
            if events.throttled("progress", last):
                events.send(
                    "progress",
                    step=state.global_step,
                    max_steps=state.max_steps,
                    epoch=state.epoch or 0.0,
                )

    return Reporter()


def early_end(patience: int, events: Events):
    """The Trainer callback that ends a training whose evaluation loss has stopped falling."""
    from transformers import EarlyStoppingCallback

    class EarlyEnd(EarlyStoppingCallback):
        def on_evaluate(self, args, state, control, **given):
            super().on_evaluate(args, state, control, **given)
            if self.early_stopping_patience_counter >= self.early_stopping_patience:
                events.message(
                    f"Ended early after step {state.global_step}: {args.metric_for_best_model} has not "
                    f"improved in the last {self.early_stopping_patience} evaluations."
                )

    return EarlyEnd(early_stopping_patience=patience)
