//! What a parcel holds, by its content.

use std::path::PathBuf;

use platform::{Work, blocking};
use schema::Result;
use sha2::{Digest as _, Sha256};

use crate::{
    content::{Hashes, files_below, hex},
    parcel::{Content, Parcel},
};

/// A file by its content.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Where it lies here.
    pub from: PathBuf,
    /// The SHA-256 of its content, in hexadecimal digits.
    pub sha256: String,
    /// Its bytes.
    pub size: u64,
    /// Its path there.
    pub to: String,
}

/// A folder by its content.
#[derive(Debug, Clone)]
pub struct PackedFolder {
    /// Its path there, which has the hash of its listing.
    pub name: String,
    /// Its files, each with its path in the folder.
    pub pieces: Vec<Piece>,
}

/// A parcel by its content.
#[derive(Debug, Default)]
pub struct Packed {
    /// Contents that lie below `data` there, with the paths at which runs read them. Nothing may change them.
    pub files: Vec<(Piece, String)>,
    /// Files that runs there go on to write.
    pub own: Vec<Piece>,
    /// Folders.
    pub folders: Vec<PackedFolder>,
    /// Small files, with their paths there.
    pub bytes: Vec<(Vec<u8>, String)>,
}

impl Packed {
    /// Hashes what a parcel holds. `hashes` is the file in which hashes are remembered, if there is one.
    ///
    /// # Errors
    /// Something can't be read, or the work was stopped.
    pub async fn of(parcel: &Parcel, hashes: Option<PathBuf>, work: &Work) -> Result<Self> {
        let (parcel, work) = (parcel.clone(), work.clone());
        blocking("hashing what is sent", move || packed(parcel, hashes, &work)).await
    }

    /// The bytes of all of it.
    pub fn total(&self) -> u64 {
        let files = self.files.iter().map(|(piece, _)| piece).chain(&self.own);
        let all = files.chain(self.folders.iter().flat_map(|folder| &folder.pieces));
        all.map(|piece| piece.size).sum::<u64>() + self.small()
    }

    /// The bytes of the small files.
    pub fn small(&self) -> u64 {
        self.bytes.iter().map(|(bytes, _)| bytes.len() as u64).sum()
    }
}

fn packed(parcel: Parcel, hashes: Option<PathBuf>, work: &Work) -> Result<Packed> {
    let mut hashes = Hashes::remembered(hashes);
    let mut packed = Packed::default();
    for (content, to) in parcel.files {
        match content {
            Content::Bytes(bytes) => packed.bytes.push((bytes, to)),
            Content::File(from) => {
                let (sha256, size) = hashes.of(&from, work)?;
                let name = format!("data/{sha256}");
                packed.files.push((Piece { from, sha256, size, to: name }, to));
            }
        }
    }
    for (from, to) in parcel.own {
        let (sha256, size) = hashes.of(&from, work)?;
        packed.own.push(Piece { from, sha256, size, to });
    }
    for (from, below) in parcel.folders {
        let mut pieces = Vec::new();
        let mut listing = Sha256::new();
        for (name, from) in files_below(&from)? {
            let (sha256, size) = hashes.of(&from, work)?;
            listing.update(format!("{sha256}  {size}  {name}\n"));
            pieces.push(Piece { from, sha256, size, to: name });
        }
        let name = format!("{below}/{}", hex(&listing.finalize()));
        packed.folders.push(PackedFolder { name, pieces });
    }
    hashes.remember();
    Ok(packed)
}
