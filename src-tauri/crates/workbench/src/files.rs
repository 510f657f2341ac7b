//! The files of the project.

use std::{collections::BTreeSet, io::Write, path::Path, time::Duration};

use platform::AtomicFile;
use reqwest::{Body, Method};
use schema::{Error, ErrorCode};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_util::io::ReaderStream;

use crate::{
    client::{Call, Workbench},
    failure::{About, Failure, Fault, Result, bad_answer, no_answer},
    shapes,
};

/// The path of the project's folder itself. A single dot would be taken out of an address.
const ROOT: &str = "/";

/// A file or folder of the project.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct FileThere {
    /// Its name, without the folder that was listed.
    #[serde(rename = "path", deserialize_with = "shapes::text")]
    pub name: String,
    /// Whether it is a folder.
    pub is_dir: bool,
    /// Its bytes; 0 of a folder.
    #[serde(rename = "file_size", deserialize_with = "shapes::whole")]
    pub bytes: i64,
}

/// What is sent.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    File(&'a Path),
    Bytes(&'a [u8]),
}

impl<'a> Source<'a> {
    /// These bytes, else that file.
    pub(crate) fn of(bytes: &'a Option<Vec<u8>>, file: &'a Path) -> Self {
        bytes.as_ref().map_or(Self::File(file), |bytes| Self::Bytes(bytes))
    }

    async fn bytes(self) -> Result<u64> {
        let file = match self {
            Self::Bytes(content) => return Ok(content.len() as u64),
            Self::File(file) => file,
        };
        let about = tokio::fs::metadata(file).await;
        let about = about.map_err(|error| Failure::here(Error::file("read", file, &error)))?;
        if about.is_dir() {
            let message = format!("{} is a folder.", file.display());
            return Err(Failure::here(Error::new(ErrorCode::File, message).hint("Choose a file.")));
        }
        Ok(about.len())
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Listing {
    #[serde(deserialize_with = "shapes::list")]
    files: Vec<FileThere>,
}

impl Workbench {
    /// What a folder of the project has, one level; `None` if there is no such folder. Nothing or `/` is the project's
    /// own folder.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn files(&self, folder: &str) -> Result<Option<Vec<FileThere>>> {
        let folder = folder.trim_matches('/');
        let about = self.about(format!("list the folder '{folder}'"), &format!("folder '{folder}'"));
        let path = if folder.is_empty() { ROOT } else { folder };
        match self.json::<Listing>(&Call::get(self.inside(&["files", path]), about)).await {
            Ok(listing) => Ok(Some(listing.files)),
            Err(failure) if failure.fault == Fault::NotFound => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// A file of the project; `None` if there is none of this path.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn file(&self, path: &str) -> Result<Option<FileThere>> {
        let (folder, name) = split(path)?;
        let there = self.files(folder).await?.unwrap_or_default();
        Ok(there.into_iter().find(|file| file.name == name))
    }

    /// Puts a file into the project in place of an earlier one, with the folders above it.
    ///
    /// A workbench keeps a file that is there and puts another one beside it, without saying so: the earlier one is
    /// deleted first, and the folder is listed afterwards. Until then, the path has no file.
    ///
    /// # Errors
    /// As every call: see [`Fault`]; [`Fault::Here`] if the file can't be read, or changes while it is sent.
    pub async fn upload(&self, from: &Path, to: &str) -> Result<()> {
        self.put(Source::File(from), to).await
    }

    /// Writes a small file of the project, as [`Self::upload`] does.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn write_file(&self, to: &str, content: &[u8]) -> Result<()> {
        self.put(Source::Bytes(content), to).await
    }

    /// Sends a file to a path where nothing lies, once. Whether it arrived is to be looked at.
    ///
    /// # Errors
    /// No further attempt would be better, or the file can't be read.
    pub(crate) async fn send_once(&self, from: Source<'_>, to: &str, bytes: u64) -> Result<()> {
        check_name(to)?;
        let about = self.about(format!("take the file '{to}'"), "place for files");
        let mut sent = self.transmit(Method::POST, from, to, bytes, &about).await;
        if sent.as_ref().is_err_and(|(failure, _)| failure.fault == Fault::NoOperation) {
            // Some workbenches take files by this verb.
            sent = self.transmit(Method::PUT, from, to, bytes, &about).await;
        }
        match sent {
            Err((failure, _)) if matches!(failure.fault, Fault::Here | Fault::Key | Fault::Rights) => {
                Err(failure)
            }
            _ => Ok(()),
        }
    }

    /// Puts a file into the project as [`Self::upload`] does.
    pub(crate) async fn put(&self, from: Source<'_>, to: &str) -> Result<()> {
        let (folder, name) = split(to)?;
        check_name(to)?;
        let about = self.about(format!("take the file '{to}'"), "place for files");
        let (mut waits, mut method) = (self.waits(), Method::POST);
        loop {
            let before: Vec<FileThere> = self.files(folder).await?.unwrap_or_default();
            if before.iter().any(|file| file.name == name && file.is_dir) {
                let message = format!("The project has a folder at '{to}', and a file is to be put there.");
                return Err(Failure::new(Fault::Conflict, message).hint("Rename or delete that folder."));
            }
            if before.iter().any(|file| file.name == name) {
                self.delete_file(to).await?;
            }
            let bytes = from.bytes().await?;
            let sent = self.transmit(method.clone(), from, to, bytes, &about).await;
            let failure = match sent {
                Ok(()) => None,
                Err((failure, _)) if failure.fault == Fault::NoOperation && method == Method::POST => {
                    // Some workbenches take files by this verb.
                    method = Method::PUT;
                    continue;
                }
                Err((failure, _)) if failure.fault == Fault::Here => return Err(failure),
                Err((failure, asked)) if !failure.may_be_done => {
                    self.wait(&mut waits, failure, asked).await?;
                    continue;
                }
                Err(unclear) => Some(unclear),
            };
            let after = self.files(folder).await?.unwrap_or_default();
            let strays = strays(name, &before, &after);
            for stray in &strays {
                self.delete_file(&joined(folder, stray)).await?;
            }
            let there = after.iter().find(|file| file.name == name);
            if strays.is_empty() && there.is_some_and(|file| u64::try_from(file.bytes) == Ok(bytes)) {
                return Ok(());
            }
            let (failure, asked) = failure.unwrap_or_else(|| {
                let why = match there {
                    Some(file) => format!("has {} of the {bytes} bytes of '{to}'", file.bytes),
                    None => format!("leaves out '{to}'"),
                };
                (bad_answer(&self.host(), &about, &why), Duration::ZERO)
            });
            self.wait(&mut waits, failure, asked).await?;
        }
    }

    async fn transmit(
        &self,
        method: Method,
        from: Source<'_>,
        to: &str,
        bytes: u64,
        about: &About,
    ) -> Result<(), (Failure, Duration)> {
        let body = match from {
            Source::Bytes(content) => Body::from(content.to_vec()),
            Source::File(path) => {
                let file = tokio::fs::File::open(path).await;
                let file =
                    file.map_err(|error| (Failure::here(Error::file("read", path, &error)), Duration::ZERO))?;
                Body::wrap_stream(ReaderStream::new(file))
            }
        };
        self.send_form(method, to, body, bytes, about).await
    }

    /// The content of a small file of the project; `None` if there is none of this path.
    ///
    /// # Errors
    /// As every call: see [`Fault`]; [`Fault::Refused`] if it has more than `most` bytes.
    pub async fn read_file(&self, from: &str, most: i64) -> Result<Option<Vec<u8>>> {
        let Some(file) = self.file(from).await?.filter(|file| !file.is_dir) else { return Ok(None) };
        if file.bytes > most {
            let message = format!("The file '{from}' there has {} bytes, more than {most}.", file.bytes);
            return Err(Failure::new(Fault::Refused, message));
        }
        let mut waits = self.waits();
        loop {
            let mut content = Vec::new();
            match self.fetch(from, &mut content, Path::new(from)).await {
                Ok(()) => return Ok(Some(content)),
                Err((failure, _)) if failure.fault == Fault::NotFound => return Ok(None),
                Err((failure, asked)) => self.wait(&mut waits, failure, asked).await?,
            }
        }
    }

    /// Fetches a file of the project. It appears here whole or not at all.
    ///
    /// # Errors
    /// As every call: see [`Fault`]; [`Fault::Here`] if it can't be written.
    pub async fn download(&self, from: &str, to: &Path) -> Result<()> {
        let mut waits = self.waits();
        loop {
            let mut file = AtomicFile::new(to).map_err(Failure::here)?;
            match self.fetch(from, &mut file, to).await {
                Ok(()) => {
                    let committed = platform::blocking("writing a file", move || file.commit()).await;
                    return committed.map(|_| ()).map_err(Failure::here);
                }
                Err((failure, asked)) => self.wait(&mut waits, failure, asked).await?,
            }
        }
    }

    async fn fetch(
        &self,
        from: &str,
        file: &mut (impl Write + Send),
        to: &Path,
    ) -> Result<(), (Failure, Duration)> {
        let without_wait = |failure: Failure| (failure, Duration::ZERO);
        let about = self.about(format!("send the file '{from}'"), &format!("file '{from}'"));
        // Without its size, a page for logging in would be taken for the file.
        let there = self.file(from).await.map_err(without_wait)?;
        let Some(there) = there.filter(|file| !file.is_dir) else {
            let message = format!("{} has no {}.", self.host(), about.thing);
            return Err(without_wait(
                Failure::new(Fault::NotFound, message).hint("It may have been deleted."),
            ));
        };
        self.receive(from, there.bytes, file, to, &about).await
    }

    /// Receives a file that was listed with so many bytes, once.
    pub(crate) async fn receive(
        &self,
        from: &str,
        bytes: i64,
        file: &mut (impl Write + Send),
        to: &Path,
        about: &About,
    ) -> Result<(), (Failure, Duration)> {
        let without_wait = |failure: Failure| (failure, Duration::ZERO);
        let call = Call::post(self.inside(&["files", from]), json!({}), about.clone()).verb("download");
        // Large files take longer than other answers; what may not happen is that nothing comes.
        let time = self.times.answer + Duration::from_secs(bytes.unsigned_abs() / (16 << 10));
        let mut response = self.response(&call, time).await?;
        let mut received = 0_u64;
        loop {
            let next = tokio::time::timeout(self.times.silence, response.chunk()).await;
            match next {
                Err(_) => {
                    let message = format!("{} stopped sending the file '{from}'.", self.host());
                    return Err(without_wait(Failure::new(Fault::NoAnswer, message)));
                }
                Ok(Err(error)) => return Err(without_wait(no_answer(&self.host(), about, &error))),
                Ok(Ok(None)) => break,
                Ok(Ok(Some(chunk))) => {
                    received += chunk.len() as u64;
                    let written = file.write_all(&chunk);
                    written.map_err(|error| without_wait(Failure::here(Error::file("write", to, &error))))?;
                }
            }
        }
        if u64::try_from(bytes) != Ok(received) {
            let why = format!("has {received} of the {bytes} bytes");
            return Err(without_wait(bad_answer(&self.host(), about, &why)));
        }
        Ok(())
    }

    /// Deletes a file of the project, or a folder with everything in it. Nothing happens if it is gone.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn delete_file(&self, path: &str) -> Result<()> {
        split(path)?;
        let about = self.about(format!("delete the file '{path}'"), &format!("file '{path}'"));
        let path = path.trim_matches('/');
        self.delete(Call::new(Method::DELETE, self.inside(&["files", path]), about)).await
    }

    /// Gives a file of the project another path.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn rename_file(&self, from: &str, to: &str) -> Result<()> {
        split(from).and(split(to))?;
        let about = self.about(format!("rename the file '{from}'"), &format!("file '{from}'"));
        let mut call = Call::new(Method::PATCH, self.inside(&["files", from]), about);
        call.body = json!({"path": to});
        match self.json::<Value>(&call).await {
            Ok(_) => Ok(()),
            // An earlier attempt may have done it.
            Err(failure) if failure.fault == Fault::NotFound && self.file(to).await?.is_some() => Ok(()),
            Err(failure) => Err(failure),
        }
    }
}

/// The folder and the name of a path within the project.
fn split(path: &str) -> Result<(&str, &str)> {
    let path = path.trim_matches('/');
    let plain =
        |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(char::is_control);
    if !path.split('/').all(plain) {
        let message = format!("'{}' is no path of a file in the project.", path.escape_debug());
        return Err(Failure::here(
            Error::new(ErrorCode::Invalid, message).hint("Write it from the project's folder, without '..'."),
        ));
    }
    Ok(path.rsplit_once('/').unwrap_or(("", path)))
}

/// Refuses a name that no form can have.
fn check_name(to: &str) -> Result<()> {
    if to.contains(['"', '\\']) {
        let message = format!("'{to}' can't be sent: its name has a quotation mark or a backslash.");
        return Err(Failure::here(Error::new(ErrorCode::Invalid, message).hint("Rename the file.")));
    }
    Ok(())
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// What a workbench put beside a file of this name: `name(1).ext`.
fn strays(name: &str, before: &[FileThere], after: &[FileThere]) -> Vec<String> {
    let known: BTreeSet<&str> = before.iter().map(|file| file.name.as_str()).collect();
    let (stem, ending) = name.rsplit_once('.').map_or((name, ""), |(stem, ending)| (stem, ending));
    let beside = |other: &str| {
        let number = other.strip_prefix(stem)?.strip_prefix('(')?;
        let (number, rest) = number.split_once(')')?;
        let fits =
            rest.strip_prefix('.').unwrap_or_default() == ending && rest.is_empty() == ending.is_empty();
        (fits && number.parse::<u32>().is_ok()).then_some(())
    };
    let new = after.iter().map(|file| file.name.as_str()).filter(|other| !known.contains(other));
    new.filter(|other| beside(other).is_some()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_put_beside_a_file_is_a_stray() {
        let files = |names: &[&str]| -> Vec<FileThere> {
            names.iter().map(|name| FileThere { name: (*name).to_owned(), ..FileThere::default() }).collect()
        };
        let before = files(&["a.txt", "a(1).txt"]);
        let after = files(&["a.txt", "a(1).txt", "a(2).txt", "a(x).txt", "ab(1).txt", "a(1).csv", "a(3)"]);
        assert_eq!(strays("a.txt", &before, &after), ["a(2).txt"]);
        assert_eq!(strays("a", &before, &after), ["a(3)"]);
    }

    #[test]
    fn a_path_stays_in_the_project() {
        assert_eq!(split("/a/b.txt").unwrap(), ("a", "b.txt"));
        assert_eq!(split("b.txt").unwrap(), ("", "b.txt"));
        for path in ["", "/", "../a", "a/../b", "a//b", "./a", "a\nb"] {
            assert_eq!(split(path).unwrap_err().fault, Fault::Here, "{path}");
        }
    }
}
