//! The tables with metadata of rows: when they were made and changed, their tags, how files are read, and
//! what was chosen for trainings.

use schema::TableName;

/// A table whose columns `table_name` and `row_id` name the row that its metadata is about.
#[derive(Debug)]
pub(crate) struct MetadataTable {
    /// The table.
    pub(crate) name: &'static str,
    /// The further columns of its key.
    pub(crate) keys: &'static [&'static str],
    /// Its other columns.
    pub(crate) values: &'static [&'static str],
    /// The only table whose rows have it, if it completes a row: then it is compared, replaced and kept with
    /// the row, as a further column would be, and is JSON in one column.
    pub(crate) completes: Option<TableName>,
}

/// All tables with metadata. Their columns are texts that are never null.
pub(crate) const METADATA_TABLES: &[MetadataTable] = &[
    MetadataTable { name: "studio_times", keys: &[], values: &["created_at", "changed_at"], completes: None },
    MetadataTable { name: "studio_tags", keys: &["tag"], values: &[], completes: None },
    MetadataTable {
        name: "studio_read_options",
        keys: &[],
        values: &["options"],
        completes: Some(TableName::Datasets),
    },
    MetadataTable {
        name: "studio_training_choices",
        keys: &[],
        values: &["choices"],
        completes: Some(TableName::FineTuningJobs),
    },
];

impl MetadataTable {
    /// All columns, the row's id first, as a snapshot stages them.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static str> {
        ["row_id", "table_name"].into_iter().chain(self.keys.iter().chain(self.values).copied())
    }
}
