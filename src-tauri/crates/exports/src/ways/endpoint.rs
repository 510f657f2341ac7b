//! An adapter that a workbench serves with its base model.

use compute::TargetKind;
use run_folder::export::EndpointSettings;
use schema::{ErrorCode, Result, TableName};
use store::RowKey;

use crate::{card::hub_name, draft::Draft};

/// Adds to a plan what keeps an endpoint from being made. The settings are completed by what the rows say.
pub(super) async fn plan(draft: &mut Draft<'_>, row: &RowKey, settings: &mut EndpointSettings) -> Result<()> {
    draft.plan.samples = 0;
    if row.table != TableName::Adapters {
        draft.refuse("source", "A workbench serves an adapter with its base model. Choose an adapter.");
    }
    settings.name = settings.name.trim().to_owned();
    if settings.name.is_empty() {
        draft.refuse("endpoint_name", "Name the model.");
    } else if settings.name.contains(char::is_control) {
        draft.refuse("endpoint_name", "The name of the model has a line break.");
    }
    settings.base_model = draft.row_of_model.as_ref().and_then(hub_name);
    if settings.base_model.is_none() && draft.row_of_model.is_some() {
        draft.refuse(
            "base",
            "The workbench loads the base model from the Hub, and this one is a folder. Choose the model of the Hub \
             that it was made from.",
        );
    }
    let target = match draft.store.target(settings.target.trim()).await {
        Ok(target) => target,
        Err(error) if error.code == ErrorCode::NotFound => {
            draft.refuse("target", error.message);
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    if let Err(error) = target.refuse_unconfirmed() {
        draft.refuse("target", error.message);
    }
    if target.settings.kind != TargetKind::Cloudera {
        let message = format!("'{}' is no workbench. Choose a target of the kind cloudera.", target.name);
        draft.refuse("target", message);
    } else if target.settings.options.runtime.is_none() {
        let message = format!("'{}' names no runtime. Choose one in its settings.", target.name);
        draft.refuse("target", message);
    }
    if let Err(problem) = target.settings.options.resources() {
        draft.refuse("target", problem);
    }
    settings.target = target.id;
    settings.workbench = Some(Box::new(target.settings));
    Ok(())
}
