//! Only the store contains SQL.

use crate::{arrows::LAYERS, sources::sources, texts::texts};

/// A statement begins with one of these, in capitals, as in all SQL here.
const VERBS: [&str; 14] = [
    "SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "DROP ", "ALTER ", "PRAGMA ", "ATTACH ",
    "DETACH ", "VACUUM", "BEGIN ", "WITH ", "REPLACE ",
];

fn statements(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources(name) {
        let is_sql = |text: &String| VERBS.iter().any(|verb| text.trim_start().starts_with(verb));
        found.extend(
            texts(&source.file).into_iter().filter(is_sql).map(|t| format!("{}: {t}", source.path.display())),
        );
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
