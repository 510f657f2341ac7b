//! What is found on the disk.

use super::{Place, Places};

#[test]
fn places_are_what_the_disk_says() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    std::fs::write(&file, "").unwrap();
    let mut places = Places::default();
    for _ in 0..2 {
        assert_eq!(places.at(folder.path()), Place::Folder);
        assert_eq!(places.at(&file), Place::File);
        assert_eq!(places.at(&file.join("b")), Place::Nothing);
        assert_eq!(places.at(&folder.path().join("no/such/file")), Place::Nothing);
    }
}
