//! Trainings that divide a model among their processes, by a config of FSDP or DeepSpeed in the training
//! arguments.

use std::path::Path;

use resources::FineTuningJob;
use schema::{Result, column};
use serde_json::{Map, Value};

use super::context::Preflight;

const ARGUMENTS: &str = column!(FineTuningJob, training_arguments_config);

impl Preflight<'_> {
    /// Refuses what FSDP and DeepSpeed can't work with: their config is the libraries' own, and passed on
    /// as it is.
    pub(super) async fn check_sharding(
        &mut self,
        arguments: &Map<String, Value>,
        processes: u32,
        cuda: bool,
    ) -> Result<()> {
        let given = |name: &str| arguments.get(name).filter(|value| asks(value));
        let (fsdp, deepspeed) = (given("fsdp"), given("deepspeed"));
        for (config, name) in [(given("fsdp_config"), "fsdp_config"), (deepspeed, "deepspeed")] {
            // The worker runs in another folder.
            if let Some(Value::String(path)) = config
                && !(Path::new(path).is_absolute() && Path::new(path).is_file())
            {
                let message = format!(
                    "{name} names the file {path}, which is not there. Give its whole path, or its settings in its \
                     place."
                );
                self.diagnostics.refuse(ARGUMENTS, message);
            }
        }
        let title = match (fsdp, deepspeed) {
            (None, None) => return Ok(()),
            (Some(_), Some(_)) => {
                let message = "FSDP and DeepSpeed exclude each other. Take fsdp or deepspeed out.";
                self.diagnostics.refuse(ARGUMENTS, message);
                return Ok(());
            }
            (Some(_), None) => "FSDP",
            (None, Some(_)) => "DeepSpeed",
        };
        if !cuda {
            let message =
                format!("{title} divides a model among CUDA devices, and none trains here. Take it out.");
            self.diagnostics.refuse(ARGUMENTS, message);
            return Ok(());
        }
        if deepspeed.is_some() && !self.has_package("deepspeed").await? {
            let message = "DeepSpeed needs the package 'deepspeed', which the Python environment lacks. Install it \
                           there, or take it out.";
            self.diagnostics.refuse(ARGUMENTS, message);
        }
        if processes < 2 {
            let message =
                format!("{title} divides a model among GPUs, and one trains. Choose more, or take it out.");
            self.diagnostics.refuse(ARGUMENTS, message);
        }
        let message = format!(
            "{title} trains as its config says, which is not checked here. It saves checkpoints that a retry does \
             not go on from: it starts anew."
        );
        self.diagnostics.warn(ARGUMENTS, message);
        Ok(())
    }
}

/// Whether a value of `fsdp` or `deepspeed` switches it on.
fn asks(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(options) => !options.is_empty(),
        Value::Object(settings) => !settings.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}
