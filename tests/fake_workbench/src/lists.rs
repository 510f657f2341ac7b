//! Lists: filters, orders and pages.

use std::{cmp::Ordering, collections::BTreeMap};

use serde_json::{Map, Value, json};

use crate::{
    behavior::Behavior,
    contract::list_keys,
    refusal::{Found, Refusal},
};

/// The entries of a page if nothing else is asked for.
const PAGE: usize = 10;

/// The answer to a list: the page that is asked for, below `key`.
pub(crate) fn page(
    operation: &str,
    behavior: &Behavior,
    query: &BTreeMap<String, String>,
    objects: Vec<Value>,
    key: &str,
) -> Found<Value> {
    let mut objects = filtered(operation, behavior, query.get("search_filter"), objects)?;
    if let Some(sort) = query.get("sort") {
        sorted(operation, sort, &mut objects)?;
    }
    let asked = match query.get("page_size") {
        Some(size) => size.parse().map_err(|_| Refusal::invalid(format!("page_size is {size}")))?,
        None => PAGE,
    };
    let from = match query.get("page_token").filter(|token| !token.is_empty()) {
        Some(token) => place(token, asked)?,
        None => 0,
    };
    let size = asked.min(behavior.largest_page).max(1);
    let total = objects.len();
    let page: Vec<Value> = objects.into_iter().skip(from).take(size).collect();
    let mut answer = Map::from_iter([(key.to_owned(), json!(page))]);
    if from + size < total {
        answer.insert("next_page_token".to_owned(), json!(format!("{}+/={asked}", from + size)));
    } else if from > 0 {
        // The end of a list is an empty token, or none.
        answer.insert("next_page_token".to_owned(), json!(""));
    }
    Ok(Value::Object(answer))
}

/// The place in the list that a token stands for. It has signs that an address must escape, and goes with one size.
fn place(token: &str, asked: usize) -> Found<usize> {
    let (from, size) =
        token.split_once("+/=").ok_or_else(|| Refusal::invalid(format!("invalid page token {token}")))?;
    if size != asked.to_string() {
        return Err(Refusal::invalid(format!("the page token belongs to page_size {size}")));
    }
    from.parse().map_err(|_| Refusal::invalid(format!("invalid page token {token}")))
}

fn filtered(
    operation: &str,
    behavior: &Behavior,
    filter: Option<&String>,
    objects: Vec<Value>,
) -> Found<Vec<Value>> {
    let Some(filter) = filter.filter(|filter| !filter.is_empty()) else { return Ok(objects) };
    let filter: Map<String, Value> = serde_json::from_str(filter)
        .map_err(|_| Refusal::invalid(format!("invalid search_filter {filter}")))?;
    if let Some(keys) = list_keys(operation)
        && let Some(unknown) = filter.keys().find(|key| !keys.filter.contains(&key.as_str()))
    {
        return Err(Refusal::invalid(format!("{operation} has no filter '{unknown}'")));
    }
    let fits = |object: &Value| {
        filter.iter().all(|(key, wanted)| {
            let (found, wanted) = (text(operation, object, key), plain(wanted));
            if behavior.filters_by_parts { found.contains(&wanted) } else { found == wanted }
        })
    };
    Ok(objects.into_iter().filter(fits).collect())
}

fn sorted(operation: &str, sort: &str, objects: &mut [Value]) -> Found<()> {
    let mut keys = Vec::new();
    for key in sort.split(',') {
        let name = key.trim_start_matches(['+', '-']);
        if let Some(known) = list_keys(operation)
            && !known.filter.contains(&name)
            && !known.sort.contains(&name)
        {
            return Err(Refusal::invalid(format!("{operation} can't be sorted by '{name}'")));
        }
        keys.push((name, key.starts_with('-')));
    }
    objects.sort_by(|a, b| {
        keys.iter().fold(Ordering::Equal, |order, (key, down)| {
            let own = text(operation, a, key).cmp(&text(operation, b, key));
            order.then(if *down { own.reverse() } else { own })
        })
    });
    Ok(())
}

/// What filters and orders see of an object.
fn text(operation: &str, object: &Value, key: &str) -> String {
    match (operation, key) {
        ("list_job_runs", "status") => plain(&object["status"]).replace("ENGINE_", "").to_lowercase(),
        ("list_registered_models", "model_name") => plain(&object["name"]),
        ("get_registered_model", "version_number") => plain(&object["number"]),
        (_, "auth_enabled") => if object[key] == json!(true) { "t" } else { "f" }.to_owned(),
        _ => plain(key.split('.').fold(object, |object, key| &object[key])),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
