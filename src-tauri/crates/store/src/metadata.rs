//! The tables with metadata of rows: when they were made and changed, their tags, and how files are read.

/// A table whose columns `table_name` and `row_id` name the row that its metadata is about.
#[derive(Debug)]
pub(crate) struct MetadataTable {
    /// The table.
    pub(crate) name: &'static str,
    /// The further columns of its key.
    pub(crate) keys: &'static [&'static str],
    /// Its other columns.
    pub(crate) values: &'static [&'static str],
}

/// All tables with metadata. Their columns are texts that are never null.
pub(crate) const METADATA_TABLES: &[MetadataTable] = &[
    MetadataTable { name: "studio_times", keys: &[], values: &["created_at", "changed_at"] },
    MetadataTable { name: "studio_tags", keys: &["tag"], values: &[] },
    MetadataTable { name: READ_OPTIONS, keys: &[], values: &["options"] },
];

/// The options with which the files of datasets are read. Most stores have no row of it, and then an export
/// has no such table.
pub(crate) const READ_OPTIONS: &str = "studio_read_options";

impl MetadataTable {
    /// All columns, the row's id first, as a snapshot stages them.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static str> {
        ["row_id", "table_name"].into_iter().chain(self.keys.iter().chain(self.values).copied())
    }
}
