//! What a workbench serves or registers: an adapter with its base model of the Hub.

use compute::{TargetKind, TargetSettings};
use run_folder::export::{EndpointSettings, RegistrationSettings};
use schema::{ErrorCode, Result, TableName};
use store::RowKey;

use crate::{card::hub_name, draft::Draft};

/// Adds to a plan what keeps an endpoint from being made. The settings are completed by what the rows say.
pub(super) async fn plan_endpoint(
    draft: &mut Draft<'_>,
    row: &RowKey,
    settings: &mut EndpointSettings,
) -> Result<()> {
    let EndpointSettings { target, name, base_model, workbench, .. } = settings;
    named(draft, "endpoint_name", name);
    (*base_model, *workbench) = (base(draft, row), place(draft, target).await?);
    Ok(())
}

/// The same for a registration.
pub(super) async fn plan_registration(
    draft: &mut Draft<'_>,
    row: &RowKey,
    settings: &mut RegistrationSettings,
) -> Result<()> {
    let RegistrationSettings { target, name, base_model, workbench, .. } = settings;
    named(draft, "registered_name", name);
    (*base_model, *workbench) = (base(draft, row), place(draft, target).await?);
    Ok(())
}

/// Takes a name without blanks around it.
fn named(draft: &mut Draft<'_>, field: &str, name: &mut String) {
    *name = name.trim().to_owned();
    if name.is_empty() {
        draft.refuse(field, "Name the model.");
    } else if name.contains(char::is_control) {
        draft.refuse(field, "The name of the model has a line break.");
    }
}

/// The name of the base model on the Hub.
fn base(draft: &mut Draft<'_>, row: &RowKey) -> Option<String> {
    draft.plan.samples = 0;
    if row.table != TableName::Adapters {
        draft.refuse("source", "A workbench takes an adapter with its base model. Choose an adapter.");
    }
    let base = draft.row_of_model.as_ref().and_then(hub_name);
    if base.is_none() && draft.row_of_model.is_some() {
        draft.refuse(
            "base",
            "The workbench loads the base model from the Hub, and this one is a folder. Choose the model of the Hub \
             that it was made from.",
        );
    }
    base
}

/// The settings of the target, which has to be a workbench with a runtime. Its name becomes its id.
async fn place(draft: &mut Draft<'_>, target: &mut String) -> Result<Option<Box<TargetSettings>>> {
    let found = match draft.store.target(target.trim()).await {
        Ok(found) => found,
        Err(error) if error.code == ErrorCode::NotFound => {
            draft.refuse("target", error.message);
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    if let Err(error) = found.refuse_unconfirmed() {
        draft.refuse("target", error.message);
    }
    let name = &found.name;
    if found.settings.kind != TargetKind::Cloudera {
        draft.refuse("target", format!("'{name}' is no workbench. Choose a target of the kind cloudera."));
    } else if found.settings.options.runtime.is_none() {
        draft.refuse("target", format!("'{name}' names no runtime. Choose one in its settings."));
    }
    if let Err(problem) = found.settings.options.resources() {
        draft.refuse("target", problem);
    }
    *target = found.id;
    Ok(Some(Box::new(found.settings)))
}
