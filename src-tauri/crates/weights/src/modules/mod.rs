//! The modules of a model that LoRA can change, known without loading it, how many parameters a training of
//! some of them has, and how wide they are.

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
mod widths;

pub use architecture::Architecture;
pub use model_modules::Modules;
pub(crate) use names::is_within;
pub use targets::Trained;
pub use widths::Inputs;
