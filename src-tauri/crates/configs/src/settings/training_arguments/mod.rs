//! The settings of training (`transformers.TrainingArguments`, from `trl.SFTConfig` those for the length
//! of rows, and from the config of each method those that it alone has).

mod learning;
mod losses;
mod methods;
mod running;
mod together;

use crate::{ConfigType, SettingGroup, SettingMark, TypedSettings, given::Given};

pub(super) static TRAINING_ARGUMENTS: TypedSettings = TypedSettings {
    r#type: ConfigType::TrainingArguments,
    library: "transformers, trl",
    default: r#"{"num_train_epochs": 1, "optim": "paged_adamw_32bit", "per_device_train_batch_size": 1, "gradient_accumulation_steps": 4, "warmup_ratio": 0.03, "max_grad_norm": 0.3, "learning_rate": 0.0002, "fp16": true, "logging_steps": 1, "lr_scheduler_type": "constant", "disable_tqdm": true, "report_to": "mlflow", "ddp_find_unused_parameters": false}"#,
    groups: &[
        methods::SFT,
        methods::DPO,
        methods::KTO,
        methods::ORPO,
        methods::REWARD,
        SettingGroup::new("Length and batches", learning::LENGTH),
        SettingGroup::new("Learning rate", learning::RATE),
        SettingGroup::new("Precision and memory", running::MEMORY),
        SettingGroup::new("Evaluation and checkpoints", running::CHECKPOINTS),
        SettingGroup::new("Logs", running::LOGS),
        SettingGroup::new("Data and chance", running::DATA),
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
        let message = "num_train_epochs is ignored: max_steps sets the end.";
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
    together::best_checkpoint(given, evaluated, saved, marks);
    if matches!(course, "reduce_lr_on_plateau" | "greedy") && evaluated == "no" {
        let message = format!("lr_scheduler_type {course} needs an eval_strategy other than no.");
        marks.push(SettingMark::wrong("lr_scheduler_type", message));
    }
    together::steps_and_seeds(given, evaluated, marks);
    together::optimizer(given, marks);
}
