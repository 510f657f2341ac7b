//! Which rows the adapters of an evaluation were trained on.

use resources::{Adapter, EvaluationJob, FineTuningJob};
use schema::{Result, column};

use super::context::Preflight;
use crate::request::EvaluationRequest;
use run_folder::rows::Shares;

/// What an adapter was trained on.
pub(super) struct TrainedOn {
    /// What lists call the adapter.
    name: String,
    /// The id of the dataset.
    pub(super) dataset: Option<String>,
    pub(super) shares: Shares,
}

impl Preflight<'_> {
    /// What each adapter was trained on, in the order of the request. Adapters without a job are
    /// left out.
    pub(super) async fn trained_on(&mut self, request: &EvaluationRequest) -> Result<Vec<TrainedOn>> {
        let mut trained = Vec::new();
        for id in request.combinations().iter().filter_map(|wanted| wanted.adapter()) {
            let Some(adapter) = self.row::<Adapter>(id).await? else { continue };
            let Some(job) = adapter.row.fine_tuning_job_id.as_ref() else { continue };
            let Some(job) = self.row::<FineTuningJob>(job.as_str()).await? else { continue };
            trained.push(TrainedOn {
                name: adapter.label,
                shares: Shares::from_job(&job.row),
                dataset: job.row.typed.dataset_id.map(|id| id.as_str().to_owned()),
            });
        }
        Ok(trained)
    }

    /// Warns of adapters that were trained on another part of the dataset than `shares` give.
    pub(super) fn warn_of_seen_rows(&mut self, trained: &[TrainedOn], shares: Shares, dataset: Option<&str>) {
        for other in trained.iter().filter(|other| other.dataset.as_deref() == dataset) {
            if other.shares != shares {
                self.diagnostics.warn(
                    column!(EvaluationJob, adapter_id),
                    format!(
                        "'{}' was trained on another part of the dataset, so it may know some of these rows. Evaluate it on its own to be sure.",
                        other.name
                    ),
                );
            }
        }
    }
}
