//! The list of resources. A new one takes a line here, a file of its own in the crate `resources`
//! and a migration in the crate `store`.

/// Calls a macro with every resource: its module, its type, its table's variant and name.
#[macro_export]
macro_rules! for_each_resource {
    ($callback:ident) => {
        $callback! {
            dataset: Dataset => Datasets = "datasets";
            model: Model => Models = "models";
            adapter: Adapter => Adapters = "adapters";
            prompt: Prompt => Prompts = "prompts";
            config: Config => Configs = "configs";
            fine_tuning_job: FineTuningJob => FineTuningJobs = "fine_tuning_jobs";
            evaluation_job: EvaluationJob => EvaluationJobs = "evaluation_jobs";
        }
    };
}

macro_rules! table_names {
    ($($module:ident: $resource:ident => $table:ident = $text:literal;)+) => {
        crate::text_enum! {
            /// The tables of the resources, in the order in which users see them.
            pub enum TableName {
                $(
                    #[doc = concat!("The table of `", stringify!($resource), "`.")]
                    $table = $text, $text;
                )+
            }
        }
    };
}

for_each_resource!(table_names);
