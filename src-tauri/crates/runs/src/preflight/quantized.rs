//! Base models that are quantized already.

use ::weights::{BITSANDBYTES, asks_for_quantization};
use inspect::WeightsSource;
use resources::FineTuningJob;
use schema::{Result, column};

use super::context::Preflight;
use crate::spec::Source;

/// Methods whose weights the managed environment loads: its own, and those that Transformers turns back
/// into plain numbers where it can't compute with them.
const LOADED: &[&str] = &[BITSANDBYTES, "mxfp4", "fp8"];

impl Preflight<'_> {
    /// Refuses to quantize a model that is quantized already in another way, which Transformers does only
    /// while it loads the model, and warns if a method is needed that the managed environment lacks.
    /// `texts` are the settings of bitsandbytes by column.
    pub(super) async fn check_quantized_base(
        &mut self,
        model: &Source,
        texts: [(&str, Option<&str>); 2],
    ) -> Result<()> {
        let facts = self.runs.inspector.model(&WeightsSource::Id(model.id.clone())).await?.facts;
        let Some(method) = facts.and_then(|facts| facts.quantization) else { return Ok(()) };
        let name = &model.name;
        let asking = texts.into_iter().filter(|(_, text)| {
            let settings = text.and_then(|text| serde_json::from_str(text).ok());
            settings.as_ref().is_some_and(asks_for_quantization)
        });
        for (column, _) in asking {
            if method == BITSANDBYTES {
                let message = format!(
                    "'{name}' is quantized already: its own settings are used, and not these. Leave this empty."
                );
                self.diagnostics.warn(column, message);
            } else {
                let message = format!(
                    "'{name}' is quantized already ({method}), and can't be quantized again. \
                     Leave this empty, or choose the model that is not quantized."
                );
                self.diagnostics.refuse(column, message);
            }
        }
        if !LOADED.contains(&&*method) {
            let message = format!(
                "'{name}' is quantized ({method}). Only an environment with the packages of that method \
                 loads it, and the managed one has none of them. Choose the model that is not quantized, \
                 or an interpreter that has them."
            );
            self.diagnostics.warn(column!(FineTuningJob, base_model_id), message);
        }
        Ok(())
    }
}
