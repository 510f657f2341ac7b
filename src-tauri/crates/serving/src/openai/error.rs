//! Errors in the form of OpenAI's API.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use schema::Error;
use serde_json::{Value, json};

/// A refusal or failure, as clients expect it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
    /// The parameter at fault.
    param: Option<String>,
    code: Option<&'static str>,
}

impl ApiError {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), param: None, code: None }
    }

    /// The request is wrong.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// The value of a parameter is wrong.
    pub(crate) fn parameter(param: &str, message: impl Into<String>) -> Self {
        Self { param: Some(param.to_owned()), ..Self::invalid(message) }
    }

    /// A parameter asks for what can't be done here. `why` is a sentence, or empty.
    pub(crate) fn unsupported(param: &str, why: &str) -> Self {
        let why = if why.is_empty() { String::new() } else { format!(" {why}") };
        Self::parameter(param, format!("'{param}' is not supported here.{why} Leave it out."))
    }

    /// There is no model of that name.
    pub(crate) fn no_model(name: &str, served: &[String]) -> Self {
        let served = served.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
        Self {
            param: Some("model".to_owned()),
            code: Some("model_not_found"),
            ..Self::new(
                StatusCode::NOT_FOUND,
                format!("The model '{name}' is not served here. These are: {served}."),
            )
        }
    }

    /// The key is missing or wrong.
    pub(crate) fn unauthorized() -> Self {
        let message = "The key is missing or wrong. Send it as 'Authorization: Bearer KEY'.";
        Self { code: Some("invalid_api_key"), ..Self::new(StatusCode::UNAUTHORIZED, message) }
    }

    /// The request names a host that is not this one.
    pub(crate) fn wrong_host(host: &str) -> Self {
        let message = format!("This endpoint is not '{host}'. Ask it by its address.");
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// The body is too large.
    pub(crate) fn too_large(limit: usize) -> Self {
        let message = format!("The request is larger than {} MB, the most that are read.", limit >> 20);
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, message)
    }

    /// There is no such route.
    pub(crate) fn no_route(path: &str) -> Self {
        let known = "GET /v1/models, POST /v1/chat/completions and POST /v1/completions";
        Self::new(StatusCode::NOT_FOUND, format!("There is no '{path}' here, but {known}."))
    }

    /// The route has no such method.
    pub(crate) fn no_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "This path has another method.")
    }

    /// Too many requests wait.
    pub(crate) fn queue_full(most: usize) -> Self {
        let message = format!("{most} requests wait already. Try again later.");
        Self { code: Some("queue_full"), ..Self::new(StatusCode::TOO_MANY_REQUESTS, message) }
    }

    /// The model is not loaded yet.
    pub(crate) fn loading() -> Self {
        let message = "The model is still being loaded. Try again later.";
        Self { code: Some("model_loading"), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, message) }
    }

    /// The endpoint stops.
    pub(crate) fn stopped() -> Self {
        let message = "The endpoint was stopped before this was answered.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, message)
    }

    /// The worker could not do it.
    pub(crate) fn failed(error: &Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, with_hint(&error.message, error.hint.as_deref()))
    }

    /// The core refuses what is asked.
    pub(crate) fn refused(message: &str, hint: Option<&str>) -> Self {
        Self::invalid(with_hint(message, hint))
    }

    pub(crate) fn to_json(&self) -> Value {
        let kind = match self.status {
            StatusCode::TOO_MANY_REQUESTS => "rate_limit_error",
            status if status.is_server_error() => "server_error",
            _ => "invalid_request_error",
        };
        json!({"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}})
    }
}

fn with_hint(message: &str, hint: Option<&str>) -> String {
    hint.map_or_else(|| message.to_owned(), |hint| format!("{message} {hint}"))
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Body::from(self.to_json().to_string())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        match self.status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            _ => {}
        }
        if [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::PAYLOAD_TOO_LARGE]
            .contains(&self.status)
        {
            // The rest of the request is not read, so no other can follow it.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}
