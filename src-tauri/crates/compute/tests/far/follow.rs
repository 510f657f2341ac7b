//! Files that are followed.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::Write as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use compute::{Connection, ConnectionState, Followed, Follower};
use schema::{ErrorCode, Result};

use crate::place::{Chance, Place, run_folder};

/// Files as they are here.
#[derive(Default)]
struct Mirror(BTreeMap<String, Vec<u8>>);

impl Mirror {
    fn take(&mut self, followed: Followed) {
        match followed {
            Followed::Anew { file } => _ = self.0.insert(file, Vec::new()),
            Followed::Appended { file, at, bytes } => {
                let mirrored = self.0.entry(file).or_default();
                assert_eq!(mirrored.len() as u64, at);
                mirrored.extend(bytes);
            }
        }
    }

    fn length(&self, file: &str) -> u64 {
        self.0.get(file).map_or(0, |bytes| bytes.len() as u64)
    }

    async fn follow(&self, connection: &Connection, folder: &str) -> Result<Follower> {
        let lengths = ["events.jsonl", "log.txt"].map(|file| (file, self.length(file)));
        connection.follow(folder, &lengths).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_followed_through_random_cuts_equal_those_there() {
    let Some(place) = Place::new() else { return };
    let connection = place.connection();
    let folder = run_folder(&connection, "a").await;
    let there = place.there(&folder);
    let (mut chance, mut mirror) = (Chance(21), Mirror::default());
    let enough = Arc::new(AtomicBool::new(false));
    let writing = std::thread::spawn({
        let (there, enough) = (there.clone(), Arc::clone(&enough));
        move || write_until(&there, &enough)
    });
    let whole = |mirror: &Mirror| {
        ["events.jsonl", "log.txt"]
            .iter()
            .all(|file| fs::metadata(there.join(file)).map_or(0, |about| about.len()) == mirror.length(file))
    };
    let mut cuts = 0;
    'mirroring: loop {
        let Ok(mut follower) = mirror.follow(&connection, &folder).await else {
            connection.retry_now();
            continue;
        };
        let until = Instant::now() + Duration::from_millis(chance.below(500));
        loop {
            if cuts < 8 && Instant::now() > until {
                place.sshd.cut();
                cuts += 1;
                enough.store(cuts == 8, Ordering::Relaxed);
                // What is still on its way counts, too.
                while let Ok(followed) = follower.next().await {
                    mirror.take(followed);
                }
                break;
            }
            match tokio::time::timeout(Duration::from_millis(20), follower.next()).await {
                Err(_) if cuts == 8 && writing.is_finished() && whole(&mirror) => break 'mirroring,
                Err(_) => {}
                Ok(Ok(followed)) => mirror.take(followed),
                Ok(Err(error)) => panic!("{error:?}"),
            }
        }
    }
    writing.join().unwrap();
    for file in ["events.jsonl", "log.txt"] {
        assert!(mirror.0[file] == fs::read(there.join(file)).unwrap(), "{file}");
    }
}

/// Appends lines of random lengths, in parts, to both files.
fn write_until(folder: &Path, enough: &AtomicBool) {
    let mut chance = Chance(22);
    let mut step = 0;
    while !enough.load(Ordering::Relaxed) {
        let name = if chance.below(3) == 0 { "log.txt" } else { "events.jsonl" };
        let mut file = OpenOptions::new().create(true).append(true).open(folder.join(name)).unwrap();
        let line = format!("{step} {}\n", "x".repeat(chance.below(4000) as usize));
        for part in line.as_bytes().chunks(1 + chance.below(2000) as usize) {
            file.write_all(part).unwrap();
        }
        std::thread::sleep(Duration::from_millis(chance.below(8)));
        step += 1;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_begins_anew_is_said_to() {
    let Some(place) = Place::new() else { return };
    let connection = place.connection();
    let folder = run_folder(&connection, "a").await;
    let log = place.there(&folder).join("log.txt");
    fs::write(&log, "the first attempt\n").unwrap();
    let mut follower = connection.follow(&folder, &[("log.txt", 4)]).await.unwrap();
    let appended =
        |at, bytes: &str| Followed::Appended { file: "log.txt".to_owned(), at, bytes: bytes.into() };
    assert_eq!(follower.next().await.unwrap(), appended(4, "first attempt\n"));
    fs::write(&log, "new\n").unwrap();
    assert_eq!(follower.next().await.unwrap(), Followed::Anew { file: "log.txt".to_owned() });
    assert_eq!(follower.next().await.unwrap(), appended(0, "new\n"));
    // Another file of the same name, even a longer one.
    fs::write(log.with_extension("next"), "a longer one than before\n").unwrap();
    fs::rename(log.with_extension("next"), &log).unwrap();
    assert_eq!(follower.next().await.unwrap(), Followed::Anew { file: "log.txt".to_owned() });
    assert_eq!(follower.next().await.unwrap(), appended(0, "a longer one than before\n"));
    drop(follower);

    // Shorter than what is here: it began anew while nobody followed.
    let mut follower = connection.follow(&folder, &[("log.txt", 1000)]).await.unwrap();
    assert_eq!(follower.next().await.unwrap(), Followed::Anew { file: "log.txt".to_owned() });
}

#[tokio::test(flavor = "multi_thread")]
async fn new_bytes_arrive_soon_and_a_beat_comes_each_second() {
    let Some(place) = Place::new() else { return };
    let connection = place.connection();
    let folder = run_folder(&connection, "a").await;
    let path = place.there(&folder).join("events.jsonl");
    let mut follower = connection.follow(&folder, &[("events.jsonl", 0)]).await.unwrap();
    let mut times = Vec::new();
    for line in 0..20 {
        let start = Instant::now();
        let mut file = OpenOptions::new().create(true).append(true).open(&path).unwrap();
        writeln!(file, "{line}").unwrap();
        follower.next().await.unwrap();
        times.push(start.elapsed());
    }
    times.sort();
    assert!(times[10] < Duration::from_millis(500), "{times:?}");

    let beat = |state| match state {
        ConnectionState::Connected { beat, .. } => beat,
        other => panic!("{other:?}"),
    };
    let first = beat(connection.state());
    crate::place::until(|| async { beat(connection.state()) > first }).await;
}

/// A consumer that is slow holds up neither other requests nor other followers.
#[tokio::test(flavor = "multi_thread")]
async fn who_reads_slowly_holds_up_nobody() {
    let Some(place) = Place::new() else { return };
    let connection = place.connection();
    let slow = run_folder(&connection, "slow").await;
    let quick = run_folder(&connection, "quick").await;
    fs::write(place.there(&slow).join("log.txt"), vec![b'x'; 32 << 20]).unwrap();
    let mut unread = connection.follow(&slow, &[("log.txt", 0)]).await.unwrap();
    let mut follower = connection.follow(&quick, &[("log.txt", 0)]).await.unwrap();
    fs::write(place.there(&quick).join("log.txt"), "here").unwrap();
    assert!(matches!(follower.next().await.unwrap(), Followed::Appended { .. }));
    connection.look(&[&quick]).await.unwrap();
    let mut length = 0;
    while length < 32 << 20 {
        let Followed::Appended { at, bytes, .. } = unread.next().await.unwrap() else { panic!() };
        assert_eq!(at, length);
        length += bytes.len() as u64;
    }
    place.sshd.cut();
    assert_eq!(unread.next().await.unwrap_err().code, ErrorCode::Unreachable);
    assert_eq!(follower.next().await.unwrap_err().code, ErrorCode::Unreachable);
}

/// The processor time of a process in seconds.
#[cfg(target_os = "linux")]
fn processor_time(pid: &str) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[11..=12].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_lines_a_second_cost_little_there() {
    let Some(place) = Place::new() else { return };
    let connection = place.connection();
    let folder = run_folder(&connection, "a").await;
    let parent = ["sh", "-c", "echo $PPID"];
    let pid = connection.run(&parent, None, compute::Environment::Own).await.unwrap().stdout;
    let path = place.there(&folder).join("events.jsonl");
    let writing = std::thread::spawn(move || {
        let start = Instant::now();
        let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
        for batch in 1..=300_u32 {
            let lines =
                format!("{{\"event\": \"step\", \"loss\": {batch}, \"at\": \"2026-01-01\"}}\n").repeat(100);
            file.write_all(lines.as_bytes()).unwrap();
            std::thread::sleep((Duration::from_millis(10) * batch).saturating_sub(start.elapsed()));
        }
        file.metadata().unwrap().len()
    });
    let mut follower = connection.follow(&folder, &[("events.jsonl", 0)]).await.unwrap();
    let (before, start) = (processor_time(pid.trim()), Instant::now());
    let mut received = 0;
    while !writing.is_finished()
        || received < fs::metadata(place.there(&folder).join("events.jsonl")).unwrap().len()
    {
        if let Ok(Ok(Followed::Appended { bytes, .. })) =
            tokio::time::timeout(Duration::from_millis(100), follower.next()).await
        {
            received += bytes.len() as u64;
        }
    }
    let share = (processor_time(pid.trim()) - before) / start.elapsed().as_secs_f64();
    assert_eq!(writing.join().unwrap(), received);
    eprintln!("{:.1} % of a processor", share * 100.0);
    assert!(share < 0.05, "{share}");
}
