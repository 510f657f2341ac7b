//! The answers of the hub.

use std::{collections::BTreeSet, io, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{Request as HttpRequest, State as Extract},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

use crate::{
    Fault, Request, State,
    repository::{File, Repository},
    search, uploads,
};

#[derive(Clone)]
struct Place {
    state: Arc<State>,
    at_storage: bool,
}

pub(crate) fn router(state: Arc<State>, at_storage: bool) -> Router {
    Router::new().fallback(answer).with_state(Place { state, at_storage })
}

async fn answer(Extract(place): Extract<Place>, request: HttpRequest) -> Response {
    let (parts, body) = request.into_parts();
    let text = |headers: &HeaderMap, name| {
        headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let request = Request {
        method: parts.method.to_string(),
        path: parts.uri.to_string(),
        authorization: text(&parts.headers, header::AUTHORIZATION),
        range: text(&parts.headers, header::RANGE),
        at_storage: place.at_storage,
    };
    let state = &place.state;
    state.requests.lock().unwrap().push(request.clone());
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return uploads::answer(state, &request, body).await;
    }
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["api", kind @ ("models" | "datasets")] => search::answer(state, kind, query, &request),
        ["api", kind @ ("models" | "datasets"), organization, name, rest @ ..] => {
            match find(state, kind, &format!("{organization}/{name}"), &request) {
                Ok(repository) => about(state, &repository, rest, query),
                Err(code) => refused(StatusCode::UNAUTHORIZED, code),
            }
        }
        ["datasets", organization, name, "resolve", revision, file @ ..] => {
            content(state, "datasets", &format!("{organization}/{name}"), revision, &file.join("/"), &request)
        }
        [organization, name, "resolve", revision, file @ ..] => {
            content(state, "models", &format!("{organization}/{name}"), revision, &file.join("/"), &request)
        }
        _ => refused(StatusCode::NOT_FOUND, "EntryNotFound"),
    }
}

pub(crate) fn find(
    state: &State,
    kind: &str,
    name: &str,
    request: &Request,
) -> Result<Repository, &'static str> {
    let repositories = state.repositories.lock().unwrap();
    let found = repositories.iter().find(|repository| repository.kind == kind && repository.name == name);
    let found = found.ok_or("RepoNotFound")?;
    let bearer = found.token.as_ref().map(|token| format!("Bearer {token}"));
    if bearer.is_some() && bearer != request.authorization {
        return Err("RepoNotFound");
    }
    Ok(found.clone())
}

/// `/api/models/ORG/NAME…`.
fn about(state: &State, repository: &Repository, rest: &[&str], query: &str) -> Response {
    let commit = repository.commit();
    match rest {
        [] => json_answer(&summary(repository)),
        ["revision", revision] if is_known(repository, revision) => json_answer(&summary(repository)),
        ["revision", _] => refused(StatusCode::NOT_FOUND, "RevisionNotFound"),
        ["tree", revision, folder @ ..] if is_known(repository, revision) => {
            let entries = tree(repository, &folder.join("/"), query.contains("recursive=true"));
            let from = query.split("cursor=").nth(1).and_then(|from| from.parse().ok()).unwrap_or(0);
            let page = state.page.lock().unwrap().unwrap_or(entries.len().max(1));
            let part: Vec<&Value> = entries.iter().skip(from).take(page).collect();
            let mut response = json_answer(&json!(part));
            if from + page < entries.len() {
                let address = state.address.lock().unwrap().clone();
                let (kind, name) = (repository.kind, &repository.name);
                let next = format!(
                    "{address}/api/{kind}/{name}/tree/{commit}?recursive=true&cursor={}",
                    from + page
                );
                let link = format!("<{next}>; rel=\"next\"").parse().expect("a header");
                response.headers_mut().insert(header::LINK, link);
            }
            response
        }
        _ => refused(StatusCode::NOT_FOUND, "EntryNotFound"),
    }
}

fn is_known(repository: &Repository, revision: &str) -> bool {
    revision == "main" || revision == repository.commit()
}

fn summary(repository: &Repository) -> Value {
    let siblings: Vec<Value> = repository.files.iter().map(|file| json!({"rfilename": file.name})).collect();
    let gated = if repository.is_gated { json!("manual") } else { json!(false) };
    json!({
        "id": repository.name, "sha": repository.commit(), "private": repository.token.is_some(),
        "gated": gated, "siblings": siblings, "tags": [],
    })
}

fn tree(repository: &Repository, folder: &str, is_recursive: bool) -> Vec<Value> {
    let inside = |name: &str| folder.is_empty() || name.starts_with(&format!("{folder}/"));
    let mut entries = Vec::new();
    let mut folders = BTreeSet::new();
    for file in repository.files.iter().filter(|file| inside(&file.name)) {
        let below = file.name[folder.len()..].trim_start_matches('/');
        if let Some((first, _)) = below.rsplit_once('/') {
            let first = if is_recursive { first } else { first.split('/').next().unwrap_or(first) };
            let path = if folder.is_empty() { first.to_owned() } else { format!("{folder}/{first}") };
            if folders.insert(path.clone()) {
                entries.push(json!({"type": "directory", "path": path, "oid": "0".repeat(40), "size": 0}));
            }
            if !is_recursive {
                continue;
            }
        }
        let (size, name) = (file.content.len(), &file.name);
        entries.push(if file.is_large {
            let lfs = json!({"oid": file.hash, "size": size, "pointerSize": 134});
            json!({"type": "file", "path": name, "oid": "1".repeat(40), "size": size, "lfs": lfs})
        } else {
            json!({"type": "file", "path": name, "oid": file.hash, "size": size})
        });
    }
    entries
}

/// `/ORG/NAME/resolve/REVISION/FILE`.
fn content(state: &State, kind: &str, name: &str, revision: &str, file: &str, request: &Request) -> Response {
    // The storage has checked nothing but its own address.
    let mut seen = request.clone();
    if request.at_storage {
        let repositories = state.repositories.lock().unwrap();
        let repository = repositories.iter().find(|repository| repository.name == name);
        let token = repository.and_then(|repository| repository.token.as_ref());
        seen.authorization = token.map(|token| format!("Bearer {token}"));
    }
    let repository = match find(state, kind, name, &seen) {
        Ok(repository) => repository,
        Err(code) => return refused(StatusCode::UNAUTHORIZED, code),
    };
    if repository.is_gated && seen.authorization.is_none() && !request.at_storage {
        return refused(StatusCode::UNAUTHORIZED, "GatedRepo");
    }
    if !is_known(&repository, revision) {
        return refused(StatusCode::NOT_FOUND, "RevisionNotFound");
    }
    let Some(found) = repository.files.iter().find(|other| other.name == file) else {
        return refused(StatusCode::NOT_FOUND, "EntryNotFound");
    };
    if request.method == "HEAD" || (found.is_large && !request.at_storage) {
        return head(state, &repository, found, request);
    }
    bytes(state, found, request)
}

fn head(state: &State, repository: &Repository, file: &File, request: &Request) -> Response {
    let mut response = Response::builder().header("X-Repo-Commit", repository.commit());
    response = response.header(
        header::ETAG,
        format!("\"{}\"", if file.is_large { "1".repeat(40) } else { file.hash.clone() }),
    );
    if file.is_large {
        let storage = state.storage.lock().unwrap().clone();
        response = response
            .status(StatusCode::FOUND)
            .header("X-Linked-Etag", format!("\"{}\"", file.hash))
            .header("X-Linked-Size", file.content.len())
            .header(header::LOCATION, format!("{storage}{}", request.path));
    } else {
        response = response.header(header::CONTENT_LENGTH, file.content.len());
    }
    response.body(Body::empty()).expect("a response")
}

fn bytes(state: &State, file: &File, request: &Request) -> Response {
    let fault = {
        let mut faults = state.faults.lock().unwrap();
        let next = faults.iter().position(|(name, _)| *name == file.name);
        next.map(|next| faults.remove(next).1)
    };
    let range = request.range.as_deref().filter(|_| fault != Some(Fault::IgnoreRange));
    let from = range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    let length = file.content.len();
    let mut response = Response::builder().header(header::CONTENT_TYPE, "application/octet-stream");
    if let Some(from) = from {
        if from >= length {
            return refused(StatusCode::RANGE_NOT_SATISFIABLE, "");
        }
        response = response
            .status(StatusCode::PARTIAL_CONTENT)
            .header(header::CONTENT_RANGE, format!("bytes {from}-{}/{length}", length - 1));
    }
    let sent = file.content.slice(from.unwrap_or(0)..);
    let announced = sent.len();
    let body = match fault {
        Some(Fault::Status(status, wait)) => {
            let mut refusal = refused(StatusCode::from_u16(status).expect("a status"), "");
            if let Some(wait) = wait {
                refusal.headers_mut().insert(header::RETRY_AFTER, wait.into());
            }
            return refusal;
        }
        Some(Fault::CutAfter(number)) => {
            let part = sent.slice(..number.min(announced));
            // The part is sent while the stream has nothing ready.
            let broken = stream::once(async {
                tokio::task::yield_now().await;
                Err(io::Error::other("the connection breaks"))
            });
            Body::from_stream(stream::iter([Ok(part)]).chain(broken))
        }
        Some(Fault::StopAfter(number)) => {
            let part = sent.slice(..number.min(announced));
            Body::from_stream(stream::iter([Ok::<_, io::Error>(part)]).chain(stream::pending()))
        }
        Some(Fault::OtherBytes) => Body::from(sent.iter().map(|byte| byte ^ 1).collect::<Bytes>()),
        Some(Fault::MoreBytes) => {
            let more = [sent.as_ref(), b"more"].concat();
            return response
                .header(header::CONTENT_LENGTH, more.len())
                .body(Body::from(more))
                .expect("a response");
        }
        Some(Fault::IgnoreRange | Fault::CutUpload(_)) | None => Body::from(sent),
    };
    response.header(header::CONTENT_LENGTH, announced).body(body).expect("a response")
}

pub(crate) fn json_answer(value: &Value) -> Response {
    Response::builder()
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(value.to_string()))
        .expect("a response")
}

pub(crate) fn refused(status: StatusCode, code: &str) -> Response {
    Response::builder()
        .status(status)
        .header("X-Error-Code", code)
        .body(Body::from("{}"))
        .expect("a response")
}
