//! From a request to its answer: the key, the contract, the faults, the operation.

use std::{collections::BTreeMap, io, io::Write as _, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request as HttpRequest, State as Extract},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use bytes::Bytes;
use futures_util::stream;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::{
    Fault, Request, State,
    calls::{Answer, Call},
    contract::{Asked, Operation, asked, problems},
    models,
    refusal::Refusal,
};

/// The most bytes of a body that is no upload.
const LARGEST: usize = 16 << 20;

/// What the login page looks like.
const PAGE: &str = "<!DOCTYPE html><html><head><title>Log in</title></head><body>Log in</body></html>";

pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(state)
}

async fn answer(Extract(state): Extract<Arc<State>>, request: HttpRequest) -> Response {
    let text = |headers: &HeaderMap, name| {
        headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let (verb, path) = (request.method().to_string(), request.uri().path().to_owned());
    let query = request.uri().query().unwrap_or_default().to_owned();
    let content_type = text(request.headers(), header::CONTENT_TYPE).unwrap_or_default();
    let authorization = text(request.headers(), header::AUTHORIZATION);
    let note = |operation: &str, body: &Value| {
        state.requests.lock().unwrap().push(Request {
            operation: operation.to_owned(),
            verb: verb.clone(),
            path: path.clone(),
            query: query.clone(),
            body: body.clone(),
        });
    };
    // Served models are asked at a host of their own, which an address of loopback does not have.
    if (verb.as_str(), path.as_str()) == ("POST", "/model") {
        let has_key = key_refused(&state, authorization.as_deref()).is_none();
        let body = to_bytes(request.into_body(), LARGEST).await.unwrap_or_default();
        let asked = serde_json::from_slice(&body).unwrap_or_default();
        note("ask_model", &asked);
        let answer = models::ask(&state, &asked, has_key);
        return plain(StatusCode::OK, "application/json", answer.to_string().into());
    }
    if let Some(refusal) = key_refused(&state, authorization.as_deref()) {
        note("", &Value::Null);
        return refusal;
    }
    let (operation, places) = match asked(&verb, &path) {
        Asked::Operation(operation, places) if is_there(&state, operation) => (operation, places),
        // Another verb than the one of the contract, as one public client sends it.
        Asked::OtherVerbs(_) if path.ends_with("/files") && verb == state.behavior().upload_verb => {
            let Asked::Operation(operation, places) = asked("POST", &path) else { unreachable!("an upload") };
            (operation, places)
        }
        Asked::Operation(..) => {
            note("", &Value::Null);
            return refused(&state, &Refusal::not_found("Not Found"));
        }
        Asked::OtherVerbs(verbs) => {
            note("", &Value::Null);
            state.violation(format!("{path} takes {}, and the verb is {verb}", verbs.join(", ")));
            return refused(&state, &Refusal::new(12, "Method Not Allowed"));
        }
        Asked::NoPath => {
            note("", &Value::Null);
            state.violation(format!("there is no path {path}"));
            return refused(&state, &Refusal::not_found("Not Found"));
        }
    };
    if operation.name == "upload_file" && verb != state.behavior().upload_verb {
        note("", &Value::Null);
        return plain(StatusCode::METHOD_NOT_ALLOWED, "text/plain", "Method Not Allowed".into());
    }
    let places: Vec<String> =
        places.into_iter().map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect();
    let query_keys: BTreeMap<String, String> =
        form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let mut call =
        Call { operation, places, query: query_keys, body: json!({}), uploads: Vec::new(), state: &state };
    if let Err(problem) = read_body(&mut call, request, &content_type).await {
        note(operation.name, &Value::Null);
        state.violation(format!("{}: {problem}", operation.name));
        return refused(&state, &Refusal::invalid(problem));
    }
    note(operation.name, &call.body);
    let fault = state.next_fault(operation.name);
    let skipped = |fault: &Fault| matches!(fault, Fault::Status(..) | Fault::Page(_) | Fault::Silence);
    if let Some(fault) = fault.as_ref().filter(|fault| skipped(fault)) {
        return without_work(&state, fault).await;
    }
    let response = match unfit(&call) {
        Some(problem) => {
            state.violation(format!("{}: {problem}", operation.name));
            refused(&state, &Refusal::invalid(problem))
        }
        None => done(&state, &call),
    };
    after_work(&state, fault, response).await
}

/// Whether this workbench has the operation.
fn is_there(state: &State, operation: &Operation) -> bool {
    let behavior = state.behavior();
    match operation.name {
        "list_all_accelerator_node_labels" => behavior.has_labels,
        "validate_key" => behavior.validates_keys,
        _ => true,
    }
}

fn key_refused(state: &State, authorization: Option<&str>) -> Option<Response> {
    let Some(authorization) = authorization else {
        return Some(refused(state, &Refusal::new(16, "missing authorization header")));
    };
    if state.is_expired() {
        return Some(match state.behavior().login_page {
            true => plain(StatusCode::OK, "text/html", PAGE.into()),
            false => refused(state, &Refusal::new(16, "the API key has expired")),
        });
    }
    match authorization.strip_prefix("Bearer ") {
        Some(key) if key == state.key() => None,
        _ => Some(refused(state, &Refusal::new(13, "malformed apikey"))),
    }
}

/// Reads the body, or says what is wrong with it.
async fn read_body(call: &mut Call<'_>, request: HttpRequest, content_type: &str) -> Result<(), String> {
    if call.operation.body == "multipart" {
        let mut form = Multipart::from_request(request, &()).await.map_err(|error| error.to_string())?;
        while let Some(mut field) = form.next_field().await.map_err(|error| error.to_string())? {
            let path = field.name().unwrap_or_default().to_owned();
            let mut file =
                tempfile::NamedTempFile::new_in(call.state.folder()).map_err(|error| error.to_string())?;
            while let Some(part) = field.chunk().await.map_err(|error| error.to_string())? {
                file.write_all(&part).map_err(|error| error.to_string())?;
            }
            call.uploads.push((path, file));
        }
        return Ok(());
    }
    let body = to_bytes(request.into_body(), LARGEST).await.map_err(|error| error.to_string())?;
    if call.operation.verb == "GET" {
        return if body.is_empty() { Ok(()) } else { Err("a GET has a body".to_owned()) };
    }
    if content_type != "application/json" {
        return Err(format!("the content type is '{content_type}'"));
    }
    call.body = serde_json::from_slice(&body).map_err(|error| format!("the body is no JSON: {error}"))?;
    Ok(())
}

/// What of a request breaks the contract.
fn unfit(call: &Call<'_>) -> Option<String> {
    let operation = call.operation;
    if let Some(key) = call.query.keys().find(|key| !operation.query.contains(&key.as_str())) {
        return Some(format!("the query has no key '{key}'"));
    }
    if operation.body == "multipart" {
        return None;
    }
    let schema = if operation.body == "-" { "Empty" } else { operation.body };
    let problems = problems(schema, &call.body);
    (!problems.is_empty()).then(|| problems.join("; "))
}

fn done(state: &State, call: &Call<'_>) -> Response {
    let operation = call.operation;
    if operation.verb != "GET" && operation.name != "validate_key" && !state.behavior().may_write {
        let reads = operation.name == "download_project_file";
        if !reads {
            return refused(state, &Refusal::new(7, "permission denied"));
        }
    }
    match call.answer() {
        None => {
            state.violation(format!("{} is not played", operation.name));
            refused(state, &Refusal::new(12, "Not Implemented"))
        }
        Some(Err(refusal)) => refused(state, &refusal),
        Some(Ok(Answer::Bytes(content))) => plain(StatusCode::OK, "application/octet-stream", content.into()),
        Some(Ok(Answer::Json(mut value))) => {
            let own = problems(operation.answer, &value);
            assert!(own.is_empty(), "the answer of {} breaks the contract: {own:?}", operation.name);
            if state.behavior().newer {
                add_newer(&mut value);
            }
            plain(StatusCode::OK, "application/json", value.to_string().into())
        }
    }
}

/// Adds a key that the contract does not know to every object.
fn add_newer(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.values_mut().for_each(add_newer);
            object.insert("resource_group_id".to_owned(), json!({"of": ["a newer workbench"]}));
        }
        Value::Array(items) => items.iter_mut().for_each(add_newer),
        _ => {}
    }
}

async fn without_work(state: &State, fault: &Fault) -> Response {
    match fault {
        Fault::Status(status, wait) => {
            let status = StatusCode::from_u16(*status).expect("a status");
            let body = envelope(state, 2, "on demand");
            let mut response = plain(status, "application/json", body.to_string().into());
            if let Some(wait) = wait {
                response.headers_mut().insert(header::RETRY_AFTER, (*wait).into());
            }
            response
        }
        Fault::Page(status) => {
            plain(StatusCode::from_u16(*status).expect("a status"), "text/html", PAGE.into())
        }
        _ => std::future::pending().await,
    }
}

async fn after_work(state: &State, fault: Option<Fault>, response: Response) -> Response {
    match fault {
        Some(Fault::DoneBut(status)) => {
            let body = envelope(state, 13, "upstream request timeout");
            let status = StatusCode::from_u16(status).expect("a status");
            plain(status, "application/json", body.to_string().into())
        }
        Some(Fault::DoneWithoutAnswer) => broken(StatusCode::OK, Bytes::new(), 1),
        Some(Fault::Half) => {
            let (parts, body) = response.into_parts();
            let body = to_bytes(body, LARGEST).await.expect("the own body");
            broken(parts.status, body.slice(..body.len() / 2), body.len())
        }
        Some(Fault::Slow(time)) => {
            tokio::time::sleep(time).await;
            response
        }
        _ => response,
    }
}

/// An answer that is shorter than announced, after which the connection breaks.
fn broken(status: StatusCode, part: Bytes, announced: usize) -> Response {
    let end = stream::iter([Ok(part), Err(io::Error::other("the connection breaks"))]);
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONTENT_LENGTH, announced.max(1))
        .body(Body::from_stream(end))
        .expect("a response")
}

fn envelope(state: &State, code: i32, message: &str) -> Value {
    let mut body = json!({"code": code, "message": message});
    if state.behavior().older_refusals {
        body["error"] = json!(message);
        body["details"] = json!([]);
    }
    body
}

fn refused(state: &State, refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status()).expect("a status");
    let body = envelope(state, refusal.code.max(2), &refusal.message);
    plain(status, "application/json", body.to_string().into())
}

fn plain(status: StatusCode, content_type: &str, body: Bytes) -> Response {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, content_type)
        .body(Body::from(body))
        .expect("a response")
}
