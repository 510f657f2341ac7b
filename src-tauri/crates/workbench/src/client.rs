//! One request after another, with the key, until there is an answer.

use std::{
    fs, iter,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use reqwest::{Body, Certificate, Client, Method, Response, header, multipart, redirect};
use schema::{Error, ErrorCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    address::Address,
    failure::{About, Failure, Fault, Result, bad_answer, no_answer, no_workbench, refusal},
    key::ApiKey,
};

/// The largest answer of JSON that is read, in bytes.
const LARGEST_ANSWER: usize = 64 << 20;

/// Where a workbench is, and in which project of it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address.
    pub address: Address,
    /// The project's id, such as `1a2b-3c4d-5e6f-7a8b`.
    pub project: String,
    /// A file with certificates of authorities as PEM, which are trusted beside those of the system.
    pub certificates: Option<PathBuf>,
}

/// The times of requests.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// How long a connection may take.
    pub connect: Duration,
    /// How long an answer may take. The gateway of a workbench gives up after 30 seconds.
    pub answer: Duration,
    /// How long a download may pause.
    pub silence: Duration,
    /// The first wait before a further attempt; each is twice as long as the one before, with a random part.
    pub first_wait: Duration,
    /// The longest time that the workbench may ask to wait.
    pub longest_wait: Duration,
    /// The attempts after the first.
    pub attempts: usize,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            answer: Duration::from_secs(60),
            silence: Duration::from_secs(60),
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_mins(2),
            attempts: 5,
        }
    }
}

/// A client of one project of a workbench. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Workbench {
    pub(crate) settings: Arc<Settings>,
    key: ApiKey,
    pub(crate) times: Times,
    http: Client,
}

/// A call of the API.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    /// The parts of the path below `/api/v2/`.
    pub(crate) path: Vec<&'a str>,
    /// A verb behind the path, such as `stop`.
    pub(crate) verb: Option<&'static str>,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: Value,
    pub(crate) about: About,
    /// Whether it may be repeated though an earlier attempt may have been done.
    pub(crate) repeatable: bool,
}

impl<'a> Call<'a> {
    pub(crate) fn new(method: Method, path: Vec<&'a str>, about: About) -> Self {
        let repeatable = method != Method::POST;
        Self { method, path, verb: None, query: Vec::new(), body: json!({}), about, repeatable }
    }

    pub(crate) fn get(path: Vec<&'a str>, about: About) -> Self {
        Self::new(Method::GET, path, about)
    }

    pub(crate) fn post(path: Vec<&'a str>, body: Value, about: About) -> Self {
        Self { body, ..Self::new(Method::POST, path, about) }
    }

    /// A verb behind the path, which does nothing more the second time.
    pub(crate) fn verb(self, verb: &'static str) -> Self {
        Self { verb: Some(verb), repeatable: true, ..self }
    }
}

impl Workbench {
    /// A client of a project. Nothing is asked for yet.
    ///
    /// # Errors
    /// The certificates can't be read, or there is no project.
    pub fn new(settings: Settings, key: ApiKey, times: Times) -> Result<Self> {
        if settings.project.trim().is_empty() {
            let failure = Failure::new(Fault::Address, "The target names no project of the workbench.");
            return Err(failure.hint("Copy the project's id from its settings in the workbench."));
        }
        let mut builder = Client::builder()
            .user_agent(concat!("fine-tuning-studio/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(times.connect)
            // A redirect leads to a page for logging in, or would make a GET of every verb.
            .redirect(redirect::Policy::none());
        if let Some(file) = &settings.certificates {
            builder = builder.tls_certs_merge(certificates(file).map_err(Failure::here)?);
        }
        let http = builder.build().map_err(|error| {
            Failure::here(Error::internal("preparing connections to the workbench", &error))
        })?;
        Ok(Self { settings: Arc::new(settings), key, times, http })
    }

    /// Where it is.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn host(&self) -> String {
        self.settings.address.to_string()
    }

    /// The project's id.
    pub(crate) fn project_id(&self) -> &str {
        self.settings.project.trim()
    }

    /// The path of something in the project.
    pub(crate) fn inside<'a>(&'a self, rest: &[&'a str]) -> Vec<&'a str> {
        ["projects", self.project_id()].into_iter().chain(rest.iter().copied()).collect()
    }

    /// What a call is about. `thing` is something in the project.
    pub(crate) fn about(&self, doing: impl Into<String>, thing: &str) -> About {
        About { doing: doing.into(), thing: format!("{thing} in the project '{}'", self.project_id()) }
    }

    /// The waits before further attempts.
    pub(crate) fn waits(&self) -> iter::Fuse<backon::ExponentialBackoff> {
        let first = self.times.first_wait;
        ExponentialBuilder::default()
            .with_min_delay(first)
            .with_max_delay(30 * first)
            .with_max_times(self.times.attempts)
            .with_jitter()
            .build()
            .fuse()
    }

    /// The answer to the body of a call that goes to another address than that of the API, once.
    pub(crate) async fn json_at<T: DeserializeOwned>(&self, url: &str, call: &Call<'_>) -> Result<T> {
        // A model may take its time.
        let request = self.http.post(url).timeout(5 * self.times.answer).json(&call.body);
        let response = self.accepted(request, &call.about).await.map_err(|(failure, _)| failure)?;
        self.parsed(response, call).await.map_err(|(failure, _)| failure)
    }

    /// The answer to a call, as JSON. It is repeated as far as that is safe.
    pub(crate) async fn json<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T> {
        let mut waits = self.waits();
        loop {
            match self.json_once(call).await {
                Ok(answer) => return Ok(answer),
                Err((failure, asked)) if failure.may_be_done && !call.repeatable => {
                    return Err(self.too_long(failure, asked));
                }
                Err((failure, asked)) => self.wait(&mut waits, failure, asked).await?,
            }
        }
    }

    /// Waits before a further attempt.
    ///
    /// # Errors
    /// The failure, if another attempt would end as this one, or if there were enough.
    pub(crate) async fn wait(
        &self,
        waits: &mut impl Iterator<Item = Duration>,
        failure: Failure,
        asked: Duration,
    ) -> Result<()> {
        let passing =
            matches!(failure.fault, Fault::Busy | Fault::NoAnswer | Fault::Failed | Fault::BadAnswer);
        if !passing || asked > self.times.longest_wait {
            return Err(self.too_long(failure, asked));
        }
        let Some(wait) = waits.next() else { return Err(failure) };
        tokio::time::sleep(wait.max(asked)).await;
        Ok(())
    }

    /// Adds how long the workbench asks to wait, if that is too long to wait here.
    fn too_long(&self, mut failure: Failure, asked: Duration) -> Failure {
        if asked > self.times.longest_wait {
            let minutes = asked.as_secs().div_ceil(60);
            failure.error.message =
                format!("{} It asks to wait for {minutes} minutes.", failure.error.message);
        }
        failure
    }

    /// One attempt; a failure comes with the wait that the workbench asks for.
    async fn json_once<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, (Failure, Duration)> {
        let response = self.response(call, self.times.answer).await?;
        self.parsed(response, call).await
    }

    /// The JSON of an answer.
    async fn parsed<T: DeserializeOwned>(
        &self,
        mut response: Response,
        call: &Call<'_>,
    ) -> Result<T, (Failure, Duration)> {
        let without_wait = |failure: Failure| (failure, Duration::ZERO);
        let host = self.host();
        let page = is_page(&response);
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > LARGEST_ANSWER => {
                    return Err(without_wait(bad_answer(&host, &call.about, "is too large")));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => return Err(without_wait(no_answer(&host, &call.about, &error))),
            }
        }
        if page {
            return Err(without_wait(no_workbench(&host, "it shows a page")));
        }
        serde_json::from_slice(&body).map_err(|error| {
            tracing::info!("answer of {host} to {:?}: {error}", call.path);
            without_wait(bad_answer(&host, &call.about, "can't be understood"))
        })
    }

    /// The beginning of an answer that is no refusal, within a time.
    pub(crate) async fn response(
        &self,
        call: &Call<'_>,
        time: Duration,
    ) -> Result<Response, (Failure, Duration)> {
        let mut url = self.settings.address.call(&call.path);
        if let Some(verb) = call.verb {
            url = format!("{url}:{verb}");
        }
        if !call.query.is_empty() {
            let query: String = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(call.query.iter().map(|(key, value)| (*key, value.as_str())))
                .finish();
            url = format!("{url}?{query}");
        }
        let mut request = self.http.request(call.method.clone(), url).timeout(time);
        if call.method != Method::GET {
            request = request.json(&call.body);
        }
        self.accepted(request, &call.about).await
    }

    /// Sends a form with one file, whose name is its path there.
    pub(crate) async fn send_form(
        &self,
        method: Method,
        to: &str,
        file: Body,
        bytes: u64,
        about: &About,
    ) -> Result<(), (Failure, Duration)> {
        let name = to.rsplit('/').next().unwrap_or(to).to_owned();
        let part = multipart::Part::stream_with_length(file, bytes).file_name(name);
        let form = multipart::Form::new().percent_encode_noop().part(to.to_owned(), part);
        let url = self.settings.address.call(&self.inside(&["files"]));
        // Even a slow line takes a megabyte in a minute.
        let time = self.times.answer + Duration::from_secs(bytes / (16 << 10));
        let request = self.http.request(method, url).timeout(time).multipart(form);
        let response = self.accepted(request, about).await?;
        if is_page(&response) {
            return Err((no_workbench(&self.host(), "it shows a page"), Duration::ZERO));
        }
        Ok(())
    }

    /// The answer to a request, if it is no refusal.
    async fn accepted(
        &self,
        request: reqwest::RequestBuilder,
        about: &About,
    ) -> Result<Response, (Failure, Duration)> {
        let host = self.host();
        let sent = request.bearer_auth(self.key.reveal()).header(header::ACCEPT, "application/json").send();
        let response = sent.await.map_err(|error| (no_answer(&host, about, &error), Duration::ZERO))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let asked = response.headers().get(header::RETRY_AFTER).and_then(|wait| wait.to_str().ok());
        let asked =
            asked.and_then(|wait| wait.trim().parse().ok()).map_or(Duration::ZERO, Duration::from_secs);
        let page = is_page(&response);
        // Half a refusal may be any.
        let body = response.bytes().await;
        let body = body.map_err(|error| (no_answer(&host, about, &error), asked))?;
        let mut failure = refusal(&host, about, status, &body);
        if page && matches!(failure.fault, Fault::NotFound | Fault::Refused) {
            failure = no_workbench(&host, "it shows a page");
        }
        Err((failure, asked))
    }
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.trim_start().to_lowercase().starts_with("text/html"))
}

/// The certificates in a file.
fn certificates(file: &Path) -> Result<Vec<Certificate>, Error> {
    let text = fs::read(file).map_err(|error| Error::file("read", file, &error))?;
    let found = Certificate::from_pem_bundle(&text).unwrap_or_default();
    if found.is_empty() {
        let message = format!("{} has no certificates.", file.display());
        return Err(Error::new(ErrorCode::File, message)
            .hint("Name a file in the form PEM, which begins with -----BEGIN CERTIFICATE-----."));
    }
    Ok(found)
}
