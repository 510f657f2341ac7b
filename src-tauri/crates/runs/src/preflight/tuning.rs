//! What of a model is trained: a new adapter, one that goes on, or all of it.

use resources::{Adapter, FineTuningJob, Method, TrainingChoices, Tuning};
use schema::{Result, column};
use serde_json::{Map, Value};

use super::{context::Preflight, plan::PlannedRows};
use run_folder::spec::Source;

const ADAPTER: &str = "adapter_init";
const ARGUMENTS: &str = column!(FineTuningJob, training_arguments_config);
const EXO_PAIR: &str = "exo_pair";
const PACKING: &str = "packing";
const LORA: &str = column!(FineTuningJob, lora_config);

/// Starts of LoRA's weights that PEFT computes from data, or by a quantization of its own.
const FROM_DATA: [&str; 4] = ["eva", "corda", "lora_ga", "loftq"];

impl Preflight<'_> {
    /// The adapter whose training goes on. Refused where there is no such adapter, or it does not fit.
    pub(super) async fn adapter_to_go_on(
        &mut self,
        choices: &TrainingChoices,
        job: &FineTuningJob,
    ) -> Result<Option<Source>> {
        let Some(id) = choices.adapter_init.as_deref() else { return Ok(None) };
        if choices.tuning == Some(Tuning::Full) {
            let message = "The whole model is trained, without an adapter to continue. Leave this empty.";
            self.diagnostics.refuse(ADAPTER, message);
            return Ok(None);
        }
        if job.lora_config.is_some() {
            let message =
                "A continued adapter keeps the LoRA settings that it was made with. These are not used.";
            self.diagnostics.warn(LORA, message);
        }
        let Some(model) = &job.base_model_id else { return Ok(None) };
        if self.row::<Adapter>(id).await?.is_none() {
            let message = format!("There is no adapter with the id '{id}'. It may have been deleted.");
            self.diagnostics.refuse(ADAPTER, message);
            return Ok(None);
        }
        self.adapter(id, model.as_str(), ADAPTER).await
    }

    /// Refuses settings that make no sense where all of the model is trained.
    pub(super) fn check_full_tuning(
        &mut self,
        tuning: Tuning,
        job: &FineTuningJob,
        arguments: &Map<String, Value>,
        quantized: [(&str, bool); 2],
    ) {
        if tuning != Tuning::Full {
            return;
        }
        if arguments.get("loraplus_lr_ratio").is_some_and(|ratio| !ratio.is_null()) {
            let message = "loraplus_lr_ratio sets the learning rates of an adapter, and the whole model is trained. \
                           Take it out.";
            self.diagnostics.refuse(ARGUMENTS, message);
        }
        if job.lora_config.is_some() {
            let message = "The whole model is trained, without an adapter. Leave the LoRA settings empty.";
            self.diagnostics.refuse(LORA, message);
        }
        for (column, _) in quantized.iter().filter(|(_, quantized)| *quantized) {
            let message =
                "Quantized weights can't be trained, so the whole model can't be either. Leave this empty.";
            self.diagnostics.refuse(column, message);
        }
    }

    /// Refuses a start of LoRA's weights that the worker does not make.
    pub(super) fn check_start(&mut self, tuning: Tuning, lora: &Map<String, Value>) {
        let start = lora.get("init_lora_weights").and_then(Value::as_str).unwrap_or_default();
        if tuning == Tuning::Lora && FROM_DATA.contains(&start.to_lowercase().as_str()) {
            let message = format!(
                "init_lora_weights {start} is computed from data, which is not done here. Choose true, gaussian, \
                 orthogonal, pissa or olora."
            );
            self.diagnostics.refuse(LORA, message);
        }
    }

    /// Refuses early stopping where no loss on held-back rows is measured.
    pub(super) fn check_early_stopping(
        &mut self,
        patience: Option<u32>,
        rows: Option<PlannedRows>,
        arguments: &Map<String, Value>,
    ) {
        let field = "early_stopping_patience";
        let Some(patience) = patience else { return };
        if patience == 0 {
            self.diagnostics.refuse(field, "Early stopping waits for at least 1 evaluation.");
        }
        if rows.is_some_and(|rows| rows.eval == 0) {
            let message = "Early stopping needs rows that are held back, and there are none. Choose a smaller training share.";
            self.diagnostics.refuse(field, message);
        }
        let rhythm = ["eval_strategy", "evaluation_strategy"].iter().find_map(|name| arguments.get(*name));
        if rhythm.and_then(Value::as_str).is_some_and(|rhythm| rhythm == "no") {
            let message =
                "Early stopping needs evaluations, which the training arguments turn off (eval_strategy).";
            self.diagnostics.refuse(field, message);
        }
    }

    /// Leaves out training arguments that only other methods have: the texts of configs are shared
    /// by all methods. Refuses values that the method does not take, though another does.
    pub(super) fn fit_to_method(&mut self, method: Method, arguments: &mut Map<String, Value>) {
        arguments.retain(|name, value| {
            let Some(others) = configs::other_methods(method.into_str(), name) else { return true };
            if matches!(value, Value::Null | Value::Bool(false)) {
                return false;
            }
            // What would train otherwise than asked for is refused.
            if name == PACKING {
                return true;
            }
            self.diagnostics.warn(ARGUMENTS, format!("{name} is a setting of {others}: it is left out."));
            false
        });
        for mark in configs::check_method(method.into_str(), arguments) {
            self.diagnostics.refuse(ARGUMENTS, mark.message);
        }
    }

    /// Refuses training arguments that the method can't work with.
    pub(super) fn check_arguments(&mut self, method: Method, arguments: &Map<String, Value>) {
        let losses = arguments.get("loss_type");
        let loss = losses.and_then(Value::as_str);
        let listed = losses.and_then(Value::as_array).is_some_and(|list| list.contains(&EXO_PAIR.into()));
        let smoothing = arguments.get("label_smoothing").and_then(Value::as_f64).unwrap_or_default();
        if method == Method::Dpo && (loss == Some(EXO_PAIR) || listed) && smoothing <= 0.0 {
            let message = "The loss exo_pair needs label_smoothing above 0, such as 0.001.";
            self.diagnostics.refuse(ARGUMENTS, message);
        }
        let batch = arguments.get("per_device_train_batch_size").and_then(Value::as_u64);
        if method == Method::Kto && loss != Some("apo_zero_unpaired") && batch == Some(1) {
            let message = "KTO compares each row with the others of its batch. Set per_device_train_batch_size to 2 \
                           or more.";
            self.diagnostics.refuse(ARGUMENTS, message);
        }
        let grouped = arguments.get("group_by_length") == Some(&Value::Bool(true));
        if method == Method::Kto && grouped {
            let message =
                "KTO needs the rows in their order, which group_by_length changes. Remove group_by_length.";
            self.diagnostics.refuse(ARGUMENTS, message);
        }
        if arguments.get(PACKING) == Some(&Value::Bool(true)) {
            if method != Method::Sft {
                let message = "packing joins rows of supervised fine-tuning alone. Take it out.";
                self.diagnostics.refuse(ARGUMENTS, message);
            } else if arguments.get("max_length") == Some(&Value::Null) {
                let message = "packing joins rows up to max_length, which is null. Set max_length, or take packing out.";
                self.diagnostics.refuse(ARGUMENTS, message);
            }
        }
        let noise = arguments.get("neftune_noise_alpha").and_then(Value::as_f64);
        if method != Method::Sft && noise.is_some_and(|noise| noise > 0.0) {
            let message = "neftune_noise_alpha is made for supervised fine-tuning: here its noise is also in what \
                           answers are compared by.";
            self.diagnostics.warn(ARGUMENTS, message);
        }
        if method == Method::Orpo {
            let message = "ORPO is experimental in TRL: a later release may change it or leave it out.";
            self.diagnostics.warn("method", message);
        }
    }
}
