//! Fields given as JSON.

use std::{fs, io::Read as _};

use serde_json::{Value, json};
use studio::{Error, ErrorCode, configs::parse_json, schema::Row};

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
        let why = match parse_json(&text) {
            Ok(Value::Object(fields)) => return Ok(fields),
            Ok(_) => "it is another value.".to_owned(),
            Err(problem) => problem.to_string(),
        };
        let message = format!("The value of --data is not a JSON object: {why}");
        let example = json!({"name": "my model"});
        let error = Error::new(ErrorCode::Invalid, message);
        Err(Failure::usage(error.hint(format!("Write it as in --data '{example}'."))))
    }
}
