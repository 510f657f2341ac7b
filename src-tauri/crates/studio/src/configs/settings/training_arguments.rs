//! The settings of training (`transformers.TrainingArguments`, and of `trl.SFTConfig` what says
//! how long a row may be).

use crate::{
    configs::{
        Setting, SettingGroup,
        SettingKind::{self, Integer, Steps, Switch, Text},
        TypedSettings,
        check::{Given, SettingMark},
    },
    resources::ConfigType,
};

pub(super) static TRAINING_ARGUMENTS: TypedSettings = TypedSettings {
    r#type: ConfigType::TrainingArguments,
    library: "transformers, trl",
    default: r#"{"num_train_epochs": 1, "optim": "paged_adamw_32bit", "per_device_train_batch_size": 1, "gradient_accumulation_steps": 4, "warmup_ratio": 0.03, "max_grad_norm": 0.3, "learning_rate": 0.0002, "fp16": true, "logging_steps": 1, "lr_scheduler_type": "constant", "disable_tqdm": true, "report_to": "mlflow", "ddp_find_unused_parameters": false}"#,
    groups: &[
        SettingGroup { title: "Length and batches", settings: LENGTH },
        SettingGroup { title: "Learning rate", settings: RATE },
        SettingGroup { title: "Precision and memory", settings: MEMORY },
        SettingGroup { title: "Evaluation and checkpoints", settings: CHECKPOINTS },
        SettingGroup { title: "Logs", settings: LOGS },
        SettingGroup { title: "Data and chance", settings: DATA },
    ],
    together,
};

fn together(given: &Given<'_>, marks: &mut Vec<SettingMark>) {
    if given.on("fp16") && given.on("bf16") {
        marks.push(SettingMark::wrong("bf16", "fp16 and bf16 can't both be on: choose one."));
    }
    let warms = |name| given.above(name, 0.0);
    if warms("warmup_ratio") && warms("warmup_steps") {
        let message = "warmup_ratio is ignored: warmup_steps is given too.";
        marks.push(SettingMark::note("warmup_ratio", message));
    }
    let course = given.text("lr_scheduler_type").unwrap_or("linear");
    if course == "constant" && (warms("warmup_ratio") || warms("warmup_steps")) {
        let message = "lr_scheduler_type constant has no warm-up; constant_with_warmup has.";
        marks.push(SettingMark::note("lr_scheduler_type", message));
    }
    if given.above("max_steps", 0.0) && given.has("num_train_epochs") {
        let message = "num_train_epochs is ignored: max_steps says when to stop.";
        marks.push(SettingMark::note("num_train_epochs", message));
    }
    let evaluated = given.text("eval_strategy").unwrap_or("no");
    let saved = given.text("save_strategy").unwrap_or("steps");
    for (steps, strategy, when) in
        [("eval_steps", "eval_strategy", evaluated), ("save_steps", "save_strategy", saved)]
    {
        if given.has(steps) && when != "steps" {
            marks.push(SettingMark::note(steps, format!("{steps} is ignored: {strategy} is {when}.")));
        }
    }
    if given.on("load_best_model_at_end") && saved != "best" && saved != evaluated {
        let message = format!(
            "load_best_model_at_end needs the same eval_strategy and save_strategy, not {evaluated} and {saved}."
        );
        marks.push(SettingMark::wrong("load_best_model_at_end", message));
    }
    if matches!(course, "reduce_lr_on_plateau" | "greedy") && evaluated == "no" {
        let message = format!("lr_scheduler_type {course} needs an eval_strategy other than no.");
        marks.push(SettingMark::wrong("lr_scheduler_type", message));
    }
}

const STRATEGY: SettingKind = SettingKind::one_of(&["no", "steps", "epoch"]);

const LENGTH: &[Setting] = &[
    Setting::new(
        "num_train_epochs",
        "Epochs",
        "How often the whole dataset is gone through. Parts of an epoch are fine.",
        SettingKind::POSITIVE,
        "3.0",
    ),
    Setting::new(
        "max_steps",
        "Steps at most",
        "Stop after this many steps, whatever the epochs say; -1 for no such limit.",
        Integer { min: -1 },
        "-1",
    ),
    Setting::new(
        "per_device_train_batch_size",
        "Batch size",
        "How many rows a device takes at once. Larger needs more memory.",
        Integer { min: 1 },
        "8",
    ),
    Setting::new(
        "gradient_accumulation_steps",
        "Batches a step",
        "How many batches are summed up before the weights change: a larger batch for the same memory.",
        Integer { min: 1 },
        "1",
    ),
    Setting::new(
        "max_length",
        "Tokens a row",
        "Longer rows are cut off (trl). Half the length needs about half the memory.",
        Integer { min: 1 },
        "1024",
    )
    .nullable(),
    Setting::new(
        "packing",
        "Pack short rows",
        "Join short rows until a full length is reached (trl). Much faster when rows are short.",
        Switch,
        "false",
    )
    .advanced(),
    Setting::new(
        "auto_find_batch_size",
        "Find the batch size",
        "Halve the batch size and start again whenever the memory does not suffice.",
        Switch,
        "false",
    )
    .advanced(),
];

const RATE: &[Setting] = &[
    Setting::new(
        "learning_rate",
        "Learning rate",
        "How far the weights move a step. 0.0001 to 0.0003 is usual for LoRA, a tenth of it without.",
        SettingKind::POSITIVE,
        "5e-05",
    ),
    Setting::new(
        "lr_scheduler_type",
        "Course of the rate",
        "How the learning rate changes while training.",
        SettingKind::one_of(&[
            "linear",
            "cosine",
            "constant",
            "constant_with_warmup",
            "cosine_with_restarts",
            "cosine_with_min_lr",
            "cosine_warmup_with_min_lr",
            "polynomial",
            "inverse_sqrt",
            "reduce_lr_on_plateau",
            "warmup_stable_decay",
            "greedy",
        ]),
        "\"linear\"",
    ),
    Setting::new(
        "warmup_ratio",
        "Warm-up share",
        "The share of all steps in which the rate rises from zero. Transformers 5 calls it warmup steps below 1; studios know it by this name.",
        SettingKind::SHARE,
        "0.0",
    ),
    Setting::new(
        "warmup_steps",
        "Warm-up steps",
        "The number of steps in which the rate rises from zero; below 1 the share of all steps.",
        Steps,
        "0",
    ),
    Setting::new(
        "optim",
        "Optimiser",
        "What turns gradients into changes. The paged and 8-bit ones need bitsandbytes and a CUDA device; adamw_torch runs everywhere.",
        SettingKind::Choice {
            options: &[
                "adamw_torch",
                "adamw_torch_fused",
                "adamw_8bit",
                "adamw_bnb_8bit",
                "paged_adamw_32bit",
                "paged_adamw_8bit",
                "adafactor",
                "lion_8bit",
                "lion_32bit",
                "paged_lion_8bit",
                "paged_lion_32bit",
                "sgd",
                "rmsprop",
                "adagrad",
                "schedule_free_adamw",
                "stable_adamw",
            ],
            open: true,
        },
        "\"adamw_torch_fused\"",
    ),
    Setting::new(
        "weight_decay",
        "Weight decay",
        "How strongly weights are drawn towards zero.",
        SettingKind::NOT_NEGATIVE,
        "0.0",
    ),
    Setting::new(
        "max_grad_norm",
        "Gradient limit",
        "Gradients longer than this are shortened to it; 0 for no limit.",
        SettingKind::NOT_NEGATIVE,
        "1.0",
    ),
    Setting::new(
        "neftune_noise_alpha",
        "Noise in the embeddings",
        "Add noise to the embeddings, which can improve answers; 5 to 15 is usual (NEFTune).",
        SettingKind::POSITIVE,
        "null",
    )
    .advanced(),
    Setting::new(
        "label_smoothing_factor",
        "Label smoothing",
        "How much certainty is taken from the expected token.",
        SettingKind::SHARE,
        "0.0",
    )
    .advanced(),
    Setting::new(
        "adam_beta1",
        "Adam beta 1",
        "How long the mean of the gradients remembers.",
        SettingKind::SHARE,
        "0.9",
    )
    .advanced(),
    Setting::new(
        "adam_beta2",
        "Adam beta 2",
        "How long their spread remembers.",
        SettingKind::SHARE,
        "0.999",
    )
    .advanced(),
    Setting::new(
        "adam_epsilon",
        "Adam epsilon",
        "Keeps Adam from dividing by zero.",
        SettingKind::POSITIVE,
        "1e-08",
    )
    .advanced(),
];

const MEMORY: &[Setting] = &[
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

const CHECKPOINTS: &[Setting] = &[
    Setting::new(
        "eval_strategy",
        "Evaluate",
        "When the model is held against the evaluation rows.",
        STRATEGY,
        "\"no\"",
    ),
    Setting::new(
        "eval_steps",
        "Evaluate every",
        "The steps between two evaluations; below 1 a share of all. As often as the log when left out.",
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
        "When the state is saved, so that a run can be taken up again.",
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
        "At the end, go back to the checkpoint that was evaluated best.",
        Switch,
        "false",
    ),
    Setting::new(
        "metric_for_best_model",
        "Measure of the best",
        "The figure of the evaluation that decides. The loss when left out.",
        Text,
        "null",
    )
    .advanced(),
    Setting::new(
        "greater_is_better",
        "More is better",
        "Whether a greater figure is the better one.",
        Switch,
        "null",
    )
    .advanced(),
];

const LOGS: &[Setting] = &[
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

const DATA: &[Setting] = &[
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
        "At random, as they stand, or rows of like length together, which saves padding.",
        SettingKind::one_of(&["random", "sequential", "group_by_length", "batch_rebalance"]),
        "\"random\"",
    )
    .advanced(),
    Setting::new(
        "dataloader_num_workers",
        "Processes that read",
        "How many processes prepare batches; 0 for the training itself.",
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
