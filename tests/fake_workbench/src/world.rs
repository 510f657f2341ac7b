//! Everything that the workbench has: collections of objects in the shapes of its answers, by their paths.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::refusal::{Found, Refusal};

/// The collections, by their paths without `/api/v2/`, such as `projects/ID/jobs`.
#[derive(Debug, Default)]
pub(crate) struct World(BTreeMap<String, Vec<Value>>);

impl World {
    /// The objects of a collection, in the order in which they were added.
    pub(crate) fn list(&self, place: &str) -> &[Value] {
        self.0.get(place).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every object whose collection has this name, whatever it is below.
    pub(crate) fn all(&self, name: &str) -> Vec<Value> {
        let named = self.0.iter().filter(|(place, _)| place.rsplit('/').next() == Some(name));
        named.flat_map(|(_, objects)| objects.clone()).collect()
    }

    pub(crate) fn get(&self, place: &str, id: &str) -> Found<&Value> {
        let found = self.list(place).iter().find(|object| object[id_key(place)] == id);
        found.ok_or_else(|| Refusal::not_found(format!("{place}/{id} not found")))
    }

    pub(crate) fn get_mut(&mut self, place: &str, id: &str) -> Found<&mut Value> {
        let key = id_key(place);
        let found = self.0.get_mut(place).and_then(|all| all.iter_mut().find(|object| object[key] == id));
        found.ok_or_else(|| Refusal::not_found(format!("{place}/{id} not found")))
    }

    pub(crate) fn add(&mut self, place: &str, object: Value) -> Value {
        self.0.entry(place.to_owned()).or_default().push(object.clone());
        object
    }

    /// Removes an object with everything below it.
    pub(crate) fn remove(&mut self, place: &str, id: &str) -> Found<Value> {
        self.get(place, id)?;
        let below = format!("{place}/{id}/");
        self.0.retain(|place, _| !place.starts_with(&below));
        let key = id_key(place);
        self.0.entry(place.to_owned()).or_default().retain(|object| object[key] != id);
        Ok(json!({}))
    }

    /// Removes every object of a collection.
    pub(crate) fn clear(&mut self, place: &str) {
        self.0.remove(place);
    }
}

/// The key with the id of the objects of a collection.
fn id_key(place: &str) -> &'static str {
    match place {
        "registry/models" => "model_id",
        place if place.ends_with("/versions") => "model_version_id",
        _ => "id",
    }
}

/// Four groups of four letters and digits.
pub(crate) fn new_id() -> String {
    let text = Uuid::new_v4().simple().to_string();
    format!("{}-{}-{}-{}", &text[..4], &text[4..8], &text[8..12], &text[12..16])
}

/// Sixteen letters and digits.
pub(crate) fn new_run_id() -> String {
    Uuid::new_v4().simple().to_string()[..16].to_owned()
}

/// The owner of everything.
pub(crate) fn user() -> Value {
    json!({"username": "ada", "name": "Ada", "email": "ada@example.com"})
}

/// Puts the keys of a change into an object.
pub(crate) fn change(object: &mut Value, changed: &Value) {
    for (key, value) in changed.as_object().into_iter().flatten() {
        object[key] = value.clone();
    }
}
