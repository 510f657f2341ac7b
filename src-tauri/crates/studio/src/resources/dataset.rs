//! Datasets: rows to train and evaluate on.

use std::path::Path;

use super::path;
use crate::{
    datasets,
    error::Result,
    python_json,
    schema::{Beside, Check, Choice, Id, Kind, Rules, resource, text_enum},
    work::Work,
};

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
        table: Datasets, message: "DatasetMetadata",
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

impl Rules for Dataset {
    async fn derive(&mut self, before: Option<&Self>, beside: &mut Beside, work: &Work) -> Result<()> {
        match self.r#type.as_ref().and_then(Choice::known) {
            Some(DatasetType::Huggingface) if self.name.is_none() => {
                self.name.clone_from(&self.huggingface_name);
            }
            Some(kind) if kind != DatasetType::Huggingface => {
                let Some(location) = self.location.as_deref().map(path::absolute) else {
                    return Ok(());
                };
                let unchanged = before
                    .is_some_and(|b| b.location.as_deref() == Some(&location) && b.r#type == self.r#type);
                if !unchanged || self.features.is_none() {
                    let read = datasets::read(Path::new(&location), Some(kind), work).await;
                    let read = read.and_then(|(scan, reading)| Ok((scan.without_errors()?, reading)));
                    let (scan, reading) = read.map_err(|e| e.on("location"))?;
                    beside
                        .write(move |database, id| Box::pin(async move { reading.keep(database, id).await }));
                    let names: Vec<_> = scan.columns.iter().map(|c| c.name.as_str()).collect();
                    self.features = Some(python_json::to_string(&names));
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
