//! Work that is stopped, and files that change meanwhile.

use std::{
    fs,
    sync::atomic::{AtomicU64, Ordering},
};

use archive::{ArchiveProgress, ArchiveRequest, ArchiveStep};
use platform::Work;
use schema::ErrorCode;
use tokio_util::sync::CancellationToken;

use crate::world::World;

/// Work that is cancelled after so many reports.
fn stopping(after: u64) -> Work<ArchiveProgress> {
    let (stop, left) = (CancellationToken::new(), AtomicU64::new(after));
    if after == 0 {
        stop.cancel();
    }
    Work::with_progress(stop.clone(), move |_| {
        if left.fetch_sub(1, Ordering::Relaxed) == 1 {
            stop.cancel();
        }
    })
}

#[tokio::test]
async fn a_stopped_export_leaves_nothing() {
    let world = World::filled().await;
    let request = ArchiveRequest { rows: None, with_models: true };
    let before = world.on_disk();
    let mut stopped = 0;
    loop {
        let work = stopping(stopped);
        match archive::export(&world.store, &world.path("a.fts.tar.zst"), &request, &work).await {
            Ok(_) => break,
            Err(error) => assert_eq!(error.code, ErrorCode::Cancelled, "{error}"),
        }
        assert_eq!(world.on_disk(), before, "after {stopped} reports");
        stopped += 1;
    }
    assert!(stopped > 10, "{stopped}");
    world.read(&world.path("a.fts.tar.zst")).await.unwrap().discard().await;
}

#[tokio::test]
async fn a_stopped_import_leaves_no_files_and_no_rows() {
    let old = World::filled().await;
    old.export("a.fts.tar.zst").await.unwrap();
    let new = World::new().await;
    let before = new.on_disk();
    let mut stopped = 0;
    loop {
        match new.import(&old.path("a.fts.tar.zst"), &stopping(stopped)).await {
            Ok(report) => {
                assert_eq!(report.placed.len(), 3);
                break;
            }
            Err(error) => assert_eq!(error.code, ErrorCode::Cancelled, "{error}"),
        }
        assert_eq!((new.rows().await, new.on_disk()), (0, before.clone()), "after {stopped} reports");
        stopped += 1;
    }
    assert!(stopped > 10, "{stopped}");
    assert_eq!(new.rows().await, 3);
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_archived_is_noticed() {
    type Change = fn(&std::path::Path);
    let changes: [Change; 3] = [
        |file| fs::write(file, [8; 3000]).unwrap(),
        |file| fs::write(file, [7; 2999]).unwrap(),
        |file| fs::write(file, [7; 3001]).unwrap(),
    ];
    for step in [ArchiveStep::Hashing, ArchiveStep::Writing] {
        for change in changes {
            let world = World::filled().await;
            let (file, done) = (world.path("adapter/inner/weights.bin"), AtomicU64::new(0));
            let work = Work::with_progress(CancellationToken::new(), move |progress: ArchiveProgress| {
                if progress.step == step && done.fetch_add(1, Ordering::Relaxed) == 0 {
                    change(&file);
                }
            });
            let request = ArchiveRequest::default();
            let exported = archive::export(&world.store, &world.path("a.fts.tar.zst"), &request, &work).await;
            let same_size = fs::read(world.path("adapter/inner/weights.bin")).unwrap().len() == 3000;
            if step == ArchiveStep::Hashing && same_size {
                // It changed before it was read for the first time: what is archived is one state.
                exported.unwrap();
                continue;
            }
            let error = exported.unwrap_err();
            assert!(error.message.contains("weights.bin changed while it was read"), "{error}");
            assert!(!world.path("a.fts.tar.zst").exists());
        }
    }
}
