//! The description of resources. Each resource is declared once, in a form that reads like a struct:
//!
//! ```ignore
//! resource! {
//!     /// Rows to learn from.
//!     pub struct Dataset {
//!         table: Datasets, since: 1, message: Some("DatasetMetadata"),
//!         group: Resources, icon: "IconTable",
//!         singular: "dataset", plural: "datasets", title: "Datasets", label: ["name"],
//!     }
//!     columns {
//!         /// A random UUID.
//!         id: Option<Id<Dataset>> => "Identifier",
//!         /// The name that users give it.
//!         name: Option<String> => "Name".required().unique().listed(),
//!     }
//! }
//! ```
//!
//! expands to
//!
//! ```ignore
//! /// Rows to learn from.
//! #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
//! pub struct Dataset {
//!     /// A random UUID.
//!     #[serde(default, skip_serializing_if = "Option::is_none")]
//!     pub id: Option<Id<Dataset>>,
//!     /// The name that users give it.
//!     #[serde(default, skip_serializing_if = "Option::is_none")]
//!     pub name: Option<String>,
//! }
//! impl Resource for Dataset {
//!     const NAME: TableName = TableName::Datasets;
//!     const TABLE: &'static Table = &Table {
//!         name: TableName::Datasets,
//!         columns: &[
//!             Column::new("id", " A random UUID.", "Identifier", <Option<Id<Dataset>>>::KIND),
//!             Column::new("name", …).required().unique().listed(),
//!         ],
//!         rules: ErasedRules::new::<Dataset>(), …
//!     };
//! }
//! ```
//!
//! Column types, enums, foreign keys, JSON and protobuf forms, TypeScript types, list columns and forms
//! follow from this declaration.
//!
//! Uses no other crate of this workspace, does no I/O and contains no SQL.

mod article;
mod column;
mod column_type;
#[cfg(feature = "database")]
mod database;
mod erased_rules;
mod error;
mod list;
mod mapped;
mod nearest;
pub mod python_json;
mod resource;
mod rules;
mod stored;
mod table;
mod text_enum;
pub mod typescript;
mod value;

pub use article::{in_sentence, with_article};
pub use column::{Affinity, Column, Kind, plain_name};
pub use column_type::ColumnType;
pub use erased_rules::{Boxed, Check, ErasedRules, FileScan, RowLookup};
pub use error::{Error, ErrorCode, FieldProblem, Result, log, set_log};
pub use list::TableName;
pub use mapped::MappedDict;
pub use nearest::nearest;
pub use resource::Resource;
pub use rules::Rules;
pub use stored::Stored;
pub use table::{NavigationGroup, Table};
pub use text_enum::{ChoiceOption, TextEnum};
pub use value::{Choice, Id, Row};
