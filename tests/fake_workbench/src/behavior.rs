//! Where workbenches differ, or reports of them do, and what goes wrong on demand.

use std::time::Duration;

/// How the workbench behaves where the API's contract says nothing or reports differ. The default is what most reports
/// say.
#[derive(Debug, Clone)]
pub struct Behavior {
    /// An upload to a path that has a file keeps it and stores `name(1).ext`, without saying so; otherwise the file is
    /// replaced.
    pub uploads_beside: bool,
    /// The verb of an upload. Another one is refused with 405.
    pub upload_verb: &'static str,
    /// The arguments of a run are ignored in favor of those of its job.
    pub ignores_run_arguments: bool,
    /// A run shows the environment that it was started with.
    pub shows_run_environment: bool,
    /// A refused second run leaves an entry in the list of runs.
    pub lists_skipped_runs: bool,
    /// Scripts run without `__file__`, and every `SystemExit` is a failure, as with kernels of Jupyter.
    pub jupyter_kernel: bool,
    /// Answers have keys that the contract does not know.
    pub newer: bool,
    /// Refusals have the key `error` beside `message`.
    pub older_refusals: bool,
    /// Filters of lists match parts of texts. Otherwise they match whole texts.
    pub filters_by_parts: bool,
    /// The most entries of one page, whatever is asked for.
    pub largest_page: usize,
    /// There are labels of GPUs. Without them, the list is an unknown path.
    pub has_labels: bool,
    /// Keys can be checked (`validate_key`). Without it, that is an unknown path.
    pub validates_keys: bool,
    /// The quotas of users can be listed by others than administrators.
    pub lists_quotas: bool,
    /// An expired key is answered by the login page, with status 200.
    pub login_page: bool,
    /// The owner of the key may change things.
    pub may_write: bool,
    /// Builds of models fail.
    pub builds_fail: bool,
    /// Deployments of models fail.
    pub deployments_fail: bool,
    /// The processors that runs may have at the same time.
    pub quota_cpu: f64,
    /// The memory in GB that runs may have at the same time.
    pub quota_memory: f64,
    /// The GPUs that runs may have at the same time.
    pub quota_gpu: i64,
    /// The clock of the workbench is ahead of the real one by this time, or behind it.
    pub clock_ahead: jiff::SignedDuration,
    /// The interpreter of job runs.
    pub python: String,
}

impl Default for Behavior {
    fn default() -> Self {
        Self {
            uploads_beside: true,
            upload_verb: "POST",
            ignores_run_arguments: true,
            shows_run_environment: true,
            lists_skipped_runs: false,
            jupyter_kernel: false,
            newer: false,
            older_refusals: false,
            filters_by_parts: true,
            largest_page: 5_000,
            has_labels: true,
            validates_keys: true,
            lists_quotas: true,
            login_page: false,
            may_write: true,
            builds_fail: false,
            deployments_fail: false,
            quota_cpu: 64.0,
            quota_memory: 512.0,
            quota_gpu: 8,
            clock_ahead: jiff::SignedDuration::ZERO,
            python: "python3".to_owned(),
        }
    }
}

/// What goes wrong with a request. Nothing is done but where it says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A refusal, with the seconds in `Retry-After`.
    Status(u16, Option<u64>),
    /// What was asked for is done, and the answer is a refusal: the gateway does not wait for slow work.
    DoneBut(u16),
    /// What was asked for is done, and the connection breaks without an answer.
    DoneWithoutAnswer,
    /// A page of HTML with this status.
    Page(u16),
    /// A half of the answer, although the whole was announced.
    Half,
    /// The answer comes after this time.
    Slow(Duration),
    /// No answer until the client hangs up.
    Silence,
}
