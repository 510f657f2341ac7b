//! Questions to an endpoint.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    client::{Call, Workbench},
    failure::{Failure, Fault, Result, bad_answer},
};

/// What a served model answers.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Served {
    success: bool,
    response: Value,
    errors: Value,
}

impl Workbench {
    /// Where the models are asked that the workbench serves.
    pub fn endpoint_address(&self) -> String {
        self.settings.address.model_service()
    }

    /// The answer of a served model to a prompt, with settings of generation.
    ///
    /// # Errors
    /// As every call: see [`Fault`]; [`Fault::NotFound`] if there is no such model, [`Fault::Failed`] if it can't
    /// answer.
    pub async fn ask_endpoint(
        &self,
        id: &str,
        prompt: &str,
        generation: &Map<String, Value>,
    ) -> Result<String> {
        let model = self.models().await?.into_iter().find(|model| model.id == id).ok_or_else(|| {
            let message = format!("The project there has no model with the id '{id}'.");
            Failure::new(Fault::NotFound, message).hint("It may have been deleted there. Deploy it again.")
        })?;
        let mut request = generation.clone();
        request.insert("prompt".to_owned(), Value::from(prompt));
        let about = self.about(format!("answer as the model '{}'", model.name), "served model");
        let mut call = Call::new(Method::POST, Vec::new(), about);
        call.body = json!({"accessKey": model.access_key, "request": request});
        let served: Served = self.json_at(&self.settings.address.model_service(), &call).await?;
        if served.success {
            return match served.response {
                Value::String(text) => Ok(text),
                // Other scripts answer with an object around the text.
                Value::Object(mut fields) if fields.get("response").is_some_and(Value::is_string) => {
                    Ok(fields
                        .remove("response")
                        .and_then(|text| text.as_str().map(str::to_owned))
                        .unwrap_or_default())
                }
                other => Ok(other.to_string()),
            };
        }
        let said = match served.errors {
            Value::String(text) => text,
            Value::Null => return Err(bad_answer(&self.host(), &call.about, "is none of a served model")),
            other => other.to_string(),
        };
        let line: String = said.lines().next().unwrap_or_default().chars().take(300).collect();
        let message = format!(
            "The model '{}' there could not answer. It says: {}",
            model.name,
            platform::scrubbed(&line)
        );
        Err(Failure::new(Fault::Failed, message)
            .hint("Look at its state and its log in the workbench, under Models."))
    }
}
