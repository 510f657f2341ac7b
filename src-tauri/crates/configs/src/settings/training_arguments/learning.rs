//! Batches, steps and the optimizer.

use crate::{
    Setting,
    SettingKind::{self, Integer, Steps, Switch},
};

pub(super) const LENGTH: &[Setting] = &[
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
        "Joins short rows until the tokens a row are reached. Choose it for supervised fine-tuning on short rows, where it is much faster.",
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

pub(super) const RATE: &[Setting] = &[
    Setting::new(
        "learning_rate",
        "Learning rate",
        "How far the weights move a step. 0.0001 to 0.0003 is usual for LoRA, a tenth of it without.",
        SettingKind::POSITIVE,
        "5e-05",
    ),
    Setting::new(
        "loraplus_lr_ratio",
        "Faster B matrices",
        "How much faster the second of an adapter's two matrices learns than the first (LoRA+). Choose 4 to 16 where an adapter learns too slowly.",
        SettingKind::POSITIVE,
        "null",
    )
    .advanced(),
    Setting::new(
        "lr_scheduler_type",
        "Course of the rate",
        "How the learning rate changes while training. Choose cosine or linear, which end near zero, unless the training goes on later.",
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
        "Optimizer",
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
        "Adds noise to the embeddings while training (NEFTune). Choose 5 to 15 for supervised fine-tuning on few rows, whose answers it can improve.",
        SettingKind::POSITIVE,
        "null",
    )
    .advanced(),
    Setting::new(
        "label_smoothing_factor",
        "Label smoothing",
        "The probability that is moved from the expected token to all others, for the price of slower steps. Choose 0.1 where answers of the rows are partly wrong.",
        SettingKind::SHARE,
        "0.0",
    )
    .advanced(),
    Setting::new(
        "adam_beta1",
        "Adam beta 1",
        "The decay of the running mean of the gradients.",
        SettingKind::SHARE,
        "0.9",
    )
    .advanced(),
    Setting::new(
        "adam_beta2",
        "Adam beta 2",
        "The decay of the running mean of their squares.",
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
