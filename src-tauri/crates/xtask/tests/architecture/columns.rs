//! Columns are named by the declarations of the resources: elsewhere `column!` takes the name of a field,
//! which the compiler checks.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use crate::{
    arrows::LAYERS,
    sources::{Source, sources},
    texts::texts,
};

/// Files whose texts have other meanings: rows of the example as they stand in JSON, and settings of
/// libraries that are called as columns are.
const OTHER_MEANINGS: [&str; 3] =
    ["studio/src/example_rows/mod.rs", "runs/src/preflight/training_arguments.rs", "runs/src/estimate.rs"];

/// The names before `=>` in the columns of `resource!`.
#[derive(Default)]
struct Declared(BTreeSet<String>);

impl<'ast> Visit<'ast> for Declared {
    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        if item.path.is_ident("resource") {
            self.take(item.tokens.clone());
        }
        visit::visit_macro(self, item);
    }
}

impl Declared {
    fn take(&mut self, tokens: TokenStream) {
        let mut before = None;
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.take(group.stream()),
                TokenTree::Punct(mark) if mark.as_char() == ':' => self.0.extend(before.take()),
                TokenTree::Ident(name) => before = Some(name.to_string()),
                _ => before = None,
            }
        }
    }
}

/// Declared names that mean nothing else: `name`, `type` or `title` are words of many things.
fn columns() -> BTreeSet<String> {
    let mut declared = Declared::default();
    for Source { file, .. } in sources("resources") {
        declared.visit_file(&file);
    }
    declared.0.into_iter().filter(|name| name.contains('_') || name == "location").collect()
}

#[test]
fn columns_are_named_by_their_declarations() {
    let columns = columns();
    assert!(columns.len() > 40 && columns.contains("fine_tuning_job_id"), "{columns:?}");
    let mut found = Vec::new();
    for name in LAYERS.into_iter().filter(|name| !["schema", "wire", "configs", "resources"].contains(name)) {
        for source in sources(name) {
            if OTHER_MEANINGS.iter().any(|file| source.path.ends_with(file)) {
                continue;
            }
            let named = texts(&source.file).into_iter().filter(|text| columns.contains(text));
            found.extend(named.map(|text| format!("{}: {text}", source.path.display())));
        }
    }
    assert!(found.is_empty(), "columns as texts:\n{found:#?}");
}
