//! Workers that outlive the connection.

use std::{
    fs,
    path::PathBuf,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use compute::{
    Condition, Connection, Launch, Launcher, Parcel, RunThere, TargetKind, TargetSettings, launcher,
};
use platform::Work;
use schema::ErrorCode;

use crate::place::{Place, run_folder, until};

/// It writes events, and ends by itself, when it is asked to, or when the file `go` appears.
const WORKER: &str = r#"
import json, os, signal, sys, time
events = open("events.jsonl", "a", buffering=1)
def said(**event): events.write(json.dumps(event) + "\n")
def stopped(*_):
    said(event="ended", stopped=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN if "deaf" in sys.argv else stopped)
said(event="started", pid=os.getpid(), attempt=os.environ["FTS_RUN_ATTEMPT"], token="HF_TOKEN" in os.environ)
print("token:", os.environ.get("HF_TOKEN"), "setup:", os.environ.get("FROM_SETUP"))
while not os.path.exists("go"): time.sleep(0.01)
said(event="ended")
sys.exit(int(open("go").read() or 0))
"#;

const TOKEN: &str = "hf_abcdefghijklmnopqrstuvwxyz0123456789";

struct Worker {
    place: Arc<Place>,
    connection: Connection,
    launcher: Box<dyn Launcher>,
    launch: Launch,
}

impl Worker {
    /// None where there is no SSH server.
    async fn new(change: impl FnOnce(&mut TargetSettings)) -> Option<Self> {
        let place = Arc::new(Place::new()?);
        let mut settings = place.settings();
        change(&mut settings);
        let connection = place.connect(settings);
        let folder = run_folder(&connection, "a").await;
        place.write("package/fake_worker.py", WORKER);
        let parcel = Parcel::new().with_folder(place.here("package"), "worker");
        let worker = connection.send(&parcel, &Work::unwatched()).await.unwrap().folders.remove(0);
        let launch = Launch {
            run: "a".to_owned(),
            folder,
            attempt: 1,
            python: "python3".to_owned(),
            worker,
            module: "fake_worker".to_owned(),
            arguments: vec!["run".to_owned(), ".".to_owned()],
            environment: vec![("CUDA_VISIBLE_DEVICES".to_owned(), String::new())],
            secrets: vec![("HF_TOKEN".to_owned(), TOKEN.to_owned())],
            nodes: 1,
            processes: 1,
        };
        Some(Self { place, connection, launcher: launcher(TargetKind::Ssh), launch })
    }

    fn there(&self, name: &str) -> PathBuf {
        self.place.there(&self.launch.folder).join(name)
    }

    fn run(&self) -> RunThere<'_> {
        let Launch { run, folder, attempt, .. } = &self.launch;
        RunThere { run, folder, attempt: *attempt, handle: None }
    }

    async fn condition(&self) -> Condition {
        self.launcher.look(&self.connection, &[self.run()]).await.unwrap().remove(0)
    }

    async fn start(&self) -> compute::Started {
        let started = self.launcher.start(&self.connection, &self.launch).await.unwrap();
        until(|| async { self.events().contains("started") }).await;
        started
    }

    async fn end(&self) {
        until(|| async { !matches!(self.condition().await, Condition::Running { .. }) }).await;
    }

    fn events(&self) -> String {
        fs::read_to_string(self.there("events.jsonl")).unwrap_or_default()
    }

    fn started(&self) -> usize {
        self.events().matches("started").count()
    }

    /// Lets it end with that code.
    fn go(&self, code: i32) {
        // By one rename, since it waits for the name.
        fs::write(self.there("go.part"), code.to_string()).unwrap();
        fs::rename(self.there("go.part"), self.there("go")).unwrap();
    }

    fn pid(&self) -> String {
        let handle: serde_json::Value =
            serde_json::from_slice(&fs::read(self.there("handle.json")).unwrap()).unwrap();
        handle["pid"].to_string()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Also where a test failed: the worker ends by itself.
        let _ = fs::write(self.there("go"), "");
    }
}

fn kill(pid: &str) {
    assert!(Command::new("kill").args(["-9", pid]).status().unwrap().success());
}

fn ps(columns: &str) -> String {
    let shown = Command::new("ps").args(["-A", "-ww", "-o", columns]).output().unwrap();
    String::from_utf8_lossy(&shown.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_goes_on_without_the_connection_and_says_how_it_ended() {
    let Some(mut worker) = Worker::new(|_| {}).await else { return };
    assert_eq!(worker.condition().await, Condition::NotStarted);
    let started = worker.start().await;
    assert!(started.new);
    assert_eq!(worker.condition().await, Condition::Running { handle: started.handle.clone() });
    worker.place.sshd.cut();
    until(|| async { worker.connection.probe().await.is_ok() }).await;
    assert_eq!(worker.condition().await, Condition::Running { handle: started.handle.clone() });

    // Another program finds it by what is written there.
    let other = worker.place.connection();
    let again = worker.launcher.start(&other, &worker.launch).await.unwrap();
    assert_eq!((again.new, &again.handle), (false, &started.handle));
    worker.go(7);
    worker.end().await;
    assert_eq!(worker.condition().await, Condition::Ended { exit: Some(7), why: None });
    let late = worker.launcher.start(&other, &worker.launch).await.unwrap();
    assert!(!late.new);
    assert_eq!(worker.started(), 1);

    fs::remove_file(worker.there("go")).unwrap();
    worker.launch.attempt = 2;
    assert_eq!(worker.condition().await, Condition::NotStarted);
    assert!(worker.launcher.start(&other, &worker.launch).await.unwrap().new);
    until(|| async { worker.started() == 2 }).await;
    assert!(worker.events().contains(r#""attempt": "2""#));
    assert!(matches!(worker.condition().await, Condition::Running { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_whose_answer_is_lost_starts_one_worker_and_knows_its_end() {
    let Some(worker) = Worker::new(|_| {}).await else { return };
    let starts = worker.place.sshd.hold_up_starts();
    worker.place.sshd.cut();
    for asked in 1..=8 {
        until(|| async {
            worker.connection.retry_now();
            worker.connection.prepare().await.is_ok()
        })
        .await;
        let cut = async {
            until(|| async { starts.asked() == asked }).await;
            worker.place.sshd.cut();
        };
        let start = worker.launcher.start(&worker.connection, &worker.launch);
        assert_eq!(tokio::join!(start, cut).0.unwrap_err().code, ErrorCode::Unreachable);
    }
    // The test reads none of their answers.
    starts.go_on();
    until(|| async { worker.started() > 0 }).await;
    let late = worker.launcher.start(&worker.connection, &worker.launch).await.unwrap();
    assert_eq!((late.new, worker.started()), (false, 1));
    worker.go(7);
    worker.end().await;
    assert_eq!(worker.condition().await, Condition::Ended { exit: Some(7), why: None });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_is_asked_to_stop_and_then_made_to() {
    let Some(mut worker) = Worker::new(|_| {}).await else { return };
    worker.start().await;
    worker.launcher.stop(&worker.connection, worker.run(), false).await.unwrap();
    worker.end().await;
    assert_eq!(worker.condition().await, Condition::Ended { exit: Some(0), why: None });
    assert!(worker.events().contains("stopped") && worker.there("stop").exists());

    worker.launch.attempt = 2;
    worker.launch.arguments.push("deaf".to_owned());
    worker.launcher.start(&worker.connection, &worker.launch).await.unwrap();
    until(|| async { worker.started() == 2 }).await;
    assert!(!worker.there("stop").exists());
    worker.launcher.stop(&worker.connection, worker.run(), false).await.unwrap();
    assert!(worker.there("stop").exists());
    assert!(matches!(worker.condition().await, Condition::Running { .. }));
    worker.launcher.stop(&worker.connection, worker.run(), true).await.unwrap();
    worker.end().await;
    assert_eq!(worker.condition().await, Condition::Ended { exit: Some(-9), why: None });
    // Nothing runs, so nothing is stopped: the number may belong to another process by now.
    worker.launcher.stop(&worker.connection, worker.run(), true).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_to_be_gone_is_distinguished() {
    let Some(worker) = Worker::new(|_| {}).await else { return };
    worker.start().await;
    let pid = worker.pid();
    let table = ps("pid=,ppid=");
    let mut rows = table.lines().map(str::split_whitespace);
    let keeper = rows.find_map(|mut row| (row.next()? == pid).then(|| row.next().map(str::to_owned))?);
    kill(&keeper.unwrap());
    assert!(matches!(worker.condition().await, Condition::Running { .. }), "the worker has the lock itself");
    kill(&pid);
    worker.end().await;
    let Condition::Vanished(why) = worker.condition().await else { panic!() };
    assert!(why.contains("was killed"), "{why}");

    let handle = fs::read_to_string(worker.there("handle.json")).unwrap();
    let mut handle: serde_json::Value = serde_json::from_str(&handle).unwrap();
    handle["boot"] = "another".into();
    fs::write(worker.there("handle.json"), handle.to_string()).unwrap();
    let Condition::Vanished(why) = worker.condition().await else { panic!() };
    assert!(why.contains("was restarted"), "{why}");

    fs::remove_dir_all(worker.there("")).unwrap();
    assert_eq!(worker.condition().await, Condition::FolderGone);
    fs::create_dir_all(worker.there("")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_worker_leaves_behind_ends_with_it() {
    // It inherits the lock of the run, which is the input of whatever is started before Python.
    let left_behind = "sleep 6543 <&0 &";
    let Some(worker) = Worker::new(|settings| settings.options.setup = Some(left_behind.to_owned())).await
    else {
        return;
    };
    worker.start().await;
    kill(&worker.pid());
    worker.end().await;
    assert_eq!(worker.condition().await, Condition::Ended { exit: Some(-9), why: None });
    assert!(!ps("args=").contains("sleep 6543"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_in_no_argument_file_or_log() {
    let Some(worker) = Worker::new(|_| {}).await else { return };
    worker.start().await;
    until(|| async { fs::read_to_string(worker.there("log.txt")).is_ok_and(|log| log.contains("setup:")) })
        .await;
    assert!(worker.events().contains(r#""token": true"#), "{}", worker.events());
    assert!(!ps("args=").contains(TOKEN));
    let log = fs::read_to_string(worker.there("log.txt")).unwrap();
    assert_eq!(log, "token: [secret] setup: None\n");
    for (name, bytes) in crate::place::contents(&worker.place.there("")) {
        assert!(!String::from_utf8_lossy(&bytes).contains(TOKEN), "{name}");
    }
    assert!(!worker.place.sshd.log().contains(TOKEN));
    assert!(!format!("{:?}", worker.launch).contains(TOKEN));
}

#[tokio::test(flavor = "multi_thread")]
async fn setup_lines_run_before_python() {
    let setup = "export FROM_SETUP='it is \"set\"'\nfalse";
    let Some(worker) = Worker::new(|settings| settings.options.setup = Some(setup.to_owned())).await else {
        return;
    };
    worker.start().await;
    until(|| async { fs::read_to_string(worker.there("log.txt")).is_ok_and(|log| log.contains("setup:")) })
        .await;
    let log = fs::read_to_string(worker.there("log.txt")).unwrap();
    assert!(log.contains("setup: it is \"set\"\n"), "{log}");
    worker.launcher.stop(&worker.connection, worker.run(), false).await.unwrap();
    worker.end().await;
    assert_eq!(worker.condition().await, Condition::Ended { exit: Some(0), why: None });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_can_t_be_started_is_said_and_may_be_tried_again() {
    let Some(mut worker) = Worker::new(|_| {}).await else { return };
    "/no/such/python".clone_into(&mut worker.launch.python);
    let error = worker.launcher.start(&worker.connection, &worker.launch).await.unwrap_err();
    assert!(error.message.contains("/no/such/python"), "{error:?}");
    assert_eq!(worker.condition().await, Condition::NotStarted);
    "python3".clone_into(&mut worker.launch.python);
    assert!(worker.start().await.new);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_renamed_meanwhile_end_no_look() {
    let Some(worker) = Worker::new(|_| {}).await else { return };
    worker.start().await;
    let (part, whole) = (worker.there("answer.part"), worker.there("answer"));
    // Many files make the time longer between the moment when names are read and that of the sizes.
    for number in 0..500 {
        fs::write(worker.there(&format!("file-{number}")), "").unwrap();
    }
    let is_over = AtomicBool::new(false);
    let looks = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                fs::write(&part, "whole").unwrap();
                fs::rename(&part, &whole).unwrap();
            }
        });
        let look = async || worker.launcher.look(&worker.connection, &[worker.run()]).await;
        let look = || tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(look()));
        let looks: Vec<_> = (0..50).map(|_| look()).collect();
        is_over.store(true, Ordering::Relaxed);
        looks
    });
    for look in looks {
        let look = look.unwrap().remove(0);
        assert!(matches!(look, Condition::Running { .. }), "{look:?}");
    }
}
