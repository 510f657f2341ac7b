//! The resources that users manage, one file each, with their rules; and what holds of the rows of any of them:
//! drafts, values, marks, lists. [`schema::for_each_resource`] lists the resources.

mod draft;
mod finding;
mod hub_name;
mod list_query;
mod listed;
mod marks;
mod odd;
mod path;
mod references;
mod row_key;
mod settings_text;
mod table_count;
mod training_choices;
pub mod values;

pub use configs::ConfigType;
pub use draft::Draft;
pub use finding::{Finding, FindingSeverity, Remedy};
pub use hub_name::{cached_repository, hub_name_in_path, is_hub_name};
pub use list_query::{Filter, ListQuery, PROBLEMS, Sort, TAG, USED, View};
pub use listed::{Link, Listed, Page};
pub use marks::{Mark, mark, missing_path, path_columns, unparsed_and_missing};
pub use odd::{unknown_choice, unparsed};
pub use references::{references, referring_columns};
pub use row_key::{RowKey, Use, UseSample};
use schema::{Resource, Table, TableName};
pub use table_count::TableCount;
pub use training_choices::{Method, RowFormat, TrainOn, TrainingChoices, Tuning};

macro_rules! declare {
    ($($module:ident: $resource:ident => $table:ident = $text:literal;)+) => {
        $(
            mod $module;
            pub use $module::*;
        )+

        /// The descriptions of all resources, in the order of the list.
        pub static TABLES: &[&Table] = &[$(<$resource as Resource>::TABLE),+];

        impl Described for TableName {
            fn table(self) -> &'static Table {
                match self { $(Self::$table => <$resource as Resource>::TABLE),+ }
            }
        }
    };
}

/// Access to the description of a table.
pub trait Described {
    /// The description of the table.
    fn table(self) -> &'static Table;
}

schema::for_each_resource!(declare);
