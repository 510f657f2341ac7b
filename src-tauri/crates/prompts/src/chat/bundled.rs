//! Chat templates for models that have none. They add no token to a tokenizer: an answer ends with the end
//! token that it has.

/// A chat template that comes with this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bundled {
    /// The name it is chosen by.
    pub name: &'static str,
    /// Its text, in Jinja.
    pub text: &'static str,
}

/// The templates that come with this program. The first is taken unless another is chosen.
pub const BUNDLED: &[Bundled] = &[
    Bundled { name: "plain", text: include_str!("bundled/plain.jinja") },
    Bundled { name: "headings", text: include_str!("bundled/headings.jinja") },
];
