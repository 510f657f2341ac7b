//! The texts in a source file, those in calls of macros included.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// Every text of a file, without its comments.
pub(crate) fn texts(file: &syn::File) -> Vec<String> {
    let mut texts = Texts(Vec::new());
    texts.visit_file(file);
    texts.0
}

struct Texts(Vec<String>);

impl Texts {
    fn take(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.take(group.stream()),
                TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                        self.0.push(text.value());
                    }
                }
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Texts {
    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        self.0.push(text.value());
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.take(item.tokens.clone());
        visit::visit_macro(self, item);
    }

    // Comments are attributes to the parser.
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}
