//! Why a call of a workbench failed, for programs and for people.

use reqwest::StatusCode;
use schema::{Error, ErrorCode};
use serde::Deserialize;

/// What is in the way of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The address is none.
    Address,
    /// Something of this machine: a file, or its certificates.
    Here,
    /// There was no answer, or none in time.
    NoAnswer,
    /// The certificate of the server is signed by an authority that is not known here.
    Certificate,
    /// What answers is no workbench, or it asks to log in.
    NoWorkbench,
    /// The key is refused: it is wrong or expired.
    Key,
    /// The owner of the key may not do this.
    Rights,
    /// It is not there.
    NotFound,
    /// It exists already, or something else is in its place.
    Conflict,
    /// A run of the job is active.
    RunActive,
    /// The quota is used up.
    Quota,
    /// The workbench does not have the operation: it is older, or newer.
    NoOperation,
    /// The workbench refuses what was asked for.
    Refused,
    /// The workbench was asked too often.
    Busy,
    /// The workbench could not do it.
    Failed,
    /// The answer broke off, or can't be understood.
    BadAnswer,
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// For programs.
    pub fault: Fault,
    /// For people.
    pub error: Error,
    /// Whether what was asked for may have been done nevertheless: the answer was lost, or the gateway did not wait.
    pub may_be_done: bool,
}

/// The result of a call.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    pub(crate) fn new(fault: Fault, message: impl Into<String>) -> Self {
        let code = match fault {
            Fault::Address | Fault::Refused => ErrorCode::Invalid,
            Fault::Here => ErrorCode::File,
            Fault::NotFound => ErrorCode::NotFound,
            Fault::Conflict | Fault::RunActive | Fault::Quota | Fault::Rights => ErrorCode::Conflict,
            // Nothing is known of what runs there.
            _ => ErrorCode::Unreachable,
        };
        Self { fault, error: Error::new(code, message), may_be_done: false }
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.error = self.error.hint(hint);
        self
    }

    #[must_use]
    pub(crate) fn may_be_done(mut self, may_be_done: bool) -> Self {
        self.may_be_done = may_be_done;
        self
    }

    /// Something of this machine failed.
    pub(crate) fn here(error: Error) -> Self {
        Self { fault: Fault::Here, error, may_be_done: false }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::here(error)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

/// What a call is about, for its sentences.
#[derive(Debug, Clone)]
pub(crate) struct About {
    /// What is done, as in "could not …": `start a run of the job 'x'`.
    pub(crate) doing: String,
    /// What it is done with, as in "has no …": `job 'x' in the project 'p'`.
    pub(crate) thing: String,
}

/// The envelope of a refusal. Older workbenches have the text in `error`, too.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Envelope {
    message: Option<String>,
    error: Option<String>,
    code: i32,
}

/// gRPC's number for something that is not possible in the present state.
const FAILED_PRECONDITION: i32 = 9;

/// What the refusal of a call means.
pub(crate) fn refusal(host: &str, about: &About, status: StatusCode, body: &[u8]) -> Failure {
    let envelope: Envelope = serde_json::from_slice(body).unwrap_or_default();
    let text = envelope.message.or(envelope.error).unwrap_or_default();
    let said = said(&text);
    let About { doing, thing } = about;
    match status {
        StatusCode::UNAUTHORIZED => key_refused(host),
        // So a workbench answers to a text that is no key of it.
        StatusCode::INTERNAL_SERVER_ERROR if text.contains("malformed apikey") => key_refused(host),
        StatusCode::FORBIDDEN => {
            Failure::new(Fault::Rights, format!("{host} does not let the owner of the key {doing}.{said}"))
                .hint("Ask the owner of the project for the right to change it, or an administrator.")
        }
        StatusCode::NOT_IMPLEMENTED | StatusCode::METHOD_NOT_ALLOWED => {
            Failure::new(Fault::NoOperation, format!("{host} has no way to {doing}."))
                .hint("Its version of the API is another one. Ask its administrator for an update.")
        }
        StatusCode::NOT_FOUND => Failure::new(Fault::NotFound, format!("{host} has no {thing}."))
            .hint("It may have been deleted, or belong to another project. Check its id."),
        StatusCode::CONFLICT if text.to_lowercase().contains("quota") => quota(host, doing, &said),
        StatusCode::CONFLICT => {
            Failure::new(Fault::Conflict, format!("{host} refuses to {doing}: it exists already.{said}"))
                .hint("Choose another name, or use the one that is there.")
        }
        StatusCode::BAD_REQUEST
            if envelope.code == FAILED_PRECONDITION && text.contains("already active") =>
        {
            Failure::new(Fault::RunActive, format!("{host} can't {doing}: a run of the job is active."))
                .hint("Wait for its end, or stop it.")
        }
        StatusCode::TOO_MANY_REQUESTS => {
            Failure::new(Fault::Busy, format!("{host} was asked too often and does not {doing} now."))
                .hint("Try again in a few minutes.")
        }
        status if status.is_redirection() => no_workbench(host, "it leads to another address"),
        status if status.is_server_error() => {
            let number = status.as_u16();
            Failure::new(Fault::Failed, format!("{host} could not {doing} (HTTP status {number}).{said}"))
                .hint("Try again. If it stays so, ask the workbench's administrator.")
                .may_be_done(true)
        }
        status => {
            let number = status.as_u16();
            Failure::new(Fault::Refused, format!("{host} refuses to {doing} (HTTP status {number}).{said}"))
                .hint("Check the settings of the target and of the run.")
        }
    }
}

fn key_refused(host: &str) -> Failure {
    Failure::new(Fault::Key, format!("{host} refuses the API key: it is wrong or has expired."))
        .hint("Make a new key under User Settings, API Keys in the workbench, and set it here.")
}

fn quota(host: &str, doing: &str, said: &str) -> Failure {
    Failure::new(Fault::Quota, format!("{host} does not {doing}: the quota is used up.{said}"))
        .hint("Wait for other work there to end, ask for less, or ask an administrator for more.")
}

/// What answers is not the API. `why` completes "…: it shows a page".
pub(crate) fn no_workbench(host: &str, why: &str) -> Failure {
    Failure::new(Fault::NoWorkbench, format!("{host} does not answer as a workbench: {why}."))
        .hint("Check the address of the workbench. If it is right, the key may have expired: make a new one.")
}

/// The workbench's own words, of one line and not too many.
fn said(text: &str) -> String {
    let line: String = text.lines().next().unwrap_or_default().trim().chars().take(300).collect();
    if line.is_empty() { line } else { format!(" It says: {}", platform::scrubbed(&line)) }
}

/// A connection that failed.
pub(crate) fn no_answer(host: &str, about: &About, error: &reqwest::Error) -> Failure {
    tracing::info!("request to {host}: {}", platform::scrubbed(&format!("{error:?}")));
    // The library has no other sign of a certificate that is refused.
    let words = format!("{error:?}");
    if error.is_connect() && (words.contains("InvalidCertificate") || words.contains("UnknownIssuer")) {
        return Failure::new(
            Fault::Certificate,
            format!("The certificate of {host} is signed by an authority that is not known here."),
        )
        .hint("Name the file with your company's certificates in the target's settings.");
    }
    let doing = &about.doing;
    match () {
        () if error.is_connect() => Failure::new(Fault::NoAnswer, format!("{host} can't be reached."))
            .hint("Check the address, and whether a VPN or a proxy is needed."),
        () if error.is_timeout() => Failure::new(Fault::NoAnswer, format!("{host} did not {doing} in time."))
            .hint("Try again. If it stays so, ask the workbench's administrator.")
            .may_be_done(true),
        () => {
            Failure::new(Fault::BadAnswer, format!("The connection to {host} broke while it was to {doing}."))
                .hint("Try again.")
                .may_be_done(true)
        }
    }
}

/// An answer that can't be understood.
pub(crate) fn bad_answer(host: &str, about: &About, why: &str) -> Failure {
    let doing = &about.doing;
    Failure::new(Fault::BadAnswer, format!("{host} was to {doing}, and its answer {why}."))
        .hint("Try again. If it stays so, its version of the API is another one.")
        .may_be_done(true)
}
