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
        "Compute in bfloat16. Safer than float16, on GPUs since Ampere and on some CPUs.",
        Switch,
        "false",
    ),
    Setting::new("fp16", "float16", "Compute in float16, on any CUDA device. Not on a CPU.", Switch, "false"),
    Setting::new("tf32", "TF32", "Let a GPU since Ampere multiply in TF32.", Switch, "null").advanced(),
    Setting::new(
        "gradient_checkpointing",
        "Gradient checkpointing",
        "Compute activations again instead of keeping them: far less memory, about a fifth slower.",
        Switch,
        "null",
    ),
    Setting::new("use_cpu", "Use the CPU", "Train on the CPU even if there is a GPU.", Switch, "false"),
    Setting::new(
        "torch_compile",
        "Compile the model",
        "Compile with PyTorch first. Pays off in long runs.",
        Switch,
        "false",
    )
    .advanced(),
    Setting::new(
        "ddp_find_unused_parameters",
        "Look for unused weights",
        "Between several devices, look for weights without a gradient. Slower; only some models need it.",
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
        "How many rows a device takes at once when evaluating.",
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
        "The steps between two checkpoints; below 1 a share of all.",
        Steps,
        "500",
    ),
    Setting::new(
        "save_total_limit",
        "Checkpoints kept",
        "Older checkpoints are deleted beyond this number. All are kept when left out.",
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
    Setting::new("logging_strategy", "Log", "When the loss is written down.", STRATEGY, "\"steps\"")
        .advanced(),
    Setting::new(
        "logging_steps",
        "Log every",
        "The steps between two entries; below 1 a share of all.",
        Steps,
        "500",
    ),
    Setting::new(
        "report_to",
        "Report to",
        "Where figures go beside the log: mlflow, tensorboard, wandb, or none.",
        SettingKind::List { alone: &["none", "all"] },
        "\"none\"",
    )
    .nullable(),
    Setting::new("run_name", "Name of the run", "What the run is called there.", Text, "null").advanced(),
    Setting::new("disable_tqdm", "No progress bars", "Leave out the bars in the log.", Switch, "null")
        .advanced(),
];

pub(super) const DATA: &[Setting] = &[
    Setting::new("seed", "Seed", "The same seed gives the same run.", Integer { min: 0 }, "42"),
    Setting::new(
        "data_seed",
        "Seed of the order",
        "For the order of the rows alone. The seed when left out.",
        Integer { min: 0 },
        "null",
    )
    .advanced(),
    Setting::new(
        "train_sampling_strategy",
        "Order of the rows",
        "At random, in the order of the file, or rows of similar length together, which saves padding.",
        SettingKind::one_of(&["random", "sequential", "group_by_length", "batch_rebalance"]),
        "\"random\"",
    )
    .advanced(),
    Setting::new(
        "dataloader_num_workers",
        "Processes that read",
        "How many processes prepare batches; 0 for the training process itself.",
        Integer { min: 0 },
        "0",
    )
    .advanced(),
    Setting::new(
        "remove_unused_columns",
        "Drop other columns",
        "Leave out columns the model does not take.",
        Switch,
        "true",
    )
    .advanced(),
];
