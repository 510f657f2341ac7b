//! The modules of a model that LoRA can change, known without loading it, and how many parameters a
//! training of some of them has.

mod architecture;
mod experts;
mod model_modules;
mod targets;
#[cfg(test)]
mod tests;

pub use architecture::Architecture;
pub use model_modules::Modules;
pub use targets::Trained;
