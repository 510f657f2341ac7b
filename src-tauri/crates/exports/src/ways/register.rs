//! A model that is registered in an MLflow registry.

use run_folder::export::{MergeSettings, RegisterSettings};
use weights::{AdapterFacts, ModelFacts};

use super::merge;
use crate::draft::Draft;

/// Adds to a plan what keeps a model from being registered. The settings are completed by the address where
/// runs log their measurements.
pub(super) fn plan(draft: &mut Draft<'_>, settings: &mut RegisterSettings, default: String) {
    settings.name = settings.name.trim().to_owned();
    if settings.name.is_empty() {
        draft.refuse("registered_name", "Name the registered model.");
    } else if settings.name.contains(['/', ':', '.', '%', '"', '\'']) {
        draft.refuse(
            "registered_name",
            "MLflow takes no '/', ':', '.', '%' or quotes in the name of a model.",
        );
    }
    let given = settings.uri.as_deref().map(str::trim).filter(|uri| !uri.is_empty()).map(str::to_owned);
    let uri = given.unwrap_or(default);
    if has_credentials(&uri) {
        draft.refuse(
            "uri",
            "Leave name and password out of the address, which the run keeps: set MLFLOW_TRACKING_USERNAME and \
             MLFLOW_TRACKING_PASSWORD.",
        );
    } else if !["http://", "https://", "sqlite:///"].iter().any(|scheme| uri.starts_with(scheme)) {
        draft.refuse("uri", "Write an address that begins with http://, https:// or sqlite:///.");
    }
    settings.uri = Some(uri);
    let model = draft.model.as_ref().and_then(|report| report.facts.clone());
    let adapter = draft.adapter.as_ref().and_then(|report| report.facts.as_ref());
    if adapter.is_some_and(AdapterFacts::gives_scores) || model.as_ref().is_some_and(ModelFacts::gives_scores)
    {
        draft.refuse(
            "source",
            "It gives scores and writes no text, so it can't be registered for text generation.",
        );
    }
    if draft.plan.adapter.is_some() {
        merge::plan(draft, &MergeSettings::default());
    } else {
        draft.plan.bytes = model.map(|facts| facts.bytes);
    }
    // MLflow writes the model to a folder of its own before it stores it, and it is loaded back.
    let copies = if draft.plan.adapter.is_some() { 3 } else { 2 };
    draft.plan.temporary_bytes = draft.plan.bytes.unwrap_or_default() * copies;
}

fn has_credentials(uri: &str) -> bool {
    let host = uri.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or(rest));
    host.is_some_and(|host| host.contains('@'))
}
