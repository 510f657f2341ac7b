//! Experiments: what a person wants to find out, and on which dataset.

use schema::{Choice, Id, Kind, Rules, resource, text_enum};

use crate::Dataset;

text_enum! {
    /// How far an experiment is.
    pub enum ExperimentState {
        /// Not begun.
        Planned = "planned", "Planned";
        /// Over.
        Done = "done", "Done";
    }
}

resource! {
    /// A question to answer by training, and what is known of the answer.
    pub struct Experiment {
        table: Experiments, since: 99, message: None,
        group: Work, icon: "IconFlask",
        singular: "experiment", plural: "experiments", title: "Experiments", label: ["question"],
    }
    columns {
        /// A random UUID that never changes.
        id: Option<Id<Experiment>> => "Identifier",
        /// What is to be found out. No two experiments ask the same.
        question: Option<String> => "Question".required().unique().listed(),
        /// How far it is.
        state: Option<Choice<ExperimentState>> => "State".required().listed().default("planned"),
        /// The rows it is about.
        dataset_id: Option<Id<Dataset>> => "Dataset".listed(),
        /// What was found out.
        answer: Option<String> => "Answer".is(Kind::LongText),
        /// How sure the answer is, from 0 to 1.
        confidence: Option<f64> => "Confidence".positive(Some(1.0)),
    }
}

impl Rules for Experiment {}
