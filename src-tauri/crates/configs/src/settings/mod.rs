//! The settings of the four types whose settings are described, with their names in transformers 5,
//! peft and trl.

mod bitsandbytes;
mod generation;
mod lora;
mod training_arguments;

use super::TypedSettings;
use crate::ConfigType;

/// The types whose settings are described.
pub static SETTINGS: &[&TypedSettings] = &[
    &training_arguments::TRAINING_ARGUMENTS,
    &bitsandbytes::BITSANDBYTES,
    &lora::LORA,
    &generation::GENERATION,
];

/// The settings of a type, if they are described.
pub fn settings_of(kind: ConfigType) -> Option<&'static TypedSettings> {
    SETTINGS.iter().copied().find(|settings| settings.r#type == kind)
}
