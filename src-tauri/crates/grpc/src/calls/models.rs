//! Models.

use serde::Deserialize;
use studio::{
    Error, ErrorCode, Result,
    exchange::RegistryChoice,
    hub::HubKind,
    resources::{Dataset, Model, ModelType},
    schema::{Row, TableName, column},
};

use super::{Calls, refused, require};
use crate::reply::Reply;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct AddModelRequest {
    r#type: String,
    huggingface_name: String,
    model_registry_id: String,
}

impl Calls {
    /// Adds a model by its name on the Hub.
    pub(super) async fn add_model(&self, request: AddModelRequest) -> Result<Reply> {
        let AddModelRequest { r#type, huggingface_name, model_registry_id } = request;
        require("type", &r#type)?;
        match r#type.parse::<ModelType>() {
            Ok(ModelType::Huggingface) => {}
            Ok(ModelType::ModelRegistry) => {
                require("model_registry_id", &model_registry_id)?;
                if let Some(target) = self.workbench().await? {
                    let choice = RegistryChoice::default();
                    let workbenches = self.studio.workbenches();
                    let added = workbenches.add_registered(&target, &model_registry_id, &choice).await?;
                    return Ok(Reply::Row(added.row.row));
                }
                let message = format!(
                    "The registry of a workbench can't be asked for the model '{}' from here.",
                    model_registry_id.trim()
                );
                return Err(Error::new(ErrorCode::Unreachable, message)
                    .hint("Start the service with a workbench as its target, or add the model's folder in the window."));
            }
            _ => {
                let message = format!("Models of the type '{type}' can't be added by this call.");
                return Err(refused("type", message));
            }
        }
        // The contract names this field as it names the one of a dataset.
        require(column!(Dataset, huggingface_name), &huggingface_name)?;
        self.check_hub_name(HubKind::Model, &huggingface_name).await?;
        let fields = Row::from_iter([
            ("type".to_owned(), ModelType::Huggingface.into_str().into()),
            (column!(Model, huggingface_model_name).to_owned(), huggingface_name.into()),
        ]);
        Ok(Reply::Row(self.studio.rows().create(TableName::Models, fields).await?.row.row))
    }
}
