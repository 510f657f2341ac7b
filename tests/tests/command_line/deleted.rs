//! What was deleted is listed, undeleted and purged.

use serde_json::{Value, json};

use crate::world::World;

#[test]
fn what_was_deleted_comes_back_with_its_references() {
    let World { fts, model, adapter, .. } = World::new();
    let before = (fts.get("models", &model), fts.get("adapters", &adapter));
    let deleted = fts.json(&["delete", "models", &model, "--dependents", "detach"]);
    assert_eq!(deleted["detached"], 1);
    assert_eq!(fts.get("adapters", &adapter)["model_id"], Value::Null);

    let kept = fts.json(&["deleted"]);
    assert_eq!(kept["total"], 1);
    let deletion = kept["deletions"][0]["id"].to_string();
    assert_eq!(deletion, deleted["deletion"].to_string());
    assert_eq!(kept["deletions"][0]["what"], "model 'acme/tiny'");
    assert!(fts.run(&["deleted"]).out.contains("model 'acme/tiny'"));

    let back = fts.json(&["bring-back", &deletion]);
    assert_eq!((&back["references"], &back["rows"][0]["rows"]), (&json!(1), &json!(1)));
    assert_eq!((fts.get("models", &model), fts.get("adapters", &adapter)), before);
    assert_eq!(fts.refused(&["bring-back", &deletion]).code, "not_found");
}

#[test]
fn what_is_in_the_way_is_said_with_the_ways_out() {
    let World { fts, model, adapter, .. } = World::new();
    let of_adapter = fts.json(&["delete", "adapters", &adapter])["deletion"].to_string();
    let of_model = fts.json(&["delete", "models", &model])["deletion"].to_string();
    fts.create(
        "adapters",
        &json!({"type": "huggingface", "name": "First", "huggingface_name": "acme/first"
        , "model_id": fts.create("models", &json!({"huggingface_model_name": "acme/other"}))}),
    );

    let refusal = fts.refused(&["bring-back", &of_adapter]);
    assert_eq!(refusal.code, "conflict");
    assert!(refusal.message.contains("refers to the model 'acme/tiny'"), "{}", refusal.message);
    assert!(refusal.message.contains("already has the name 'First'"), "{}", refusal.message);
    assert!(refusal.hint.unwrap().contains("--missing"));
    assert_eq!(fts.count("adapters"), 1, "nothing came back by half");

    let name = format!("adapters/{adapter}=First of all");
    let back = fts.json(&["bring-back", &of_adapter, "--missing", "bring-back", "--name", &name]);
    assert_eq!(back["what"], "1 model and 1 adapter");
    let row = fts.get("adapters", &adapter);
    assert_eq!((&row["name"], &row["model_id"]), (&json!("First of all"), &json!(model)));
    assert_eq!(fts.refused(&["bring-back", &of_model]).code, "not_found", "it came back with the other");
}

#[test]
fn one_row_of_several_comes_back_and_the_rest_can_go_for_good() {
    let World { fts, model, adapter, .. } = World::new();
    let deletion = fts.json(&["delete", "models", &model, "--dependents", "delete"])["deletion"].to_string();
    let row = format!("models/{model}");
    assert_eq!(fts.json(&["bring-back", &deletion, "--row", &row])["what"], "model 'acme/tiny'");
    assert_eq!((fts.count("models"), fts.count("adapters")), (1, 0));

    fts.json(&["purge", &deletion]);
    assert_eq!(fts.json(&["deleted"])["total"], 0);
    assert_eq!(fts.refused(&["bring-back", &deletion]).code, "not_found");
    assert_eq!(fts.refused(&["get", "adapters", &adapter]).code, "not_found");
    assert_eq!(fts.run(&["bring-back", "one"]).code, 2);
}
