//! Reads an archive from its first byte to its last, and compares it with its manifest.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read, Write},
    path::Path,
};

use platform::Work;
use schema::{Error, ErrorCode, Result};

use super::fault::Fault;
use crate::{
    manifest::{ArchivedFile, LARGEST, MANIFEST, Manifest},
    progress::{ArchiveProgress, ArchiveStep, Bytes},
    seal::Sealed,
};

/// The bytes that a frame of zstd begins with (RFC 8878, section 3.1.1).
const ZSTD: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
/// The most bytes of the name of an entry.
const LONGEST_NAME: u64 = 16 << 10;
/// The most zeros after the last entry. Tar fills up its last record, of 10 KiB by habit.
const PADDING: u64 = 1 << 20;
/// The bytes that are read at a time.
const BLOCK: usize = 1 << 18;

type Unpacked = zstd::Decoder<'static, BufReader<Sealed>>;

/// The manifest alone.
pub(super) fn manifest(path: &Path) -> Result<Manifest> {
    let read = || {
        let mut archive = tar::Archive::new(open(path)?);
        first(&mut archive.entries()?.raw(true))
    };
    read().map_err(|fault: Fault| refusal(path, fault))
}

/// Reads a whole archive. `place` gets the manifest, then for each file the index of its folder, which the
/// rows do not have, and returns where its bytes go, if anywhere.
///
/// # Errors
/// Something in the archive differs from the manifest or the format, in which case what was written so far is
/// not to be used; the work was stopped; or a file could not be written.
pub(super) fn whole(
    path: &Path,
    step: ArchiveStep,
    work: &Work<ArchiveProgress>,
    mut begin: impl FnMut(&Manifest) -> Result<()>,
    mut place: impl FnMut(Option<usize>, &ArchivedFile) -> Result<Option<File>>,
) -> Result<Manifest> {
    let mut read = || {
        let mut archive = tar::Archive::new(open(path)?);
        let mut entries = archive.entries()?.raw(true);
        let manifest = first(&mut entries)?;
        begin(&manifest)?;
        let mut counted = Bytes::new(work, step, manifest.bytes());
        for (folder, wanted) in manifest.files() {
            let Some((name, entry)) = next(&mut entries)? else {
                return Err(Fault::Odd(format!("'{}' is missing in it", wanted.path)));
            };
            if name != wanted.path {
                return Err(Fault::Odd(format!("it has '{name}' in place of '{}'", wanted.path)));
            }
            if entry.size() != wanted.bytes {
                return Err(Fault::Odd(format!("'{name}' has another size than its manifest says")));
            }
            copy(entry, wanted, place(folder, wanted)?, &mut counted)?;
        }
        if let Some((name, _)) = next(&mut entries)? {
            return Err(Fault::Odd(format!("it has '{name}', which its manifest does not list")));
        }
        end(archive.into_inner())?;
        Ok(manifest)
    };
    read().map_err(|fault| refusal(path, fault))
}

/// The refusal of an archive. Whatever seems to be wrong with it follows from the bytes that have changed, if
/// some have.
fn refusal(path: &Path, fault: Fault) -> Error {
    let changed = || -> io::Result<bool> {
        let sealed = Sealed::open(File::open(path)?)?;
        sealed.map_or(Ok(false), |mut sealed| Ok(!sealed.holds()?))
    };
    match fault {
        Fault::Other(error) => error,
        _ if changed().unwrap_or(false) => Fault::Changed.refusal(path),
        fault => fault.refusal(path),
    }
}

fn open(path: &Path) -> Result<Unpacked, Fault> {
    let failed = |error| Fault::Other(Error::file("read", path, &error));
    let mut file = File::open(path).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(Error::new(ErrorCode::File, format!("{} is not a file.", path.display()))
            .hint("Choose an archive: a file that ends in .fts.tar.zst.")
            .into());
    }
    let mut start = Vec::new();
    Read::by_ref(&mut file).take(ZSTD.len() as u64).read_to_end(&mut start).map_err(failed)?;
    if start.is_empty() || !ZSTD.starts_with(&start) {
        return Err(Fault::Foreign);
    }
    let sealed = Sealed::open(file).map_err(failed)?.ok_or(Fault::CutOff)?;
    Ok(zstd::Decoder::with_buffer(BufReader::with_capacity(BLOCK, sealed))?.single_frame())
}

fn first<R: Read>(entries: &mut tar::Entries<'_, R>) -> Result<Manifest, Fault> {
    let Some((name, entry)) = next(entries)? else {
        return Err(Fault::Odd("it is empty".to_owned()));
    };
    if name != MANIFEST {
        return Err(Fault::Foreign);
    }
    if entry.size() > LARGEST {
        return Err(Fault::Odd("its manifest is too large".to_owned()));
    }
    let size = entry.size();
    let mut text = Vec::new();
    entry.take(LARGEST).read_to_end(&mut text)?;
    if text.len() as u64 != size {
        return Err(Fault::CutOff);
    }
    Ok(Manifest::parse(&text)?)
}

/// The next file with its name. Long names are read here, because the library would read them whole, of
/// whatever size they are.
fn next<'a, R: Read>(
    entries: &mut tar::Entries<'a, R>,
) -> Result<Option<(String, tar::Entry<'a, R>)>, Fault> {
    let mut long = None;
    for entry in entries.by_ref() {
        let entry = entry?;
        let kind = entry.header().entry_type();
        if kind.is_gnu_longname() && long.is_none() {
            if entry.size() > LONGEST_NAME {
                return Err(Fault::Odd("a name in it is too long".to_owned()));
            }
            let mut name = Vec::new();
            entry.take(LONGEST_NAME).read_to_end(&mut name)?;
            name.truncate(name.iter().position(|byte| *byte == 0).unwrap_or(name.len()));
            long = Some(name);
            continue;
        }
        let name = long.take().unwrap_or_else(|| entry.path_bytes().into_owned());
        let name = String::from_utf8(name).map_err(|name| {
            Fault::Odd(format!("'{}' is not UTF-8", String::from_utf8_lossy(name.as_bytes())))
        })?;
        if !kind.is_file() {
            return Err(Fault::Odd(format!("'{name}' in it is not a file")));
        }
        return Ok(Some((name, entry)));
    }
    match long {
        None => Ok(None),
        Some(_) => Err(Fault::Odd("its last name has no file".to_owned())),
    }
}

/// Copies a file, and compares it with the manifest.
fn copy(
    mut entry: impl Read,
    wanted: &ArchivedFile,
    mut to: Option<File>,
    counted: &mut Bytes<'_>,
) -> Result<(), Fault> {
    let write = |error: io::Error| Fault::Other(Error::file("unpack", Path::new(&wanted.path), &error));
    let (mut hasher, mut buffer, mut left) = (blake3::Hasher::new(), vec![0; BLOCK], wanted.bytes);
    loop {
        let read = entry.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        left -= read as u64;
        hasher.update(&buffer[..read]);
        if let Some(to) = &mut to {
            to.write_all(&buffer[..read]).map_err(write)?;
        }
        counted.add(read)?;
    }
    if left > 0 {
        return Err(Fault::CutOff);
    }
    if hasher.finalize().to_string() != wanted.blake3 {
        return Err(Fault::Odd(format!("'{}' has another hash than its manifest says", wanted.path)));
    }
    // Rows refer to it once the import is committed, which survives a loss of power.
    to.map_or(Ok(()), |file| file.sync_all()).map_err(write)
}

/// Reads what is after the last entry: zeros, and then the end that was sealed.
fn end(mut rest: Unpacked) -> Result<(), Fault> {
    let mut padding = Vec::new();
    Read::by_ref(&mut rest).take(PADDING + 1).read_to_end(&mut padding)?;
    if padding.len() as u64 > PADDING || padding.iter().any(|byte| *byte != 0) {
        return Err(Fault::Odd("it goes on after its end".to_owned()));
    }
    let mut compressed = rest.finish();
    let more = compressed.fill_buf()?.len();
    let mut sealed = compressed.into_inner();
    if !sealed.holds()? {
        return Err(Fault::Changed);
    }
    match more {
        0 => Ok(()),
        _ => Err(Fault::Odd("it goes on after its end".to_owned())),
    }
}
