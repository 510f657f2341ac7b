//! How the models and adapters of an evaluation were trained, as far as that is on this machine.

use std::path::Path;

use inspect::WeightsSource;
use prompts::chat::Ratings;
use resources::{Adapter, EvaluationJob, Method, RowFormat};
use schema::{Result, column};

use super::{context::Preflight, plan::JudgedBy};
use run_folder::spec::{ChatSpec, CombinationSpec, Source, Spec, Task, TrainingSpec};

/// How a combination of an evaluation was trained.
pub(super) struct Trained {
    /// The id of its evaluation job.
    pub(super) job: String,
    /// The id of its model.
    pub(super) model: String,
    /// Whether it gives scores in place of words.
    scores: bool,
    /// The frozen training; none where it is not known.
    spec: Option<Spec>,
}

impl Trained {
    pub(super) fn dataset(&self) -> Option<&String> {
        self.spec.as_ref().map(|spec| &spec.dataset.id)
    }

    /// How the rows of its training were read.
    pub(super) fn row_format(&self) -> Option<RowFormat> {
        self.spec.as_ref().and_then(|spec| spec.row_format)
    }

    /// What said in its training whether answers are good.
    pub(super) fn ratings(&self) -> Option<Ratings> {
        self.spec.as_ref().and_then(|spec| spec.ratings.clone())
    }

    /// The chat template that rows of a format are rendered by as in its training: an inner none where they
    /// stayed plain texts, none where it was trained on other rows.
    pub(super) fn chat_for(&self, format: RowFormat) -> Option<Option<ChatSpec>> {
        let chat = self.spec.as_ref()?.chat.as_ref();
        let chat = chat.map(|chat| ChatSpec { train_on: None, ..chat.clone() });
        match (chat, self.row_format()) {
            (Some(chat), _) => Some(Some(chat)),
            (None, Some(trained)) if trained == format => Some(None),
            _ => None,
        }
    }

    fn training(&self) -> Option<&TrainingSpec> {
        match &self.spec.as_ref()?.task {
            Task::Training(training) => Some(training),
            Task::Evaluation(_) => None,
        }
    }

    /// The beta of a training that has one.
    fn beta(&self) -> Option<f64> {
        let training = self.training()?;
        let given = training.training_arguments.get("beta")?;
        let beta = given.as_f64().or_else(|| given.as_str()?.parse().ok());
        beta.filter(|_| matches!(training.method, Method::Dpo | Method::Kto))
    }

    /// The model from which the whole of this one was trained, if it is still there.
    fn whole_from(&self) -> Option<Source> {
        let training = self.training().filter(|training| training.output.model.is_some())?;
        Path::new(&training.model.source).is_dir().then(|| training.model.clone())
    }
}

impl Preflight<'_> {
    /// How each combination was trained, in their order.
    pub(super) async fn trainings(&mut self, combinations: &[CombinationSpec]) -> Result<Vec<Trained>> {
        let mut trainings = Vec::new();
        for combination in combinations {
            let spec = match &combination.adapter {
                Some(adapter) => self.training_of(&adapter.id).await?,
                None => self.whole_training_of(&combination.model.source),
            };
            let trained_scores = spec.as_ref().is_some_and(|spec| match &spec.task {
                Task::Training(training) => training.method == Method::Reward,
                Task::Evaluation(_) => false,
            });
            trainings.push(Trained {
                job: combination.job.clone(),
                model: combination.model.id.clone(),
                scores: trained_scores
                    || self.gives_scores(&combination.model, combination.adapter.as_ref()).await?,
                spec,
            });
        }
        Ok(trainings)
    }

    async fn training_of(&mut self, adapter: &str) -> Result<Option<Spec>> {
        let Some(adapter) = self.row::<Adapter>(adapter).await? else { return Ok(None) };
        let job = adapter.row.fine_tuning_job_id.as_ref();
        Ok(job.and_then(|job| self.runs.folder(job.as_str()).spec().ok()))
    }

    /// The training whose model lies in that folder, which has the run's id as its name or as that of one of the
    /// folders that it is in.
    fn whole_training_of(&self, folder: &str) -> Option<Spec> {
        let names = Path::new(folder).ancestors().take(3).filter_map(|path| path.file_name()?.to_str());
        let specs = names.filter_map(|name| self.runs.folder(name).spec().ok());
        specs.into_iter().find(|spec| match &spec.task {
            Task::Training(training) => training.output.model.as_deref() == Some(folder),
            Task::Evaluation(_) => false,
        })
    }

    /// Whether a model with that adapter gives scores in place of words, as far as its files show.
    pub(crate) async fn gives_scores(&self, model: &Source, adapter: Option<&Source>) -> Result<bool> {
        let inspector = &self.runs.inspector;
        let id = |source: &Source| WeightsSource::Id(source.id.clone());
        if let Some(adapter) = adapter {
            let report = inspector.adapter(&id(adapter), Some(&model.id)).await?;
            if report.facts.is_some_and(|facts| facts.gives_scores()) {
                return Ok(true);
            }
        }
        let report = inspector.model(&id(model)).await?;
        Ok(report.facts.is_some_and(|facts| facts.gives_scores()))
    }

    /// Refuses a model, with that adapter if there is one, that gives scores in place of words.
    pub(crate) async fn refuse_reward_model(
        &mut self,
        model: &Source,
        adapter: Option<&Source>,
    ) -> Result<()> {
        if self.gives_scores(model, adapter).await? {
            self.refuse_scores(model, adapter);
        }
        Ok(())
    }

    /// Fills in what the answers of each combination are compared by, and says it in the order of the
    /// combinations. Models that give scores are refused where answers are to be written.
    pub(super) fn judges(
        &mut self,
        format: Option<RowFormat>,
        combinations: &mut [CombinationSpec],
        trained: &[Trained],
    ) -> Vec<Option<JudgedBy>> {
        let compares = matches!(format, Some(RowFormat::Preference | RowFormat::UnpairedPreference));
        let mut judges = Vec::new();
        for (combination, trained) in combinations.iter_mut().zip(trained) {
            combination.scores = trained.scores;
            if !compares {
                if trained.scores {
                    self.refuse_scores(&combination.model, combination.adapter.as_ref());
                }
                judges.push(None);
                continue;
            }
            if trained.scores {
                judges.push(Some(JudgedBy::Score));
                continue;
            }
            combination.beta = trained.beta();
            combination.reference = trained.whole_from().filter(|_| combination.adapter.is_none());
            let has_reference = combination.adapter.is_some() || combination.reference.is_some();
            judges.push(Some(if has_reference { JudgedBy::Reward } else { JudgedBy::Likelihood }));
        }
        judges
    }

    fn refuse_scores(&mut self, model: &Source, adapter: Option<&Source>) {
        let (column, source) = match adapter {
            Some(adapter) => (column!(EvaluationJob, adapter_id), adapter),
            None => (column!(EvaluationJob, base_model_id), model),
        };
        let message = format!(
            "'{}' is a reward model: it gives scores for answers and writes none. Evaluate it on preferences, with a \
             chosen and a rejected answer.",
            source.name
        );
        self.diagnostics.refuse(column, message);
    }
}
