//! Datasets: rows to train and evaluate on.

use std::path::Path;

use platform::absolute;
use schema::{
    Check, Choice, Error, ErrorCode, FileScan, Id, Kind, Result, Row, Rules, Stored, python_json, resource,
    text_enum,
};

use crate::path;

text_enum! {
    /// Where a dataset's rows are.
    pub enum DatasetType {
        /// A dataset on the Hugging Face Hub.
        Huggingface = "huggingface", "Hugging Face Hub";
        /// A folder of the project in the Hub's layout.
        Project = "project", "Folder";
        /// A CSV file with a header.
        ProjectCsv = "project_csv", "CSV file";
        /// A JSON file holding a list of objects.
        ProjectJson = "project_json", "JSON file";
        /// A file with one JSON object a line.
        ProjectJsonl = "project_jsonl", "JSON Lines file";
        /// A Parquet file. Ours alone: other programs keep it as a type they do not know.
        ProjectParquet = "project_parquet", "Parquet file";
    }
}

const FILES: &[&str] = &["project", "project_csv", "project_json", "project_jsonl", "project_parquet"];

resource! {
    /// Rows to train and evaluate on: a file on this machine, or a dataset on the Hugging Face Hub.
    pub struct Dataset {
        table: Datasets, since: 1, message: Some("DatasetMetadata"),
        group: Resources, icon: "IconTable",
        singular: "dataset", plural: "datasets", title: "Datasets",
        label: ["name", "huggingface_name", "location"],
    }
    columns {
        /// A random UUID that never changes.
        id: Option<Id<Dataset>> => "Identifier",
        /// Where the rows are.
        r#type: Option<Choice<DatasetType>> => "Type".required().listed()
            .offers(&["huggingface", "project", "project_csv", "project_json", "project_jsonl", "project_parquet"]),
        /// What you call it. No two datasets share a name.
        name: Option<String> => "Name".required().filled(&["huggingface"]).unique().listed(),
        /// A note for yourself.
        description: Option<String> => "Description".is(Kind::LongText),
        /// The dataset's name on the Hub, as organisation/name.
        huggingface_name: Option<String> => "Hub name".required().unique().when(&["huggingface"]),
        /// The file or folder with the rows. It stays where it is.
        location: Option<String> => "File".required().when(FILES).is(Kind::File).listed(),
        /// The names of the columns, read from the file.
        features: Option<String> => "Columns".derived().is(Kind::Code).listed(),
    }
}

impl Dataset {
    /// The names of the columns; `None` where they aren't known.
    pub fn column_names(&self) -> Option<Vec<String>> {
        serde_json::from_str(self.features.as_deref()?).ok()
    }
}

impl Dataset {
    /// The file or folder of a stored row, or why it has none. `label` is what a person calls it.
    pub fn file_of(row: &Row, label: &str) -> Result<String> {
        let dataset = Stored::<Self>::from_row(row.clone());
        let on_hub = dataset.r#type.as_ref().and_then(Choice::known) == Some(DatasetType::Huggingface);
        match &dataset.location {
            Some(location) if !on_hub => Ok(location.clone()),
            _ => {
                Err(Error::new(ErrorCode::Invalid, format!("The rows of '{label}' are not in a file here."))
                    .hint("Only datasets imported from a file can be previewed."))
            }
        }
    }
}

impl Rules for Dataset {
    async fn derive(&mut self, before: Option<&Self>, files: &mut dyn FileScan) -> Result<()> {
        match self.r#type.as_ref().and_then(Choice::known) {
            Some(DatasetType::Huggingface) if self.name.is_none() => {
                self.name.clone_from(&self.huggingface_name);
            }
            Some(kind) if kind != DatasetType::Huggingface => {
                let Some(location) = self.location.as_deref().map(absolute) else {
                    return Ok(());
                };
                let unchanged = before
                    .is_some_and(|b| b.location.as_deref() == Some(&location) && b.r#type == self.r#type);
                if !unchanged || self.features.is_none() {
                    let names = files.columns(Path::new(&location), kind.into_str()).await;
                    self.features = Some(python_json::to_string(&names.map_err(|e| e.on("location"))?));
                }
                self.location = Some(location);
            }
            _ => {}
        }
        Ok(())
    }

    async fn check(&self, check: &mut Check<'_>) -> Result<()> {
        path::check_hub_name(check, "huggingface_name", self.huggingface_name.as_deref());
        Ok(())
    }
}
