//! The description of one resource's table.

use serde::Serialize;

use crate::{Column, ErasedRules, Row, TableName, column::squeeze_doc};

crate::text_enum! {
    /// A group of pages in the navigation.
    pub enum NavigationGroup {
        /// The inputs of trainings and evaluations.
        Resources = "resources", "Resources";
        /// Jobs.
        Work = "work", "Work";
    }
}

/// The description of a resource, for code that works with every table.
#[derive(Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Table {
    /// The table.
    pub name: TableName,
    /// "dataset"
    pub singular: &'static str,
    /// "datasets"
    pub plural: &'static str,
    /// The heading of its page.
    pub title: &'static str,
    /// One sentence about the rows.
    #[serde(serialize_with = "squeeze_doc")]
    #[cfg_attr(feature = "typescript", specta(type = String))]
    pub about: &'static str,
    /// The columns that may name a row; the first that is not blank does.
    pub label: &'static [&'static str],
    /// For rows without a name of their own: groups of columns with references. The label of a row
    /// consists of the label of the first existing row that each group refers to, joined by "on", and
    /// the start of the row's id.
    #[serde(skip)]
    pub label_references: &'static [&'static [&'static str]],
    /// All columns, in declaration order; the first is `id`.
    pub columns: &'static [Column],
    /// Where the navigation lists it.
    pub group: NavigationGroup,
    /// Its icon, by its name in Tabler Icons (<https://tabler.io/icons>).
    pub icon: &'static str,
    /// The name of its Rust type.
    #[serde(skip)]
    pub type_name: &'static str,
    /// The migration that first made its table. Those of 1 are the tables by which the database of
    /// a reference studio is recognized.
    #[serde(skip)]
    pub since: i64,
    /// Its protobuf message in the wire contract, if the contract has one.
    #[serde(skip)]
    pub message: Option<&'static str>,
    /// The rules beyond those of the columns.
    #[serde(skip)]
    #[cfg_attr(feature = "typescript", specta(skip))]
    pub rules: ErasedRules,
}

impl Table {
    /// The column with this name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// A row's name for users, without looking at other rows: its value of the first of the columns
    /// `label` that is not blank, else the start of its id.
    pub fn label_of(&self, row: &Row) -> String {
        self.label_with(row, |_| None)
    }

    /// A row's name for users. `referred` returns the label of the row that a column refers to, if
    /// there is such a row.
    pub fn label_with<'a>(&self, row: &Row, referred: impl Fn(&str) -> Option<&'a str>) -> String {
        let text = |column: &&str| row.get(*column)?.as_str().filter(|text| !text.trim().is_empty());
        if let Some(name) = self.label.iter().find_map(text) {
            return name.to_owned();
        }
        let id = row.get("id").and_then(|id| id.as_str()).unwrap_or_default();
        let id: String = id.chars().take(8).collect();
        let parts: Vec<&str> = self
            .label_references
            .iter()
            .filter_map(|columns| columns.iter().find_map(|column| referred(column)))
            .collect();
        if parts.is_empty() {
            format!("{} {id}", self.singular)
        } else {
            format!("{}, {id}", parts.join(" on "))
        }
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Table").field(&self.name).finish()
    }
}
