//! One open channel: a process, over whose pipes requests go and answers come.

use std::{
    collections::HashMap,
    process::ExitStatus,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use schema::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, ChildStderr, ChildStdin, ChildStdout},
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    failure::Failure,
    frame::{Head, Refusal, frame, receive},
    program, ssh,
    target::TargetSettings,
};

/// From the start of `ssh` to the first answer. `ssh` itself gives up a silent host earlier.
const OPENING: Duration = Duration::from_secs(40);

/// Without a sign of life for so long, the line is cut; there is one each second.
const SILENCE: Duration = Duration::from_secs(30);

/// After so long without a request, the other end is told that this one is there. It ends after some silence, too.
const ALIVE: Duration = Duration::from_secs(15);

/// What is kept of messages and noise, in bytes.
const KEPT: usize = 16 << 10;

/// An open channel. Clones share it; it ends with the last one.
#[derive(Debug, Clone)]
pub(crate) struct Channel {
    shared: Arc<Shared>,
    _end: Arc<DropGuard>,
}

#[derive(Debug)]
struct Shared {
    host: String,
    out: mpsc::Sender<Vec<u8>>,
    next: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    waiting: HashMap<u64, oneshot::Sender<Answer>>,
    followers: HashMap<u64, mpsc::UnboundedSender<Answer>>,
    beat: Timestamp,
    clock_offset: f64,
    failure: Option<Failure>,
}

/// A frame that was received for somebody.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: Head,
    pub(crate) body: Vec<u8>,
}

#[derive(Deserialize)]
struct Ready {
    clock: f64,
}

impl Channel {
    /// Opens a channel and waits until the other end answers.
    pub(crate) async fn open(settings: &TargetSettings) -> Result<Self, Failure> {
        let host = settings.host.clone();
        let mut command = ssh::channel(settings)?;
        let name = command.as_std().get_program().to_string_lossy().into_owned();
        let mut child = command.spawn().map_err(|error| Failure::no_program(&host, &name, &error))?;
        let (Some(input), Some(output), Some(errors)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(Failure::silent(&host));
        };
        let nonce = format!("fts-{}", uuid::Uuid::new_v4());
        let (out, frames) = mpsc::channel(16);
        tokio::spawn(write(
            input,
            program::input(&nonce, &settings.folder, settings.python.as_deref()),
            frames,
        ));
        let messages: Messages = Arc::default();
        let reading = tokio::spawn(read_messages(errors, Arc::clone(&messages)));
        let mut output = BufReader::new(output);
        let mut noise = Vec::new();
        let first = timeout(OPENING, async {
            skip_noise(&mut output, &nonce, &mut noise).await?;
            receive(&mut output).await
        });
        let ready = match first.await {
            Ok(Ok(Some((head, _)))) => head.into::<Ready>().ok(),
            Ok(_) => None,
            Err(_) => return Err(Failure::silent(&host)),
        };
        let Some(ready) = ready else {
            let status = ended(&mut child, reading).await;
            let code = status.and_then(|status| status.code());
            return Err(Failure::before_answer(
                &host,
                &text(&messages),
                &String::from_utf8_lossy(&noise),
                code,
            ));
        };
        let end = CancellationToken::new();
        let now = Timestamp::now();
        let state = State {
            waiting: HashMap::new(),
            followers: HashMap::new(),
            beat: now,
            clock_offset: offset(ready.clock, now),
            failure: None,
        };
        let shared = Arc::new(Shared { host, out, next: AtomicU64::new(1), state: Mutex::new(state) });
        let stop = end.clone();
        let of_task = Arc::clone(&shared);
        tokio::spawn(async move {
            tokio::select! {
                () = of_task.read(&mut output) => {}
                () = stop.cancelled() => {}
            }
            let _ = child.start_kill();
            ended(&mut child, reading).await;
            of_task.end(Failure::cut(&of_task.host, &text(&messages)));
        });
        Ok(Self { shared, _end: Arc::new(end.drop_guard()) })
    }

    /// Why it ended; none while it is open.
    pub(crate) fn failure(&self) -> Option<Failure> {
        self.shared.state().failure.clone()
    }

    /// When it last received a sign of life, and how far the clock there is ahead, in seconds.
    pub(crate) fn beat(&self) -> (Timestamp, f64) {
        let state = self.shared.state();
        (state.beat, state.clock_offset)
    }

    /// Sends a request and waits for its answer.
    pub(crate) async fn call(&self, head: Value, body: &[u8]) -> Result<Answer> {
        self.ask(head, body).await?.await
    }

    /// Sends a request. The future it returns waits for the answer, so that several may be under way.
    pub(crate) async fn ask(
        &self,
        head: Value,
        body: &[u8],
    ) -> Result<impl Future<Output = Result<Answer>> + Send + use<>> {
        let id = self.shared.next.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = oneshot::channel();
        self.enter(|state| state.waiting.insert(id, sender))?;
        self.write(id, head, body).await?;
        let shared = Arc::clone(&self.shared);
        Ok(async move {
            let answer = receiver.await.map_err(|_| shared.failed())?;
            shared.accepted(answer)
        })
    }

    /// Sends a request that is answered by frames until its end, and waits for the first answer. Returns its number.
    pub(crate) async fn follow(&self, head: Value) -> Result<(u64, mpsc::UnboundedReceiver<Answer>)> {
        let id = self.shared.next.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = oneshot::channel();
        let (frames, received) = mpsc::unbounded_channel();
        self.enter(|state| {
            state.waiting.insert(id, sender);
            state.followers.insert(id, frames)
        })?;
        self.write(id, head, &[]).await?;
        let answer = receiver.await.map_err(|_| self.shared.failed())?;
        self.shared.accepted(answer).inspect_err(|_| _ = self.shared.state().followers.remove(&id))?;
        Ok((id, received))
    }

    /// Says something that has no answer. It is dropped where the channel is busy or has ended.
    pub(crate) fn tell(&self, mut head: Value) {
        head["id"] = 0.into();
        let _ = self.shared.out.try_send(frame(head, &[]));
    }

    /// Says something that has no answer.
    pub(crate) async fn say(&self, mut head: Value) -> Result<()> {
        head["id"] = 0.into();
        self.shared.out.send(frame(head, &[])).await.map_err(|_| self.shared.failed())
    }

    /// Forgets a followed folder.
    pub(crate) fn forget(&self, follow: u64) {
        self.shared.state().followers.remove(&follow);
    }

    /// Why requests can't be answered.
    pub(crate) fn failed(&self) -> Error {
        self.shared.failed()
    }

    fn enter<T>(&self, enter: impl FnOnce(&mut State) -> T) -> Result<()> {
        let mut state = self.shared.state();
        if let Some(failure) = &state.failure {
            return Err(failure.error.clone());
        }
        enter(&mut state);
        Ok(())
    }

    async fn write(&self, id: u64, mut head: Value, body: &[u8]) -> Result<()> {
        head["id"] = id.into();
        self.shared.out.send(frame(head, body)).await.map_err(|_| self.shared.failed())
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failed(&self) -> Error {
        let failure = self.state().failure.clone();
        failure.unwrap_or_else(|| Failure::cut(&self.host, "")).error
    }

    /// The answer, unless it is a refusal.
    fn accepted(&self, mut answer: Answer) -> Result<Answer> {
        match answer.head.rest.remove("error").map(serde_json::from_value::<Refusal>) {
            None => Ok(answer),
            Some(Ok(refusal)) => Err(refusal.of(&self.host)),
            Some(Err(error)) => Err(Error::internal("reading an answer of a target", &error)),
        }
    }

    /// Hands out what is received, until the end or a silence.
    async fn read(&self, output: &mut BufReader<ChildStdout>) {
        while let Ok(Ok(Some((head, body)))) = timeout(SILENCE, receive(output)).await {
            let mut state = self.state();
            if let Some(clock) = head.beat {
                let now = Timestamp::now();
                (state.beat, state.clock_offset) = (now, offset(clock, now));
            } else if let Some(follow) = head.follow {
                // It may have been dropped meanwhile.
                if let Some(follower) = state.followers.get(&follow) {
                    let _ = follower.send(Answer { head, body });
                }
            } else if let Some(waiting) = head.id.and_then(|id| state.waiting.remove(&id)) {
                let _ = waiting.send(Answer { head, body });
            }
        }
    }

    fn end(&self, failure: Failure) {
        let mut state = self.state();
        state.failure = Some(failure);
        state.waiting.clear();
        state.followers.clear();
    }
}

type Messages = Arc<Mutex<Vec<u8>>>;

/// The seconds by which a clock there is ahead of `now`.
fn offset(clock: f64, now: Timestamp) -> f64 {
    clock - now.as_duration().as_secs_f64()
}

async fn write(mut input: ChildStdin, program: Vec<u8>, mut frames: mpsc::Receiver<Vec<u8>>) {
    // Whoever reads the answers notices the end, with its reason.
    if input.write_all(&program).await.is_err() {
        return;
    }
    loop {
        let frame = match timeout(ALIVE, frames.recv()).await {
            Ok(Some(frame)) => frame,
            Ok(None) => return,
            Err(_) => frame(json!({ "do": "alive", "id": 0 }), &[]),
        };
        if input.write_all(&frame).await.is_err() {
            return;
        }
    }
}

async fn skip_noise(
    output: &mut BufReader<ChildStdout>,
    nonce: &str,
    noise: &mut Vec<u8>,
) -> std::io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if (&mut *output).take(KEPT as u64).read_until(b'\n', &mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line.trim_ascii_end() == nonce.as_bytes() {
            return Ok(());
        }
        keep(noise, &line);
    }
}

async fn read_messages(mut errors: ChildStderr, messages: Messages) {
    let mut block = vec![0; 4096];
    while let Ok(length @ 1..) = errors.read(&mut block).await {
        keep(&mut messages.lock().unwrap_or_else(PoisonError::into_inner), &block[..length]);
    }
}

/// Appends to what is kept, of which only the end stays.
fn keep(kept: &mut Vec<u8>, more: &[u8]) {
    kept.extend_from_slice(more);
    let surplus = kept.len().saturating_sub(KEPT);
    kept.drain(..surplus);
}

fn text(messages: &Messages) -> String {
    String::from_utf8_lossy(&messages.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}

/// Waits for the end of the process and of its messages, which another process may hold open.
async fn ended(child: &mut Child, reading: JoinHandle<()>) -> Option<ExitStatus> {
    let status = timeout(Duration::from_secs(5), child.wait()).await.ok().and_then(std::result::Result::ok);
    let _ = timeout(Duration::from_secs(1), reading).await;
    status
}
