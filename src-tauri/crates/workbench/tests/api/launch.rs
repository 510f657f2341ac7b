//! Workers as job runs: real processes in the project's folder.

use std::fs;

use compute::{Condition, Launch, RunThere};
use fake_workbench::Fault;
use workbench::{Fault as Why, RunResources};

use crate::world::{World, eventually, passing_faults};

const FOLDER: &str = "studio/runs/r 1";
const SECRET: &str = "hf_secret_of_a_person";

/// A worker that does what its one argument says.
const WORKER: &str = "
import os, signal, sys, time

def stop(*_):
    print('stopping', flush=True)
    sys.exit(7)

signal.signal(signal.SIGTERM, stop)
print('attempt', os.environ['FTS_RUN_ATTEMPT'], os.environ['A'], flush=True)
print(os.environ.get('HF_TOKEN'), flush=True)
open('here', 'w').write(os.getcwd())
if sys.argv[1] == 'wait':
    time.sleep(600)
sys.exit(int(sys.argv[1]))
";

impl World {
    fn launch(&self, attempt: u32, does: &str) -> Launch {
        let package = self.place().join("studio/worker/tiny_worker");
        fs::create_dir_all(self.place().join(FOLDER)).unwrap();
        fs::create_dir_all(&package).unwrap();
        fs::write(package.join("__main__.py"), WORKER).unwrap();
        Launch {
            run: "r1".to_owned(),
            folder: FOLDER.to_owned(),
            attempt,
            python: "python3".to_owned(),
            worker: "studio/worker".to_owned(),
            module: "tiny_worker".to_owned(),
            arguments: vec![does.to_owned()],
            environment: vec![("A".to_owned(), "b c".to_owned())],
            secrets: vec![("HF_TOKEN".to_owned(), SECRET.to_owned())],
            nodes: 1,
            processes: 1,
        }
    }

    fn resources(&self) -> RunResources {
        RunResources { runtime: self.runtime(), cpu: 2.0, memory: 8.0, ..RunResources::default() }
    }

    async fn start(&self, attempt: u32, does: &str) -> String {
        let launch = self.launch(attempt, does);
        self.workbench.start_worker(&launch, &self.resources()).await.unwrap().handle
    }

    async fn look(&self, attempt: u32, handle: Option<&str>) -> Condition {
        let run = RunThere { run: "r1", folder: FOLDER, attempt, handle };
        self.workbench.look_at_workers(&[run]).await.unwrap().remove(0)
    }

    async fn end(&self, attempt: u32, handle: Option<&str>) -> Condition {
        eventually(async || match self.look(attempt, handle).await {
            Condition::Running { .. } | Condition::Waiting { .. } => None,
            other => Some(other),
        })
        .await
    }

    async fn log(&self, text: &str) {
        let file = self.place().join(FOLDER).join("log.txt");
        eventually(async || fs::read_to_string(&file).ok().filter(|log| log.contains(text))).await;
    }
}

fn ended(exit: i32) -> Condition {
    Condition::Ended { exit: Some(exit), why: None }
}

#[tokio::test]
async fn a_worker_works_in_its_folder_and_its_exit_code_is_known() {
    for jupyter in [false, true] {
        let world = World::new();
        world.there.behave(|behavior| behavior.jupyter_kernel = jupyter);
        assert_eq!(world.look(1, None).await, Condition::FolderGone);
        world.launch(1, "0");
        assert_eq!(world.look(1, None).await, Condition::NotStarted);
        for (attempt, code) in [(1, 0), (2, 3)] {
            let handle = world.start(attempt, &code.to_string()).await;
            assert_eq!(world.end(attempt, Some(&handle)).await, ended(code));
            // Without the handle, too: the answer of the start may have been lost.
            assert_eq!(world.end(attempt, None).await, ended(code));
            world.log(&format!("attempt {attempt} b c")).await;
        }
        let folder = world.place().join(FOLDER);
        assert_eq!(
            fs::read_to_string(folder.join("here")).unwrap(),
            folder.canonicalize().unwrap().to_str().unwrap()
        );
        // The token was in the worker's variables, and is nowhere else.
        let log = fs::read_to_string(folder.join("log.txt")).unwrap();
        assert_eq!(log.matches("[secret]").count(), 2, "{log}");
        let asked = format!("{:?}{:?}", world.there.requests(), world.list("jobs"));
        assert!(!asked.contains(SECRET));
        let inside = fs::read_dir(&folder).unwrap().chain(fs::read_dir(folder.join("pieces")).unwrap());
        for file in inside.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
            let content = fs::read_to_string(file).unwrap();
            assert!(!content.contains(SECRET), "{content}");
        }
    }
}

#[tokio::test]
async fn a_worker_is_started_once_for_an_attempt() {
    for fault in passing_faults() {
        let world = World::new();
        for operation in ["create_job", "create_job_run", "upload_file"] {
            world.there.fail(operation, [fault.clone()]);
        }
        let launch = world.launch(1, "wait");
        let started = world.workbench.start_worker(&launch, &world.resources()).await.unwrap();
        let again = world.workbench.start_worker(&launch, &world.resources()).await.unwrap();
        assert_eq!((again.handle, again.new), (started.handle, false), "{fault:?}");
        let job = world.list("jobs").remove(0);
        assert_eq!(world.list("jobs").len(), 1, "{fault:?}");
        assert_eq!(world.list(&format!("jobs/{}/runs", job["id"].as_str().unwrap())).len(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_worker_stops_by_itself_or_by_force() {
    let world = World::new();
    let stop = async |attempt, handle: &str, force| {
        let run = RunThere { run: "r1", folder: FOLDER, attempt, handle: Some(handle) };
        world.workbench.stop_worker(run, force).await.unwrap();
    };
    let handle = world.start(1, "wait").await;
    world.log("attempt 1").await;
    stop(1, &handle, false).await;
    assert_eq!(world.end(1, Some(&handle)).await, ended(7));
    // Nothing happens to one that has ended.
    stop(1, &handle, true).await;
    let handle = world.start(2, "wait").await;
    world.log("attempt 2").await;
    stop(2, &handle, true).await;
    let Condition::Ended { why: Some(why), .. } = world.end(2, Some(&handle)).await else {
        panic!("not ended")
    };
    assert!(why.contains("stopped"), "{why}");
    // In the queue, it has nothing to save, and leaves no token.
    world.there.hold_runs(true);
    let handle = world.start(3, "wait").await;
    assert!(matches!(world.look(3, Some(&handle)).await, Condition::Waiting { reason: Some(_), .. }));
    stop(3, &handle, false).await;
    assert!(matches!(world.end(3, Some(&handle)).await, Condition::Ended { exit: None, why: Some(_) }));
    assert!(!world.place().join(FOLDER).join(".tokens").exists());
}

#[tokio::test]
async fn what_is_gone_there_is_said() {
    let world = World::new();
    let handle = world.start(1, "wait").await;
    world.log("attempt 1").await;
    let (job, _) = handle.split_once('/').unwrap();
    world.there.remove(&format!("projects/{}/jobs", world.there.project()), job);
    assert!(
        matches!(world.look(1, Some(&handle)).await, Condition::Vanished(why) if why.contains("deleted"))
    );
    // One whose end was noted has an end, even so.
    let handle = world.start(2, "0").await;
    assert_eq!(world.end(2, Some(&handle)).await, ended(0));
    let run = RunThere { run: "r1", folder: FOLDER, attempt: 2, handle: Some(&handle) };
    world.workbench.forget_worker(run).await.unwrap();
    world.workbench.forget_worker(run).await.unwrap();
    assert_eq!(world.look(2, Some(&handle)).await, ended(0));
    fs::remove_dir_all(world.place().join("studio")).unwrap();
    assert_eq!(world.look(2, Some(&handle)).await, Condition::FolderGone);
    // A project that is gone says nothing of its runs.
    world.there.remove("projects", world.there.project());
    let failure = world.workbench.look_at_workers(&[run]).await.unwrap_err();
    assert_eq!(failure.fault, Why::NotFound);
    assert!(failure.error.message.contains("project"), "{failure:?}");
}

#[tokio::test]
async fn a_refused_start_leaves_no_token() {
    let world = World::new();
    world.there.fail("create_job", [Fault::Status(400, None)]);
    let launch = world.launch(1, "0");
    world.workbench.start_worker(&launch, &world.resources()).await.unwrap_err();
    assert!(!world.place().join(FOLDER).join(".tokens").exists());
    let nodes = Launch { nodes: 2, ..launch };
    assert_eq!(world.workbench.start_worker(&nodes, &world.resources()).await.unwrap_err().fault, Why::Here);
}
