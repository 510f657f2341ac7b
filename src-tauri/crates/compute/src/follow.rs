//! Files there that are followed.

use schema::{Error, Result};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::{
    channel::{Answer, Channel},
    connection::{Connection, parsed},
};

/// Follows files of a folder there. Dropping it ends that.
#[derive(Debug)]
pub struct Follower {
    channel: Channel,
    id: u64,
    /// Bounded by the other end, which sends no more than a window of bytes that were not processed.
    received: UnboundedReceiver<Answer>,
    /// The bytes of the last answer: they are processed when the next one is asked for.
    taken: usize,
}

/// What happened to followed files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Followed {
    /// Bytes were appended.
    Appended {
        /// The file's name in its folder.
        file: String,
        /// Where they begin in the file.
        at: u64,
        /// The bytes, not none.
        bytes: Vec<u8>,
    },
    /// The file is shorter than what was received, or was replaced by another one: it is followed again from offset 0.
    Anew {
        /// The file's name in its folder.
        file: String,
    },
}

#[derive(Deserialize)]
struct Part {
    file: String,
    #[serde(default)]
    at: u64,
    #[serde(default)]
    anew: bool,
}

impl Connection {
    /// Follows files of a folder there, each from a length that is here already. Files may appear later.
    pub async fn follow(&self, folder: &str, files: &[(&str, u64)]) -> Result<Follower> {
        let channel = self.channel().await?;
        let (id, received) =
            channel.follow(json!({ "do": "follow", "folder": folder, "files": files })).await?;
        Ok(Follower { channel, id, received, taken: 0 })
    }
}

impl Follower {
    /// What happens next. An error with the code `Unreachable` ends it: follow again from the lengths that are here.
    /// It may be dropped before its end, and loses nothing then.
    pub async fn next(&mut self) -> Result<Followed> {
        if self.taken > 0 {
            let taken = json!({ "do": "taken", "follow": self.id, "bytes": self.taken });
            self.channel.say(taken).await?;
            self.taken = 0;
        }
        let answer = self.received.recv().await.ok_or_else(|| self.channel.failed())?;
        let (part, bytes): (Part, _) = parsed(answer)?;
        if part.anew {
            return Ok(Followed::Anew { file: part.file });
        }
        if bytes.is_empty() {
            return Err(Error::internal("following a file of a target", &"no bytes"));
        }
        self.taken = bytes.len();
        Ok(Followed::Appended { file: part.file, at: part.at, bytes })
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.channel.forget(self.id);
        self.channel.say_or_drop(json!({ "do": "unfollow", "follow": self.id }));
    }
}
