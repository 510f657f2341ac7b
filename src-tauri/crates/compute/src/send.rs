//! Sending: what a parcel holds by its content, and what of it lies there.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    sync::Arc,
};

use platform::{Progress, Work, blocking};
use schema::{Error, ErrorCode, Result};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::{
    channel::Channel,
    connection::{Connection, parsed},
    content::hex,
    packed::{Packed, PackedFolder, Piece},
    parcel::{Parcel, Sent},
    window::{Window, or_stopped},
};

/// Files up to this size are sent whole, in one request.
const SMALL: u64 = 1 << 20;

/// The bytes of one request of a larger file.
const BLOCK: usize = 1 << 18;

/// The requests that are under way at once: enough for a line of 100 MB/s and 40 ms, few enough that a request to stop
/// does not wait for long.
const UNDER_WAY: usize = 16;

#[derive(Deserialize)]
struct Sizes {
    sizes: Vec<Option<u64>>,
}

#[derive(Deserialize)]
struct Begun {
    at: u64,
}

#[derive(Deserialize)]
struct Finished {
    /// Whether it has the content by whose hash it was sent.
    as_promised: bool,
}

#[derive(Deserialize)]
struct Done {}

impl Connection {
    /// Sends what does not lie there yet. Each file appears whole or not at all. After an error with the code
    /// `Unreachable`, the same call goes on where it was cut. Progress is in bytes of the whole parcel; its total is
    /// known once all is hashed, and what lies there counts as done.
    pub async fn send(&self, parcel: &Parcel, work: &Work) -> Result<Sent> {
        or_stopped(work, self.sent(parcel, work)).await
    }

    async fn sent(&self, parcel: &Parcel, work: &Work) -> Result<Sent> {
        let mut packed = Packed::of(parcel, self.hashes(), work).await?;
        for folder in &mut packed.folders {
            for piece in &mut folder.pieces {
                piece.to = format!("{}/{}", unfinished(&folder.name), piece.to);
            }
        }
        self.prepare().await?;
        let mut missing = self.missing(&packed).await?;
        let _turn = if missing.is_empty() {
            None
        } else {
            let turn = self.turn_to_send().await;
            missing = self.missing(&packed).await?;
            Some(turn)
        };
        let total = packed.total();
        let mut done = total - packed.small() - missing.iter().map(|(piece, _)| piece.size).sum::<u64>();
        let mut sent = 0;
        let mut progress = |more: u64, sending: bool| {
            done += more;
            sent += if sending { more } else { 0 };
            work.tick(Progress { done: done.min(total), total: Some(total), rows: 0 })
        };
        progress(0, false)?;
        let channel = self.channel().await?;
        let mut window = Window::new(UNDER_WAY);
        for (piece, fixed) in &missing {
            if piece.size <= SMALL {
                put(&channel, piece, &mut window).await?;
                progress(piece.size, true)?;
            } else {
                send_large(&channel, piece, *fixed, &mut window, &mut progress).await?;
            }
        }
        window.drain().await?;
        for PackedFolder { name, .. } in &packed.folders {
            let place = json!({ "do": "place", "from": unfinished(name), "path": name });
            let _: Done = self.call(place).await?;
        }
        for (piece, to) in &packed.files {
            let _: Done = self.call(json!({ "do": "link", "from": piece.to, "path": to })).await?;
        }
        for (bytes, to) in &packed.bytes {
            self.write(to, bytes).await?;
            progress(bytes.len() as u64, true)?;
        }
        let folders = packed.folders.into_iter().map(|folder| folder.name).collect();
        Ok(Sent { bytes: sent, folders })
    }

    /// The pieces that do not lie there, each with whether it is linked into run folders, so that nothing may change it.
    async fn missing(&self, packed: &Packed) -> Result<Vec<(Piece, bool)>> {
        let contents: Vec<&Piece> = packed.files.iter().map(|(piece, _)| piece).collect();
        let whole = self.sizes(contents.iter().map(|piece| &piece.to)).await?;
        let mut missing: Vec<(Piece, bool)> = Vec::new();
        for (piece, size) in contents.into_iter().zip(whole) {
            if size.is_none() && !missing.iter().any(|(other, _)| other.to == piece.to) {
                missing.push((piece.clone(), true));
            }
        }
        // What an interrupted sending left of them is whole, but an earlier run may have left something else.
        let own = self.sizes(packed.own.iter().map(|piece| &piece.to)).await?;
        let differs = packed.own.iter().zip(own).filter(|(piece, size)| *size != Some(piece.size));
        missing.extend(differs.map(|(piece, _)| (piece.clone(), false)));
        let folders = self.sizes(packed.folders.iter().map(|folder| &folder.name)).await?;
        for (PackedFolder { pieces, .. }, _) in
            packed.folders.iter().zip(folders).filter(|(_, size)| size.is_none())
        {
            let sizes = self.sizes(pieces.iter().map(|piece| &piece.to)).await?;
            let lacking = pieces.iter().zip(sizes).filter(|(_, size)| size.is_none());
            missing.extend(lacking.map(|(piece, _)| (piece.clone(), false)));
        }
        Ok(missing)
    }

    /// The bytes of the file or of all files below the folder at each path there; none where there is nothing.
    pub(crate) async fn sizes(
        &self,
        paths: impl Iterator<Item = impl AsRef<str>>,
    ) -> Result<Vec<Option<u64>>> {
        let paths: Vec<_> = paths.collect();
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let sizes: Sizes = self
            .call(json!({ "do": "sizes", "paths": paths.iter().map(AsRef::as_ref).collect::<Vec<&str>>() }))
            .await?;
        Ok(sizes.sizes)
    }
}

/// Where a folder lies until it is complete.
fn unfinished(name: &str) -> String {
    format!("{name}.part")
}

async fn put(channel: &Channel, piece: &Piece, window: &mut Window) -> Result<()> {
    let from = piece.from.clone();
    let bytes = blocking("reading a file to send", move || {
        std::fs::read(&from).map_err(|error| Error::file("read", &from, &error))
    })
    .await?;
    if hex(&Sha256::digest(&bytes)) != piece.sha256 {
        return Err(changed(piece));
    }
    let head = json!({ "do": "put", "path": piece.to, "sha256": piece.sha256 });
    let answer = channel.ask(head, &bytes).await?;
    window.add(async move { parsed::<Done>(answer.await?).map(|_| ()) }).await
}

async fn send_large(
    channel: &Channel,
    piece: &Piece,
    fixed: bool,
    window: &mut Window,
    progress: &mut impl FnMut(u64, bool) -> Result<()>,
) -> Result<()> {
    let begin = json!({ "do": "part", "sha256": piece.sha256, "size": piece.size });
    let (Begun { mut at }, _) = parsed(channel.call(begin, &[]).await?)?;
    progress(at, false)?;
    let failed = |error: std::io::Error| Error::file("read", &piece.from, &error);
    let mut file = File::open(&piece.from).map_err(failed)?;
    file.seek(SeekFrom::Start(at)).map_err(failed)?;
    let file = Arc::new(std::sync::Mutex::new(file));
    while at < piece.size {
        let (source, from) = (Arc::clone(&file), piece.from.clone());
        let length = BLOCK.min(usize::try_from(piece.size - at).unwrap_or(BLOCK));
        let block = blocking("reading a file to send", move || {
            let mut block = vec![0; length];
            let mut file = source.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            file.read_exact(&mut block).map_err(|error| Error::file("read", &from, &error))?;
            Ok(block)
        })
        .await?;
        let answer = channel.ask(json!({ "do": "write", "sha256": piece.sha256, "at": at }), &block).await?;
        window.add(async move { parsed::<Done>(answer.await?).map(|_| ()) }).await?;
        at += length as u64;
        progress(length as u64, true)?;
    }
    window.drain().await?;
    let finish = json!({ "do": "finish", "path": piece.to, "sha256": piece.sha256, "fixed": fixed });
    let (Finished { as_promised }, _) = parsed(channel.call(finish, &[]).await?)?;
    // The hash was made before: a file that changed since then has another one.
    if as_promised { Ok(()) } else { Err(changed(piece)) }
}

fn changed(piece: &Piece) -> Error {
    Error::new(ErrorCode::File, format!("{} changed while it was sent.", piece.from.display()))
        .hint("Send it again once nothing writes to it.")
}
