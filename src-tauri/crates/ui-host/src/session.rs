//! One session: a window's state and commands on a folder of its own, asked over a WebSocket.
//!
//! Every message is a JSON object. The first asks for [`Open`]; each further one for a command by its
//! name, with its arguments as the pages give them. Answers carry the `id` of what they answer, with
//! `ok` or `error`. In between come what commands send through channels and the events that were
//! listened for.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context as _, Result};
use fine_tuning_studio::{AppState, Machine, commands};
use futures_util::{SinkExt as _, StreamExt as _};
use serde::Deserialize;
use serde_json::{Value, json};
use studio::{
    hub::{Environment, Hub, Keyring},
    platform::SettingsFile,
    python::{Places, Python},
};
use tauri::{
    App, Listener as _, Manager as _, WebviewWindow, WebviewWindowBuilder,
    ipc::{CallbackFn, InvokeBody, InvokeResponse, InvokeResponseBody},
    test::{INVOKE_KEY, MockRuntime, mock_builder, mock_context, noop_assets},
    webview::InvokeRequest,
};
use tempfile::TempDir;
use tokio::{net::TcpStream, sync::mpsc};
use tokio_tungstenite::{WebSocketStream, tungstenite::Message};
use tokio_util::sync::CancellationToken;

/// What is asked of a session.
#[derive(Deserialize)]
struct Request {
    /// The answer carries it, too.
    id: u64,
    #[serde(flatten)]
    what: What,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    /// Opens a database. It is asked first and once.
    Open(Open),
    /// Calls a command.
    Invoke { cmd: String, args: Value },
    /// Passes on an event of that name from now on.
    Listen(String),
}

/// The folder of a session and what is in it. Paths are those in the folder.
#[derive(Deserialize)]
#[serde(default)]
struct Open {
    /// The folder to use and to leave, in the place of a new one that goes with the session.
    folder: Option<PathBuf>,
    /// A folder whose files are copied into it.
    template: Option<PathBuf>,
    /// The database to open.
    database: PathBuf,
    /// Variables that say how the Hub is reached. Its cache is in the folder, whatever they say.
    hub: HashMap<String, String>,
    /// The virtual environment that is active.
    virtual_env: Option<PathBuf>,
    /// The folders in which programs are looked for.
    path: Vec<PathBuf>,
    /// Runs are done by a [`worker`](crate::worker) of this program instead of Python.
    worker: bool,
}

impl Default for Open {
    fn default() -> Self {
        Self {
            folder: None,
            template: None,
            database: "studio.db".into(),
            hub: HashMap::new(),
            virtual_env: None,
            path: Vec::new(),
            worker: true,
        }
    }
}

/// The Tauri program of a session, in which a window only seems to be open.
struct Session {
    program: App<MockRuntime>,
    window: WebviewWindow<MockRuntime>,
    folder: PathBuf,
    /// Deletes the folder at the session's end, if nobody keeps it.
    _temporary: Option<TempDir>,
}

type Answers = mpsc::UnboundedSender<Value>;

/// Answers what is asked until the connection is closed or the program is to stop.
pub(crate) async fn serve(socket: WebSocketStream<TcpStream>, stop: &CancellationToken) -> Result<()> {
    let (mut sink, mut requests) = socket.split();
    let (answers, mut waiting) = mpsc::unbounded_channel::<Value>();
    let mut session = None;
    loop {
        let request = tokio::select! {
            answer = waiting.recv() => {
                let answer = answer.context("the sender is kept above")?;
                if sink.send(Message::text(answer.to_string())).await.is_err() {
                    break;
                }
                continue;
            }
            request = requests.next() => request,
            () = stop.cancelled() => break,
        };
        let Some(Ok(message)) = request else { break };
        let Message::Text(text) = message else { continue };
        let Request { id, what } = serde_json::from_str(&text)?;
        match (what, &session) {
            (What::Open(open), None) => {
                let opened = Session::open(open, answers.clone()).await?;
                answers.send(json!({"id": id, "ok": opened.folder}))?;
                session = Some(opened);
            }
            (What::Invoke { cmd, args }, Some(session)) => session.invoke(id, cmd, args, answers.clone())?,
            (What::Listen(event), Some(session)) => {
                session.listen(event, answers.clone());
                answers.send(json!({"id": id, "ok": null}))?;
            }
            (What::Open(_), Some(_)) => anyhow::bail!("the session is open already"),
            (_, None) => anyhow::bail!("the session is not open"),
        }
    }
    if let Some(session) = session {
        session.program.state::<AppState>().close().await;
    }
    Ok(())
}

impl Session {
    async fn open(open: Open, answers: Answers) -> Result<Self> {
        let temporary = match &open.folder {
            Some(folder) => std::fs::create_dir_all(folder).map(|()| None)?,
            None => Some(tempfile::Builder::new().prefix("studio-").tempdir()?),
        };
        let kept = open.folder.clone().unwrap_or_default();
        let folder = temporary.as_ref().map_or(kept, |folder| folder.path().to_owned());
        if let Some(template) = &open.template {
            copy(template, &folder).with_context(|| format!("copying {}", template.display()))?;
        }
        let state = AppState::open(Some(folder.join(&open.database)), machine(&open, &folder)?).await;
        let program = commands(mock_builder(), move || state, Instant::now())
            .channel_interceptor(move |_, CallbackFn(channel), index, body| {
                _ = answers.send(json!({"channel": channel, "index": index, "message": value(body)}));
                true
            })
            .build(mock_context(noop_assets()))?;
        let window = WebviewWindowBuilder::new(&program, "main", Default::default()).build()?;
        Ok(Self { program, window, folder, _temporary: temporary })
    }

    fn invoke(&self, id: u64, cmd: String, args: Value, answers: Answers) -> Result<()> {
        let address = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };
        let request = InvokeRequest {
            cmd,
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: address.parse()?,
            body: InvokeBody::Json(args),
            headers: Default::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        let webview: &tauri::Webview<MockRuntime> = self.window.as_ref();
        webview.clone().on_message(
            request,
            Box::new(move |_, _, response, _, _| {
                _ = answers.send(match response {
                    InvokeResponse::Ok(body) => json!({"id": id, "ok": value(&body)}),
                    InvokeResponse::Err(error) => json!({"id": id, "error": error.0}),
                });
            }),
        );
        Ok(())
    }

    fn listen(&self, event: String, answers: Answers) {
        let name = event.clone();
        self.program.listen_any(event, move |event| {
            let payload: Value = serde_json::from_str(event.payload()).unwrap_or_default();
            _ = answers.send(json!({"event": name, "payload": payload}));
        });
    }
}

fn value(body: &InvokeResponseBody) -> Value {
    match body {
        InvokeResponseBody::Json(text) => serde_json::from_str(text).unwrap_or_default(),
        InvokeResponseBody::Raw(bytes) => json!(bytes),
    }
}

fn machine(open: &Open, folder: &Path) -> Result<Machine> {
    let cache = folder.join("huggingface").display().to_string();
    let variables = open.hub.iter().map(|(name, value)| (name.as_str(), value.clone()));
    let environment = Environment::from_variables(variables.chain([("HF_HOME", cache)]));
    let settings = SettingsFile::from_path(folder.join("config/settings.json"));
    let hub = Hub::new(environment, settings.clone(), Keyring::new("fine-tuning-studio tests"));
    let places = Places {
        managed: Some(folder.join("python")),
        data: Some(folder.join("data")),
        worker: open.worker.then(|| worker_in(folder)).transpose()?,
        virtual_env: open.virtual_env.as_ref().map(|path| folder.join(path)),
        conda: None,
        path: open.path.iter().map(|path| folder.join(path)).collect(),
        pyenv: None,
        home: Some(folder.join("home")),
    };
    Ok(Machine::new(hub, Python::new(places, settings)))
}

/// This program under a name in the folder, so that a worker knows whose it is.
fn worker_in(folder: &Path) -> Result<PathBuf> {
    let (program, name) = (std::env::current_exe()?, folder.join("worker"));
    #[cfg(unix)]
    std::os::unix::fs::symlink(program, &name)?;
    #[cfg(not(unix))]
    std::fs::copy(program, &name)?;
    Ok(name)
}

/// Copies a folder, links left out: the only one is the worker's.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy(&entry.path(), &target)?;
        } else if kind.is_file() {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
