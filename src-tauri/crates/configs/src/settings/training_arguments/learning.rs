//! Batches, steps and the optimizer.

use crate::{
    Setting,
    SettingKind::{self, Integer, Steps, Switch},
};

pub(super) const LENGTH: &[Setting] = &[
    Setting::new(
        "num_train_epochs",
        "Epochs",
        "How often the whole dataset is gone through; parts of an epoch are fine. Choose 1 to 3, and more only for a few hundred rows: each epoch takes as long again, and rows seen too often are learned by heart.",
        SettingKind::POSITIVE,
        "3.0",
    ),
    Setting::new(
        "max_steps",
        "Steps at most",
        "Stops after this many steps, whatever the epochs say; -1 for no such limit. Choose a small number to try settings out in minutes; rows behind the last step are never seen.",
        Integer { min: -1 },
        "-1",
    ),
    Setting::new(
        "per_device_train_batch_size",
        "Batch size",
        "How many rows a device takes at once. Choose as many as fit its memory: more make steps smoother and the training faster, and each row needs memory of its own.",
        Integer { min: 1 },
        "8",
    ),
    Setting::new(
        "gradient_accumulation_steps",
        "Batches a step",
        "How many batches are summed up before the weights change. Choose more to have a larger batch for the same memory; each step then takes so many times longer.",
        Integer { min: 1 },
        "1",
    ),
    Setting::new(
        "max_length",
        "Tokens a row",
        "Longer rows are cut off at this many tokens (trl). Choose it so that nearly all rows fit; half the length needs about half the memory.",
        Integer { min: 1 },
        "1024",
    )
    .nullable(),
    Setting::new(
        "packing",
        "Pack short rows",
        "Joins short rows until the tokens a row are reached. Choose it for supervised fine-tuning on short rows, where it is much faster; there are fewer steps then, so the learning rate may need a change.",
        Switch,
        "false",
    )
    .advanced(),
    Setting::new(
        "auto_find_batch_size",
        "Find the batch size",
        "Halves the batch size and starts again whenever the memory does not suffice. Choose it where the memory is not known; each try costs the time up to its failure.",
        Switch,
        "false",
    )
    .advanced(),
];

pub(super) const RATE: &[Setting] = &[
    Setting::new(
        "learning_rate",
        "Learning rate",
        "How far the weights move in a step. Choose 0.0001 to 0.0003 for LoRA, and a tenth of it for whole models: too high and the loss jumps, too low and little is learned.",
        SettingKind::POSITIVE,
        "5e-05",
    ),
    Setting::new(
        "loraplus_lr_ratio",
        "Faster B matrices",
        "How much faster the second of an adapter's two matrices learns than the first (LoRA+). Choose 4 to 16 where an adapter learns too slowly; the loss can jump, and a lower learning rate is needed then.",
        SettingKind::POSITIVE,
        "null",
    )
    .advanced(),
    Setting::new(
        "resize_embeddings",
        "Embeddings for added tokens",
        "Gives the model an embedding for each token of its tokenizer that it has none for, and trains it. Choose it where the rows or the chat template use tokens that were added to the tokenizer; other programs need the adapter merged, or the embeddings resized before they load it.",
        Switch,
        "false",
    )
    .advanced(),
    Setting::new(
        "lr_scheduler_type",
        "Course of the rate",
        "How the learning rate changes while training. Choose cosine or linear, which end near zero, unless the training goes on later; a constant rate leaves the last steps rough.",
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
        "The share of all steps in which the rate rises from zero, which Transformers 5 calls warm-up steps below 1. Choose 0.03 to 0.1 where the loss jumps at the beginning; these steps teach less.",
        SettingKind::SHARE,
        "0.0",
    ),
    Setting::new(
        "warmup_steps",
        "Warm-up steps",
        "The number of steps in which the rate rises from zero, below 1 the share of all steps. Choose a few percent of them where the loss jumps at the beginning; these steps teach less.",
        Steps,
        "0",
    ),
    Setting::new(
        "optim",
        "Optimizer",
        "What turns gradients into changes of the weights. Choose adamw_torch, which runs everywhere, or a paged or 8-bit one to save memory, for which bitsandbytes and a CUDA device are needed.",
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
        "How strongly weights are drawn towards zero. Choose 0.01 to 0.1 where the loss on rows held back rises early; too much keeps the model from learning.",
        SettingKind::NOT_NEGATIVE,
        "0.0",
    ),
    Setting::new(
        "max_grad_norm",
        "Gradient limit",
        "Gradients longer than this are shortened to it; 0 for no limit. Choose 0.3 where single rows make the loss jump; a low limit slows all steps down.",
        SettingKind::NOT_NEGATIVE,
        "1.0",
    ),
    Setting::new(
        "neftune_noise_alpha",
        "Noise in the embeddings",
        "Adds noise to the embeddings while training (NEFTune). Choose 5 to 15 for supervised fine-tuning on few rows, whose answers it can improve; they tend to get longer.",
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
        "The decay of the running mean of the gradients. Choose less, such as 0.8, for very small batches; the steps get rougher.",
        SettingKind::SHARE,
        "0.9",
    )
    .advanced(),
    Setting::new(
        "adam_beta2",
        "Adam beta 2",
        "The decay of the running mean of their squares. Choose 0.95 to 0.99 for short trainings, which react faster then; single odd rows count for more.",
        SettingKind::SHARE,
        "0.999",
    )
    .advanced(),
    Setting::new(
        "adam_epsilon",
        "Adam epsilon",
        "Keeps Adam from dividing by zero. Choose 1e-6 or so where float16 makes the loss infinite; weights with small gradients then learn more slowly.",
        SettingKind::POSITIVE,
        "1e-08",
    )
    .advanced(),
];
