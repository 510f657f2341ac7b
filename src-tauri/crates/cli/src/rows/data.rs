//! Fields given as JSON.

use std::{fs, io::Read as _};

use serde_json::json;
use studio::{Error, ErrorCode, schema::Row};

use crate::session::Failure;

#[derive(Debug, clap::Args)]
pub(crate) struct Data {
    /// The fields as a JSON object, the name of a file with one after @, or - for standard input
    #[arg(long = "data", value_name = "JSON|@FILE|-")]
    text: String,
}

impl Data {
    /// Reads the fields. Text that is not a JSON object is wrong usage.
    pub(crate) fn read(&self) -> Result<Row, Failure> {
        let text = if self.text == "-" {
            let mut text = String::new();
            let read = std::io::stdin().read_to_string(&mut text);
            read.map_err(|error| Error::file("read", "standard input".as_ref(), &error))?;
            text
        } else if let Some(file) = self.text.strip_prefix('@') {
            fs::read_to_string(file).map_err(|error| Error::file("read", file.as_ref(), &error))?
        } else {
            self.text.clone()
        };
        serde_json::from_str(&text).map_err(|error| {
            let message = format!("The value of --data is not a JSON object: {error}.");
            let example = json!({"name": "my model"});
            Failure::usage(
                Error::new(ErrorCode::Invalid, message).hint(format!("Write it as in --data '{example}'.")),
            )
        })
    }
}
