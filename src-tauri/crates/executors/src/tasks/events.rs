//! The events of a run, as a worker writes them.

use std::{fs::File, io::Write as _, path::PathBuf};

use schema::{Error, Result};
use serde_json::{Map, Value, json};

/// The file of events of a run.
pub(super) struct Events(pub(super) PathBuf);

impl Events {
    pub(super) fn send(&self, event: &str, fields: Value) -> Result<()> {
        let mut line = Map::from_iter([
            ("time".to_owned(), json!(jiff::Timestamp::now().to_string())),
            ("event".to_owned(), json!(event)),
        ]);
        line.extend(fields.as_object().cloned().unwrap_or_default());
        let text = format!("{}\n", Value::Object(line));
        let failed = |error: std::io::Error| Error::file("write", &self.0, &error);
        let mut file = File::options().create(true).append(true).open(&self.0).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)
    }

    /// Whether that attempt has ended, by its last event of that kind.
    pub(super) fn has_ended(&self, attempt: u32) -> bool {
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        let (mut now, mut ended) = (0, false);
        for event in text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
            match event["event"].as_str() {
                Some("started") => (now, ended) = (event["attempt"].as_u64().unwrap_or_default(), false),
                Some("ended") => ended = true,
                _ => {}
            }
        }
        ended && now >= u64::from(attempt)
    }
}
