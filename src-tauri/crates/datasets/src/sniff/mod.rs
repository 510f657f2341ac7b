//! What a file is, by its first bytes: never by its name alone.

mod encoding;
mod head;
mod json;
mod magic;
mod separator;

pub(crate) use self::{
    encoding::{Encodings, not_text},
    head::{DAMAGED, Head},
    json::{JsonForm, JsonObject},
    magic::Magic,
    separator::CsvForm,
};
