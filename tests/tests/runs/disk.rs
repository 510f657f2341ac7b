//! A disk that is full while a run goes.

use std::fs;

use serde_json::json;
use stories::{Disk, Fts};

use crate::world::World;

#[test]
fn rows_that_do_not_fit_on_the_disk_are_said_and_can_be_tried_again() {
    let Some(disk) = Disk::new(12 << 20) else { return };
    let fts = Fts::new();
    let world = World::on(fts.with_db(disk.path("state.db")));
    // A little is left for what the database has to say.
    let full = |left: u64| {
        let ballast = disk.path("ballast");
        let mut size = 12 << 20;
        while fs::write(&ballast, vec![0; size]).is_err() {
            size -= 4 << 10;
        }
        let keep = fs::metadata(&ballast).expect("the ballast").len().saturating_sub(left);
        fs::File::options()
            .write(true)
            .open(&ballast)
            .expect("the ballast")
            .set_len(keep)
            .expect("less of it");
    };
    let many = world.fts.file("many.csv", stories::samples::tickets_csv(20_000));
    let dataset = world.fts.import(&many, "Many");
    let prompt = world.fts.create(
        "prompts",
        &json!({"name": "Many", "dataset_id": dataset, "input_template": "{instruction}", "completion_template": "{intent}"}),
    );
    let world = World { dataset, prompt, ..world };
    // There is room when it is asked for, and none when its turn comes.
    world.fts.json(&["queue", "--pause"]);
    let id = world.train("tickets-1", &json!({}));
    full(1200 << 10);
    let refusal =
        world.fts.refused(&["train", "--data", &world.training("tickets-2", &json!({})).to_string()]);
    assert_eq!(refusal.columns, ["out_dir"]);
    world.fts.json(&["queue", "--resume"]);
    let run = world.until_over(&id);
    assert_eq!(run["state"], "failed", "{run}");
    assert!(run["note"].as_str().expect("a note").contains("full"), "{run}");
    assert!(run["hint"].is_string(), "{run}");

    // Nothing of the attempt is left on it.
    let left = fs::read_dir(disk.path(&format!("runs/{id}"))).expect("the folder").flatten();
    let names: Vec<String> = left.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(names.iter().all(|name| ["job.json", "lock"].contains(&name.as_str())), "{names:?}");
    fs::remove_file(disk.path("ballast")).expect("the ballast");
    assert_eq!(world.fts.json(&["retry", &id, "--wait"])["state"], "succeeded");
}
