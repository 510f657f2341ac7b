//! Jinja as Transformers has it for chat templates, on minijinja: what the two write differently is here.

mod environment;
mod failure;
mod values;

pub(super) use environment::{TEMPLATE, environment};
pub(super) use failure::{parse_error, render_error};
pub(super) use values::{object, value};
