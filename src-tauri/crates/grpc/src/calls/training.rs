//! Trainings.

use studio::{
    Result,
    resources::FineTuningJob,
    runs::TrainingRequest,
    schema::{Row, TableName, column},
};

use super::{Calls, job_request};
use crate::reply::Reply;

impl Calls {
    /// Starts a training and returns its job. Nothing is left if it can't start.
    pub(super) async fn start_fine_tuning_job(&self, request: Row) -> Result<Reply> {
        let mut request = job_request("StartFineTuningJobRequest", request)?;
        // Clients that do not set it look for the adapter all the same: the reference studio always adds it.
        request.insert("auto_add_adapter".to_owned(), true.into());
        // Over this contract, no label of an accelerator is sent as 0 and as -1.
        if request.get(column!(FineTuningJob, gpu_label_id)).is_some_and(|label| label == 0) {
            request.remove(column!(FineTuningJob, gpu_label_id));
        }
        let mut request = TrainingRequest::from_row(request)?;
        request.target.clone_from(&self.target);
        let run = self.studio.runs().start_training(&request).await?;
        Ok(Reply::Row(self.row(TableName::FineTuningJobs, &run.id).await?))
    }
}
