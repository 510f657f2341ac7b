//! Training arguments that depend on each other, or that a list of the library holds.

use schema::nearest;

use crate::{SettingMark, given::Given};

/// The optimizers of transformers 5.
const OPTIMIZERS: &[&str] = &[
    "adamw_torch",
    "adamw_torch_fused",
    "adamw_torch_xla",
    "adamw_torch_npu_fused",
    "adafactor",
    "adamw_anyprecision",
    "adamw_torch_4bit",
    "adamw_torch_8bit",
    "ademamix",
    "sgd",
    "adagrad",
    "adamw_bnb_8bit",
    "adamw_8bit",
    "ademamix_8bit",
    "lion_8bit",
    "lion_32bit",
    "paged_adamw_32bit",
    "paged_adamw_8bit",
    "paged_ademamix_32bit",
    "paged_ademamix_8bit",
    "paged_lion_32bit",
    "paged_lion_8bit",
    "rmsprop",
    "rmsprop_bnb",
    "rmsprop_bnb_8bit",
    "rmsprop_bnb_32bit",
    "galore_adamw",
    "galore_adamw_8bit",
    "galore_adafactor",
    "galore_adamw_layerwise",
    "galore_adamw_8bit_layerwise",
    "galore_adafactor_layerwise",
    "lomo",
    "adalomo",
    "grokadamw",
    "schedule_free_radam",
    "schedule_free_adamw",
    "schedule_free_sgd",
    "apollo_adamw",
    "apollo_adamw_layerwise",
    "stable_adamw",
];

/// The largest seed that `NumPy` takes, which every run seeds too.
const LARGEST_SEED: f64 = 4_294_967_295.0;

/// What `load_best_model_at_end` needs of the two strategies and their steps.
pub(super) fn best_checkpoint(given: &Given<'_>, evaluated: &str, saved: &str, marks: &mut Vec<SettingMark>) {
    let name = "load_best_model_at_end";
    if !given.on(name) || saved == "best" {
        return;
    }
    if saved != evaluated {
        let message =
            format!("{name} needs the same eval_strategy and save_strategy, not {evaluated} and {saved}.");
        marks.push(SettingMark::wrong(name, message));
        return;
    }
    let given_steps = |name| given.number(name).filter(|steps| *steps > 0.0);
    let (Some(saves), Some(evaluations)) = (given_steps("save_steps"), given_steps("eval_steps")) else {
        return;
    };
    let is_multiple = if saves < 1.0 || evaluations < 1.0 {
        // Shares of all steps, in whole millionths as transformers counts them.
        let millionths = |share: f64| (share * 1e6) as u64;
        saves < 1.0
            && evaluations < 1.0
            && millionths(saves).checked_rem(millionths(evaluations)).is_none_or(|rest| rest == 0)
    } else {
        saves % evaluations == 0.0
    };
    if saved == "steps" && !is_multiple {
        let message =
            format!("{name} needs save_steps to be a multiple of eval_steps, not {saves} and {evaluations}.");
        marks.push(SettingMark::wrong("save_steps", message));
    }
}

/// Steps and seeds that transformers refuses.
pub(super) fn steps_and_seeds(given: &Given<'_>, evaluated: &str, marks: &mut Vec<SettingMark>) {
    let mut wrong = |name: &str, message: String| marks.push(SettingMark::wrong(name, message));
    if given.text("logging_strategy").unwrap_or("steps") == "steps"
        && given.number("logging_steps") == Some(0.0)
    {
        wrong(
            "logging_steps",
            "logging_steps must be greater than 0 while logging_strategy is steps.".to_owned(),
        );
    } else if evaluated == "steps"
        && given.number("eval_steps").unwrap_or(0.0) == 0.0
        && given.number("logging_steps") == Some(0.0)
    {
        wrong(
            "eval_steps",
            "eval_steps or logging_steps must be greater than 0 while eval_strategy is steps.".to_owned(),
        );
    }
    if given.has("dataloader_prefetch_factor") && given.number("dataloader_num_workers").unwrap_or(0.0) == 0.0
    {
        let message = "dataloader_prefetch_factor needs dataloader_num_workers to be at least 1.";
        wrong("dataloader_prefetch_factor", message.to_owned());
    }
    if given.has("torch_empty_cache_steps")
        && given.integer("torch_empty_cache_steps").is_none_or(|steps| steps < 1)
    {
        wrong(
            "torch_empty_cache_steps",
            "torch_empty_cache_steps must be a whole number of at least 1.".to_owned(),
        );
    }
    if given.above("seed", LARGEST_SEED) {
        wrong("seed", format!("seed must be at most {LARGEST_SEED}."));
    }
    if given.on("fp16_full_eval") && given.on("bf16_full_eval") {
        wrong("bf16_full_eval", "fp16_full_eval and bf16_full_eval can't both be on: choose one.".to_owned());
    }
}

/// An optimizer that transformers does not have: noted, because other releases have others.
pub(super) fn optimizer(given: &Given<'_>, marks: &mut Vec<SettingMark>) {
    let Some(wanted) = given.text("optim").filter(|optimizer| !OPTIMIZERS.contains(optimizer)) else {
        return;
    };
    let known: Vec<String> = OPTIMIZERS.iter().map(|name| (*name).to_owned()).collect();
    let question = nearest(wanted, &known).map_or(String::new(), |name| format!(" Did you mean {name}?"));
    let message = format!(
        "optim {wanted:?} is no optimizer of transformers, and a run with it stops as soon as it starts.{question}"
    );
    marks.push(SettingMark::note("optim", message));
}
