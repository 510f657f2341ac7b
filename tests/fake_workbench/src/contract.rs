//! The API's contract as data: its operations, its schemas, and what lists are filtered and sorted by.

use std::{collections::BTreeMap, sync::LazyLock};

use serde_json::Value;

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) verb: &'static str,
    /// The parts of the path; `{…}` stands for any.
    parts: Vec<&'static str>,
    pub(crate) query: Vec<&'static str>,
    /// The schema of the body, `multipart`, or `-`.
    pub(crate) body: &'static str,
    /// The schema of the answer, or `bytes`.
    pub(crate) answer: &'static str,
}

/// What a list can be filtered by and sorted by. Without an entry, everything is allowed.
#[derive(Debug)]
pub(crate) struct ListKeys {
    pub(crate) filter: Vec<&'static str>,
    pub(crate) sort: Vec<&'static str>,
}

type Schemas = BTreeMap<&'static str, Vec<(&'static str, &'static str)>>;

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let rows = rows(include_str!("../contract/operations.txt"));
    rows.map(|row| {
        let words: Vec<&str> = row.split(' ').collect();
        let [name, verb, path, query, body, answer] = words[..] else { panic!("an operation is {row}") };
        let query = if query == "-" { Vec::new() } else { query.split(',').collect() };
        Operation { name, verb, parts: parts_of(path), query, body, answer }
    })
    .collect()
});

static LISTS: LazyLock<BTreeMap<&'static str, ListKeys>> = LazyLock::new(|| {
    let rows = rows(include_str!("../contract/filters.txt"));
    rows.map(|row| {
        let words: Vec<&str> = row.split(' ').collect();
        let [name, filter, sort] = words[..] else { panic!("a list is {row}") };
        let keys = |text: &'static str| if text == "~" { Vec::new() } else { text.split(',').collect() };
        (name, ListKeys { filter: keys(filter), sort: keys(sort) })
    })
    .collect()
});

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| {
    let mut schemas = Schemas::new();
    let mut last = "";
    for row in rows(include_str!("../contract/schemas.txt")).filter(|row| !row.starts_with("enum ")) {
        match row.strip_prefix("  ").and_then(|row| row.split_once(' ')) {
            Some(field) => schemas.get_mut(last).expect("a schema's name").push(field),
            None => {
                last = row;
                schemas.insert(row, Vec::new());
            }
        }
    }
    schemas
});

static ENUMS: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let rows = rows(include_str!("../contract/schemas.txt")).filter_map(|row| row.strip_prefix("enum "));
    rows.map(|row| {
        let mut words = row.split(' ');
        (words.next().expect("the name"), words.collect())
    })
    .collect()
});

fn rows(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|row| !row.is_empty() && !row.starts_with('#'))
}

/// The parts of a path; a verb behind a colon is a part of its own.
fn parts_of(path: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    if let Some((thing, verb)) = parts.last().and_then(|last| last.rsplit_once(':'))
        && verb.chars().all(|letter| letter.is_ascii_lowercase())
    {
        parts.pop();
        parts.extend([thing, verb]);
    }
    parts
}

/// What belongs to a request.
pub(crate) enum Asked<'a> {
    /// An operation, and the parts of its path that stand for something, still percent-encoded.
    Operation(&'static Operation, Vec<&'a str>),
    /// The path takes only these verbs.
    OtherVerbs(Vec<&'static str>),
    /// No operation has this path.
    NoPath,
}

/// The operation of a request.
pub(crate) fn asked<'a>(verb: &str, path: &'a str) -> Asked<'a> {
    let parts = parts_of(path);
    let with_path = OPERATIONS.iter().filter(|operation| fits(&operation.parts, &parts));
    // A part that is written out goes before one that stands for anything.
    let most = |operation: &&Operation| operation.parts.iter().filter(|part| !is_place(part)).count();
    let with_path: Vec<&Operation> = with_path.collect();
    if with_path.is_empty() {
        return Asked::NoPath;
    }
    let Some(operation) =
        with_path.iter().copied().filter(|operation| operation.verb == verb).max_by_key(most)
    else {
        return Asked::OtherVerbs(with_path.iter().map(|operation| operation.verb).collect());
    };
    let places = operation.parts.iter().zip(&parts).filter(|(part, _)| is_place(part));
    Asked::Operation(operation, places.map(|(_, found)| *found).collect())
}

fn is_place(part: &str) -> bool {
    part.starts_with('{')
}

fn fits(parts: &[&str], found: &[&str]) -> bool {
    parts.len() == found.len() && parts.iter().zip(found).all(|(part, found)| is_place(part) || part == found)
}

/// Whether there is an operation of this name.
pub(crate) fn is_operation(name: &str) -> bool {
    OPERATIONS.iter().any(|operation| operation.name == name)
}

/// What a list takes; `None` if it takes every key.
pub(crate) fn list_keys(operation: &str) -> Option<&'static ListKeys> {
    LISTS.get(operation)
}

/// What of a value breaks a schema: an unknown key, another type, a word that an enumeration does not have.
pub(crate) fn problems(schema: &str, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    object(schema, value, schema, &mut found);
    found
}

fn object(schema: &str, value: &Value, place: &str, found: &mut Vec<String>) {
    let none = Vec::new();
    // The answers that the sheet does not list are empty objects.
    let fields = SCHEMAS.get(schema).unwrap_or(&none);
    let Some(value) = value.as_object() else {
        return found.push(format!("{place} is no object: {value}"));
    };
    for (key, value) in value {
        match fields.iter().find(|(field, _)| field == key) {
            Some((_, kind)) => field(kind, value, &format!("{place}.{key}"), found),
            None => found.push(format!("{place} has no key '{key}'")),
        }
    }
}

fn field(kind: &str, value: &Value, place: &str, found: &mut Vec<String>) {
    if value.is_null() {
        return;
    }
    if let Some(kind) = kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
        match value.as_array() {
            Some(items) => items.iter().for_each(|item| field(kind, item, place, found)),
            None => found.push(format!("{place} is no list: {value}")),
        }
        return;
    }
    let fits = match kind {
        "string" => value.is_string(),
        "time" => value.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok()),
        "json" => value.as_str().is_some_and(|text| serde_json::from_str::<Value>(text).is_ok()),
        "bool" => value.is_boolean(),
        "double" => value.is_number(),
        "int32" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "int64" => value.is_i64() || value.as_str().is_some_and(|text| text.parse::<i64>().is_ok()),
        "map" => value.as_object().is_some_and(|map| map.values().all(Value::is_string)),
        other => match ENUMS.get(other) {
            Some(words) => value.as_str().is_some_and(|text| words.contains(&text)),
            None => return object(other, value, place, found),
        },
    };
    if !fits {
        found.push(format!("{place} is no {kind}: {value}"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_type_of_the_schemas_is_known() {
        let simple = ["string", "time", "json", "bool", "double", "int32", "int64", "map"];
        assert!(SCHEMAS.len() > 60 && OPERATIONS.len() == 100, "{} {}", SCHEMAS.len(), OPERATIONS.len());
        for (key, kind) in SCHEMAS.values().flatten() {
            let kind = kind.trim_start_matches('[').trim_end_matches(']');
            let known = simple.contains(&kind) || SCHEMAS.contains_key(kind) || ENUMS.contains_key(kind);
            assert!(known, "{key}: {kind}");
        }
        assert!(LISTS.keys().all(|name| is_operation(name)), "{LISTS:?}");
    }

    #[test]
    fn an_operation_is_found_by_verb_and_path() {
        let name = |verb: &str, path: &str| match asked(verb, path) {
            Asked::Operation(operation, places) => format!("{} {}", operation.name, places.join(" ")),
            Asked::OtherVerbs(verbs) => verbs.join(" "),
            Asked::NoPath => String::new(),
        };
        assert_eq!(name("GET", "/api/v2/projects/p/jobs/j/runs/r"), "get_job_run p j r");
        assert_eq!(name("POST", "/api/v2/projects/p/jobs/j/runs/r:stop"), "stop_job_run p j r");
        assert_eq!(
            name("POST", "/api/v2/projects/p/files/a%2Fb.txt:download"),
            "download_project_file p a%2Fb.txt"
        );
        assert_eq!(name("GET", "/api/v2/projects/batch"), "batch_list_projects ");
        assert_eq!(name("DELETE", "/api/v2/projects/p/jobs"), "POST GET");
        assert_eq!(name("GET", "/api/v3/projects"), "");
    }

    #[test]
    fn what_breaks_a_schema_is_named() {
        let good = json!({"name": "a", "cpu": 2, "accelerator_label_id": "1", "environment": {"A": "b"}});
        assert_eq!(problems("CreateJobRequest", &good), Vec::<String>::new());
        let bad = json!({"nam": "a", "cpu": "2", "environment": {"A": 1}, "recipients": [{"mail": ""}]});
        assert_eq!(problems("CreateJobRequest", &bad).len(), 4);
        assert_eq!(problems("Job", &json!({"environment": {"A": "b"}})).len(), 1);
        assert_eq!(problems("JobRun", &json!({"status": "ENGINE_ASLEEP"})).len(), 1);
    }
}
