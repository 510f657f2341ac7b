//! Tags, filters and orders of a list.

use serde_json::json;

use crate::world::World;

#[test]
fn rows_are_tagged_and_listed_by_tag_column_and_order() {
    let World { fts, model, .. } = World::new();
    let other = fts.create("models", &json!({"huggingface_model_name": "acme/zebra"}));
    assert_eq!(fts.json(&["tag", "models", &other, "Good", "small one"]), json!(["Good", "small one"]));
    assert_eq!(fts.json(&["untag", "models", &other, "small one"]), json!(["Good"]));
    assert_eq!(fts.json(&["tags"]), json!([{"tag": "Good", "rows": 1}]));

    let ids = |arguments: &[&str]| {
        let page = fts.json(&[&["list", "models"], arguments].concat());
        let rows = page["rows"].as_array().unwrap().clone();
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["--tag", "good"]), std::slice::from_ref(&other));
    assert_eq!(ids(&["--tag", "good", "--filter", "name=acme/tiny"]), [""; 0]);
    assert_eq!(ids(&["--filter", "used=yes"]), std::slice::from_ref(&model));
    assert_eq!(ids(&["--sort", "-name"]), [other.clone(), model]);
    assert_eq!(fts.json(&["list", "models"])["tags"], json!({other: ["Good"]}));
    assert!(fts.run(&["list", "models"]).out.contains("Good"));

    let unknown = fts.refused(&["list", "models", "--filter", "colour=red"]);
    assert_eq!((unknown.code.as_str(), unknown.message.contains("colour")), ("invalid", true));
    assert_eq!(fts.run(&["list", "models", "--filter", "colour"]).code, 2, "wrong usage");
    assert_eq!(fts.refused(&["tag", "models", "nobody", "x"]).code, "not_found");
}
