//! The first rows of a dataset, from which follows what can be done with it.

use std::path::Path;

use datasets::{DatasetFile, NumberedRow, Object, Shape, Value};
use prompts::chat::Ratings;
use resources::DatasetType;
use schema::Result;

use run_folder::rows::{Example, NoExample, RowRenderer, RowSettings, Splits};

/// So many rows are looked at before a start.
const ROWS: u64 = 100;

/// The first rows to train on.
#[derive(Debug, Clone)]
pub(super) struct FirstRows {
    pub(super) shape: Shape,
    /// Whether a column holds conversations, whatever the shape is.
    pub(super) has_conversations: bool,
    kind: DatasetType,
    /// How many rows of other splits are numbered before them.
    pub(super) before: u64,
    rows: Vec<Object>,
}

/// Rows that can't be rendered among the first ones.
#[derive(Debug, Clone)]
pub(super) struct LeftOutRows {
    /// How many.
    pub(super) count: usize,
    /// How many there are in all.
    pub(super) of: usize,
    /// The number of the first.
    pub(super) row: u64,
    /// Why the first can't.
    pub(super) reason: NoExample,
}

impl FirstRows {
    /// Reads them. `counts` are the rows of each split in the order in which they are numbered.
    pub(super) async fn read(file: DatasetFile, splits: &Splits, counts: &[(String, u64)]) -> Result<Self> {
        let train = |name: &String| *name == splits.train;
        let before = counts.iter().take_while(|(name, _)| !train(name)).map(|(_, rows)| rows).sum();
        let preview = match splits.names.as_slice() {
            [_] if !Path::is_dir(&file.path) => datasets::preview(file, None, 0, ROWS).await?,
            _ => datasets::preview_split(file, &splits.train, 0, ROWS).await?,
        };
        Ok(Self {
            shape: preview.shape(),
            has_conversations: preview.has_conversations(),
            kind: preview.r#type,
            before,
            rows: preview.objects(),
        })
    }

    /// What rows have in that column.
    pub(super) fn values(&self, column: &str) -> impl Iterator<Item = &Value> {
        let values = self.rows.iter().filter_map(move |row| row.get(column));
        values.filter(|value| prompts::chat::has_content(Some(value)))
    }

    /// Whether a row has something in that column.
    pub(super) fn any_has(&self, column: &str) -> bool {
        self.values(column).next().is_some()
    }

    /// Whether a row has a list in one of these columns, or the JSON text of one.
    pub(super) fn any_is_list(&self, columns: &[&str]) -> bool {
        let is_list = |value: &Value| match value {
            Value::Array(_) => true,
            Value::String(text) => text.trim_start().starts_with("[{"),
            _ => false,
        };
        self.rows.iter().any(|row| columns.iter().any(|name| row.get(*name).is_some_and(is_list)))
    }

    /// Whether their answers are good, of those that have a label.
    pub(super) fn labels(&self, ratings: &Ratings) -> Vec<bool> {
        self.rows.iter().filter_map(|row| ratings.is_good(row).ok()).collect()
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.rows.len()
    }

    /// Those that can be rendered as examples, with their numbers.
    pub(super) fn examples(&self, settings: RowSettings<'_>) -> Result<Vec<(u64, Example)>> {
        let renderer = RowRenderer::new(settings)?;
        let made = (1..).zip(&self.rows).flat_map(|(number, row)| {
            let row = NumberedRow::from_object(self.before + number, row, self.kind);
            let examples = renderer.examples(renderer.take(row)).unwrap_or_default();
            examples.into_iter().map(move |example| (row.number, example))
        });
        Ok(made.collect())
    }

    /// Renders them; what can't be rendered, if any.
    pub(super) fn try_out(&self, settings: RowSettings<'_>) -> Result<Option<LeftOutRows>> {
        let renderer = RowRenderer::new(settings)?;
        let reasons = (1..).zip(&self.rows).filter_map(|(number, row)| {
            let row = NumberedRow::from_object(self.before + number, row, self.kind);
            renderer.examples(renderer.take(row)).err().map(|reason| (row.number, reason))
        });
        let mut reasons = reasons.peekable();
        let Some((row, reason)) = reasons.peek().cloned() else { return Ok(None) };
        Ok(Some(LeftOutRows { count: reasons.count(), of: self.rows.len(), row, reason }))
    }
}
