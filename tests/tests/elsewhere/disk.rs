//! A disk there that fills up while a run works.

use std::{fs, io::Write as _, os::unix::fs::symlink};

use serde_json::json;
use stories::Disk;

use crate::place::Place;

#[test]
fn a_disk_there_that_fills_up_is_the_reason_and_the_run_goes_on_once_there_is_room() {
    let Some(disk) = Disk::new(8 << 20) else { return };
    let Some(place) = Place::new() else { return };
    symlink(disk.path(""), place.world.fts.path("there")).expect("a link to the disk");
    let until = place.world.fts.path("go-on");
    let id = place.train("tickets-1", &json!({"steps": 20, "holds_at": 12, "until": until}));
    let mut watching = place.watch(&id);
    place.until_step(&id, 12);
    let filler = disk.path("filler");
    let mut file = fs::File::create(&filler).expect("a file");
    while file.write_all(&[0; 4096]).is_ok() {}
    drop(file);
    // The worker can write neither its events nor its log.
    place.world.fts.file("go-on", "");
    watching.wait().expect("it ends");
    let run = place.until_over(&id);
    assert_eq!(run["state"], "lost", "{run}");
    assert!(run["note"].as_str().expect("a note").contains("no room on its disk"), "{run}");
    assert!(
        run["hint"].as_str().expect("a hint").contains("Retry goes on from the last checkpoint"),
        "{run}"
    );

    // Nothing can be sent for another attempt before there is room.
    let full = place.world.fts.run(&["retry", &id, "--wait"]);
    assert_ne!(full.code, 0, "{full:?}");
    let run = place.until_over(&id);
    assert!(run["note"].as_str().expect("a note").contains("box has no room"), "{run}");
    fs::remove_file(filler).expect("a file that is removed");
    let again = place.world.fts.json(&["retry", &id, "--wait"]);
    assert_eq!(again["state"], "succeeded", "{again}");
    place.assert_one_adapter(&id);
}
