//! Evaluations.

use studio::{
    Error, ErrorCode, Result,
    resources::{Described as _, EvaluationJob},
    runs::EvaluationRequest,
    schema::{Row, TableName, column},
    store::rows_where,
};

use super::{Calls, job_request};
use crate::reply::Reply;

impl Calls {
    /// Starts an evaluation: a job for each combination, or none. The response has the last
    /// job; the others have the same `parent_job_id`.
    pub(super) async fn start_evaluation_job(&self, request: Row) -> Result<Reply> {
        let request = job_request("StartEvaluationJobRequest", request)?;
        let mut request = EvaluationRequest::from_row(request)?;
        request.target.clone_from(&self.target);
        let run = self.studio.runs().start_evaluation(&request).await?;
        let mut database = self.studio.store().pool().acquire().await?;
        let table = TableName::EvaluationJobs.table();
        let jobs = rows_where(&mut database, table, column!(EvaluationJob, parent_job_id), &run.id).await?;
        let last = jobs.into_iter().last();
        last.map(Reply::Row).ok_or_else(|| {
            Error::new(
                ErrorCode::NotFound,
                format!("The jobs of the evaluation '{}' were deleted.", run.name),
            )
        })
    }
}
