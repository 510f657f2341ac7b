//! What a job computes on, and what that device can do.

use ::weights::asks_for_quantization;
use configs::ConfigType;
use python::Accelerator;
use schema::Result;
use serde_json::{Map, Value};

use super::context::Preflight;

/// The accelerator that a training with these arguments uses; none for the processor.
pub(super) fn device_for<'a>(
    arguments: &Map<String, Value>,
    accelerators: &'a [Accelerator],
) -> Option<&'a Accelerator> {
    accelerators.first().filter(|_| !asks_for_cpu(arguments))
}

/// Whether training arguments ask for the processor.
pub(super) fn asks_for_cpu(arguments: &Map<String, Value>) -> bool {
    ["use_cpu", "no_cuda"].iter().any(|name| arguments.get(*name) == Some(&Value::Bool(true)))
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
    /// The quantization of a model: the first of these texts that asks for one. Refused where the package
    /// for it is missing, or the machine's accelerator can't do it. On a processor it is slow.
    pub(super) async fn quantization(
        &mut self,
        texts: [(&str, Option<&str>); 2],
        accelerator: Option<&Accelerator>,
    ) -> Result<Option<Map<String, Value>>> {
        let mut asked = Vec::new();
        for (column, text) in texts {
            let settings = self.diagnostics.settings(column, ConfigType::BitsandbytesConfig, text);
            asked.extend(settings.filter(asks_for_quantization).map(|settings| (column, settings)));
        }
        if asked.is_empty() {
            return Ok(None);
        }
        let able = match accelerator {
            None if !self.knows_devices() => Ok(None),
            None if self.has_package("bitsandbytes").await? => Ok(Some(
                "On a processor, quantized weights save memory and cost time: they are turned back into 32 \
                         bits wherever they are used.",
            )),
            None => Err(
                "Quantization needs a CUDA device, or the package 'bitsandbytes' to do it on the processor, \
                         and there is neither. Leave this empty.",
            ),
            Some(other) if !is_cuda(&other) => Err(
                "Quantization needs a CUDA device or a processor, and not this machine's accelerator. Leave this \
                     empty, or set use_cpu in the training arguments.",
            ),
            Some(cuda) if !cuda.quantizes => Err(
                "Quantization needs the package 'bitsandbytes', which the Python environment lacks. Install it \
                     there, or leave this empty.",
            ),
            Some(_) => Ok(None),
        };
        for (column, _) in &asked {
            match able {
                Ok(Some(slow)) => self.diagnostics.warn(column, slow),
                Ok(None) => {}
                Err(lacking) => self.diagnostics.refuse(column, lacking),
            }
        }
        Ok(asked.into_iter().next().map(|(_, settings)| settings))
    }
}
