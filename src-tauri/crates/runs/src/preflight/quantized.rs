//! Base models that are quantized already.

use ::weights::{BITSANDBYTES, asks_for_quantization};
use inspect::WeightsSource;
use resources::FineTuningJob;
use schema::{Result, column};
use serde_json::{Map, Value};

use super::context::Preflight;
use run_folder::spec::Source;

/// Methods whose weights the managed environment loads: its own, and those that Transformers turns back
/// into plain numbers where it can't compute with them.
const LOADED: &[&str] = &[BITSANDBYTES, "mxfp4", "fp8"];

impl Preflight<'_> {
    /// Refuses to quantize a model that is quantized already in another way, which Transformers does only
    /// while it loads the model, and warns if a method is needed that the managed environment lacks.
    /// `texts` are the settings of bitsandbytes by column; `axolotl` is axolotl's configuration, if it trains.
    pub(super) async fn check_quantized_base(
        &mut self,
        model: &Source,
        texts: [(&'static str, Option<&str>); 2],
        axolotl: Option<&Map<String, Value>>,
    ) -> Result<()> {
        let facts = self.runs.inspector.model(&WeightsSource::Id(model.id.clone())).await?.facts;
        let Some(method) = facts.and_then(|facts| facts.quantization) else { return Ok(()) };
        let name = &model.name;
        let settings = texts.into_iter().filter_map(|(column, text)| {
            Some((column, serde_json::from_str::<Map<String, Value>>(text?).ok()?, "Leave this empty"))
        });
        let axolotl = axolotl.map(|settings| {
            let column = column!(FineTuningJob, axolotl_config_id);
            (column, settings.clone(), "Take load_in_4bit and load_in_8bit out of the config")
        });
        let asking = settings.chain(axolotl).filter(|(_, settings, _)| asks_for_quantization(settings));
        for (column, _, way) in asking.collect::<Vec<_>>() {
            if method == BITSANDBYTES {
                let message = format!(
                    "'{name}' is quantized already: its own settings are used, and not these. {way}."
                );
                self.diagnostics.warn(column, message);
            } else {
                let message = format!(
                    "'{name}' is quantized already ({method}), and can't be quantized again. \
                     {way}, or choose the model that is not quantized."
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
