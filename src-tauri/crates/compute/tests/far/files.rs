//! Files that are sent and fetched.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use compute::{Connection, Parcel, Sent};
use platform::Work;
use schema::ErrorCode;
use tokio_util::sync::CancellationToken;

use crate::place::{Chance, Place, bytes, contents};

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_there_is_not_sent_again() {
    let Some(place) = Place::new() else { return };
    let rows = place.write("rows.jsonl", bytes(3 << 20, 1));
    place.write("model/config.json", "{}");
    place.write("model/deep/weights.bin", bytes(2 << 20, 2));
    place.write("model/__pycache__/x.pyc", "left out");
    let parcel = |id: &str| {
        Parcel::new()
            .with_file(&rows, format!("runs/{id}/rows.jsonl"))
            .with_folder(place.here("model"), "models")
            .with_bytes(id, format!("runs/{id}/job.json"))
    };
    let (connection, work) = (place.connection(), Work::unwatched());
    let whole = (5 << 20) + 2 + 1;
    let before = Arc::new(OnceLock::new());
    let first = Arc::clone(&before);
    let watched = Work::new(CancellationToken::new(), move |progress| {
        // The total is known once all is hashed.
        if let Some(total) = progress.total {
            first.get_or_init(|| (total, total - progress.done));
        }
    });
    let sent = connection.send(&parcel("a"), &watched).await.unwrap();
    assert_eq!(before.get(), Some(&(whole, whole)));
    assert_eq!(sent.bytes, whole);
    let [model] = sent.folders.as_slice() else { panic!("{sent:?}") };
    let mut expected = contents(&place.here("model"));
    expected.retain(|(name, _)| !name.contains("__pycache__"));
    assert_eq!(contents(&place.there(model)), expected);
    assert!(model.starts_with("models/"));

    let again = connection.send(&parcel("b"), &work).await.unwrap();
    assert_eq!(again, Sent { bytes: 1, folders: sent.folders.clone() });
    assert_eq!(fs::read(place.there("runs/b/rows.jsonl")).unwrap(), bytes(3 << 20, 1));
    assert_eq!(fs::read(place.there("runs/b/job.json")).unwrap(), b"b");
    let (a, b) = (place.there("runs/a/rows.jsonl"), place.there("runs/b/rows.jsonl"));
    assert_eq!(fs::metadata(a).unwrap().ino(), fs::metadata(&b).unwrap().ino());
    assert_eq!(fs::metadata(b).unwrap().permissions().mode() & 0o222, 0, "nothing writes to shared content");

    // Other content at the same path is another file.
    fs::write(&rows, bytes(3 << 20, 3)).unwrap();
    assert_eq!(connection.send(&parcel("b"), &work).await.unwrap().bytes, (3 << 20) + 1);
    assert_eq!(fs::read(place.there("runs/b/rows.jsonl")).unwrap(), bytes(3 << 20, 3));
    assert_eq!(fs::read(place.there("runs/a/rows.jsonl")).unwrap(), bytes(3 << 20, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_run_writes_on_is_a_file_of_its_own() {
    let Some(place) = Place::new() else { return };
    let (connection, work) = (place.connection(), Work::unwatched());
    let state = place.write("checkpoints/checkpoint-2/optimizer.pt", bytes(3 << 20, 5));
    let events = place.write("events.jsonl", "{}\n");
    let parcel = |id: &str| {
        let to = format!("runs/{id}");
        Parcel::new()
            .with_own_file(&events, format!("{to}/events.jsonl"))
            .with_own_folder(&place.here("checkpoints"), &format!("{to}/checkpoints"))
            .unwrap()
    };
    let whole = (3 << 20) + 3;
    assert_eq!(connection.send(&parcel("a"), &work).await.unwrap().bytes, whole);
    assert_eq!(connection.send(&parcel("a"), &work).await.unwrap().bytes, 0, "it lies there");
    for name in ["events.jsonl", "checkpoints/checkpoint-2/optimizer.pt"] {
        let mut file = fs::File::options().append(true).open(place.there(&format!("runs/a/{name}"))).unwrap();
        std::io::Write::write_all(&mut file, b"more").unwrap();
    }
    // Another run gets what is here, not what the first one made of it.
    assert_eq!(connection.send(&parcel("b"), &work).await.unwrap().bytes, whole);
    assert_eq!(fs::read(place.there("runs/b/events.jsonl")).unwrap(), fs::read(&events).unwrap());
    let there = place.there("runs/b/checkpoints/checkpoint-2/optimizer.pt");
    assert_eq!(fs::read(there).unwrap(), fs::read(&state).unwrap());
    // What is sent replaces what has another length.
    assert_eq!(connection.send(&parcel("a"), &work).await.unwrap().bytes, whole);
    assert_eq!(fs::read(place.there("runs/a/events.jsonl")).unwrap(), b"{}\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_transfer_ends_soon_and_is_taken_up_again() {
    let Some(place) = Place::new() else { return };
    let rows = place.write("rows", bytes(24 << 20, 4));
    let connection = place.connection();
    let parcel = Parcel::new().with_file(rows, "runs/a/rows");
    let stop = CancellationToken::new();
    let ends = stop.clone();
    let work = Work::new(stop, move |progress| {
        if progress.done > 6 << 20 {
            ends.cancel();
        }
    });
    assert_eq!(connection.send(&parcel, &work).await.unwrap_err().code, ErrorCode::Cancelled);
    assert!(!place.there("runs/a/rows").exists());
    let sent = connection.send(&parcel, &Work::unwatched()).await.unwrap();
    assert!(sent.bytes < 20 << 20, "{sent:?}");
    assert_eq!(fs::read(place.there("runs/a/rows")).unwrap(), bytes(24 << 20, 4));
}

/// Work that cuts all connections once a random number of bytes is done beyond those that were done before.
fn cut_soon(place: &Arc<Place>, reached: &Arc<AtomicU64>, chance: &mut Chance) -> Work {
    let (place, reached, cut) = (Arc::clone(place), Arc::clone(reached), AtomicU64::new(0));
    let at = reached.load(Ordering::Relaxed) + chance.below(16 << 20);
    Work::new(CancellationToken::new(), move |progress| {
        reached.fetch_max(progress.done, Ordering::Relaxed);
        if progress.done > at && cut.fetch_add(1, Ordering::Relaxed) == 0 {
            place.sshd.cut();
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn cuts_at_random_moments_leave_the_same_bytes_and_send_little_twice() {
    let Some(place) = Place::new().map(Arc::new) else { return };
    let mut chance = Chance(11);
    let size = 48 << 20;
    place.write("folder/large", bytes(size, 5));
    place.write("folder/larger", bytes(size / 2, 6));
    for name in 0..40 {
        place.write(&format!("folder/small/{name}"), bytes(1000 + name, name as u64));
    }
    let connection = place.connection();
    let parcel = Parcel::new().with_folder(place.here("folder"), "models");
    let (mut cuts, mut done, reached) = (0, None, Arc::default());
    while done.is_none() {
        let work = cut_soon(&place, &reached, &mut chance);
        match connection.send(&parcel, &work).await {
            Ok(sent) => done = Some(sent),
            Err(error) => {
                assert_eq!(error.code, ErrorCode::Unreachable, "{error:?}");
                cuts += 1;
                assert!(names(&place.there("models")).iter().all(|name| name.ends_with(".part")));
            }
        }
    }
    let model = done.unwrap().folders.remove(0);
    assert_eq!(contents(&place.there(&model)), contents(&place.here("folder")));
    assert!(cuts >= 3, "{cuts} cuts");

    let (mut fetches, reached) = (0, Arc::default());
    loop {
        let work = cut_soon(&place, &reached, &mut chance);
        match connection.fetch(&model, &place.here("back"), &work).await {
            Ok(()) => break,
            Err(error) => {
                assert_eq!(error.code, ErrorCode::Unreachable, "{error:?}");
                assert!(!place.here("back").exists());
                fetches += 1;
            }
        }
    }
    assert!(fetches >= 3, "{fetches} cuts");
    assert_eq!(contents(&place.here("back")), contents(&place.here("folder")));
    assert_eq!(fs::read_dir(place.there("parts")).unwrap().count(), 0);
    let left: Vec<_> = names(&place.here("")).into_iter().filter(|name| name.starts_with("back")).collect();
    assert_eq!(left, ["back"]);
}

/// The names in a folder, if it exists.
fn names(folder: &Path) -> Vec<String> {
    let found = fs::read_dir(folder).into_iter().flatten();
    found.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_other_content_is_not_taken_for_its_beginning() {
    let Some(place) = Place::new() else { return };
    let connection = place.connection();
    let rows = place.write("rows", bytes(3 << 20, 7));
    let parcel = Parcel::new().with_file(rows, "runs/a/rows");
    connection.send(&parcel, &Work::unwatched()).await.unwrap();
    // What an earlier fetch of another file left.
    place.write("back.fetching.part", bytes(1 << 20, 8));
    connection.fetch("runs/a/rows", &place.here("back"), &Work::unwatched()).await.unwrap();
    assert_eq!(fs::read(place.here("back")).unwrap(), bytes(3 << 20, 7));

    // The same there: it is refused once, and sent whole then.
    fs::remove_dir_all(place.there("data")).unwrap();
    let name = format!("parts/{}.another-session", sha256(&bytes(3 << 20, 7)));
    fs::write(place.there(&name), bytes(1 << 20, 9)).unwrap();
    let error = connection.send(&parcel, &Work::unwatched()).await.unwrap_err();
    assert!(error.message.ends_with("rows changed while it was sent."), "{error:?}");
    connection.send(&parcel, &Work::unwatched()).await.unwrap();
    assert_eq!(fs::read(place.there("runs/a/rows")).unwrap(), bytes(3 << 20, 7));
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn small_files_are_written_read_and_removed_below_the_folder_alone() {
    let Some(place) = Place::new() else { return };
    let connection = place.connection();
    connection.write("runs/a/job.sh", b"echo").await.unwrap();
    assert_eq!(connection.read("runs/a/job.sh").await.unwrap().as_deref(), Some(&b"echo"[..]));
    assert_eq!(connection.read("runs/a/other").await.unwrap(), None);
    assert_eq!(connection.size("runs").await.unwrap(), Some(4));
    assert_eq!(connection.size("models").await.unwrap(), None);
    assert_eq!(fs::metadata(place.there("runs/a/job.sh")).unwrap().permissions().mode() & 0o777, 0o600);

    let outside = place.write("outside/file", "mine");
    std::os::unix::fs::symlink(place.here("outside"), place.there("way-out")).unwrap();
    for path in ["../outside/file", "/etc/passwd", "", ".", "runs/../..", "way-out/file", "runs//a"] {
        assert_eq!(connection.remove(path).await.unwrap_err().code, ErrorCode::File, "{path}");
        assert_eq!(connection.write(path, b"").await.unwrap_err().code, ErrorCode::File, "{path}");
        connection.read(path).await.unwrap_err();
    }
    assert_eq!(fs::read(outside).unwrap(), b"mine");
    // A link is removed itself.
    connection.remove("way-out").await.unwrap();
    connection.remove("runs").await.unwrap();
    connection.remove("runs").await.unwrap();
    assert!(place.here("outside/file").exists() && !place.there("runs").exists());

    fs::remove_file(place.there(".fine-tuning-studio")).unwrap();
    fs::write(place.there("rest"), "").unwrap();
    connection.remove("rest").await.unwrap_err();
    assert!(place.there("rest").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_does_not_hold_up_other_requests() {
    let Some(place) = Place::new() else { return };
    let rows = place.write("rows", bytes(64 << 20, 10));
    let connection = place.connection();
    connection.prepare().await.unwrap();
    let sending = tokio::spawn({
        let (connection, parcel) = (connection.clone(), Parcel::new().with_file(rows, "runs/a/rows"));
        async move { connection.send(&parcel, &Work::unwatched()).await }
    });
    let mut longest = Duration::ZERO;
    while !sending.is_finished() {
        let start = Instant::now();
        connection.look(&["runs/a"]).await.unwrap();
        longest = longest.max(start.elapsed());
    }
    sending.await.unwrap().unwrap();
    assert!(longest < Duration::from_secs(2), "{longest:?}");
}

/// Clones share one process.
#[tokio::test(flavor = "multi_thread")]
async fn many_callers_share_one_channel() {
    let Some(place) = Place::new() else { return };
    let connection = place.connection();
    let calls: Vec<_> = (0..20).map(|_| ask(connection.clone())).map(tokio::spawn).collect();
    let mut pids = Vec::new();
    for call in calls {
        pids.push(call.await.unwrap());
    }
    pids.dedup();
    assert_eq!(pids.len(), 1, "{pids:?}");
}

async fn ask(connection: Connection) -> String {
    let parent = ["sh", "-c", "echo $PPID"];
    connection.run(&parent, None, compute::Environment::Own).await.unwrap().stdout
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_may_send_the_same_at_once() {
    let Some(place) = Place::new() else { return };
    place.write("folder/weights", bytes(12 << 20, 12));
    place.write("folder/config", "{}");
    let rows = place.write("rows", bytes(12 << 20, 13));
    let send = |id: &str| {
        let parcel = Parcel::new()
            .with_file(&rows, format!("runs/{id}/rows"))
            .with_folder(place.here("folder"), "models");
        let connection = place.connection();
        connection_sends(connection, parcel)
    };
    let (first, second) = tokio::join!(send("a"), send("b"));
    assert_eq!(first.folders, second.folders);
    assert_eq!(contents(&place.there(&first.folders[0])), contents(&place.here("folder")));
    assert_eq!(fs::read_dir(place.there("parts")).unwrap().count(), 0);
    for id in ["a", "b"] {
        assert!(fs::read(place.there(&format!("runs/{id}/rows"))).unwrap() == bytes(12 << 20, 13), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_that_send_the_same_at_once_send_it_once() {
    let Some(place) = Place::new() else { return };
    place.write("folder/weights", bytes(3 << 20, 14));
    for number in 0..200 {
        place.write(&format!("folder/inner/{number:03}"), "module");
    }
    let (connection, runs) = (place.connection(), 8);
    let mut all = tokio::task::JoinSet::new();
    for run in 0..runs {
        let parcel = Parcel::new().with_folder(place.here("folder"), "models");
        let parcel = parcel.with_bytes(*b"{}", format!("runs/{run}/job.json"));
        all.spawn(connection_sends(connection.clone(), parcel));
    }
    let sent = all.join_all().await;
    let bytes: u64 = sent.iter().map(|sent| sent.bytes).sum();
    assert_eq!(bytes, (3 << 20) + 200 * 6 + runs * 2);
    assert_eq!(contents(&place.there(&sent[0].folders[0])), contents(&place.here("folder")));
    assert_eq!(fs::read_dir(place.there("parts")).unwrap().count(), 0);
}

async fn connection_sends(connection: Connection, parcel: Parcel) -> Sent {
    connection.send(&parcel, &Work::unwatched()).await.unwrap()
}

/// Needs the right to mount a file system.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_there_is_said_and_leaves_nothing_half() {
    let Some(place) = Place::new() else { return };
    fs::create_dir(place.there("")).unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
        .arg(place.there(""))
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("Skipped: a file system can't be mounted here.");
        return;
    }
    let _mounted = Mounted(place.there(""));
    let connection = place.connection();
    let rows = place.write("rows", bytes(8 << 20, 14));
    let parcel = Parcel::new().with_file(rows, "runs/a/rows");
    let error = connection.send(&parcel, &Work::unwatched()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::File);
    assert!(error.message.starts_with("box has no room"), "{error:?}");
    assert!(!place.there("runs/a/rows").exists());
    let small = bytes(1 << 20, 15);
    let error = connection.write("runs/a/job.json", &small).await.unwrap_err();
    assert!(error.message.starts_with("box has no room"), "{error:?}");
    assert!(!place.there("runs/a").exists());
}

struct Mounted(std::path::PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
