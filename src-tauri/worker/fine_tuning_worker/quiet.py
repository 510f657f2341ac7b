"""Keeps out of the log what concerns no run: progress bars, reports of use, and lines of libraries
that read like faults and are none."""

import logging
import os
import re
import warnings

VARIABLES = {
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    # A server that is gone holds a run up for a minute, not for the half hour of the defaults.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "DO_NOT_TRACK": "1",
    # The run says itself which methods are experimental.
    "TRL_EXPERIMENTAL_SILENCE": "1",
    "GIT_PYTHON_REFRESH": "quiet",
    "TOKENIZERS_PARALLELISM": "true",
}

HARMLESS = (
    # One library uses a name that another has renamed.
    r"gradient_checkpointing` is deprecated",
    # PEFT says that it does the right thing for layers such as GPT-2's.
    r"fan_in_fan_out is set to False but the target module is `Conv1D`",
    # A reward model has a new head where the language model had its own.
    r"ForSequenceClassification LOAD REPORT",
    # The worker converts such an adapter as it saves it.
    r"Consider converting the \w+ adapter into a normal LoRA adapter",
    # The padding token that the worker chose is written into the model's configuration.
    r"The tokenizer has new PAD/BOS/EOS tokens",
)

WITHOUT_GPU = (
    # Kernels for GPUs that a processor has no use for, and the memory that feeds GPUs.
    r"is falling back to its reference",
    r"[Ff]ast path is not available",
    r"'pin_memory' argument is set as true but no accelerator",
    r"CUDA is not available|no CUDA|CUDA initialization",
    r"gemm_4bit_forward",
)
"""Messages that concern no run on a processor."""


def environment():
    """Sets the switches of libraries, as far as nobody else set them. Before they are imported."""
    for name, value in VARIABLES.items():
        os.environ.setdefault(name, value)
    # PEFT imports bitsandbytes wherever it is installed, and on a processor that warns at its import
    # that a kernel for 4-bit weights is missing. The run says itself that it is slow there.
    logging.getLogger("bitsandbytes.backends").setLevel(logging.ERROR)
    # Creating the tables of a tracking database is no news.
    for name in ("mlflow.store.db.utils", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def libraries(on_cpu: bool):
    """Drops the harmless messages of imported libraries."""
    dropped = [*HARMLESS, *(WITHOUT_GPU if on_cpu else ())]
    for pattern in dropped:
        warnings.filterwarnings("ignore", message=f".*(?:{pattern})")
    found = re.compile("|".join(dropped))

    def concerns(record: logging.LogRecord) -> bool:
        return not found.search(record.getMessage())

    # A filter of a logger does not see what its children log, that of a handler does.
    names = ("", "transformers", "trl", "peft", "accelerate", "datasets")
    handlers = [handler for name in names for handler in logging.getLogger(name).handlers]
    for handler in [*handlers, logging.lastResort]:
        handler.addFilter(concerns)
