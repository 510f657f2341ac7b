//! The modules of a model that LoRA can change, known without loading it, and how many parameters a
//! training of some of them has.

mod architecture;
mod count;
mod experts;
mod layer_shape;
mod model_modules;
mod names;
mod parameters;
mod targets;
#[cfg(test)]
mod tests;

pub use architecture::Architecture;
pub use model_modules::Modules;
pub(crate) use names::is_within;
pub use targets::Trained;
