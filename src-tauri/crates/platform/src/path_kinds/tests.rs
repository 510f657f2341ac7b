//! What is found on the disk.

use super::{PathKind, PathKinds};

#[test]
fn places_are_what_the_disk_says() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    std::fs::write(&file, "").unwrap();
    let mut places = PathKinds::default();
    for _ in 0..2 {
        assert_eq!(places.at(folder.path()), PathKind::Folder);
        assert_eq!(places.at(&file), PathKind::File);
        assert_eq!(places.at(&file.join("b")), PathKind::Nothing);
        assert_eq!(places.at(&folder.path().join("no/such/file")), PathKind::Nothing);
    }
}
