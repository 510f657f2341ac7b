//! Archives that are broken, and those that somebody made to do harm.

use std::{fs, io::Read as _, path::Path};

use archive::OpenArchive;
use platform::Work;
use schema::{Error, ErrorCode};
use serde_json::{Value, json};
use tar::{EntryType, Header};

use crate::world::World;

/// The refusal of an archive, of which nothing is left.
async fn refusal(world: &World, bytes: &[u8]) -> Error {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, bytes).unwrap();
    let before = world.on_disk();
    let read = OpenArchive::read(&world.store, file.path(), &world.path("put"), &Work::unwatched()).await;
    let error = match read {
        Err(error) => error,
        Ok(mut archive) => archive
            .import(&world.store, &snapshot::ImportPolicy::default(), &Work::unwatched())
            .await
            .unwrap_err(),
    };
    assert!(error.message.contains(&*file.path().to_string_lossy()), "{error}");
    assert_eq!((world.rows().await, world.on_disk()), (0, before), "{error}");
    error
}

async fn good() -> Vec<u8> {
    let old = World::filled().await;
    old.export("a.fts.tar.zst").await.unwrap();
    fs::read(old.path("a.fts.tar.zst")).unwrap()
}

#[tokio::test]
async fn each_changed_byte_is_found() {
    let (good, world) = (good().await, World::new().await);
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 1 << (at % 8);
        let error = refusal(&world, &bytes).await;
        assert_eq!(error.code, ErrorCode::Damaged, "byte {at}: {error}");
    }
}

#[tokio::test]
async fn each_truncation_is_found() {
    let (good, world) = (good().await, World::new().await);
    for length in 0..good.len() {
        let error = refusal(&world, &good[..length]).await;
        let code = if length == 0 { ErrorCode::Invalid } else { ErrorCode::Damaged };
        assert_eq!(error.code, code, "{length} bytes: {error}");
    }
    assert_eq!(refusal(&world, &[&good[..], b"more"].concat()).await.code, ErrorCode::Damaged);
}

/// An entry of a tar.
#[derive(Clone)]
struct Entry {
    kind: EntryType,
    name: String,
    bytes: Vec<u8>,
    link: Option<String>,
}

fn unpacked(archive: &[u8]) -> Vec<Entry> {
    let tar = zstd::Decoder::new(archive).unwrap();
    let mut archive = tar::Archive::new(tar);
    let entry = |entry: std::io::Result<tar::Entry<'_, _>>| {
        let mut entry = entry.unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        let name = entry.path().unwrap().display().to_string();
        Entry { kind: EntryType::Regular, name, bytes, link: None }
    };
    archive.entries().unwrap().map(entry).collect()
}

/// A tar of these entries with the seal of a good archive.
fn packed(entries: &[Entry]) -> Vec<u8> {
    let mut tar = tar::Builder::new(zstd::Encoder::new(Vec::new(), 1).unwrap());
    for Entry { kind, name, bytes, link } in entries {
        let mut header = Header::new_gnu();
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        // The library refuses to write some of these names.
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        if let Some(link) = link {
            header.set_link_name(link).unwrap();
        }
        header.set_cksum();
        tar.append(&header, &**bytes).unwrap();
    }
    sealed(tar.into_inner().unwrap().finish().unwrap())
}

fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let hash = blake3::hash(&bytes);
    bytes.extend([0x50, 0x2A, 0x4D, 0x18, 32, 0, 0, 0]);
    bytes.extend(hash.as_bytes());
    bytes
}

/// A good archive with another manifest. Names in it are changed in the tar as well.
fn with_manifest(good: &[Entry], change: impl Fn(&mut Value)) -> Vec<Entry> {
    let mut entries = good.to_vec();
    let mut manifest: Value = serde_json::from_slice(&entries[0].bytes).unwrap();
    change(&mut manifest);
    entries[0].bytes = manifest.to_string().into_bytes();
    let folders = manifest["folders"].as_array().cloned().unwrap_or_default();
    let files = folders.iter().flat_map(|folder| folder["files"].as_array().cloned().unwrap_or_default());
    for (entry, file) in entries[2..].iter_mut().zip(files) {
        if let Some(path) = file["path"].as_str().filter(|path| path.len() <= 100) {
            entry.name = path.to_owned();
        }
    }
    entries
}

#[tokio::test]
async fn a_good_archive_that_is_packed_again_is_taken() {
    let world = World::new().await;
    fs::write(world.path("again"), packed(&unpacked(&good().await))).unwrap();
    world.import(&world.path("again"), &Work::unwatched()).await.unwrap();
    assert_eq!(world.rows().await, 3);
}

#[tokio::test]
async fn paths_that_lead_elsewhere_are_refused() {
    let (good, world) = (unpacked(&good().await), World::new().await);
    let outside = world.path("outside");
    let rename = |path: &str| {
        let path = path.to_owned();
        packed(&with_manifest(&good, move |manifest| {
            manifest["folders"][0]["files"][0]["path"] = json!(path);
            manifest["folders"][0]["references"][0]["path"] = json!(path);
        }))
    };
    let name = serde_json::from_slice::<Value>(&good[0].bytes).unwrap()["folders"][0]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    for path in [
        "/etc/passwd",
        "../outside",
        "files/../../outside",
        &format!("files/{name}/../../../outside"),
        &format!("files/{name}/./x"),
        &format!("files/{name}//x"),
        &format!("files/{name}/a\\b"),
        &format!("files/{name}/a\u{7}b"),
        &format!("files/{name}"),
        &format!("files/{name}/"),
        "files/other/x",
        "rows.json",
        "",
    ] {
        assert_eq!(refusal(&world, &rename(path)).await.code, ErrorCode::Invalid, "{path}");
        assert!(!outside.exists());
    }
    for name in ["..", ".", "", "a/b", "/", "a\\b"] {
        let entries = with_manifest(&good, |manifest| {
            manifest["folders"][0]["name"] = json!(name);
            manifest["folders"][0]["files"][0]["path"] = json!(format!("files/{name}/x"));
            manifest["folders"][0]["references"][0]["path"] = json!(format!("files/{name}/x"));
        });
        assert_eq!(refusal(&world, &packed(&entries)).await.code, ErrorCode::Invalid, "{name}");
    }
}

#[tokio::test]
async fn entries_that_are_no_files_are_refused() {
    let (good, world) = (unpacked(&good().await), World::new().await);
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Char,
        EntryType::Block,
        EntryType::Fifo,
        EntryType::Directory,
        EntryType::GNUSparse,
        EntryType::XHeader,
        EntryType::XGlobalHeader,
        EntryType::GNULongLink,
    ] {
        for at in 0..=good.len() {
            let mut entries = good.clone();
            let name = good.get(at).map_or("files/more".to_owned(), |entry| entry.name.clone());
            let entry = Entry { kind, name, bytes: Vec::new(), link: Some("/etc/passwd".to_owned()) };
            entries.insert(at, entry.clone());
            assert_eq!(refusal(&world, &packed(&entries)).await.code, ErrorCode::Invalid, "{kind:?} at {at}");
            if at < good.len() {
                entries.remove(at + 1);
                refusal(&world, &packed(&entries)).await;
            }
        }
    }
}

#[tokio::test]
async fn entries_that_the_manifest_does_not_have_are_refused() {
    let (good, world) = (unpacked(&good().await), World::new().await);
    let mut changed: Vec<Vec<Entry>> = Vec::new();
    for at in 1..good.len() {
        let [mut twice, mut without, mut swapped] = [good.clone(), good.clone(), good.clone()];
        twice.insert(at, good[at].clone());
        without.remove(at);
        swapped.swap(at, if at + 1 < good.len() { at + 1 } else { 1 });
        changed.extend([twice, without, swapped]);
    }
    let more = Entry { name: "more".to_owned(), bytes: vec![0; 100], ..good[1].clone() };
    changed.push([&good[..], std::slice::from_ref(&more)].concat());
    changed.push([&[more], &good[..]].concat());
    for entries in changed {
        assert_eq!(refusal(&world, &packed(&entries)).await.code, ErrorCode::Invalid);
    }
}

#[tokio::test]
async fn contents_that_differ_from_the_manifest_are_refused() {
    let (good, world) = (unpacked(&good().await), World::new().await);
    for at in 1..good.len() {
        let [mut other, mut longer] = [good.clone(), good.clone()];
        other[at].bytes[0] ^= 1;
        longer[at].bytes.push(0);
        for entries in [other, longer] {
            assert_eq!(refusal(&world, &packed(&entries)).await.code, ErrorCode::Invalid);
        }
    }
    type Change = fn(&mut Value);
    let changes: [(Change, ErrorCode); 15] = [
        (|m| m["version"] = json!(2), ErrorCode::Newer),
        (|m| m["format"] = json!("zip"), ErrorCode::Invalid),
        (|m| m["folders"][0]["references"][0]["column"] = json!("name"), ErrorCode::Invalid),
        (|m| m["folders"][0]["references"][0]["column"] = json!("gone"), ErrorCode::Invalid),
        (|m| m["folders"][0]["references"][0]["table"] = json!("songs"), ErrorCode::Invalid),
        (|m| m["folders"][1] = m["folders"][0].clone(), ErrorCode::Invalid),
        (|m| m["folders"][0]["files"][0]["bytes"] = json!(u64::MAX), ErrorCode::Invalid),
        (|m| m["folders"][0]["files"][0]["bytes"] = json!(-1), ErrorCode::Invalid),
        (|m| m["folders"][0]["files"][0]["bytes"] = json!(1u64 << 60), ErrorCode::Invalid),
        (|m| m["folders"][0]["files"][0]["blake3"] = json!(""), ErrorCode::Invalid),
        (|m| m["rows"]["path"] = json!("other.json"), ErrorCode::Invalid),
        // More than any disk has, refused before it is written.
        (|m| m["rows"]["bytes"] = json!(1u64 << 60), ErrorCode::File),
        (
            |m| {
                let file = m["folders"][0]["files"][0]["path"].as_str().unwrap_or_default().to_owned();
                m["folders"][0]["references"][0]["path"] = json!(format!("{file}/x"));
            },
            ErrorCode::Invalid,
        ),
        (|m| *m = json!([]), ErrorCode::Invalid),
        (|m| m["folders"] = json!(null), ErrorCode::Invalid),
    ];
    for (at, (change, code)) in changes.into_iter().enumerate() {
        let error = refusal(&world, &packed(&with_manifest(&good, change))).await;
        assert_eq!(error.code, code, "{at}: {error}");
    }
}

/// A gigabyte of zeros takes a few kilobytes in an archive.
#[tokio::test]
async fn more_than_the_manifest_says_is_never_unpacked() {
    let (good, world) = (unpacked(&good().await), World::new().await);
    let bomb = vec![0; 64 << 20];
    let mut after = zstd::decode_all(&*packed(&good)).unwrap();
    after.extend(&bomb);
    let after = sealed(zstd::encode_all(&*after, 1).unwrap());
    assert!(refusal(&world, &after).await.message.contains("goes on after its end"));

    let mut entries = good.clone();
    entries[2].bytes.clone_from(&bomb);
    assert!(refusal(&world, &packed(&entries)).await.message.contains("another size"));
    entries[0].bytes.extend(&bomb);
    assert!(refusal(&world, &packed(&entries)).await.message.contains("too large"));
    entries = good.clone();
    entries.insert(0, Entry { kind: EntryType::GNULongName, bytes: bomb, ..good[0].clone() });
    assert!(refusal(&world, &packed(&entries)).await.message.contains("too long"));
}

#[tokio::test]
async fn a_file_that_is_no_archive_is_named() {
    let world = World::new().await;
    for bytes in [&b"Dear reader"[..], b"{\"models\": []}", b"PK\x03\x04", &sealed(b"no zstd".to_vec())] {
        assert!(refusal(&world, bytes).await.message.ends_with("is not an archive of this program."));
    }
    let other = sealed(zstd::encode_all(&b"text"[..], 1).unwrap());
    refusal(&world, &other).await;
    let missing = archive::list(Path::new("/no/such/file")).await.unwrap_err();
    assert_eq!(missing.code, ErrorCode::NotFound);
}
