//! Killed at any moment of its work, the program leaves exactly the old or exactly the new state.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Instant;

use stories::{Chance, Fts, sqlite};

use crate::world::{ROWS, assert_sound, assert_whole, copy_of, everything, first_edition, rows, start};

/// Kills `arguments` at random moments of the time they take undisturbed, each time in a world
/// that `prepare` makes anew, and looks at what is left: whether the work was done by then. Goes
/// on with later kills until one came after the end, so that both ends are seen.
fn kill_at_random(
    seed: u64,
    times: u32,
    prepare: impl Fn() -> (Fts, Vec<String>),
    look: impl Fn(&Fts) -> bool,
) {
    let took = {
        let (fts, arguments) = prepare();
        let began = Instant::now();
        let status = start(&fts, &as_strs(&arguments)).wait().expect("fts ends");
        let took = began.elapsed();
        assert!(status.success(), "undisturbed, {arguments:?} fails");
        assert!(look(&fts), "undisturbed, {arguments:?} does nothing");
        took
    };
    let mut chance = Chance::new(seed);
    let (mut turn, mut done) = (0, 0);
    while turn < times || done == 0 {
        assert!(turn < 3 * times, "killed after three times its time, and still not done");
        let (fts, arguments) = prepare();
        // Spread evenly over the whole run, each moment a random one of its stretch.
        let moment = (f64::from(turn) + chance.fraction()) / f64::from(times);
        let mut child = start(&fts, &as_strs(&arguments));
        // The moment of the kill is a time and nothing else, so time has to pass.
        sleep(took.mul_f64(moment));
        child.kill().expect("a child can be killed");
        child.wait().expect("a killed child ends");
        done += u32::from(look(&fts));
        turn += 1;
    }
    println!("{turn} kills within {took:?}: {} before the change, {done} after it", turn - done);
    assert!(done < turn, "none of the kills came before the end");
}

fn as_strs(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

/// Whether the studio is the new one; it must be the old one or the new one.
fn is_new(fts: &Fts, old: &[u8], new: &[u8], expected: &[&str]) -> bool {
    let now = everything(fts);
    assert!(now == old || now == new, "neither the old nor the new state");
    assert_sound(fts, expected);
    now == new
}

#[test]
fn an_import_happens_or_does_not() {
    let first = first_edition();
    let old = everything(&first);
    let source = first.file("second.json", rows("second", ROWS + ROWS / 2).to_string());
    let arguments = ["import", &source, "--on-conflict", "replace"];
    let finished = copy_of(&first);
    finished.json(&arguments);
    let new = everything(&finished);
    assert!(old != new);
    kill_at_random(
        1,
        35,
        || (copy_of(&first), arguments.map(str::to_owned).to_vec()),
        |fts| is_new(fts, &old, &new, &[]),
    );
}

#[test]
fn a_restore_happens_or_does_not() {
    let first = first_edition();
    let old = everything(&first);
    first.json(&["backup"]);
    first.json(&[
        "import",
        &first.file("second.json", rows("second", ROWS).to_string()),
        "--on-conflict",
        "replace",
    ]);
    let new = everything(&first);
    let made = first.json(&["backups"])["backups"].clone();
    let manual = made.as_array().expect("a list").iter().find(|backup| backup["reason"] == "manual");
    let manual = manual.expect("the backup made by hand").clone();
    let (id, path) = (manual["id"].as_str().expect("an id"), manual["path"].as_str().expect("a path"));
    let prepare = || {
        let fts = copy_of(&first);
        fs::create_dir(fts.path("backups")).expect("a folder");
        let name = Path::new(path).file_name().expect("a name").to_str().expect("plain text");
        fs::copy(path, fts.path("backups/") + name).expect("a backup can be copied");
        (fts, vec!["restore".to_owned(), id.to_owned()])
    };
    kill_at_random(2, 25, prepare, |fts| is_new(fts, &new, &old, &[]));
}

#[test]
fn an_export_writes_the_whole_file_or_none() {
    let first = first_edition();
    let all = everything(&first);
    let precious = b"what was here before".as_slice();
    let prepare = |format: &'static str| {
        let first = &first;
        move || {
            let fts = copy_of(first);
            let target = fts.file("target", precious);
            (fts, ["export", &target, "--format", format].map(str::to_owned).to_vec())
        }
    };
    kill_at_random(3, 25, prepare("json"), |fts| {
        let found = fs::read(fts.path("target")).expect("the file is there");
        assert!(found == precious || found == all, "{} bytes of half a file", found.len());
        assert!(everything(fts) == all, "an export changed the studio");
        assert_sound(fts, &["target"]);
        found == all
    });
    kill_at_random(4, 15, prepare("sqlite"), |fts| {
        let target = fts.path("target");
        let untouched = fs::read(&target).expect("the file is there") == precious;
        if !untouched {
            assert_whole(Path::new(&target));
            let rows = sqlite::texts(Path::new(&target), "SELECT CAST(count(*) AS TEXT) FROM prompts");
            assert_eq!(rows, [Some(ROWS.to_string())]);
        }
        assert_sound(fts, &["target"]);
        !untouched
    });
}

/// The rows of the reference's database as they stand in the file, and whether it is ours by now.
fn raw(database: &Path) -> (Vec<Option<String>>, bool) {
    // What was left half done in a journal is undone by whoever may write.
    sqlite::execute(database, "SELECT count(*) FROM sqlite_schema");
    let ours =
        sqlite::texts(database, "SELECT name FROM sqlite_schema WHERE name LIKE 'studio%' ORDER BY name");
    let rows = "SELECT id || name || coalesce(prompt_id, 'null') FROM adapters UNION ALL SELECT id || input_template FROM prompts";
    (sqlite::texts(database, rows), !ours.is_empty())
}

#[test]
fn an_update_of_an_older_database_happens_or_does_not() {
    let reference = Fts::new();
    sqlite::execute(reference.db(), include_str!("../command_line/reference.sql"));
    sqlite::execute(
        reference.db(),
        "DELETE FROM adapters;
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
         INSERT INTO adapters (id, type, name, prompt_id, fine_tuning_job_id) SELECT 'adapter ' || i, 'project', 'name ' || i, '', '' FROM n;
         INSERT INTO prompts (id, name, input_template) SELECT id, name, hex(zeroblob(200)) FROM adapters;
         UPDATE adapters SET type = NULL;",
    );
    let (old, _) = raw(reference.db());
    let finished = copy_of(&reference);
    finished.json(&["list", "models"]);
    let (new, _) = raw(finished.db());
    let all = everything(&finished);
    assert!(old != new);
    kill_at_random(
        5,
        25,
        || (copy_of(&reference), ["list", "models"].map(str::to_owned).to_vec()),
        |fts| {
            let (found, ours) = raw(fts.db());
            assert_eq!(found == new, ours, "half an update");
            assert!(found == old || found == new, "neither the old nor the new rows");
            assert!(everything(fts) == all, "the next start does not finish it");
            assert_sound(fts, &[]);
            ours
        },
    );
}
