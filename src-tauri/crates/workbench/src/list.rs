//! Lists, whose pages are all fetched.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    client::{Call, Workbench},
    failure::{Result, bad_answer},
};

/// The entries of a page.
const PAGE: &str = "100";

impl Workbench {
    /// Every entry of a list. `key` is where its pages have them.
    pub(crate) async fn list<T: DeserializeOwned>(&self, call: Call<'_>, key: &str) -> Result<Vec<T>> {
        Ok(self.list_in(call, key).await?.1)
    }

    /// Every entry of a list, and the first page as it came.
    pub(crate) async fn list_in<T: DeserializeOwned>(
        &self,
        mut call: Call<'_>,
        key: &str,
    ) -> Result<(Value, Vec<T>)> {
        call.query.push(("page_size", PAGE.to_owned()));
        let asked = call.query.len();
        let (mut first, mut entries, mut seen) = (None, Vec::new(), BTreeSet::new());
        loop {
            let mut page: Map<String, Value> = self.json(&call).await?;
            let found = match page.remove(key) {
                None | Some(Value::Null) => Vec::new(),
                Some(found) => serde_json::from_value::<Vec<Value>>(found)
                    .map_err(|_| bad_answer(&self.host(), &call.about, "can't be understood"))?,
            };
            let more = !found.is_empty();
            for entry in found {
                let entry = serde_json::from_value(entry).map_err(|error| {
                    tracing::info!("an entry of {:?}: {error}", call.path);
                    bad_answer(&self.host(), &call.about, "can't be understood")
                })?;
                entries.push(entry);
            }
            let token = page.get("next_page_token").and_then(Value::as_str).unwrap_or_default().to_owned();
            first.get_or_insert(Value::Object(page));
            if token.is_empty() || !more {
                return Ok((first.unwrap_or_default(), entries));
            }
            // A token that leads back to an earlier page would never end.
            if !seen.insert(token.clone()) {
                return Err(bad_answer(&self.host(), &call.about, "has pages that lead back to each other"));
            }
            call.query.truncate(asked);
            call.query.push(("page_token", token));
        }
    }
}
