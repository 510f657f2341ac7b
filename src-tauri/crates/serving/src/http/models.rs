//! `GET /v1/models`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde_json::{Value, json};

use super::{shared::Service, stream::json_response};
use crate::{names::ServedModel, openai::ApiError};

/// What is served.
pub(crate) async fn list(State(service): State<Service>) -> Response {
    let data: Vec<Value> = service.models.iter().map(|model| described(&service, model)).collect();
    json_response(&json!({"object": "list", "data": data}))
}

/// One of them.
pub(crate) async fn show(
    State(service): State<Service>,
    Path(name): Path<String>,
) -> Result<Response, ApiError> {
    match service.models.iter().find(|model| model.name == name) {
        Some(model) => Ok(json_response(&described(&service, model))),
        None => {
            let names: Vec<String> = service.models.iter().map(|model| model.name.clone()).collect();
            Err(ApiError::no_model(&name, &names))
        }
    }
}

fn described(service: &Service, model: &ServedModel) -> Value {
    let base = service.models.first().filter(|_| model.adapter_id.is_some()).map(|base| &base.name);
    json!({
        "id": model.name, "object": "model", "created": service.since, "owned_by": "fine-tuning-studio",
        "parent": base,
    })
}
