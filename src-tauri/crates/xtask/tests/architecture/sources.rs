//! The source files of the workspace's crates, parsed, without their tests.

use std::{
    fs,
    path::{Path, PathBuf},
};

use syn::{Attribute, File, Item};

/// `src-tauri/crates`.
pub(crate) fn crates_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// A parsed source file.
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    pub(crate) file: File,
}

/// Every source file of a crate, in the order of their paths. Modules for tests are left out.
pub(crate) fn sources(name: &str) -> Vec<Source> {
    let mut paths = Vec::new();
    rust_files(&crates_folder().join(name).join("src"), &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "the crate {name} has no sources");
    paths
        .into_iter()
        .filter(|path| path.file_stem().is_some_and(|stem| stem != "tests"))
        .map(|path| {
            let mut file = syn::parse_file(&fs::read_to_string(&path).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            file.items.retain(|item| !is_for_tests(attributes(item)));
            Source { path, file }
        })
        .collect()
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Mod(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        _ => &[],
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|condition| condition.is_ident("test"))
    })
}
