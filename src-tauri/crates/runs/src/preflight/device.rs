//! What a job computes on, and what that device can do.

use ::weights::asks_for_quantization;
use configs::ConfigType;
use python::Accelerator;
use serde_json::{Map, Value};

use super::context::Preflight;

/// The accelerator that a training with these arguments uses; none for the processor.
pub(super) fn device_for<'a>(
    arguments: &Map<String, Value>,
    accelerators: &'a [Accelerator],
) -> Option<&'a Accelerator> {
    let on_cpu = ["use_cpu", "no_cuda"].iter().any(|name| arguments.get(*name) == Some(&Value::Bool(true)));
    accelerators.first().filter(|_| !on_cpu)
}

pub(super) fn is_cuda(accelerator: &&Accelerator) -> bool {
    accelerator.kind == "cuda"
}

/// The name of the device.
pub(super) fn device_name(accelerator: Option<&Accelerator>) -> String {
    match accelerator {
        Some(accelerator) => accelerator.name.clone(),
        None => "The processor".to_owned(),
    }
}

impl Preflight<'_> {
    /// The quantization of a model: the first of these texts that asks for one. Refused where no GPU
    /// can do it, or the package for it is missing.
    pub(super) fn quantization(
        &mut self,
        texts: [(&str, Option<&str>); 2],
        cuda: Option<&Accelerator>,
    ) -> Option<Map<String, Value>> {
        let lacking = match cuda {
            None => Some("Quantization needs a CUDA device, and this machine has none. Leave this empty."),
            Some(cuda) if !cuda.quantizes => Some(
                "Quantization needs the package 'bitsandbytes', which the Python environment lacks. \
                 Install it there, or leave this empty.",
            ),
            Some(_) => None,
        };
        let mut chosen = None;
        for (column, text) in texts {
            let settings = self.diagnostics.settings(column, ConfigType::BitsandbytesConfig, text);
            let settings = settings.filter(asks_for_quantization);
            if let (Some(_), Some(lacking)) = (&settings, lacking) {
                self.diagnostics.refuse(column, lacking);
            }
            chosen = chosen.or(settings);
        }
        chosen
    }
}
