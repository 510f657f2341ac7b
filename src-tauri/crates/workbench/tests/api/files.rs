//! Files there and back.

use std::fs;

use fake_workbench::Fault;
use workbench::Fault as Why;

use crate::world::{World, passing_faults};

/// A path with signs that an address or a form might change.
const PATH: &str = "runs/a b/ü+%&='1'; #?.json";

#[tokio::test]
async fn a_file_is_replaced_whatever_the_workbench_does_with_one_that_is_there() {
    let world = World::new();
    for (beside, verb) in [(true, "POST"), (false, "POST"), (true, "PUT")] {
        world.there.behave(|behavior| {
            behavior.uploads_beside = beside;
            behavior.upload_verb = verb;
        });
        for content in ["one", "a second one", ""] {
            let file = world.file("here", content.as_bytes());
            world.workbench.upload(&file, PATH).await.unwrap();
            assert_eq!(fs::read_to_string(world.place().join(PATH)).unwrap(), content);
            let names: Vec<String> = world
                .workbench
                .files("runs/a b/")
                .await
                .unwrap()
                .unwrap()
                .into_iter()
                .map(|file| file.name)
                .collect();
            assert_eq!(names, ["ü+%&='1'; #?.json"]);
            let back = world.folder.path().join("back");
            world.workbench.download(PATH, &back).await.unwrap();
            assert_eq!(fs::read_to_string(&back).unwrap(), content);
        }
    }
}

#[tokio::test]
async fn an_upload_arrives_once_though_answers_are_lost() {
    let world = World::new();
    let content = vec![7; 3 << 20];
    let file = world.file("here", &content);
    for fault in passing_faults() {
        for operation in ["upload_file", "list_project_files", "delete_project_file"] {
            world.there.fail(operation, [fault.clone()]);
        }
        world
            .workbench
            .upload(&file, "data/rows.bin")
            .await
            .unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
        let there = world.workbench.files("data").await.unwrap().unwrap();
        assert_eq!(there.len(), 1, "{fault:?}: {there:?}");
        assert_eq!(fs::read(world.place().join("data/rows.bin")).unwrap(), content, "{fault:?}");
    }
}

#[tokio::test]
async fn a_download_is_whole_or_not_there() {
    let world = World::new();
    fs::write(world.place().join("adapter.bin"), vec![9; 1 << 20]).unwrap();
    let here = world.folder.path().join("adapter.bin");
    for fault in [Fault::Half, Fault::DoneWithoutAnswer, Fault::Status(502, None)] {
        world.there.fail("download_project_file", [fault]);
        world.workbench.download("adapter.bin", &here).await.unwrap();
        assert_eq!(fs::read(&here).unwrap().len(), 1 << 20);
    }
    fs::write(&here, "old").unwrap();
    // The login page instead of the file, each time.
    world.there.fail("download_project_file", std::iter::repeat_n(Fault::Page(200), 20));
    world.workbench.download("adapter.bin", &here).await.unwrap_err();
    assert_eq!(fs::read_to_string(&here).unwrap(), "old");
    assert_eq!(fs::read_dir(world.folder.path()).unwrap().count(), 1, "something unfinished was left");
    let missing = world.workbench.download("no/such.bin", &here).await.unwrap_err();
    assert_eq!(missing.fault, Why::NotFound);
    assert!(missing.error.message.contains("no/such.bin"), "{}", missing.error.message);
}

#[tokio::test]
async fn what_is_deleted_or_renamed_twice_is_so_once() {
    let world = World::new();
    fs::create_dir(world.place().join("old")).unwrap();
    fs::write(world.place().join("old/a"), "").unwrap();
    world.there.fail("update_project_file_metadata", [Fault::DoneWithoutAnswer]);
    world.workbench.rename_file("old/a", "old/b").await.unwrap();
    assert!(world.workbench.file("old/b").await.unwrap().is_some());
    world.there.fail("delete_project_file", [Fault::DoneBut(504)]);
    world.workbench.delete_file("old").await.unwrap();
    world.workbench.delete_file("old").await.unwrap();
    assert_eq!(world.workbench.files("old").await.unwrap(), None);
    assert_eq!(world.workbench.files("").await.unwrap(), Some(Vec::new()));
    world.workbench.delete_file("../..").await.unwrap_err();
}

#[tokio::test]
async fn a_folder_is_never_replaced_by_a_file() {
    let world = World::new();
    fs::create_dir_all(world.place().join("data/rows")).unwrap();
    let file = world.file("here", b"x");
    let failure = world.workbench.upload(&file, "data/rows").await.unwrap_err();
    assert_eq!(failure.fault, Why::Conflict);
    assert!(world.place().join("data/rows").is_dir());
    // A form ends a name at a quotation mark.
    let failure = world.workbench.upload(&file, "data/\"rows\"").await.unwrap_err();
    assert!(failure.error.message.contains("quotation mark"), "{failure:?}");
    assert_eq!(world.there.count("upload_file"), 0);
}
