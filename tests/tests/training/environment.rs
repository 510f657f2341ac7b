//! The environment itself, and making one where no index answers.

use stories::Fts;

#[test]
fn the_environment_is_complete_and_used() {
    let fts = Fts::new();
    let report = fts.json(&["environment"]);
    assert_eq!(report["state"], "complete", "{report}");
    let used = report["interpreters"].as_array().unwrap().iter().find(|one| one["path"] == report["used"]);
    assert_eq!(used.unwrap()["source"], "managed");
    assert_eq!(used.unwrap()["missing"], serde_json::json!([]));
}

#[test]
fn without_an_index_the_real_tools_are_understood() {
    let index = "http://127.0.0.1:9/simple";
    let mut fts = Fts::new();
    let (environment, cache) = (fts.path("python"), fts.path("cache"));
    for (name, value) in [
        ("FINE_TUNING_STUDIO_ENVIRONMENT", environment.as_str()),
        // Nothing that was downloaded before is found.
        ("UV_CACHE_DIR", &cache),
        ("UV_DEFAULT_INDEX", index),
        ("UV_HTTP_RETRIES", "0"),
        ("PIP_INDEX_URL", index),
        // pip says why it fails only when it tries again.
        ("PIP_RETRIES", "1"),
        ("PIP_NO_CACHE_DIR", "1"),
    ] {
        fts = fts.with_variable(name, value);
    }
    let refused = fts.refused(&["environment", "create"]);
    assert_eq!(refused.code, "unreachable", "{}", refused.message);
    assert!(refused.message.ends_with(": the package index can't be reached."), "{}", refused.message);
    assert_ne!(fts.json(&["environment"])["state"], "complete");
}
