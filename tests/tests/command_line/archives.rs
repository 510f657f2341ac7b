//! Archives: rows with their files, from one machine to another.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};
use stories::{Fts, samples};

use crate::world::World;

/// All files below a folder with their bytes, by their paths in it.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.push((name, fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn an_adapter_moves_with_its_files_and_all_that_it_came_from() {
    let World { fts: old, dataset, adapter, .. } = World::new();
    let file = old.path("first.fts.tar.zst");
    let chosen = ["archive", "export", &file, "--table", "adapters", "--id", &adapter];
    let plan = old.json(&[&chosen[..], &["--dry-run"]].concat());
    assert!(!Path::new(&file).exists(), "a dry run writes nothing");
    let exported = old.json(&chosen);
    assert_eq!((&exported["tables"], &exported["files"]), (&plan["tables"], &plan["files"]), "{exported}");
    assert_eq!(exported["content_bytes"], plan["bytes"]);

    let new = Fts::new();
    let put = new.path("elsewhere");
    let import = ["archive", "import", &file, "--to", &put];
    let planned = new.json(&[&import[..], &["--dry-run"]].concat());
    assert_eq!(planned["folders"][0]["placement"], "new", "{planned}");
    assert!(!Path::new(&put).exists());
    assert_eq!(new.count("adapters"), 0);

    let report = new.json(&import);
    assert_eq!(report["rows"]["tables"]["adapters"]["added"], 1, "{report}");
    let location = |fts: &Fts, table: &str, id: &str| {
        let row = fts.get(table, id);
        row["location"].as_str().unwrap().to_owned()
    };
    let (before, after) = (location(&old, "adapters", &adapter), location(&new, "adapters", &adapter));
    assert!(after.starts_with(&put), "{after}");
    assert!(files(before.as_ref()) == files(after.as_ref()) && !files(after.as_ref()).is_empty());
    let moved = location(&new, "datasets", &dataset);
    assert!(fs::read(&moved).unwrap() == fs::read(location(&old, "datasets", &dataset)).unwrap());
    assert_eq!(new.json(&["dataset", "preview", &dataset])["rows"].as_array().map(Vec::len), Some(10));

    // A second import finds all of it there.
    let again = new.json(&import);
    assert_eq!(again["placed"], json!([]), "{again}");
    let tables = again["rows"]["tables"].as_object().unwrap();
    assert!(tables.values().all(|table| table["added"] == 0 && table["conflicting"] == 0), "{again}");
}

#[test]
fn other_tools_unpack_an_archive() {
    let World { fts, .. } = World::new();
    let file = fts.path("all.fts.tar.zst");
    fts.json(&["archive", "export", &file]);
    let out = fts.path("out");
    fs::create_dir(&out).unwrap();
    let unpacked = Command::new("tar").args(["--zstd", "-xf", &file, "-C", &out]).output().unwrap();
    assert!(unpacked.status.success(), "{}", String::from_utf8_lossy(&unpacked.stderr));
    let manifest: Value = serde_json::from_slice(&fs::read(format!("{out}/manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest, fts.json(&["archive", "list", &file]));
    let [folder] = [&manifest["folders"][0]];
    let archived = fs::read(format!("{out}/{}", folder["files"][0]["path"].as_str().unwrap())).unwrap();
    assert_eq!(archived, samples::tickets_csv(30).into_bytes());
    // The rows are a snapshot, and do not have the paths of this machine.
    let rows = fs::read_to_string(format!("{out}/rows.json")).unwrap();
    assert!(!rows.contains(&fts.path("tickets.csv")) && rows.contains("files/dataset-Tickets-"), "{rows}");
    Fts::new().json(&["snapshot", "import", &format!("{out}/rows.json"), "--dry-run"]);
}

#[test]
fn models_go_only_if_asked_for_and_what_is_missing_is_named() {
    let fts = Fts::new();
    let folder = fts.path("base");
    samples::model(folder.as_ref());
    let fields = json!({"type": "project", "name": "Base", "location": folder});
    let model = fts.create("models", &fields);
    let file = fts.path("a.fts.tar.zst");
    let plan = |more: &[&str]| fts.json(&[&["archive", "export", &file, "--dry-run"], more].concat());
    let without = plan(&[]);
    assert_eq!((&without["files"], &without["left_out"][0]["id"]), (&json!(0), &json!(model)), "{without}");
    let with = plan(&["--models"]);
    assert!(with["files"].as_u64() > Some(0) && with["left_out"] == json!([]), "{with}");
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(plan(&["--models"])["left_out"][0]["reason"], "It does not exist.");
    let said = fts.run(&["archive", "export", &file]);
    assert!(said.code == 0 && said.err.contains("Left out of model 'Base'"), "{said:?}");
}

#[test]
fn conflicts_stop_unless_a_policy_is_given_and_leave_no_files() {
    let World { fts: old, dataset, .. } = World::new();
    let file = old.path("all.fts.tar.zst");
    old.json(&["archive", "export", &file]);
    old.json(&["update", "datasets", &dataset, "--data", &json!({"name": "Other"}).to_string()]);
    fs::write(old.path("tickets.csv"), "instruction,intent\na,b\n").unwrap();
    let put = old.path("put");
    let import = ["archive", "import", &file, "--to", &put];
    assert_eq!(old.refused(&import).code, "conflict");
    assert!(!Path::new(&put).exists());
    let kept = old.json(&[&import[..], &["--on-conflict", "keep"]].concat());
    assert_eq!(kept["placed"], json!([]), "{kept}");
    let replaced = old.json(&[&import[..], &["--on-conflict", "replace"]].concat());
    assert_eq!(replaced["placed"].as_array().map(Vec::len), Some(1), "{replaced}");
    let row = old.get("datasets", &dataset);
    assert_eq!(row["name"], "Tickets");
    assert_eq!(fs::read(row["location"].as_str().unwrap()).unwrap(), samples::tickets_csv(30).into_bytes());
    assert_eq!(fs::read_to_string(old.path("tickets.csv")).unwrap(), "instruction,intent\na,b\n");
}

#[test]
fn what_is_no_archive_is_refused_by_name() {
    let World { fts, .. } = World::new();
    let file = fts.path("all.fts.tar.zst");
    fts.json(&["archive", "export", &file]);
    let bytes = fs::read(&file).unwrap();
    let cut = fts.file("cut.fts.tar.zst", &bytes[..bytes.len() / 2]);
    for (file, code) in [
        (fts.file("letter.txt", "Dear reader"), "invalid"),
        (fts.file("empty", ""), "invalid"),
        (fts.path("nowhere"), "not_found"),
        (fts.path("."), "file"),
        (cut, "damaged"),
    ] {
        for command in [&["archive", "import", &file][..], &["archive", "list", &file]] {
            let refusal = fts.refused(command);
            assert_eq!(refusal.code, code, "{}", refusal.message);
            assert!(refusal.message.contains(file.trim_end_matches("/.")), "{}", refusal.message);
            assert!(refusal.hint.is_some(), "a way out");
        }
    }
    assert_eq!(fts.count("datasets"), 1);
}
