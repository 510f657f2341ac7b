//! A worker that keeps the contract of the run folder and trains nothing. What it does, and how it
//! misbehaves, is set by `fake` in the job's training arguments or generation settings:
//!
//! - `steps`, `pause_ms`: how many steps it takes and how long each lasts;
//! - `holds_at`, `until`: the step after which it waits for a file to be there, and that file;
//! - `enough`: the file at which it takes its last step;
//! - `stops_after`: the file it waits for once it is asked to stop, as if saving took long;
//! - `again_after`: the file it waits for at a further attempt, before it says that it started;
//! - `lines`: lines it prints a step;
//! - `weighs`: the bytes of a further file of its adapter, each of its MiB filled with the number of that;
//! - `silent`: it writes nothing at all, not even that it started;
//! - `at`: the step of its misfortune, and `misfortune`, one of `fail`, `crash`, `vanish`, `hang`,
//!   `half_line`, `leave_child`, `orphan_child`;
//! - `deaf`: it ignores a request to stop;
//! - `base_right`, `adapter_wrong`: the rows of an evaluation, counted from 0, that the base answers
//!   though it can't, and that an adapter does not answer though it could.
//!
//! An export writes the smallest model, or a file that is none, and reports that it answers as before. If its name is
//! `until FILE`, it waits for that file.
//!
//! Asked by hand, it says the question again, word by word. At the word `…` it waits to be
//! cancelled, at `crash` it ends, for `target?` it says who answers, for `source?` where its model is, and for
//! `$NAME` what that variable is.

use std::{
    collections::VecDeque,
    env,
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use stories::samples;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    time::sleep,
};

/// Steps between two checkpoints.
const CHECKPOINT: u64 = 5;
const MIB: usize = 1 << 20;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["run", folder] => Worker::new(Path::new(folder)).run().await,
        ["log", folder] => Worker::new(Path::new(folder)).log(),
        ["serve"] => serve(),
        ["sleep"] => {
            // A child that outlives its parent and ignores signals.
            let _deaf = signal(SignalKind::terminate());
            sleep(Duration::from_secs(600)).await;
            ExitCode::SUCCESS
        }
        other => panic!("no such command: {other:?}"),
    }
}

struct Worker {
    folder: PathBuf,
    job: Value,
    fake: Value,
}

impl Worker {
    fn new(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join("job.json")).expect("a job");
        let job: Value = serde_json::from_str(&text).expect("a job in JSON");
        let settings = if job["kind"] == "training" { "training_arguments" } else { "generation" };
        Self { folder: folder.to_owned(), fake: job[settings]["fake"].clone(), job }
    }

    /// Whether a list has a number.
    fn lists(&self, name: &str, number: usize) -> bool {
        self.fake[name].as_array().is_some_and(|list| list.contains(&number.into()))
    }

    fn number(&self, name: &str, unsaid: u64) -> u64 {
        self.fake[name].as_u64().unwrap_or(unsaid)
    }

    fn is(&self, name: &str) -> bool {
        self.fake[name] == true
    }

    fn report(&self, mut event: Value) {
        if self.is("silent") {
            return;
        }
        event["time"] = now().into();
        self.append(format!("{event}\n").as_bytes());
    }

    fn append(&self, bytes: &[u8]) {
        let path = self.folder.join("events.jsonl");
        let mut file = File::options().create(true).append(true).open(path).expect("the events");
        file.write_all(bytes).expect("the events can be written");
    }

    fn end(&self, status: &str, message: Option<&str>, adapter: Option<&str>) -> ExitCode {
        self.end_with(json!({"status": status, "message": message, "adapter": adapter}))
    }

    fn end_with(&self, mut ended: Value) -> ExitCode {
        ended["event"] = "ended".into();
        let status = ended["status"].as_str().unwrap_or_default().to_owned();
        self.report(ended);
        ExitCode::from(u8::from(status == "failed"))
    }

    /// Says that the run is logged to MLflow.
    fn log(&self) -> ExitCode {
        let uri = &self.job["tracking"]["uri"];
        self.report(json!({"event": "mlflow", "uri": uri, "experiment_id": "1", "run_id": self.job["id"], "job": null}));
        ExitCode::SUCCESS
    }

    async fn run(&self) -> ExitCode {
        let attempt: u64 = env::var("FTS_RUN_ATTEMPT").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
        if attempt > 1 {
            there(self.fake["again_after"].as_str()).await;
        }
        let mut stop = signal(SignalKind::terminate()).expect("a signal can be received");
        self.report(json!({"event": "started", "pid": std::process::id(), "attempt": attempt}));
        self.report(json!({"event": "status", "status": "training", "message": "Pretending"}));
        if self.job["kind"] == "export" {
            return self.export(&mut stop).await;
        }
        if self.job["kind"] == "evaluation" {
            return match self.misfortune(1).await {
                Some(code) => code,
                None => self.evaluate(),
            };
        }
        let steps = self.number("steps", 10);
        let pause = Duration::from_millis(self.number("pause_ms", 0));
        for step in self.done(attempt) + 1..=steps {
            if let Some(code) = self.misfortune(step).await {
                return code;
            }
            for line in 0..self.number("lines", 1) {
                println!("step {step}, line {line}");
            }
            self.report(json!({"event": "progress", "step": step, "max_steps": steps}));
            let loss = 5.0 / step as f64;
            self.report(json!({"event": "metrics", "step": step, "values": {"loss": loss}}));
            if step % CHECKPOINT == 0 {
                self.checkpoint(step);
            }
            tokio::select! {
                _ = stop.recv(), if !self.is("deaf") => {
                    there(self.fake["stops_after"].as_str()).await;
                    self.checkpoint(step);
                    return self.end("stopped", Some("It stopped as asked."), None);
                }
                () = self.rest(step, pause) => {}
            }
            if self.fake["enough"].as_str().is_some_and(|file| Path::new(file).exists()) {
                break;
            }
        }
        if let Some(model) = self.job["output"]["model"].as_str() {
            samples::model(model.as_ref());
            return self.end_with(json!({"status": "succeeded", "adapter": null, "model": model}));
        }
        let adapter = PathBuf::from(self.job["output"]["adapter"].as_str().expect("a folder"));
        samples::adapter(&adapter, self.job["model"]["source"].as_str().expect("a source"));
        if let Some(bytes) = self.fake["weighs"].as_u64() {
            let mut file = File::create(adapter.join("more.bin")).expect("a file");
            for (number, at) in (0..bytes).step_by(MIB).enumerate() {
                let length = (MIB as u64).min(bytes - at) as usize;
                file.write_all(&vec![number as u8; length]).expect("it can be written");
            }
        }
        self.end("succeeded", None, adapter.to_str())
    }

    /// What lies between this step and the next.
    async fn rest(&self, step: u64, pause: Duration) {
        sleep(pause).await;
        there(self.fake["until"].as_str().filter(|_| self.fake["holds_at"] == step)).await;
    }

    /// The step of the last checkpoint, where a further attempt goes on.
    fn done(&self, attempt: u64) -> u64 {
        let folder = self.job["output"]["checkpoints"].as_str().expect("a folder");
        let entries = fs::read_dir(folder).ok().filter(|_| attempt > 1);
        let steps = entries
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_prefix("checkpoint-")?.parse().ok());
        steps.max().unwrap_or(0)
    }

    fn checkpoint(&self, step: u64) {
        let folder = self.job["output"]["checkpoints"].as_str().expect("a folder");
        let folder = Path::new(folder).join(format!("checkpoint-{step}"));
        fs::create_dir_all(&folder).expect("the checkpoint's folder");
        fs::write(folder.join("trainer_state.json"), "{}").expect("the checkpoint");
        self.report(json!({"event": "checkpoint", "step": step, "path": folder}));
    }

    async fn misfortune(&self, step: u64) -> Option<ExitCode> {
        // Only once: a further attempt comes through.
        let mark = self.folder.join("misfortune");
        if self.fake["at"] != step || mark.exists() {
            return None;
        }
        fs::write(mark, "").expect("a mark");
        let misfortune = self.fake["misfortune"].as_str()?;
        match misfortune {
            "fail" => Some(self.end("failed", Some("The loss is not a number."), None)),
            "crash" => {
                println!("Segmentation fault, or so it seems");
                Some(ExitCode::from(139))
            }
            "vanish" => {
                println!("Killed, or so it seems");
                std::process::abort()
            }
            "hang" => {
                sleep(Duration::from_secs(600)).await;
                None
            }
            "half_line" => {
                self.append(b"{\"event\":\"metrics\",\"st");
                std::process::abort()
            }
            "leave_child" | "orphan_child" => {
                let this = env::current_exe().expect("this program");
                // It inherits the claim on the run with the standard input.
                let child = Command::new(this).arg("sleep").stdin(Stdio::inherit()).spawn();
                fs::write(self.folder.join("child"), child.expect("a child").id().to_string())
                    .expect("its id");
                if misfortune == "orphan_child" {
                    std::process::abort()
                }
                None
            }
            other => panic!("no such misfortune: {other}"),
        }
    }

    async fn export(&self, stop: &mut Signal) -> ExitCode {
        let until = self.job["name"].as_str().and_then(|name| name.strip_prefix("until "));
        tokio::select! {
            _ = stop.recv() => return self.end("stopped", Some("It stopped as asked."), None),
            () = there(until) => {}
        }
        let to = self.job["to"].as_str().expect("a place");
        if self.job["way"] == "gguf" {
            fs::create_dir_all(Path::new(to).parent().expect("a folder")).expect("a folder");
            fs::write(to, b"GGUF").expect("a file");
        } else {
            samples::model(to.as_ref());
        }
        let check = json!({
            "name": "logits", "passed": true, "value": 3e-7, "limit": 1e-3,
            "text": "The largest difference of logits is 3e-7.",
        });
        let report = json!({"way": self.job["way"], "output": to, "bytes": 112, "checks": [check]});
        self.report(json!({"event": "report", "report": report}));
        self.end_with(json!({"status": "succeeded", "output": to}))
    }

    /// Answers every row as expected with an adapter, and with nothing without. Of two answers an adapter
    /// prefers the chosen one, by as much as the row's number, and the base the other one.
    fn evaluate(&self) -> ExitCode {
        for combination in self.job["combinations"].as_array().expect("combinations") {
            let file = combination["rows"].as_str().unwrap_or("eval.jsonl");
            let rows = fs::read_to_string(self.folder.join(file)).expect("rows");
            let rows: Vec<Value> =
                rows.lines().map(|line| serde_json::from_str(line).expect("a row")).collect();
            let folder = Path::new(combination["folder"].as_str().expect("a folder"));
            fs::create_dir_all(folder).expect("the results' folder");
            let (mut results, mut all_right) = (String::new(), 0);
            for (at, row) in rows.iter().enumerate() {
                let right = match combination["adapter"] {
                    Value::Null => self.lists("base_right", at),
                    _ => !self.lists("adapter_wrong", at),
                };
                all_right += u32::from(right);
                results += &format!("{}\n", result(row, right, &combination["beta"]));
            }
            fs::write(folder.join("rows.jsonl"), results).expect("the answers");
            let (job, all) = (&combination["job"], rows.len());
            self.report(
                json!({"event": "combination", "job": job, "status": "scored", "done": all, "total": all}),
            );
            let compares = rows.iter().any(|row| row["chosen"].is_string());
            let measure = if compares { "logps/accuracies" } else { "exact_match/v1" };
            let share = f64::from(all_right) / all as f64;
            self.report(json!({"event": "result", "job": job, "metrics": {measure: share}}));
        }
        self.end("succeeded", None, None)
    }
}

/// The line of the results for a row.
fn result(row: &Value, right: bool, beta: &Value) -> Value {
    if row["chosen"].is_string() {
        let margin = row["row"].as_f64().expect("a number") * if right { 1.0 } else { -1.0 };
        let reward = beta.as_f64().map(|beta| beta * margin);
        return json!({
            "row": row["row"], "right": u8::from(right), "margin": margin, "chosen_reward": reward,
            "rejected_reward": reward.map(|_| 0.0), "chosen_logps": margin - 9.0, "rejected_logps": -9.0,
            "chosen_tokens": 3, "rejected_tokens": 4, "latency": 0.1,
        });
    }
    let wanted = row["expected"].as_str().or(row["completion"].as_str()).expect("text");
    let output = if right { wanted } else { "" };
    json!({"row": row["row"], "output": output, "exact_match": u8::from(right), "latency": 0.1})
}

/// Waits until a file is there, if there is one to wait for, and its folder as long.
async fn there(file: Option<&str>) {
    let awaited = |file: &Path| !file.exists() && file.parent().is_some_and(Path::is_dir);
    while file.is_some_and(|file| awaited(Path::new(file))) {
        sleep(Duration::from_millis(10)).await;
    }
}

/// Answers a question with its own words.
fn serve() -> ExitCode {
    let say = |answer: Value| println!("{answer}");
    let (mut waiting, mut source) = (VecDeque::new(), String::new());
    while let Some(request) = waiting.pop_front().or_else(requested) {
        match request["request"].as_str() {
            Some("load") => {
                source = request["model"]["source"].as_str().expect("a source").to_owned();
                say(json!({"answer": "status", "status": "ready", "message": null, "context_length": 2048}));
            }
            Some("generate") => {
                let id = &request["id"];
                let mut cancelled = false;
                for target in request["targets"].as_array().expect("targets") {
                    let words = request["prompt"].as_str().expect("a prompt").split_inclusive(' ');
                    let (asked, mut said) = (words.clone().count(), 0);
                    for word in words {
                        cancelled = cancelled || word.trim() == "…" && is_cancelled(id, &mut waiting);
                        if cancelled {
                            break;
                        }
                        let text = match word.trim() {
                            "crash" => std::process::abort(),
                            "target?" => target.as_str().expect("a target").to_owned(),
                            "source?" => source.clone(),
                            other => match other.strip_prefix('$') {
                                Some(name) => env::var(name).unwrap_or_default(),
                                None => word.to_owned(),
                            },
                        };
                        say(json!({"answer": "text", "id": id, "target": target, "text": text}));
                        said += 1;
                    }
                    say(json!({
                        "answer": "done", "id": id, "target": target, "latency": 0.1, "cancelled": cancelled,
                        "input_tokens": asked, "output_tokens": said,
                    }));
                }
                say(json!({"answer": "finished", "id": id}));
            }
            _ => {}
        }
    }
    ExitCode::SUCCESS
}

/// Waits until a question is cancelled, or nothing more is asked. Other questions are kept for later.
fn is_cancelled(id: &Value, waiting: &mut VecDeque<Value>) -> bool {
    while let Some(next) = requested() {
        match next["request"] == "cancel" {
            true if next["id"] == *id => return true,
            true => {}
            false => waiting.push_back(next),
        }
    }
    false
}

/// The next request, if there is one before the end.
fn requested() -> Option<Value> {
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line).unwrap_or(0);
    (read > 0).then(|| serde_json::from_str(&line).expect("a request"))
}

/// The time in UTC as the contract writes it.
fn now() -> String {
    jiff::Timestamp::now().to_string()
}
