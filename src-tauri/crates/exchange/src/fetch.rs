//! The database of a studio that runs there, as a file here.

use std::{
    fs,
    io::{BufReader, Read as _},
    path::{Path, PathBuf},
    time::Duration,
};

use platform::{Progress, UNFINISHED_PREFIX, UNFINISHED_SUFFIX, Work, blocking};
use schema::{Error, ErrorCode, Result};
use tempfile::TempDir;
use workbench::{Fault, Workbench};

/// Where a studio there has its database, from its folder.
const DATABASE: &str = ".app/state.db";
/// The folders of a project in which a studio there is: the project's own, or one of this name where the project has
/// other programs, too.
const FOLDERS: [&str; 2] = ["", "fine-tuning-studio"];
/// What SQLite keeps beside a database that is in use: a log, or a journal.
const BESIDE: [&str; 2] = ["-wal", "-journal"];
/// How often a database that is being written is fetched, until it is the same twice.
const FETCHES: usize = 6;
/// The wait between two fetches that differ.
const BETWEEN: Duration = Duration::from_millis(500);

/// A studio there, whose database or export is a file here as long as this value is there.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// The file here.
    pub(crate) file: PathBuf,
    /// The file's path in the project.
    pub(crate) there: String,
    /// Whether it is a database; else it is a JSON export.
    pub(crate) is_database: bool,
    _folder: TempDir,
}

impl Fetched {
    /// What lists and refusals call it.
    pub(crate) fn name(&self, workbench: &Workbench) -> String {
        let settings = workbench.settings();
        format!("{} in the project {} of {}", self.there, settings.project.trim(), settings.address)
    }

    /// The folder in which the studio there is, from the project's folder.
    pub(crate) fn studio(&self) -> &str {
        let folder = self.there.strip_suffix(DATABASE).map(|folder| folder.trim_end_matches('/'));
        folder.or_else(|| Some(self.there.rsplit_once('/')?.0)).unwrap_or_default()
    }
}

/// Fetches the studio at `place`: its folder in the project, or the path of a database or a JSON export; `None` looks
/// where a studio usually is.
///
/// A database is fetched with its log or journal, until two fetches are equal; then it is checked. Nothing is changed
/// there.
///
/// # Errors
/// There is none, it is damaged, or it is being written all the time.
pub(crate) async fn fetch(
    workbench: &Workbench,
    place: Option<&str>,
    scratch: &Path,
    work: &Work,
) -> Result<Fetched> {
    let there = find(workbench, place).await?;
    let folder = tempfile::Builder::new()
        .prefix(UNFINISHED_PREFIX)
        .suffix(UNFINISHED_SUFFIX)
        .tempdir_in(scratch)
        .map_err(|error| Error::file("write", scratch, &error))?;
    let name = there.rsplit('/').next().unwrap_or(&there).to_owned();
    let mut earlier: Option<PathBuf> = None;
    let mut bytes = 0;
    for number in 0..FETCHES {
        let into = folder.path().join(number.to_string());
        let copied = copy(workbench, &there, &into, &mut bytes, work).await?;
        let file = into.join(&name);
        if copied && !is_database(&file)? {
            return Ok(Fetched { file, there, is_database: false, _folder: folder });
        }
        if let Some(earlier) = earlier.replace(into.clone()).filter(|_| copied) {
            let same = blocking("comparing two copies of a database", {
                let into = into.clone();
                move || equal_folders(&earlier, &into)
            });
            if same.await? {
                store::settle_copy(&file).await.map_err(|error| Error {
                    message: format!("The database {there} there can't be used: {}", error.message),
                    ..error
                })?;
                return Ok(Fetched { file, there, is_database: true, _folder: folder });
            }
        }
        if !copied {
            earlier = None;
        }
        tokio::time::sleep(BETWEEN).await;
    }
    let message = format!("The database {there} there is being changed all the time.");
    Err(Error::new(ErrorCode::Locked, message).hint("Try again when nothing is started in the studio there."))
}

/// The path of the database or the export in the project.
async fn find(workbench: &Workbench, place: Option<&str>) -> Result<String> {
    let place = place.map(|place| place.trim().trim_matches('/')).filter(|place| !matches!(*place, "" | "."));
    let folders = match place {
        Some(place) => match workbench.file(place).await? {
            Some(file) if !file.is_dir => return Ok(place.to_owned()),
            Some(_) => vec![place],
            None => {
                let message = format!("The project has no file or folder '{place}'.");
                return Err(Error::new(ErrorCode::NotFound, message)
                    .hint("Write its path from the project's folder, /home/cdsw."));
            }
        },
        None => FOLDERS.to_vec(),
    };
    let mut looked = Vec::new();
    for folder in folders {
        let path = if folder.is_empty() { DATABASE.to_owned() } else { format!("{folder}/{DATABASE}") };
        if workbench.file(&path).await?.is_some_and(|file| !file.is_dir) {
            return Ok(path);
        }
        looked.push(path);
    }
    let message =
        format!("The project has no database of a studio: there is no {}.", looked.join(" and no "));
    Err(Error::new(ErrorCode::NotFound, message)
        .hint("Name the studio's folder in the project, or the path of its database or of a JSON export."))
}

/// Copies a file there, with what SQLite keeps beside it, into a new folder. Returns false if one of them went away
/// meanwhile.
async fn copy(workbench: &Workbench, there: &str, into: &Path, bytes: &mut u64, work: &Work) -> Result<bool> {
    fs::create_dir_all(into).map_err(|error| Error::file("create", into, &error))?;
    let (folder, name) = there.rsplit_once('/').unwrap_or(("", there));
    let beside = BESIDE.map(|end| format!("{name}{end}"));
    let listed = workbench.files(folder).await?.unwrap_or_default();
    let wanted = listed.into_iter().filter(|file| !file.is_dir);
    let wanted: Vec<_> = wanted.filter(|file| file.name == name || beside.contains(&file.name)).collect();
    if !wanted.iter().any(|file| file.name == name) {
        return Ok(false);
    }
    for file in wanted {
        work.tick(Progress { done: *bytes, total: None, rows: 0 })?;
        let path = if folder.is_empty() { file.name.clone() } else { format!("{folder}/{}", file.name) };
        match workbench.download(&path, &into.join(&file.name)).await {
            Ok(()) => *bytes += file.bytes.unsigned_abs(),
            Err(failure) if failure.fault == Fault::NotFound => return Ok(false),
            Err(failure) => return Err(failure.into()),
        }
    }
    Ok(true)
}

fn is_database(file: &Path) -> Result<bool> {
    let mut start = Vec::new();
    let opened = fs::File::open(file).and_then(|opened| opened.take(16).read_to_end(&mut start));
    opened.map_err(|error| Error::file("read", file, &error))?;
    Ok(start == b"SQLite format 3\0")
}

/// Whether two folders have files of the same names and contents.
fn equal_folders(one: &Path, other: &Path) -> Result<bool> {
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).map_err(|error| Error::file("read", folder, &error))?;
        let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
        names.sort();
        Ok::<_, Error>(names)
    };
    let here = names(one)?;
    if here != names(other)? {
        return Ok(false);
    }
    for name in here {
        if !equal_files(&one.join(&name), &other.join(&name))? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn equal_files(one: &Path, other: &Path) -> Result<bool> {
    let open = |path: &Path| {
        fs::File::open(path).map(BufReader::new).map_err(|error| Error::file("read", path, &error))
    };
    let (mut first, mut second) = (open(one)?, open(other)?);
    let (mut here, mut there) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let read = first.read(&mut here).map_err(|error| Error::file("read", one, &error))?;
        if read == 0 {
            let more = second.read(&mut there).map_err(|error| Error::file("read", other, &error))?;
            return Ok(more == 0);
        }
        // A file that is shorter ends here.
        if second.read_exact(&mut there[..read]).is_err() || here[..read] != there[..read] {
            return Ok(false);
        }
    }
}
