//! `fts serve`: a model and its adapters for other programs.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};
use serde_json::json;
use studio::{
    Error,
    serving::{Endpoint, Key, Quantization, RequestState, ServeRequest, ServedRequest},
};
use tokio::sync::broadcast::error::RecvError;

use crate::{
    output::print,
    session::{DONE, Failure, Outcome, Session},
    transfers::fetched,
};

/// Serve a model and adapters of it by an OpenAI-compatible endpoint
///
/// What is on the Hugging Face Hub alone is fetched first.
///
/// One line of JSON is printed once it answers: url (the base URL of clients), key, and models, the names to
/// ask for. Requests are answered one after another, and each that ended is a line on standard error. Prompts
/// and answers are not printed. Ctrl-C or SIGTERM ends it.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts serve --model 7f0e… --adapter 91c2… --port 8080")]
pub(crate) struct Serve {
    /// The id of the model
    #[arg(long, value_name = "ID")]
    model: String,
    /// The id of an adapter of it; can be given several times
    #[arg(long = "adapter", value_name = "ID")]
    adapters: Vec<String>,
    /// The port; 0 for a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The IP address to listen on; others than this machine's own let other machines ask
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    listen: String,
    /// A file with the key; it is made if it is not there [default: the key in the keyring, or a new one]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// The compute target on which the model is loaded, by its name or id; the endpoint is on this machine
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Load the weights in fewer bits
    #[arg(long, value_enum, value_name = "BITS")]
    quantization: Option<Bits>,
    /// An origin whose pages may ask, as https://example.org; can be given several times
    #[arg(long = "allow-origin", value_name = "ORIGIN")]
    allowed_origins: Vec<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Bits {
    #[value(name = "4bit")]
    Four,
    #[value(name = "8bit")]
    Eight,
}

impl Serve {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let key = self.key_file.as_deref().map(Key::from_file).transpose()?;
        let request = ServeRequest {
            model_id: self.model,
            adapter_ids: self.adapters,
            target: self.target,
            listen: Some(self.listen),
            port: self.port,
            quantization: self.quantization.map(|bits| match bits {
                Bits::Four => Quantization::FourBit,
                Bits::Eight => Quantization::EightBit,
            }),
            allowed_origins: self.allowed_origins,
        };
        if let Some(warning) = request.warning() {
            session.output.warning("listen", &warning);
        }
        let studio = session.studio().await?;
        let needed = studio.runs().fetched_before_answering(&request.model_id, &request.adapter_ids).await?;
        for fetch in needed {
            let transfer = studio.transfers().add(&fetch, None).await?;
            fetched(session, &transfer.id).await?;
        }
        // From here on a signal ends it in order.
        let mut stop = std::pin::pin!(stopped());
        let started = tokio::select! {
            started = async { session.studio().await?.serving().start(request, key).await } => started?,
            () = &mut stop => return DONE,
        };
        let endpoint = started.endpoint;
        let served = tokio::select! {
            served = serve(&endpoint, &started.key) => served,
            () = &mut stop => DONE,
        };
        endpoint.stop().await;
        served
    }
}

/// Prints where it is once it answers, and each request that ended. Returns if the worker ends.
async fn serve(endpoint: &Endpoint, key: &Key) -> Outcome {
    let mut ended = endpoint.ended_requests();
    endpoint.ready().await?;
    let models: Vec<&str> = endpoint.models().iter().map(|model| model.name.as_str()).collect();
    print(&json!({"url": endpoint.url(), "key": key.reveal(), "models": models}).to_string());
    let failed = endpoint.failed();
    let mut failed = std::pin::pin!(failed);
    loop {
        tokio::select! {
            request = ended.recv() => match request {
                Ok(request) => eprintln!("{}", line(&request)),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return DONE,
            },
            error = &mut failed => {
                return Err(Failure { error, code: ExitCode::from(1) });
            }
        }
    }
}

/// `2026-11-28T20:30:00Z chat/completions Tiny 200, 12 tokens in, 3 out, 0.52 s`
fn line(request: &ServedRequest) -> String {
    let end = match (request.state, request.status) {
        (RequestState::Cancelled, _) => "cancelled".to_owned(),
        (_, status) => status.map(|status| status.to_string()).unwrap_or_default(),
    };
    let mut line = format!("{} {} {} {end}", request.time, request.path, request.model);
    if let (Some(input), Some(output)) = (request.input_tokens, request.output_tokens) {
        line += &format!(", {input} tokens in, {output} out");
    }
    if let Some(seconds) = request.seconds {
        line += &format!(", {seconds:.2} s");
    }
    if let Some(error) = &request.error {
        line += &format!(": {error}");
    }
    line
}

/// Waits for Ctrl-C or SIGTERM.
pub(crate) async fn stopped() {
    let interrupt =
        async { tokio::signal::ctrl_c().await.map_err(|error| Error::internal("waiting", &error)) };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = terminate.recv() => {}
                Ok(()) = interrupt => {}
            },
            Err(_) => _ = interrupt.await,
        }
    }
    #[cfg(not(unix))]
    {
        _ = interrupt.await;
    }
}
