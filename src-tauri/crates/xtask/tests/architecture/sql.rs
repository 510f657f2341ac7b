//! Only the store contains SQL.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use crate::{arrows::LAYERS, sources::sources};

/// A statement begins with one of these, in capitals, as in all SQL here.
const VERBS: [&str; 14] = [
    "SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "DROP ", "ALTER ", "PRAGMA ", "ATTACH ",
    "DETACH ", "VACUUM", "BEGIN ", "WITH ", "REPLACE ",
];

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

fn statements(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources(name) {
        let mut texts = Texts(Vec::new());
        texts.visit_file(&source.file);
        let is_sql = |text: &String| VERBS.iter().any(|verb| text.trim_start().starts_with(verb));
        found.extend(texts.0.into_iter().filter(is_sql).map(|t| format!("{}: {t}", source.path.display())));
    }
    found
}

#[test]
fn only_the_store_contains_sql() {
    assert!(statements("store").len() > 30, "the store's own statements were not recognized");
    for name in LAYERS.into_iter().filter(|name| *name != "store") {
        assert_eq!(statements(name), Vec::<String>::new(), "{name} contains SQL");
    }
}
