//! What is sent for runs, followed and fetched.

use std::{collections::BTreeMap, fs};

use compute::{Followed, Launch, Packed, Parcel};
use fake_workbench::Fault;
use platform::Work;
use workbench::RunResources;

use crate::world::{World, eventually, passing_faults};

const RUN: &str = "studio/runs/r1";

/// A worker that appends to its events, puts a file into its output, and prints what was sent.
const WORKER: &str = "
import pathlib, sys, time
print(pathlib.Path('train.jsonl').stat().st_size, pathlib.Path('../../models').exists(), flush=True)
with open('events.jsonl', 'a') as events:
    for step in range(int(sys.argv[1])):
        events.write('step %d\\n' % step)
        events.flush()
        time.sleep(0.01)
pathlib.Path('output/adapter/deep').mkdir(parents=True, exist_ok=True)
pathlib.Path('output/adapter/deep/weights').write_bytes(b'w' * 100_000)
pathlib.Path('output/adapter/config').write_text('{}')
";

impl World {
    async fn send(&self, parcel: &Parcel) -> compute::Sent {
        let packed = Packed::of(parcel, None, &Work::unwatched()).await.unwrap();
        self.workbench.send_parcel("studio", packed, &Work::unwatched()).await.unwrap()
    }

    /// Rows of so many bytes, and the package of a worker.
    fn parcel(&self, rows: usize) -> Parcel {
        let package = self.folder.path().join("package");
        fs::create_dir_all(package.join("tiny_worker")).unwrap();
        fs::write(package.join("tiny_worker/__main__.py"), WORKER).unwrap();
        fs::write(package.join("about ü.txt"), "").unwrap();
        let rows = self.file("rows", &vec![b'r'; rows]);
        Parcel::new().with_file(rows, "runs/r1/train.jsonl").with_folder(package, "worker")
    }

    async fn carry_out(&self, attempt: u32, worker: &str, steps: u32) {
        let launch = Launch {
            run: "r1".to_owned(),
            folder: RUN.to_owned(),
            attempt,
            python: "python3".to_owned(),
            worker: format!("studio/{worker}"),
            module: "tiny_worker".to_owned(),
            arguments: vec![steps.to_string()],
            environment: Vec::new(),
            secrets: Vec::new(),
            nodes: 1,
            processes: 1,
        };
        let resources =
            RunResources { runtime: self.runtime(), cpu: 1.0, memory: 1.0, ..RunResources::default() };
        self.workbench.start_worker(&launch, &resources).await.unwrap();
        let exit = self.place().join(RUN).join(format!("workbench-{attempt}.exit"));
        let code = eventually(async || fs::read_to_string(&exit).ok()).await;
        let log = fs::read_to_string(self.place().join(RUN).join("log.txt")).unwrap_or_default();
        assert_eq!(code, "0", "{log}");
    }

    /// Follows the events from a length to that of the file there.
    async fn follow(&self, mut known: Vec<u8>) -> Vec<u8> {
        let there = fs::read(self.place().join(RUN).join("events.jsonl")).unwrap();
        let mut follower = self.workbench.follow(RUN, &[("events.jsonl", known.len() as u64)]);
        while known.len() < there.len() {
            let Followed::Appended { file, at, bytes } = follower.next().await.unwrap() else {
                panic!("anew")
            };
            assert_eq!(file, "events.jsonl");
            let at = usize::try_from(at).unwrap();
            assert!(at <= known.len(), "{at} follows {}", known.len());
            known.extend(bytes.into_iter().skip(known.len() - at));
        }
        assert!(known == there);
        known
    }
}

#[tokio::test]
async fn only_differences_are_sent_and_large_files_are_joined_there() {
    for rows in [10, (32 << 20) + 5] {
        let world = World::new();
        let sent = world.send(&world.parcel(rows)).await;
        assert!(sent.bytes > rows as u64);
        let uploads = world.there.count("upload_file");
        let again = world.send(&world.parcel(rows)).await;
        assert_eq!((again.bytes, &again.folders), (0, &sent.folders));
        // It says anew what lies there for the run.
        assert_eq!(world.there.count("upload_file"), uploads + 1);
        world.carry_out(1, &sent.folders[0], 1).await;
        let log = fs::read_to_string(world.place().join(RUN).join("log.txt")).unwrap();
        assert!(log.starts_with(&format!("{rows} False")), "{log}");
        assert_eq!(world.send(&world.parcel(rows)).await.bytes, 0);
        assert_eq!(fs::read_dir(world.place().join("studio/data")).unwrap().count(), 1);
    }
}

#[tokio::test]
async fn what_is_sent_arrives_whatever_is_lost_on_the_way() {
    for fault in passing_faults() {
        let world = World::new();
        world.there.fail("upload_file", [fault.clone(), fault.clone()]);
        world.there.fail("list_project_files", [Fault::Status(503, None)]);
        let sent = world.send(&world.parcel(10)).await;
        let package = world.place().join("studio").join(&sent.folders[0]);
        assert_eq!(fs::read_to_string(package.join("tiny_worker/__main__.py")).unwrap(), WORKER, "{fault:?}");
        let names: Vec<_> = fs::read_dir(package).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names.len(), 2, "{fault:?}: {names:?}");
    }
}

#[tokio::test]
async fn what_is_appended_is_followed_from_wherever_one_was() {
    let world = World::new();
    let sent = world.send(&world.parcel(10)).await;
    world.carry_out(1, &sent.folders[0], 200).await;
    let whole = world.follow(Vec::new()).await;
    for length in [1, whole.len() / 2, whole.len() - 1] {
        assert!(world.follow(whole[..length].to_vec()).await == whole);
    }
    // The next attempt goes on in the same file, after the half line of the one before.
    let events = world.place().join(RUN).join("events.jsonl");
    fs::write(&events, [whole.as_slice(), b"half"].concat()).unwrap();
    world.carry_out(2, &sent.folders[0], 50).await;
    let both = world.follow(whole.clone()).await;
    assert!(both[whole.len()..].starts_with(b"half\nstep 0\n"));
    // A container that was killed left pieces out: then the file itself is fetched.
    fs::remove_dir_all(world.place().join(RUN).join("pieces")).unwrap();
    assert!(world.follow(whole).await == both);
}

#[tokio::test]
async fn results_are_fetched_whole_and_compared() {
    let world = World::new();
    let sent = world.send(&world.parcel(10)).await;
    world.carry_out(1, &sent.folders[0], 1).await;
    assert_eq!(world.workbench.size(&format!("{RUN}/output/adapter")).await.unwrap(), Some(100_002));
    assert_eq!(world.workbench.size(&format!("{RUN}/output/model")).await.unwrap(), None);
    let to = world.folder.path().join("adapter");
    let fetch = async || world.workbench.fetch_folder(RUN, "output/adapter", &to, &Work::unwatched()).await;
    world.there.fail("download_project_file", [Fault::Half, Fault::Status(503, None)]);
    fetch().await.unwrap();
    let found: BTreeMap<&str, usize> = ["config", "deep/weights"]
        .map(|name| (name, fs::read(to.join(name)).unwrap().len()))
        .into_iter()
        .collect();
    assert_eq!(found, BTreeMap::from([("config", 2), ("deep/weights", 100_000)]));
    // What is not what the worker wrote is refused, and what is here stays.
    fs::write(world.place().join(RUN).join("output/adapter/config"), "[]").unwrap();
    let refused = fetch().await.unwrap_err();
    assert!(refused.error.message.contains("changed"), "{refused:?}");
    assert_eq!(fs::read_to_string(to.join("config")).unwrap(), "{}");
}
