//! Jinja as Transformers has it for chat templates, on minijinja: what the two write differently is here.

mod arguments;
mod bounds;
mod clock;
mod environment;
mod failure;
mod filters;
mod globals;
mod json;
mod lacking;
mod methods;
mod python_string;
mod python_text;
mod rewrite;
mod tokens;
mod values;

pub(super) use environment::{Engine, MARKS};
pub(super) use python_string::strip;
pub(super) use values::Values;
