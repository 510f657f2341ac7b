//! What would fill the memory, or be waited for.

use std::{
    fmt::Write as _,
    io::{BufWriter, Write as _},
    path::Path,
};

use studio::{ErrorCode, platform::Work};

use super::{lived_in, refused, refused_text};
use crate::snapshots::plan;

#[tokio::test]
async fn a_text_without_end_is_not_kept_in_memory() {
    let world = lived_in().await;
    for start in ["{\"models\": [{\"id\": \"a\", \"name\": \"", "{\""] {
        let source = world.path("long.json");
        let mut file = BufWriter::new(std::fs::File::create(&source).unwrap());
        file.write_all(start.as_bytes()).unwrap();
        // An escaped quote does not end a text.
        let block = "\\\"\\\\ some text ".repeat(1 << 13);
        for _ in 0..(65 << 20) / block.len() + 1 {
            file.write_all(block.as_bytes()).unwrap();
        }
        file.write_all(b"\"}]}").unwrap();
        drop(file);
        let error = refused(&world.studio, &source).await;
        assert!(error.message.contains("64 MiB"), "{error}");
    }
}

#[tokio::test]
async fn a_row_of_unknown_columns_without_end() {
    let mut text = "{\"models\": [{\"id\": \"a\"".to_owned();
    for at in 0..20_000 {
        write!(text, ", \"c{at}\": null").unwrap();
    }
    let error = refused_text(text + "}]}").await;
    assert!(error.message.contains("unknown columns"), "{error}");
}

#[tokio::test]
async fn faults_without_end_are_counted_but_not_all_kept() {
    let world = lived_in().await;
    let mut text = "{\"models\": [5".to_owned();
    for at in 0..5_000 {
        write!(text, ", {{\"id\": {at}, \"column{at}\": 1}}").unwrap();
    }
    text += "]";
    for at in 0..5_000 {
        write!(text, ", \"song{at}\": [], \"book{at}\": [1]").unwrap();
    }
    let source = world.file("source.json", text + "}");
    let planned = plan(&world.studio, &source).await.unwrap();
    assert_eq!(planned.problem_count, 1 + 2 * 5_000 + 5_000);
    assert_eq!((planned.problems.len(), planned.skipped.len()), (1_000, 1_000));
    let error = refused(&world.studio, &source).await;
    assert!(error.message.len() < 1_000 && error.message.contains("15000 more"), "{error}");
}

#[tokio::test]
async fn what_is_no_file_is_not_waited_for() {
    let world = lived_in().await;
    assert_eq!(refused(&world.studio, &world.path("nowhere.json")).await.code, ErrorCode::NotFound);
    assert_eq!(refused(&world.studio, world.folder.path()).await.code, ErrorCode::File);
    refused(&world.studio, &world.file("empty.json", "")).await;
    refused(&world.studio, &world.file("blank.json", " \n\t ")).await;
    #[cfg(unix)]
    {
        let pipe = world.path("pipe.json");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(refused(&world.studio, &pipe).await.code, ErrorCode::File);
        assert_eq!(refused(&world.studio, Path::new("/dev/zero")).await.code, ErrorCode::File);
        let looped = world.path("loop.json");
        std::os::unix::fs::symlink(&looped, &looped).unwrap();
        let error = world.studio.snapshots().read(&looped, &Work::unwatched()).await.unwrap_err();
        assert!(error.message.contains("loop.json"), "{error}");
    }
}
