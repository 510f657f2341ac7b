//! THE LIST of resources: a new one takes its own file, one line here and one migration.

mod adapter;
mod config;
mod dataset;
mod evaluation_job;
mod fine_tuning_job;
mod model;
mod path;
mod prompt;

use crate::schema::{Resource, Table};

pub(crate) use path::absolute;

pub use adapter::{Adapter, AdapterType};
pub use config::{Config, ConfigOrigin, ConfigType};
pub use dataset::{Dataset, DatasetType};
pub use evaluation_job::{EvaluationJob, EvaluationJobType};
pub use fine_tuning_job::{FineTuningFramework, FineTuningJob};
pub use model::{Model, ModelExportType, ModelFrameworkType, ModelType};
pub use prompt::{Prompt, PromptType};

/// Writes the list once and gives it as names, as descriptions and as types.
macro_rules! resources {
    ($($resource:ident => $table:ident = $text:literal;)+) => {
        crate::schema::text_enum! {
            /// The tables of the seven resources, in the order people meet them.
            pub enum TableName {
                $(
                    #[doc = concat!("The table of [`", stringify!($resource), "`].")]
                    $table = $text, $text;
                )+
            }
        }

        /// Every resource's description, in the order of the list.
        pub static TABLES: &[&Table] = &[$(<$resource as Resource>::TABLE),+];

        impl TableName {
            /// The description of the table.
            pub fn table(self) -> &'static Table {
                match self { $(Self::$table => <$resource as Resource>::TABLE),+ }
            }
        }

        /// Calls a macro with the types of all resources.
        #[macro_export]
        macro_rules! for_each_resource {
            ($callback:path) => { $callback! { $($crate::resources::$resource),+ } };
        }
    };
}

resources! {
    Dataset => Datasets = "datasets";
    Model => Models = "models";
    Adapter => Adapters = "adapters";
    Prompt => Prompts = "prompts";
    Config => Configs = "configs";
    FineTuningJob => FineTuningJobs = "fine_tuning_jobs";
    EvaluationJob => EvaluationJobs = "evaluation_jobs";
}
