//! The card of a dataset.

use schema::Result;

use super::{
    front::{DatasetFront, written},
    markdown::{FILES, table},
};

/// What the card of a dataset says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct DatasetCard {
    /// The title.
    pub(crate) name: String,
    /// The columns.
    pub(crate) columns: Vec<String>,
    /// The splits with their numbers of rows, as far as they are known.
    pub(crate) splits: Vec<(String, Option<u64>)>,
    /// The number of all rows.
    pub(crate) rows: Option<u64>,
    /// BLAKE3 of its file, in hexadecimal digits.
    pub(crate) hash: Option<String>,
}

impl DatasetCard {
    /// The text, as Markdown with YAML at its beginning.
    pub(crate) fn text(&self) -> Result<String> {
        let front = DatasetFront {
            license: "unknown".to_owned(),
            size_categories: self.rows.map(|rows| vec![size_category(rows)]),
            tags: vec!["fine-tuning-studio".to_owned()],
        };
        let mut rows: Vec<(String, String)> = Vec::new();
        if let Some(number) = self.rows {
            rows.push(("Rows".to_owned(), number.to_string()));
        }
        if !self.columns.is_empty() {
            let names = self.columns.iter().map(|name| format!("`{name}`"));
            rows.push(("Columns".to_owned(), names.collect::<Vec<_>>().join(", ")));
        }
        if let Some(hash) = &self.hash {
            rows.push(("BLAKE3".to_owned(), format!("`{hash}`")));
        }
        let splits: Vec<(String, String)> = self
            .splits
            .iter()
            .map(|(name, rows)| (name.clone(), rows.map_or_else(String::new, |rows| format!("{rows} rows"))))
            .collect();
        let parts = [
            written(&front)?,
            format!("# {}\n\n", self.name),
            table("Rows", &rows),
            table("Splits", &splits),
            format!("## Files\n\n{FILES}\n"),
        ];
        Ok(parts.concat())
    }
}

/// The Hub's word for a number of rows.
fn size_category(rows: u64) -> &'static str {
    match rows {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        1_000_000..10_000_000 => "1M<n<10M",
        10_000_000..100_000_000 => "10M<n<100M",
        100_000_000..1_000_000_000 => "100M<n<1B",
        _ => "n>1B",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dataset_says_what_it_has() {
        let card = DatasetCard {
            name: "Tickets".to_owned(),
            columns: vec!["ticket".to_owned(), "label".to_owned()],
            splits: vec![("train".to_owned(), Some(1_200))],
            rows: Some(1_200),
            hash: Some("ab12".to_owned()),
        };
        let text = card.text().unwrap();
        assert!(text.starts_with("---\nlicense: unknown\n"));
        for part in
            ["1K<n<10K", "| Rows | 1200 |", "`ticket`, `label`", "| train | 1200 rows |", "`ab12`", FILES]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
