//! Frames of a channel: a line of JSON, and the bytes whose number it gives as `n`.

use schema::{Error, ErrorCode};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _};

/// No line and no body is longer; a longer one is no frame.
const LONGEST: u64 = 64 << 20;

/// The head of a received frame.
#[derive(Debug, Deserialize)]
pub(crate) struct Head {
    /// The request that it answers.
    pub(crate) id: Option<u64>,
    /// The followed folder, by the request that began it.
    pub(crate) follow: Option<u64>,
    /// The clock there, in seconds since 1970: a sign of life.
    pub(crate) beat: Option<f64>,
    /// The length of the body.
    #[serde(default)]
    n: u64,
    /// Its other fields.
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

impl Head {
    /// Its other fields as a type.
    pub(crate) fn into<T: DeserializeOwned>(self) -> Result<T, serde_json::Error> {
        serde_json::from_value(Value::Object(self.rest))
    }
}

/// A frame to send.
pub(crate) fn frame(mut head: Value, body: &[u8]) -> Vec<u8> {
    head["n"] = body.len().into();
    let mut frame = head.to_string().into_bytes();
    frame.push(b'\n');
    frame.extend_from_slice(body);
    frame
}

/// The next frame; none at the end, also within a frame.
pub(crate) async fn receive(
    from: &mut (impl AsyncBufRead + Unpin),
) -> std::io::Result<Option<(Head, Vec<u8>)>> {
    let mut line = Vec::new();
    let mut limited = (&mut *from).take(LONGEST);
    limited.read_until(b'\n', &mut line).await?;
    if line.pop() != Some(b'\n') {
        return Ok(None);
    }
    let head: Head = serde_json::from_slice(&line)?;
    let mut body = vec![0; usize::try_from(head.n.min(LONGEST)).unwrap_or_default()];
    match from.read_exact(&mut body).await {
        Ok(_) => Ok(Some((head, body))),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// A refusal from there.
#[derive(Debug, Deserialize)]
pub(crate) struct Refusal {
    kind: String,
    text: String,
    path: Option<String>,
}

impl Refusal {
    /// The refusal in a sentence.
    pub(crate) fn of(self, host: &str) -> Error {
        let at = self.path.map(|path| format!(" at {path}")).unwrap_or_default();
        let text = self.text.trim_end_matches('.');
        match self.kind.as_str() {
            "full" => Error::new(ErrorCode::File, format!("{host} has no room{at}: {text}."))
                .hint("Free some space there, or choose another folder for the target."),
            "denied" => Error::new(ErrorCode::File, format!("{host} does not allow it{at}: {text}."))
                .hint("Change the permissions there, or choose another folder for the target."),
            "missing" => Error::new(ErrorCode::NotFound, format!("{host} has nothing{at}: {text}.")),
            "fault" => Error::internal("the target answered", &text),
            _ => Error::new(ErrorCode::File, format!("{host}: {text}{at}.")),
        }
    }
}
