//! Precision, memory, evaluation, checkpoints, logs and data loading.

use crate::{
    Setting,
    SettingKind::{self, Integer, Steps, Switch, Text},
};

const STRATEGY: SettingKind = SettingKind::one_of(&["no", "steps", "epoch"]);

pub(super) const MEMORY: &[Setting] = &[
    Setting::new(
        "bf16",
        "bfloat16",
        "Computes in bfloat16, which has the range of 32 bits. Choose it on GPUs since Ampere, where it halves the memory of activations; small differences are rounded away.",
        Switch,
        "false",
    ),
    Setting::new("fp16", "float16", "Computes in float16, on any CUDA device. Choose it on GPUs before Ampere, which lack bfloat16; its range is small, so a loss can become infinite.", Switch, "false"),
    Setting::new("tf32", "TF32", "Lets a GPU since Ampere multiply in TF32. Choose it where training runs in 32 bits: it is several times faster, and rounds to ten bits.", Switch, "null").advanced(),
    Setting::new(
        "gradient_checkpointing",
        "Gradient checkpointing",
        "Computes activations again instead of keeping them. Choose it where the memory does not suffice: it needs far less, and takes about a fifth longer.",
        Switch,
        "null",
    ),
    Setting::new("use_cpu", "Use the CPU", "Trains on the CPU even if there is a GPU. Choose it for tiny models, or while the GPU is taken; anything larger takes many times longer.", Switch, "false"),
    Setting::new(
        "torch_compile",
        "Compile the model",
        "Compiles the model with PyTorch before the first step. Choose it for runs of many hours, which get faster; the first steps take minutes, and some models can't be compiled.",
        Switch,
        "false",
    )
    .advanced(),
    Setting::new(
        "ddp_find_unused_parameters",
        "Look for unused weights",
        "Looks for weights without a gradient where several devices train. Choose it if a training on several devices ends with an error about unused parameters; each step gets slower.",
        Switch,
        "null",
    )
    .advanced(),
];

pub(super) const CHECKPOINTS: &[Setting] = &[
    Setting::new(
        "eval_strategy",
        "Evaluate",
        "When the model is evaluated on the rows that are held back. Choose epoch for few rows, and steps where an epoch takes hours; no saves the time.",
        STRATEGY,
        "\"no\"",
    ),
    Setting::new(
        "eval_steps",
        "Evaluate every",
        "The steps between two evaluations, below 1 a share of all; as often as the log when left out. Choose it so that there are ten or so: fewer miss where the loss turns, and each one takes time.",
        Steps,
        "null",
    ),
    Setting::new(
        "per_device_eval_batch_size",
        "Batch size of evaluation",
        "How many rows a device takes at once when evaluating. Choose more than for training, as evaluating keeps no gradients; too many end the run when its memory is full.",
        Integer { min: 1 },
        "8",
    )
    .advanced(),
    Setting::new(
        "save_strategy",
        "Save checkpoints",
        "When the state is saved, so that a run can be resumed. Choose the same as for evaluations to end with the best checkpoint; each one takes time and disk space.",
        SettingKind::one_of(&["no", "steps", "epoch", "best"]),
        "\"steps\"",
    ),
    Setting::new(
        "save_steps",
        "Save every",
        "The steps between two checkpoints, below 1 a share of all. Choose fewer where a run may be interrupted: what was trained since the last one is lost, and each one takes time and disk space.",
        Steps,
        "500",
    ),
    Setting::new(
        "save_total_limit",
        "Checkpoints kept",
        "Older checkpoints are deleted beyond this number, and all are kept when left out. Choose 1 or 2 for large models; a checkpoint that is gone can't be returned to.",
        Integer { min: 1 },
        "null",
    ),
    Setting::new(
        "load_best_model_at_end",
        "End with the best",
        "At the end, returns to the checkpoint with the best evaluation instead of the last one. Choose it for few rows or many epochs, where the model gets worse on new rows while it learns these by heart.",
        Switch,
        "false",
    ),
    Setting::new(
        "metric_for_best_model",
        "Measure of the best",
        "The figure of the evaluation that decides which checkpoint is the best, the loss when left out. Choose eval_rewards/accuracies for preferences, where the loss can rise while answers get better.",
        Text,
        "null",
    )
    .advanced(),
    Setting::new(
        "greater_is_better",
        "More is better",
        "Whether a greater figure is the better one. Choose it where the name of the measure misleads: left out, less is better where it ends with loss, and more otherwise.",
        Switch,
        "null",
    )
    .advanced(),
];

pub(super) const LOGS: &[Setting] = &[
    Setting::new("logging_strategy", "Log", "When the loss is written down. Choose epoch only for very long runs: the curve gets few points then, and nothing is seen of an epoch until it ends.", STRATEGY, "\"steps\"")
        .advanced(),
    Setting::new(
        "logging_steps",
        "Log every",
        "The steps between two entries of the log and the curves, below 1 a share of all. Choose 1 for short runs to see each step, and 10 or more for fast ones, which writing slows down.",
        Steps,
        "500",
    ),
    Setting::new(
        "report_to",
        "Report to",
        "Where figures go beside the log: mlflow, tensorboard, wandb, or none. Choose what you compare runs in; wandb sends them to its servers.",
        SettingKind::List { alone: &["none", "all"] },
        "\"none\"",
    )
    .nullable(),
    Setting::new("run_name", "Name of the run", "What the run is called where figures are reported to. Choose one that names what is tried out; the name of the job is used when left out.", Text, "null").advanced(),
    Setting::new("disable_tqdm", "No progress bars", "Leaves the progress bars out of the log. Choose it for logs that are read later: bars fill them with lines.", Switch, "null")
        .advanced(),
];

pub(super) const DATA: &[Setting] = &[
    Setting::new("seed", "Seed", "The beginning of all that is random: the same seed gives the same run. Choose several seeds to see how much of a difference between settings is chance; each one is a run more.", Integer { min: 0 }, "42"),
    Setting::new(
        "data_seed",
        "Seed of the order",
        "The seed for the order of the rows alone, and the seed of the run when left out. Choose it to compare runs that differ only in this order; it takes nothing else.",
        Integer { min: 0 },
        "null",
    )
    .advanced(),
    Setting::new(
        "train_sampling_strategy",
        "Order of the rows",
        "In which order rows are trained on. Choose group_by_length for rows of very different length, which saves padding, and sequential to keep the order of the file; both make batches less mixed than random.",
        SettingKind::one_of(&["random", "sequential", "group_by_length", "batch_rebalance"]),
        "\"random\"",
    )
    .advanced(),
    Setting::new(
        "dataloader_num_workers",
        "Processes that read",
        "How many processes prepare batches, 0 for the training process itself. Choose 2 to 4 where a GPU waits for rows; each one takes main memory.",
        Integer { min: 0 },
        "0",
    )
    .advanced(),
    Setting::new(
        "remove_unused_columns",
        "Drop other columns",
        "Leaves out columns that the model does not take. Choose off only for a trainer of your own that reads them; others end with an error then.",
        Switch,
        "true",
    )
    .advanced(),
];
