//! Lists the files of the worker's package, which the program carries inside.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    fs::write(Path::new(&env::var("OUT_DIR")?).join("worker.rs"), worker()?)?;
    Ok(())
}

/// A Rust slice of the worker's files: path in the package's folder, content.
fn worker() -> Result<String, Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../worker");
    let package = folder.join("fine_tuning_worker");
    println!("cargo::rerun-if-changed={}", package.display());
    let mut files = Vec::new();
    package_files(&package, &mut files)?;
    files.sort();
    let entries = files.iter().map(|path| -> Result<String, Box<dyn Error>> {
        let name = path.strip_prefix(&folder)?;
        Ok(format!("({:?}, include_bytes!({path:?}) as &[u8]),\n", name.to_str().ok_or("a name in UTF-8")?))
    });
    Ok(format!("&[\n{}]", entries.collect::<Result<String, _>>()?))
}

fn package_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            package_files(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "py" || ending == "json") {
            files.push(path);
        }
    }
    Ok(())
}
