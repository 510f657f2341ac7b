//! Files that are followed.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::Write as _,
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
    let writing = std::thread::spawn({
        let there = there.clone();
        move || {
            let mut chance = Chance(22);
            for step in 0..600 {
                let name = if chance.below(3) == 0 { "log.txt" } else { "events.jsonl" };
                let mut file = OpenOptions::new().create(true).append(true).open(there.join(name)).unwrap();
                let line = format!("{step} {}\n", "x".repeat(chance.below(4000) as usize));
                // Lines are cut anywhere.
                for part in line.as_bytes().chunks(1 + chance.below(2000) as usize) {
                    file.write_all(part).unwrap();
                }
                std::thread::sleep(Duration::from_millis(chance.below(8)));
            }
        }
    });
    let mut cuts = 0;
    let whole = |mirror: &Mirror| {
        ["events.jsonl", "log.txt"]
            .iter()
            .all(|file| fs::metadata(there.join(file)).map_or(0, |about| about.len()) == mirror.length(file))
    };
    while cuts < 5 || !writing.is_finished() || !whole(&mirror) {
        let Ok(mut follower) = mirror.follow(&connection, &folder).await else {
            connection.retry_now();
            continue;
        };
        let until = Instant::now() + Duration::from_millis(chance.below(500));
        loop {
            if Instant::now() > until && !(cuts >= 5 && writing.is_finished()) {
                place.sshd.cut();
                cuts += 1;
                // What is still on its way counts, too.
                while let Ok(followed) = follower.next().await {
                    mirror.take(followed);
                }
                break;
            }
            match tokio::time::timeout(Duration::from_millis(20), follower.next()).await {
                Err(_) if writing.is_finished() && whole(&mirror) => break,
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
