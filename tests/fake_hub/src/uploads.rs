//! Uploads: repositories are made, files are stored, and commits add them.

use std::{collections::BTreeMap, io, sync::Mutex};

use axum::{
    body::{Body, HttpBody as _, to_bytes},
    http::{StatusCode, header},
    response::Response,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    Fault, Repository, Request, State,
    answers::{find, json_answer, refused},
};

/// The most bytes of one request.
const LARGEST: usize = 1 << 30;

/// Endings of the files that go to Git LFS.
const LARGE: [&str; 3] = [".safetensors", ".parquet", ".bin"];

/// What has been sent and is in no commit yet, and what is to go wrong.
#[derive(Default)]
pub(crate) struct Uploads {
    /// By SHA-256.
    stored: Mutex<BTreeMap<String, Bytes>>,
    /// By the beginning of the method and path.
    pub(crate) faults: Mutex<Vec<(String, Fault)>>,
}

pub(crate) async fn answer(state: &State, request: &Request, body: Body) -> Response {
    let path = request.path.split('?').next().unwrap_or_default().to_owned();
    match fault(state, &format!("{} {path}", request.method)) {
        Some(Fault::Status(status, wait)) => {
            let mut refusal = refused(StatusCode::from_u16(status).expect("a status"), "");
            if let Some(wait) = wait {
                refusal.headers_mut().insert(header::RETRY_AFTER, wait.into());
            }
            return refusal;
        }
        Some(Fault::CutUpload(percent)) => return cut(body, percent).await,
        Some(other) => panic!("{other:?} is no fault of an upload"),
        None => {}
    }
    let Ok(content) = to_bytes(body, LARGEST).await else {
        return refused(StatusCode::BAD_REQUEST, "");
    };
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["api", "validate-yaml"] => json_answer(&json!({"errors": [], "warnings": []})),
        ["api", "repos", "create"] => create(state, request, &parsed(&content)),
        ["storage", hash] => store(state, hash, content),
        ["api", kind @ ("models" | "datasets"), organization, name, rest @ ..] => {
            let name = format!("{organization}/{name}");
            if let Err(code) = find(state, kind, &name, request) {
                return refused(StatusCode::UNAUTHORIZED, code);
            }
            match rest {
                ["branch", _] => json_answer(&json!({})),
                ["preupload", _] => json_answer(&modes(&parsed(&content))),
                ["commit", _] => commit(state, &name, &content),
                _ => refused(StatusCode::NOT_FOUND, "EntryNotFound"),
            }
        }
        [.., "info", "lfs", "objects", "batch"] => json_answer(&batch(state, &parsed(&content))),
        _ => refused(StatusCode::NOT_FOUND, "EntryNotFound"),
    }
}

fn fault(state: &State, request: &str) -> Option<Fault> {
    let mut faults = state.uploads.faults.lock().unwrap();
    let next = faults.iter().position(|(beginning, _)| request.starts_with(beginning.as_str()))?;
    Some(faults.remove(next).1)
}

/// Reads a part of the body and hangs up: an error in the body of an answer closes its connection.
async fn cut(body: Body, percent: u8) -> Response {
    let total = body.size_hint().exact().unwrap_or_default();
    let mut parts = body.into_data_stream();
    let mut read = 0;
    while let Some(Ok(part)) = parts.next().await {
        read += part.len() as u64;
        if read * 100 >= total * u64::from(percent) {
            break;
        }
    }
    let broken = stream::once(async { Err::<Bytes, _>(io::Error::other("the connection breaks")) });
    Response::builder().header(header::CONTENT_LENGTH, 1).body(Body::from_stream(broken)).expect("a response")
}

fn create(state: &State, request: &Request, asked: &Value) -> Response {
    let text = |key: &str| asked[key].as_str().unwrap_or_default();
    let name = format!("{}/{}", text("organization"), text("name"));
    let kind = if text("type") == "dataset" { "datasets" } else { "models" };
    let mut repositories = state.repositories.lock().unwrap();
    if repositories.iter().any(|repository| repository.name() == name) {
        return refused(StatusCode::CONFLICT, "");
    }
    let mut repository = Repository::new(kind, &name);
    let token = request.authorization.as_ref().and_then(|bearer| bearer.strip_prefix("Bearer "));
    let Some(token) = token else { return refused(StatusCode::UNAUTHORIZED, "") };
    if text("visibility") == "private" || asked["private"] == json!(true) {
        repository = repository.private(token);
    }
    repositories.push(repository);
    let address = state.address.lock().unwrap().clone();
    json_answer(&json!({"url": format!("{address}/{name}")}))
}

fn modes(asked: &Value) -> Value {
    let files = asked["files"].as_array().into_iter().flatten().map(|file| {
        let path = file["path"].as_str().unwrap_or_default();
        let is_large = LARGE.iter().any(|ending| path.ends_with(ending));
        let mode = if is_large { "lfs" } else { "regular" };
        json!({"path": path, "uploadMode": mode, "shouldIgnore": false, "oid": null})
    });
    json!({"files": files.collect::<Vec<_>>()})
}

/// Where to send each large file; nowhere if it has arrived before.
fn batch(state: &State, asked: &Value) -> Value {
    let stored = state.uploads.stored.lock().unwrap();
    let storage = state.storage.lock().unwrap().clone();
    let objects = asked["objects"].as_array().into_iter().flatten().map(|object| {
        let hash = object["oid"].as_str().unwrap_or_default();
        let mut object = object.clone();
        if !stored.contains_key(hash) {
            object["actions"] = json!({"upload": {"href": format!("{storage}/storage/{hash}")}});
        }
        object
    });
    json!({"transfer": "basic", "objects": objects.collect::<Vec<_>>()})
}

fn store(state: &State, hash: &str, content: Bytes) -> Response {
    let real: String = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
    if real != hash {
        return refused(StatusCode::BAD_REQUEST, "");
    }
    state.uploads.stored.lock().unwrap().insert(real, content);
    json_answer(&json!({}))
}

/// Lines of JSON: a header, files with their content, and large files by hash.
fn commit(state: &State, name: &str, content: &[u8]) -> Response {
    let mut repositories = state.repositories.lock().unwrap();
    let Some(place) = repositories.iter().position(|repository| repository.name() == name) else {
        return refused(StatusCode::NOT_FOUND, "RepoNotFound");
    };
    let mut repository = repositories.remove(place);
    for line in content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let line = parsed(line);
        let text = |key: &str| line["value"][key].as_str().unwrap_or_default().to_owned();
        let path = text("path");
        repository.files.retain(|file| line["key"] == "header" || file.name != path);
        match line["key"].as_str() {
            Some("file") => {
                repository = repository.file(&path, BASE64_STANDARD.decode(text("content")).expect("Base64"))
            }
            Some("lfsFile") => {
                let stored = state.uploads.stored.lock().unwrap().get(&text("oid")).cloned();
                let Some(content) = stored else { return refused(StatusCode::BAD_REQUEST, "") };
                repository = repository.large_file(&path, content);
            }
            _ => {}
        }
    }
    let commit = repository.commit();
    repositories.push(repository);
    let address = state.address.lock().unwrap().clone();
    json_answer(&json!({"commitUrl": format!("{address}/{name}/commit/{commit}"), "commitOid": commit}))
}

fn parsed(content: &[u8]) -> Value {
    serde_json::from_slice(content).expect("JSON from the client")
}
