//! What a run uses of the Hub's local cache.

use serde_json::json;
use stories::samples;

use crate::world::World;

#[test]
fn what_a_run_uses_is_not_removed_from_the_cache_before_its_end() {
    let mut world = World::new();
    let repository = world.fts.hub_cache().join("models--acme--tiny");
    samples::model(&repository.join("snapshots/0123abc"));
    world.model = world.fts.create("models", &json!({"huggingface_model_name": "acme/tiny"}));
    world.fts.json(&["queue", "--pause"]);
    let id = world.train("tickets-1", &json!({}));
    let refusal = world.fts.refused(&["hub", "remove", "acme/tiny", "--yes"]);
    assert_eq!(refusal.code, "in_use");
    assert_eq!(refusal.message, "acme/tiny is used by the run 'tickets-1', which has not ended.");
    assert!(repository.exists());
    world.fts.json(&["stop", &id]);
    world.fts.json(&["hub", "remove", "acme/tiny", "--yes"]);
    assert!(!repository.exists());
}
