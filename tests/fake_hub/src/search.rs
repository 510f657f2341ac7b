//! Lists of repositories: `GET /api/models?search=…&filter=…`.

use axum::{
    body::Body,
    http::{StatusCode, header},
    response::Response,
};
use futures_util::stream;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::{
    FakeHub, Fault, Request, State,
    answers::{json_answer, refused},
    repository::Repository,
};

/// The name under which [`FakeHub::fail`] makes searches fail.
pub(crate) const SEARCH: &str = "search";

impl Repository {
    /// Sets what lists say of it, by the hub's names: `downloads`, `tags`, `pipeline_tag`, `safetensors`.
    ///
    /// # Panics
    ///
    /// If it is no object.
    #[must_use]
    pub fn listed(mut self, facts: &Value) -> Self {
        self.listed = facts.as_object().expect("an object").clone();
        self
    }

    /// Its entry in a list, with the properties that were asked for.
    fn entry(&self, expand: &[&str]) -> Value {
        let mut entry = Map::from_iter([("id".to_owned(), json!(self.name))]);
        let gated = if self.is_gated { json!("manual") } else { json!(false) };
        let own = [("gated", gated), ("private", json!(self.token.is_some()))];
        let all = own.iter().map(|(name, value)| (*name, value));
        let all = all.chain(self.listed.iter().map(|(name, value)| (name.as_str(), value)));
        entry.extend(
            all.filter(|(name, _)| expand.contains(name))
                .map(|(name, value)| (name.to_owned(), value.clone())),
        );
        Value::Object(entry)
    }

    fn has_tag(&self, tag: &str) -> bool {
        let tags = self.listed.get("tags").and_then(Value::as_array);
        tags.is_some_and(|tags| tags.iter().any(|own| own == tag))
    }

    fn is_small(&self, most: &str) -> bool {
        let (number, unit) = most.split_at(most.len() - 1);
        let unit = if unit == "B" { 1e9 } else { 1e6 };
        let most = number.parse::<f64>().expect("a number of parameters") * unit;
        let total = self.listed.get("safetensors").and_then(|part| part.get("total"));
        total.and_then(Value::as_f64).is_some_and(|total| total <= most)
    }
}

impl FakeHub {
    /// The requests for lists of repositories.
    pub fn searches(&self) -> Vec<Request> {
        let is_search = |request: &Request| {
            ["/api/models?", "/api/datasets?"].iter().any(|start| request.path.starts_with(start))
        };
        self.requests().into_iter().filter(is_search).collect()
    }
}

pub(crate) fn answer(state: &State, kind: &str, query: &str, request: &Request) -> Response {
    if let Some(failure) = failure(state) {
        return failure;
    }
    let parameters: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let all = |name: &str| -> Vec<&str> {
        parameters.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    };
    let one = |name: &str| all(name).first().copied();
    let bearer = request.authorization.as_deref();
    let repositories = state.repositories.lock().unwrap().clone();
    let mut found: Vec<Repository> = repositories
        .into_iter()
        .filter(|repository| repository.kind == kind)
        .filter(|repository| {
            repository.token.as_ref().is_none_or(|token| bearer == Some(format!("Bearer {token}").as_str()))
        })
        .filter(|repository| {
            let name = repository.name.to_lowercase();
            all("search").iter().all(|text| name.contains(&text.to_lowercase()))
        })
        .filter(|repository| all("filter").iter().all(|tag| repository.has_tag(tag)))
        .filter(|repository| {
            one("pipeline_tag").is_none_or(|task| {
                repository.listed.get("pipeline_tag").and_then(Value::as_str) == Some(task)
            })
        })
        .filter(|repository| {
            let most = one("num_parameters").and_then(|range| range.strip_prefix("max:"));
            most.is_none_or(|most| repository.is_small(most))
        })
        .collect();
    let key = one("sort").unwrap_or("trendingScore");
    let number = |repository: &Repository| repository.listed.get(key).and_then(Value::as_u64);
    found.sort_by_key(|repository| std::cmp::Reverse(number(repository)));
    page(state, kind, query, &found, &parameters)
}

fn page(
    state: &State,
    kind: &str,
    query: &str,
    found: &[Repository],
    parameters: &[(String, String)],
) -> Response {
    let one = |name: &str| parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let expand: Vec<&str> =
        parameters.iter().filter(|(key, _)| key == "expand").map(|(_, value)| value.as_str()).collect();
    let limit = one("limit").and_then(|limit| limit.parse().ok()).unwrap_or(1_000);
    let from = one("cursor").and_then(|place| place.strip_prefix("at=")?.parse().ok()).unwrap_or(0);
    let entries: Vec<Value> =
        found.iter().skip(from).take(limit).map(|repository| repository.entry(&expand)).collect();
    let mut response = json_answer(&json!(entries));
    if from + limit < found.len() {
        let address = state.address.lock().unwrap().clone();
        let others: Vec<&str> = query.split('&').filter(|part| !part.starts_with("cursor=")).collect();
        // The real hub's cursor has characters that an address must escape, too.
        let next = format!("{address}/api/{kind}?{}&cursor=at%3D{}", others.join("&"), from + limit);
        let link = format!("<{next}>; rel=\"next\"").parse().expect("a header");
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

fn failure(state: &State) -> Option<Response> {
    let mut faults = state.faults.lock().unwrap();
    let next = faults.iter().position(|(name, _)| name == SEARCH)?;
    let (_, fault) = faults.remove(next);
    let body = |body: Body| {
        Response::builder().header(header::CONTENT_TYPE, "application/json").body(body).expect("a response")
    };
    Some(match fault {
        Fault::Status(status, _) => refused(StatusCode::from_u16(status).expect("a status"), ""),
        Fault::StopAfter(_) => body(Body::from_stream(stream::pending::<std::io::Result<Vec<u8>>>())),
        _ => body(Body::from("<html>")),
    })
}
