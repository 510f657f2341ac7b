//! The example workspace, loaded and removed.

use serde_json::json;
use stories::Fts;

#[test]
fn it_is_loaded_once_removed_and_undeleted() {
    let fts = Fts::new();
    let folder = fts.path("example");
    fts.json(&["example", "load", "--folder", &folder]);
    assert_eq!(fts.json(&["example", "load", "--folder", &folder]), json!([]));
    assert_eq!((fts.count("datasets"), fts.count("prompts"), fts.count("configs")), (1, 2, 3));
    let dataset = fts.json(&["list", "datasets"])["rows"][0]["id"].as_str().unwrap().to_owned();
    let preview = fts.json(&["preview-dataset", &dataset, "--rows", "1", "--offset", "299"]);
    assert_eq!(preview["rows"].as_array().unwrap().len(), 1, "300 rows");

    fts.json(&["update", "datasets", &dataset, "--data", r#"{"description": "Mine now"}"#]);
    let refusal = fts.refused(&["example", "remove"]);
    assert_eq!(refusal.code, "conflict");
    assert!(refusal.message.contains("'Shop messages' was changed"), "{}", refusal.message);

    let removed = fts.json(&["example", "remove", "--changed", "true"]);
    assert_eq!((fts.count("datasets"), fts.count("models")), (0, 0));
    fts.json(&["bring-back", &removed["deletion"].to_string()]);
    assert_eq!((fts.count("datasets"), fts.count("models")), (1, 2));
    assert_eq!(fts.refused(&["example", "remove"]).code, "conflict", "it is still known as changed");
}
