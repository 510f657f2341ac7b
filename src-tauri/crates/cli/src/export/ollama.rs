//! `fts adapter ollama` and `fts model ollama`.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value};
use studio::{
    exports::{GgufType, OllamaSettings, Way},
    schema::TableName,
};

use super::{ExportOptions, ExportPlace, export};
use crate::session::{Outcome, Session};

/// What both commands take.
#[derive(Debug, Args)]
pub(crate) struct OllamaFolder {
    /// The folder to write, which must not exist yet
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// The number format of the weights: f32, f16, bf16, q8_0, q6_k, q5_k_m, q4_k_m, q3_k_m or q2_k
    #[arg(long = "type", value_name = "TYPE", default_value = "q8_0")]
    kind: GgufType,
    /// The name of the model in Ollama [default: made of --name or of the row's name]
    #[arg(long = "as", value_name = "NAME", default_value = "", hide_default_value = true)]
    ollama_name: String,
    /// The system prompt of each conversation that has none
    #[arg(long, value_name = "TEXT")]
    system: Option<String>,
    /// A parameter of the Modelfile, such as temperature=0.2; may be given again for another
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, Value)>,
    /// Create the model in the Ollama that runs here
    #[arg(long)]
    create: bool,
    /// The address of Ollama [default: that of OLLAMA_HOST, else http://127.0.0.1:11434]
    #[arg(long, value_name = "URL")]
    host: Option<String>,
    #[command(flatten)]
    options: ExportOptions,
    #[command(flatten)]
    place: ExportPlace,
}

impl OllamaFolder {
    async fn run(self, source: (TableName, String), base: Option<String>, session: &Session) -> Outcome {
        let way = Way::Ollama(OllamaSettings {
            r#type: self.kind,
            name: self.ollama_name,
            system: self.system,
            parameters: all(self.parameters),
            create: self.create,
            host: self.host,
        });
        export(session, source, base, Some(self.to), self.options, self.place, way).await
    }
}

/// Write a folder from which Ollama makes a model: the model merged with an adapter, and a Modelfile
///
/// The Modelfile's template is made of the model's chat template, and left out where it would render otherwise.
#[derive(Debug, Args)]
pub(crate) struct AdapterOllama {
    /// The id of the adapter
    id: String,
    /// The id of the base model [default: the adapter's own]
    #[arg(long, value_name = "ID")]
    base: Option<String>,
    #[command(flatten)]
    folder: OllamaFolder,
}

impl AdapterOllama {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        self.folder.run((TableName::Adapters, self.id), self.base, session).await
    }
}

/// Write a folder from which Ollama makes a model: the weights and a Modelfile
///
/// The Modelfile's template is made of the model's chat template, and left out where it would render otherwise.
#[derive(Debug, Args)]
pub(crate) struct ModelOllama {
    /// The id of the model
    id: String,
    #[command(flatten)]
    folder: OllamaFolder,
}

impl ModelOllama {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        self.folder.run((TableName::Models, self.id), None, session).await
    }
}

/// `temperature=0.2` as a name and a number, or a text where it is none.
fn parameter(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("It is written NAME=VALUE.")?;
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err("The name of a parameter has letters, digits and '_'.".to_owned());
    }
    let number =
        serde_json::from_str::<Value>(value).ok().filter(|value| !value.is_object() && !value.is_array());
    Ok((name.to_owned(), number.unwrap_or_else(|| Value::from(value))))
}

/// Parameters by name. One that is given again, such as `stop`, has a list of values.
fn all(parameters: Vec<(String, Value)>) -> Map<String, Value> {
    let mut found = Map::new();
    for (name, value) in parameters {
        match found.get_mut(&name) {
            None => _ = found.insert(name, value),
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_are_numbers_texts_or_lists_of_them() {
        let given = ["temperature=0.2", "stop=</s>", "stop=###", "stop=Q: =", "penalize_newline=true", "x="];
        let read = all(given.iter().map(|text| parameter(text).unwrap()).collect());
        let expected = json!({
            "temperature": 0.2, "stop": ["</s>", "###", "Q: ="], "penalize_newline": true, "x": "",
        });
        assert_eq!(Value::Object(read), expected);
        assert!(parameter("temperature").is_err() && parameter("a b=1").is_err());
    }
}
